"""Claims with quotes that carry them or do not, by rules: `python -m training.claims`.

A claim goes where a question goes in `training.news`, a quote where a sentence goes.
"""

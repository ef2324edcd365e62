"""Training groups in news language, made by rules from articles: `python -m training.news`.

A group is a question with the sentences that answer it (none for an unanswerable question) and
with sentences that tempt but do not answer. spaCy parses the articles; it is a tool of training
and no dependency of the product.
"""

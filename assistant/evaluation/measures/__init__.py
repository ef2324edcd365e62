"""The tables of figures, a module for each group of them; `metrics.py` puts them together."""

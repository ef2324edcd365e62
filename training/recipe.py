"""The recipe of the reader that is shipped."""

from __future__ import annotations

from training.fit import Recipe
from training.unanswerable import RULES

# First what answers look like: gold sentences against others, as they stand.
FIRST = Recipe(
    epochs=1.0,
    negatives=3,
    rate=1e-4,
    shares=(
        ("qamr", 0.5),  # many questions a sentence, most of them easy
        ("boolq_val", 0.25),  # whole passages, which are slow
        ("nq_oracle", 0.6),
        ("timeqa", 0.6),
        ("covidqa", 0.7),
    ),
    skip=(*RULES, "swap_both"),
)

# Then what only looks like one: every kind made by rules, and the language of news.
SECOND = Recipe(
    epochs=1.0,
    negatives=3,
    rate=7e-5,
    shares=(
        ("qamr", 0.25),
        ("squadtrain_nqg", 0.6),
        ("boolq_val", 0.15),
        ("nq_oracle", 0.2),
        ("timeqa", 0.4),
        ("covidqa", 0.3),
    ),
)

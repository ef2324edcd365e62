"""The recipe of the reader that is shipped."""

from __future__ import annotations

from dataclasses import dataclass

from training.unanswerable import RULES


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides how a run goes; written into its checkpoint and report.

    `shares` is how much of a set's groups one epoch takes, for sets that are large or easy;
    `skip` leaves kinds of made pairs out (ablations).
    """

    epochs: float = 2.0
    negatives: int = 4
    tokens: int = 6144
    rate: float = 8e-5
    head_rate: float = 5e-4
    warm_up: float = 0.06
    weight_decay: float = 0.01
    dropout: float = 0.1
    list_weight: float = 0.5
    support_weight: float = 1.0
    average: float = 0.998
    seed: int = 0
    shares: tuple[tuple[str, float], ...] = ()
    skip: tuple[str, ...] = ()


# First what answers look like: gold sentences against others, as they stand.
FIRST = Recipe(
    epochs=1.5,
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

# What is shipped is an average of both stages' weights: .4 x FIRST's + .6 x SECOND's, better than
# either on the development sets. After the second alone, refusing is better and choosing worse.
# Wortsman et al., 2022, "Robust fine-tuning of zero-shot models", https://arxiv.org/abs/2109.01903
SHARE_OF_SECOND = 0.6

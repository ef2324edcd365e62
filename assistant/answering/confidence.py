"""How sure it is that the evidence answers the question at all.

Logistic regressions over a few signs, one with the reader and one without, fitted on the
development questions of every set: each set, and in each the two classes, weighing the same.
`docs/reader.md` has the figures on folds held apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

_SHORT, _LONG = 8, 28  # terms: a long question is never close to one sentence


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer.

    `names` is the share of the question's names and numbers that the first passages hold,
    `cosine` the best of a sentence with the question, `terms` the question's length, and
    `reading` the reader's best logit; None where there is no reader.
    """

    names: float
    cosine: float
    terms: int
    reading: float | None = None


def length_of(terms: int) -> float:
    """A question's length from 0 (up to eight terms) to 1 (from 28).

    >>> length_of(5), length_of(18), length_of(40)
    (0.0, 0.5, 1.0)
    """
    return min(max((terms - _SHORT) / (_LONG - _SHORT), 0.0), 1.0)


def confidence(signs: Signs) -> float:
    """The probability, 0 to 1, that the evidence holds an answer.

    >>> sure = confidence(Signs(names=1.0, cosine=0.8, terms=6, reading=4.0))
    >>> sure > confidence(Signs(names=0.3, cosine=0.4, terms=6, reading=-3.0))
    True
    """
    long = length_of(signs.terms)
    if signs.reading is None:
        z = 3.68 * signs.names + 2.84 * signs.cosine + 1.39 * long - 5.12
    else:
        z = 3.0 * signs.names + 1.5 * signs.cosine + 1.4 * long + 0.5 * signs.reading - 4.0
    return 1 / (1 + math.exp(-z))

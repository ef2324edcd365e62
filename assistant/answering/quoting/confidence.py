"""How sure it is that the evidence answers the question at all.

Logistic regressions over a few signs, one with the reader and one without, fitted on the
development questions of every set: each set, and in each the two classes, weighing the same.
`python -m tests.benchmarks.confidence DATA` fits them anew; `docs/reader.md` has the figures, on
sets left out too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.retrieval import length_of


@dataclass(frozen=True, slots=True)
class Signs:
    """What speaks for an answer.

    `names` is the share of the question's names and numbers that the first passages hold,
    `cosine` the best of a sentence with the question, `terms` the question's length, and
    `reading` the reader's best logit, less what its sentence lacks (`relevance.py`); None where
    there is no reader. With a reader the cosine adds nothing and is left out.
    """

    names: float
    cosine: float
    terms: int
    reading: float | None = None


def confidence(signs: Signs) -> float:
    """The probability, 0 to 1, that the evidence holds an answer.

    >>> sure = confidence(Signs(names=1.0, cosine=0.8, terms=6, reading=4.0))
    >>> sure > confidence(Signs(names=0.3, cosine=0.4, terms=6, reading=-3.0))
    True
    """
    long = length_of(signs.terms)
    if signs.reading is None:
        z = 4.64 * signs.names + 1.95 * signs.cosine + 1.29 * long - 5.51
    else:
        z = 3.67 * signs.names + 1.83 * long + 0.43 * signs.reading - 3.18
    return 1 / (1 + math.exp(-z))

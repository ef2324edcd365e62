"""The paired bootstrap: questions are drawn with replacement, the same for both systems.

Percentile intervals, B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", Chapman
and Hall (1993), chapter 13; pairing by question as in P. Koehn, "Statistical significance tests for
machine translation evaluation", EMNLP 2004.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Counts = Sequence[tuple[float, float]]
"""For each question what it adds above and below the line of a ratio."""


def ratio(counts: Counts) -> float | None:
    """The sum of the numerators over the sum of the denominators; None over nothing.

    >>> ratio([(1, 2), (0, 2), (0, 0)]), ratio([(0, 0)])
    (0.25, None)
    """
    above, below = (sum(side) for side in zip(*counts, strict=True)) if counts else (0, 0)
    return above / below if below else None


def difference(
    ours: Counts, theirs: Counts, resamples: int, seed: int
) -> tuple[float, float] | None:
    """The 95 % interval of our ratio less theirs; None where one of them has nothing to count.

    Draws in which a system has nothing to count are left out.
    """
    if ratio(ours) is None or ratio(theirs) is None:
        return None
    values = np.array([ours, theirs], dtype=np.float64)  # (2, questions, 2)
    chance = np.random.default_rng(seed)
    questions = values.shape[1]
    drawn = chance.multinomial(questions, np.full(questions, 1 / questions), size=resamples)
    sums = np.einsum("rq,sqc->src", drawn, values)  # (2, resamples, 2)
    full = (sums[:, :, 1] > 0).all(axis=0)
    shares = sums[:, full, 0] / sums[:, full, 1]
    low, high = np.percentile(shares[0] - shares[1], [2.5, 97.5])
    return float(low), float(high)

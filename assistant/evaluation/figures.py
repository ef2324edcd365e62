"""Shares, means, areas and percentiles, with their intervals. Pure arithmetic."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value.

    `n` is how many values went in; `value` is None where that is 0. `k` is how many of them
    were true, where the figure is a share. `low` and `high` bound the 95 % interval, where it
    has one.
    """

    value: float | None
    n: int
    k: int | None = None
    low: float | None = None
    high: float | None = None

    def to_dict(self) -> dict[str, float | int | None]:
        """The figure as JSON-ready values."""
        return {"value": self.value, "n": self.n, "k": self.k, "low": self.low, "high": self.high}


def wilson(successes: float, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share of `successes` in `n`.

    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), from E. B. Wilson, "Probable inference,
    the law of succession, and statistical inference", JASA 22 (1927) 209-212. It holds for small
    sets and for shares at 0 and 1, where the textbook interval shrinks to a point.

    Raises:
        ValueError: `n` is not positive, or `successes` is not in 0..n.

    >>> [round(bound, 3) for bound in wilson(8, 12)]
    [0.391, 0.862]
    >>> [round(bound, 3) for bound in wilson(9, 9)]
    [0.701, 1.0]
    """
    if n <= 0 or not 0 <= successes <= n:
        raise ValueError(f"no share: {successes} of {n}")
    p = successes / n
    middle = p + Z_95**2 / (2 * n)
    reach = Z_95 * math.sqrt(p * (1 - p) / n + Z_95**2 / (4 * n**2))
    scale = 1 + Z_95**2 / n
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def share(values: Sequence[bool]) -> Figure:
    """The share of the values that are true, with its Wilson interval.

    >>> share([True, False, True, True]).to_dict()["value"]
    0.75
    >>> share([])
    Figure(value=None, n=0, k=None, low=None, high=None)
    """
    n = len(values)
    if not n:
        return Figure(None, 0)
    k = sum(values)
    low, high = wilson(k, n)
    return Figure(k / n, n, k, low, high)


def unit_mean(values: Sequence[float]) -> Figure:
    """The mean of values in 0..1, with the Wilson interval of a share of that size.

    Values in 0..1 vary at most as much as a share with their mean: the variance is at most
    p(1−p) (R. Bhatia and C. Davis, "A better bound on the variance", American Mathematical
    Monthly 107 (2000) 353-357). So the interval is wider than need be, never narrower.

    >>> figure = unit_mean([1.0, 0.5, 0.0])
    >>> figure.value, figure.k, round(figure.low, 2), round(figure.high, 2)
    (0.5, None, 0.13, 0.87)
    """
    n = len(values)
    if not n:
        return Figure(None, 0)
    total = math.fsum(values)
    low, high = wilson(min(total, n), n)
    return Figure(total / n, n, None, low, high)


def mean(values: Sequence[float]) -> Figure:
    """The mean of counts, without an interval.

    >>> mean([1, 2]).value
    1.5
    """
    return Figure(math.fsum(values) / len(values), len(values)) if values else Figure(None, 0)


def auc(positive: Sequence[float], negative: Sequence[float]) -> Figure:
    """The area under the ROC curve: how often a positive scores above a negative.

    The Mann-Whitney statistic over all pairs, ties counted half (J. A. Hanley and B. J. McNeil,
    "The meaning and use of the area under a receiver operating characteristic (ROC) curve",
    Radiology 143 (1982) 29-36). 0.5 is chance. `n` counts the cases of both kinds; with none of
    one kind there is no area.

    >>> auc([0.9, 0.4], [0.4, 0.1]).value
    0.875
    >>> auc([0.9], []).value is None
    True
    """
    n = len(positive) + len(negative)
    if not positive or not negative:
        return Figure(None, 0)
    wins = math.fsum(
        1.0 if high > low else 0.5 if high == low else 0.0 for high in positive for low in negative
    )
    return Figure(wins / (len(positive) * len(negative)), n)


def percentile(values: Sequence[float], q: float) -> float:
    """The q-th percentile (q in 0..100), interpolated between the two nearest values.

    Definition 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The
    American Statistician 50 (1996) 361-365; numpy's default too.

    Raises:
        ValueError: there are no values, or `q` is not in 0..100.

    >>> percentile([10, 20, 30, 40], 50), percentile([10, 20, 30, 40], 95), percentile([7], 95)
    (25.0, 38.5, 7.0)
    """
    if not values or not 0 <= q <= 100:
        raise ValueError(f"no percentile {q} of {len(values)} values")
    ordered = sorted(values)
    position = (len(ordered) - 1) * q / 100
    below = math.floor(position)
    above = math.ceil(position)
    return ordered[below] + (ordered[above] - ordered[below]) * float(position - below)

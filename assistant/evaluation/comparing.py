"""Two runs over the same questions: which figures differ, how surely, and which questions flipped.

The intervals are percentile intervals of the paired bootstrap (B. Efron and R. J. Tibshirani, An
Introduction to the Bootstrap, 1993, ch. 13; P. Koehn, "Statistical significance tests for machine
translation evaluation", EMNLP 2004): questions are drawn with replacement, each with what both
runs made of it, and the difference of the two figures is taken of each draw.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.cases import case_dict
from assistant.evaluation.figures import Figure
from assistant.evaluation.metrics import (
    LOWER_IS_BETTER,
    METRICS,
    NEITHER_IS_BETTER,
    Metric,
    figure_of,
)
from assistant.evaluation.risk import SEED
from assistant.evaluation.run import CaseResult
from assistant.evaluation.tracing import reasons

DRAWS = 10_000
WHOLE_DRAWS = 500
"""Draws for figures that are no mean over cases: each is worked out anew for every draw."""

_MOST = 50_000_000
"""Numbers drawn, which bounds the memory; of more than 5,000 cases there are fewer draws."""

Way = Literal["gained", "lost", "otherwise"]
Pair = tuple[CaseResult, CaseResult]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of two runs. `value` is after less before, `low` and `high` its 95 % interval.

    None where a run has no such figure, or, for the interval, where a draw had none or where
    draws would mislead (the calibration error).
    """

    name: str
    before: Figure
    after: Figure
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def sure(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.low is not None and self.high is not None and (self.low > 0 or self.high < 0)

    @property
    def better(self) -> bool | None:
        """Whether the later run does better; None where the two are equal or one has none, and
        of sizes, which are neither.
        """
        if not self.value or self.name in NEITHER_IS_BETTER:
            return None
        return (self.value < 0) if self.name in LOWER_IS_BETTER else (self.value > 0)


@dataclass(frozen=True, slots=True)
class Flip:
    """A question that ended in another way: gained, lost, or wrong in another way. `why`: what
    differs in its traces, the earliest step first.
    """

    before: CaseResult
    after: CaseResult
    way: Way
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two runs, over the cases that both asked.

    `apart`: ids that only one of them has, or that are not the same case in both.
    """

    cases: int
    apart: tuple[str, ...]
    differences: tuple[Difference, ...]
    by_type: dict[str, tuple[Difference, ...]]
    flips: tuple[Flip, ...]

    def of(self, name: str) -> Difference:
        """The difference of one figure."""
        return next(each for each in self.differences if each.name == name)


def compare(before: Sequence[CaseResult], after: Sequence[CaseResult]) -> Comparison:
    """Compare two runs; the cases are paired by their ids. Equal for equal input."""
    first = {result.case.id: result for result in before}
    second = {result.case.id: result for result in after}
    pairs = [
        (first[key], second[key])
        for key in first
        if key in second and case_dict(first[key].case) == case_dict(second[key].case)
    ]
    paired = {one.case.id for one, _ in pairs}
    apart = [key for key in dict.fromkeys([*first, *second]) if key not in paired]
    types = sorted({one.case.type for one, _ in pairs})
    return Comparison(
        cases=len(pairs),
        apart=tuple(apart),
        differences=differences(pairs),
        by_type={
            kind: differences([pair for pair in pairs if pair[0].case.type == kind])
            for kind in types
        }
        if len(types) > 1
        else {},
        flips=tuple(_flips(pairs)),
    )


def differences(
    pairs: Sequence[Pair], metrics: Sequence[Metric] = METRICS
) -> tuple[Difference, ...]:
    """Figures of two runs over the same cases, with the intervals of their differences."""
    if not pairs:
        return ()
    times = _draws(len(pairs))
    return tuple(_difference(metric, pairs, times) for metric in metrics)


def _difference(metric: Metric, pairs: Sequence[Pair], times: Floats) -> Difference:
    before, after = (
        figure_of(metric, [(pair[side].case, pair[side].checks) for pair in pairs])
        for side in (0, 1)
    )
    if before.value is None or after.value is None:
        return Difference(metric.name, before, after)
    value = after.value - before.value
    drawn = _whole(metric, pairs) if metric.over else _means(metric, pairs, times)
    low = high = None
    if drawn is not None:
        low, high = (float(edge) for edge in np.percentile(drawn, (2.5, 97.5)))
    return Difference(metric.name, before, after, value, low, high)


def _means(metric: Metric, pairs: Sequence[Pair], times: Floats) -> Floats | None:
    """The differences of two means, drawn. A case may give one value, several, or none."""
    given = [[list(metric.of(r.case, r.checks)) for r in pair] for pair in pairs]
    sums = np.array([[sum(values) for values in pair] for pair in given], dtype=np.float64)
    counts = np.array([[len(values) for values in pair] for pair in given], dtype=np.float64)
    total, of = times @ sums, times @ counts
    if not of.all():
        return None  # a draw in which no case counts: there are too few that do
    means: Floats = total / of
    return means[:, 1] - means[:, 0]


def _whole(metric: Metric, pairs: Sequence[Pair]) -> Floats | None:
    if metric.drawn is None:
        return None
    generator = np.random.default_rng(SEED)
    drawn = []
    for _ in range(WHOLE_DRAWS):
        places = generator.integers(len(pairs), size=len(pairs))
        one, two = (
            metric.drawn([(pairs[p][side].case, pairs[p][side].checks) for p in places]).value
            for side in (0, 1)
        )
        if one is None or two is None:
            return None
        drawn.append(two - one)
    return np.array(drawn)


def _draws(cases: int) -> Floats:
    """How often each case is in each draw: shape (draws, cases)."""
    draws = min(DRAWS, _MOST // max(cases, 1))
    equal = np.full(cases, 1 / max(cases, 1))
    return np.random.default_rng(SEED).multinomial(cases, equal, size=draws).astype(np.float64)


def _flips(pairs: Sequence[Pair]) -> Iterable[Flip]:
    """What ended otherwise: lost ones first, then gained ones, then the rest."""
    found = [
        Flip(one, two, _way(one, two), tuple(reasons(one, two)))
        for one, two in pairs
        if one.checks.verdict != two.checks.verdict
    ]
    order: tuple[Way, ...] = ("lost", "gained", "otherwise")
    return sorted(found, key=lambda flip: order.index(flip.way))


def _way(one: CaseResult, two: CaseResult) -> Way:
    if one.checks.verdict == "right":
        return "lost"
    return "gained" if two.checks.verdict == "right" else "otherwise"

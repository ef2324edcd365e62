"""Risk against coverage: how often answers are not right when only the surest are given.

Coverage is the share of the cases that are answered, risk the share of the answered that are not
right (R. El-Yaniv and Y. Wiener, "On the foundations of noise-free selective classification",
JMLR 11 (2010) 1605-1641). Cases are answered from the highest confidence down; an answer to a
case that has none is not right. Where the line abstained on a case that has an answer, what it
would have said is not known: such a withheld answer counts as not right, so that no risk here is
told too low. At a threshold of 0 nothing is withheld.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.checks import Checks
from assistant.evaluation.figures import Figure, wilson
from assistant.types import EvalCase

Floats = NDArray[np.float64]

_BATCH, _BATCHES = 100, 10
SEED = 0


@dataclass(frozen=True, slots=True)
class Choice:
    """One case: the confidence (0..1), and whether answering is right; None where withheld."""

    confidence: float
    right: bool | None


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering every case of at least this confidence.

    So many cases of `cases` are `answered`; of these so many are `wrong` and so many `withheld`.
    """

    confidence: float
    cases: int
    answered: int
    wrong: int
    withheld: int

    @property
    def coverage(self) -> float:
        """The share of the cases that are answered."""
        return self.answered / self.cases

    @property
    def risk(self) -> float:
        """The share of the answered that are not right, withheld ones among them."""
        return (self.wrong + self.withheld) / self.answered

    @property
    def least_risk(self) -> float:
        """The risk if every withheld answer were right."""
        return self.wrong / self.answered

    @property
    def interval(self) -> tuple[float, float]:
        """From the lower Wilson bound of `least_risk` to the upper one of `risk`, 95 %."""
        low, _ = wilson(self.wrong, self.answered)
        _, high = wilson(self.wrong + self.withheld, self.answered)
        return low, high

    def to_dict(self) -> dict[str, float | int]:
        """The point as JSON-ready values."""
        low, high = self.interval
        return {
            "confidence": self.confidence,
            "answered": self.answered,
            "coverage": self.coverage,
            "risk": self.risk,
            "least_risk": self.least_risk,
            "low": low,
            "high": high,
        }


def choices(judged: Iterable[tuple[EvalCase, Checks]]) -> list[Choice]:
    """The cases that can be judged, but for those that failed, which have no confidence."""
    return [
        Choice(checks.confidence, _right(case, checks))
        for case, checks in judged
        if checks.confidence is not None and checks.right is not None
    ]


def _right(case: EvalCase, checks: Checks) -> bool | None:
    if not case.answerable:
        return False
    return None if checks.abstained else checks.right


def risk_curve(choices: Sequence[Choice]) -> list[RiskPoint]:
    """One point for each confidence, falling: cases of one confidence are answered together.

    >>> points = risk_curve([Choice(0.9, True), Choice(0.5, False), Choice(0.5, True)])
    >>> [(point.answered, round(point.risk, 2)) for point in points]
    [(1, 0.0), (3, 0.33)]
    """
    points = []
    answered = wrong = withheld = 0
    for confidence, equals in groupby(_falling(choices), key=lambda choice: choice.confidence):
        group = list(equals)
        answered += len(group)
        wrong += sum(choice.right is False for choice in group)
        withheld += sum(choice.right is None for choice in group)
        points.append(RiskPoint(confidence, len(choices), answered, wrong, withheld))
    return points


def aurc(choices: Sequence[Choice], *, interval: bool = True) -> Figure:
    """The area under the risk-coverage curve; the lower, the better.

    The mean over the cases of the risk at each one's confidence (Y. Geifman, G. Uziel and
    R. El-Yaniv, "Bias-reduced uncertainty estimation for deep neural classifiers", ICLR 2019,
    arXiv 1805.08206). Where answers were withheld it is the most that the area can be.

    The interval is the percentile bootstrap's over the cases (B. Efron and R. J. Tibshirani, "An
    Introduction to the Bootstrap", 1993, chapter 13), from a fixed seed. Cases that are all right
    or all wrong have none: no resample of them differs.

    >>> figure = aurc([Choice(0.9, True), Choice(0.8, False), Choice(0.7, True)])
    >>> round(figure.value, 4) == round((0 + 1 / 2 + 1 / 3) / 3, 4)
    True
    """
    n = len(choices)
    if not n:
        return Figure(None, 0)
    ordered = _falling(choices)
    ends = _ends(ordered)
    losses = np.array([[choice.right is not True for choice in ordered]], dtype=np.float64)
    value = float(_areas(np.ones((1, n)), losses, ends)[0])
    if not interval or losses.min() == losses.max():
        return Figure(value, n)
    chance = np.random.default_rng(SEED)
    drawn = [
        _areas(chance.multinomial(n, np.full(n, 1 / n), size=_BATCH), losses, ends)
        for _ in range(_BATCHES)
    ]
    low, high = np.percentile(np.concatenate(drawn), (2.5, 97.5))
    return Figure(value, n, None, float(low), float(high))


def excess_aurc(choices: Sequence[Choice]) -> Figure:
    """What the area has above the least that as many errors can give; 0: the order is perfect.

    E-AURC of Geifman, Uziel and El-Yaniv (see `aurc`), with the least area of that number of
    cases itself, not its limit r + (1−r)·ln(1−r). Withheld answers may be right or not: the
    figure is the largest excess of any such outcome.

    >>> excess_aurc([Choice(0.9, True), Choice(0.8, True), Choice(0.7, False)]).value
    0.0
    """
    n = len(choices)
    if not n:
        return Figure(None, 0)
    ordered = _falling(choices)
    withheld = [place for place, choice in enumerate(ordered) if choice.right is None]
    known = sum(choice.right is False for choice in ordered)
    # A row for each number of wrong ones among the withheld. Of all outcomes with that number,
    # the area is largest where the surest are wrong.
    outcomes = len(withheld) + 1
    losses = np.tile([float(choice.right is False) for choice in ordered], (outcomes, 1))
    losses[:, withheld] = np.tri(outcomes, len(withheld), -1)
    areas = _areas(np.ones((1, n)), losses, _ends(ordered))
    excess = max(float(area) - least_area(n, known + wrong) for wrong, area in enumerate(areas))
    return Figure(max(0.0, excess), n)


def least_area(n: int, errors: int) -> float:
    """The area of `n` cases with the errors last: (1/n)·Σ i/(n−e+i) for i = 1..e.

    >>> least_area(4, 1), least_area(4, 0), least_area(4, 4)
    (0.0625, 0.0, 1.0)
    """
    return math.fsum(i / (n - errors + i) for i in range(1, errors + 1)) / n


def _falling(choices: Sequence[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda choice: -choice.confidence)


def _ends(ordered: Sequence[Choice]) -> NDArray[np.intp]:
    """The place of the last case of each confidence."""
    confidences = np.array([choice.confidence for choice in ordered])
    return np.append(np.flatnonzero(np.diff(confidences)), len(ordered) - 1)


def _areas(counts: Floats | NDArray[np.int64], losses: Floats, ends: NDArray[np.intp]) -> Floats:
    """(rows,): the area where each case, in falling order, stands `counts` times.

    `counts` and `losses` are (rows, cases) or (1, cases), and stretch to each other.
    """
    answered = np.cumsum(counts, axis=1)[:, ends].astype(np.float64)
    wrong = np.cumsum(counts * losses, axis=1)[:, ends]
    sizes = np.diff(answered, axis=1, prepend=0.0)
    risks = wrong / np.maximum(answered, 1)
    areas: Floats = (sizes * risks).sum(axis=1) / losses.shape[1]
    return areas

"""Whether a confidence means what it says: at .7, seven in ten should be answerable.

The confidence of an answer forecasts that the library holds one; a case's `answerable` says
whether it does. Whether the words that were then shown are the right ones is `risk`'s matter.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from assistant.evaluation.checks import Checks
from assistant.evaluation.figures import Figure, wilson
from assistant.types import EvalCase

Forecast = tuple[float, bool]
"""A confidence (0..1), and whether the case is answerable."""

_PER_BIN, _MOST_BINS = 10, 10
_DRAWS = 1000
_SEED = 0


@dataclass(frozen=True, slots=True)
class Bin:
    """`cases` of like confidence: their mean confidence, and how many are `answerable`."""

    confidence: float
    cases: int
    answerable: int

    @property
    def share(self) -> float:
        """The share that is answerable."""
        return self.answerable / self.cases

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % Wilson interval of that share."""
        return wilson(self.answerable, self.cases)

    def to_dict(self) -> dict[str, float | int]:
        """The bin as JSON-ready values."""
        low, high = self.interval
        return {
            "confidence": self.confidence,
            "cases": self.cases,
            "answerable": self.answerable,
            "share": self.share,
            "low": low,
            "high": high,
        }


def forecasts(judged: Iterable[tuple[EvalCase, Checks]]) -> list[Forecast]:
    """The cases that came back."""
    return [(c.confidence, case.answerable) for case, c in judged if c.confidence is not None]


def brier(confidence: float, answerable: bool) -> float:
    """The squared error of one confidence.

    G. W. Brier, "Verification of forecasts expressed in terms of probability", Monthly Weather
    Review 78 (1950) 1-3, in the form for two outcomes, half of the original's sum over both.

    >>> brier(0.5, True), brier(1.0, False)
    (0.25, 1.0)
    """
    return (confidence - answerable) ** 2


def reliability(forecasts: Sequence[Forecast]) -> list[Bin]:
    """The points of a reliability diagram, in bins of about equally many cases.

    M. H. DeGroot and S. E. Fienberg, "The comparison and evaluation of forecasters", The
    Statistician 32 (1983) 12-22. Equal numbers instead of equal widths: K. Nguyen and
    B. O'Connor, "Posterior calibration and exploratory analysis for natural language processing
    models", EMNLP 2015. Ten cases a bin and ten bins at most, two at least; bins part at the
    quantiles of the confidences, so that cases of one confidence stay together.

    >>> bins = reliability([(0.1, False), (0.2, False), (0.8, True), (0.9, False)])
    >>> [(round(bin.confidence, 2), bin.share) for bin in bins]
    [(0.15, 0.0), (0.85, 0.5)]
    """
    if not forecasts:
        return []
    ordered = sorted(forecasts)
    places = groupby(zip(_places([c for c, _ in ordered]), ordered, strict=True), lambda p: p[0])
    bins = []
    for _, members in places:
        group = [forecast for _, forecast in members]
        middle = math.fsum(confidence for confidence, _ in group) / len(group)
        bins.append(Bin(middle, len(group), sum(answerable for _, answerable in group)))
    return bins


def ece(forecasts: Sequence[Forecast]) -> Figure:
    """The expected calibration error: the mean gap of `reliability`'s bins, by their size.

    M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using
    Bayesian binning", AAAI 2015. It has no interval: a resample's error tends to be larger, so
    the bootstrap's would mislead. What chance alone gives is `ece_by_chance`.

    >>> round(ece([(0.1, False), (0.2, False), (0.8, True), (0.9, False)]).value, 2)
    0.25
    """
    n = len(forecasts)
    if not n:
        return Figure(None, 0)
    gaps = (abs(bin.confidence - bin.share) * bin.cases for bin in reliability(forecasts))
    return Figure(math.fsum(gaps) / n, n)


def ece_by_chance(forecasts: Sequence[Forecast]) -> float | None:
    """The error that confidences such as these stay under 95 times in 100, were they all true.

    Outcomes are drawn as the confidences have it (consistency resampling: J. Bröcker and
    L. A. Smith, "Increasing the reliability of reliability diagrams", Weather and Forecasting 22
    (2007) 651-661), from a fixed seed. An error below this is no sign against the confidence.
    """
    if not forecasts:
        return None
    sure = np.array(sorted(confidence for confidence, _ in forecasts))
    places = _places(list(sure))
    starts = [i for i, place in enumerate(places) if i == 0 or place != places[i - 1]]
    outcomes = np.random.default_rng(_SEED).random((_DRAWS, len(sure))) < sure
    gaps = np.add.reduceat(outcomes - sure, starts, axis=1)
    return float(np.percentile(np.abs(gaps).sum(axis=1) / len(sure), 95))


def _places(rising: Sequence[float]) -> list[int]:
    """For each of the rising confidences, the number of its bin."""
    count = min(_MOST_BINS, max(2, len(rising) // _PER_BIN))
    inner = np.linspace(0, 1, count + 1)[1:-1]
    places: list[int] = np.searchsorted(np.quantile(rising, inner), rising).tolist()
    return places

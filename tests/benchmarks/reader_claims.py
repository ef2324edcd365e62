"""Claims and their sources: are the supported ones told from the others, and better than by words?

The threshold is chosen by cross-validation on the claims, one for both origins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.reader_measures import (
    NOTHING,
    RESAMPLES,
    Case,
    Floats,
    Measured,
    Score,
    area,
    drawn,
    scored,
)

FOLDS, REPEATS = 5, 10
SIZES = (1, 2, 3)
PLAIN = ("overlap", "overlap_sentence", "overlap_source", "cosine")


def support_scores(
    cases: Sequence[Case], score: Score, per_size: int = 0, sizes: Sequence[int] = SIZES
) -> Floats:
    """The score of each claim's best window of `sizes` consecutive sentences.

    `per_size`: of each size, only the windows that share most words with the claim; 0: all.
    """
    best: list[float] = []
    for case in cases:
        quotes = [
            (case["windows"][i], "")
            for size in sizes
            for i in sorted(
                (i for i, found in enumerate(case["sizes"]) if found == size),
                key=lambda i: -case["overlap"][i],
            )[: per_size or None]
        ]
        best.append(float(max(scored(score, case["claim"], quotes), default=NOTHING)))
    return np.array(best)


def plain_support(cases: Sequence[Case], kind: str) -> Floats:
    """A plain score of each claim, one of `PLAIN`.

    overlap: the share of the claim's terms in the best window of up to three sentences,
    overlap_sentence in the best sentence, overlap_source in the whole source; cosine: MiniLM's
    of the best window.
    """
    if kind == "overlap_source":
        return np.array([case[kind] for case in cases], dtype=np.float64)
    if kind == "overlap_sentence":
        single = [
            [o for o, size in zip(c["overlap"], c["sizes"], strict=True) if size == 1]
            for c in cases
        ]
        return np.array([max(values, default=0.0) for values in single])
    return np.array([max(case[kind], default=0.0) for case in cases])


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Verdicts on n claims, each by thresholds chosen without it.

    `right` is the share of the splits in which the verdict on a claim is right.
    """

    supported: NDArray[np.bool_]
    origins: NDArray[np.str_]
    right: Floats

    def strata(self, origin: str = "") -> list[NDArray[np.int_]]:
        """The claims of an origin ("" for all): by origin and class, the smallest groups."""
        return _strata(self.supported, self.origins, origin)

    def balanced_accuracy(self, origin: str = "") -> float:
        """The mean of the shares of right verdicts, among supported and among unsupported."""
        inside = (self.origins == origin) | (origin == "")
        classes = [self.right[inside & (self.supported == value)] for value in (False, True)]
        return float(np.mean([found.mean() if len(found) else np.nan for found in classes]))

    def resampled(self, origin: str = "") -> Floats:
        """Its balanced accuracy over claims drawn anew: (RESAMPLES,), the same draws for all."""
        total = np.zeros(RESAMPLES)
        for value in (False, True):
            parts = [rows for rows in self.strata(origin) if self.supported[rows[0]] == value]
            size = sum(len(rows) for rows in parts)
            for rows in parts:
                seed = int(rows[0])
                total += drawn(len(rows), seed) @ self.right[rows] * (len(rows) / size / 2)
        return total


def judge(cases: Sequence[Case], scores: Floats) -> Verdicts:
    """Judge each claim by the threshold that is best for the other folds.

    Five folds with the classes of each origin spread evenly; ten such splits, seeds fixed.
    """
    truth = np.array([case["supported"] for case in cases], dtype=bool)
    origins = np.array([case["origin"] for case in cases], dtype=np.str_)
    said = np.zeros((REPEATS, len(cases)), dtype=bool)
    for repeat in range(REPEATS):
        folds = _folds(truth, origins, repeat)
        for fold in range(FOLDS):
            inside = folds == fold
            said[repeat, inside] = scores[inside] >= threshold(scores[~inside], truth[~inside])
    return Verdicts(truth, origins, (said == truth).mean(axis=0))


def _strata(
    truth: NDArray[np.bool_], origins: NDArray[np.str_], only: str = ""
) -> list[NDArray[np.int_]]:
    found = [
        np.flatnonzero((origins == origin) & (truth == value))
        for origin in np.unique(origins)
        if not only or origin == only
        for value in (False, True)
    ]
    return [rows for rows in found if len(rows)]


def _folds(truth: NDArray[np.bool_], origins: NDArray[np.str_], seed: int) -> NDArray[np.int_]:
    random = np.random.default_rng(seed)
    folds = np.zeros(len(truth), dtype=np.int_)
    for rows in _strata(truth, origins):
        folds[random.permutation(rows)] = np.arange(len(rows)) % FOLDS
    return folds


def threshold(scores: Floats, truth: NDArray[np.bool_]) -> float:
    """The limit from which on to call a claim supported, best for these claims.

    >>> threshold(np.array([1.0, 2.0, 3.0]), np.array([False, True, True]))
    1.5
    """
    values = np.unique(scores)
    limits = np.concatenate([values[:1] - 1, (values[1:] + values[:-1]) / 2, values[-1:] + 1])
    above = scores[None, :] >= limits[:, None]
    right = _share(above, truth) + _share(~above, ~truth)
    return float(limits[int(np.argmax(right))])


def _share(said: NDArray[np.bool_], rows: NDArray[np.bool_]) -> Floats:
    if not rows.any():
        return np.zeros(len(said))
    found: Floats = said[:, rows].mean(axis=1)
    return found


def claim_figures(cases: Sequence[Case], scores: Floats) -> dict[str, Measured]:
    """Balanced accuracy and area, over all claims and by origin."""
    judged = judge(cases, scores)
    figures: dict[str, Measured] = {}
    for origin in ("", *sorted(set(judged.origins.tolist()))):
        inside = (judged.origins == origin) if origin else np.ones(len(cases), dtype=bool)
        name = f"support_{origin}_" if origin else "support_"
        low, high = np.percentile(judged.resampled(origin), [2.5, 97.5])
        yes, no = scores[inside & judged.supported], scores[inside & ~judged.supported]
        figures[f"{name}ba"] = Measured(
            judged.balanced_accuracy(origin), float(low), float(high), f"{len(yes)} + {len(no)}"
        )
        figures[f"{name}auc"] = area(yes, no)
    return figures


@dataclass(frozen=True, slots=True)
class Difference:
    """How far one balanced accuracy is above another, over the same resampled claims."""

    value: float
    low: float
    high: float
    p: float  # two-sided


def difference(one: Verdicts, other: Verdicts, origin: str = "") -> Difference:
    """One's balanced accuracy less the other's, with its interval by paired bootstrap."""
    values = one.resampled(origin) - other.resampled(origin)
    low, high = np.percentile(values, [2.5, 97.5])
    tail = min(float((values <= 0).mean()), float((values >= 0).mean()))
    value = one.balanced_accuracy(origin) - other.balanced_accuracy(origin)
    return Difference(value, float(low), float(high), min(1.0, 2 * tail))

"""From scores to figures: which sentence comes first, what tells answerable from not, and so on.

Everything here is arithmetic over candidates (`reader_candidates`) and a scoring function.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Case = dict[str, Any]
Floats = NDArray[np.float64]
Pair = tuple[str, str]
Score = Callable[[str, Sequence[Pair]], Any]
"""(question, [(sentence, context), ...]) -> one number for each pair, higher is better."""

# In SQuAD and the seed a sentence is right when it is the one that the gold quote stands in, as
# in the trial; elsewhere when it says one accepted spelling of some part of the answer. Both are
# reported for every set that has gold quotes.
_BY_QUOTE = {"squad", "squad_own", "seed"}
RRF_K = 60
FOLDS, REPEATS = 5, 10
RESAMPLES = 2000

CONTEXTS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "none": lambda s: "",
    "previous": lambda s: s["previous"],
    "title": lambda s: s["title"],
    "title, date": lambda s: _joined(s["title"], s["date"]),
    "both": lambda s: _joined(s["title"], s["previous"]),
    "title, date, previous": lambda s: _joined(s["title"], s["date"], s["previous"]),
}
"""What stands beside a sentence; "both" is what the product gives its reader."""


def _joined(*parts: str) -> str:
    return ". ".join(part for part in parts if part)


def pairs_of(sentences: Sequence[Mapping[str, str]], contexts: str = "both") -> list[Pair]:
    """The sentences as a scoring function takes them."""
    return [(s["text"], CONTEXTS[contexts](s)) for s in sentences]


def scored(score: Score, question: str, pairs: Sequence[Pair]) -> Floats:
    """The scores as an array.

    Raises:
        ValueError: there is not one finite score for each pair.
    """
    if not pairs:
        return np.zeros(0)
    found = np.asarray(score(question, pairs), dtype=np.float64).reshape(-1)
    if len(found) != len(pairs) or not np.isfinite(found).all():
        raise ValueError(f"{len(found)} scores, not all finite, for {len(pairs)} pairs")
    return found


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for one question. `first` and `three` are None where nothing is right.

    `said` and `said_three` count the answer's words instead of the gold quote; `every` says
    whether the first three together say every part.
    """

    answerable: bool
    reached: bool
    best: float
    gap: float
    first: float = 0.0
    three: float = 0.0
    said: float = 0.0
    said_three: float = 0.0
    every: float = 0.0


def choose(case: Case, scores: Floats, by_quote: bool) -> Choice:
    """What the scores make of one question; ties go to the earlier sentence."""
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    best = float(scores[order[0]]) if order else -1e9
    gap = best - float(scores[order[min(5, len(order) - 1)]]) if order else 0.0
    if not case["answerable"] or not order:
        return Choice(case["answerable"], case["reached"], best, gap)
    parts = [case["parts"][i] for i in order[:3]]
    said = [any(p) for p in parts]
    right = [bool(case["gold"][i]) for i in order[:3]] if by_quote else said
    return Choice(
        True,
        case["reached"],
        best,
        gap,
        float(right[0]),
        float(any(right)),
        float(said[0]),
        float(any(said)),
        float(all(any(column) for column in zip(*parts, strict=True))),
    )


def answer_choices(
    cases: Sequence[Case], name: str, score: Score, contexts: str = "both"
) -> list[Choice]:
    """Score every question of a set with a scoring function."""
    return [
        choose(
            case,
            scored(score, case["question"], pairs_of(case["sentences"], contexts)),
            name in _BY_QUOTE,
        )
        for case in cases
    ]


def plain_choices(cases: Sequence[Case], name: str, kind: str) -> list[Choice]:
    """The same by a plain score: bm25, cosine, or sum (coverage and cosine)."""
    return [choose(case, plain_scores(case, kind), name in _BY_QUOTE) for case in cases]


def plain_scores(case: Case, kind: str) -> Floats:
    if kind == "sum":
        return np.array(case["coverage"]) + np.array(case["cosine"])
    return np.array(case[kind], dtype=np.float64)


def auc(positive: Sequence[float] | Floats, negative: Sequence[float] | Floats) -> float:
    """The area under the ROC curve: how often a positive is above a negative, ties half.

    >>> auc([2.0, 3.0], [1.0, 2.0])
    0.875
    """
    a, b = np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)
    if not len(a) or not len(b):
        return float("nan")
    return float((a[:, None] > b).mean() + 0.5 * (a[:, None] == b).mean())


Rows = Sequence[Choice]
Measure = Callable[[Rows], float]


def _mean(pick: Callable[[Choice], float]) -> Measure:
    def measure(rows: Rows) -> float:
        values = [pick(row) for row in rows if row.answerable]
        return float(np.mean(values)) if values else float("nan")

    return measure


def _area(pick: Callable[[Choice], float]) -> Measure:
    return lambda rows: auc(
        [pick(row) for row in rows if row.answerable],
        [pick(row) for row in rows if not row.answerable],
    )


_FIRST, _THREE = _mean(lambda r: r.first), _mean(lambda r: r.three)
_SAID, _SAID_THREE = _mean(lambda r: r.said), _mean(lambda r: r.said_three)
_AUC, _GAP = _area(lambda r: r.best), _area(lambda r: r.gap)


def answer_measures(name: str, rows: Rows) -> dict[str, tuple[Measure, Rows]]:
    """The figures of a set, each with the rows that it is taken over."""
    if name == "squad":
        reached = [r for r in rows if r.reached or not r.answerable]
        return {
            "squad_first": (_FIRST, reached),
            "squad_first3": (_THREE, reached),
            "squad_auc": (_AUC, reached),
            "squad90_first": (_FIRST, rows),
            "squad90_said": (_SAID, rows),
            "squad90_said3": (_SAID_THREE, rows),
            "squad90_auc": (_AUC, rows),
            "squad90_gap_auc": (_GAP, rows),
        }
    found: dict[str, tuple[Measure, Rows]] = {
        f"{name}_first": (_FIRST, rows),
        f"{name}_first3": (_THREE, rows),
        f"{name}_auc": (_AUC, rows),
    }
    if name == "seed":
        found["seed_said"] = (_SAID, rows)
    if name == "syria":
        found["syria_every3"] = (_mean(lambda r: r.every), rows)
    return found


# MultiHop-RAG: a second stage over the passages that a first stage ranks first.

FACTS_AT = 10


@dataclass(frozen=True, slots=True)
class Ranked:
    """Where the gold quotes of one question stand: a rank from 1 for each group, or None."""

    ranks: tuple[int | None, ...]

    def within(self, k: int) -> list[int]:
        return [rank for rank in self.ranks if rank is not None and rank <= k]


def passage_scores(case: Case, score: Score, contexts: str, per_passage: int) -> dict[str, float]:
    """The best sentence of each passage, of the `per_passage` that cover most of the question."""
    owners: list[str] = []
    pairs: list[Pair] = []
    for key, passage in case["passages"].items():
        chosen = pairs_of(passage["sentences"][:per_passage], contexts)
        owners += [key] * len(chosen)
        pairs += chosen
    best = dict.fromkeys(case["passages"], -1e9)
    for key, value in zip(owners, scored(score, case["question"], pairs), strict=True):
        best[key] = max(best[key], float(value))
    return best


def second_stage(
    case: Case, first: str, scores: Mapping[str, float], weight: float, per_article: int
) -> Ranked:
    """Rank a first stage's passages anew.

    By score alone where `weight` is infinite, else by 1 / (60 + first rank) + weight / (60 +
    rank by score); 0 leaves the first stage. At most `per_article` passages of one article come
    before the others (0: no limit).
    """
    keys: list[str] = case["rankings"][first]
    by_score = sorted(keys, key=lambda key: -scores[key])
    if weight == float("inf"):
        order = by_score
    else:
        place = {key: rank for rank, key in enumerate(by_score, 1)}
        fused = {
            key: 1 / (RRF_K + rank) + weight / (RRF_K + place[key])
            for rank, key in enumerate(keys, 1)
        }
        order = sorted(keys, key=lambda key: -fused[key])
    if per_article:
        order = _capped(case, order, per_article)
    return Ranked(
        tuple(
            next(
                (r for r, key in enumerate(order, 1) if g in case["passages"][key]["groups"]), None
            )
            for g in range(case["groups"])
        )
    )


def _capped(case: Case, order: Sequence[str], per_article: int) -> list[str]:
    seen: Counter[str] = Counter()
    kept: list[str] = []
    held_back: list[str] = []
    for key in order:
        article = case["passages"][key]["article"]
        seen[article] += 1
        (kept if seen[article] <= per_article else held_back).append(key)
    return kept + held_back


RANKING_MEASURES: dict[str, Callable[[Sequence[Ranked]], float]] = {
    "mrr10": lambda rows: float(np.mean([1 / min(r.within(10), default=np.inf) for r in rows])),
    "hits10": lambda rows: float(np.mean([bool(r.within(10)) for r in rows])),
    "hits4": lambda rows: float(np.mean([bool(r.within(4)) for r in rows])),
    "all10": lambda rows: float(np.mean([len(r.within(FACTS_AT)) == len(r.ranks) for r in rows])),
}


# Claims: does the source support them?


def support_scores(
    cases: Sequence[Case], score: Score, per_size: int, sizes: Sequence[int] = (1, 2, 3)
) -> Floats:
    """For each claim, its best window: of each size, the `per_size` that share most words."""
    best: list[float] = []
    for case in cases:
        quotes = [
            (case["windows"][i], "")
            for size in sizes
            for i in sorted(
                (i for i, found in enumerate(case["sizes"]) if found == size),
                key=lambda i: -case["overlap"][i],
            )[:per_size]
        ]
        best.append(float(max(scored(score, case["claim"], quotes), default=-1e9)))
    return np.array(best)


def plain_support(cases: Sequence[Case], kind: str) -> Floats:
    """By a plain score: overlap or cosine of the best window, overlap_source, overlap_sentence."""
    if kind == "overlap_source":
        return np.array([case[kind] for case in cases], dtype=np.float64)
    if kind == "overlap_sentence":
        one = [
            [o for o, size in zip(c["overlap"], c["sizes"], strict=True) if size == 1]
            for c in cases
        ]
        return np.array([max(values, default=0.0) for values in one])
    return np.array([max(case[kind], default=0.0) for case in cases])


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Verdicts on claims: (REPEATS, n) booleans, by thresholds chosen without the claim."""

    supported: NDArray[np.bool_]
    origins: NDArray[np.str_]
    verdicts: NDArray[np.bool_]

    def balanced_accuracy(
        self, origin: str | None = None, chosen: NDArray[np.int_] | None = None
    ) -> float:
        """The mean share of right verdicts among supported and among unsupported claims."""
        rows = np.arange(len(self.supported)) if chosen is None else chosen
        if origin is not None:
            rows = rows[self.origins[rows] == origin]
        truth, said = self.supported[rows], self.verdicts[:, rows]
        if not truth.any() or truth.all():
            return float("nan")
        return float((said[:, truth].mean() + (~said[:, ~truth]).mean()) / 2)


def verdicts(cases: Sequence[Case], scores: Floats) -> Verdicts:
    """Judge each claim by the threshold that is best for the other folds.

    Five folds, the classes of each origin spread evenly; ten such splits with fixed seeds.
    """
    truth = np.array([case["supported"] for case in cases], dtype=bool)
    origins = np.array([case["origin"] for case in cases])
    said = np.zeros((REPEATS, len(cases)), dtype=bool)
    for repeat in range(REPEATS):
        folds = _folds(truth, origins, repeat)
        for fold in range(FOLDS):
            inside = folds == fold
            said[repeat, inside] = scores[inside] >= threshold(scores[~inside], truth[~inside])
    return Verdicts(truth, origins, said)


def _folds(truth: NDArray[np.bool_], origins: NDArray[np.str_], seed: int) -> NDArray[np.int_]:
    random = np.random.default_rng(seed)
    folds = np.zeros(len(truth), dtype=int)
    for origin in np.unique(origins):
        for value in (False, True):
            rows = random.permutation(np.flatnonzero((origins == origin) & (truth == value)))
            folds[rows] = np.arange(len(rows)) % FOLDS
    return folds


def threshold(scores: Floats, truth: NDArray[np.bool_]) -> float:
    """The least score to call supported, for the best balanced accuracy on these claims."""
    values = np.unique(scores)
    limits = np.concatenate([values[:1] - 1, (values[1:] + values[:-1]) / 2, values[-1:] + 1])
    above = scores[None, :] >= limits[:, None]
    accuracy = above[:, truth].mean(axis=1) + (~above[:, ~truth]).mean(axis=1)
    return float(limits[int(np.argmax(accuracy))])


def interval(rows: Sequence[Any], measure: Callable[[Any], float]) -> tuple[float, float]:
    """The 95 % interval by resampling rows; answerable and not apart, where rows know it."""
    random = np.random.default_rng(0)
    kinds = np.array([getattr(row, "answerable", True) for row in rows])
    strata = [np.flatnonzero(kinds == kind) for kind in np.unique(kinds)]
    values = []
    for _ in range(RESAMPLES):
        drawn = np.concatenate([random.choice(rows_of, len(rows_of)) for rows_of in strata])
        values.append(measure([rows[i] for i in drawn]))
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)


def resampled_claims(found: Verdicts) -> list[NDArray[np.int_]]:
    """Rows drawn anew within each origin and class: the same for all who are compared."""
    random = np.random.default_rng(0)
    strata = [
        np.flatnonzero((found.origins == origin) & (found.supported == value))
        for origin in np.unique(found.origins)
        for value in (False, True)
    ]
    return [
        np.concatenate([random.choice(rows, len(rows)) for rows in strata])
        for _ in range(RESAMPLES)
    ]


@dataclass(frozen=True, slots=True)
class Difference:
    """How far one balanced accuracy is above another, over the same resampled claims."""

    value: float
    low: float
    high: float
    p: float  # two-sided


def difference(one: Verdicts, other: Verdicts, origin: str | None = None) -> Difference:
    drawn = resampled_claims(one)
    values = np.array(
        [one.balanced_accuracy(origin, d) - other.balanced_accuracy(origin, d) for d in drawn]
    )
    low, high = np.nanpercentile(values, [2.5, 97.5])
    tail = min((values <= 0).mean(), (values >= 0).mean())
    return Difference(
        one.balanced_accuracy(origin) - other.balanced_accuracy(origin),
        float(low),
        float(high),
        float(min(1.0, 2 * tail)),
    )

"""From the scores of sentences to figures: the first sentence is right, and the refusals.

Arithmetic over candidates (`reader_candidates`) and a scoring function; nothing of the product.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Case = dict[str, Any]
Floats = NDArray[np.float64]
Pair = tuple[str, str]
Score = Callable[[str, Sequence[Pair]], Any]
"""(question, [(sentence, context), ...]) -> one number for each pair, higher is better."""

RESAMPLES = 2000
NOTHING = -1e9  # the score of no sentence at all

# In SQuAD and the seed a sentence is right when the gold quote stands in it, as in the trial;
# elsewhere when it says one accepted spelling of some part of the answer.
_BY_QUOTE = {"squad", "squad_own", "seed"}

CONTEXTS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "none": lambda s: "",
    "previous": lambda s: s["previous"],
    "title": lambda s: _joined(s["title"], "", ""),
    "title, date": lambda s: _joined(s["title"], s["date"], ""),
    "title, previous": lambda s: _joined(s["title"], "", s["previous"]),
    "title, date, previous": lambda s: _joined(s["title"], s["date"], s["previous"]),
    "both": lambda s: _joined(s["title"], s["date"], _whole(s["previous"])),
}
"""What stands beside a sentence; "both", the title with the date and the sentence before if it is
a whole one, is the product's."""

_WHOLE = re.compile(r"""(?<!\.\.)[.!?]["'”’)\]]*\s*$""")
_FEWEST_WORDS = 5


def _whole(previous: str) -> str:
    is_whole = _WHOLE.search(previous) and len(previous.split()) >= _FEWEST_WORDS
    return previous if is_whole else ""


def _joined(title: str, day: str, previous: str) -> str:
    """As `assistant.models.reader.context_of`, which a plain environment may not have."""
    head = f"{title} ({day})" if title and day else title
    if head and not head.endswith((".", "?", "!")):
        head += "."
    return f"{head} {previous}".strip()


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
        raise ValueError(f"{len(found)} scores, not all of them finite, for {len(pairs)} pairs")
    return found


def plain_scores(case: Case, kind: str) -> Floats:
    """A plain score of each candidate: bm25, cosine, or sum (coverage and cosine)."""
    if kind == "sum":
        return np.array(case["coverage"]) + np.array(case["cosine"])
    return np.array(case[kind], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure, its 95 % interval by bootstrap, and over how many questions it is taken."""

    value: float
    low: float
    high: float
    n: str


def auc(positive: Sequence[float] | Floats, negative: Sequence[float] | Floats) -> float:
    """The area under the ROC curve: how often a positive is above a negative, ties half.

    >>> auc([2.0, 3.0], [1.0, 2.0])
    0.875
    """
    a, b = np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)
    if not len(a) or not len(b):
        return float("nan")
    return float((a[:, None] > b).mean() + 0.5 * (a[:, None] == b).mean())


@lru_cache(maxsize=64)
def drawn(n: int, seed: int = 0) -> Floats:
    """What part of each resample each of `n` rows is: (RESAMPLES, n), every row summing to 1."""
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), RESAMPLES) / n


def mean(values: Sequence[float]) -> Measured:
    """The mean of one value a question."""
    found = np.asarray(values, dtype=np.float64)
    if not len(found):
        return Measured(float("nan"), float("nan"), float("nan"), "0")
    low, high = np.percentile(drawn(len(found)) @ found, [2.5, 97.5])
    return Measured(float(found.mean()), float(low), float(high), str(len(found)))


def area(positive: Sequence[float] | Floats, negative: Sequence[float] | Floats) -> Measured:
    """The area under the ROC curve, both sides resampled."""
    a, b = np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)
    size = f"{len(a)} + {len(b)}"
    if not len(a) or not len(b):
        return Measured(float("nan"), float("nan"), float("nan"), size)
    above = (a[:, None] > b) + 0.5 * (a[:, None] == b)
    values = ((drawn(len(a)) @ above) * drawn(len(b), 1)).sum(axis=1)
    low, high = np.percentile(values, [2.5, 97.5])
    return Measured(auc(a, b), float(low), float(high), size)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for one question: its best score, and how far that is above the sixth.

    `first` and `three`: the first sentence, one of the first three, is right. `said` and
    `said_three`: it says a spelling of the answer, wherever it stands. `every`: the first three
    together say every part.
    """

    answerable: bool
    reached: bool
    best: float
    gap: float
    first: bool = False
    three: bool = False
    said: bool = False
    said_three: bool = False
    every: bool = False


def is_right(case: Case, i: int, name: str) -> bool:
    """Whether candidate `i` of an answerable question of a set is right."""
    return bool(case["gold"][i]) if name in _BY_QUOTE else any(case["parts"][i])


def choose(case: Case, scores: Floats, name: str) -> Choice:
    """What the scores make of one question of a set; ties go to the earlier sentence."""
    order = [int(i) for i in np.argsort(-scores, kind="stable")]
    best = float(scores[order[0]]) if order else NOTHING
    gap = best - float(scores[order[min(5, len(order) - 1)]]) if order else 0.0
    if not case["answerable"] or not order:
        return Choice(case["answerable"], case["reached"], best, gap)
    parts = [case["parts"][i] for i in order[:3]]
    said = [any(found) for found in parts]
    right = [is_right(case, i, name) for i in order[:3]]
    every = all(any(column) for column in zip(*parts, strict=True))
    return Choice(True, case["reached"], best, gap, right[0], any(right), said[0], any(said), every)


def answer_figures(
    cases: Sequence[Case], name: str, of: Callable[[Case], Floats]
) -> dict[str, Measured]:
    """The figures of one set; `of` scores the candidates of a case.

    `squad_...` counts the questions whose paragraph is among the five, `squad90_...` all.
    """
    rows = [choose(case, of(case), name) for case in cases]
    asked = [row for row in rows if row.answerable]
    reached = [row for row in asked if row.reached] if name == "squad" else asked
    unanswerable = [row for row in rows if not row.answerable]
    figures = {
        f"{name}_first": mean([row.first for row in reached]),
        f"{name}_first3": mean([row.three for row in reached]),
        f"{name}_auc": area([r.best for r in reached], [r.best for r in unanswerable]),
        f"{name}_gap_auc": area([r.gap for r in reached], [r.gap for r in unanswerable]),
    }
    if name == "squad":
        figures["squad90_first"] = mean([row.first for row in asked])
        figures["squad90_said"] = mean([row.said for row in asked])
        figures["squad90_said3"] = mean([row.said_three for row in asked])
        figures["squad90_auc"] = area([r.best for r in asked], [r.best for r in unanswerable])
    if name == "seed":
        figures["seed_said"] = mean([row.said for row in asked])
        figures["seed_said3"] = mean([row.said_three for row in asked])
    if name == "syria":
        figures["syria_every3"] = mean([row.every for row in asked])
    return figures

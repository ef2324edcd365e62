"""The aims of the reader, measured: python -m tests.benchmarks.reader DATA [--model FILE].

A first form: `evaluate_reader` alone.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tests.benchmarks import reader_candidates
from tests.benchmarks.reader_measures import (
    RANKING_MEASURES,
    Score,
    answer_choices,
    answer_measures,
    auc,
    passage_scores,
    second_stage,
    support_scores,
    verdicts,
)

TASKS = ("squad", "squad_own", "rgb", "seed", "syria", "multihop", "support")


def evaluate_reader(
    score: Score,
    data: Path,
    support: Score | None = None,
    *,
    contexts: str = "both",
    only: Collection[str] = TASKS,
    per_passage: int = 2,
    per_size: int = 6,
    index: Path | None = None,
    cache: Path | None = None,
) -> dict[str, float]:
    """Every figure of a scoring function, by name.

    `score(question, [(sentence, context), ...])` gives a number for each pair; `support` does
    the same for (claim, quotes). `per_passage` sentences stand for a passage of MultiHop-RAG,
    and `per_size` windows of each size for the source of a claim, those that share most words.
    """
    candidates = reader_candidates.load(data, cache, index)
    figures: dict[str, float] = {}
    for name, cases in candidates["answer"].items():
        if name in only:
            rows = answer_choices(cases, name, score, contexts)
            for key, (measure, of) in answer_measures(name, rows).items():
                figures[key] = measure(of)
    if "multihop" in only and candidates["multihop"]:
        figures |= _multihop(score, candidates["multihop"], contexts, per_passage)
    if "support" in only and support is not None and candidates["support"]:
        figures |= _support(support, candidates["support"], per_size)
    return figures


VARIANTS = {
    "first": (0.0, 0),
    "score": (float("inf"), 0),
    "rrf1": (1.0, 0),
    "rrf1_cap2": (1.0, 2),
    "rrf2_cap2": (2.0, 2),
    "rrf2_cap3": (2.0, 3),
}


def _multihop(
    score: Score, cases: list[dict[str, object]], contexts: str, per_passage: int
) -> dict[str, float]:
    found = [passage_scores(case, score, contexts, per_passage) for case in cases]
    figures: dict[str, float] = {}
    for first in cases[0]["rankings"]:  # type: ignore[attr-defined]
        for variant, (weight, cap) in VARIANTS.items():
            rows = [
                second_stage(case, first, scores, weight, cap)
                for case, scores in zip(cases, found, strict=True)
            ]
            for name, measure in RANKING_MEASURES.items():
                figures[f"mhr_{first}_{variant}_{name}"] = measure(rows)
    return figures


def _support(support: Score, cases: list[dict[str, object]], per_size: int) -> dict[str, float]:
    scores = support_scores(cases, support, per_size)
    judged = verdicts(cases, scores)
    truth = judged.supported
    figures = {
        "support_ba": judged.balanced_accuracy(),
        "support_auc": auc(scores[truth], scores[~truth]),
    }
    for origin in sorted(set(judged.origins.tolist())):
        inside = judged.origins == origin
        figures[f"support_{origin}_ba"] = judged.balanced_accuracy(origin)
        figures[f"support_{origin}_auc"] = auc(scores[inside & truth], scores[inside & ~truth])
    return figures

"""MultiHop-RAG: what a second stage makes of the passages that a first stage ranks first.

Retrieval figures as in `assistant.evaluation.metrics`: a passage is relevant when it contains a
gold quote, white space removed, whatever article it is of.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tests.benchmarks.reader_measures import (
    NOTHING,
    Case,
    Measured,
    Pair,
    Score,
    mean,
    pairs_of,
    scored,
)

RRF_K = 60
Ranks = tuple[int | None, ...]  # for each gold quote, the rank of its first passage

VARIANTS: dict[str, tuple[str, float, int]] = {
    "first": ("rrf", 0.0, 0),
    "score": ("score", 0.0, 0),
    "score_cap2": ("score", 0.0, 2),
    "rrf1": ("rrf", 1.0, 0),
    "rrf2": ("rrf", 2.0, 0),
    "rrf1_cap2": ("rrf", 1.0, 2),
    "rrf2_cap2": ("rrf", 2.0, 2),
    "place1": ("place", 1.0, 0),
    "place2": ("place", 2.0, 0),
    "place1_cap2": ("place", 1.0, 2),
    "place2_cap2": ("place", 2.0, 2),
    "place4_cap2": ("place", 4.0, 2),
}
"""How a score is joined to the first stage's rank (`rerank`), its weight beside it, and how many
passages of one article stand before the others."""


def _within(ranks: Ranks, k: int) -> list[int]:
    return [rank for rank in ranks if rank is not None and rank <= k]


_MEASURES: dict[str, Callable[[Ranks], float]] = {
    "mrr10": lambda ranks: 1 / min(_within(ranks, 10), default=float("inf")),
    "hits10": lambda ranks: float(bool(_within(ranks, 10))),
    "hits4": lambda ranks: float(bool(_within(ranks, 4))),
    "all10": lambda ranks: float(len(_within(ranks, 10)) == len(ranks)),
}


def best_sentences(
    case: Case, score: Score, contexts: str = "both", per_passage: int = 8
) -> dict[str, float]:
    """Each passage's score: its best sentence's, of those that cover most of the question."""
    owners: list[str] = []
    pairs: list[Pair] = []
    for key, passage in case["passages"].items():
        chosen = pairs_of(passage["sentences"][:per_passage], contexts)
        owners += [key] * len(chosen)
        pairs += chosen
    best = dict.fromkeys(case["passages"], NOTHING)
    for key, value in zip(owners, scored(score, case["question"], pairs), strict=True):
        best[key] = max(best[key], float(value))
    return best


def best_coverage(case: Case) -> dict[str, float]:
    """The plain score of a passage: how much of the question its best sentence covers."""
    return {
        key: max((s["coverage"] for s in passage["sentences"]), default=NOTHING)
        for key, passage in case["passages"].items()
    }


def rerank(
    case: Case,
    first: str,
    scores: Mapping[str, float],
    kind: str,
    weight: float,
    per_article: int,
) -> list[str]:
    """The passages of a first stage in their new order.

    `kind` is score (alone), rrf: 1 / (60 + first rank) + weight / (60 + rank by score), or place:
    11 / (first rank + 10) + weight * the score as a probability, as the product does. At most
    `per_article` passages of one article stand before the others (0: no limit).
    """
    keys: list[str] = case["rankings"][first]
    by_score = sorted(keys, key=lambda key: -scores[key])
    place = {key: rank for rank, key in enumerate(by_score, 1)}
    joined: dict[str, Callable[[str, int], float]] = {
        "score": lambda key, rank: scores[key],
        "rrf": lambda key, rank: 1 / (RRF_K + rank) + weight / (RRF_K + place[key]),
        "place": lambda key, rank: 11 / (rank + 10) + weight * _probability(scores[key]),
    }
    value = {key: joined[kind](key, rank) for rank, key in enumerate(keys, 1)}
    return _capped(case, sorted(keys, key=lambda key: -value[key]), per_article)


def _probability(logit: float) -> float:
    return 1 / (1 + math.exp(-min(max(logit, -60.0), 60.0)))


def _capped(case: Case, order: list[str], per_article: int) -> list[str]:
    if not per_article:
        return order
    seen: Counter[str] = Counter()
    kept: list[str] = []
    held_back: list[str] = []
    for key in order:
        article = case["passages"][key]["article"]
        seen[article] += 1
        (kept if seen[article] <= per_article else held_back).append(key)
    return kept + held_back


def ranks_of(case: Case, order: Sequence[str]) -> Ranks:
    """For each gold quote, the rank from 1 of the first passage that holds it."""
    groups = [set(case["passages"][key]["groups"]) for key in order]
    return tuple(
        next((rank for rank, held in enumerate(groups, 1) if group in held), None)
        for group in range(case["groups"])
    )


def ranking_figures(
    cases: Sequence[Case], of: Callable[[Case], Mapping[str, float]]
) -> dict[str, Measured]:
    """Every first stage with every variant; `of` scores the passages of a case."""
    scores = [of(case) for case in cases]
    figures: dict[str, Measured] = {}
    for first in cases[0]["rankings"] if cases else ():
        for variant, how in VARIANTS.items():
            rows = [
                ranks_of(case, rerank(case, first, found, *how))
                for case, found in zip(cases, scores, strict=True)
            ]
            for name, measure in _MEASURES.items():
                figures[f"mhr_{first}_{variant}_{name}"] = mean([measure(row) for row in rows])
        reached = [
            len(_within(ranks_of(c, c["rankings"][first]), 30)) == c["groups"] for c in cases
        ]
        figures[f"mhr_{first}_reachable_all30"] = mean(np.array(reached, dtype=float).tolist())
    return figures

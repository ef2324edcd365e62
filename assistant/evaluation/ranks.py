"""Measures of one ranking. Pure arithmetic.

A ranking is given as the rank (from 1) at which each gold quote is first found, None where it is
not. Where several are found in one passage, each counts there: a passage can be worth more than
one. With one gold quote a passage these are the measures of the textbooks, as `ir-measures`
computes them (a test holds them to it).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from assistant.evaluation.checks import DEPTH

Ranks = Sequence[int | None]


def hit(ranks: Ranks, k: int) -> bool:
    """Whether some gold quote is among the first `k` passages (Hits@k, Success@k).

    >>> hit([None, 4], 4), hit([None, 5], 4), hit([None], 10)
    (True, False, False)
    """
    return any(rank is not None and rank <= k for rank in ranks)


def all_facts(ranks: Ranks, k: int = DEPTH) -> bool:
    """Whether every gold quote is among the first `k` passages.

    >>> all_facts([1, 10]), all_facts([1, None])
    (True, False)
    """
    return bool(ranks) and all(rank is not None and rank <= k for rank in ranks)


def recall(ranks: Ranks, k: int = DEPTH) -> float:
    """The share of the gold articles that have a passage among the first `k`.

    >>> recall([3, None])
    0.5
    """
    return len(_found(ranks, k)) / len(ranks) if ranks else 0.0


def reciprocal_rank(ranks: Ranks, k: int = DEPTH) -> float:
    """One over the rank of the first relevant passage, 0 where it is not in the first `k`.

    E. M. Voorhees, "The TREC-8 question answering track report", TREC-8 (1999).

    >>> reciprocal_rank([4, 2, None]), reciprocal_rank([None])
    (0.5, 0.0)
    """
    return max((1 / rank for rank in _found(ranks, k)), default=0.0)


def average_precision(ranks: Ranks, k: int = DEPTH) -> float:
    """The textbook's average precision of the first `k` passages.

    The j-th gold quote that is found, at rank r, adds the precision down to there, j / r (1 at
    most); the sum is divided by the number of gold quotes, found or not (C. Buckley and E. M.
    Voorhees, "Evaluating evaluation measure stability", SIGIR 2000).

    >>> average_precision([1, 3]), average_precision([2, 2, None, None])
    (0.8333333333333333, 0.375)
    """
    if not ranks:
        return 0.0
    found = sorted(_found(ranks, k))
    return math.fsum(min(1.0, j / rank) for j, rank in enumerate(found, start=1)) / len(ranks)


def multihop_precision(ranks: Ranks, k: int = DEPTH) -> float:
    """The average precision of MultiHop-RAG's evaluation, which is not the textbook's.

    At each rank it counts the gold quotes that are found there for the first time, divides them
    by the rank, and divides the sum by min(number of gold quotes, 10). The textbook would count
    all relevant passages so far; here each gold quote just adds 1/rank. Followed as it stands,
    so that figures can be compared with those published for that set.

    >>> multihop_precision([1, 2]), multihop_precision([2, 2, None, None])
    (0.75, 0.25)
    """
    found = sum(1 / rank for rank in _found(ranks, k))
    return found / min(len(ranks), 10) if ranks else 0.0


def ndcg(ranks: Ranks, k: int = DEPTH) -> float:
    """The normalised discounted cumulative gain of the first `k` passages, gains being 0 or 1.

    Each gold quote adds 1/log2(rank + 1) where it is first found; the sum is divided by that of
    the best ranking, one gold quote at each rank from the first on (K. Järvelin and J. Kekäläinen,
    "Cumulated gain-based evaluation of IR techniques", ACM TOIS 20 (2002) 422-446; the discount is
    trec_eval's, which begins at the second rank). A ranking that beats it, with several gold
    quotes in one passage, has 1.

    >>> round(ndcg([1, 3, None]), 4), ndcg([1, 1]), ndcg([None])
    (0.7039, 1.0, 0.0)
    """
    if not ranks:
        return 0.0
    best = math.fsum(1 / math.log2(rank + 1) for rank in range(1, min(len(ranks), k) + 1))
    return min(1.0, math.fsum(1 / math.log2(rank + 1) for rank in _found(ranks, k)) / best)


def _found(ranks: Ranks, k: int) -> list[int]:
    return [rank for rank in ranks if rank is not None and rank <= k]

"""What retrieval finds.

Figures follow the evaluation of MultiHop-RAG (Y. Tang and Y. Yang, "MultiHop-RAG: Benchmarking
Retrieval-Augmented Generation for Multi-Hop Queries", arXiv 2401.15391, and
`retrieval_evaluate.py` of its repository): a passage is relevant when it contains a gold quote,
white space removed; only cases with gold quotes count. Where evidence comes in groups, a group
stands for one gold quote and any of its members finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from assistant.evaluation.checks import Checks
from assistant.evaluation.measures.metric import Metric, when
from assistant.evaluation.ranks import (
    Ranks,
    all_facts,
    average_precision,
    hit,
    multihop_precision,
    ndcg,
    recall,
    reciprocal_rank,
)
from assistant.types import EvalCase


def _retrieval(measure: Callable[[Ranks], float]) -> Callable[[EvalCase, Checks], Iterable[float]]:
    return lambda case, c: when(bool(c.gold_ranks), measure(c.gold_ranks))


RETRIEVAL: tuple[Metric, ...] = (
    Metric("hit_rate@1", "Retrieval", "Hit rate at 1",
           "a gold quote is in the first passage", "share",
           _retrieval(lambda ranks: hit(ranks, 1))),
    Metric("hit_rate@4", "Retrieval", "Hit rate at 4",
           "a gold quote is in the first 4 passages", "share",
           _retrieval(lambda ranks: hit(ranks, 4))),
    Metric("hit_rate@10", "Retrieval", "Hit rate at 10",
           "a gold quote is in the first 10 passages", "share",
           _retrieval(lambda ranks: hit(ranks, 10))),
    Metric("map@10", "Retrieval", "MAP at 10",
           "mean average precision as MultiHop-RAG computes it: each gold quote adds "
           "1/rank", "unit", _retrieval(multihop_precision)),
    Metric("ap@10", "Retrieval", "Average precision at 10",
           "mean average precision as the textbooks have it", "unit",
           _retrieval(average_precision)),
    Metric("mrr@10", "Retrieval", "MRR at 10",
           "mean of 1/rank of the first passage with a gold quote", "unit",
           _retrieval(reciprocal_rank)),
    Metric("ndcg@10", "Retrieval", "nDCG at 10",
           "each gold quote counts less the lower it is found, 1/log2(rank + 1); over the most "
           "that there could be", "unit", _retrieval(ndcg)),
    Metric("all_facts@10", "Retrieval", "All facts at 10",
           "every gold quote is in the first 10 passages", "share", _retrieval(all_facts)),
    Metric("article_recall@10", "Retrieval", "Article recall at 10",
           "share of the gold articles with a passage among the first 10", "unit",
           lambda case, c: when(bool(c.article_ranks), recall(c.article_ranks))),
)  # fmt: skip

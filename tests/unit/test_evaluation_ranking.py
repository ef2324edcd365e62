"""Measures of a ranking agree with `ir-measures`, and with the examples that are known."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.ranks import (
    Ranks,
    average_precision,
    hit,
    multihop_precision,
    ndcg,
    recall,
    reciprocal_rank,
)

DEPTH = 14


def by_ir_measures(ranks: Ranks) -> list[float]:
    """RR, nDCG, AP and R at 10 and Success at 1, 4 and 10, of relevant passages at these ranks."""
    package = pytest.importorskip("ir_measures", reason="it has no wheel for every platform")
    names = ("RR@10", "nDCG@10", "AP@10", "R@10", "Success@1", "Success@4", "Success@10")
    measures = [package.parse_measure(name) for name in names]
    qrels, run = {}, {f"p{rank}": float(-rank) for rank in range(1, DEPTH + 1)}
    for number, rank in enumerate(ranks):
        qrels[f"p{rank}" if rank else f"lost{number}"] = 1
    found = package.calc_aggregate(measures, {"q": qrels}, {"q": run})
    return [found[measure] for measure in measures]


ANY_RANKS = st.builds(
    lambda found, lost: [*found, *(None for _ in range(lost))],
    st.lists(st.integers(1, DEPTH), unique=True, max_size=12),
    st.integers(0, 4),
).filter(bool)


@settings(deadline=None)
@given(ANY_RANKS)
def test_the_measures_are_those_of_ir_measures(ranks: Ranks) -> None:
    """With each gold quote in a passage of its own; some stand below the first ten."""
    ours = [
        reciprocal_rank(ranks, 10),
        ndcg(ranks, 10),
        average_precision(ranks, 10),
        recall(ranks, 10),
        *(hit(ranks, k) for k in (1, 4, 10)),
    ]
    assert ours == pytest.approx(by_ir_measures(ranks))


SHARED = st.lists(st.one_of(st.none(), st.integers(1, DEPTH)), min_size=1, max_size=12)


@settings(deadline=None)
@given(SHARED, st.integers(0, 11))
def test_gold_quotes_that_share_a_passage_stay_within_bounds_and_never_lose_by_rising(
    ranks: list[int | None], which: int
) -> None:
    risen = list(ranks)
    at = which % len(ranks)
    risen[at] = max(1, (ranks[at] or DEPTH) - 1)
    for measure in (ndcg, average_precision, recall, reciprocal_rank):
        assert 0 <= measure(ranks) <= 1
        assert measure(risen) >= measure(ranks) - 1e-12
        assert measure([1] * len(ranks)) == 1


def test_known_values() -> None:
    """Relevant at 1, 3 and 6 of three: (1 + 2/3 + 3/6) / 3; the discounts are 1, 1/2, 1/log2 7."""
    ranks = [1, 3, 6]
    assert average_precision(ranks) == pytest.approx((1 + 2 / 3 + 1 / 2) / 3)
    gain, best = 1 + 1 / 2 + 1 / math.log2(7), 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg(ranks) == pytest.approx(gain / best)
    assert multihop_precision(ranks) == pytest.approx((1 + 1 / 3 + 1 / 6) / 3)


def test_nothing_is_found() -> None:
    for measure in (ndcg, average_precision, recall, reciprocal_rank, multihop_precision):
        assert measure([]) == measure([None]) == measure([11]) == 0

"""How the clauses of a question are searched, and how their rankings are put together."""

from __future__ import annotations

from collections import Counter
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from assistant.library import article_of
from assistant.retrieval.plan import interleave, merge, newest_up, searches
from assistant.retrieval.question import Clause
from assistant.types import Filters

QUESTION = "Who held the dam, and who took it?"


def passage(article: str, number: int = 0) -> str:
    return f"{article}@r:{number}-{number + 1}"


def test_a_plain_clause_is_searched_everywhere() -> None:
    planned = searches(QUESTION, Clause("who took it"), Filters())
    assert [(s.text, s.within) for s in planned] == [
        ("who took it", (Filters(),)),
        (QUESTION, (Filters(),)),
    ]


def test_a_source_is_preferred_and_others_are_not_left_out() -> None:
    planned = searches(QUESTION, Clause("who took it", outlets=("A", "B")), Filters())
    sources = (Filters(source="A"), Filters(source="B"))
    assert [s.within for s in planned] == [sources, (Filters(),), sources, (Filters(),)]


def test_a_reader_s_own_filters_bind_every_search() -> None:
    own = Filters(since=date(2017, 6, 2), until=date(2017, 6, 30), source="C")
    clause = Clause("who", ("A",), since=date(2017, 6, 1), until=date(2017, 6, 4))
    planned = searches(QUESTION, clause, own)
    assert {f.source for s in planned for f in s.within} == {"C"}
    assert all(f.since >= own.since for s in planned for f in s.within if f.since and own.since)
    assert min(f.until for s in planned for f in s.within if f.until) == date(2017, 6, 7)


def test_a_period_reaches_to_the_reports_of_the_days_after() -> None:
    day = date(2017, 6, 4)
    *_, last = searches(QUESTION, Clause("who", since=day, until=day), Filters())
    assert last.within == (Filters(since=date(2017, 6, 3), until=date(2017, 6, 7)),)
    *_, open_ = searches(QUESTION, Clause("who", until=day), Filters())
    assert open_.within == (Filters(until=day),)  # "before": not after


def test_the_ends_of_the_calendar_are_no_error() -> None:
    clause = Clause("who", since=date.min, until=date.max)
    *_, last = searches(QUESTION, clause, Filters())
    assert last.within == (Filters(since=date.min, until=date.max),)


def test_sources_take_turns() -> None:
    assert merge([[("a", 9.0), ("b", 8.0)], [("c", 1.0)], []]) == [
        ("a", 9.0),
        ("c", 1.0),
        ("b", 8.0),
    ]


def test_every_clause_is_served() -> None:
    one = [(passage("a", n), 9.0 - n) for n in range(5)]
    other = [(passage("a", 0), 3.0), (passage("b", 0), 2.0), (passage("b", 1), 1.0)]
    found = [i for i, _ in interleave([one, other], 4, 3)]
    assert found == [passage("a", 0), passage("b", 0), passage("a", 1), passage("b", 1)]


RANKED = st.lists(
    st.tuples(st.builds(passage, st.sampled_from("abcd"), st.integers(0, 6)), st.floats(0.0, 1.0)),
    max_size=12,
    unique_by=lambda hit: hit[0],
)


@given(st.lists(RANKED, max_size=4), st.integers(1, 10), st.integers(1, 3))
def test_turns_lose_and_repeat_nothing(
    rankings: list[list[tuple[str, float]]], k: int, cap: int
) -> None:
    found = interleave(rankings, k, cap)
    ids = [i for i, _ in found]
    every = {i for ranking in rankings for i, _ in ranking}
    assert len(ids) == len(set(ids)) == min(k, len(every))
    assert set(ids) <= every
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    counted = Counter(article_of(i) for i in every)
    possible = sum(min(n, cap) for n in counted.values())
    if len(ids) <= possible:  # enough without what the cap held back
        assert max(Counter(map(article_of, ids)).values(), default=0) <= cap


def test_near_ties_go_to_the_newer_report() -> None:
    ranked = [(passage(a), 0.02 - n / 1e5) for n, a in enumerate("abc")]
    days = {passage("a"): date(2017, 6, 1), passage("b"): date(2017, 6, 9), passage("c"): None}
    found = newest_up(ranked, days)
    assert [article_of(i) for i, _ in found] == ["b", "a", "c"]
    assert [s for _, s in found] == [s for _, s in ranked]


@given(RANKED)
def test_what_ranks_clearly_behind_stays_there_however_new(ranked: list[tuple[str, float]]) -> None:
    ranked = sorted(ranked, key=lambda hit: -hit[1])
    days: dict[str, date | None] = {i: date(2017, 1, n + 1) for n, (i, _) in enumerate(ranked)}
    found = newest_up(ranked, days)
    assert sorted(i for i, _ in found) == sorted(i for i, _ in ranked)
    was, place = dict(ranked), {i: n for n, (i, _) in enumerate(found)}
    assert all(place[a] < place[b] for a in was for b in was if was[b] < was[a] * 0.95)

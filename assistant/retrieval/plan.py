"""The clauses of a question, each searched by itself, and their rankings put together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.library import article_of
from assistant.retrieval.question import Clause
from assistant.types import Filters

Ranked = Sequence[tuple[str, float]]
"""Passage ids with their scores, best first."""

RRF_K = 60
# What happened on a day is reported on it and in the days after it; a report's day can be another
# one where it was written.
_REPORTED_BEFORE, _REPORTED_AFTER = timedelta(days=1), timedelta(days=3)
_TIE = 0.05


@dataclass(frozen=True, slots=True)
class Search:
    """One search: what for, within which filters (each by itself), and what its ranking weighs."""

    text: str
    within: tuple[Filters, ...]
    weight: float


# What the four searches of a clause weigh, and the one within its period.
OWN_IN_SOURCE, OWN_ANYWHERE, WHOLE_IN_SOURCE, WHOLE_ANYWHERE, IN_PERIOD = 1.0, 1.0, 1.0, 1.0, 0.5


def searches(question: str, clause: Clause, filters: Filters) -> list[Search]:
    """What is searched for a clause: its words and the whole question's, in its sources and in all.

    A reader's own filters bind every search: a source beside theirs is not searched.
    """
    sources = [] if filters.source_key else [replace(filters, source=s) for s in clause.outlets]
    planned = [
        Search(clause.text, tuple(sources), OWN_IN_SOURCE),
        Search(clause.text, (filters,), OWN_ANYWHERE),
        Search(question, tuple(sources), WHOLE_IN_SOURCE),
        Search(question, (filters,), WHOLE_ANYWHERE),
    ]
    if clause.since or clause.until:
        period = [_within(f, clause) for f in sources or [filters]]
        planned.append(Search(clause.text, tuple(period), IN_PERIOD))
    return [search for search in planned if search.within]


def _within(filters: Filters, clause: Clause) -> Filters:
    """The filters narrowed to a clause's period; both bounds given, with the days around it."""
    since, until = clause.since, clause.until
    if since and until:
        since, until = _shift(since, -_REPORTED_BEFORE), _shift(until, _REPORTED_AFTER)
    return replace(
        filters,
        since=max((d for d in (since, filters.since) if d), default=None),
        until=min((d for d in (until, filters.until) if d), default=None),
    )


def _shift(day: date, by: timedelta) -> date:
    try:
        return day + by
    except OverflowError:
        return day


def fuse(rankings: Sequence[Ranked], weights: Sequence[float]) -> list[tuple[str, float]]:
    """Fuse ranked lists by weighted reciprocal rank: (id, score), best first.

    >>> fuse([[("a", 9.0), ("b", 1.0)], [("b", 0.9)]], [1.0, 1.0])[0][0]
    'b'
    """
    scores: dict[str, float] = defaultdict(float)
    for ranking, weight in zip(rankings, weights, strict=True):
        for rank, (passage_id, _) in enumerate(ranking, start=1):
            scores[passage_id] += weight / (RRF_K + rank)
    return sorted(scores.items(), key=lambda hit: -hit[1])  # ties keep the order of the lists


def merge(rankings: Sequence[Ranked]) -> list[tuple[str, float]]:
    """The rankings of separate sources as one: the first of each, then the second of each.

    >>> merge([[("a", 3.0), ("b", 2.0)], [("c", 1.0)]])
    [('a', 3.0), ('c', 1.0), ('b', 2.0)]
    """
    if len(rankings) == 1:
        return list(rankings[0])
    placed = [(rank, hit) for ranking in rankings for rank, hit in enumerate(ranking)]
    return [hit for _, hit in sorted(placed, key=lambda p: p[0])]


def interleave(rankings: Sequence[Ranked], k: int, per_article: int) -> list[tuple[str, float]]:
    """The first `k` of several rankings in turn, each passage once, at most `per_article` of one.

    When that leaves fewer than `k`, the passages that it held back follow in their order. No score
    is above the one before it.
    """
    queues = [list(reversed(ranking)) for ranking in rankings]
    seen: set[str] = set()
    articles: Counter[str] = Counter()
    chosen: list[tuple[str, float]] = []
    held_back: list[tuple[str, float]] = []
    while any(queues) and len(chosen) < k:
        for queue in queues:
            while queue:
                hit = queue.pop()
                if hit[0] in seen:
                    continue
                seen.add(hit[0])
                article_id = article_of(hit[0])
                articles[article_id] += 1
                if articles[article_id] <= per_article:
                    chosen.append(hit)
                    break
                held_back.append(hit)
    best, ranked = float("inf"), []
    for passage_id, score in (chosen + held_back)[:k]:
        best = min(best, score)
        ranked.append((passage_id, best))
    return ranked


def newest_up(ranked: Ranked, published: Mapping[str, date | None]) -> list[tuple[str, float]]:
    """Near ties go to the newer report; an undated one is never newer.

    Passages tie whose score is within a twentieth of the first of them. Scores stay in their order.
    """
    ties: list[list[tuple[str, float]]] = []
    for hit in ranked:
        if ties and hit[1] >= ties[-1][0][1] * (1 - _TIE):
            ties[-1].append(hit)
        else:
            ties.append([hit])

    def newest(hit: tuple[str, float]) -> int:
        return -(published.get(hit[0]) or date.min).toordinal()

    anew = [hit for tie in ties for hit in sorted(tie, key=newest)]
    return [(i, score) for (i, _), (_, score) in zip(anew, ranked, strict=True)]

"""What a question says about itself: its sources, its dates, its separate clauses.

Rules over the words, no model. What is read here is a preference in the search, never a filter: a
clause that was read wrongly costs places in the ranking, not the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from assistant.library import analyze
from assistant.retrieval.outlets import Mention, lists_of, read_outlets
from assistant.types import Event


class Dated(Protocol):
    """A date expression of a text: `text[start:end]` stands for the days of `event`."""

    @property
    def event(self) -> Event:
        """The days."""
        ...

    @property
    def start(self) -> int:
        """Where the words begin."""
        ...

    @property
    def end(self) -> int:
        """Where they end."""
        ...


FindDates = Callable[[str, date | None], Sequence[Dated]]
"""Finds date expressions; those that need a day to count from are left out where it is None."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a question that can be searched for by itself.

    `outlets` are the library's names of the sources it leans on, empty for any. Both days
    inclusive; None for no bound.
    """

    text: str
    outlets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a question says about itself.

    `outlets` are the library's names of all its sources, `unknown_outlets` the sources that the
    library does not hold, as the question writes them. `since` and `until` span the dates of all
    clauses. `latest`: it is one question, about the present state of affairs. `compound`: it has
    several clauses, or is long enough for some that the rules do not see.
    """

    clauses: tuple[Clause, ...]
    outlets: tuple[str, ...] = ()
    unknown_outlets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    latest: bool = False
    compound: bool = False


_FEWEST_TERMS = 3  # a clause of fewer joins its neighbour
MOST_CLAUSES = 4
_UNDIVIDED = 10  # a question of fewer terms is one clause
_LONG = 20  # terms: one of so many may be several questions, whatever the rules see

_LATEST = re.compile(
    r"\b(?:latest|newest|most recent(?:ly)?|right now|now|nowadays|currently|current|at present"
    r"|presently|at the moment|these days|so far|to date|as of (?:now|today)|by now|still|yet"
    r"|today)\b(?!['’]s\b)",
    re.I,
)
# Between these, a question turns from one thing to the next.
_TURN = re.compile(
    r"\s*;\s*"
    r"|,?\s+(?=(?:while|whereas|although|but|as opposed to|in contrast (?:to|with)"
    r"|compared (?:to|with)|rather than|versus)\b)"
    r"|,\s+(?=(?:and|or|yet|nor|has|have|had|is|was|were|did|does|do|will|which|who|whose|known"
    r"|as)\b)"
    r"|\s+(?=and\s+(?:an?other|also|then|again|the\s+(?:article|report|story|review|piece)|has|have|had"
    r"|is|was|were|did|does|do|are|how|who|what|when|where|why|which|whether"
    r"|according to|as (?:reported|per))\b)"
    r"|,\s+(?=\w+(?:\s+\w+){3,})",
    re.I,
)
_ASKS = re.compile(
    r"(?:and\s+)?(?i:(?:who|whom|whose|what|which|where|when|why|how)\b"
    r"|(?:is|are|was|were|did|does|do|has|have|had|can|could|will|would|should)\s+"
    r"(?:(?:there|the|it|he|she|they|its|their|his|her|any|both|all|an?|this|that|these|those)\b"
    r"|(?-i:[A-Z])))"
)
_AND = re.compile(r",?\s+(?=and\s+(?:\w+[\s,]+){4})", re.I)
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]|(?<!\w)['‘][^'’]{2,80}['’](?!\w)|\([^)]*\)")
_BEFORE = re.compile(r"\b(?:before|prior to|earlier than|ahead of)\s+(?:the\s+)?$", re.I)
_UNTIL = re.compile(r"\b(?:until|till|up to|by|as of|no later than|through)\s+(?:the\s+)?$", re.I)
_AFTER = re.compile(r"\b(?:after|following|later than)\s+(?:the\s+)?$", re.I)
_SINCE = re.compile(r"\b(?:since|starting|beginning|from)\s+(?:in\s+|on\s+)?(?:the\s+)?$", re.I)
_LEAD = re.compile(r"^(?P<lead>since|until|from|between)\b", re.I)
_FROM_TODAY = re.compile(r"\b(?:last|this|yesterday|today|tonight|ago|earlier|past)\b", re.I)
_JOINS_DATES = re.compile(r"^,?\s+(?:and|to|until|till|through|-|–)\s+$", re.I)
_OPENS_SPAN = re.compile(r"\b(?:between|from)\s+(?:the\s+)?$", re.I)
_SPAN = re.compile(r"^(?:between|from)\b.*\b(?:and|to|until|till|through)\b|\d\s*[-–]\s*\d", re.I)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DAY = timedelta(days=1)
_TWO_MONTHS = re.compile(
    rf"\b(?:between|from)\s+(?P<first>{_MONTHS})\s+(?:and|to|until|through)\s+"
    rf"(?P<last>(?:{_MONTHS})\s+(?P<year>(?:19|20)\d\d))\b"
)


@dataclass(frozen=True, slots=True)
class _Period:
    """The days that the words of a question from `start` to `end` bound it to."""

    start: int
    end: int
    since: date | None
    until: date | None


def read_question(
    question: str,
    held: Sequence[str] = (),
    find_dates: FindDates | None = None,
    today: date | None = None,
    parts: Sequence[str] = (),
) -> Reading:
    """Read a question's sources, dates and clauses.

    `held` are the library's outlets. `today` is what "last week" counts from. `parts` are the
    question's separate questions where somebody else took it apart: they are its clauses then.

    >>> found = read_question("Which road, according to Hill Echo, is shut, and how long did the "
    ...                       "mayor tell the Harbour Post that mending it would take?",
    ...                       ["Hill Echo", "Harbour Post"])
    >>> [clause.outlets for clause in found.clauses]
    [('Hill Echo',), ('Harbour Post',)]
    """
    mentions, missing = read_outlets(question, held)
    periods = _periods(question, find_dates, today) if find_dates else []
    outlets = tuple(dict.fromkeys(name for m in mentions for name in m.outlets))
    if parts:
        clauses = tuple(_given(part, held, find_dates, today, outlets) for part in parts)
    else:
        clauses = tuple(
            _clause(question, start, end, mentions, periods, outlets)
            for start, end in _divide(question, mentions)
        )
    return Reading(
        clauses=clauses,
        outlets=outlets,
        unknown_outlets=tuple(missing),
        since=_earliest([p.since for p in periods]),
        until=_latest([p.until for p in periods]),
        latest=len(clauses) == 1 and _asks_for_now(question, mentions),
        compound=len(clauses) > 1 or len(set(analyze(question))) >= _LONG,
    )


def _asks_for_now(question: str, mentions: Sequence[Mention]) -> bool:
    """Whether a word outside the names of sources asks for the present."""
    return any(
        not any(m.start <= word.start() < m.end for m in mentions)
        for word in _LATEST.finditer(question)
    )


def _clause(
    question: str,
    start: int,
    end: int,
    mentions: Sequence[Mention],
    periods: Sequence[_Period],
    outlets: tuple[str, ...],
) -> Clause:
    own = [name for m in mentions if start <= m.start < end for name in m.outlets]
    within = [p for p in periods if start <= p.start < end]
    return Clause(
        text=question[start:end].strip(" ,;"),
        # A source at the question's end or beginning speaks for all of it.
        outlets=tuple(dict.fromkeys(own)) or outlets,
        since=_earliest([p.since for p in within]),
        until=_latest([p.until for p in within]),
    )


def _given(
    part: str,
    held: Sequence[str],
    find_dates: FindDates | None,
    today: date | None,
    outlets: tuple[str, ...],
) -> Clause:
    """A part that stands alone: its own sources, else the question's; its own dates."""
    mentions, _ = read_outlets(part, held)
    periods = _periods(part, find_dates, today) if find_dates else []
    return _clause(part, 0, len(part), mentions, periods, outlets)


def _earliest(days: Sequence[date | None]) -> date | None:
    """The first of some days; None where there are none, or one bound is open."""
    return min((d for d in days if d), default=None) if all(days) else None


def _latest(days: Sequence[date | None]) -> date | None:
    return max((d for d in days if d), default=None) if all(days) else None


def _divide(question: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Where the question's clauses stand: (start, end), in order, nothing left out."""
    if len(set(analyze(question))) < _UNDIVIDED:
        return [(0, len(question))]
    lists = lists_of(question, mentions)
    closed = [m.span() for m in _QUOTED.finditer(question)] + lists
    turns = [
        turn.end()
        for turn in _TURN.finditer(question)
        if not any(start < turn.end() < end for start, end in closed)
    ]
    turns = sorted({*turns, *_between_sources(question, lists)})
    bounds = [0, *turns, len(question)]
    parts = _told(question, [(a, b) for a, b in pairwise(bounds) if a < b], mentions)
    sizes = [_size(question, part, mentions) for part in parts]
    while len(parts) > 1 and (min(sizes) < _FEWEST_TERMS or len(parts) > MOST_CLAUSES):
        small = sizes.index(min(sizes))
        after = small == 0 or (small + 1 < len(parts) and sizes[small + 1] < sizes[small - 1])
        first = small if after else small - 1
        parts[first : first + 2] = [(parts[first][0], parts[first + 1][1])]
        sizes[first : first + 2] = [_size(question, parts[first], mentions)]
    return parts


def _between_sources(question: str, lists: Sequence[tuple[int, int]]) -> list[int]:
    """Where "and" parts what one source says from what the next one says."""
    return [
        one[1] + turn.end()
        for one, other in pairwise(lists)
        if (turn := _AND.search(question[one[1] : other[0]]))
    ]


def _told(
    question: str, parts: list[tuple[int, int]], mentions: Sequence[Mention]
) -> list[tuple[int, int]]:
    """Where several parts name a source, a part that names none belongs to the one before it.

    Unless it asks the question itself: that is asked of all sources.
    """
    naming = [any(start <= m.start < end for m in mentions) for start, end in parts]
    if sum(naming) < 2:
        return parts
    joined: list[tuple[int, int]] = []
    for (start, end), names in zip(parts, naming, strict=True):
        asks = _ASKS.match(question, start)
        if joined and not names and not asks:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _size(question: str, part: tuple[int, int], mentions: Sequence[Mention]) -> int:
    """How many terms a part has, without those of the sources that it names."""
    start, end = part
    named = [m for m in mentions if start <= m.start < end]
    sources = sum(len(analyze(question[m.start : m.end])) for m in named)
    return len(set(analyze(question[start:end]))) - sources


def _periods(question: str, find_dates: FindDates, today: date | None) -> list[_Period]:
    """The periods that a question names, in its order."""
    months = _TWO_MONTHS.search(question)
    if months:  # the first month has no year of its own
        begin = find_dates(f"in {months['first']} {months['year']}", None)
        finish = find_dates(f"in {months['last']}", None)
        if begin and finish and begin[0].event.start <= finish[0].event.end:
            return [_Period(*months.span(), begin[0].event.start, finish[0].event.end)]
    dated = _dated(question, find_dates, today)
    periods: list[_Period] = []
    while dated:
        one = dated.pop(0)
        if dated and _are_span(question, one, dated[0]):
            other = dated.pop(0)
            periods.append(_Period(one.start, other.end, one.event.start, other.event.end))
        else:
            periods.append(_bounded(question, one))
    return periods


def _dated(question: str, find_dates: FindDates, today: date | None) -> list[Dated]:
    """The date expressions; from today's date only those are worked out that count from it.

    "On 5 June" in a question over an archive is not the nearest June.
    """
    known = {(d.start, d.end) for d in find_dates(question, None)}
    return [
        d
        for d in find_dates(question, today)
        if (d.start, d.end) in known or _FROM_TODAY.search(question[d.start : d.end])
    ]


def _are_span(question: str, one: Dated, other: Dated) -> bool:
    opens = _OPENS_SPAN.search(question[: one.start]) or _LEAD.match(question[one.start :])
    joined = _JOINS_DATES.match(question[one.end : other.start])
    return bool(opens and joined) and one.event.start <= other.event.end


def _bounded(question: str, one: Dated) -> _Period:
    """A date with the word before it: before, until, since, after, or just then."""
    first, last = one.event.start, one.event.end
    words, before = question[one.start : one.end], question[: one.start]
    since: date | None = first
    until: date | None = last
    lead = _LEAD.match(words)
    said = f"{before}{lead['lead']} " if lead else before
    if _SPAN.search(words):
        pass
    elif _BEFORE.search(said):
        since, until = None, first - _DAY
    elif _UNTIL.search(said):
        since = None
    elif _AFTER.search(said):
        since, until = last + _DAY, None
    elif _SINCE.search(said):
        until = None
    return _Period(one.start, one.end, since, until)

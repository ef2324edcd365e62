"""Sources that give different values for the one thing a question asks, side by side.

Conservative: for "how many …" and "who holds / who was behind …" only, and only where the tellings
are of one event (`tellings`). A later toll of the same outlet is an update, a reprint is not a
second source, and a rough number that an exact one bears out is no other number.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from assistant.answering.dating.datewords import find_mentions
from assistant.answering.differing.asking import Asked, asked_thing
from assistant.answering.differing.reprints import Reprints
from assistant.answering.differing.tellings import Telling, find_tellings
from assistant.types import Citation, Disagreement, Event, Evidence, Side, Statement

_SAME_TIME = timedelta(days=4)  # a holder told later than this may simply be the next one
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
_MOST_SIDES = 6


@dataclass(frozen=True, slots=True)
class Told:
    """What was asked, and what each voice tells of it."""

    asked: Asked
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """Disagreements, and the citations that they need beside those of the statements."""

    disagreements: tuple[Disagreement, ...] = ()
    citations: tuple[Citation, ...] = ()


def build_disagreements(
    question: str, statements: Sequence[Statement], citations: Sequence[Citation]
) -> tuple[Disagreement, ...]:
    """At most one disagreement, among the cited quotes alone."""
    told = tellings_of(question, statements, citations)
    return compare(told, citations).disagreements if told else ()


def tellings_of(
    question: str,
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    evidence: Sequence[Evidence] = (),
    reprints: Reprints | None = None,
) -> Told | None:
    """What the cited quotes, and the evidence besides, tell of the one thing that is asked."""
    asked = asked_thing(question)
    if asked is None:
        return None
    used = {marker for statement in statements for marker in statement.markers}
    cited = [citation for citation in citations if citation.marker in used]
    return Told(asked, tuple(find_tellings(asked, cited, evidence, reprints)))


def compare(found: Told, citations: Sequence[Citation]) -> Differing:
    """At most one disagreement: the number, or the party, that a question asks for.

    Sides stand in the order of their first marker; `value` is in the quote's own words ("at least
    58"). A sentence of the evidence that differs is cited with the next free marker. Empty where
    unsure.
    """
    asked = found.asked
    told = _at_one_time(found.tellings, asked)
    current = _sides([telling for telling in told if not telling.superseded], Telling.agrees)
    if len(current) < 2 or not _several_voices(current):
        return Differing()
    # Where sources differ, every figure is shown: one that its own report gives beside another, and
    # one that its outlet has put right since.
    every = asked.relation is None
    sides = _sides(told, lambda one, other: one.value.agrees(other.value)) if every else current
    markers = {id(telling): telling.citation.marker for side in sides for telling in side}
    added: list[Citation] = []
    for side in sides:
        for telling in side:
            if not telling.citation.marker:
                markers[id(telling)] = len(citations) + len(added) + 1
                added.append(replace(telling.citation, marker=markers[id(telling)]))
    shown = tuple(
        Side(side[0].value.words, tuple(markers[id(telling)] for telling in side)) for side in sides
    )
    return Differing((Disagreement(asked.about, shown),), tuple(added))


def _at_one_time(told: Sequence[Telling], asked: Asked) -> list[Telling]:
    """Of a state of affairs, only what was told about as late as the newest telling.

    Of an event, only what is dated, or was reported within a week of the first telling's; and what
    is of one day, where the words date it: the one that most tellings are of, the first of such.
    Where others are of other days, or the question asks of strikes or shelling, there were several
    events, and what dates nothing is of that day only if it was reported by the next.
    """
    if asked.relation != "holds":
        told = [telling for telling in told if _of_those_days(telling, told[0])]
        days = [t.event for t in told if t.event is not None and t.event.precision == "day"]
        several = asked.repeated or any(_apart(event, days[0]) for event in days)
        if several and not days:
            days = [Event(d, d, "day", "") for t in told if (d := t.citation.published)]
        if not days:
            return list(told)
        day = max(days, key=lambda day: sum(_of_day(t, day, several=True) for t in told))
        return [t for t in told if _of_day(t, day, several=several)]
    reported = [t.citation.published for t in told if t.citation.published is not None]
    if not reported:
        return list(told)
    newest = max(reported)
    return [t for t in told if t.citation.published and newest - t.citation.published <= _SAME_TIME]


def _of_day(telling: Telling, day: Event, *, several: bool) -> bool:
    event, published = telling.event, telling.citation.published
    if event is not None and event.precision == "day":
        return not _apart(event, day)
    return not several or (published is not None and day.start <= published <= day.end + _A_DAY)


def _of_those_days(telling: Telling, first: Telling) -> bool:
    """Whether what dates nothing was reported within a week of what the first telling is of."""
    published, start = telling.citation.published, first.citation.published
    end = start
    if first.event is not None:
        start, end = first.event.start, first.event.end
    if published is None or start is None or end is None:
        return True
    if start - _A_WEEK <= published <= end + _A_WEEK:
        return True
    return bool(find_mentions(telling.citation.quote, published))


def _apart(event: Event, day: Event) -> bool:
    return event.end < day.start or day.end < event.start


def _sides(
    told: Sequence[Telling], same: Callable[[Telling, Telling], bool]
) -> list[list[Telling]]:
    """The tellings by value, those cited first; evidence that only agrees is left out."""
    sides: list[list[Telling]] = []
    for telling in told:
        side = next((side for side in sides if same(side[0], telling)), None)
        if side is None and len(sides) < _MOST_SIDES:
            sides.append([telling])
        elif side is not None and telling.citation.marker:
            side.append(telling)
    return sides


def _several_voices(sides: Sequence[Sequence[Telling]]) -> bool:
    """Whether the sides are more than one source's: two outlets, or two speakers of one report."""
    told = [telling for side in sides for telling in side]
    if len({telling.outlet for telling in told}) > 1:
        return True
    speakers = {telling.speaker for telling in told}
    return (
        len({t.citation.article_id for t in told}) == 1
        and None not in speakers
        and (len(speakers) > 1)
    )

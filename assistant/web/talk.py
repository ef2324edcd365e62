"""One browser session's conversation, as values. Knows nothing of gradio or HTML.

A session is a tuple of `Turn`s. Asking yields the next states of that tuple, so that the page can
be drawn after each of them; nothing here is shared between sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from assistant.errors import DatelineError, UsageError
from assistant.types import Answer, Citation, Evidence, Filters, Part, Statement

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

MAX_TURNS = 20
"""Turns that a session keeps: an answer holds its evidence, so this bounds its memory."""

MAX_QUESTION = 2_000
"""Characters that the ask box takes, as many as the pipeline does."""

INTERRUPTED = "the connection was interrupted; ask again"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what has come back for it so far.

    `statements` and `citations` grow while the answer streams; `answer` is there when it is
    whole. `error` is the one line that ended the turn instead.
    """

    number: int
    question: str
    filters: Filters = field(default_factory=Filters)
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str | None = None

    @property
    def pending(self) -> bool:
        """Whether more is still to come."""
        return self.answer is None and self.error is None


Turns = tuple[Turn, ...]


class Narrowing(NamedTuple):
    """What stands in the filter fields, as it was typed or as the page's address gives it."""

    since: str | None = None
    until: str | None = None
    source: str | None = None
    region: str | None = None
    tag: str | None = None

    @classmethod
    def of(cls, filters: Filters) -> Narrowing:
        """The fields that give those filters."""
        days = (str(day) if day else "" for day in (filters.since, filters.until))
        return cls(*days, *(n or "" for n in (filters.source, filters.region, filters.tag)))


def parse_filters(typed: Narrowing) -> Filters:
    """Filters from what the reader typed.

    Raises:
        UsageError: a day is not written as YYYY-MM-DD.
    """
    names = ((name or "").strip() or None for name in (typed.source, typed.region, typed.tag))
    return Filters(_day(typed.since, "From"), _day(typed.until, "Until"), *names)


NOWHERE = Narrowing()
"""Nothing is narrowed."""


def _day(text: str | None, label: str) -> date | None:
    text = (text or "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"{label}: {text[:40]!r} is not a date; write it as YYYY-MM-DD, for example 2017-06-23"
        ) from None


def converse(
    assistant: Assistant,
    turns: Turns,
    question: str,
    typed: Narrowing = NOWHERE,
) -> Iterator[Turns]:
    """Ask, and yield the session after each thing that came back.

    A `DatelineError` ends the turn with its one line; statements that came before it stay, for
    each of them was checked. An empty question yields nothing.
    """
    question = " ".join(question.split())
    if not question:
        return
    turn = Turn(number=turns[-1].number + 1 if turns else 1, question=question)
    earlier = end_pending(turns, INTERRUPTED)[-(MAX_TURNS - 1) :]
    try:
        turn = replace(turn, filters=parse_filters(typed))
        yield (*earlier, turn)
        for item in assistant.stream(
            turn.question,
            history=[t.answer for t in earlier if t.answer],
            since=turn.filters.since,
            until=turn.filters.until,
            source=turn.filters.source,
            region=turn.filters.region,
            tag=turn.filters.tag,
        ):
            turn = _with(turn, item)
            yield (*earlier, turn)
    except DatelineError as error:
        yield (*earlier, replace(turn, error=str(error)))


def _with(turn: Turn, item: Part | Answer) -> Turn:
    if isinstance(item, Answer):
        return replace(turn, answer=item, statements=item.statements, citations=item.citations)
    return replace(
        turn,
        statements=(*turn.statements, item.statement),
        citations=(*turn.citations, *item.citations),
    )


def end_pending(turns: Turns, message: str) -> Turns:
    """The session with its unfinished turn, if there is one, ended by that line."""
    if not turns or not turns[-1].pending:
        return turns
    return (*turns[:-1], replace(turns[-1], error=message))


def find_turn(turns: Turns, number: object) -> Turn | None:
    """The turn of that number, which comes from the browser; None where there is none."""
    return next((turn for turn in turns if turn.number == number), None)


def cut_at(turns: Turns, number: int | None) -> Turns:
    """The session before the turn of that number; all of it for None."""
    return tuple(turn for turn in turns if number is None or turn.number < number)


def find_opened(
    turns: Turns, turn: object, kind: object, number: object
) -> Citation | Evidence | None:
    """What a click in the transcript refers to: a citation by marker, or evidence by rank.

    The three values come from the browser and are trusted for nothing but this search.
    """
    each = find_turn(turns, turn)
    if each and kind == "citation":
        return next((c for c in each.citations if c.marker == number), None)
    if each and each.answer and kind == "evidence":
        return next((e for e in each.answer.evidence if e.rank == number), None)
    return None

"""One browser session's conversation, as values. Knows nothing of gradio or HTML.

A session is a tuple of `Turn`s. `begin` adds a question, `progressed` what came back for it, and
each gives the next state of that tuple, so that the page can be drawn after each of them; nothing
here is shared between sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from assistant.chats import Feedback
from assistant.errors import UsageError
from assistant.types import Answer, Citation, Evidence, Filters, Part, Statement

MAX_TURNS = 20
"""Turns that a session keeps: an answer holds its evidence, so this bounds its memory."""

MAX_QUESTION = 2_000
"""Characters that the ask box takes, as many as the pipeline does."""

MAX_NAME = 300
"""Characters of a filter that are read, as many as the API takes."""

INTERRUPTED = "the connection was interrupted; ask again"
STOPPED = "stopped by you; “Ask again” starts it anew"


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what has come back for it so far.

    `statements` and `citations` grow while the answer streams; `answer` is there when it is
    whole. `error` is the one line that ended the turn instead, `stopped` if that was the reader's
    wish. `waits`: its place in the queue, 1 being next; 0: it does not wait.

    Of what is kept: `kept_as` is the turn's id, `place` its number among those of its chat, and
    `unkept` the line that says why it could not be kept.
    """

    number: int
    question: str
    filters: Filters = field(default_factory=Filters)
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False
    waits: int = 0
    kept_as: str | None = None
    place: int | None = None
    unkept: str | None = None
    feedback: Feedback | None = None

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
    given = (typed.source, typed.region, typed.tag)
    names = ((name or "")[:MAX_NAME].strip() or None for name in given)
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


def begin(turns: Turns, question: str, typed: Narrowing = NOWHERE) -> Turns:
    """The session with a new question, which waits for its answer; as it was for an empty one.

    Where the filters cannot be read, the turn ends with the line that says why. The page lets
    nobody type more than `MAX_QUESTION` characters; of more, the first are taken, for all is kept.
    """
    question = " ".join(question.split())[:MAX_QUESTION]
    if not question:
        return turns
    turn = Turn(number=turns[-1].number + 1 if turns else 1, question=question)
    earlier = end_pending(turns, INTERRUPTED)[-(MAX_TURNS - 1) :]
    try:
        turn = replace(turn, filters=parse_filters(typed))
    except UsageError as error:
        turn = replace(turn, error=str(error))
    return (*earlier, turn)


def progressed(turns: Turns, item: int | Part | Answer) -> Turns:
    """The session after what came for its last turn: a place in the queue, a part, the answer."""
    turn = turns[-1]
    if isinstance(item, int):
        turn = replace(turn, waits=item)
    elif isinstance(item, Answer):
        whole = light(item)
        turn = replace(
            turn, waits=0, answer=whole, statements=item.statements, citations=item.citations
        )
    else:
        statements = (*turn.statements, item.statement)
        citations = (*turn.citations, *item.citations)
        turn = replace(turn, waits=0, statements=statements, citations=citations)
    return (*turns[:-1], turn)


def light(answer: Answer) -> Answer:
    """An answer without the texts of whole articles, which a session would otherwise hold in
    memory for each passage; the library has them when one is opened.
    """
    evidence = (replace(each, article=replace(each.article, text="")) for each in answer.evidence)
    return replace(answer, evidence=tuple(evidence))


def history_of(turns: Turns) -> list[Answer]:
    """The whole answers of a session, the first first."""
    return [turn.answer for turn in turns if turn.answer]


def end_pending(turns: Turns, message: str, *, stopped: bool = False) -> Turns:
    """The session with its unfinished turn, if there is one, ended by that line.

    What was stated stays, for each statement was checked.
    """
    if not turns or not turns[-1].pending:
        return turns
    return (*turns[:-1], replace(turns[-1], error=message, stopped=stopped, waits=0))


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

"""What is kept of conversations, as values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal

from assistant.errors import LibraryError
from assistant.types import Answer, Article, Filters

Vote = Literal[1, -1]

ANYONE = ""
"""The owner of the chats of who needs no login. No user's name is empty."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """Thumbs up (1) or down (-1) for an answer, with the reason where one was given."""

    vote: Vote
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A question, and how it ended: with an answer, an error's one line, or stopped by its asker.

    A stopped turn may have an answer too: what came before it was stopped.
    """

    question: str
    filters: Filters = field(default_factory=Filters)
    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn of a kept chat. `number` runs from 1 without gaps; `id` is the turn's for good."""

    id: str
    number: int
    asked: datetime
    question: str
    filters: Filters = field(default_factory=Filters)
    answer: Answer | None = None
    error: str | None = None
    stopped: bool = False
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class ChatInfo:
    """A kept chat without its turns, of which there are `turns`. Times are aware, in UTC.

    `imported`: it came from a file, and not from questions asked here.
    """

    id: str
    title: str
    made: datetime
    changed: datetime
    turns: int
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Chat:
    """A kept chat with its turns, in their order."""

    info: ChatInfo
    turns: tuple[KeptTurn, ...]

    @property
    def history(self) -> tuple[Answer, ...]:
        """The whole answers so far: `history` for `Assistant.ask`."""
        return tuple(turn.answer for turn in self.turns if turn.answer and not turn.stopped)


def with_articles(answer: Answer, article: Callable[[str, str], Article]) -> Answer:
    """A kept answer whose evidence has its articles again, by id and revision, from the library.

    What the library does not hold any more stays as it was kept: an id alone.
    """
    filled = []
    for each in answer.evidence:
        try:
            found = article(each.passage.article_id, each.passage.revision)
        except LibraryError:
            found = each.article
        filled.append(replace(each, article=found))
    return replace(answer, evidence=tuple(filled))


def filters_dict(filters: Filters) -> dict[str, str]:
    """What narrows a question as JSON-ready values; without what does not."""
    values = {
        "since": filters.since and filters.since.isoformat(),
        "until": filters.until and filters.until.isoformat(),
        "source": filters.source,
        "region": filters.region,
        "tag": filters.tag,
    }
    return {key: value for key, value in values.items() if value}


def filters_from(data: dict[str, Any]) -> Filters:
    """The inverse of `filters_dict`.

    Raises:
        ValueError: a key or a value is none of a filter's.
    """
    unknown = data.keys() - {"since", "until", "source", "region", "tag"}
    if unknown or not all(isinstance(value, str) for value in data.values()):
        raise ValueError("not the form of filters")
    since, until = (date.fromisoformat(data[key]) if key in data else None for key in _DAYS)
    return Filters(since, until, data.get("source"), data.get("region"), data.get("tag"))


_DAYS = ("since", "until")

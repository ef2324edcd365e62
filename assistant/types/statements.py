"""What an answer is made of: evidence, statements, citations, and what surrounds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.types.articles import Article, Passage

Status = Literal["reported", "claimed", "expected", "unconfirmed", "denied"]
Precision = Literal["day", "week", "month", "year"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that retrieval ranked, with the article that it stands in.

    `rank` is 1-based. `score` is comparable inside one answer only; `score_kind` names it.
    """

    passage: Passage
    article: Article
    rank: int
    score: float
    score_kind: str


@dataclass(frozen=True, slots=True)
class Event:
    """When the thing told of happened: both days inclusive, and the words that say so."""

    start: date
    end: date
    precision: Precision
    words: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer.

    `body` is the claim that is checked against the quotes; `text` is `body` in its frame
    (report's date, outlet, status, markers), rendered by one function from metadata.
    """

    text: str
    body: str
    markers: tuple[int, ...]
    reported_on: date | None = None
    event: Event | None = None
    status: Status = "reported"
    attributed_to: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote: `article(article_id, revision).text[start:end] == quote`.

    `also_carried_by`: other outlets in which the same report was found with these words; one
    source. `answer`: where in `quote` the words that answer stand, start and end; None where that
    is not told.
    """

    marker: int
    article_id: str
    revision: str
    passage_id: str
    title: str
    source: str
    publisher: str
    published: date | None
    url: str
    quote: str
    start: int
    end: int
    also_carried_by: tuple[str, ...] = ()
    answer: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One checked statement on its way to the reader, with the citations it is first to use."""

    statement: Statement
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """One value that some of the sources give, and the citations that give it."""

    value: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Sources that give different values for the same thing, side by side."""

    about: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """The citations whose articles were reported on one day.

    `earlier`: the question asks how things stand, and a later report has superseded these.
    """

    reported_on: date
    markers: tuple[int, ...]
    earlier: bool = False

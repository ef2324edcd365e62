"""The words of Dateline, as frozen dataclasses. Imports nothing of ours.

Dates are `datetime.date` here and ISO strings in `Answer.to_dict()`. Offsets count characters
(indices of a Python `str`) in the cleaned text of one revision of an article.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

SCHEMA_VERSION = 1

Status = Literal["reported", "claimed", "expected", "unconfirmed", "denied"]
Precision = Literal["day", "week", "month", "year"]
LinkKind = Literal["exact", "reprint", "update"]
WriterName = Literal["quote", "openai"]


def revision_of(text: str) -> str:
    """The short revision of a cleaned text: the first 16 hex digits of its sha256.

    Lone surrogates (which UTF-8 cannot hold) are encoded as they stand, so any `str` has one.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is stored: the cleaned text and what is known about it.

    `source` is the outlet that reported it, `publisher` who carried it if that is another;
    `published` is the outlet's date, `carried_on` the re-publisher's.
    """

    id: str
    text: str
    title: str = ""
    source: str = ""
    publisher: str = ""
    author: str = ""
    published: date | None = None
    carried_on: date | None = None
    region: str = ""
    tags: tuple[str, ...] = ()
    url: str = ""
    language: str = ""
    cleaner_version: str = ""

    @property
    def revision(self) -> str:
        """The revision that offsets refer to: a digest of `text`."""
        return revision_of(self.text)


@dataclass(frozen=True, slots=True)
class Link:
    """An article that repeats another one, the original: both are one source.

    `exact`: the same text; `reprint`: most of its words; `update`: what the same outlet made of its
    own report later. `share`: of the runs of five words of the shorter, how many the longer has,
    0 to 1.
    """

    article_id: str
    original_id: str
    kind: LinkKind
    share: float


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file, or one entry of it, that was not taken in, and why (one line)."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: `article.text[start:end] == text`.

    `sentences` are (start, end) offsets in the article's text, inside [start, end].
    `header` (title, source, date) is searched with the text and never quoted.
    """

    article_id: str
    revision: str
    text: str
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]
    header: str = ""

    @property
    def id(self) -> str:
        """`article_id@revision:start-end`."""
        return f"{self.article_id}@{self.revision}:{self.start}-{self.end}"


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


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds spent in each stage of one answer."""

    rewrite: float = 0.0
    retrieve: float = 0.0
    write: float = 0.0
    verify: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens that a model read and wrote for one answer; 0 where no model was asked."""

    sent: int = 0
    received: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reader gets. `to_dict()` is the contract that every surface reads."""

    question: str
    standalone_question: str
    text: str
    writer: str
    model: str
    prompt_id: str
    abstained: bool
    abstention_reason: str | None
    confidence: float
    dropped: int
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    timeline: tuple[TimelineEntry, ...] = ()
    timings: Timings = field(default_factory=Timings)
    tokens: Tokens = field(default_factory=Tokens)

    def to_dict(self) -> dict[str, Any]:
        """The answer as JSON-ready values, in the form of schema version 1."""
        return {
            "schema_version": SCHEMA_VERSION,
            "question": self.question,
            "standalone_question": self.standalone_question,
            "text": self.text,
            "writer": self.writer,
            "model": self.model,
            "prompt_id": self.prompt_id,
            "abstained": self.abstained,
            "abstention_reason": self.abstention_reason,
            "confidence": self.confidence,
            "dropped": self.dropped,
            "statements": [_statement_dict(s) for s in self.statements],
            "citations": [_citation_dict(c) for c in self.citations],
            "evidence": [_evidence_dict(e) for e in self.evidence],
            "disagreements": [
                {
                    "about": d.about,
                    "sides": [{"value": s.value, "markers": list(s.markers)} for s in d.sides],
                }
                for d in self.disagreements
            ],
            "timeline": [
                {
                    "reported_on": t.reported_on.isoformat(),
                    "markers": list(t.markers),
                    "earlier": t.earlier,
                }
                for t in self.timeline
            ],
            "timings_ms": {
                "rewrite": self.timings.rewrite,
                "retrieve": self.timings.retrieve,
                "write": self.timings.write,
                "verify": self.timings.verify,
                "total": self.timings.total,
            },
            "tokens": {"in": self.tokens.sent, "out": self.tokens.received},
        }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _statement_dict(s: Statement) -> dict[str, Any]:
    event = s.event and {
        "start": s.event.start.isoformat(),
        "end": s.event.end.isoformat(),
        "precision": s.event.precision,
        "words": s.event.words,
    }
    return {
        "text": s.text,
        "body": s.body,
        "markers": list(s.markers),
        "reported_on": _iso(s.reported_on),
        "event": event,
        "status": s.status,
        "attributed_to": s.attributed_to,
    }


def _citation_dict(c: Citation) -> dict[str, Any]:
    return {
        "marker": c.marker,
        "article_id": c.article_id,
        "revision": c.revision,
        "passage_id": c.passage_id,
        "title": c.title,
        "source": c.source,
        "publisher": c.publisher,
        "published": _iso(c.published),
        "url": c.url,
        "quote": c.quote,
        "start": c.start,
        "end": c.end,
        "also_carried_by": list(c.also_carried_by),
        "answer": list(c.answer) if c.answer else None,
    }


def _evidence_dict(e: Evidence) -> dict[str, Any]:
    return {
        "rank": e.rank,
        "score": e.score,
        "score_kind": e.score_kind,
        "passage_id": e.passage.id,
        "article_id": e.passage.article_id,
        "text": e.passage.text,
        "start": e.passage.start,
        "end": e.passage.end,
    }


def filter_key(name: str) -> str:
    """A name as filters compare it."""
    return name.strip().casefold()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows a question to. Both days inclusive; None means no bound.

    A date bound leaves undated articles out. `source` matches outlet or re-publisher, `tag` one of
    an article's tags, all of them whatever their case.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None
    region: str | None = None
    tag: str | None = None

    @property
    def active(self) -> bool:
        """Whether anything is narrowed."""
        keys = (self.source_key, self.region_key, self.tag_key)
        return bool(self.since or self.until or any(keys))

    def admits(self, article: Article) -> bool:
        """Whether an article passes.

        >>> Filters(source="south front").admits(Article("a", "text", source="South Front"))
        True
        >>> Filters(until=date(2017, 6, 23)).admits(Article("a", "text"))
        False
        """
        day = article.published
        for key, values in (
            (self.source_key, (article.source, article.publisher)),
            (self.region_key, (article.region,)),
            (self.tag_key, article.tags),
        ):
            if key and key not in map(filter_key, values):
                return False
        if self.since and (day is None or day < self.since):
            return False
        return not (self.until and (day is None or day > self.until))

    @property
    def source_key(self) -> str:
        """`source` as it is compared with outlets; empty for any."""
        return filter_key(self.source or "")

    @property
    def region_key(self) -> str:
        """`region` as it is compared; empty for any."""
        return filter_key(self.region or "")

    @property
    def tag_key(self) -> str:
        """`tag` as it is compared with tags; empty for any."""
        return filter_key(self.tag or "")


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """What an index was built with; opening it with another embedder is refused.

    `pending`: how many of its passages have no vector yet, and are found by their words alone.
    """

    schema_version: int
    embedder: str
    dimension: int
    weights_digest: str
    chunking: str
    cleaner_version: str
    articles: int
    passages: int
    built_at: str
    generation: int
    pending: int = 0


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one run of indexing did: article ids, what was refused, and seconds spent.

    `stopped`: it was asked to end before it was through. `pending`: passages without a vector yet,
    which are found by their words alone.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    seconds: float = 0.0
    stopped: bool = False
    pending: int = 0


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """Words of an article that carry (a part of) the expected answer."""

    article_id: str
    quote: str


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of a case's history, with the answer that was given to it."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class EvalCase:
    """One line of a question file.

    `answers`: every part is wanted, any spelling of a part will do. `evidence`: every group is
    wanted, any member of a group will do. `articles`: a closed case, answered from these alone.
    `extra`: the line's other keys, as they stand.
    """

    id: str
    question: str
    type: str
    answerable: bool
    answers: tuple[tuple[str, ...], ...] = ()
    evidence: tuple[tuple[GoldQuote, ...], ...] = ()
    articles: tuple[Article, ...] | None = None
    history: tuple[Turn, ...] = ()
    reported_on: str | None = None
    status: str | None = None
    note: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)

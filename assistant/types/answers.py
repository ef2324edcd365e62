"""The whole answer, and the contract that every surface reads: `Answer.to_dict()`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from assistant.types.statements import (
    Citation,
    Disagreement,
    Evidence,
    Statement,
    TimelineEntry,
)

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SCHEMA_VERSION = 1

WriterName = Literal["quote", "openai"]


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
            "statements": [statement_dict(s) for s in self.statements],
            "citations": [citation_dict(c) for c in self.citations],
            "evidence": [evidence_dict(e) for e in self.evidence],
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

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `to_dict()` made this of; `from_dict(d).to_dict() == d`.

        What the form does not hold is empty: of the article of an `Evidence` only its id is known,
        of its passage neither sentences nor header. The library has them.

        Raises:
            ValueError: it is not of that form, or of another version; in one line.
        """
        from pydantic import ValidationError

        try:
            if data["schema_version"] != SCHEMA_VERSION:
                raise ValueError(f"schema_version is not {SCHEMA_VERSION}")
            return _reader().validate_python({**data, **_nested(data)})
        except ValidationError as error:  # its own text has many lines, and quotes the values
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise ValueError(f"{where}: {first['msg']}") from error
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"not the form of an answer ({error})") from error


@cache
def _reader() -> TypeAdapter[Answer]:
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)


def _nested(data: Mapping[str, Any]) -> dict[str, Any]:
    """What has another shape in an `Answer` than in the form."""
    tokens = data["tokens"]
    return {
        **{key: data[key] for key in ("statements", "citations", "disagreements", "timeline")},
        "timings": data["timings_ms"],
        "tokens": {"sent": tokens["in"], "received": tokens["out"]},
        "evidence": [_evidence_of(each) for each in data["evidence"]],
    }


def _evidence_of(e: Mapping[str, Any]) -> dict[str, Any]:
    article, where = e["article_id"], f":{e['start']}-{e['end']}"
    revision = e["passage_id"].removeprefix(f"{article}@").removesuffix(where)
    if f"{article}@{revision}{where}" != e["passage_id"]:
        raise ValueError("evidence: passage_id is not article_id@revision:start-end")
    passage = {
        "article_id": article,
        "revision": revision,
        "sentences": (),
        **{key: e[key] for key in ("text", "start", "end")},
    }
    return {
        "passage": passage,
        "article": {"id": article, "text": ""},
        **{key: e[key] for key in ("rank", "score", "score_kind")},
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def statement_dict(s: Statement) -> dict[str, Any]:
    """A statement as `Answer.to_dict()` has it."""
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


def citation_dict(c: Citation) -> dict[str, Any]:
    """A citation as `Answer.to_dict()` has it."""
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


def evidence_dict(e: Evidence) -> dict[str, Any]:
    """A ranked passage as `Answer.to_dict()` has it."""
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

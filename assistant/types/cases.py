"""The lines of a question file, which evaluation scores answers by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assistant.types.articles import Article


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
    `disagreement`: the sides that are to be shown side by side, any spelling of a side will do;
    empty where none is to be shown, None where nothing is said of it.
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
    disagreement: tuple[tuple[str, ...], ...] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

"""What a writer hands over to be checked: claims, each with the words that are to carry it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from assistant.types import Article, Evidence, Tokens, WriterName

NOTHING_NEAR = "The library, within any dates and outlets chosen, holds no passage that comes near."


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of one article, by their offsets in its text.

    `answer`: where in `text` the words that answer the question stand, if that is known. `core`:
    the sentence, by its offsets in the article, that the others only help to understand.
    """

    article: Article
    passage_id: str
    start: int
    end: int
    answer: tuple[int, int] | None = None
    core: tuple[int, int] | None = None

    @property
    def text(self) -> str:
        """The words themselves, verbatim."""
        return self.article.text[self.start : self.end]

    @property
    def said(self) -> str:
        """The words of the core, or all of them where none is marked."""
        return self.article.text[slice(*self.core)] if self.core else self.text


@dataclass(frozen=True, slots=True)
class Draft:
    """One claim and its quotes (at least one), not yet checked."""

    body: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the writing ended. The last thing that a writer yields, exactly once.

    `confidence` is in 0..1. `abstention_reason` is one sentence for the reader, or None.
    `rejected` counts sentences that the writer itself had to drop (no citation, invented id).
    """

    confidence: float
    abstention_reason: str | None = None
    rejected: int = 0
    tokens: Tokens = field(default_factory=Tokens)


class Writer(Protocol):
    """Turns ranked evidence into claims with quotes."""

    name: WriterName
    model: str
    prompt_id: str

    def write(
        self, question: str, evidence: Sequence[Evidence], own: str = ""
    ) -> Iterator[Draft | Outcome]:
        """Yield drafts as they are ready, then one `Outcome`.

        `own` is the part of a follow-up that its asker said this time; empty: all of `question`.

        Raises:
            EndpointError: the model behind the writer could not be asked.
        """
        ...

"""The stored collection: catalogue (SQL), vectors (Chroma), words (tantivy), one writer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.library.admitted import article_of
from assistant.library.backup import back_up, restore
from assistant.library.changes import FileChange
from assistant.library.engines.vectors import to_node
from assistant.library.export import export_articles
from assistant.library.held import FileState, HeldFiles
from assistant.library.listing import UNDATED, Count, Listed, Listing, Look, Repeated
from assistant.library.memory import ClosedSet
from assistant.library.places import Engines, engines_of
from assistant.library.rebuilding import Rebuilt, rebuild
from assistant.library.store import Library
from assistant.library.words import analyze
from assistant.library.writer import Embed, Writer
from assistant.types import Article, Filters, Passage

__all__ = [
    "UNDATED",
    "ClosedSet",
    "Collection",
    "Count",
    "Embed",
    "Engines",
    "FileChange",
    "FileState",
    "HeldFiles",
    "Library",
    "Listed",
    "Listing",
    "Look",
    "Rebuilt",
    "Repeated",
    "Writer",
    "analyze",
    "article_of",
    "back_up",
    "engines_of",
    "export_articles",
    "rebuild",
    "restore",
    "to_node",
]


class Collection(Protocol):
    """What retrieval asks of a library or of a closed set of articles."""

    @property
    def generation(self) -> int:
        """What rises with each commit: what was read before it may be out of date."""
        ...

    def search_words(
        self, terms: Sequence[str], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` best passages for analyzed terms: (id, BM25), best first."""
        ...

    def search_vectors(
        self, vector: Sequence[float], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` nearest passages: (id, cosine), best first."""
        ...

    def passages(self, passage_ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        """Load passages with their articles, by id."""
        ...

    def reports(self, article_ids: Sequence[str]) -> list[list[Article]]:
        """What is one report with some articles, the original first; lone ones are left out."""
        ...

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """Inverse document frequency of analyzed terms."""
        ...

    def similar_terms(self, term: str, distance: int) -> list[str]:
        """Terms of the collection within an edit distance of a term."""
        ...

    def spelt_like(self, name: str) -> dict[str, float]:
        """Terms that may be a name in another spelling, with how far they lie apart."""
        ...

"""A closed set of articles, searched like a library and kept nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.articles.near import group, link_all
from assistant.library.engines.vectors import cosines, embed_text
from assistant.library.words import Words
from assistant.library.writer import Embed
from assistant.passages import split_passages
from assistant.types import Article, Filters, Passage


class ClosedSet:
    """The articles of one `read()`: the same searches as `Library`, in memory."""

    generation = 0  # nothing is ever added

    def __init__(self, articles: Sequence[Article], embed: Embed) -> None:
        self._articles = tuple(articles)
        self._held = {
            passage.id: (passage, article)
            for article in articles
            for passage in split_passages(article)
        }
        self._words = Words(None)
        self._words.put(self._held.values())
        texts = [embed_text(passage) for passage, _ in self._held.values()]
        self._vectors: NDArray[np.float32] = (
            embed(texts) if texts else np.zeros((0, 1), dtype=np.float32)
        )

    def search_words(
        self, terms: Sequence[str], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` best passages for analyzed terms: (id, BM25), best first."""
        return self._words.search(terms, k, filters)

    def search_vectors(
        self, vector: Sequence[float], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` nearest passages: (id, cosine), best first."""
        if not self._held:
            return []
        scores = cosines(self._vectors, vector)
        ranked = sorted(zip(self._held, scores, strict=True), key=lambda hit: -hit[1])
        return [hit for hit in ranked if filters.admits(self._held[hit[0]][1])][:k]

    def passages(self, passage_ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        """Look passages up, with their articles, by id."""
        return {i: self._held[i] for i in passage_ids if i in self._held}

    def reports(self, article_ids: Sequence[str]) -> list[list[Article]]:
        """What is one report with some articles of the set, the original first; no lone ones."""
        wanted = set(article_ids)
        return [told for told in self._reports if any(a.id in wanted for a in told)]

    @cached_property
    def _reports(self) -> list[list[Article]]:
        return group(self._articles, link_all(self._articles))

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of analyzed terms."""
        return self._words.idf(terms)

    def similar_terms(self, term: str, distance: int) -> list[str]:
        """Terms of the set within an edit distance of a term."""
        return self._words.similar(term, distance)

    def spelt_like(self, name: str) -> dict[str, float]:
        """Terms of the set that may be a name in another spelling, and how far apart."""
        return self._words.spelt_like(name)

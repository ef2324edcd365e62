"""Which articles are one report, and who else carried it: links that were made before.

A library keeps them (`assistant.library.duplicates`); of articles at hand they are made here, by
the same rules (`assistant.articles.near`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.articles.near import group, holds, link_all
from assistant.types import Article


class Reprints:
    """Reports of several articles, the original first; any other article is a report of its own."""

    def __init__(self, reports: Iterable[Sequence[Article]] = ()) -> None:
        self._reports = {article.id: told for told in map(tuple, reports) for article in told}

    @classmethod
    def among(cls, articles: Iterable[Article]) -> Reprints:
        """What is one report among some articles, by their texts."""
        distinct = {article.id: article for article in articles}.values()
        return cls(group(distinct, link_all(distinct)))

    def origin(self, article_id: str) -> str:
        """The id of the report that an article repeats; its own where it repeats none."""
        told = self._reports.get(article_id)
        return told[0].id if told else article_id

    def carriers(self, article: Article, quote: str) -> tuple[str, ...]:
        """The other outlets that carried the report of an article with these words, each once.

        Who carries a report may change its figures, and did not say what it left out.
        """
        own = {article.source.casefold(), article.publisher.casefold(), ""}
        names: dict[str, str] = {}
        for other in self._reports.get(article.id, ()):
            if not holds(other.text, quote):
                continue
            for name in (other.source, other.publisher):
                if name.casefold() not in own:
                    names.setdefault(name.casefold(), name)
        return tuple(names.values())

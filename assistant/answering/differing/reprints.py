"""Which articles are one report: reprints and near-copies, and who else carried it.

Two texts are one report where most runs of five words of the shorter one stand in the longer one:
a reprint may leave out a paragraph, or add one of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from assistant.types import Article

_RUN = 5  # words
_SHARED = 0.7
_FEWEST = 12  # runs; shorter texts must have the very same words


class Reprints:
    """Groups some articles into reports; what was not given is a report of its own."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._groups: list[list[Article]] = []
        self._runs: dict[str, frozenset[tuple[str, ...]]] = {}
        distinct = {article.id: article for article in articles}
        for article in sorted(distinct.values(), key=_copied):
            self._runs[article.id] = _runs(article.text)
            group = next((g for g in self._groups if self._same(g[0], article)), None)
            if group is None:
                self._groups.append([article])
            else:
                group.append(article)

    def origin(self, article_id: str) -> str:
        """The id of the report that an article repeats; its own where it repeats none."""
        return next(
            (group[0].id for group in self._groups if self._holds(group, article_id)), article_id
        )

    def carriers(self, article: Article) -> tuple[str, ...]:
        """The other outlets that carried the report of an article, each once."""
        group = next((g for g in self._groups if self._holds(g, article.id)), [])
        own = {article.source.casefold(), article.publisher.casefold(), ""}
        names: dict[str, str] = {}
        for other in group:
            for name in (other.source, other.publisher):
                if name.casefold() not in own:
                    names.setdefault(name.casefold(), name)
        return tuple(names.values())

    def _same(self, one: Article, other: Article) -> bool:
        mine, theirs = self._runs[one.id], self._runs[other.id]
        fewer = min(len(mine), len(theirs))
        if fewer < _FEWEST:
            return mine == theirs and bool(mine)
        return len(mine & theirs) >= _SHARED * fewer

    @staticmethod
    def _holds(group: list[Article], article_id: str) -> bool:
        return any(article.id == article_id for article in group)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return frozenset(zip(*(words[place:] for place in range(_RUN)), strict=False))


def _copied(article: Article) -> tuple[bool, date, str]:
    """Sorts an original before its reprints, and an early report before a late one."""
    carried = bool(article.publisher) and article.publisher.casefold() != article.source.casefold()
    return carried, article.published or date.max, article.id

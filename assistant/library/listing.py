"""What a library holds, as one browses it: a page of articles at a time, and how many of when.

All of it in SQL, so that no look reads every article into memory.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.rows import article_from, askable, chunks, decode
from assistant.types import Article, LinkKind

UNDATED = "undated"
"""The value of `Look.when` for articles without a date."""

MOST_WORDS = 12
"""Words of a search that are looked for; more are left out."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a list is narrowed to; empty fields narrow nothing.

    Each of the `words` stands in the title, the outlet, the re-publisher, the author or the name of
    the file. `outlet` matches either outlet or re-publisher. `when`: "2017", "2017-06" or UNDATED.
    """

    words: str = ""
    outlet: str = ""
    region: str = ""
    tag: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Repeated:
    """The article that another one repeats."""

    id: str
    title: str
    source: str
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Listed:
    """An article of a list, its text left empty.

    `path` is its file's, as stored; `repeats` what it is a copy of, `copies` how many repeat it.
    """

    article: Article
    path: str
    words: int
    repeats: Repeated | None = None
    copies: int = 0


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles there are of a month ("2017-06"; empty: undated), outlet and carrier."""

    month: str
    source: str
    publisher: str
    articles: int


class Listing:
    """The list of a catalogue's articles."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def page(self, look: Look, first: int, most: int) -> list[Listed]:
        """Articles from the `first` (from 0) on, newest first, at most so many."""
        day = t.ARTICLES.c.published
        # Where words are looked for, every row is: one after the other is faster than day by day.
        newest = sa.func.coalesce(day, "").desc() if look.words else day.desc().nulls_last()
        query = _narrowed(sa.select(t.ARTICLES), look).order_by(newest, t.ARTICLES.c.id)
        query = query.offset(first).limit(most)
        with self._catalogue.begin() as connection:
            rows = list(connection.execute(query))
            ids = [row.id for row in rows]
            words = _words(connection, {row.id: row.revision for row in rows})
            repeats, copies = _repeats(connection, ids), _copies(connection, ids)
        return [
            Listed(
                article_from(row, row.id, ""),
                row.path,
                words.get(row.id, 0),
                repeats.get(row.id),
                copies.get(row.id, 0),
            )
            for row in rows
        ]

    def counts(self, look: Look) -> list[Count]:
        """How many articles there are of each month, outlet and re-publisher, in no order."""
        month = sa.func.coalesce(sa.func.substr(t.ARTICLES.c.published, 1, 7), "")
        keys = (month, t.ARTICLES.c.source, t.ARTICLES.c.publisher)
        query = _narrowed(sa.select(*keys, sa.func.count()), look).group_by(*keys)
        with self._catalogue.begin() as connection:
            rows = connection.execute(query)
            return [Count(month, source, carrier, held) for month, source, carrier, held in rows]

    def has_id(self, stem: str) -> bool:
        """Whether an article has this id, or one that files of this name give (`stem#2`)."""
        ids, stem = t.ARTICLES.c.id, askable(stem)
        inside = (sa.and_(ids >= f"{stem}{sign}", ids < f"{stem}{after}") for sign, after in _NEXT)
        query = sa.select(ids).where(sa.or_(ids == stem, *inside)).limit(1)
        with self._catalogue.begin() as connection:
            return connection.execute(query).first() is not None

    def files_of(self, article_ids: Sequence[str]) -> dict[str, str]:
        """The file that each of some current articles was read from, as stored, by id."""
        columns = sa.select(t.ARTICLES.c.id, t.ARTICLES.c.path)
        with self._catalogue.begin() as connection:
            return {
                row.id: row.path
                for ids in chunks([askable(each) for each in article_ids])
                for row in connection.execute(columns.where(t.ARTICLES.c.id.in_(ids)))
            }


_NEXT = (("#", "$"), ("/", "0"))  # what follows a file's name in its articles' ids, and the next


def _narrowed(query: sa.Select[Any], look: Look) -> sa.Select[Any]:
    own = t.ARTICLES.c
    words = askable(look.words).split()[:MOST_WORDS]
    if words:
        query = query.join(t.FILES, t.FILES.c.path == own.path, isouter=True)
        # The name of the file below the folder that was indexed: that above says nothing of it.
        name = sa.func.substr(own.path, sa.func.length(t.FILES.c.root) + 2)
        fields = (own.title, own.source, own.publisher, own.author, name)
        texts = (sa.func.coalesce(field, "") + "\n" for field in fields)
        searched = sa.func.lower(reduce(add, texts))
        for word in words:
            query = query.where(
                sa.or_(*(searched.contains(each, autoescape=True) for each in _cases(word)))
            )
    if look.outlet:
        query = query.where(
            sa.or_(_same(own.source, look.outlet), _same(own.publisher, look.outlet))
        )
    if look.region:
        query = query.where(_same(own.region, look.region))
    if look.tag:
        tags = sa.func.lower(sa.cast(own.tags, sa.String))
        query = query.where(
            sa.or_(*(tags.contains(_in_json(each), autoescape=True) for each in _cases(look.tag)))
        )
    if look.when == UNDATED:
        query = query.where(own.published.is_(None))
    elif look.when:
        query = query.where(own.published.startswith(f"{look.when}-", autoescape=True))
    return query


def _same(column: sa.Column[str], name: str) -> sa.ColumnElement[bool]:
    return sa.func.lower(column).in_(_cases(name))


def _cases(word: str) -> list[str]:
    """A word in lower case, in capitals and with one, as `lower` of the databases leaves them.

    Theirs knows the letters of ASCII only: so "Élan" and "Москва" are found however they are typed.
    """
    word = askable(word)
    forms = (word, word.lower(), word.upper(), word.title())
    return list(dict.fromkeys(_lower_ascii(form) for form in forms))


def _lower_ascii(text: str) -> str:
    return "".join(c.lower() if c.isascii() else c for c in text)


def _in_json(tag: str) -> str:
    return _lower_ascii(json.dumps(tag))  # with the quotes around it, as it is stored


def _words(connection: Connection, revisions: dict[str, str]) -> dict[str, int]:
    """How many words each of some revisions has, by article."""
    if not revisions:
        return {}
    own = t.REVISIONS.c
    query = sa.select(own.article_id, own.revision, own.text).where(own.article_id.in_(revisions))
    return {
        row.article_id: len(decode(row.text).split())
        for row in connection.execute(query)
        if revisions[row.article_id] == row.revision
    }


def _repeats(connection: Connection, ids: Sequence[str]) -> dict[str, Repeated]:
    query = (
        sa.select(t.LINKS.c.article_id, t.LINKS.c.kind, t.ARTICLES)
        .join(t.ARTICLES, t.ARTICLES.c.id == t.LINKS.c.original_id)
        .where(t.LINKS.c.article_id.in_(ids))
    )
    return {
        row.article_id: Repeated(row.id, row.title, row.source, row.kind)
        for row in connection.execute(query)
    }


def _copies(connection: Connection, ids: Sequence[str]) -> dict[str, int]:
    original = t.LINKS.c.original_id
    query = sa.select(original, sa.func.count()).where(original.in_(ids)).group_by(original)
    return {row[0]: row[1] for row in connection.execute(query)}

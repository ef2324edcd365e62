"""Rows of the catalogue become articles and passages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.library.tables import ARTICLES, REVISIONS
from assistant.passages import header_of
from assistant.types import Article, Passage

T = TypeVar("T")
_CHUNK = 500  # below SQLite's limit on variables in one statement


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in portions that one statement can take."""
    for first in range(0, len(values), _CHUNK):
        yield values[first : first + _CHUNK]


def askable(text: str) -> str:
    """A string that every database can be asked for: no id holds what is replaced in it."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")


def decode(data: bytes) -> str:
    """Decode a text as it is stored (`tables.encode`)."""
    return data.decode("utf-8", "surrogatepass")


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def article_from(row: Any, article_id: str, text: str) -> Article:  # noqa: ANN401  # a row of ARTICLES
    """The article of a row; None: of one that was removed, of which only its text is left."""
    if row is None:
        return Article(id=article_id, text=text)
    return Article(
        id=article_id,
        text=text,
        title=row.title,
        source=row.source,
        publisher=row.publisher,
        author=row.author,
        published=_day(row.published),
        carried_on=_day(row.carried_on),
        region=row.region,
        tags=tuple(row.tags),
        url=row.url,
        language=row.language,
        cleaner_version=row.cleaner_version,
    )


def metadata_of(connection: Connection, article_ids: Sequence[str]) -> list[Article]:
    """Those of some articles that are current; texts are left empty."""
    return [
        article_from(row, row.id, "")
        for ids in chunks(article_ids)
        for row in connection.execute(sa.select(ARTICLES).where(ARTICLES.c.id.in_(ids)))
    ]


def with_texts(connection: Connection, article_ids: Sequence[str]) -> dict[str, Article]:
    """The current articles of some ids, with their texts, inside a transaction."""
    found: dict[str, Article] = {}
    for ids in chunks(article_ids):
        query = (
            sa.select(ARTICLES, REVISIONS.c.text.label("body"))
            .join(
                REVISIONS,
                sa.and_(
                    REVISIONS.c.article_id == ARTICLES.c.id,
                    REVISIONS.c.revision == ARTICLES.c.revision,
                ),
            )
            .where(ARTICLES.c.id.in_(ids))
        )
        for row in connection.execute(query):
            found[row.id] = article_from(row, row.id, decode(row.body))
    return found


def passage_from(row: Any, article: Article) -> Passage:  # noqa: ANN401  # a row of PASSAGES or NEXT_PASSAGES
    """The passage of a row, cut out of its article."""
    return Passage(
        article_id=row.article_id,
        revision=row.revision,
        text=article.text[row.start : row.end],
        start=row.start,
        end=row.end,
        sentences=tuple((start, end) for start, end in row.sentences),
        header=header_of(article),
    )

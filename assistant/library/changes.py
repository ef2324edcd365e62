"""What a file brings, and how the catalogue's pointers move for it inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.library import tables as t
from assistant.library.duplicates import add_links, drop_links
from assistant.types import Article, Passage, Quarantined


@dataclass(slots=True)
class FileChange:
    """What one file brings: the articles to write, those it keeps, and what was refused.

    `digest` is of its bytes; empty where the file has to be read again next time. `keep` None:
    more of the file is to come, and nothing of what it held before goes yet.
    """

    path: str
    root: str
    digest: str
    write: list[tuple[Article, list[Passage]]] = field(default_factory=list)
    keep: Sequence[str] | None = ()
    quarantined: list[Quarantined] = field(default_factory=list)


def drop_article(connection: Connection, article_id: str) -> bool:
    """Take the pointer and the passages of an article away; its revisions stay readable."""
    drop_links(connection, article_id)
    own = sa.select(t.PASSAGES.c.id).where(t.PASSAGES.c.article_id == article_id)
    t.note(connection, t.DOUBTFUL, list(connection.execute(own).scalars()))
    connection.execute(sa.delete(t.PENDING).where(t.PENDING.c.passage_id.in_(own)))
    connection.execute(sa.delete(t.PASSAGES).where(t.PASSAGES.c.article_id == article_id))
    result = connection.execute(sa.delete(t.ARTICLES).where(t.ARTICLES.c.id == article_id))
    return bool(result.rowcount)


def drop_articles(connection: Connection, path: str, keep: Sequence[str]) -> list[str]:
    """Drop the articles of a file but for some; returns the ids of those dropped."""
    ids = connection.execute(sa.select(t.ARTICLES.c.id).where(t.ARTICLES.c.path == path))
    kept = set(keep)
    gone = [article_id for article_id in ids.scalars() if article_id not in kept]
    for article_id in gone:
        drop_article(connection, article_id)
    return gone


def commit_file(connection: Connection, change: FileChange) -> list[str]:
    """Move the pointers of one file; returns the ids of articles that it no longer holds."""
    gone: list[str] = []
    if change.keep is not None:
        kept = [*change.keep, *(article.id for article, _ in change.write)]
        gone = drop_articles(connection, change.path, kept)
    for article, passages in change.write:
        _take_over(connection, article.id, change.path)
        drop_article(connection, article.id)
        connection.execute(sa.insert(t.ARTICLES), t.article_row(article, change.path))
        text = t.encode(article.text)
        revision = {"article_id": article.id, "revision": article.revision, "text": text}
        t.insert_new(connection, t.REVISIONS, [revision])
        rows = [t.passage_row(passage) for passage in passages]
        if rows:
            connection.execute(sa.insert(t.PASSAGES), rows)
            t.note(connection, t.PENDING, [passage.id for passage in passages])
        add_links(connection, article)
    connection.execute(sa.delete(t.FILES).where(t.FILES.c.path == change.path))
    connection.execute(
        sa.insert(t.FILES),
        {
            "path": change.path,
            "root": change.root,
            "digest": change.digest,
            "quarantined": [[q.path, q.reason] for q in change.quarantined],
        },
    )
    return gone


def _take_over(connection: Connection, article_id: str, path: str) -> None:
    """Have the file that an article is taken from read again, should it come back unchanged."""
    owner = sa.select(t.ARTICLES.c.path).where(t.ARTICLES.c.id == article_id).scalar_subquery()
    lost = sa.and_(t.FILES.c.path == owner, t.FILES.c.path != path)
    connection.execute(sa.update(t.FILES).where(lost).values(digest=""))

"""The tables of the catalogue, and what is written to them inside a transaction.

meta       key -> value                      manifest and generation
files      path -> digest, root              what was read, so that the unchanged is skipped
articles   id -> current revision, metadata  the pointer that is the commit
revisions  (article_id, revision) -> text    immutable, kept after a change or a removal
passages   id -> offsets                     of current revisions only
doubtful   passage_id                        words that may have to be cleared
stale      passage_id                        vectors that have to be cleared
pending    passage_id                        of current passages that have no vector yet
signed     number -> article_id              current articles whose fingerprints are held
prints     (print, number)                   their fingerprints: what is worth comparing
links      article_id -> original_id         which articles repeat another one

next_passages: those of the build that is being made (see `rebuilding`), as in `passages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from assistant.types import Article, Passage

_metadata = sa.MetaData()
# Strings compare by their bytes, as SQLite has it, and not by a dictionary of the server's.
_String = sa.String().with_variant(sa.String(collation="C"), "postgresql")

META = sa.Table(
    "meta",
    _metadata,
    sa.Column("key", _String, primary_key=True),
    sa.Column("value", _String, nullable=False),
)
FILES = sa.Table(
    "files",
    _metadata,
    sa.Column("path", _String, primary_key=True),
    sa.Column("root", _String, nullable=False),
    sa.Column("digest", _String, nullable=False),  # empty: read it again
    sa.Column("quarantined", sa.JSON, nullable=False),
)
ARTICLES = sa.Table(
    "articles",
    _metadata,
    sa.Column("id", _String, primary_key=True),
    sa.Column("revision", _String, nullable=False),
    sa.Column("path", _String, nullable=False, index=True),
    sa.Column("title", _String, nullable=False),
    sa.Column("source", _String, nullable=False, index=True),
    sa.Column("publisher", _String, nullable=False, index=True),
    sa.Column("author", _String, nullable=False),
    sa.Column("published", _String, index=True),
    sa.Column("carried_on", _String),
    sa.Column("region", _String, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("url", _String, nullable=False),
    sa.Column("language", _String, nullable=False),
    sa.Column("cleaner_version", _String, nullable=False),
)
REVISIONS = sa.Table(
    "revisions",
    _metadata,
    sa.Column("article_id", _String, primary_key=True),
    sa.Column("revision", _String, primary_key=True),
    sa.Column("text", sa.LargeBinary, nullable=False),  # bytes: text may hold lone surrogates
)


def _passages_table(name: str) -> sa.Table:
    return sa.Table(
        name,
        _metadata,
        sa.Column("id", _String, primary_key=True),
        sa.Column("article_id", _String, nullable=False, index=True),
        sa.Column("revision", _String, nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("sentences", sa.JSON, nullable=False),
    )


PASSAGES = _passages_table("passages")
NEXT_PASSAGES = _passages_table("next_passages")
DOUBTFUL = sa.Table("doubtful", _metadata, sa.Column("passage_id", _String, primary_key=True))
STALE = sa.Table("stale", _metadata, sa.Column("passage_id", _String, primary_key=True))
PENDING = sa.Table("pending", _metadata, sa.Column("passage_id", _String, primary_key=True))
SIGNED = sa.Table(
    "signed",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("article_id", _String, nullable=False, unique=True),
    sa.Column("prints", sa.Integer, nullable=False),  # how many
)
PRINTS = sa.Table(
    "prints",
    _metadata,
    sa.Column("print", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sqlite_with_rowid=False,  # the key is all there is: half the size
)
LINKS = sa.Table(
    "links",
    _metadata,
    sa.Column("article_id", _String, primary_key=True),
    sa.Column("original_id", _String, nullable=False, index=True),
    sa.Column("kind", _String, nullable=False),
    sa.Column("share", sa.Float, nullable=False),
)
_TORN = "vectors_torn"
_COPIED = 1000  # rows at a time


def create_tables(connection: Connection, schema: str = "") -> None:
    """Make the tables where they are missing; `schema`: of a server's database, made as well."""
    if schema and not sa.inspect(connection).has_schema(schema):
        connection.execute(sa.schema.CreateSchema(schema))
    _metadata.create_all(connection)


def copy_tables(source: Connection, target: Connection) -> None:
    """Copy every row of every table to where the tables are empty; an older schema lacks some."""
    held = sa.inspect(source)
    for table in _metadata.sorted_tables:
        if not held.has_table(table.name):
            continue
        rows = source.execution_options(yield_per=_COPIED).execute(sa.select(table))
        for some in rows.mappings().partitions():
            target.execute(sa.insert(table), [dict(row) for row in some])


def insert_new(connection: Connection, table: sa.Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows but those whose key is there already."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(insert(table).on_conflict_do_nothing(), rows)


def put_meta(connection: Connection, values: dict[str, str]) -> None:
    """Write keys of the manifest inside a transaction."""
    connection.execute(sa.delete(META).where(META.c.key.in_(values)))
    connection.execute(sa.insert(META), [{"key": k, "value": v} for k, v in values.items()])


def raise_generation(connection: Connection) -> int:
    """Count a commit; returns the new generation."""
    raised = generation(connection) + 1
    put_meta(connection, {"generation": str(raised)})
    return raised


def article_row(article: Article, path: str) -> dict[str, Any]:
    """The row of `articles` that points at this revision."""
    return {
        "id": article.id,
        "revision": article.revision,
        "path": path,
        "title": article.title,
        "source": article.source,
        "publisher": article.publisher,
        "author": article.author,
        "published": article.published.isoformat() if article.published else None,
        "carried_on": article.carried_on.isoformat() if article.carried_on else None,
        "region": article.region,
        "tags": list(article.tags),
        "url": article.url,
        "language": article.language,
        "cleaner_version": article.cleaner_version,
    }


def passage_row(passage: Passage) -> dict[str, Any]:
    """The row of `passages` for this passage."""
    return {
        "id": passage.id,
        "article_id": passage.article_id,
        "revision": passage.revision,
        "start": passage.start,
        "end": passage.end,
        "sentences": [list(span) for span in passage.sentences],
    }


def encode(text: str) -> bytes:
    """Encode a text as it is stored; lone surrogates survive."""
    return text.encode("utf-8", "surrogatepass")


def generation(connection: Connection) -> int:
    """The generation, inside a transaction."""
    query = sa.select(META.c.value).where(META.c.key == "generation")
    return int(connection.execute(query).scalar_one_or_none() or 0)


def note(connection: Connection, table: sa.Table, passage_ids: Iterable[str]) -> None:
    """Put passages on one of the lists: DOUBTFUL, STALE or PENDING."""
    rows = [{"passage_id": passage_id} for passage_id in dict.fromkeys(passage_ids)]
    if rows:
        insert_new(connection, table, rows)


def note_torn(connection: Connection, torn: bool) -> None:
    """Note that Chroma's files are being written: after a crash they cannot be trusted."""
    put_meta(connection, {_TORN: str(int(torn))})


def is_torn(connection: Connection) -> bool:
    """Whether a write to Chroma's files was begun and not ended."""
    query = sa.select(META.c.value).where(META.c.key == _TORN)
    return connection.execute(query).scalar_one_or_none() == "1"

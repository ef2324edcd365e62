"""The source of truth: articles, their revisions and passages, and which revision is current.

SQL through SQLAlchemy Core: SQLite in the index's folder, or PostgreSQL. Vectors and words follow
what stands here and can be rebuilt from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.errors import ArticleNotFoundError, IndexDamagedError
from assistant.library.engines.databases import Database
from assistant.library.rows import article_from, askable, chunks, decode, passage_from, with_texts
from assistant.library.tables import (
    ARTICLES,
    DOUBTFUL,
    META,
    PASSAGES,
    PENDING,
    REVISIONS,
    STALE,
    create_tables,
    generation,
    is_torn,
)
from assistant.types import Article, Passage

_ARTICLES = 50  # whose passages are asked for at once


class Catalogue:
    """Typed access to the tables. Reads open a short transaction each; writes go in `begin()`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def close(self) -> None:
        """Release the file, or the connections."""
        self._database.engine.dispose()

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: all of it, or nothing; what it reads is of one moment.

        Raises:
            IndexDamagedError: the file is not a readable catalogue, the server failed, or all
                connections to it are taken for too long.
        """
        try:
            with self._database.engine.begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise self._database.told(error) from error
        except sa.exc.TimeoutError as error:
            raise IndexDamagedError(
                "the catalogue is busy: too many ask it at once, or it hangs; try again"
            ) from error

    def create_tables(self, connection: Connection) -> None:
        """Make the tables where they are missing."""
        create_tables(connection, self._database.schema)

    # Manifest and generation

    def meta(self) -> dict[str, str]:
        """Every key of the manifest, with its value."""
        with self.begin() as connection:
            return {row.key: row.value for row in connection.execute(sa.select(META))}

    def complete(self) -> bool:
        """Whether the tables were made: a crash can leave a file without them."""
        with self.begin() as connection:
            if not sa.inspect(connection).has_table(META.name):
                return False
            return bool(connection.execute(sa.select(META).limit(1)).first())

    def generation(self) -> int:
        """A number that each commit raises."""
        with self.begin() as connection:
            return generation(connection)

    def doubtful(self) -> list[str]:
        """The passages whose words may not be what the tables say."""
        return self._listed(DOUBTFUL)

    def stale(self) -> list[str]:
        """The passages whose vectors are to be cleared, some of them perhaps current again."""
        return self._listed(STALE)

    def is_doubtful(self) -> bool:
        """Whether the words of any are doubtful: somebody is writing, or died at it."""
        with self.begin() as connection:
            return connection.execute(sa.select(DOUBTFUL).limit(1)).first() is not None

    def state(self) -> tuple[int, bool]:
        """The generation, and whether words or vectors may hold what the tables do not."""
        with self.begin() as connection:
            either = sa.union_all(sa.select(DOUBTFUL), sa.select(STALE)).limit(1)
            return generation(connection), connection.execute(either).first() is not None

    def _listed(self, table: sa.Table) -> list[str]:
        with self.begin() as connection:
            return list(connection.execute(sa.select(table)).scalars())

    def is_torn(self) -> bool:
        """Whether somebody is writing vectors, or died at it."""
        with self.begin() as connection:
            return is_torn(connection)

    def pending(self) -> int:
        """How many current passages have no vector yet."""
        with self.begin() as connection:
            query = sa.select(sa.func.count()).select_from(PENDING)
            return connection.execute(query).scalar_one()

    def some_pending(self, most: int | None) -> list[str]:
        """The ids of some current passages that have no vector yet; None: of all."""
        with self.begin() as connection:
            query = sa.select(PENDING.c.passage_id).limit(most)
            return list(connection.execute(query).scalars())

    def is_empty(self) -> bool:
        """Whether there is not one passage."""
        with self.begin() as connection:
            return connection.execute(sa.select(PASSAGES.c.id).limit(1)).first() is None

    def cleaner_versions(self) -> list[str]:
        """Which versions of the cleaning rules the current articles went through."""
        query = sa.select(ARTICLES.c.cleaner_version).distinct()
        with self.begin() as connection:
            return sorted(connection.execute(query).scalars())

    def counts(self) -> tuple[int, int]:
        """Current articles and passages."""
        with self.begin() as connection:
            articles = connection.execute(sa.select(sa.func.count()).select_from(ARTICLES))
            passages = connection.execute(sa.select(sa.func.count()).select_from(PASSAGES))
            return articles.scalar_one(), passages.scalar_one()

    # Articles

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """One article with its text; an older revision, or a removed one, when it is named.

        Raises:
            ArticleNotFoundError: no such article, or no such revision of it.
        """
        article_id = askable(article_id)
        revision = askable(revision) if revision else None
        with self.begin() as connection:
            row = connection.execute(
                sa.select(ARTICLES).where(ARTICLES.c.id == article_id)
            ).one_or_none()
            wanted = revision or (row.revision if row else None)
            query = sa.select(REVISIONS.c.text).where(
                REVISIONS.c.article_id == article_id, REVISIONS.c.revision == wanted
            )
            text = connection.execute(query).scalar_one_or_none()
        if text is None:
            what = f"{article_id}@{revision}" if revision else article_id
            raise ArticleNotFoundError(
                f"no article {what!r} in this library; `assistant articles list` shows what is"
            )
        return article_from(row, article_id, decode(text))

    def articles(self) -> list[Article]:
        """The metadata of every current article, newest first; texts are left empty."""
        query = sa.select(ARTICLES).order_by(
            ARTICLES.c.published.desc().nulls_last(), ARTICLES.c.id
        )
        with self.begin() as connection:
            return [article_from(row, row.id, "") for row in connection.execute(query)]

    def revisions(self) -> list[tuple[str, str]]:
        """The id and the revision of every current article."""
        query = sa.select(ARTICLES.c.id, ARTICLES.c.revision)
        with self.begin() as connection:
            return [(row.id, row.revision) for row in connection.execute(query)]

    def sources(self) -> list[str]:
        """Every outlet and re-publisher, in order of the alphabet."""
        query = sa.union(sa.select(ARTICLES.c.source), sa.select(ARTICLES.c.publisher))
        with self.begin() as connection:
            return sorted((s for s in connection.execute(query).scalars() if s), key=str.casefold)

    def regions(self) -> list[str]:
        """Every region, in order of the alphabet."""
        query = sa.select(ARTICLES.c.region).distinct()
        with self.begin() as connection:
            return sorted((r for r in connection.execute(query).scalars() if r), key=str.casefold)

    def tags(self) -> list[str]:
        """Every tag, in order of the alphabet."""
        with self.begin() as connection:
            found = connection.execute(sa.select(ARTICLES.c.tags)).scalars()
            return sorted({tag for tags in found for tag in tags}, key=str.casefold)

    def days(self) -> tuple[date, date] | None:
        """The first and the last day that current articles are of; None where none is dated."""
        query = sa.select(sa.func.min(ARTICLES.c.published), sa.func.max(ARTICLES.c.published))
        with self.begin() as connection:
            first, last = connection.execute(query).one()
        return (date.fromisoformat(first), date.fromisoformat(last)) if first else None

    def undated(self) -> int:
        """How many current articles have no date, and so pass no date bound."""
        query = sa.select(sa.func.count()).where(ARTICLES.c.published.is_(None))
        with self.begin() as connection:
            return connection.execute(query).scalar_one()

    # Passages

    def current(self, passage_ids: Sequence[str]) -> set[str]:
        """Those of the passages that the catalogue points at."""
        found: set[str] = set()
        with self.begin() as connection:
            for ids in chunks(passage_ids):
                query = sa.select(PASSAGES.c.id).where(PASSAGES.c.id.in_(ids))
                found.update(connection.execute(query).scalars())
        return found

    def passages(
        self, passage_ids: Sequence[str], table: sa.Table = PASSAGES
    ) -> dict[str, tuple[Passage, Article]]:
        """Load passages with their articles (texts included) by passage id.

        `table`: NEXT_PASSAGES for those of a build that is being made.
        """
        loaded: dict[str, tuple[Passage, Article]] = {}
        with self.begin() as connection:
            rows = [
                row
                for ids in chunks(passage_ids)
                for row in connection.execute(sa.select(table).where(table.c.id.in_(ids)))
            ]
            articles = with_texts(connection, sorted({row.article_id for row in rows}))
        for row in rows:
            article = articles[row.article_id]
            loaded[row.id] = (passage_from(row, article), article)
        return loaded

    def passage_ids(self, article_ids: Iterable[str]) -> list[str]:
        """The ids of the current passages of some articles."""
        with self.begin() as connection:
            return [
                passage_id
                for ids in chunks(sorted(article_ids))
                for passage_id in connection.execute(
                    sa.select(PASSAGES.c.id).where(PASSAGES.c.article_id.in_(ids))
                ).scalars()
            ]

    def all_articles(self, batch: int) -> Iterator[list[Article]]:
        """Every current article with its text, in order of the ids, `batch` at a time."""
        last = ""
        while True:
            query = sa.select(ARTICLES.c.id).where(ARTICLES.c.id > last).order_by(ARTICLES.c.id)
            with self.begin() as connection:
                ids = list(connection.execute(query.limit(batch)).scalars())
                articles = with_texts(connection, ids)
            if not ids:
                return
            yield [articles[article_id] for article_id in ids]
            last = ids[-1]

    def all_passages(self, batch: int) -> Iterator[list[tuple[Passage, Article]]]:
        """Every current passage, in batches of about `batch`."""
        with self.begin() as connection:
            ids = list(
                connection.execute(sa.select(ARTICLES.c.id).order_by(ARTICLES.c.id)).scalars()
            )
        pending: list[str] = []
        for first in range(0, len(ids), _ARTICLES):
            pending += self.passage_ids(ids[first : first + _ARTICLES])
            if len(pending) >= batch:
                yield list(self.passages(pending).values())
                pending = []
        if pending:
            yield list(self.passages(pending).values())

"""What a library knows of the files that it was made of: asked by path, never listed whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.errors import ArticleNotFoundError
from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.rows import chunks
from assistant.types import Article, Quarantined


@dataclass(frozen=True, slots=True)
class FileState:
    """What the catalogue knows of a file that was read."""

    root: str
    digest: str
    quarantined: tuple[Quarantined, ...]


class HeldFiles:
    """The files and articles of a catalogue, as indexing asks for them. Paths are as stored."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def states(self, paths: Sequence[str]) -> dict[str, FileState]:
        """Those of some files that were read, by path."""
        with self._catalogue.begin() as connection:
            return {
                path: state
                for some in chunks(paths)
                for path, state in _states(connection, t.FILES.c.path.in_(some)).items()
            }

    def all_states(self) -> dict[str, FileState]:
        """Every file that was read, by path."""
        with self._catalogue.begin() as connection:
            return _states(connection, sa.true())

    def below(self, folder: str) -> list[str]:
        """The files that were read at or below a path."""
        inside = folder.rstrip("/") + "/"
        own = t.FILES.c.path
        among = sa.or_(own == folder, sa.and_(own >= inside, own < inside[:-1] + "0"))  # "0": next
        with self._catalogue.begin() as connection:
            found = connection.execute(sa.select(own).where(among)).scalars()
            return [path for path in found if path == folder or path.startswith(inside)]

    def ids(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """The current articles of some files: their ids, by path."""
        found: dict[str, list[str]] = defaultdict(list)
        articles = sa.select(t.ARTICLES.c.id, t.ARTICLES.c.path).order_by(t.ARTICLES.c.id)
        with self._catalogue.begin() as connection:
            for some in chunks(paths):
                for row in connection.execute(articles.where(t.ARTICLES.c.path.in_(some))):
                    found[row.path].append(row.id)
        return dict(found)

    def owner(self, article_id: str) -> str | None:
        """The file that a current article was read from; None where there is no such article."""
        query = sa.select(t.ARTICLES.c.path).where(t.ARTICLES.c.id == article_id)
        with self._catalogue.begin() as connection:
            return connection.execute(query).scalar_one_or_none()

    def owners(self) -> dict[str, str]:
        """The file that each current article was read from, by article id."""
        with self._catalogue.begin() as connection:
            rows = connection.execute(sa.select(t.ARTICLES.c.id, t.ARTICLES.c.path))
            return {row.id: row.path for row in rows}

    def holds(self, article: Article) -> bool:
        """Whether the article is in the library, just as it is."""
        try:
            return self._catalogue.article(article.id) == article
        except ArticleNotFoundError:
            return False


def _states(connection: Connection, where: sa.ColumnElement[bool]) -> dict[str, FileState]:
    return {
        row.path: FileState(
            row.root,
            row.digest,
            tuple(Quarantined(path, reason) for path, reason in row.quarantined),
        )
        for row in connection.execute(sa.select(t.FILES).where(where))
    }

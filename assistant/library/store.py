"""The library of one folder: catalogue, vectors and words, with one writer and any readers.

A commit goes in four steps; a crash between any two leaves a library that opens whole:

1. the passage ids to be written are noted as doubtful, their files as to be read again;
2. vectors and words are written (retrieval ignores what the catalogue does not point at);
3. one transaction moves the catalogue's pointers and raises the generation: the commit;
4. doubtful passages that the catalogue does not point at are cleared from vectors and words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from assistant.errors import IndexLockedError, IndexMismatchError, IndexNotFoundError
from assistant.library import catalogue as cat
from assistant.library.catalogue import Catalogue
from assistant.library.embeddings import EmbeddingCache
from assistant.library.vectors import Vectors, embed_text
from assistant.library.words import Words
from assistant.models import EmbedderInfo
from assistant.passages import CHUNKING
from assistant.types import Article, Filters, IndexManifest, Passage, Quarantined

INDEX_SCHEMA = 1
Embed = Callable[[list[str]], NDArray[np.float32]]


@dataclass(slots=True)
class FileChange:
    """What one file brings: the articles to write, those it no longer holds, what was refused."""

    path: str
    root: str
    digest: str
    write: list[tuple[Article, list[Passage]]] = field(default_factory=list)
    keep: list[str] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FileState:
    """What the catalogue knows of a file that was read."""

    root: str
    digest: str
    quarantined: tuple[Quarantined, ...]


class Library:
    """The stored collection in one folder. Open it with `open`, or `create` it."""

    def __init__(self, folder: Path, embedder: EmbedderInfo) -> None:
        self.folder = folder
        self.catalogue = Catalogue(folder / "catalogue.sqlite")
        self.vectors = Vectors(folder / "vectors")
        self.words = Words(folder / "words")
        self.embedder = embedder
        self._cache = EmbeddingCache(folder / "embeddings.sqlite", embedder.weights_digest)
        self._generation = self.catalogue.generation()
        self._lock = FileLock(folder / "write.lock", timeout=0)

    @classmethod
    def open(cls, folder: Path, embedder: EmbedderInfo) -> Library:
        """Open the library in `folder`.

        Raises:
            IndexNotFoundError: there is none.
            IndexMismatchError: it was built with another embedder, chunking or schema.
            IndexDamagedError: one of its stores cannot be read.
        """
        if not (folder / "catalogue.sqlite").is_file():
            raise IndexNotFoundError(
                f"no index in {folder}; make one with: assistant index PATH... --index {folder}"
            )
        library = cls(folder, embedder)
        library._check()
        return library

    @classmethod
    def create(cls, folder: Path, embedder: EmbedderInfo) -> Library:
        """Open the library in `folder`, making an empty one where there is none."""
        if not (folder / "catalogue.sqlite").is_file():
            folder.mkdir(parents=True, exist_ok=True)
            catalogue = Catalogue(folder / "catalogue.sqlite")
            with catalogue.begin() as connection:
                cat.create_tables(connection)
                cat.put_meta(connection, _fresh_meta(embedder))
            catalogue.close()
        return cls.open(folder, embedder)

    def close(self) -> None:
        """Let go of the files."""
        self.vectors.close()
        self.catalogue.close()

    def _check(self) -> None:
        stored, wanted = self.catalogue.meta(), _fresh_meta(self.embedder)
        for key in ("schema_version", "embedder", "weights_digest", "chunking"):
            if stored.get(key) != wanted[key]:
                raise IndexMismatchError(
                    f"the index in {self.folder} has {key.replace('_', ' ')} "
                    f"{stored.get(key)!r}, this Dateline uses {wanted[key]!r}; build a new one "
                    "with: assistant index PATH... --index OTHER_FOLDER"
                )

    def manifest(self) -> IndexManifest:
        """Say what the index was built with, and how much it holds."""
        meta = self.catalogue.meta()
        articles, passages = self.catalogue.counts()
        return IndexManifest(
            schema_version=int(meta["schema_version"]),
            embedder=meta["embedder"],
            dimension=int(meta["dimension"]),
            weights_digest=meta["weights_digest"],
            chunking=meta["chunking"],
            cleaner_version=meta.get("cleaner_version", ""),
            articles=articles,
            passages=passages,
            built_at=meta["built_at"],
            generation=int(meta["generation"]),
        )

    # Reading

    def refresh(self) -> bool:
        """Notice what another process committed; called before each question."""
        generation = self.catalogue.generation()
        if generation == self._generation:
            return False
        self._generation = generation
        self.words.reopen()
        self.vectors.reopen()
        return True

    def search_words(
        self, terms: Sequence[str], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` best current passages for analyzed terms: (id, BM25), best first."""
        return self._current(lambda n: self.words.search(terms, n), k, self._allowed(filters))

    def search_vectors(
        self, vector: Sequence[float], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` nearest current passages: (id, cosine), best first."""
        allowed = self._allowed(filters)
        if allowed is not None:
            ids = self.catalogue.passage_ids(allowed)
            if len(ids) <= 1000:  # few enough to score each: exact, and faster than over-fetching
                return self.vectors.exact(vector, ids)[:k]
        return self._current(lambda n: self.vectors.search(vector, n), k, allowed)

    def passages(self, passage_ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        """Load passages with their articles, by id."""
        return self.catalogue.passages(passage_ids)

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of analyzed terms."""
        return self.words.idf(terms)

    def similar_terms(self, term: str, distance: int) -> list[str]:
        """Terms of the library within an edit distance of a term."""
        return self.words.similar(term, distance)

    def _allowed(self, filters: Filters) -> set[str] | None:
        return self.catalogue.allowed(filters) if filters.active else None

    def _current(
        self,
        search: Callable[[int], list[tuple[str, float]]],
        k: int,
        allowed: set[str] | None,
    ) -> list[tuple[str, float]]:
        """Over-fetch until `k` hits pass the filters and the catalogue, or none are left."""
        if allowed is not None and not allowed:
            return []
        fetch = k if allowed is None else 4 * k
        while True:
            hits = search(fetch)
            passed = [h for h in hits if allowed is None or article_of(h[0]) in allowed]
            current = self.catalogue.current([h[0] for h in passed])
            kept = [h for h in passed if h[0] in current]
            if len(kept) >= k or len(hits) < fetch:
                return kept[:k]
            fetch *= 4

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the writer's lock; a dead process does not keep it. Clears what a crash left.

        Raises:
            IndexLockedError: another process is writing.
        """
        try:
            self._lock.acquire()
        except Timeout as error:
            raise IndexLockedError(
                f"another process is writing to {self.folder}; wait for it, then try again"
            ) from error
        try:
            self.refresh()
            self._sweep()
            yield
        finally:
            self._lock.release()

    def files(self) -> dict[str, FileState]:
        """Every file that was read, by its path."""
        with self.catalogue.begin() as connection:
            return {
                row.path: FileState(
                    row.root, row.digest, tuple(Quarantined(p, r) for p, r in row.quarantined)
                )
                for row in connection.execute(sa.select(cat.FILES))
            }

    def owners(self) -> dict[str, str]:
        """The path that each current article was read from, by article id."""
        with self.catalogue.begin() as connection:
            rows = connection.execute(sa.select(cat.ARTICLES.c.id, cat.ARTICLES.c.path))
            return {row.id: row.path for row in rows}

    def apply(self, changes: Sequence[FileChange], embed: Embed) -> list[str]:
        """Commit what some files bring, all of it or nothing; returns the ids that went away.

        Call it inside `writing()`. `embed` maps texts to (len(texts), dimension) float32.
        """
        batch = [(p, a) for change in changes for a, passages in change.write for p in passages]
        if batch:
            texts = [embed_text(passage) for passage, _ in batch]
            vectors = self._cache.embed(texts, embed)
            self._begin([p.id for p, _ in batch], [c.path for c in changes])
            self.vectors.put(batch, vectors)
            self.words.put([passage for passage, _ in batch])
        with self.catalogue.begin() as connection:
            gone = [i for change in changes for i in _commit_file(connection, change)]
            self._raise_generation(connection)
        self._sweep()
        return gone

    def forget(self, paths: Sequence[str]) -> list[str]:
        """Remove files and their articles; returns the ids of those articles."""
        with self.catalogue.begin() as connection:
            gone = [i for path in paths for i in _drop_articles(connection, path, keep=())]
            for path in paths:
                connection.execute(sa.delete(cat.FILES).where(cat.FILES.c.path == path))
            self._raise_generation(connection)
        self._sweep()
        return gone

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles by id; those that are not there are left out of what is returned.

        Their files are remembered, so that indexing again does not bring them back unless the
        file has changed.
        """
        with self.catalogue.begin() as connection:
            gone = [i for i in article_ids if _drop_article(connection, i)]
            self._raise_generation(connection)
        self._sweep()
        return gone

    def _begin(self, passage_ids: list[str], paths: list[str]) -> None:
        with self.catalogue.begin() as connection:
            _note_doubtful(connection, passage_ids)
            connection.execute(
                sa.update(cat.FILES).where(cat.FILES.c.path.in_(paths)).values(digest="")
            )

    def _raise_generation(self, connection: Connection) -> None:
        self._generation += 1
        cat.put_meta(connection, {"generation": str(self._generation)})

    def _sweep(self) -> None:
        """Clear doubtful passages that the catalogue does not point at."""
        with self.catalogue.begin() as connection:
            doubtful = list(connection.execute(sa.select(cat.DOUBTFUL)).scalars())
        if not doubtful:
            return
        current = self.catalogue.current(doubtful)
        stale = [passage_id for passage_id in doubtful if passage_id not in current]
        if stale:
            self.vectors.delete(stale)
            self.words.delete(stale)
        with self.catalogue.begin() as connection:
            connection.execute(sa.delete(cat.DOUBTFUL))


def article_of(passage_id: str) -> str:
    """The article that a passage id names."""
    return passage_id.rsplit("@", 1)[0]


def _fresh_meta(embedder: EmbedderInfo) -> dict[str, str]:
    return {
        "schema_version": str(INDEX_SCHEMA),
        "embedder": embedder.name,
        "dimension": str(embedder.dimension),
        "weights_digest": embedder.weights_digest,
        "chunking": CHUNKING,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "generation": "0",
    }


def _note_doubtful(connection: Connection, passage_ids: Sequence[str]) -> None:
    rows = [{"passage_id": passage_id} for passage_id in dict.fromkeys(passage_ids)]
    if rows:
        connection.execute(sa.insert(cat.DOUBTFUL).prefix_with("OR IGNORE"), rows)


def _drop_article(connection: Connection, article_id: str) -> bool:
    """Take the pointer and the passages of an article away; its revisions stay readable."""
    ids = connection.execute(
        sa.select(cat.PASSAGES.c.id).where(cat.PASSAGES.c.article_id == article_id)
    )
    _note_doubtful(connection, list(ids.scalars()))
    connection.execute(sa.delete(cat.PASSAGES).where(cat.PASSAGES.c.article_id == article_id))
    result = connection.execute(sa.delete(cat.ARTICLES).where(cat.ARTICLES.c.id == article_id))
    return bool(result.rowcount)


def _drop_articles(connection: Connection, path: str, keep: Sequence[str]) -> list[str]:
    ids = connection.execute(sa.select(cat.ARTICLES.c.id).where(cat.ARTICLES.c.path == path))
    gone = [article_id for article_id in ids.scalars() if article_id not in set(keep)]
    for article_id in gone:
        _drop_article(connection, article_id)
    return gone


def _commit_file(connection: Connection, change: FileChange) -> list[str]:
    """Move the pointers of one file; returns the ids of articles that it no longer holds."""
    kept = [*change.keep, *(article.id for article, _ in change.write)]
    gone = _drop_articles(connection, change.path, kept)
    for article, passages in change.write:
        _drop_article(connection, article.id)
        connection.execute(sa.insert(cat.ARTICLES), cat.article_row(article, change.path))
        connection.execute(
            sa.insert(cat.REVISIONS).prefix_with("OR IGNORE"),
            {
                "article_id": article.id,
                "revision": article.revision,
                "text": cat.encode(article.text),
            },
        )
        rows = [cat.passage_row(passage) for passage in passages]
        if rows:
            connection.execute(sa.insert(cat.PASSAGES), rows)
    connection.execute(sa.delete(cat.FILES).where(cat.FILES.c.path == change.path))
    connection.execute(
        sa.insert(cat.FILES),
        {
            "path": change.path,
            "root": change.root,
            "digest": change.digest,
            "quarantined": [[q.path, q.reason] for q in change.quarantined],
        },
    )
    return gone

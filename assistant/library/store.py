"""The library of one folder: catalogue, vectors and words, with one writer and any readers.

A commit goes in four steps; a crash between any two leaves a library that opens whole:

1. the ids of the passages to be written are noted as doubtful;
2. vectors and words are written (retrieval ignores what the catalogue does not point at);
3. one transaction moves the catalogue's pointers and raises the generation: the commit;
4. doubtful passages that the catalogue does not point at are cleared from vectors and words; where
   there were any, the generation is raised again, for readers who opened before that.

Where a process died between two of them, passages are doubtful while nobody holds the writer's
lock. The next writer, or the next reader who can be one, then makes vectors and words anew from
the catalogue and the cached embeddings: what Chroma was writing when it died cannot be trusted,
not even to be read.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import sqlalchemy as sa
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from assistant.errors import (
    IndexLockedError,
    IndexMismatchError,
    IndexNotFoundError,
    UsageError,
)
from assistant.library import tables as t
from assistant.library.admitted import Admitted
from assistant.library.catalogue import Catalogue
from assistant.library.changes import (
    FileChange,
    FileState,
    commit_file,
    drop_article,
    drop_articles,
)
from assistant.library.embeddings import EmbeddingCache
from assistant.library.vectors import Vectors, embed_text
from assistant.library.words import Words
from assistant.models import EmbedderInfo
from assistant.passages import CHUNKING
from assistant.types import Article, Filters, IndexManifest, Passage, Quarantined

INDEX_SCHEMA = 1
_CATALOGUE = "catalogue.sqlite"
_REBUILD_BATCH = 512
_WAIT = 2.0  # seconds a writer waits for the lock: a reader holds it to see who left doubt
_FILTERS_KEPT = 32  # what they let through: at most 1.5 MB of vectors each
_ALL = "*"  # no passage has this id
Embed = Callable[[list[str]], NDArray[np.float32]]


class Library:
    """The stored collection in one folder. Open it with `open`, or `create` it."""

    def __init__(self, folder: Path, embedder: EmbedderInfo) -> None:
        self.folder = folder
        place = folder.resolve()
        self.catalogue = Catalogue(place / _CATALOGUE)
        self._generation = self.catalogue.generation()
        self.words = Words(place / "words")
        self.vectors = Vectors.shared(place / "vectors")
        self.embedder = embedder
        self._cache = EmbeddingCache(place / "embeddings.sqlite", embedder.weights_digest)
        self._lock = FileLock(place / "write.lock")
        self._refreshing = threading.Lock()
        self._mending = threading.Lock()
        self._filtering = threading.Lock()
        self._filtered: dict[Filters, tuple[int, Admitted]] = {}
        self._closed = False

    @classmethod
    def open(cls, folder: Path, embedder: EmbedderInfo) -> Library:
        """Open the library in `folder`.

        Raises:
            IndexNotFoundError: there is none.
            IndexMismatchError: it was built with another embedder, chunking or schema.
            IndexDamagedError: one of its stores cannot be read.
            UsageError: the folder's name cannot be used.
        """
        if not _is_library(folder):
            raise IndexNotFoundError(
                f"no index in {folder}; make one with: assistant index PATH... --index {folder}"
            )
        library = cls(folder, embedder)
        try:
            library._check()
        except IndexMismatchError:
            library.close()
            raise
        return library

    @classmethod
    def create(cls, folder: Path, embedder: EmbedderInfo) -> Library:
        """Open the library in `folder`, making an empty one where there is none.

        Raises:
            UsageError: the folder cannot be made or written to.
        """
        if not _is_library(folder):
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UsageError(f"cannot make the folder {folder}: {error.strerror}") from error
            with _held(FileLock(folder / "write.lock"), folder, wait=10):
                catalogue = Catalogue(folder / _CATALOGUE)
                if not catalogue.complete():
                    with catalogue.begin() as connection:
                        t.create_tables(connection)
                        t.put_meta(connection, _fresh_meta(embedder))
                catalogue.close()
        return cls.open(folder, embedder)

    def close(self) -> None:
        """Let go of the files."""
        if not self._closed:
            self._closed = True
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
            cleaner_version=", ".join(self.catalogue.cleaner_versions()),
            articles=articles,
            passages=passages,
            built_at=meta["built_at"],
            generation=int(meta["generation"]),
        )

    # Reading

    def refresh(self) -> bool:
        """Notice what another process committed; called before each question."""
        with self._refreshing:
            generation = self.catalogue.generation()
            if generation == self._generation:
                return False
            self.words.reopen()
            self.vectors.reopen()
            self._generation = generation  # last: what is kept is kept under what it was read from
            return True

    @property
    def generation(self) -> int:
        """The commits that this process has noticed."""
        return self._generation

    def is_whole(self) -> bool:
        """Whether vectors and words are there; not so while somebody writes, or after a crash."""
        if self.catalogue.is_doubtful():
            return False
        return self._stores_exist() or self.catalogue.is_empty()

    def search_words(
        self, terms: Sequence[str], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` best current passages for analyzed terms: (id, BM25), best first."""
        admitted = self._admitted(filters)
        if admitted is not None and admitted.passages is not None:
            return self.words.search(terms, k, admitted.passages)
        return self._current(lambda n: self.words.search(terms, n), k, admitted)

    def search_vectors(
        self, vector: Sequence[float], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` nearest current passages: (id, cosine), best first."""
        admitted = self._admitted(filters)
        if admitted is not None and admitted.passages is not None:
            return admitted.nearest(vector, k)
        return self._current(lambda n: self.vectors.search(vector, n), k, admitted)

    def passages(self, passage_ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        """Load passages with their articles, by id."""
        return self.catalogue.passages(passage_ids)

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of analyzed terms."""
        return self.words.idf(terms)

    def similar_terms(self, term: str, distance: int) -> list[str]:
        """Terms of the library within an edit distance of a term."""
        return self.words.similar(term, distance)

    def spelt_like(self, name: str) -> dict[str, float]:
        """Terms of the library that may be a name in another spelling, and how far apart."""
        return self.words.spelt_like(name)

    def _admitted(self, filters: Filters) -> Admitted | None:
        """What the filters let through; None where they let everything through."""
        if not filters.active:
            return None
        with self._filtering:
            known = self._filtered.get(filters)
            if known is None or known[0] != self._generation:
                known = (self._generation, Admitted(self.catalogue, filters, self.vectors.rows))
                if len(self._filtered) >= _FILTERS_KEPT:
                    self._filtered.clear()
                self._filtered[filters] = known
            return known[1]

    def _current(
        self,
        search: Callable[[int], list[tuple[str, float]]],
        k: int,
        admitted: Admitted | None,
    ) -> list[tuple[str, float]]:
        """Over-fetch until `k` hits pass the filters and the catalogue, or none are left.

        Without doubt (see this module's head) vectors and words hold what the catalogue points at.
        What a commit takes away between the two looks is not there when it is loaded.
        """
        fetch = k if admitted is None else 4 * k
        while True:
            hits = search(fetch)
            passed = [h for h in hits if admitted is None or article_of(h[0]) in admitted.articles]
            kept = passed
            if self.catalogue.is_doubtful():
                current = self.catalogue.current([h[0] for h in passed])
                kept = [h for h in passed if h[0] in current]
            if len(kept) >= k or len(hits) < fetch:
                return kept[:k]
            fetch *= 4

    # Writing

    def mend(self, embed: Embed) -> None:
        """Make whole what a dead writer left; a living one is not waited for.

        Other threads that call it wait until it is done: nothing can be searched before.
        """
        with self._mending:
            if not self.is_whole():
                with suppress(IndexLockedError), self.writing(embed, wait=0):
                    pass

    @contextmanager
    def writing(self, embed: Embed, *, wait: float = _WAIT) -> Iterator[None]:
        """Hold the writer's lock; a dead process does not keep it. Mends what a crash left.

        `embed` maps texts to (len(texts), dimension) float32. `wait`: seconds for the lock.

        Raises:
            IndexLockedError: another process is writing.
            UsageError: the folder cannot be written to.
        """
        with _held(self._lock, self.folder, wait):
            self.refresh()
            if not self.is_whole():
                self._rebuild(embed)
            yield

    def files(self) -> dict[str, FileState]:
        """Every file that was read, by its path."""
        with self.catalogue.begin() as connection:
            return {
                row.path: FileState(
                    row.root, row.digest, tuple(Quarantined(p, r) for p, r in row.quarantined)
                )
                for row in connection.execute(sa.select(t.FILES))
            }

    def owners(self) -> dict[str, str]:
        """The path that each current article was read from, by article id."""
        with self.catalogue.begin() as connection:
            rows = connection.execute(sa.select(t.ARTICLES.c.id, t.ARTICLES.c.path))
            return {row.id: row.path for row in rows}

    def apply(self, changes: Sequence[FileChange], embed: Embed) -> list[str]:
        """Commit what some files bring, all of it or nothing; returns the ids that went away.

        Call it inside `writing()`. `embed` maps texts to (len(texts), dimension) float32.
        """
        batch = [(p, a) for change in changes for a, passages in change.write for p in passages]
        self._put(batch, embed)
        with self._committing() as connection:
            gone = [i for change in changes for i in commit_file(connection, change)]
        self._sweep()
        return gone

    def forget(self, paths: Sequence[str]) -> list[str]:
        """Remove files and their articles; returns the ids of those articles."""
        with self._committing() as connection:
            gone = [i for path in paths for i in drop_articles(connection, path, keep=())]
            for path in paths:
                connection.execute(sa.delete(t.FILES).where(t.FILES.c.path == path))
        self._sweep()
        return gone

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles by id; those that are not there are left out of what is returned.

        Their files are remembered, so that indexing again does not bring them back unless the
        file has changed.
        """
        with self._committing() as connection:
            gone = [i for i in article_ids if drop_article(connection, i)]
        self._sweep()
        return gone

    def _put(self, batch: Sequence[tuple[Passage, Article]], embed: Embed) -> None:
        """Write vectors and words of passages, noted as doubtful before."""
        if not batch:
            return
        vectors = self._cache.embed([embed_text(passage) for passage, _ in batch], embed)
        with self.catalogue.begin() as connection:
            t.note_doubtful(connection, [passage.id for passage, _ in batch])
        self.vectors.put(batch, vectors)
        self.words.put([passage for passage, _ in batch])

    @contextmanager
    def _committing(self) -> Iterator[Connection]:
        with self.catalogue.begin() as connection:
            yield connection
            generation = t.raise_generation(connection)
        self._generation = generation

    def _sweep(self) -> None:
        """Clear doubtful passages that the catalogue does not point at, then all doubt."""
        doubtful = self.catalogue.doubtful()
        current = self.catalogue.current(doubtful)
        stale = [passage_id for passage_id in doubtful if passage_id not in current]
        if stale:
            self.vectors.delete(stale)
            self.words.delete(stale)
        self._clear_doubt(cleared=bool(stale))

    def _rebuild(self, embed: Embed) -> None:
        """Make vectors and words anew from the catalogue."""
        with self.catalogue.begin() as connection:
            t.note_doubtful(connection, [_ALL])  # until it is done: this may be killed as well
        self.vectors.clear()
        self.words.clear()
        for batch in self.catalogue.all_passages(_REBUILD_BATCH):
            self._put(batch, embed)
        self._clear_doubt(cleared=True)

    def _clear_doubt(self, *, cleared: bool) -> None:
        """End all doubt; where vectors and words were cleared, readers are to open them anew."""
        with self._committing() if cleared else self.catalogue.begin() as connection:
            connection.execute(sa.delete(t.DOUBTFUL))

    def _stores_exist(self) -> bool:
        return self.vectors.exists() and self.words.count() > 0


def article_of(passage_id: str) -> str:
    """The article that a passage id names."""
    return passage_id.rsplit("@", 1)[0]


def _is_library(folder: Path) -> bool:
    try:
        str(folder).encode()
    except UnicodeEncodeError as error:
        raise UsageError("the index folder's name is not UTF-8: choose another") from error
    if not (folder / _CATALOGUE).is_file():
        return False
    catalogue = Catalogue(folder / _CATALOGUE)
    try:
        return catalogue.complete()
    finally:
        catalogue.close()


@contextmanager
def _held(lock: FileLock, folder: Path, wait: float) -> Iterator[None]:
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise IndexLockedError(
            f"another process is writing to {folder}; wait for it, then try again"
        ) from error
    except OSError as error:
        raise UsageError(
            f"cannot write to {folder} ({error.strerror}); change its permissions, or choose "
            "another folder with --index"
        ) from error
    try:
        yield
    finally:
        lock.release()


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

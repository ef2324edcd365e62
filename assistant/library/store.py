"""The library of one folder: catalogue, words and vectors, with one writer and any readers.

How it stays whole: see `writer`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import partial
from pathlib import Path

from sqlalchemy.engine import Connection

from assistant.errors import (
    IndexDamagedError,
    IndexLockedError,
    LibraryError,
    UsageError,
)
from assistant.library import builds
from assistant.library import tables as t
from assistant.library.admitted import AdmittedKept, current
from assistant.library.duplicates import LINKED, all_links, links_of, reports
from assistant.library.held import HeldFiles
from assistant.library.listing import Listing
from assistant.library.opening import check_meta, fresh_meta, held
from assistant.library.places import Engines, Place
from assistant.library.sharing import HOME, Sharing, Stores, new_mark
from assistant.library.writer import Embed, Writer
from assistant.models import EmbedderInfo
from assistant.types import Article, Filters, IndexManifest, Link, Passage

_WAIT = 2.0  # seconds a writer waits for the lock: a reader holds it to see who left doubt


class Library:
    """The stored collection in one folder. Open it with `open`, or `create` it."""

    def __init__(
        self, folder: Path, embedder: EmbedderInfo, engines: Engines | None = None
    ) -> None:
        self.folder = folder
        place = Place(folder.resolve(), engines or Engines())
        self.embedder = embedder
        self.catalogue = place.catalogue()
        try:
            meta = self.catalogue.meta()
            check_meta(meta, embedder, folder)
            self._generation, self._build = int(meta["generation"]), builds.build_of(meta)
            self._place = place = place.of(meta)
            # Before the words: whoever brings the folder in step from now on is noticed.
            self._sharing = Sharing(place, self.catalogue) if place.server() else None
            self.words = place.words(self._build)
        except LibraryError:
            self.catalogue.close()
            raise
        self.vectors = place.vectors(self._build)
        self._cache = place.cache(embedder)
        self.held = HeldFiles(self.catalogue)
        self.listing = Listing(self.catalogue)
        self._held_holdings: tuple[int, tuple[list[str], tuple[date, date] | None]] | None = None
        self._lock = place.lock()
        self._refreshing = threading.Lock()
        self._mending = threading.Lock()
        self._filtered = AdmittedKept()
        self._strays = True  # whether the last look at the catalogue found any; not looked yet
        self._mended = -1  # the generation that was last looked through
        self._closed = False

    @classmethod
    def open(cls, folder: Path, embedder: EmbedderInfo, engines: Engines | None = None) -> Library:
        """Open the library in `folder`; `engines` hold what the folder does not.

        Raises:
            IndexNotFoundError: there is none.
            IndexMismatchError: it was built with another embedder, chunking or schema, or its
                vectors are elsewhere.
            IndexDamagedError: one of its stores cannot be read.
            UsageError: the folder's name cannot be used.
        """
        Place(folder, engines or Engines()).need_library()
        return cls(folder, embedder, engines)

    @classmethod
    def create(
        cls, folder: Path, embedder: EmbedderInfo, engines: Engines | None = None
    ) -> Library:
        """Open the library in `folder`, making an empty one where there is none.

        Raises:
            UsageError: the folder cannot be made or written to.
        """
        place = Place(folder, engines or Engines())
        if not place.is_library():
            lost = place.was_used()  # an index was here, and its catalogue is gone
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UsageError(f"cannot make the folder {folder}: {error.strerror}") from error
            with held(place.lock(), folder, wait=10), closing(place.catalogue()) as catalogue:
                if not catalogue.complete():
                    if lost:
                        builds.clear_builds(place, None)
                    with catalogue.begin() as connection:
                        catalogue.create_tables(connection)
                        made = {"generation": "0", HOME: new_mark()} | place.named({}).noted()
                        t.put_meta(connection, fresh_meta(embedder) | LINKED | made)
        return cls.open(folder, embedder, engines)

    def close(self) -> None:
        """Let go of the files."""
        if not self._closed:
            self._closed = True
            self.vectors.close()
            self.words.close()
            self.catalogue.close()

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
            pending=self.pending(),
        )

    # Reading

    def refresh(self) -> bool:
        """Notice what another process committed; called before each question.

        Raises:
            IndexMismatchError: the index was rebuilt with another embedder or chunking.
            IndexDamagedError: a store cannot be read.
        """
        with self._refreshing:
            generation, self._strays = self.catalogue.state()
            if generation == self._generation:
                return False
            meta = self.catalogue.meta()
            try:
                self._look_again(meta)
            except IndexDamagedError:
                before, meta = builds.build_of(meta), self.catalogue.meta()
                if builds.build_of(meta) == before:
                    raise
                self._look_again(meta)  # it was gone, since a rebuild ended just now
            # Last: what is kept is kept under what it was read from.
            self._generation = int(meta["generation"])
            return True

    def _look_again(self, meta: Mapping[str, str]) -> None:
        """Read what is current; questions under way end with what they hold of another build."""
        build = builds.build_of(meta)
        if build == self._build:
            self.words.reopen()
            self.vectors.reopen()
            return
        check_meta(meta, self.embedder, self.folder)
        self._place = self._place.of(meta)
        left = self.vectors
        self.words.close()
        self.words = self._place.words(build)
        self.vectors = self._place.vectors(build)
        self._build = build
        left.close()

    @property
    def build(self) -> int:
        """The build that is read: another one after a rebuild, with passages of its own."""
        return self._build

    @property
    def generation(self) -> int:
        """What rises with each commit that this process notices, and where it is brought in step.

        What was read before it may be out of date.
        """
        return self._generation + (self._sharing.reopened if self._sharing else 0)

    def is_whole(self) -> bool:
        """Whether what was begun was ended; not so while somebody writes, or after a crash."""
        if self.catalogue.is_doubtful() or self.catalogue.is_torn():
            return False
        if self.words.count() and self.vectors.sure():
            return True
        _, passages = self.catalogue.counts()
        return self._vectors_hold() and bool(self.words.count()) == bool(passages)

    def _vectors_hold(self) -> bool:
        """Whether there is a vector of each passage that should have one."""
        if self.vectors.sure():
            return True
        _, passages = self.catalogue.counts()
        return not self.vectors.lacks(passages - self.pending())

    @property
    def server(self) -> str:
        """Where the catalogue lies, without user and password; empty: in the folder."""
        return str(self._place.server() or "")

    def in_step(self) -> bool:
        """Whether words and vectors in the folder are the catalogue's, but for what is listed."""
        return self._sharing is None or self._sharing.is_right()

    def pending(self) -> int:
        """How many passages have no vector yet: they are found by their words alone."""
        return self.catalogue.pending()

    def sources(self) -> list[str]:
        """Every outlet and re-publisher, in order of the alphabet."""
        return self._holdings()[0]

    def days(self) -> tuple[date, date] | None:
        """The first and the last day that current articles are of; None where none is dated."""
        return self._holdings()[1]

    def _holdings(self) -> tuple[list[str], tuple[date, date] | None]:
        """Asked for with every question, and looked up once a generation."""
        known, generation = self._held_holdings, self._generation
        if known is None or known[0] != generation:
            known = (generation, (self.catalogue.sources(), self.catalogue.days()))
            self._held_holdings = known
        return known[1]

    def search_words(
        self, terms: Sequence[str], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` best current passages for analyzed terms: (id, BM25), best first."""
        words = self.words
        search = partial(words.search, terms, filters=filters)
        return current(self.catalogue, search, k, strays=self._strays)

    def search_vectors(
        self, vector: Sequence[float], k: int, filters: Filters
    ) -> list[tuple[str, float]]:
        """The `k` nearest current passages that have a vector: (id, cosine), best first."""
        vectors, generation = self.vectors, self.generation
        if not vectors.exists():
            return []
        try:
            nearest: Callable[[Sequence[float], int], list[tuple[str, float]]] = vectors.search
            if filters.active:
                admitted = self._filtered.get(filters, generation, self.words, vectors)
                nearest = admitted.nearest
            search = partial(nearest, vector)
            return current(self.catalogue, search, k, strays=self._strays)
        except IndexDamagedError:
            self.refresh()
            if self.vectors is vectors and self.generation == generation:
                raise
            return self.search_vectors(vector, k, filters)  # a commit overtook it

    def passages(self, passage_ids: Sequence[str]) -> dict[str, tuple[Passage, Article]]:
        """Load passages with their articles, by id."""
        return self.catalogue.passages(passage_ids)

    def reports(self, article_ids: Sequence[str]) -> list[list[Article]]:
        """What is one report with some articles, the original first; lone ones are left out."""
        with self.catalogue.begin() as connection:
            return reports(connection, article_ids)

    def links_of(self, article_id: str) -> list[Link]:
        """The link of an article to its original, and those of its copies to it."""
        with self.catalogue.begin() as connection:
            return links_of(connection, article_id)

    def links(self) -> list[Link]:
        """Every link between an article and what repeats it."""
        with self.catalogue.begin() as connection:
            return all_links(connection)

    def idf(self, terms: Sequence[str]) -> dict[str, float]:
        """BM25's inverse document frequency of analyzed terms."""
        return self.words.idf(terms)

    def similar_terms(self, term: str, distance: int) -> list[str]:
        """Terms of the library within an edit distance of a term."""
        return self.words.similar(term, distance)

    def spelt_like(self, name: str) -> dict[str, float]:
        """Terms of the library that may be a name in another spelling, and how far apart."""
        return self.words.spelt_like(name)

    # Writing

    @contextmanager
    def writing(self, *, wait: float = _WAIT) -> Iterator[Writer]:
        """Hold the writer's lock; a dead process does not keep it. Mends what a crash left.

        `wait`: seconds for the lock.

        Raises:
            IndexLockedError: another process is writing.
            UsageError: the folder cannot be written to.
        """
        with held(self._lock, self.folder, wait):
            self.refresh()
            self._strays = True  # until it is looked at again
            with self._fenced() as fence:
                builds.clear_half_made(self.catalogue, self._place)
                writer = Writer(
                    self.catalogue, self.words, self.vectors, self._cache, self._notice, fence
                )
                writer.mend()
                yield writer

    @contextmanager
    def _fenced(self) -> Iterator[Callable[[Connection], None]]:
        """What tells a writer inside of a commit that it is one no longer."""
        if self._sharing is None:
            yield lambda connection: None
            return
        with self._sharing.at_home(self._stores()) as fence:
            yield fence

    def _stores(self) -> Stores:
        own = None if self._place.engines.chroma else self.vectors
        return Stores(self._build, self.words, own, self._cache)

    def mend(self, embed: Embed) -> None:
        """Put right what a writer that died left, if nobody is writing; before each question.

        Vectors that are still to be made are made where their embeddings are known, as they are
        after a crash; the rest waits for `assistant index`. Other threads that call it wait until
        it is done: nothing can be searched before. Where another folder shares the catalogue and
        wrote last, this one is brought in step with it instead (see `sharing`).

        Raises:
            UsageError: there is something to mend, and the folder cannot be written to.
        """
        with self._mending:
            if self._sharing is not None and self._sharing.follow(self._stores(), embed):
                whole = not self._place.engines.chroma or self._vectors_hold()
            else:
                seen = self._mended == self._generation or not self.pending()
                whole = self.is_whole() and seen
            if whole:
                return
            with (
                # A question is answered from what there is; what it needs and cannot read, it says.
                suppress(IndexLockedError, IndexDamagedError),
                self.writing(wait=0) as writer,
            ):
                for _ in writer.embed_pending(embed, cached_only=True):
                    pass
                self._mended = self._generation

    def _notice(self, generation: int) -> None:
        """Take note of a commit of this process: its word index and Chroma client know of it."""
        self._generation = generation

"""Folders that share a catalogue on a server: whose words and vectors its lists are about.

Words lie in each folder, and vectors do where no Chroma server holds them. The lists of the
catalogue (doubtful, stale, pending, torn) are about one folder's: its home, which is the folder
that wrote last. A writer draws a mark, and puts it into the manifest and into its folder; a folder
is the home while the two are the same.

Every other folder follows. It notes the mark and the generation that it is in step with; where
these are not the catalogue's, it catches up before a question is answered: words are written anew,
and of the vectors those that differ, but for those that the home has still to make. That leaves
the catalogue as it is. To write, a folder catches up first, and then is the home.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.errors import IndexLockedError, LibraryError
from assistant.library import tables as t
from assistant.library.builds import build_of
from assistant.library.catalogue import Catalogue
from assistant.library.embeddings import EmbeddingCache
from assistant.library.engines.vectors import Vectors, embed_text
from assistant.library.opening import held
from assistant.library.places import FOLLOWS, Place
from assistant.library.words import Words
from assistant.library.writer import VECTORS_BATCH, Embed
from assistant.types import Article, Passage

HOME = "home"  # the key of the manifest
_BATCH = 5000  # passages
_WAIT = 30.0  # seconds for another process that brings the folder in step


@dataclass(frozen=True, slots=True)
class State:
    """What a folder notes of itself.

    `generation` None: it was the home when `home` was drawn. `torn`: its vectors are being written.
    """

    home: str = ""
    generation: int | None = -1
    torn: bool = False


@dataclass(frozen=True, slots=True)
class Stores:
    """What follows the catalogue in a folder, of one build; `vectors` None: a server has them."""

    build: int
    words: Words
    vectors: Vectors | None
    cache: EmbeddingCache


def new_mark() -> str:
    """A mark that no folder has."""
    return uuid.uuid4().hex


class Sharing:
    """One folder among those of a catalogue."""

    def __init__(self, place: Place, catalogue: Catalogue) -> None:
        self._place, self._catalogue = place, catalogue
        self._seen = replace(self.state(), torn=False)  # as the stores of this process were opened
        self.reopened = 0  # times that this process opened them anew

    def state(self) -> State:
        """What the folder notes of itself; nothing where that cannot be read."""
        try:
            return State(**json.loads(self._path.read_bytes()))
        except (OSError, ValueError, TypeError):
            return State()

    def is_right(self) -> bool:
        """Whether the folder is the home, or in step with it."""
        return self._how() != "behind"

    def _how(self) -> Literal["home", "in step", "behind"]:
        state, meta = self.state(), self._catalogue.meta()
        if state.home != meta[HOME]:
            return "behind"
        if state.generation is None:
            return "home"
        return "in step" if state.generation == int(meta["generation"]) else "behind"

    def follow(self, stores: Stores, embed: Embed) -> bool:
        """Have the folder in step before a question; False: it is the home, and need not.

        Raises:
            UsageError: the folder cannot be written to.
        """
        how = self._how()
        with suppress(IndexLockedError):  # answered from what there is
            if how == "behind":
                with held(self._place.own_lock(), self._place.folder, _WAIT):
                    how = self._how()  # another process may have seen to it
                    if how == "behind":
                        self._catch_up(stores, embed)
        state = replace(self.state(), torn=False)  # what is torn is no other
        if state != self._seen:
            stores.words.reopen()
            if stores.vectors is not None:
                stores.vectors.reopen()
            self._seen = state
            self.reopened += 1
        return how != "home"

    @contextmanager
    def at_home(self, stores: Stores) -> Iterator[Callable[[Connection], None]]:
        """Be the home while writing, for who holds the writer's lock.

        What is yielded is asked inside of each transaction, and raises where another writer drew a
        mark since. A folder that is the home already draws its own with the first of them: where
        nothing is written, the others have nothing to catch up with.
        """
        how, tears = self._how(), stores.vectors is not None
        if how == "behind":
            self._catch_words_up(stores.words)
        if how == "home":
            mark = self.state().home
            self._write(State(mark, None, torn=tears))
        else:
            mark = self._draw(tears, stores.vectors)
        drawn = how != "home"

        def fence(connection: Connection) -> None:
            nonlocal mark, drawn
            if not drawn:
                mark, drawn = self._draw(tears, before=mark), True
            check_mark(connection, mark)

        try:
            yield fence
        finally:
            with suppress(LibraryError):  # else they are taken for torn
                if self._catalogue.meta().get(HOME) == mark:  # its lists are about this folder
                    self.settle(mark, torn=tears and self._catalogue.is_torn())

    def _draw(self, tears: bool, vectors: Vectors | None = None, before: str | None = None) -> str:
        """Draw a mark. `vectors`: the lists become about these; `before`: the mark until now."""
        mark = new_mark()
        with self._catalogue.begin() as connection:
            if before is not None:
                check_mark(connection, before)
            if vectors is not None:
                self._list_anew(connection, self._held(vectors))
            t.put_meta(connection, {HOME: mark})
        self._write(State(mark, None, torn=tears))
        return mark

    def _catch_up(self, stores: Stores, embed: Embed) -> None:
        """Bring the folder in step with the catalogue, as it is now or becomes meanwhile."""
        meta = self._catalogue.meta()
        if build_of(meta) != stores.build:
            return  # a rebuild ended just now: its build is opened at the next look
        self._write(State(torn=self.state().torn))
        self._catch_words_up(stores.words)
        if stores.vectors is not None:
            self._catch_vectors_up(stores, stores.vectors, embed)
        self._write(State(meta[HOME], int(meta["generation"])))
        current = self._place.stores(meta, stores.build)
        for store in self._place.builds():
            if store not in current and store[0] != "collection":  # those are for all
                self._place.drop(*store)

    def settle(self, mark: str, *, torn: bool) -> None:
        """Note that a writer ended, or a rebuild."""
        self._write(State(mark, None, torn))

    def _catch_words_up(self, words: Words) -> None:
        batches = self._catalogue.all_passages(_BATCH)
        words.replace(pair for batch in batches for pair in batch)

    def _catch_vectors_up(self, stores: Stores, vectors: Vectors, embed: Embed) -> None:
        held = self._held(vectors)
        pending = set(self._catalogue.some_pending(None))
        self._write(State(torn=True))
        current: set[str] = set()
        missing: list[tuple[Passage, Article]] = []
        for batch in self._catalogue.all_passages(_BATCH):
            made = [pair for pair in batch if pair[0].id not in pending]
            current.update(passage.id for passage, _ in made)
            missing += [pair for pair in made if held.get(pair[0].id) != pair[0].header]
        for first in range(0, len(missing), VECTORS_BATCH):
            some = missing[first : first + VECTORS_BATCH]
            vectors.put(some, stores.cache.embed([embed_text(p) for p, _ in some], embed))
        if not current:
            vectors.clear()
        elif gone := [passage_id for passage_id in held if passage_id not in current]:
            vectors.delete(gone)

    def _held(self, vectors: Vectors) -> dict[str, str]:
        """The header of each passage whose vector the folder holds, by passage id."""
        if self.state().torn:
            vectors.clear()  # somebody died while writing them
        if not vectors.exists():
            return {}
        return vectors.headers()

    def _list_anew(self, connection: Connection, held: dict[str, str]) -> None:
        """Have the lists say which vectors this folder lacks, and which it has for nothing."""
        current: set[str] = set()
        for batch in self._catalogue.all_passages(_BATCH):
            current.update(p.id for p, _ in batch if held.get(p.id) == p.header)
        for table in (t.PENDING, t.STALE):
            connection.execute(sa.delete(table))
        ids = connection.execute(sa.select(t.PASSAGES.c.id)).scalars()
        t.note(connection, t.PENDING, [i for i in ids if i not in current])
        t.note(connection, t.STALE, [i for i in held if i not in current])
        t.note_torn(connection, torn=False)

    @property
    def _path(self) -> Path:
        return self._place.root / FOLLOWS

    def _write(self, state: State) -> None:
        part = self._path.with_suffix(".part")
        part.write_text(json.dumps(asdict(state)))
        part.replace(self._path)


def check_mark(connection: Connection, mark: str) -> None:
    """Raise where another writer drew a mark since: the lock went with a lost connection.

    Raises:
        IndexLockedError: so it is.
    """
    query = sa.select(t.META.c.value).where(t.META.c.key == HOME).with_for_update()
    if connection.execute(query).scalar_one_or_none() != mark:
        raise IndexLockedError(
            "the connection that held the writer's lock was lost, and another process writes to "
            "the index now; wait for it, then try again"
        )

"""Commits to the library, and the mending of what a crash left.

Articles first, vectors after them. A commit of articles goes in four steps:

1. the ids of the passages to be written are noted as doubtful;
2. their words are written (retrieval ignores what the catalogue does not point at);
3. one transaction moves the catalogue's pointers, notes the new passages as pending, and raises the
   generation: the commit;
4. doubtful passages that the catalogue does not point at are cleared from the words, and noted as
   stale.

Vectors of pending passages are made in batches: they are written, then one transaction takes them
off the list. Those of stale passages are cleared last, since Chroma crashes at a question to a
collection that has just lost all it held. While Chroma's files are written they are noted as torn,
for what it was writing when a process died cannot be trusted, not even to be read.

After a crash passages are doubtful, or the vectors torn, while nobody holds the writer's lock. The
next writer, or the next reader who can be one, then puts the words of the doubtful ones right (a
word index is never half written), and of torn vectors deletes the files: every passage is pending
again, and its embedding is in the cache.

On a server no process of ours can tear vectors. A batch that did not come through is still pending.
What the server lost is noted as pending again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.engine import Connection

from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.changes import FileChange, commit_file, drop_article, drop_articles
from assistant.library.duplicates import are_linked, link_anew
from assistant.library.embeddings import EmbeddingCache
from assistant.library.engines.vectors import Vectors, embed_text
from assistant.library.rows import askable
from assistant.library.words import Words
from assistant.types import Passage

Embed = Callable[[list[str]], NDArray[np.float32]]
"""Texts to vectors: (len(texts), dimension) float32."""
_WORDS_BATCH, VECTORS_BATCH = 5000, 512
EMBEDDED_AT_ONCE = 64
"""Passages between two questions whether to stop: some seconds of a small machine's time."""


def at_once(embed: Embed, batch: int) -> int:
    """How many texts to ask for at a time: `batch`, or what an embedder of many workers names."""
    return int(getattr(embed, "at_once", batch))


class Writer:
    """Writes to the stores of one library; made by `Library.writing`, which holds the lock.

    `notice` is called with the generation of each commit. `fence` is asked inside of each
    transaction that writes, and raises where the lock is no longer held.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        words: Words,
        vectors: Vectors,
        cache: EmbeddingCache,
        notice: Callable[[int], None],
        fence: Callable[[Connection], None],
    ) -> None:
        self._catalogue, self._words, self._vectors = catalogue, words, vectors
        self._cache, self._notice, self._fence = cache, notice, fence

    def apply(self, changes: Sequence[FileChange]) -> list[str]:
        """Commit what some files bring, all of it or nothing; returns the ids that went away."""
        new = [(p, a) for change in changes for a, passages in change.write for p in passages]
        if new:
            with self._fenced() as connection:
                t.note(connection, t.DOUBTFUL, [passage.id for passage, _ in new])
            self._words.put(new)
        with self._committing() as connection:
            gone = [i for change in changes for i in commit_file(connection, change)]
        self._sweep()
        return gone

    def try_out(self, embed: Embed, passage: Passage) -> None:
        """Embed one passage that is to be written: what is wrong shows before anything is."""
        self._cache.embed([embed_text(passage)], embed)

    def forget(self, paths: Sequence[str]) -> list[str]:
        """Remove files and their articles; returns the ids of those articles."""
        with self._committing() as connection:
            gone = [i for path in paths for i in drop_articles(connection, path, keep=())]
            for path in paths:
                connection.execute(sa.delete(t.FILES).where(t.FILES.c.path == path))
        self._sweep()
        self._clear_stale()
        return gone

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles by id; those that are not there are left out of what is returned.

        Their files are remembered, so that indexing again does not bring them back unless the
        file has changed.
        """
        with self._committing() as connection:
            gone = [i for i in article_ids if drop_article(connection, askable(i))]
        self._sweep()
        self._clear_stale()
        return gone

    def embed_pending(
        self, embed: Embed, stop: Callable[[], bool] | None = None, *, cached_only: bool = False
    ) -> Iterator[int]:
        """Make the vectors that are still to be made; yields how many were embedded each time.

        They are committed in batches, before the next is begun. `stop` is asked within a batch,
        too; once it is true, what was embedded is committed and the rest waits. `cached_only`:
        only of passages whose embedding is known, as after a crash.
        """
        stopped = stop or _never
        while not stopped() and (
            ids := self._catalogue.some_pending(at_once(embed, VECTORS_BATCH))
        ):
            portion = at_once(embed, EMBEDDED_AT_ONCE)  # more, once there are workers
            # By length, so that little is spent on padding in each portion.
            held = sorted(
                self._catalogue.passages(ids).values(), key=lambda each: len(each[0].text)
            )
            texts = [embed_text(passage) for passage, _ in held]
            if cached_only and not self._cache.holds(texts):
                return
            made: list[NDArray[np.float32]] = []
            for first in range(0, len(held), portion):
                made.append(self._cache.embed(texts[first : first + portion], embed))
                yield len(made[-1])
                if stopped():
                    break
            vectors = np.concatenate(made)
            if len(vectors) < len(held):
                held = held[: len(vectors)]
                ids = [passage.id for passage, _ in held]
            with self._tearing():
                self._vectors.put(held, vectors)
            with self._committing() as connection:
                connection.execute(sa.delete(t.PENDING).where(t.PENDING.c.passage_id.in_(ids)))
        if not stopped():
            self._clear_stale()

    def mend(self) -> None:
        """Put right what a process that died left half done."""
        _, passages = self._catalogue.counts()
        if self._catalogue.is_torn():
            self._start_vectors_anew()
        elif self._vectors.lacks(passages - self._catalogue.pending()):
            self._note_lost()
        with self._catalogue.begin() as connection:
            linked = are_linked(connection)
        if not linked:
            with self._committing() as connection:
                link_anew(connection)
        doubtful = self._catalogue.doubtful()
        for first in range(0, len(doubtful), _WORDS_BATCH):
            current = self._catalogue.passages(doubtful[first : first + _WORDS_BATCH])
            self._words.put(current.values())
        if doubtful:
            self._sweep()
        if self._words.count() != passages:
            batches = self._catalogue.all_passages(_WORDS_BATCH)
            self._words.replace(pair for batch in batches for pair in batch)
            with self._committing():
                pass  # other processes are to open what is new

    def _start_vectors_anew(self) -> None:
        self._vectors.clear()
        with self._committing() as connection:
            connection.execute(sa.delete(t.STALE))
            connection.execute(sa.delete(t.PENDING))
            connection.execute(
                sa.insert(t.PENDING).from_select(["passage_id"], sa.select(t.PASSAGES.c.id))
            )
            t.note_torn(connection, torn=False)

    def _note_lost(self) -> None:
        """Note as pending what should have a vector, and has none."""
        if not self._vectors.exists():
            self._start_vectors_anew()
            return
        for batch in self._catalogue.all_passages(_WORDS_BATCH):
            ids = [passage.id for passage, _ in batch]
            held = self._vectors.held(ids)
            with self._committing() as connection:
                t.note(connection, t.PENDING, [i for i in ids if i not in held])

    def _sweep(self) -> None:
        """Clear doubtful words that the catalogue does not point at; their vectors are stale."""
        doubtful = self._catalogue.doubtful()
        current = self._catalogue.current(doubtful)
        stray = [passage_id for passage_id in doubtful if passage_id not in current]
        self._words.delete(stray)
        # Where words were cleared, readers who opened them before are to open them anew.
        with self._committing() if stray else self._fenced() as connection:
            t.note(connection, t.STALE, stray)
            connection.execute(sa.delete(t.DOUBTFUL))

    def _clear_stale(self) -> None:
        """Clear the vectors of passages that the catalogue does not point at."""
        stale = self._catalogue.stale()
        if not stale:
            return
        if self._catalogue.is_empty():
            self._vectors.clear()
        elif self._vectors.exists():
            current = self._catalogue.current(stale)
            with self._tearing():
                self._vectors.delete([i for i in stale if i not in current])
        with self._committing() as connection:
            connection.execute(sa.delete(t.STALE))

    @contextmanager
    def _fenced(self) -> Iterator[Connection]:
        """A transaction of the one writer; who is it no longer changes nothing."""
        with self._catalogue.begin() as connection:
            self._fence(connection)
            yield connection

    @contextmanager
    def _committing(self) -> Iterator[Connection]:
        with self._fenced() as connection:
            yield connection
            generation = t.raise_generation(connection)
        self._notice(generation)

    @contextmanager
    def _tearing(self) -> Iterator[None]:
        """While Chroma's files are written they are noted as torn; after a failure, too."""
        if not self._vectors.can_tear:
            yield
            return
        with self._fenced() as connection:
            t.note_torn(connection, torn=True)
        yield
        with self._fenced() as connection:
            t.note_torn(connection, torn=False)


def _never() -> bool:
    return False

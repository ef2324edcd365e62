"""Words and vectors made anew from the catalogue, beside the old ones.

The build that is made has folders of its own (on a Chroma server, a collection) and its passages
stand in a table of their own, so that the old one answers meanwhile. When all is there, one
transaction of the catalogue puts the new passages in the place of the old, moves the manifest
(build, embedder, chunking, schema, the place of the vectors) and raises the generation: the commit.
Then the old folders are deleted.

A rebuild that is killed or stopped has changed nothing that anybody reads. What it left is cleared
by the next writer; what it embedded is in the cache, so that the next rebuild goes on from there.
Of the files it needs but the catalogue: so it also mends words and vectors that are damaged, an
index of another embedder or chunking, and one of an older schema; and it moves the vectors to a
server, or from it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from assistant.library import builds
from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.duplicates import are_linked, link_anew
from assistant.library.engines.vectors import embed_text
from assistant.library.opening import check_schema, fresh_meta, held
from assistant.library.places import PREFIX, Engines, Place
from assistant.library.sharing import HOME, Sharing, new_mark
from assistant.library.writer import Embed, at_once
from assistant.models import EmbedderInfo
from assistant.passages import split_passages
from assistant.types import Article, Passage

_WAIT = 2.0  # seconds for the lock, as a writer waits
_ARTICLES_BATCH, WORDS_BATCH, VECTORS_BATCH = 100, 5000, 512


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild made. `stopped`: it was asked to end before; the index is as it was."""

    articles: int
    passages: int
    seconds: float
    stopped: bool = False


def rebuild(
    folder: Path,
    embedder: EmbedderInfo,
    embed: Embed,
    told: Callable[[int, int], None] | None = None,
    stop: Callable[[], bool] | None = None,
    engines: Engines | None = None,
) -> Rebuilt:
    """Make words and vectors of the library in `folder` anew; `embed` is `embedder`'s.

    `told` is called with the passages embedded so far and all there are. `stop` is asked after
    each batch; once it is true, the index stays as it was.

    Raises:
        IndexNotFoundError: there is no library in the folder.
        IndexLockedError: another process is writing.
        IndexMismatchError: it was made by a newer Dateline.
        IndexDamagedError: its catalogue cannot be read, or the new files cannot be written.
        UsageError: the folder cannot be written to.
    """
    started, place = time.perf_counter(), Place(folder, engines or Engines())
    place.need_library()
    with held(place.lock(), folder, _WAIT):
        catalogue = place.catalogue()
        try:
            meta = catalogue.meta()
            check_schema(meta, folder)
            one = _Rebuild(catalogue, place.named(meta), embedder, stop or _never)
            ended = one.run(embed, told or _silent)
            articles, _ = catalogue.counts()
        finally:
            catalogue.close()
    return Rebuilt(articles, one.passages, time.perf_counter() - started, stopped=not ended)


class _Rebuild:
    def __init__(
        self, catalogue: Catalogue, place: Place, embedder: EmbedderInfo, stop: Callable[[], bool]
    ) -> None:
        self._catalogue, self._place, self._embedder = catalogue, place, embedder
        self._stop = stop
        self._cache = place.cache(embedder)
        self._build = builds.build_of(catalogue.meta()) + 1
        self._mark = new_mark()  # another writer takes it off: the lock can go with a connection
        self.passages = 0

    def run(self, embed: Embed, told: Callable[[int, int], None]) -> bool:
        """Whether it came to its end."""
        self._begin()
        try:
            ended = self._make_words() and self._make_vectors(embed, told)
            if ended:
                self._swap()
            else:
                self._check()
                builds.clear_half_made(self._catalogue, self._place)
            return ended
        finally:  # the old build, or after a failure what there is of the new one
            meta = self._catalogue.meta()
            ended = builds.NEXT_BUILD not in meta and builds.build_of(meta) == self._build
            if ended or meta.get(builds.NEXT_BUILD) == self._mark:  # else it is another's to do
                builds.clear_builds(self._place, meta)

    def _check(self) -> None:
        with self._catalogue.begin() as connection:
            builds.check_next(connection, self._mark)

    def _begin(self) -> None:
        self._cache.drop_if_damaged()
        with self._catalogue.begin() as connection:
            self._catalogue.create_tables(connection)  # an older schema lacks some
        builds.clear_half_made(self._catalogue, self._place)
        with self._catalogue.begin() as connection:
            # Of the place only its name: the vectors are there when all is done.
            noted = {k: v for k, v in self._place.noted().items() if k == PREFIX}
            t.put_meta(connection, {builds.NEXT_BUILD: self._mark} | noted)

    def _make_words(self) -> bool:
        """Split every article, and write the words of its passages."""
        words = self._place.words(self._build)
        waiting: list[tuple[Passage, Article]] = []
        for articles in self._catalogue.all_articles(_ARTICLES_BATCH):
            if self._stop():
                return False
            passages = [(p, article) for article in articles for p in split_passages(article)]
            if passages:
                with self._catalogue.begin() as connection:
                    builds.check_next(connection, self._mark)
                    rows = [t.passage_row(passage) for passage, _ in passages]
                    connection.execute(sa.insert(t.NEXT_PASSAGES), rows)
            self.passages += len(passages)
            waiting += passages
            if len(waiting) >= WORDS_BATCH:
                words.put(waiting)
                waiting = []
        words.put(waiting)
        return True

    def _make_vectors(self, embed: Embed, told: Callable[[int, int], None]) -> bool:
        vectors = self._place.vectors(self._build)
        done = 0
        try:
            told(done, self.passages)
            for batch in self._batches(embed):
                if self._stop():
                    return False
                texts = [embed_text(passage) for passage, _ in batch]
                made = self._cache.embed(texts, embed)
                self._check()
                vectors.put(batch, made)
                done += len(batch)
                told(done, self.passages)
        finally:
            vectors.close()
        return True

    def _batches(self, embed: Embed) -> Iterator[list[tuple[Passage, Article]]]:
        own, last = t.NEXT_PASSAGES.c.id, ""
        while True:
            most = at_once(embed, VECTORS_BATCH)
            query = sa.select(own).where(own > last).order_by(own).limit(most)
            with self._catalogue.begin() as connection:
                ids = list(connection.execute(query).scalars())
            if not ids:
                return
            yield list(self._catalogue.passages(ids, t.NEXT_PASSAGES).values())
            last = ids[-1]

    def _swap(self) -> None:
        columns = [column.name for column in t.PASSAGES.columns]
        mark = new_mark()
        with self._catalogue.begin() as connection:
            builds.check_next(connection, self._mark)
            for table in (t.PASSAGES, t.DOUBTFUL, t.STALE, t.PENDING):
                connection.execute(sa.delete(table))
            connection.execute(
                sa.insert(t.PASSAGES).from_select(columns, sa.select(t.NEXT_PASSAGES))
            )
            connection.execute(sa.delete(t.NEXT_PASSAGES))
            connection.execute(sa.delete(t.META).where(t.META.c.key == builds.NEXT_BUILD))
            t.note_torn(connection, torn=False)
            if not are_linked(connection):
                link_anew(connection)
            moved = {builds.BUILD: str(self._build), HOME: mark} | self._place.noted()
            t.put_meta(connection, fresh_meta(self._embedder) | moved)
            t.raise_generation(connection)
        if self._place.server():
            Sharing(self._place, self._catalogue).settle(mark, torn=False)


def _silent(_done: int, _total: int) -> None:
    return


def _never() -> bool:
    return False

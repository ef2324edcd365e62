"""kill -9 of writers in two folders that share a catalogue on PostgreSQL, in turns.

A long form alone, some minutes:

    python -m pytest tests/conformance/test_kill_shared.py -m slow -n 0 -s
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from assistant.errors import IndexMismatchError
from assistant.indexing import index_paths
from assistant.library import Library
from assistant.library.engines.vectors import HNSW
from tests.conformance.test_kill import _LONGEST, Killer, _edit
from tests.kill_writer import BATCH, SYNC_EVERY, Order, embed_with, info_of
from tests.newsroom import assert_in_step, catalogue_ids, vector_ids, word_ids
from tests.stores import Stores

_KILLS = 15
_WHOLE = 60.0  # seconds, for the first of all to come to its end


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("vectors", ["folders", "server"])
def test_two_folders(
    catalogue_url: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    vectors: str,
    seed: int,
) -> None:
    monkeypatch.setitem(HNSW, "sync_threshold", SYNC_EVERY)
    monkeypatch.setitem(HNSW, "batch_size", SYNC_EVERY // 2)
    monkeypatch.setattr("assistant.indexing.planner.BATCH_PASSAGES", BATCH)
    monkeypatch.setattr("assistant.library.writer.VECTORS_BATCH", BATCH)
    server = request.getfixturevalue("chroma_url") if vectors == "server" else ""
    world = _World(Stores(catalogue_url, server), tmp_path, random.Random(seed))
    world.kill_many()
    world.close()


class _World:
    def __init__(self, stores: Stores, place: Path, chance: random.Random) -> None:
        self._news, self._chance = place / "news", chance
        self._news.mkdir()
        self._engines = stores.engines(Path("shared"))
        self._folders = [place / "one", place / "two"]
        environment = stores.environment(Path("shared"))
        self._killers = [Killer(folder, self._news, environment) for folder in self._folders]
        self._texts: dict[str, str] = {}  # of the files, as they are
        self._other = False  # the embedder that the index has

    def kill_many(self) -> None:
        done: Counter[str] = Counter()
        _edit(self._news, self._texts, self._chance)
        self._killers[0].kill(Order("index", _WHOLE))
        while done.total() < _KILLS:
            which = self._chance.randrange(2)
            order = self._order(self._folders[which])
            _, killed = self._killers[which].kill(order)
            done[order.act] += killed
            for folder in self._chance.sample(self._folders, self._chance.choice((1, 2))):
                self._ask(folder)
        for folder in self._folders:
            self._run(folder)
        print(dict(done))

    def close(self) -> None:
        for killer in self._killers:
            killer.close()

    def _order(self, folder: Path) -> Order:
        act = self._chance.choice(("index", "index", "rebuild", "remove"))
        after = self._chance.uniform(0, _LONGEST[act])
        if act == "rebuild":
            return Order(act, after, other=self._chance.random() < 0.3)
        if act == "remove":
            with self._opened(folder) as library:
                ids = sorted(library.held.owners())
            return Order(act, after, self._other, tuple(ids[:5]))
        _edit(self._news, self._texts, self._chance)
        return Order(act, after, self._other)

    @contextmanager
    def _opened(self, folder: Path) -> Iterator[Library]:
        try:
            library = Library.open(folder, info_of(self._other), self._engines)
        except IndexMismatchError:
            self._other = not self._other
            library = Library.open(folder, info_of(self._other), self._engines)
        yield library
        library.close()

    def _ask(self, folder: Path) -> None:
        """What a question finds: words of all passages, and vectors but for those to be made."""
        with self._opened(folder) as library:
            library.refresh()
            library.mend(partial(embed_with, library.embedder))
            assert library.in_step()
            ids = catalogue_ids(library)
            assert sorted(word_ids(library)) == sorted(ids)
            due = set(ids) - set(library.catalogue.some_pending(None))
            assert due <= set(vector_ids(library))

    def _run(self, folder: Path) -> None:
        """What a whole run makes of it."""
        with self._opened(folder) as library:
            index_paths(library, partial(embed_with, library.embedder), [self._news])
            assert_in_step(library)
            held = {i: library.catalogue.article(i).text for i in library.held.owners()}
            assert held.items() <= self._texts.items()  # some were removed by hand

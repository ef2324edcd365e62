"""kill -9 at any moment of indexing, updating, removing and rebuilding (invariant 3).

The short form always runs. The long form, 200 kills in about six minutes:

    python -m pytest tests/conformance/test_kill.py -m slow -n 0 -s
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import IndexMismatchError
from assistant.indexing import index_paths
from assistant.indexing.paths import digest, stored_path
from assistant.library import Library
from assistant.library.engines.vectors import HNSW
from assistant.library.tables import NEXT_PASSAGES
from assistant.types import Filters, revision_of
from tests.kill_writer import BATCH, SYNC_EVERY, Order, embed_with, info_of
from tests.newsroom import assert_in_step, write_article
from tests.stores import Stores

_FILES = 60
# Seconds to the kill; the whole of it takes about as long.
_LONGEST = {"index": 1.2, "remove": 0.3, "rebuild": 0.4}


class Killer:
    """Starts the process that forks, writes and kills."""

    def __init__(self, index: Path, news: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill_writer", str(index), str(news)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env=environment | {"TOKENIZERS_PARALLELISM": "false"},
        )

    def kill(self, order: Order) -> tuple[list[dict[str, Any]], bool]:
        """What was committed until the kill, and whether there was still something to kill."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(order.line())
        self._process.stdin.flush()
        commits: list[dict[str, Any]] = []
        for line in self._process.stdout:
            message = json.loads(line)
            if "killed" in message:
                return commits, bool(message["killed"])
            commits.append(message)
        raise AssertionError("the killing process ended")

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.wait(timeout=120) == 0
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def killer(stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Killer]:
    monkeypatch.setitem(HNSW, "sync_threshold", SYNC_EVERY)
    monkeypatch.setitem(HNSW, "batch_size", SYNC_EVERY // 2)
    monkeypatch.setattr("assistant.indexing.planner.BATCH_PASSAGES", BATCH)
    monkeypatch.setattr("assistant.library.writer.VECTORS_BATCH", BATCH)
    index = tmp_path / "index"
    one = Killer(index, tmp_path / "news", stores.environment(index))
    yield one
    one.close()


@pytest.mark.parametrize("seed", [1])
def test_after_any_kill_the_library_is_whole(
    stores: Stores, killer: Killer, tmp_path: Path, seed: int
) -> None:
    _World(stores, killer, tmp_path, random.Random(seed)).kill_many(8)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_after_200_kills(stores: Stores, killer: Killer, tmp_path: Path, seed: int) -> None:
    _World(stores, killer, tmp_path, random.Random(seed)).kill_many(50)


class _World:
    """The files as they are, and what is known of the library from what writers said."""

    def __init__(self, stores: Stores, killer: Killer, place: Path, chance: random.Random) -> None:
        self._stores, self._killer, self._chance = stores, killer, chance
        self._index, self._news = place / "index", place / "news"
        self._news.mkdir()
        self._texts: dict[str, str] = {}  # of the articles that a whole run would leave
        self._revisions: list[str] = []  # of every text that was written, oldest first
        # What runs said they committed, of files that are there.
        self._reported: dict[str, str] = {}
        self._other = False  # the embedder that the index has

    def kill_many(self, kills: int) -> None:
        done: Counter[str] = Counter()
        while done.total() < kills:
            order = self._order()
            told, killed = self._killer.kill(order)
            done[order.act] += killed
            for message in told:
                self._reported.update(message.get("committed", {}))
            self._revisions += [revision_of(text) for text in self._texts.values()]
            self._check_after(order, told, killed=killed)
            if self._chance.random() < 0.3:
                self._check_next_run()
        self._check_next_run()
        print(dict(done))

    def _order(self) -> Order:
        acts = ("index", "remove", "rebuild") if self._reported else ("index",)
        act = self._chance.choice(acts)
        after = self._chance.uniform(0.0, _LONGEST[act])
        if act == "rebuild":
            return Order(act, after, other=self._chance.random() < 0.5)
        if act == "remove":
            return Order(act, after, self._other, self._to_remove())
        for name in _edit(self._news, self._texts, self._chance):
            self._reported.pop(name, None)
        return Order(act, after, self._other)

    def _to_remove(self) -> tuple[str, ...]:
        """Some articles of files that are indexed as they are: they are not to come back."""
        library = self._open()
        files, owners = library.held.all_states(), library.held.owners()
        library.close()
        paths = {name: self._news / f"{name}.md" for name in owners if name in self._texts}
        settled = [
            name for name, path in paths.items() if files[stored_path(path)].digest == digest(path)
        ]
        return tuple(self._chance.sample(settled, min(len(settled), 15)))

    def _open(self) -> Library:
        """The library as the next reader opens it, with the embedder that it has now."""
        try:
            return self._stores.open(self._index, info_of(self._other))
        except IndexMismatchError:
            self._other = not self._other
            return self._stores.open(self._index, info_of(self._other))

    def _check_after(self, order: Order, told: list[dict[str, Any]], *, killed: bool) -> None:
        """What a reader finds who opens the library next."""
        before = self._other
        library = self._open()
        said = [name for message in told for name in message]
        if order.act == "rebuild":  # all of it or nothing
            assert self._other in (before, order.other)
            assert self._other == order.other or "rebuilt" not in said
        held = {a: library.catalogue.article(a) for a in library.held.owners()}
        if order.act == "remove":
            gone = [name for name in order.ids if name not in held]
            assert gone in ([], list(order.ids))
            assert gone or not order.ids or "removed" not in said
            for name in gone:
                del self._texts[name]
                self._reported.pop(name, None)
        for article_id, revision in self._reported.items():
            # A later one may have been committed by a writer that died before it could say so.
            known = self._revisions
            assert known.index(held[article_id].revision) >= known.index(revision)
        self._check_mended(library, killed=killed)
        vector = embed_with(library.embedder, ["anything"])[0].tolist()
        found = library.search_vectors(vector, 5, Filters())
        assert len(found) == min(5, library.manifest().passages)
        library.close()

    def _check_mended(self, library: Library, *, killed: bool) -> None:
        embed = partial(embed_with, library.embedder)
        if not library.is_whole() or library.pending():
            assert killed
            library.mend(embed)  # as a question does
            assert library.is_whole()
        with library.writing() as writer:
            list(writer.embed_pending(embed))  # what had not been embedded yet
        assert_in_step(library)
        folders = sorted(path.name for path in self._index.iterdir() if path.is_dir())
        build = f"-{library.build}" if library.build else ""
        assert set(folders) <= {f"vectors{build}", f"words{build}"}
        meta = library.catalogue.meta()
        assert "next_build" not in meta
        if "build" in meta:
            with library.catalogue.begin() as connection:
                assert connection.execute(NEXT_PASSAGES.select()).all() == []

    def _check_next_run(self) -> None:
        """What one whole run makes of it: just what the files hold, each once."""
        library = self._open()
        embed = partial(embed_with, library.embedder)
        index_paths(library, embed, [self._news])
        held = {a: library.catalogue.article(a).text for a in library.held.owners()}
        assert held == self._texts
        assert_in_step(library)
        report = index_paths(library, embed, [self._news])
        assert sorted(report.unchanged) == sorted(self._texts)
        assert (report.added, report.updated) == ((), ())
        library.close()
        self._reported = {name: revision_of(text) for name, text in self._texts.items()}


def _edit(news: Path, texts: dict[str, str], chance: random.Random) -> list[str]:
    """Write, change, re-title and delete some files; returns the ids of those deleted."""
    deleted: list[str] = []
    for number in range(_FILES):
        name = f"report-{number}"
        act = chance.random()
        if act < 0.1 and name in texts:
            (news / f"{name}.md").unlink()
            del texts[name]
            deleted.append(name)
        elif act < 0.5 or name not in texts:
            lines = chance.randint(1, 60)
            texts[name] = " ".join(
                f"Lorry {chance.randint(0, 10**9)} of column {line} passed mile {number}."
                for line in range(lines)
            )
            write_article(news, f"{name}.md", texts[name], source="Tarn Post")
        elif act < 0.7:
            write_article(news, f"{name}.md", texts[name], title=f"Title {chance.random()}")
    return deleted

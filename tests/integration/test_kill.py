"""kill -9 at any moment of indexing (invariant 3).

The short form always runs. The long form, 200 kills in about six minutes:

    python -m pytest tests/integration/test_kill.py -m slow -n 0
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.indexing import index_paths
from assistant.library import Library
from assistant.library.vectors import HNSW
from assistant.models import EmbedderInfo
from assistant.types import Filters, revision_of
from tests.kill_writer import BATCH, SYNC_EVERY
from tests.newsroom import assert_in_step, hash_embed, write_article

_FILES = 60
_LONGEST = 1.2  # seconds to the kill; a whole run takes about as long


class Killer:
    """Starts the process that forks, indexes and kills."""

    def __init__(self, index: Path, news: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.kill_writer", str(index), str(news)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
            env=os.environ | {"TOKENIZERS_PARALLELISM": "false"},
        )

    def kill_after(self, seconds: float) -> tuple[list[dict[str, Any]], bool]:
        """What was committed until the kill, and whether there was still something to kill."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{seconds}\n")
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
        assert self._process.wait(timeout=30) == 0
        assert self._process.stdout is not None
        self._process.stdout.close()


@pytest.fixture
def killer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Killer]:
    monkeypatch.setitem(HNSW, "sync_threshold", SYNC_EVERY)
    monkeypatch.setitem(HNSW, "batch_size", SYNC_EVERY // 2)
    monkeypatch.setattr("assistant.indexing.planner.BATCH_PASSAGES", BATCH)
    monkeypatch.setattr("assistant.library.writer.VECTORS_BATCH", BATCH)
    one = Killer(tmp_path / "index", tmp_path / "news")
    yield one
    one.close()


@pytest.mark.parametrize("seed", [1])
def test_after_any_kill_the_library_is_whole(
    killer: Killer, tmp_path: Path, minilm: EmbedderInfo, seed: int
) -> None:
    _kill_many(killer, tmp_path, minilm, random.Random(seed), kills=6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3, 4, 5])
def test_after_200_kills(killer: Killer, tmp_path: Path, minilm: EmbedderInfo, seed: int) -> None:
    _kill_many(killer, tmp_path, minilm, random.Random(seed), kills=50)


def _kill_many(
    killer: Killer, place: Path, minilm: EmbedderInfo, chance: random.Random, kills: int
) -> None:
    news = place / "news"
    news.mkdir()
    texts: dict[str, str] = {}
    revisions: list[str] = []  # of every text that was written, oldest first
    reported: dict[str, str] = {}  # what runs said they committed, of files that are there
    done = 0
    while done < kills:
        for name in _edit(news, texts, chance):
            reported.pop(name, None)
        commits, killed = killer.kill_after(chance.uniform(0.0, _LONGEST))
        done += killed
        for commit in commits:
            reported.update(commit["committed"])
        revisions += [revision_of(text) for text in texts.values()]
        _check_after_kill(place / "index", minilm, reported, revisions, killed=killed)
        if chance.random() < 0.3:
            _check_next_run(place / "index", news, minilm, texts)
            reported = {}
    _check_next_run(place / "index", news, minilm, texts)


def _check_after_kill(
    index: Path,
    minilm: EmbedderInfo,
    reported: dict[str, str],
    revisions: list[str],
    *,
    killed: bool,
) -> None:
    """What a reader finds who opens the library next."""
    library = Library.open(index, minilm)
    held = {article_id: library.catalogue.article(article_id) for article_id in library.owners()}
    for article_id, revision in reported.items():
        # A later one may have been committed by a writer that died before it could say so.
        assert revisions.index(held[article_id].revision) >= revisions.index(revision)
    if not library.is_whole() or library.pending():
        assert killed
        library.mend(hash_embed)  # as a question does
        assert library.is_whole()
        with library.writing() as writer:  # what had not been embedded yet
            list(writer.embed_pending(hash_embed))
    assert_in_step(library)
    vector = hash_embed(["anything"])[0].tolist()
    assert len(library.search_vectors(vector, 5, Filters())) == min(5, library.manifest().passages)
    library.close()


def _check_next_run(index: Path, news: Path, minilm: EmbedderInfo, texts: dict[str, str]) -> None:
    """What one whole run makes of it: just what the files hold, each once."""
    library = Library.open(index, minilm)
    index_paths(library, hash_embed, [news])
    assert {a: library.catalogue.article(a).text for a in library.owners()} == texts
    assert_in_step(library)
    report = index_paths(library, hash_embed, [news])
    assert (sorted(report.unchanged), report.added, report.updated) == (sorted(texts), (), ())
    library.close()


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

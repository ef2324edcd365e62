"""Embeddings that indexes share: computed once, by whichever process comes first."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import IndexDamagedError
from assistant.indexing import index_paths
from assistant.library import Library, rebuild
from assistant.library.embeddings import EmbeddingCache, embeddings_of
from assistant.models import EmbedderInfo, embedder_info
from assistant.settings import Settings
from assistant.types import Filters

NEWS = {
    "bridge": "The bridge over the Maro was closed on Monday after a lorry hit its railing.",
    "vote": "The council of Orlen voted 7 to 2 for a night tram, the mayor said on Friday.",
}


class Counted:
    """An embedder that counts what it computes."""

    def __init__(self) -> None:
        self.texts = 0

    def __call__(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += len(texts)
        rows = np.array([[len(t), t.count("e"), t.count("o"), 1] for t in texts], dtype=np.float32)
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name, text in NEWS.items():
        (folder / f"{name}.md").write_text(f"---\ntitle: {name}\n---\n\n{text}\n")
    return folder


@pytest.fixture
def info(tmp_path: Path) -> EmbedderInfo:
    return EmbedderInfo("test", 4, "weights", tmp_path / "deep" / "shared")


def indexed(folder: Path, info: EmbedderInfo, news: Path) -> int:
    """Index the news in a folder; how many texts were computed for it."""
    embed, library = Counted(), Library.create(folder, info)
    index_paths(library, embed, [news])
    assert library.pending() == 0
    assert len(library.search_vectors([1, 1, 1, 1], 5, Filters())) == len(NEWS)
    library.close()
    return embed.texts


def test_the_setting_says_where() -> None:
    assert embedder_info(Settings()).cache is None
    for embedder in ("minilm", "openai"):
        settings = Settings(embedder=embedder, embedding_cache=Path("shared"))  # type: ignore[arg-type]  # one of them
        assert embedder_info(settings).cache == Path("shared")


def test_a_second_index_computes_nothing(tmp_path: Path, news: Path, info: EmbedderInfo) -> None:
    assert indexed(tmp_path / "one", info, news) == len(NEWS)
    assert indexed(tmp_path / "two", info, news) == 0
    assert not (tmp_path / "one" / "embeddings.sqlite").exists()
    assert not (tmp_path / "two" / "embeddings.sqlite").exists()


def test_a_rebuild_computes_nothing(tmp_path: Path, news: Path, info: EmbedderInfo) -> None:
    indexed(tmp_path / "one", info, news)
    embed = Counted()
    assert rebuild(tmp_path / "one", info, embed).passages == len(NEWS)
    assert embed.texts == 0


def test_other_weights_share_nothing(tmp_path: Path, news: Path, info: EmbedderInfo) -> None:
    indexed(tmp_path / "one", info, news)
    other = replace(info, weights_digest="others")
    assert indexed(tmp_path / "two", other, news) == len(NEWS)


def test_what_an_index_had_of_its_own_is_taken_over(
    tmp_path: Path, news: Path, info: EmbedderInfo
) -> None:
    alone = replace(info, cache=None)
    assert indexed(tmp_path / "one", alone, news) == len(NEWS)
    embed = Counted()
    rebuild(tmp_path / "one", info, embed)
    assert embed.texts == 0
    assert indexed(tmp_path / "two", info, news) == 0


def test_a_damaged_one_is_mended_by_a_rebuild(
    tmp_path: Path, news: Path, info: EmbedderInfo
) -> None:
    indexed(tmp_path / "one", info, news)
    assert info.cache is not None
    (info.cache / "embeddings.sqlite").write_bytes(b"garbage" * 1000)
    with pytest.raises(IndexDamagedError) as error:
        indexed(tmp_path / "two", info, news)
    said = str(error.value)
    assert "deep/shared/embeddings.sqlite cannot be read" in said
    assert said.endswith(f"assistant index --rebuild --index {tmp_path / 'two'}")
    embed = Counted()
    rebuild(tmp_path / "one", info, embed)
    assert embed.texts == len(NEWS)
    assert indexed(tmp_path / "three", info, news) == 0


def test_a_folder_that_cannot_be_made_is_told_in_one_line(
    tmp_path: Path, news: Path, info: EmbedderInfo
) -> None:
    (tmp_path / "deep").write_text("a file")
    with pytest.raises(IndexDamagedError, match=r"embeddings\.sqlite cannot be written") as error:
        indexed(tmp_path / "one", info, news)
    assert "\n" not in str(error.value)


_WRITER = """
import sys
from pathlib import Path
import numpy as np
from assistant.library.embeddings import EmbeddingCache

path, own, rounds = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
cache = EmbeddingCache(path, "weights")
sys.stdin.readline()  # until all are here
for n in range(rounds):
    texts = [f"both {n}", *(f"{own} {n} {i}" for i in range(50))]
    rows = np.arange(len(texts) * 4, dtype=np.float32).reshape(-1, 4)
    found = cache.embed(texts, lambda missing: rows[-len(missing):])
    assert found.shape == (len(texts), 4)
    assert (found[1:] == rows[1:]).all()
"""


def test_processes_write_at_once_and_lose_nothing(tmp_path: Path) -> None:
    """The file is made, and then written to, by four of them at the same time."""
    path, rounds, names = tmp_path / "shared" / "embeddings.sqlite", 20, "abcd"
    command = [sys.executable, "-c", _WRITER, str(path)]
    writers = [
        subprocess.Popen(
            [*command, name, str(rounds)],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for name in names
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("now\n")
        writer.stdin.flush()
    for writer in writers:
        _, said = writer.communicate(timeout=120)
        assert writer.returncode == 0, said
    texts = [f"{name} {n} {i}" for name in names for n in range(rounds) for i in range(50)]
    cache = EmbeddingCache(path, "weights")
    assert cache.holds([*texts, *(f"both {n}" for n in range(rounds))])
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM vectors").fetchone()
        assert count == len(texts) + rounds
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_index_without_the_setting_keeps_its_own(tmp_path: Path, info: EmbedderInfo) -> None:
    cache = embeddings_of(tmp_path, replace(info, cache=None))
    cache.embed(["x"], Counted())
    assert (tmp_path / "embeddings.sqlite").is_file()

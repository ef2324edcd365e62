"""Full disks and damaged files: one clear line each, and the command in it mends it."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant import cli
from assistant.library import HeldFiles, Library
from assistant.library.catalogue import Catalogue
from assistant.library.embeddings import EmbeddingCache
from assistant.library.engines.vectors import Vectors
from assistant.library.words import Words
from assistant.models import EmbedderInfo
from assistant.models.minilm import MiniLMEmbedding
from tests.newsroom import BRIDGE, DAM, MARKET, ROAD, assert_in_step, write_article, write_lines

QUESTION = "Who holds the road to Resafa?"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    write_article(folder, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    write_article(folder, "road.md", ROAD, source="Tarn Post", date="2017-06-21")
    write_article(folder, "market.md", MARKET)
    return folder


class Shell:
    """The command line over one index; `said` is what came on stderr."""

    def __init__(self, index: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.index, self._capsys = index, capsys
        self.said = self.out = ""

    def __call__(self, *arguments: str) -> int:
        code = cli.main([*arguments, "--index", str(self.index)])
        self.out, self.said = self._capsys.readouterr()
        return code

    def mend(self) -> None:
        """Run the command that the error named."""
        assert len(self.said.splitlines()) == 1, self.said
        command = shlex.split(self.said.partition("with: assistant ")[2])
        assert cli.main(command) == 0
        self._capsys.readouterr()


@pytest.fixture
def shell(
    tmp_path: Path,
    news: Path,
    capsys: pytest.CaptureFixture[str],
    embedder: MiniLMEmbedding,
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    """Three articles are indexed."""
    monkeypatch.setattr("assistant.pipeline.models.load_embedder", lambda settings: embedder)
    one = Shell(tmp_path / "index", capsys)
    assert one("index", str(news)) == 0
    return one


def whole(shell: Shell, minilm: EmbedderInfo, articles: int = 3) -> None:
    """The index is in step, and a question finds its answer."""
    library = Library.open(shell.index, minilm)
    assert_in_step(library)
    assert library.manifest().articles == articles
    library.close()
    assert shell("ask", QUESTION) == 0
    assert "The northern brigade holds the road to Resafa." in shell.out


def full_disk(monkeypatch: pytest.MonkeyPatch, cls: type, name: str) -> None:
    """While this method runs, no file can grow: what a full disk is to the store."""
    real = getattr(cls, name)

    def limited(*args: Any, **more: Any) -> Any:
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
        try:
            return real(*args, **more)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    monkeypatch.setattr(cls, name, limited)


class TestFullDisk:
    @pytest.mark.parametrize(
        ("cls", "name", "store"),
        [
            (Words, "put", "words"),
            (Vectors, "put", "vectors"),
            (EmbeddingCache, "embed", "embeddings.sqlite"),
        ],
    )
    @pytest.mark.parametrize("command", ["index", "rebuild"])
    def test_one_line_and_the_same_command_again(
        self,
        shell: Shell,
        news: Path,
        minilm: EmbedderInfo,
        monkeypatch: pytest.MonkeyPatch,
        cls: type,
        name: str,
        store: str,
        command: str,
    ) -> None:
        write_article(news, "bridge.md", BRIDGE)
        arguments = ["index", str(news)]
        if command == "rebuild":
            arguments = ["index", "--rebuild"]
            (shell.index / "embeddings.sqlite").unlink()  # so that it is written
        with monkeypatch.context() as patch:
            full_disk(patch, cls, name)
            assert shell(*arguments) == 1
        (line,) = shell.said.splitlines()
        assert store in line
        assert "check the space on the disk" in line
        assert line.endswith("then run the same command again")
        assert shell("ask", QUESTION) == 0, "what was there answers"
        assert shell(*arguments) == 0
        whole(shell, minilm, articles=3 if command == "rebuild" else 4)

    def test_the_catalogue(
        self, shell: Shell, news: Path, minilm: EmbedderInfo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_article(news, "bridge.md", BRIDGE)
        with monkeypatch.context() as patch:
            full_disk(patch, HeldFiles, "states")  # the first thing that a run asks of it
            full_disk(patch, Catalogue, "doubtful")
            patch.setattr("assistant.library.writer.commit_file", _out_of_space)
            assert shell("index", str(news)) == 1
        (line,) = shell.said.splitlines()
        assert "catalogue" in line
        assert "the disk is not full" in line
        assert shell("index", str(news)) == 0
        whole(shell, minilm, articles=4)


def _out_of_space(connection: Any, _change: object) -> list[str]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        connection.exec_driver_sql("PRAGMA cache_size=1")
        connection.exec_driver_sql("PRAGMA cache_spill=1")
        for number in range(500):  # more than it keeps in memory
            connection.exec_driver_sql(
                "INSERT INTO revisions VALUES (?, '1', ?)", (f"big-{number}", b"x" * 10_000)
            )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    raise AssertionError("the disk was not full")


class TestDamagedFiles:
    """What follows the catalogue is mended by the command that the error names, or by itself."""

    @pytest.mark.parametrize("store", ["words", "vectors"])
    def test_a_deleted_folder_is_made_anew_at_the_next_question(
        self, shell: Shell, minilm: EmbedderInfo, store: str
    ) -> None:
        shutil.rmtree(shell.index / store)
        assert shell("ask", QUESTION) == 0
        assert "The northern brigade holds the road to Resafa." in shell.out
        whole(shell, minilm)

    @pytest.mark.parametrize(
        ("store", "which"),
        [("words", "meta.json"), ("words", "*.term"), ("vectors", "chroma.sqlite3")],
    )
    @pytest.mark.parametrize("damage", ["garbage", "truncated"])
    def test_garbage(
        self, shell: Shell, minilm: EmbedderInfo, store: str, which: str, damage: str
    ) -> None:
        for file in (shell.index / store).rglob(which):
            _damage(file, damage)
        assert shell("ask", QUESTION) == 1
        assert f"{store} cannot be read" in shell.said
        shell.mend()
        whole(shell, minilm)

    @pytest.mark.parametrize("damage", ["garbage", "truncated"])
    def test_the_cache_of_embeddings(
        self, shell: Shell, news: Path, minilm: EmbedderInfo, damage: str
    ) -> None:
        _damage(shell.index / "embeddings.sqlite", damage)
        assert shell("ask", QUESTION) == 0, "it is not needed for that"
        write_article(news, "bridge.md", BRIDGE)
        assert shell("index", str(news)) == 1
        assert "embeddings.sqlite cannot be read" in shell.said
        shell.mend()
        whole(shell, minilm)
        assert shell("index", str(news)) == 0
        whole(shell, minilm, articles=4)

    def test_a_question_without_cache_and_vectors_is_answered_by_words(self, shell: Shell) -> None:
        _damage(shell.index / "embeddings.sqlite", "garbage")
        shutil.rmtree(shell.index / "vectors")
        assert shell("ask", QUESTION) == 0
        assert "The northern brigade holds the road to Resafa." in shell.out

    @pytest.mark.parametrize("command", ["ask", "list", "index", "rebuild"])
    @pytest.mark.parametrize("keep", [100, 5000, 0.5, 0.9])
    def test_a_truncated_catalogue(
        self, shell: Shell, news: Path, minilm: EmbedderInfo, command: str, keep: float
    ) -> None:
        """Only a backup, or the articles' files, can mend that."""
        file = shell.index / "catalogue.sqlite"
        os.truncate(file, int(keep if keep > 1 else keep * file.stat().st_size))
        arguments = {
            "ask": ["ask", QUESTION],
            "list": ["articles", "list"],
            "index": ["index", str(news)],
            "rebuild": ["index", "--rebuild"],
        }[command]
        assert shell(*arguments) == 1
        (line,) = shell.said.splitlines()
        assert "catalogue" in line
        assert "delete the index folder, then run `assistant restore BACKUP`" in line
        shutil.rmtree(shell.index)
        assert shell("index", str(news)) == 0
        whole(shell, minilm)

    @pytest.mark.parametrize("emptied", [True, False])
    def test_a_catalogue_that_is_gone(
        self, shell: Shell, news: Path, minilm: EmbedderInfo, emptied: bool
    ) -> None:
        file = shell.index / "catalogue.sqlite"
        file.unlink()
        if emptied:
            file.touch()
        assert shell("ask", QUESTION) == 1
        assert "make one with: assistant index PATH..." in shell.said
        (news / "dam.md").unlink()
        assert shell("index", str(news)) == 0
        whole(shell, minilm, articles=2)  # no word and no vector of the lost one is left

    def test_a_folder_that_is_no_index_keeps_what_is_in_it(
        self, shell: Shell, news: Path, tmp_path: Path
    ) -> None:
        own = tmp_path / "own" / "words"
        own.mkdir(parents=True)
        (own / "mine.txt").write_text("mine")
        shell.index = tmp_path / "own"
        shell("index", str(news))
        assert (own / "mine.txt").read_text() == "mine"


def _damage(file: Path, how: str) -> None:
    if how == "garbage":
        file.write_bytes(b"garbage" * 1000)
    else:
        os.truncate(file, file.stat().st_size // 2)


# In a mount namespace of its own: a disk of so many megabytes, then one that is large enough.
_SMALL_DISK = """
mount -t tmpfs -o size="$1"m none "$2" || exit 77
"$3" -m assistant index "$4" --index "$2/index"; echo "first $?"
mount -o remount,size=200m "$2"
"$3" -m assistant index "$4" --index "$2/index"; echo "second $?"
"$3" -m assistant doctor --index "$2/index" | grep index:
"""


@pytest.mark.parametrize("megabytes", [1, 2])
def test_a_disk_that_is_really_full(tmp_path: Path, megabytes: int) -> None:
    (tmp_path / "disk").mkdir()
    lines = ({"id": f"w{n}", "text": f"{DAM} Report {n}. " * 8} for n in range(150))
    news = write_lines(tmp_path / "wire.jsonl", *lines)
    if not shutil.which("unshare"):
        pytest.skip("no mount namespaces here")
    alone = ["unshare", "--mount", "--map-root-user", "sh", "-c", _SMALL_DISK, "sh"]
    done = subprocess.run(
        [*alone, str(megabytes), str(tmp_path / "disk"), sys.executable, str(news)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("no mount namespaces here")
    (line,) = done.stderr.splitlines()
    assert "the disk" in line
    said = done.stdout.splitlines()
    assert said[0] == "first 1"
    assert said[2] == "second 0"
    assert "150 articles" in said[3]

"""Words and vectors made anew beside the old ones, and put in their place by one commit."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import cli
from assistant.errors import IndexLockedError, IndexMismatchError, IndexNotFoundError
from assistant.indexing import index_paths
from assistant.library import Library, rebuild
from assistant.library.tables import DOUBTFUL, NEXT_PASSAGES, PENDING, note, note_torn, put_meta
from assistant.models import EmbedderInfo
from assistant.passages import split_passages
from assistant.pipeline import Assistant
from assistant.types import Filters
from tests.fake_endpoint import FakeEndpoint, Request
from tests.newsroom import (
    BRIDGE,
    DAM,
    MARKET,
    ROAD,
    assert_in_step,
    hash_embed,
    texts_found,
    write_article,
)

Open = Callable[[Path | None], Assistant]
OTHER = EmbedderInfo("other-embedder", 384, "endpoint:other-embedder")


def other_embed(texts: list[str]) -> NDArray[np.float32]:
    return hash_embed([f"other {text}" for text in texts])


def letters(handler: Any, request: Request) -> None:
    """An endpoint that gives each text a vector that counts a few of its letters."""
    vectors = [[float(text.count(c)) + 0.1 for c in "aeioust"] for text in request.body["input"]]
    data = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(vectors)]
    usage = {"prompt_tokens": 1, "total_tokens": 1}
    answer = {"object": "list", "data": data, "model": request.body["model"], "usage": usage}
    handler.send_json(200, answer)


def nothing(texts: list[str]) -> NDArray[np.float32]:
    raise AssertionError(f"embedded again: {texts}")


def stores(folder: Path) -> list[str]:
    """The folders of an index: those of one build and nothing else."""
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def half_made(library: Library) -> bool:
    """Whether anything is left of a rebuild that did not end."""
    meta = library.catalogue.meta()
    with library.catalogue.begin() as connection:
        rows = connection.execute(NEXT_PASSAGES.select()).all()
    build = int(meta.get("build", "0"))
    wanted = [f"{name}-{build}" if build else name for name in ("vectors", "words")]
    return bool(rows) or "next_build" in meta or stores(library.folder) != wanted


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    write_article(folder, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    write_article(folder, "road.md", ROAD, source="Tarn Post")
    write_article(folder, "market.md", MARKET)
    return folder


@pytest.fixture
def filled(library: Library, news: Path) -> Library:
    index_paths(library, hash_embed, [news])
    return library


class TestRebuilding:
    def test_all_is_made_anew_and_nothing_embedded_again(
        self, filled: Library, minilm: EmbedderInfo
    ) -> None:
        before = filled.catalogue.articles()
        steps: list[tuple[int, int]] = []
        rebuilt = rebuild(
            filled.folder, minilm, nothing, lambda done, total: steps.append((done, total))
        )
        assert (rebuilt.articles, rebuilt.passages, rebuilt.stopped) == (3, 3, False)
        assert steps == [(0, 3), (3, 3)]
        assert filled.refresh()
        assert filled.catalogue.articles() == before
        assert_in_step(filled)
        assert texts_found(filled, "wheat") == [MARKET]
        assert stores(filled.folder) == ["vectors-1", "words-1"]
        assert not half_made(filled)
        again = Library.open(filled.folder, minilm)
        assert_in_step(again)
        again.close()

    def test_again_and_again(self, filled: Library, minilm: EmbedderInfo, news: Path) -> None:
        for build in range(1, 4):
            rebuild(filled.folder, minilm, nothing)
            assert stores(filled.folder) == [f"vectors-{build}", f"words-{build}"]
            write_article(news, f"bridge-{build}.md", f"{BRIDGE} That was report {build}.")
            assert index_paths(filled, hash_embed, [news]).added == (f"bridge-{build}",)
            assert_in_step(filled)

    def test_an_empty_library(self, library: Library, minilm: EmbedderInfo, news: Path) -> None:
        assert rebuild(library.folder, minilm, nothing).passages == 0
        index_paths(library, hash_embed, [news])
        assert_in_step(library)

    def test_no_library(self, tmp_path: Path, minilm: EmbedderInfo) -> None:
        with pytest.raises(IndexNotFoundError, match="no index in"):
            rebuild(tmp_path / "nowhere", minilm, nothing)
        assert not (tmp_path / "nowhere").exists()

    def test_the_lock_is_held(
        self, filled: Library, minilm: EmbedderInfo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("assistant.library.rebuilding._WAIT", 0.0)
        with filled.writing(), pytest.raises(IndexLockedError):
            rebuild(filled.folder, minilm, nothing)

        def write(_done: int, _total: int) -> None:
            with pytest.raises(IndexLockedError), filled.writing(wait=0):
                pass

        rebuild(filled.folder, minilm, nothing, write)

    def test_whatever_a_dead_writer_left(self, filled: Library, minilm: EmbedderInfo) -> None:
        with filled.catalogue.begin() as connection:
            note(connection, DOUBTFUL, ["ghost@0:0-1"])
            note(connection, PENDING, filled.catalogue.passage_ids(["dam"]))
            note_torn(connection, torn=True)
        rebuild(filled.folder, minilm, nothing)
        filled.refresh()
        assert filled.is_whole()
        assert_in_step(filled)

    def test_an_index_of_a_newer_one_is_left_alone(
        self, filled: Library, minilm: EmbedderInfo
    ) -> None:
        with filled.catalogue.begin() as connection:
            put_meta(connection, {"schema_version": "99"})
        for do in (partial(rebuild, embed=nothing), Library.open):
            with pytest.raises(IndexMismatchError, match="made by a newer one"):
                do(filled.folder, minilm)
        assert stores(filled.folder) == ["vectors", "words"]


class TestAnotherEmbedder:
    def test_readers_of_the_old_one_are_told_what_to_do(
        self, filled: Library, minilm: EmbedderInfo
    ) -> None:
        rebuild(filled.folder, OTHER, other_embed)
        for _ in range(2):  # it stays so until it is mended
            with pytest.raises(IndexMismatchError, match="other-embedder") as raised:
                filled.refresh()
            assert str(raised.value).endswith(f"assistant index --rebuild --index {filled.folder}")
        with pytest.raises(IndexMismatchError):
            Library.open(filled.folder, minilm)
        other = Library.open(filled.folder, OTHER)
        assert_in_step(other)
        (best, *_) = other.search_vectors(
            other_embed([f"Tarn Post\n\n{ROAD}"])[0].tolist(), 1, Filters()
        )
        assert best[0].startswith("road@")
        assert best[1] == pytest.approx(1.0, abs=1e-4)
        rebuild(filled.folder, minilm, nothing)  # both are in the cache
        assert filled.refresh()
        assert_in_step(filled)
        with pytest.raises(IndexMismatchError):
            other.refresh()
        other.close()


class TestAnotherChunking:
    @pytest.fixture
    def small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """One sentence a passage."""
        monkeypatch.setattr("assistant.library.opening.CHUNKING", "sentences-1")
        monkeypatch.setattr(
            "assistant.library.rebuilding.split_passages", partial(split_passages, target_words=1)
        )

    def test_passages_are_cut_anew(
        self, filled: Library, minilm: EmbedderInfo, small: None
    ) -> None:
        with pytest.raises(IndexMismatchError, match="chunking"):
            Library.open(filled.folder, minilm)
        assert rebuild(filled.folder, minilm, hash_embed).passages == 6
        filled.refresh()
        assert_in_step(filled)
        assert texts_found(filled, "checkpoint") == ["Lorries with flour passed the checkpoint."]

    def test_a_question_under_way_is_asked_again(
        self,
        tmp_path: Path,
        news: Path,
        open_assistant: Open,
        minilm: EmbedderInfo,
        embed: Callable[[list[str]], NDArray[np.float32]],
        small: None,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """The passages that it found are there no more when they are to be loaded."""
        assistant = open_assistant(tmp_path / "index")
        assistant.index([news])
        search, done = Library.search_vectors, []

        def meanwhile(self: Library, *asked: object) -> list[tuple[str, float]]:
            found = search(self, *asked)
            if not done:
                done.append(rebuild(self.folder, minilm, embed))
            return found

        monkeypatch.setattr(Library, "search_vectors", meanwhile)
        answer = assistant.ask("Who holds the road to Resafa?")
        assert done
        assert [c.article_id for c in answer.citations] == ["road"]


class TestNotEnded:
    @pytest.fixture(autouse=True)
    def batches_of_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("assistant.library.rebuilding.VECTORS_BATCH", 1)

    def test_stopped(self, filled: Library, minilm: EmbedderInfo) -> None:
        embedded: list[str] = []

        def counted(texts: list[str]) -> NDArray[np.float32]:
            embedded.extend(texts)
            return other_embed(texts)

        rebuilt = rebuild(filled.folder, OTHER, counted, stop=lambda: bool(embedded))
        assert rebuilt.stopped
        assert not filled.refresh()
        assert_in_step(filled)
        assert not half_made(filled)
        assert not rebuild(filled.folder, OTHER, counted).stopped
        assert len(embedded) == 3, "nothing twice"
        assert stores(filled.folder) == ["vectors-1", "words-1"]

    def test_stopped_before_it_began(self, filled: Library, minilm: EmbedderInfo) -> None:
        assert rebuild(filled.folder, minilm, nothing, stop=lambda: True).stopped
        assert not half_made(filled)

    def test_what_a_dead_one_left_is_cleared_by_the_next_writer(
        self, filled: Library, minilm: EmbedderInfo, news: Path
    ) -> None:
        def dies(done: int, _total: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rebuild(filled.folder, OTHER, other_embed, dies)
        for name in ("words-1", "vectors-1", "words-7"):  # had it been killed instead
            (filled.folder / name).mkdir(exist_ok=True)
            (filled.folder / name / "torn").write_bytes(b"torn")
        assert half_made(filled)
        write_article(news, "bridge.md", BRIDGE)
        assert index_paths(filled, hash_embed, [news]).added == ("bridge",)
        assert not half_made(filled)
        assert_in_step(filled)
        rebuild(filled.folder, OTHER, other_embed)
        assert stores(filled.folder) == ["vectors-1", "words-1"]

    def test_old_folders_that_were_not_deleted(
        self, filled: Library, minilm: EmbedderInfo, news: Path
    ) -> None:
        rebuild(filled.folder, minilm, nothing)
        for name in ("words", "vectors"):
            (filled.folder / name).mkdir()
        assert half_made(filled)
        index_paths(filled, hash_embed, [news])
        assert not half_made(filled)
        assert_in_step(filled)


class TestReaders:
    def test_the_old_build_answers_meanwhile(
        self, tmp_path: Path, news: Path, open_assistant: Open
    ) -> None:
        reader, other = open_assistant(tmp_path / "index"), open_assistant(tmp_path / "index")
        reader.index([news])
        asked: list[str] = []

        def ask(_progress: object) -> None:
            answer = reader.ask("What did engineers close at the Tarn dam?")
            asked.extend(cited.article_id for cited in answer.citations)

        other.rebuild(on_progress=ask)
        assert asked == ["dam", "dam"]
        assert stores(tmp_path / "index") == ["vectors-1", "words-1"]
        for assistant in (reader, other):
            answer = assistant.ask("What did engineers close at the Tarn dam?")
            assert [cited.article_id for cited in answer.citations] == ["dam"]
            assert_in_step(assistant._need_library())
        assert stores(tmp_path / "index") == ["vectors-1", "words-1"]

    def test_another_process_answers_meanwhile_and_notices(
        self, tmp_path: Path, news: Path, open_assistant: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assistant = open_assistant(tmp_path / "index")
        assistant.index([news])
        with Asker(tmp_path / "index") as asker:
            assert asker.ask("What did engineers close at the Tarn dam?") == ["dam"]
            during: list[str] = []
            assistant.rebuild(
                on_progress=lambda _: during.extend(asker.ask("What fell in the capital?"))
            )
            assert during == ["market", "market"]
            assert asker.ask("Who holds the road to Resafa?") == ["road"]
            library = assistant._need_library()
            rebuild(library.folder, OTHER, other_embed)
            said = asker.ask("Who holds the road to Resafa?")
            assert "assistant index --rebuild" in said[0]
            rebuild(library.folder, library.embedder, nothing)
            assert asker.ask("Who holds the road to Resafa?") == ["road"]

    def test_threads_and_a_process_ask_while_it_is_rebuilt_again_and_again(
        self, tmp_path: Path, news: Path, open_assistant: Open
    ) -> None:
        assistant, other = open_assistant(tmp_path / "index"), open_assistant(tmp_path / "index")
        assistant.index([news])
        done, failures, asked = threading.Event(), [], []

        def ask(since: str | None) -> None:
            try:
                while not done.is_set():
                    answer = assistant.ask("What did engineers close at the Tarn dam?", since=since)
                    assert [cited.article_id for cited in answer.citations] == ["dam"]
                    asked.append(since)
            except BaseException as error:  # noqa: BLE001  # told to the test's own thread
                failures.append(error)

        threads = [threading.Thread(target=ask, args=(day,)) for day in (None, None, "2017-06-01")]
        for thread in threads:
            thread.start()
        try:
            with Asker(tmp_path / "index") as asker:
                for _ in range(8):
                    other.rebuild()
                    assert asker.ask("What fell in the capital?") == ["market"]
        finally:
            done.set()
            for thread in threads:
                thread.join()
        assert failures == []
        assert {None, "2017-06-01"} == set(asked)
        assert_in_step(other._need_library())


_ASKER = """
import json, sys
from assistant.errors import DatelineError
from assistant.pipeline import Assistant
with Assistant.open(sys.argv[1]) as assistant:
    for line in sys.stdin:
        try:
            said = [cited.article_id for cited in assistant.ask(line.strip()).citations]
        except DatelineError as error:
            said = [str(error)]
        print(json.dumps(said), flush=True)
"""


class Asker:
    """Another process that has the index open and is asked."""

    def __init__(self, index: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _ASKER, str(index)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=120)

    def ask(self, question: str) -> list[str]:
        """The articles that are cited, or what the error says."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{question}\n")
        self._process.stdin.flush()
        said: list[str] = json.loads(self._process.stdout.readline())
        return said


class TestCommand:
    @pytest.fixture
    def index(self, filled: Library) -> Iterator[str]:
        filled.close()
        yield str(filled.folder)

    def test_it_says_what_it_made(self, index: str, capsys: pytest.CaptureFixture[str]) -> None:
        assert cli.main(["index", "--rebuild", "--index", index]) == 0
        out, err = capsys.readouterr()
        assert out.startswith("rebuilt: 3 articles, 3 passages in ")
        assert err == ""
        assert cli.main(["index", "--rebuild", "--index", index, "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert (said["articles"], said["passages"], said["stopped"]) == (3, 3, False)

    @pytest.mark.parametrize("more", [["news"], ["--watch"], ["--dry-run"]])
    def test_it_goes_alone(
        self, index: str, more: list[str], capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert cli.main(["index", "--rebuild", *more, "--index", index]) == 2
        assert "--rebuild goes alone" in capsys.readouterr().err

    def test_stopped_by_ctrl_c(
        self, index: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("threading.Event.is_set", lambda _: True)
        assert cli.main(["index", "--rebuild", "--index", index]) == 130
        assert "index --rebuild` goes on" in capsys.readouterr().out

    def test_to_an_embedder_behind_an_endpoint(
        self, index: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The message that opening it gives names the command that mends it."""
        with FakeEndpoint() as endpoint:
            endpoint.script(letters)
            monkeypatch.setenv("DATELINE_EMBEDDER", "openai")
            monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
            monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
            assert cli.main(["ask", "Who holds the road?", "--index", index]) == 1
            command = capsys.readouterr().err.partition("with: assistant ")[2].split()
            assert cli.main(command) == 0
            assert cli.main(["articles", "list", "--index", index]) == 0
        monkeypatch.delenv("DATELINE_EMBEDDER")
        capsys.readouterr()
        assert cli.main(["ask", "Who holds the road?", "--index", index]) == 1
        assert "assistant index --rebuild" in capsys.readouterr().err
        assert cli.main(command) == 0
        assert cli.main(["ask", "Who holds the road to Resafa?", "--index", index]) == 0


def test_an_assistant_that_was_opened_to_be_rebuilt(
    filled: Library, open_assistant: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.close()
    monkeypatch.setattr("assistant.library.opening.CHUNKING", "words-512")
    with Assistant.open(filled.folder, rebuild=True) as assistant:
        with pytest.raises(IndexNotFoundError, match="rebuild"):
            assistant.manifest()
        assert assistant.rebuild(stop=lambda: True).stopped
        assert assistant.rebuild().passages == 3
        assert assistant.manifest().chunking == "words-512"
        assert assistant.ask("Who holds the road to Resafa?").citations
    with Assistant.open(None) as assistant, pytest.raises(IndexNotFoundError):
        assistant.rebuild()

"""One writer and its readers: other processes, other assistants, other threads."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.errors import IndexDamagedError
from assistant.indexing import index_paths
from assistant.library import Library, Writer
from assistant.library.engines.vectors import HNSW
from assistant.library.tables import note_torn
from assistant.library.words import Words
from assistant.models.minilm import MiniLMEmbedding
from assistant.passages import split_passages
from assistant.pipeline import Assistant
from assistant.types import Article, Filters
from tests.newsroom import (
    BRIDGE,
    DAM,
    MARKET,
    ROAD,
    SCHOOL,
    assert_in_step,
    hash_embed,
    outcome,
    write_article,
    write_lines,
)

Open = Callable[[Path | None], Assistant]

# Indexes the folders that it is told, one a line, and says when it is done.
_INDEXER = """
import sys
from assistant.pipeline import Assistant
with Assistant.open(sys.argv[1], create=True) as assistant:
    for line in sys.stdin:
        report = assistant.index([line.strip()])
        print(len(report.added), len(report.updated), len(report.removed), flush=True)
"""


class Indexer:
    """Another process that indexes into the same folder."""

    def __init__(self, index: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _INDEXER, str(index)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def index(self, folder: Path) -> str:
        """Articles added, updated and removed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def close(self) -> None:
        self._process.communicate(timeout=120)


@pytest.fixture
def indexer(tmp_path: Path) -> Iterator[Indexer]:
    one = Indexer(tmp_path / "index")
    yield one
    one.close()


def _articles(assistant: Assistant, question: str) -> list[str]:
    return [evidence.article.id for evidence in assistant.ask(question).evidence]


def test_a_reader_sees_what_another_process_did(
    tmp_path: Path, indexer: Indexer, open_assistant: Open
) -> None:
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    assert indexer.index(news) == "1 0 0"
    reader = open_assistant(tmp_path / "index")
    answer = reader.ask("What did engineers close at the Tarn dam?")
    assert [c.article_id for c in answer.citations] == ["dam"]
    assert _articles(reader, "Did a barge strike the old bridge?") == ["dam"]

    write_article(news, "bridge.md", BRIDGE, source="Tarn Post", date="2017-06-21")
    assert indexer.index(news) == "1 0 0"
    answer = reader.ask("What struck the old bridge at dawn?")
    assert [(c.article_id, c.quote) for c in answer.citations][:1] == [
        ("bridge", "A barge struck the old bridge at dawn.")
    ]
    # By its meaning too, where no word is shared: Chroma was opened anew.
    vectors = reader._library.search_vectors(  # type: ignore[union-attr]  # there is one
        MiniLMEmbedding(1).get_query_embedding("ship collision"), 1, Filters()
    )
    assert vectors[0][0].startswith("bridge@")

    (news / "bridge.md").unlink()
    assert indexer.index(news) == "0 0 1"
    again = reader.ask("What struck the old bridge at dawn?")
    assert [e.article.id for e in again.evidence] == ["dam"]
    assert again.abstained
    # The citation of the first answer can still be opened.
    cited = answer.citations[0]
    text = reader.article(cited.article_id, cited.revision).text
    assert text[cited.start : cited.end] == cited.quote


def test_two_assistants_of_one_process(tmp_path: Path, open_assistant: Open) -> None:
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM)
    writer, reader = open_assistant(tmp_path / "index"), open_assistant(tmp_path / "index")
    assert reader.ask("What was closed at the Tarn dam?").evidence == ()
    writer.index([news])
    assert _articles(reader, "What was closed at the Tarn dam?") == ["dam"]
    write_article(news, "market.md", MARKET)
    assert outcome(reader.index([news])) == {"added": ["market"], "unchanged": ["dam"]}
    assert set(_articles(writer, "Why did wheat prices fall?")) == {"dam", "market"}
    writer.close()
    assert set(_articles(reader, "Why did wheat prices fall?")) == {"dam", "market"}
    reader.close()
    again = open_assistant(tmp_path / "index")
    assert set(_articles(again, "Why did wheat prices fall?")) == {"dam", "market"}


def test_an_index_that_was_deleted_and_made_anew(tmp_path: Path, open_assistant: Open) -> None:
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM)
    first = open_assistant(tmp_path / "index")
    first.index([news])
    assert _articles(first, "What was closed at the Tarn dam?") == ["dam"]
    shutil.rmtree(tmp_path / "index")
    (news / "dam.md").unlink()
    write_article(news, "road.md", ROAD)
    second = open_assistant(tmp_path / "index")
    second.index([news])
    answer = second.ask("Who holds the road to Resafa?")
    assert [c.article_id for c in answer.citations] == ["road"]


def test_threads_ask_while_one_indexes(tmp_path: Path, open_assistant: Open) -> None:
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    assistant = open_assistant(tmp_path / "index")
    assistant.index([news])
    failures: list[BaseException] = []
    asked = [0, 0]
    done = threading.Event()

    def ask(thread: int) -> None:
        try:
            while not done.is_set():
                answer = assistant.ask("What did engineers close at the Tarn dam?")
                assert "dam" in {e.article.id for e in answer.evidence}
                for cited in answer.citations:
                    article = assistant.article(cited.article_id, cited.revision)
                    assert article.text[cited.start : cited.end] == cited.quote
                asked[thread] += 1
        except BaseException as error:  # noqa: BLE001  # told to the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(2)]
    for thread in threads:
        thread.start()
    try:
        for turn in range(5):
            for number in range(8):
                text = f"{(BRIDGE, MARKET, SCHOOL, ROAD)[number % 4]} Report {number} of {turn}."
                write_article(news, f"other-{number}.md", text, date="2017-06-22")
            assistant.index([news])
        while min(asked) < 2 and not failures:
            time.sleep(0.05)
    finally:
        done.set()
        for thread in threads:
            thread.join()
    assert failures == []
    assert assistant.manifest().articles == 9


def test_spellings_of_what_another_opening_committed(tmp_path: Path) -> None:
    one, other = Words(tmp_path), Words(tmp_path)
    road, dam = Article("a", "The road to Resafa is shut."), Article("b", "Verrinhold is shut.")
    one.put([(passage, road) for passage in split_passages(road)])
    other.reopen()
    assert "resafa" in other.spelt_like("rusafa")
    one.put([(passage, dam) for passage in split_passages(dam)])
    other.reopen()
    assert "verrinhold" in other.spelt_like("verinhold")
    one.delete([passage.id for passage in split_passages(dam)])
    other.reopen()
    assert "verrinhold" not in other.spelt_like("verinhold")


def test_spellings_of_an_index_that_has_no_table_of_them(tmp_path: Path) -> None:
    road = Article("a", "The road to Resafa is shut.")
    words = Words(tmp_path)
    words.put([(passage, road) for passage in split_passages(road)])
    words.close()
    for file in tmp_path.glob("sounds.sqlite*"):
        file.unlink()
    assert "resafa" in Words(tmp_path).spelt_like("rusafa")


_READER = """
import sys, time
from pathlib import Path
from assistant.library import Library
from assistant.library.engines.vectors import HNSW
from assistant.models import embedder_info
from assistant.settings import Settings
from assistant.types import Filters
from tests.newsroom import hash_embed
library = Library.open(Path(sys.argv[1]), embedder_info(Settings()))
vector, asked, generations = hash_embed(["anything"])[0].tolist(), 0, set()
print("ready", flush=True)
while not Path(sys.argv[2]).exists():
    library.vectors.reopen()  # at every question: the worst that a reader can do
    library.refresh()
    assert len(library.search_vectors(vector, 20, Filters())) >= 0
    asked += 1
print(asked, flush=True)
"""


def test_files_that_are_written_are_not_loaded(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the lock on Chroma's files this crashed readers, and damaged the files for good."""
    monkeypatch.setitem(HNSW, "sync_threshold", 50)  # it saves its graph more often than it would
    monkeypatch.setitem(HNSW, "batch_size", 25)
    assert library.vectors.count() == 0
    stop = tmp_path / "stop"
    readers = [
        subprocess.Popen(
            [sys.executable, "-c", _READER, str(library.folder), str(stop)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(2)
    ]
    try:
        for reader in readers:
            assert reader.stdout is not None
            assert reader.stdout.readline() == "ready\n"
        news = tmp_path / "wire.jsonl"
        for turn in range(2):
            write_lines(
                news, *({"id": f"w{n}", "text": f"Report {n} of turn {turn}."} for n in range(1300))
            )
            index_paths(library, hash_embed, [news])
    finally:
        stop.touch()
        ended = [(*reader.communicate(timeout=120), reader.returncode) for reader in readers]
    for out, err, code in ended:
        assert (code, err) == (0, "")
        assert int(out) > 0
    assert_in_step(library)
    got = library.vectors.store.client.get(include=["embeddings"])
    assert len(got["embeddings"]) == 1300


def test_a_question_mends_what_a_dead_writer_left(
    tmp_path: Path, open_assistant: Open, embedder: MiniLMEmbedding
) -> None:
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    assistant = open_assistant(tmp_path / "index")
    assistant.index([news])
    library = assistant._library
    assert library is not None
    # The state after a kill in the middle of Chroma's own writing.
    with library.catalogue.begin() as connection:
        note_torn(connection, torn=True)
    for file in (library.folder / "vectors").rglob("*"):
        if file.is_file():
            file.write_bytes(b"torn")
    library.vectors.reopen()
    answer = assistant.ask("What did engineers close at the Tarn dam?")
    assert [c.article_id for c in answer.citations] == ["dam"]
    assert_in_step(library)


def test_threads_wait_for_the_one_that_mends(
    tmp_path: Path, open_assistant: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    start_anew = Writer._start_vectors_anew

    def slowly(writer: Writer) -> None:
        time.sleep(0.5)
        start_anew(writer)

    monkeypatch.setattr(Writer, "_start_vectors_anew", slowly)
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    assistant = open_assistant(tmp_path / "index")
    assistant.index([news])
    library = assistant._library
    assert library is not None
    with library.catalogue.begin() as connection:
        note_torn(connection, torn=True)
    for file in (library.folder / "vectors").rglob("*"):
        if file.is_file():
            file.write_bytes(b"torn")
    library.vectors.reopen()
    together = threading.Barrier(4)

    def ask(_: int) -> list[str]:
        together.wait()
        return [
            cited.article_id
            for cited in assistant.ask("What did engineers close at the Tarn dam?").citations
        ]

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(ask, range(4))) == [["dam"]] * 4
    assert_in_step(library)


# Commits its steps, one a line; before it clears stale vectors, it waits for a line.
_PAUSING = """
import sys
from assistant.library import Writer
from assistant.pipeline import Assistant
clear = Writer._clear_stale
def paused(self):
    print("committed", flush=True)
    sys.stdin.readline()
    clear(self)
Writer._clear_stale = paused
with Assistant.open(sys.argv[1], create=True) as assistant:
    for line in sys.stdin:
        assistant.index([line.strip()])
        print("done", flush=True)
"""


def test_a_reader_that_came_before_the_clearing_looks_again(
    tmp_path: Path, open_assistant: Open
) -> None:
    """What it loaded between the commit and the clearing has both revisions of the article."""
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM)
    reader = open_assistant(tmp_path / "index")
    reader.index([news])
    library = reader._library
    assert library is not None
    with subprocess.Popen(
        [sys.executable, "-c", _PAUSING, str(tmp_path / "index")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdin and writer.stdout
        write_article(news, "dam.md", f"{DAM} They were opened again on Friday.")
        writer.stdin.write(f"{news}\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "committed\n"
        (evidence,) = reader.ask("What was closed at the Tarn dam?").evidence
        assert "opened again" in evidence.passage.text
        assert library.vectors.count() == 2, "both are loaded"
        writer.stdin.write("\n")
        writer.stdin.flush()
        assert writer.stdout.readline() == "done\n"
        reader.ask("What was closed at the Tarn dam?")
        assert_in_step(library)
        writer.stdin.close()


def test_a_writer_waits_for_a_reader_that_only_looks(tmp_path: Path, open_assistant: Open) -> None:
    """A question that finds passages in doubt takes the writer's lock to see whose they are."""
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM)
    assistant, writer = open_assistant(tmp_path / "index"), open_assistant(tmp_path / "index")
    library = assistant._library
    assert library is not None
    with ThreadPoolExecutor(1) as other:
        with library.writing():
            indexing = other.submit(writer.index, [news])
            time.sleep(0.3)
            assert not indexing.done()
        assert indexing.result().added == ("dam",)


def test_while_another_writes_a_question_is_answered_from_what_there_is(
    tmp_path: Path, open_assistant: Open
) -> None:
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    assistant, writer = open_assistant(tmp_path / "index"), open_assistant(tmp_path / "index")
    assistant.index([news])
    library = writer._library
    assert library is not None
    with library.writing():
        with library.catalogue.begin() as connection:
            connection.exec_driver_sql("INSERT INTO doubtful VALUES ('ghost@0:0-1')")
        answer = assistant.ask("What did engineers close at the Tarn dam?")
        assert [c.article_id for c in answer.citations] == ["dam"]
        assert library.catalogue.doubtful() == ["ghost@0:0-1"]
    assistant.ask("What did engineers close at the Tarn dam?")
    assert library.catalogue.doubtful() == []


def test_a_question_to_damaged_vectors_is_one_line(tmp_path: Path, open_assistant: Open) -> None:
    news = tmp_path / "news"
    write_article(news, "dam.md", DAM)
    first = open_assistant(tmp_path / "index")
    first.index([news])
    first.close()
    (tmp_path / "index/vectors/chroma.sqlite3").write_bytes(b"garbage" * 1000)
    for _ in range(2):
        with pytest.raises(
            IndexDamagedError, match=r"vectors.*mend it with: assistant index --rebuild"
        ):
            open_assistant(tmp_path / "index").ask("What was closed at the Tarn dam?")

"""Runs of indexing: planned, stopped, and with files that hang or crash their reader."""

from __future__ import annotations

import doctest
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.articles import ColumnMapping, SourceFile, read_articles
from assistant.articles.isolated import IsolatedReader
from assistant.indexing import IndexProgress, index_paths, paths, plan_paths, planner
from assistant.library import Library, analyze, writer
from assistant.types import Article, Filters, Quarantined
from tests.newsroom import (
    BRIDGE,
    DAM,
    MARKET,
    ROAD,
    assert_in_step,
    hash_embed,
    outcome,
    stored,
    vector_ids,
    write_article,
    write_lines,
)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    write_article(folder, "dam.md", DAM)
    write_article(folder, "road.md", ROAD)
    write_article(folder, "market.md", MARKET)
    return folder


def _edit(news: Path) -> None:
    """One file of each kind of change."""
    write_article(news, "bridge.md", BRIDGE)
    write_article(news, "road.md", f"{ROAD} Rain fell.")
    (news / "market.md").unlink()
    (news / "empty.md").touch()


class TestPlanning:
    def test_it_says_what_indexing_then_does_and_writes_nothing(
        self, library: Library, news: Path
    ) -> None:
        index_paths(library, hash_embed, [news])
        _edit(news)
        before = stored(library)
        planned = plan_paths(library, [news])
        assert stored(library) == before
        assert outcome(planned) == outcome(index_paths(library, hash_embed, [news]))
        assert outcome(planned) == {
            "added": ["bridge"],
            "updated": ["road"],
            "unchanged": ["dam"],
            "removed": ["market"],
            "quarantined": ["empty.md"],
        }

    def test_without_a_library_all_is_new(self, news: Path) -> None:
        assert outcome(plan_paths(None, [news])) == {"added": ["dam", "market", "road"]}

    def test_an_article_that_leaves_its_file_goes(self, library: Library, tmp_path: Path) -> None:
        lines = [{"id": f"w{n}", "text": f"{DAM} Report {n}."} for n in range(3)]
        path = write_lines(tmp_path / "wire.jsonl", *lines)
        index_paths(library, hash_embed, [path])
        write_lines(path, *lines[1:])
        planned = plan_paths(library, [path])
        assert outcome(planned) == {"unchanged": ["w1", "w2"], "removed": ["w0"]}
        assert outcome(index_paths(library, hash_embed, [path])) == outcome(planned)


class TestStopping:
    def test_the_next_run_goes_on_where_it_was(
        self, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(planner, "BATCH_PASSAGES", 2)
        path = write_lines(
            tmp_path / "wire.jsonl", *({"id": f"w{n}", "text": f"{DAM} {n}."} for n in range(9))
        )
        asked = iter(range(1000))
        first = index_paths(library, hash_embed, [path], stop=lambda: next(asked) > 5)
        assert first.stopped
        assert 0 < len(first.added) < 9
        assert first.pending == len(first.added)
        # What was committed is found by its words before it has a vector.
        assert library.search_words(analyze("sluices"), 9, Filters())
        assert library.search_vectors(hash_embed(["x"])[0].tolist(), 9, Filters()) == []
        second = index_paths(library, hash_embed, [path])
        assert sorted(second.unchanged) == sorted(first.added)
        assert len(second.added) == 9 - len(first.added)
        assert not second.stopped
        assert_in_step(library)

    def test_nothing_is_removed_by_a_run_that_was_stopped(
        self, library: Library, news: Path
    ) -> None:
        index_paths(library, hash_embed, [news])
        (news / "market.md").unlink()
        assert index_paths(library, hash_embed, [news], stop=lambda: True).removed == ()
        assert "market" in library.held.owners()
        assert index_paths(library, hash_embed, [news]).removed == ("market",)

    def test_between_two_batches_of_vectors(
        self, library: Library, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer, "VECTORS_BATCH", 1)
        made: list[str] = []

        def embed(texts: list[str]) -> object:
            made.extend(texts)
            return hash_embed(texts)

        # The first passage is embedded before anything is committed, to try the embedder out.
        report = index_paths(library, embed, [news], stop=lambda: library.pending() == 2)
        assert (report.pending, len(made)) == (2, 1)
        report = index_paths(library, embed, [news])
        assert (report.pending, len(made)) == (0, 3)
        assert_in_step(library)

    def test_within_a_batch_of_vectors(
        self, library: Library, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(writer, "EMBEDDED_AT_ONCE", 1)
        told: list[int] = []

        def note(now: IndexProgress) -> None:
            if now.stage == "embedding":
                told.append(now.done)

        report = index_paths(library, hash_embed, [news], note, stop=lambda: 2 in told)
        assert (told, report.pending) == ([0, 1, 2], 1)
        assert len(vector_ids(library)) == 2
        assert index_paths(library, hash_embed, [news]).pending == 0
        assert_in_step(library)


class Scripted:
    """A reader's process that misbehaves on the files that a name picks out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str) -> None:
        code = (
            "import assistant.articles.readers as readers, time, os\n"
            "real = readers.read_articles\n"
            "def scripted(file, *more):\n"
            "    if 'bad' in file.name:\n"
            f"        {does}\n"
            "    yield from real(file, *more)\n"
            "readers.read_articles = scripted\n"
        )
        (tmp_path / "sitecustomize.py").write_text(code)
        monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])


@pytest.fixture
def files(news: Path) -> list[SourceFile]:
    write_article(news, "bad.md", BRIDGE)
    return [SourceFile(news / name, news) for name in ("dam.md", "bad.md", "road.md")]


@pytest.mark.parametrize(
    ("does", "reason"),
    [
        ("time.sleep(60)", "takes more than 3 s to read"),
        ("os._exit(1)", "cannot be read: its reader failed on it"),
        ("os.abort()", "cannot be read: its reader failed on it"),
        ("raise ValueError", "cannot be read: its reader failed on it"),
        ("bytearray(10**11)", "needs more memory than reading may take"),
    ],
)
def test_a_file_that_its_reader_fails_on_is_one_line(
    files: list[SourceFile],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    does: str,
    reason: str,
) -> None:
    Scripted(monkeypatch, tmp_path, does)
    good, bad, other = files
    with IsolatedReader() as reader:
        found = [list(reader.read(good))]
        with monkeypatch.context() as hurried:  # its process has started, which takes its time
            hurried.setattr(reader, "_seconds", 3)
            found.append(list(reader.read(bad)))
        found.append(list(reader.read(other)))
    assert [type(each) for (each,) in found] == [Article, Quarantined, Article]
    assert found[1] == [Quarantined(files[1].name, reason)]


def test_columns_are_mapped_and_another_mapping_reads_again(
    library: Library, tmp_path: Path
) -> None:
    table = tmp_path / "dump.csv"
    table.write_text(f'Headline,Story,Other\nThe dam,"{DAM}","{ROAD}"\n')
    assert outcome(index_paths(library, hash_embed, [table.parent])) == {
        "quarantined": ["dump.csv"]
    }
    for column, text in (("Story", DAM), ("Other", ROAD)):
        mapping = ColumnMapping({"text": column, "title": "Headline"})
        report = index_paths(library, hash_embed, [table.parent], mapping=mapping)
        (article_id,) = [*report.added, *report.updated]
        assert library.catalogue.article(article_id).text == text
        assert index_paths(library, hash_embed, [table.parent], mapping=mapping).unchanged
    assert_in_step(library)


def test_the_examples_of_paths() -> None:
    assert doctest.testmod(paths).attempted == 2
    assert not doctest.testmod(paths).failed


def test_a_mapping_takes_nothing_from_files_that_it_is_not_meant_for(
    library: Library, tmp_path: Path
) -> None:
    folder, mapping = tmp_path / "news", ColumnMapping({"text": "Story", "title": "Headline"})
    write_article(folder, "market.md", MARKET)
    plain, dump = folder / "plain.csv", folder / "dump.csv"
    plain.write_text(f'id,text,title\np1,"{DAM}",Dam\n')
    dump.write_text(f'id,Story,Headline\nd1,"{ROAD}",Road\n')
    wire = write_lines(folder / "wire.jsonl", {"id": "w1", "text": BRIDGE, "title": "Bridge"})
    ids = ["market", "p1", "w1"]
    first = outcome(index_paths(library, hash_embed, [folder]))
    assert first == {"added": ids, "quarantined": ["dump.csv"]}
    for columns, now in ((mapping, {"added": ["d1"]}), (mapping, {}), (None, {}), (mapping, {})):
        expected = {"unchanged": sorted({*ids, "d1"} - {*now.get("added", ())})} | now
        planned = plan_paths(library, [folder], columns)
        assert outcome(planned) == expected
        assert outcome(index_paths(library, hash_embed, [folder], mapping=columns)) == expected
    assert library.catalogue.article("p1").title == "Dam"

    # What changed is read by the columns that it was read by before.
    plain.write_text(f'id,text,title\np1,"{DAM} It rained.",Dam\n')
    report = index_paths(library, hash_embed, [folder], mapping=mapping)
    assert outcome(report) == {"updated": ["p1"], "unchanged": ["d1", "market", "w1"]}
    dump.write_text(f'id,Story,Headline\nd1,"{ROAD} It rained.",Road\n')
    report = index_paths(library, hash_embed, [folder])
    assert outcome(report) == {"updated": ["d1"], "unchanged": ["market", "p1", "w1"]}
    assert library.catalogue.article("d1").title == "Road"
    assert len(index_paths(library, hash_embed, [folder]).unchanged) == 4

    # A file that is named is told of, and keeps what it has. One that holds nothing is emptied.
    wrong = ColumnMapping({"text": "Stroy"})
    report = index_paths(library, hash_embed, [dump], mapping=wrong)
    assert outcome(report) == {"unchanged": ["d1"], "quarantined": ["dump.csv"]}
    dump.write_text("id,nothing\nd1,\n")
    wire.unlink()
    report = index_paths(library, hash_embed, [folder], mapping=mapping)
    assert outcome(report) == {
        "unchanged": ["market", "p1"],
        "removed": ["d1", "w1"],
        "quarantined": ["dump.csv"],
    }
    assert_in_step(library)


def test_an_embedder_whose_workers_start_at_its_first_texts(library: Library, news: Path) -> None:
    """As one over Ray: it is asked for more at a time as soon as they are there."""
    asked: list[int] = []

    class Workers:
        @property
        def at_once(self) -> int:
            return 100 if asked else 1

        def __call__(self, texts: list[str]) -> NDArray[np.float32]:
            asked.append(len(texts))
            return hash_embed(texts)

    index_paths(library, hash_embed, [news], stop=lambda: len(library.held.owners()) >= 3)
    pending = library.pending()
    assert pending >= 3
    (library.folder / "embeddings.sqlite").unlink(missing_ok=True)
    with library.writing() as writer:
        assert list(writer.embed_pending(Workers())) == asked == [1, pending - 1]


def test_what_lacks_a_package_is_read_again_when_it_is_there(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_article(tmp_path, "bad.md", DAM)
    with monkeypatch.context() as without:
        lacking = "yield readers.Quarantined(file.name, 'needs x: pip install x'); return"
        Scripted(without, tmp_path, lacking)
        assert outcome(index_paths(library, hash_embed, [tmp_path / "bad.md"]))["quarantined"]
    (tmp_path / "sitecustomize.py").unlink()
    report = index_paths(library, hash_embed, [tmp_path])
    assert (report.added, report.quarantined) == (("bad",), ())


def test_what_its_reader_fails_on_is_tried_once_more(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    news, log = tmp_path / "news", tmp_path / "log"
    write_article(news, "bad.md", DAM)
    with monkeypatch.context() as failing:
        Scripted(failing, tmp_path, f"open({str(log)!r}, 'a').write('x'); os._exit(1)")
        for tries in (1, 2, 2):
            assert outcome(index_paths(library, hash_embed, [news])) == {"quarantined": ["bad.md"]}
            assert len(log.read_text()) == tries
        write_article(news, "bad.md", ROAD)
        assert index_paths(library, hash_embed, [news]).quarantined
    (tmp_path / "sitecustomize.py").unlink()
    assert index_paths(library, hash_embed, [news]).added == ("bad",)


def test_a_file_that_is_not_read_to_its_end_does_not_disturb_the_next(tmp_path: Path) -> None:
    wire = write_lines(
        tmp_path / "wire.jsonl", *({"id": f"w{n}", "text": f"{DAM} {n}."} for n in range(500))
    )
    write_article(tmp_path, "road.md", ROAD)
    with IsolatedReader() as reader:
        articles: Iterator[object] = reader.read(SourceFile(wire, tmp_path))
        assert next(articles)
        articles.close()  # type: ignore[attr-defined]  # it is a generator
        (article,) = reader.read(SourceFile(tmp_path / "road.md", tmp_path))
    assert isinstance(article, Article) and article.id == "road"


def test_a_large_file_tells_how_far_it_is_and_has_the_time_it_needs(
    files: list[SourceFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads_on = "for n in range(10): time.sleep(.5); more[-1](10 * n)"
    Scripted(monkeypatch, tmp_path, reads_on)
    told: list[int] = []
    with IsolatedReader(told=told.append) as reader:
        list(reader.read(files[0]))  # its process has started, which takes its time
        told.clear()
        monkeypatch.setattr(reader, "_seconds", 3)
        (article,) = reader.read(files[1])
    assert isinstance(article, Article)
    assert told[:3] == [0, 10, 20] and len(told) >= 9


def test_progress_within_a_file(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path / "wire.jsonl", *({"id": f"w{n}", "text": f"{DAM} {n}."} for n in range(500))
    )
    told: list[int] = []
    assert len(list(read_articles(SourceFile(path, tmp_path), None, told.append))) == 500
    assert len(told) > 3
    assert told == sorted(set(told))
    assert told[-1] == path.stat().st_size


def test_it_reads_as_the_reader_does(files: list[SourceFile]) -> None:
    read: Callable[[SourceFile], Iterator[object]]
    with IsolatedReader() as reader:
        for read in (reader.read, read_articles):
            assert [type(item) for file in files for item in read(file)] == [Article] * 3
        assert [list(reader.read(f)) for f in files] == [list(read_articles(f)) for f in files]


class Watched:
    """`assistant index --watch` in another process; its lines as they come."""

    def __init__(self, index: Path, *paths: Path) -> None:
        command = [sys.executable, "-m", "assistant", "index", *map(str, paths)]
        self._run = subprocess.Popen(
            [*command, "--index", str(index), "--watch"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert self._run.stderr is not None
        self.first = self.line()
        assert self._run.stderr.readline() == "watching; Ctrl-C ends it\n"

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self._run.kill()

    def line(self) -> str:
        assert self._run.stdout is not None
        return self._run.stdout.readline().split(" in ")[0]

    def end(self) -> int:
        os.kill(self._run.pid, signal.SIGINT)
        self._run.communicate(timeout=120)
        return self._run.returncode


def test_a_folder_is_kept_in_step(tmp_path: Path, news: Path) -> None:
    watched = Watched(tmp_path / "index", news)
    assert watched.first.startswith("3 added")
    write_article(news, "east/bridge.md", BRIDGE)
    write_article(news, ".hidden.md", BRIDGE)
    assert watched.line().startswith("1 added, 0 updated")
    write_article(news, "road.md", f"{ROAD} Rain fell.")
    (news / "dam.md").unlink()
    assert watched.line() == "0 added, 1 updated, 0 unchanged, 1 removed, 0 quarantined"
    (news / "east").rename(tmp_path / "away")
    assert watched.line() == "0 added, 0 updated, 0 unchanged, 1 removed, 0 quarantined"
    assert watched.end() == 0
    shown = [sys.executable, "-m", "assistant", "articles", "list", "--json"]
    listed = subprocess.run(
        [*shown, "--index", str(tmp_path / "index")], capture_output=True, text=True, check=True
    )
    assert sorted(each["id"] for each in json.loads(listed.stdout)) == ["market", "road"]


def test_what_is_replaced_as_a_whole_is_watched_on(tmp_path: Path, news: Path) -> None:
    def save(name: str, text: str) -> None:  # as editors do: a new file in the place of the old
        (news / name).parent.mkdir(exist_ok=True)
        write_article(tmp_path, "new.md", text).replace(news / name)

    save("east/bridge.md", BRIDGE)
    with Watched(tmp_path / "index", news / "dam.md", news / "east") as watched:
        assert watched.first.startswith("2 added")
        for edit in ("Rain fell.", "Snow fell."):
            save("dam.md", f"{DAM} {edit}")
            assert "0 added, 1 updated" in watched.line()
        shutil.rmtree(news / "east")
        assert " 1 removed" in watched.line()
        save("east/bridge.md", BRIDGE)
        assert "1 added" in watched.line()
        save("east/bridge.md", f"{BRIDGE} Rain fell.")
        assert "0 added, 1 updated" in watched.line()
        assert watched.end() == 0

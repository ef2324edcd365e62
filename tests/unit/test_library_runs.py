"""Runs of adding over an assistant that fails at will."""

from __future__ import annotations

import re
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import EndpointError
from assistant.indexing import FileOutcome
from assistant.types import IndexReport
from assistant.web.library import words
from assistant.web.library.run import Upload
from assistant.web.library.runs import FAILED, KEPT, Runs


class Shelf:
    """Keeps files in a folder; takes each in as one article, or fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.failing: Exception | None = None
        self.failing_to_keep: OSError | None = None
        self.let = threading.Event()
        self.let.set()

    def keep_upload(self, source: Path, name: str) -> Path:
        if self.failing_to_keep:
            raise self.failing_to_keep
        kept = self.folder / name
        kept.write_bytes(source.read_bytes())
        return kept

    def take_in(self, paths: list[Path], **_: Any) -> tuple[IndexReport, list[FileOutcome]]:
        self.let.wait(60)
        if self.failing:
            raise self.failing
        return IndexReport(), [FileOutcome(path, 1, 1, 0, ()) for path in paths]


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def upload(tmp_path: Path, name: str) -> Upload:
    folder = tmp_path / f"of {name}"
    folder.mkdir()
    (folder / "file").write_text(name)
    return Upload(folder / "file", name)


def ended(runs: Runs) -> None:
    for _ in range(3000):
        if not runs.active():
            return
        time.sleep(0.01)
    raise AssertionError("it does not end")


def test_temporary_copies_go_when_a_run_has_ended(shelf: Shelf, tmp_path: Path) -> None:
    runs, given = Runs(shelf), upload(tmp_path, "a.md")
    runs.add([given])
    ended(runs)
    assert [words.run_line(run) for run in runs.shown()] == ["1 article added"]
    assert not given.path.parent.exists()


def test_a_failure_after_the_commit_says_that_the_articles_are_there(
    shelf: Shelf, tmp_path: Path
) -> None:
    runs, given = Runs(shelf), upload(tmp_path, "a.md")
    shelf.failing = EndpointError("the embedder is away")
    runs.add([given])
    ended(runs)
    run = runs.shown()[0]
    assert (run.error, run.items[0].state) == ("the embedder is away", "kept")
    assert "by its words alone" in words.item_line(run.items[0], run)
    assert given.path.exists()  # to be tried again
    shelf.failing = None
    runs.again(run.number)
    ended(runs)
    assert [(each.number, each.error) for each in runs.shown()] == [(run.number, "")]
    assert not given.path.exists()


def test_a_defect_is_a_line_and_later_runs_go_on(shelf: Shelf, tmp_path: Path) -> None:
    runs = Runs(shelf)
    shelf.failing = RuntimeError("a defect")
    runs.add([upload(tmp_path, "a.md")])
    ended(runs)
    shelf.failing = None
    runs.add([upload(tmp_path, "b.md")])
    ended(runs)
    failed, later = runs.shown()
    assert re.fullmatch(re.escape(FAILED) + r" \(request [0-9a-f]{16}\)", failed.error)
    assert later.error == ""


def test_a_full_disk_refuses_the_file_with_its_reason(shelf: Shelf, tmp_path: Path) -> None:
    runs = Runs(shelf)
    shelf.failing_to_keep = OSError(28, "No space left on device")
    runs.add([upload(tmp_path, "a.md")])
    ended(runs)
    assert runs.shown()[0].items[0].reasons == [
        ("", "cannot be kept on the server: No space left on device")
    ]


def test_only_the_last_runs_are_shown_and_none_twice(shelf: Shelf, tmp_path: Path) -> None:
    runs = Runs(shelf)
    for number in range(KEPT + 3):
        runs.add([upload(tmp_path, f"{number}.md")])
        ended(runs)
    assert [run.number for run in runs.shown()] == list(range(4, KEPT + 4))
    runs.dismiss(4)
    runs.dismiss("5")  # no number: whatever a page sends
    runs.dismiss(99)
    assert [run.number for run in runs.shown()] == list(range(5, KEPT + 4))


def test_a_run_under_way_is_neither_dismissed_nor_begun_anew(shelf: Shelf, tmp_path: Path) -> None:
    runs = Runs(shelf)
    shelf.let.clear()
    runs.add([upload(tmp_path, "a.md")])
    runs.dismiss(1)
    runs.again(1)
    assert [run.number for run in runs.shown()] == [1]
    shelf.let.set()
    ended(runs)
    assert [words.run_line(run) for run in runs.shown()] == ["1 article added"]

"""Taking in and removing while others ask the same assistant, as on a server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import sample
from assistant.errors import IndexNotFoundError
from assistant.library import Look
from assistant.pipeline import Assistant
from tests.newsroom import DAM, ROAD, write_article, write_lines

pytest_plugins = ["tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment", "one_embedder")


def test_questions_are_answered_while_articles_come_and_go(own_index: Path, tmp_path: Path) -> None:
    records = [{"text": f"{DAM} It was day {n}. {ROAD}"} for n in range(30)]
    lines = write_lines(tmp_path / "many.jsonl", *records)
    done = threading.Event()

    def until_done(work: Callable[[], object]) -> None:
        while not done.is_set():
            work()

    with Assistant.open(own_index) as assistant:
        before = len(assistant.articles())
        with ThreadPoolExecutor() as pool:
            others = [
                pool.submit(until_done, lambda: assistant.ask(sample.EXAMPLES[1]).citations[0]),
                pool.submit(until_done, lambda: assistant.listed(Look("belkorra"))[0]),
            ]
            try:
                kept = assistant.keep_upload(lines, lines.name)
                report, outcomes = assistant.take_in([kept])
                removed = assistant.discard([f"many#{n}" for n in range(1, 31)])
            finally:
                done.set()
        for other in others:
            other.result()  # raises what it met
        assert (len(report.added), outcomes[0].articles, len(removed.article_ids)) == (30, 30, 30)
        assert len(assistant.articles()) == before
        assert not kept.exists()


def test_the_file_of_an_article_is_told(own_index: Path, tmp_path: Path) -> None:
    with Assistant.open(own_index) as assistant:
        kept = assistant.keep_upload(write_article(tmp_path, "dam.md", DAM), "dam.md")
        assistant.take_in([kept])
        assert assistant.file_of("dam") == str(kept)
        assert assistant.file_of("never there") == ""
        assert assistant.plan_removal(["dam"]).deleted == ("dam.md",)


def test_without_a_library_there_is_nothing_to_browse() -> None:
    with Assistant.open(None) as assistant, pytest.raises(IndexNotFoundError):
        assistant.listed(Look())

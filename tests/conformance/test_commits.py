"""Threads ask one open Assistant while another process adds, changes and removes articles.

The short form always runs. The long form, some minutes:

    python -m pytest tests/conformance/test_commits.py -m slow -n 0
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.library.engines.vectors import HNSW
from assistant.models.minilm import MiniLMEmbedding
from assistant.pipeline import Assistant
from assistant.retrieval import HybridRetriever
from assistant.settings import Settings
from assistant.types import Answer, Article, Evidence, revision_of
from tests.newsroom import write_article
from tests.stores import Stores

Open = Callable[[Path | None], Assistant]
State = dict[str, str]  # article id -> revision

SYNC_EVERY = 40  # Chroma persists its graph after so many changes instead of 1,000
TOWNS = (
    *("Varnholt", "Ostrelle", "Kimbrava", "Doventry", "Salzmere", "Quillon", "Ternhavn"),
    *("Brackwold", "Ysmouth", "Fennick", "Arboleda", "Grunewick", "Lindqvar", "Hexbury"),
)
# Does what it is told, one line a step, a few passages a commit, and says when all is committed.
WRITER = f"""
import json, sys
from assistant.indexing import planner
from assistant.library import writer
from assistant.library.engines.vectors import HNSW
from assistant.pipeline import Assistant
HNSW.update(sync_threshold={SYNC_EVERY}, batch_size={SYNC_EVERY // 2})
planner.BATCH_PASSAGES = writer.VECTORS_BATCH = 5
with Assistant.open(sys.argv[1], create=True) as assistant:
    for line in sys.stdin:
        step = json.loads(line)
        if "index" in step:
            report = assistant.index([step["index"]])
            assert not report.quarantined
        else:
            assert assistant.remove(step["remove"]) == step["remove"]
        print("done", flush=True)
"""


class Writer:
    """The other process."""

    def __init__(self, index: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(index)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def do(self, **step: object) -> None:
        """Return when all of it is committed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(step) + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"

    def close(self) -> None:
        self._process.communicate(timeout=120)


class News:
    """The articles as they ought to be, and what is sure of them at any moment."""

    def __init__(self, folder: Path, writer: Writer, chance: random.Random) -> None:
        self.texts: dict[tuple[str, str], str] = {}  # by id and revision, whatever became of them
        self._folder, self._writer, self._chance = folder, writer, chance
        self._lock = threading.Lock()
        self._state: State = {}
        self._gone: set[tuple[str, str]] = set()
        self._in_doubt: set[str] = set()  # what the step under way changes

    def sure(self) -> tuple[State, set[tuple[str, str]]]:
        """What is in the library for sure, and what is in it no more."""
        with self._lock:
            state = {i: r for i, r in self._state.items() if i not in self._in_doubt}
            return state, set(self._gone)

    def step(self) -> tuple[State, list[str]]:
        """Have the other process change some of it; returns the new revisions, and what went."""
        towns = self._chance.sample(TOWNS, 5)
        fresh: State = {}
        files: list[str] = []
        for town in towns:
            name = town.lower()
            if name in self._state and self._chance.random() < 0.35:
                files.append(name)
                continue
            text = text_of(town, self._chance)
            fresh[name] = revision_of(text)
            with self._lock:
                self.texts[name, fresh[name]] = text
        with self._lock:
            self._in_doubt = {*fresh, *files}
        for name in fresh:
            text = self.texts[name, fresh[name]]
            write_article(self._folder, f"{name}.md", text, source="Tarn Post", date="2021-06-20")
        if files and self._chance.random() < 0.5:
            self._writer.do(remove=files)
        for name in files:
            (self._folder / f"{name}.md").unlink()
        self._writer.do(index=str(self._folder))
        with self._lock:
            for name in self._in_doubt & self._state.keys():
                self._gone.add((name, self._state.pop(name)))
            self._state.update(fresh)
            self._in_doubt = set()
        return fresh, files


def text_of(town: str, chance: random.Random) -> str:
    """A report on a town's bridge, of one to four passages; no two are the same."""
    cracks = chance.randint(100, 10**7)
    rest = [
        f"Lorry {chance.randint(0, 10**6)} for {town} waited at mile {mile} until it could pass."
        for mile in range(chance.choice((0, 20, 40, 50)))
    ]
    told = f"Inspectors counted {cracks} cracks in the piers of the {town} bridge on Tuesday."
    return " ".join((f"The {town} bridge is shut.", told, *rest))


def question_of(name: str) -> str:
    return f"How many cracks did inspectors count in the piers of the {name.title()} bridge?"


class Askers:
    """Threads that ask until they are told to stop, and check whatever comes back."""

    def __init__(self, assistant: Assistant, news: News, embedder: MiniLMEmbedding) -> None:
        self._assistant, self._news, self._embedder = assistant, news, embedder
        self._done = threading.Event()
        self.failures: list[BaseException] = []
        self.counted: Counter[str] = Counter()
        self._threads: list[threading.Thread] = []

    def start(self, ways: Sequence[str]) -> None:
        for number, way in enumerate(ways):
            thread = threading.Thread(target=self._run, args=(way, random.Random(number)))
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join()

    def _run(self, way: str, chance: random.Random) -> None:
        try:
            while not self._done.is_set():
                getattr(self, way)(chance)
                self.counted[way] += 1
        except BaseException as error:  # noqa: BLE001  # told to the test's own thread
            self.failures.append(error)

    def ask(self, chance: random.Random) -> None:
        self.about(chance.choice(TOWNS).lower(), since=chance.choice((None, "2021-01-01")))

    def about(self, name: str, since: str | None = None) -> Answer:
        """Ask about a town; what was sure before the question holds for its answer."""
        before, gone = self._news.sure()
        answer = self._assistant.ask(question_of(name), since=since)
        self._check_citations(answer)
        cited = {(c.article_id, c.revision) for c in answer.citations}
        assert not cited & gone
        self._check_evidence(name, answer.evidence, before, gone)
        self.counted["cited"] += bool(cited)
        return answer

    def search(self, chance: random.Random) -> None:
        library = self._assistant._need_library()
        name = chance.choice(TOWNS).lower()
        before, gone = self._news.sure()
        library.refresh()  # as a question does
        retriever = HybridRetriever(library, self._embedder, Settings())
        self._check_evidence(name, retriever.evidence(question_of(name)), before, gone)

    def read(self, chance: random.Random) -> None:
        """From articles at hand, whatever the library holds."""
        town = chance.choice(TOWNS)
        article = Article("at-hand", text_of(town, chance), title=f"The {town} bridge")
        answer = self._assistant.read(question_of(town.lower()), [article])
        assert answer.citations
        for cited in answer.citations:
            assert article.text[cited.start : cited.end] == cited.quote

    def _check_citations(self, answer: Answer) -> None:
        for cited in answer.citations:
            text = self._news.texts[cited.article_id, cited.revision]
            assert text[cited.start : cited.end] == cited.quote
            kept = self._assistant.article(cited.article_id, cited.revision)
            assert kept.text == text

    def _check_evidence(
        self,
        name: str,
        evidence: Sequence[Evidence],
        before: State,
        gone: set[tuple[str, str]],
    ) -> None:
        found = {(e.passage.article_id, e.passage.revision) for e in evidence}
        assert not found & gone
        for each in evidence:
            text = self._news.texts[each.passage.article_id, each.passage.revision]
            assert text[each.passage.start : each.passage.end] == each.passage.text
        after, _ = self._news.sure()
        if name in before and before[name] == after.get(name):
            assert (name, before[name]) in found
            self.counted["found"] += 1


@pytest.fixture
def news(stores: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[News]:
    for key, value in stores.settings(tmp_path / "index").items():
        monkeypatch.setenv(key, value)
    monkeypatch.setitem(HNSW, "sync_threshold", SYNC_EVERY)
    monkeypatch.setitem(HNSW, "batch_size", SYNC_EVERY // 2)
    (tmp_path / "news").mkdir()
    writer = Writer(tmp_path / "index", stores.environment(tmp_path / "index"))
    yield News(tmp_path / "news", writer, random.Random(1))
    writer.close()


def test_threads_ask_while_another_process_commits(
    tmp_path: Path, news: News, open_assistant: Open, embedder: MiniLMEmbedding
) -> None:
    _commit_and_ask(tmp_path, news, open_assistant, embedder, ("ask", "search", "read"), steps=6)


@pytest.mark.slow
def test_threads_ask_through_40_steps(
    tmp_path: Path, news: News, open_assistant: Open, embedder: MiniLMEmbedding
) -> None:
    ways = ("ask", "ask", "ask", "search", "search", "read")
    _commit_and_ask(tmp_path, news, open_assistant, embedder, ways, steps=40)


def _commit_and_ask(
    place: Path,
    news: News,
    open_assistant: Open,
    embedder: MiniLMEmbedding,
    ways: Sequence[str],
    steps: int,
) -> None:
    news.step()  # makes the index
    askers = Askers(open_assistant(place / "index"), news, embedder)
    askers.start(ways)
    try:
        for _ in range(steps):
            fresh, removed = news.step()
            # The first question after the other process's report sees what it did.
            for name in [*list(fresh)[:1], *removed[:1]]:
                answer = askers.about(name)
                found = {e.passage.article_id for e in answer.evidence}
                assert (name in found) is (name in fresh)
            assert askers.failures == []
        while not all(askers.counted[way] for way in ways) and not askers.failures:
            time.sleep(0.05)
    finally:
        askers.stop()
    assert askers.failures == []
    assert askers.counted["found"] >= steps
    assert askers.counted["cited"] >= steps
    print(dict(askers.counted))

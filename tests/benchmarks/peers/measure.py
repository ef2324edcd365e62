"""One run: every system over every set, its figures as counts by question."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median
from typing import Any

from tests.benchmarks.figures import percentile
from tests.benchmarks.peers import declared, scores, sets
from tests.benchmarks.peers.endpoint import Embed, Endpoint
from tests.benchmarks.peers.process import Kind, PeerError, Running, make_venv

Counts = dict[str, list[tuple[float, float]]]
_WARM_UP = 3


@dataclass
class Found:
    """What one system came to.

    `counts` has, for each row of quality under `set/row`, a pair for each question; `cost` the
    figures of cost by their keys.
    """

    packages: dict[str, str] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    cost: dict[str, float] = field(default_factory=dict)
    failed: str = ""


@dataclass(frozen=True)
class Bench:
    """What a run is made with. `starts` limits the cold starts, `streamed` the timed answers."""

    endpoint: Endpoint
    embed: Embed
    sets: Mapping[str, sets.Set]
    work: Path
    parts: Sequence[str]
    cold: int = declared.COLD
    rounds: int = declared.ROUNDS
    indexed: int = declared.INDEXED
    keep: bool = False

    def running(self, kind: Kind, store: str) -> Running:
        """A process of a system over one of its stores."""
        python = make_venv(kind.venv, self.work) if kind.venv else Path(sys.executable)
        return Running(kind, python, self.work / "stores" / store, self.endpoint.url)

    def store(self, kind: Kind, name: str) -> str:
        return f"{kind.shares or kind.name}/{name}"


def run(bench: Bench, kinds: Sequence[Kind], keep: Callable[[dict[str, Found]], None]) -> None:
    """All parts for all systems; one that fails is said to have failed, and the others go on.

    `keep` is given what was found so far, after each system and at the end.
    """
    found = {kind.name: Found() for kind in kinds}
    for one in bench.sets.values():
        _say(one.name)
        for kind in kinds:
            if found[kind.name].failed:
                continue
            try:
                _measure(bench, kind, one, found[kind.name])
            except PeerError as error:
                found[kind.name].failed = str(error)
                _say(str(error))
            keep(found)
    if "cost" in bench.parts and declared.SPEED_SET in bench.sets:
        well = [kind for kind in kinds if not found[kind.name].failed]
        index_in_turns(bench, [kind for kind in well if not kind.shares], found)
        cold_in_turns(bench, well, found)
        keep(found)


def _measure(bench: Bench, kind: Kind, one: sets.Set, found: Found) -> None:
    if kind.adapter == declared.PLAIN.adapter and one.name != declared.SPEED_SET:
        return
    index_once(bench, kind, one)
    with bench.running(kind, bench.store(kind, one.name)) as system:
        system.ask("open")
        if "retrieval" in bench.parts:
            retrieve(system, one, found)
        answers = one.name in declared.ANSWER_SETS and not kind.shares
        if answers and "answers" in bench.parts:
            answer(bench, system, one, found)
        if answers and "cost" in bench.parts and one.name == declared.STREAM_SET:
            first_words(bench, system, one, found)
        about = system.ask("about")
        found.packages = about["packages"]
        if one.name == declared.SPEED_SET:
            found.cost["peak_mb"] = about["peak_mb"]
    _say(f"  {kind.title}")


def index_once(bench: Bench, kind: Kind, one: sets.Set) -> None:
    """Index a set into the system's store, where that was not done before."""
    if kind.adapter == declared.PLAIN.adapter:
        return
    folder = bench.work / "stores" / bench.store(kind, one.name)
    done = folder / "indexed"
    if done.exists() and (bench.keep or kind.shares):
        return
    shutil.rmtree(folder, ignore_errors=True)
    started = time.perf_counter()
    with bench.running(kind, bench.store(kind, one.name)) as system:
        reply = system.ask("index", articles=str(one.file))
    done.touch()
    seconds = time.perf_counter() - started
    _say(f"  {kind.title}: {reply['passages']} passages indexed in {seconds:.0f} s")


def retrieve(system: Running, one: sets.Set, found: Found) -> None:
    """Every question once, warm."""
    for case in one.cases[:_WARM_UP]:
        system.ask("retrieve", question=case.question)
    seconds: list[float] = []
    words: list[int] = []
    for case in one.cases:
        reply = system.ask("retrieve", question=case.question)
        seconds.append(reply["seconds"])
        words += [len(passage["text"].split()) for passage in reply["passages"]]
        if system.kind.adapter != declared.PLAIN.adapter:
            for key, pair in scores.retrieval(case, reply["passages"]).items():
                found.counts.setdefault(f"{one.name}/{key}", []).append(pair)
    if one.name == declared.SPEED_SET:
        found.cost["retrieve_p50"] = 1000 * median(seconds)
        found.cost["retrieve_p95"] = 1000 * percentile(seconds, 95)
        found.cost["passage_words"] = mean(words)


def answer(bench: Bench, system: Running, one: sets.Set, found: Found) -> None:
    """Questions to each of the three models; the `quote` writer where there is no model."""
    modelless = system.kind.name == declared.OWN.name
    for character in ("honest",) if modelless else ("honest", "inventing", "refusing"):
        most = declared.REFUSED if character == "refusing" else declared.ANSWERED
        for case in one.cases[:most]:
            model = "none" if modelless else character
            shown = system.ask("answer", question=case.question, model=model)
            _add(found, one.name, character, _counts(character, case, shown, one))


def _counts(character: str, case: Any, shown: Mapping[str, Any], one: sets.Set) -> scores.Counts:
    if character == "honest":
        return scores.honest(case, shown, one.texts)
    return scores.inventing(shown) if character == "inventing" else scores.refusing(shown)


def _add(found: Found, name: str, character: str, counts: scores.Counts) -> None:
    """Each row of a character gets a pair for each question, 0 over 0 where it has none."""
    for row in declared.QUALITY:
        if row.part == character:
            pairs = found.counts.setdefault(f"{name}/{row.key}", [])
            pairs.append(counts.get(row.key, (0, 0)))


def first_words(bench: Bench, system: Running, one: sets.Set, found: Found) -> None:
    """When the first words, and the first whole line, reach the reader of a streamed answer."""
    waits: list[float] = []
    behind: list[float] = []
    modelless = system.kind.name == declared.OWN.name
    bench.endpoint.pause = declared.PAUSE
    try:
        for case in [case for case in one.cases if case.answerable][: declared.STREAMED]:
            bench.endpoint.replies.clear()
            model = "none" if modelless else "honest"
            shown = system.ask("answer", question=case.question, model=model)
            if scores.abstains(shown):
                continue
            waits.append(shown["first_at"] - shown["retrieved_at"])
            if bench.endpoint.replies:
                behind.append(shown["sentence_at"] - bench.endpoint.replies[0].sentence_at)
    finally:
        bench.endpoint.pause = 0.0
    if waits:
        found.cost["first_words"] = 1000 * median(waits)
    if behind:
        found.cost["behind_sentence"] = 1000 * median(behind)


def index_in_turns(bench: Bench, kinds: Sequence[Kind], found: Mapping[str, Found]) -> None:
    """Some articles indexed by each system in turns, each beside its texts embedded alone."""
    whole = bench.sets[declared.SPEED_SET]
    listed = whole.file.read_text(encoding="utf-8").splitlines()[: bench.indexed]
    some = bench.work / "some.jsonl"
    some.write_text("\n".join(listed) + "\n", encoding="utf-8")
    ratios: dict[str, list[float]] = defaultdict(list)
    cache, bench.endpoint.cache = bench.endpoint.cache, None
    try:
        for number in range(bench.rounds):
            for kind in kinds:
                ratios[kind.name].append(_index_ratio(bench, kind, some, number))
    finally:
        bench.endpoint.cache = cache
    for name, values in ratios.items():
        found[name].cost["index_ratio"] = median(values)


def _index_ratio(bench: Bench, kind: Kind, some: Path, number: int) -> float:
    name = f"{kind.name}/timed-{number}"
    shutil.rmtree(bench.work / "stores" / name, ignore_errors=True)
    bench.endpoint.texts = []
    with bench.running(kind, name) as system:
        seconds = system.ask("index", articles=str(some))["seconds"]
    texts = bench.endpoint.texts or _own_texts(bench, some)
    started = time.perf_counter()
    bench.embed(texts)
    return float(seconds / (time.perf_counter() - started))


def _own_texts(bench: Bench, some: Path) -> list[str]:
    """What Dateline embeds of some articles, for the one that embeds in its own process."""
    bench.endpoint.texts = []
    first = next(kind for kind in declared.KINDS if kind.name == declared.FIRST)
    shutil.rmtree(bench.work / "stores" / "own-texts", ignore_errors=True)
    with bench.running(first, "own-texts") as system:
        system.ask("index", articles=str(some))
    return bench.endpoint.texts


def cold_in_turns(bench: Bench, kinds: Sequence[Kind], found: Mapping[str, Found]) -> None:
    """A process for one question, by each system in turns, another question each time."""
    whole = bench.sets[declared.SPEED_SET]
    seconds: dict[str, list[float]] = defaultdict(list)
    starts = [kind for kind in kinds if not kind.shares]
    for number in range(bench.cold):
        question = whole.cases[number * len(whole.cases) // bench.cold].question
        for kind in starts:
            seconds[kind.name].append(_cold(bench, kind, question))
        if declared.OWN.name in found:
            seconds["imports"].append(_imports())
    for kind in starts:
        found[kind.name].cost["cold"] = median(seconds[kind.name])
    if declared.OWN.name in found:
        found[declared.OWN.name].cost["imports"] = median(seconds["imports"])


def _cold(bench: Bench, kind: Kind, question: str) -> float:
    system = bench.running(kind, bench.store(kind, declared.SPEED_SET))
    if kind.name != declared.OWN.name:
        return system.cold(question)
    index = bench.work / "stores" / bench.store(kind, declared.SPEED_SET) / "index"
    command = ["-c", "from assistant.cli import run; run()", "ask", question, "--index", str(index)]
    return _seconds([sys.executable, *command], system.environment)


def _imports() -> float:
    return _seconds([sys.executable, "-c", "import chromadb, llama_index.core"], None)


def _seconds(command: list[str], environment: Mapping[str, str] | None) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    return time.perf_counter() - started


def _say(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)

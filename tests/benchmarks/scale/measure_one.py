"""One size, in one process: prints what was measured as a line of JSON. See `measure`."""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.answering.dating.datewords import find_mentions
from assistant.pipeline import Assistant
from assistant.retrieval import HybridRetriever
from assistant.settings import Settings
from assistant.types import Filters

SETS = ("multihoprag", "squad", "syria")
_FIRST_DAY, _DAYS = date(2014, 1, 1), 4380


def main() -> None:
    """LIBRARY DATA TURN QUESTIONS."""
    library, data, turn, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    found: dict[str, Any] = {}
    for store in ("catalogue", "words", "vectors"):
        files = [f for p in Path(library).glob(f"{store}*") for f in (p, *p.rglob("*"))]
        found[f"disk: {store} [GB]"] = sum(f.stat().st_size for f in files if f.is_file()) / 1e9
    with Assistant.open(None, Settings()) as alone:
        alone.read("Is it warm?", [])  # the models are loaded, and their packages
    before = _memory()
    started = time.perf_counter()
    assistant = Assistant.open(library, Settings())
    found["opening [s]"] = time.perf_counter() - started
    started = time.perf_counter()
    assistant.ask("Who holds the road?")
    found["first question [s]"] = time.perf_counter() - started
    assistant.warm_up()
    found["terms"] = len(assistant._need_library().words._terms())
    found["memory: of the open library [GB]"] = _memory() - before
    ask, first_stage = _retrieval(assistant), _retrieval(assistant, reranked=False)
    for name in SETS:
        lines = (data / name / "questions.dev.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in lines]
        chosen = random.Random(turn).sample(questions, min(count, len(questions)))
        found[f"retrieval: {name}"] = [_seconds(ask, question, Filters()) for question in chosen]
        found[f"first stage: {name}"] = [_seconds(first_stage, q, Filters()) for q in chosen]
        if name == "squad":
            found["retrieval: by outlet and days"] = [
                _seconds(ask, question, filters)
                for question, filters in zip(
                    chosen, _filters(assistant, turn, len(chosen)), strict=True
                )
            ]
    found["memory: after the questions [GB]"] = _memory() - before
    found["adding one article [s]"] = _adding(assistant, turn)
    assistant.close()
    print(json.dumps(found))


def _retrieval(assistant: Assistant, *, reranked: bool = True) -> Callable[[str, Filters], object]:
    """As the assistant retrieves, the question's embedding included, and the second stage."""
    embedder = assistant._models.embedder()
    reranker = assistant._models.reranker() if reranked else None
    outlets = assistant.sources()

    def ask(question: str, filters: Filters) -> object:
        return HybridRetriever(
            assistant._need_library(),
            embedder,
            Settings(),
            filters,
            reranker,
            outlets=outlets,
            find_dates=find_mentions,
            today=datetime.now(UTC).date(),
        ).evidence(question)

    ask("warm up", Filters())
    return ask


def _filters(assistant: Assistant, turn: int, count: int) -> Sequence[Filters]:
    """An outlet, and from a month to ten years: from a few passages that pass to a tenth."""
    chance = random.Random(turn)
    outlets = assistant.sources()
    made = []
    for _ in range(count):
        days = int(30 * 120 ** chance.random())
        since = _FIRST_DAY + timedelta(chance.randrange(max(_DAYS - days, 1)))
        made.append(Filters(since, since + timedelta(days), chance.choice(outlets)))
    return made


def _seconds(ask: Callable[[str, Filters], object], question: str, filters: Filters) -> float:
    started = time.perf_counter()
    ask(question, filters)
    return time.perf_counter() - started


def _adding(assistant: Assistant, turn: int) -> float:
    """Seconds from the command to the end: read, committed, embedded."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"added-{turn}.md"
        file.write_text("---\ntitle: The dam\n---\nThe dam at Velorand was opened on Monday.\n")
        started = time.perf_counter()
        report = assistant.index([file])
        seconds = time.perf_counter() - started
    assistant.remove(report.added)
    return seconds


def _memory() -> float:
    """GB of this process that are in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e9


if __name__ == "__main__":
    main()

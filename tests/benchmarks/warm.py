"""Questions to an assistant that is open and warm."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from assistant import Assistant
from assistant.settings import Settings
from tests.benchmarks.figures import Figure, percentile

_TARGET = "<= 0.3"


def measure(questions: Sequence[str], index: Path) -> list[Figure]:
    """Ask every question once. `total` is the whole of `Assistant.ask`, seen from outside."""
    total: list[float] = []
    retrieve: list[float] = []
    write: list[float] = []
    processor: list[float] = []
    with Assistant.open(index, Settings()) as assistant:
        assistant.ask(questions[0])
        for question in questions:
            busy, started = time.process_time(), time.perf_counter()
            answer = assistant.ask(question, writer="quote")
            total.append(time.perf_counter() - started)
            processor.append(time.process_time() - busy)
            retrieve.append(answer.timings.retrieve / 1000)
            write.append(answer.timings.write / 1000)
    return [
        Figure("warm", "questions", len(questions), ""),
        Figure("warm", "total, p50", median(total), "s", _TARGET),
        Figure("warm", "total, p95", percentile(total, 95), "s", _TARGET),
        Figure("warm", "retrieve, p50", median(retrieve), "s"),
        Figure("warm", "retrieve, p95", percentile(retrieve, 95), "s"),
        Figure("warm", "write, p50", median(write), "s"),
        Figure("warm", "write, p95", percentile(write, 95), "s"),
        Figure("warm", "processor time of all threads, p50", median(processor), "s"),
    ]

"""`assistant ask` as a whole process, beside one that only imports what it stands on."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from tests.benchmarks.figures import Figure

_IMPORTS = [sys.executable, "-c", "import chromadb, llama_index.core"]
_ASK = [sys.executable, "-c", "from assistant.cli import run; run()", "ask"]


def measure(questions: Sequence[str], index: Path, runs: int) -> list[Figure]:
    """Start both in turns, `runs` times each, with another question each time."""
    imports: list[float] = []
    asks: list[float] = []
    for i in range(runs):
        imports.append(_seconds(_IMPORTS))
        question = questions[i * len(questions) // runs]
        asks.append(_seconds([*_ASK, question, "--index", str(index)]))
    more = median(asks) - median(imports)
    return [
        Figure("cold", f"assistant ask, median of {runs}", median(asks), "s"),
        Figure("cold", "import chromadb, llama_index.core", median(imports), "s"),
        Figure("cold", "ask takes longer by", more, "s", "<= 1.5"),
    ]


def _seconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started

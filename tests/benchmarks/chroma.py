"""Vectors in a folder beside a Chroma server: python -m tests.benchmarks.chroma [--passages N].

Invented passages with vectors in clusters, no embedder: what is compared is the store alone. Both
do each step in turns, on one machine, the server over loopback. `search` is what a question costs
once for each thing that is sought in it; `filtered` loads the vectors of 500 passages, as the first
question with a new filter does.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from assistant.library import Engines
from assistant.library.engines.vectors import Vectors
from assistant.library.places import Place
from assistant.library.writer import VECTORS_BATCH
from assistant.retrieval.hybrid import CANDIDATES
from assistant.types import Article, Passage
from tests.benchmarks.figures import Figure, percentile, surroundings, table
from tests.chroma_server import ChromaServer

_DIMENSION, _CLUSTERS, _SPREAD = 384, 500, 0.05
_WORDS = 200  # in a passage
_FILTERED = 500


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.chroma")
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--searches", type=int, default=300)
    arguments = parser.parse_args()
    before = surroundings()
    server = ChromaServer()
    try:
        with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as scratch:
            stores = {
                "folder": Place(Path(scratch)).vectors(0),
                "server": Place(Path(scratch), Engines(chroma=server.url), "benchmark").vectors(0),
            }
            figures = measure(stores, arguments.passages, arguments.searches)
            for vectors in stores.values():
                vectors.close()
    finally:
        server.remove()
    print(table(figures))
    print(f"load {before['load']} to {surroundings()['load']}, {before['packages']['chromadb']}")


def measure(stores: dict[str, Vectors], passages: int, searches: int) -> list[Figure]:
    """Fill the stores, then search them; each step is done by one after the other."""
    chance = np.random.default_rng(7)
    centres = chance.standard_normal((_CLUSTERS, _DIMENSION))
    wrote: dict[str, float] = dict.fromkeys(stores, 0.0)
    ids: list[str] = []
    for first in range(0, passages, VECTORS_BATCH):
        held = [_passage(first + n) for n in range(min(VECTORS_BATCH, passages - first))]
        rows = _near(centres, len(held), chance)
        ids += [passage.id for passage, _ in held]
        for name, vectors in stores.items():
            wrote[name] += _seconds(partial(vectors.put, held, rows))
    took: dict[str, list[float]] = {name: [] for name in stores}
    filtered: dict[str, list[float]] = {name: [] for name in stores}
    for number, row in enumerate(_near(centres, searches, chance).tolist()):
        for name, vectors in stores.items():
            took[name].append(_seconds(partial(vectors.search, row, CANDIDATES)))
            if number % 10 == 0:
                some = ids[number : number + _FILTERED]
                filtered[name].append(_seconds(partial(vectors.rows, some)))
    figures = [Figure("chroma", "passages", passages, "")]
    for name in stores:
        figures += [
            Figure(name, "passages written in a second", passages / wrote[name], ""),
            Figure(name, "search, p50", 1000 * median(took[name]), "ms"),
            Figure(name, "search, p95", 1000 * percentile(took[name], 95), "ms"),
            Figure(name, "filtered, p50", 1000 * median(filtered[name]), "ms"),
        ]
    return figures


def _near(
    centres: NDArray[np.float64], count: int, chance: np.random.Generator
) -> NDArray[np.float32]:
    """Unit vectors about the centres: (count, dimension)."""
    chosen = centres[chance.integers(len(centres), size=count)]
    rows = chosen + _SPREAD * chance.standard_normal(chosen.shape) * np.sqrt(_DIMENSION)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _passage(number: int) -> tuple[Passage, Article]:
    text = f"Report {number} of the columns on the northern road. " * (_WORDS // 9)
    article = Article(id=f"report-{number}", text=text, title=f"Report {number}", source="Post")
    spans = ((0, len(text)),)
    header = f"Report {number} | Post"
    return Passage(article.id, article.revision, text, 0, len(text), spans, header), article


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

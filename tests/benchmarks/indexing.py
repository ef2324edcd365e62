"""Where the time of indexing goes: inside the embedder, or around it."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.indexing import index_paths
from assistant.library import Library
from assistant.models import embedder_info
from assistant.models.minilm import MiniLMEmbedding
from assistant.settings import Settings
from tests.benchmarks.figures import Figure


class _Timed:
    """An embedder on a clock, which embeds everything once more for comparison.

    Both in turns, so that what else the machine does meanwhile weighs on both.
    """

    def __init__(self, embedder: MiniLMEmbedding) -> None:
        self._embedder = embedder
        self.passages = 0
        self.seconds = 0.0
        self.seconds_again = 0.0

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        started = time.perf_counter()
        vectors = self._embedder.embed(texts)
        done = time.perf_counter()
        self._embedder.embed(texts)
        self.seconds += done - started
        self.seconds_again += time.perf_counter() - done
        self.passages += len(texts)
        return vectors


def measure(articles: Path, index: Path) -> list[Figure]:
    """Index a folder of articles into a fresh index; the model is loaded before that."""
    embedder = MiniLMEmbedding()
    embedder.embed(["load the model"])
    timed = _Timed(embedder)
    library = Library.create(index, embedder_info(Settings()))
    try:
        report = index_paths(library, timed.embed, [articles])
    finally:
        library.close()
    whole = report.seconds - timed.seconds_again
    return [
        Figure("indexing", "articles", len(report.added), ""),
        Figure("indexing", "passages", timed.passages, ""),
        Figure("indexing", "whole run", whole, "s"),
        Figure("indexing", "inside the embedder", timed.seconds, "s"),
        Figure("indexing", "share inside the embedder", timed.seconds / whole, "", ">= 0.8"),
        Figure("indexing", "around the embedder", whole - timed.seconds, "s"),
        Figure("indexing", "the same passages embedded again", timed.seconds_again, "s"),
        Figure("indexing", "passages a second", timed.passages / whole, ""),
    ]

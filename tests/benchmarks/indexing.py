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
    """An embedder that keeps what it was asked and how long it took."""

    def __init__(self, embedder: MiniLMEmbedding) -> None:
        self._embedder = embedder
        self.batches: list[list[str]] = []
        self.seconds = 0.0

    def embed(self, texts: list[str]) -> NDArray[np.float32]:
        started = time.perf_counter()
        vectors = self._embedder.embed(texts)
        self.seconds += time.perf_counter() - started
        self.batches.append(texts)
        return vectors


def measure(articles: Path, index: Path) -> list[Figure]:
    """Index a folder of articles into a fresh index; then embed the same passages alone.

    The model is loaded before the clock starts.
    """
    embedder = MiniLMEmbedding()
    embedder.embed(["load the model"])
    timed = _Timed(embedder)
    library = Library.create(index, embedder_info(Settings()))
    try:
        report = index_paths(library, timed.embed, [articles])
    finally:
        library.close()
    started = time.perf_counter()
    for texts in timed.batches:
        embedder.embed(texts)
    bare = time.perf_counter() - started
    passages = sum(map(len, timed.batches))
    return [
        Figure("indexing", "articles", len(report.added), ""),
        Figure("indexing", "passages", passages, ""),
        Figure("indexing", "whole run", report.seconds, "s"),
        Figure("indexing", "inside the embedder", timed.seconds, "s"),
        Figure(
            "indexing", "share inside the embedder", timed.seconds / report.seconds, "", ">= 0.8"
        ),
        Figure("indexing", "around the embedder", report.seconds - timed.seconds, "s"),
        Figure("indexing", "the embedder alone, same passages", bare, "s"),
        Figure("indexing", "passages a second", passages / report.seconds, ""),
    ]

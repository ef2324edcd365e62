"""What a way to run the embedder costs in retrieval: every passage of a set embedded with it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import PrivateAttr

from assistant.answering.dating.datewords import find_mentions
from assistant.evaluation.cases import EvalCase, load_cases
from assistant.indexing import index_paths
from assistant.library import Library
from assistant.library.engines.vectors import cosines, embed_text
from assistant.models import embedder_info
from assistant.models.minilm import MiniLMEmbedding
from assistant.retrieval import HybridRetriever
from assistant.settings import Settings
from assistant.types import Evidence, Filters
from tests.benchmarks.embedder_ways import Embed
from tests.benchmarks.splitting import FIGURES, figures_of

OWN = "as it is"
_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Cost:
    """What is found with one way of embedding: `figures` in the order of `splitting.FIGURES`."""

    data: str
    way: str
    search: str
    questions: int
    figures: list[float]
    seconds: float


def costs(
    data: Path, sets: Sequence[str], embedders: Mapping[str, Embed], indexes: Path | None = None
) -> list[Cost]:
    """Search by the embedder alone, and fused with the words, over the questions of each set.

    Before the reader orders what is found: it would even out what is to be seen. Each row is
    printed as it comes. `indexes` holds ready indexes by the names of the sets; without it they
    are made.
    """
    found: list[Cost] = []
    for name in sets:
        cases = load_cases(data / name / "questions.dev.jsonl")
        cases = [case for case in cases if case.answerable and case.evidence]
        with tempfile.TemporaryDirectory(prefix="dateline-embedder-") as scratch:
            library = _library(data / name / "articles", Path(scratch) / "index", name, indexes)
            ways: dict[str, Embed] = {OWN: MiniLMEmbedding().embed, **embedders}
            for way, embed in ways.items():
                found += _cost(library, name, cases, way, embed)
                print(*found[-2:], sep="\n", flush=True)
            library.close()
    return found


def _library(articles: Path, index: Path, name: str, indexes: Path | None) -> Library:
    if indexes is not None:
        shutil.copytree(indexes / name, index)
        return Library.open(index, embedder_info(Settings()))
    library = Library.create(index, embedder_info(Settings()))
    index_paths(library, MiniLMEmbedding().embed, [articles])
    return library


def _cost(
    library: Library, name: str, cases: Sequence[EvalCase], way: str, embed: Embed
) -> list[Cost]:
    settings, own = Settings(), library.vectors
    started = time.perf_counter()
    matrix = _Matrix(library, None if way == OWN else embed)
    seconds = time.perf_counter() - started
    library.vectors = matrix  # type: ignore[assignment]  # as much of it as is asked
    library._filtered = type(library._filtered)()  # it keeps vectors of before
    retriever = HybridRetriever(
        library,
        _Embedding(embed),
        settings,
        outlets=library.catalogue.sources(),
        find_dates=find_mentions,
        today=datetime(2026, 11, 25, tzinfo=UTC).date(),
    )

    def dense(question: str) -> list[Evidence]:
        hits = library.search_vectors(embed([question])[0].tolist(), 10, Filters())
        held = library.passages([i for i, _ in hits])
        return [
            Evidence(*held[i], rank=rank, score=score, score_kind="cosine")
            for rank, (i, score) in enumerate(hits, start=1)
        ]

    searches = {"the embedder alone": dense, "with the words": retriever.evidence}
    costs: list[Cost] = []
    for search, do in searches.items():
        rows = [figures_of(case, do(case.question)) for case in cases]
        figures = [mean(column) for column in zip(*rows, strict=True)]
        costs.append(Cost(name, way, search, len(cases), figures, seconds))
    library.vectors = own
    return costs


class _Matrix:
    """Vectors in memory, in the place of Chroma's: exact search."""

    def __init__(self, library: Library, embed: Embed | None) -> None:
        """Made with `embed`; None: those that the library has."""
        self._ids: list[str] = []
        rows: list[NDArray[np.float32]] = []
        for batch in library.catalogue.all_passages(_AT_ONCE):
            ids = [passage.id for passage, _ in batch]
            if embed is None:
                ids, found = library.vectors.rows(ids)
            else:
                found = embed([embed_text(passage) for passage, _ in batch])
            self._ids += ids
            rows.append(found)
        self._rows = np.concatenate(rows)
        self._places = {passage_id: i for i, passage_id in enumerate(self._ids)}

    def exists(self) -> bool:
        return True

    def search(
        self, vector: Sequence[float], k: int, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        ids, rows = (self._ids, self._rows) if only is None else self.rows(only)
        scores = cosines(rows, vector)
        best = np.argsort(-np.array(scores), kind="stable")[:k]
        return [(ids[i], scores[i]) for i in best]

    def rows(self, passage_ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        held = [i for i in passage_ids if i in self._places]
        return held, self._rows[[self._places[i] for i in held]]


class _Embedding(MiniLMEmbedding):
    """LlamaIndex's embedder, run another way."""

    _embed: Any = PrivateAttr()

    def __init__(self, embed: Embed) -> None:
        super().__init__()
        self._embed = embed

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = self._embed(list(texts))
        return vectors


def lines(found: Sequence[Cost]) -> str:
    """A Markdown table; each way's figures less those of the product's own beside them."""
    own = {(row.data, row.search): row.figures for row in found if row.way == OWN}
    head = [f"| set | search | way | {' | '.join(FIGURES)} |", "|---" * (3 + len(FIGURES)) + "|"]
    for row in (replace(r, figures=[100 * f for f in r.figures]) for r in found):
        base = [100 * f for f in own[row.data, row.search]]
        cells = [
            f"{f:.1f}" if row.way == OWN else f"{f:.1f} ({f - b:+.1f})"
            for f, b in zip(row.figures, base, strict=True)
        ]
        which = f"{row.data} ({row.questions})"
        head.append(f"| {which} | {row.search} | {row.way} | {' | '.join(cells)} |")
    return "\n".join(head)

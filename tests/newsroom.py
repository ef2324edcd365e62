"""Short invented articles, and what tests do with folders of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tantivy import Query

from assistant.library import Library, analyze
from assistant.types import Filters, IndexReport

DIMENSION = 384
Index = Callable[..., IndexReport]
"""Indexes some paths."""

DAM = "Engineers closed the sluices of the Tarn dam on Tuesday. The valley below was evacuated."
ROAD = "The northern brigade holds the road to Resafa. Lorries with flour passed the checkpoint."
MARKET = "Wheat prices fell in the capital for the third week. Traders blamed a late harvest."
SCHOOL = "Forty schools reopened in the eastern districts. Teachers had waited for their pay."
BRIDGE = "A barge struck the old bridge at dawn. Ferries carry passengers until it is mended."


def write_article(folder: Path, name: str, text: str, **fields: str) -> Path:
    """A Markdown article with front matter, in a file of that name."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    head = "".join(f"{key}: {value}\n" for key, value in fields.items())
    path.write_text(f"---\n{head}---\n{text}\n" if head else f"{text}\n", encoding="utf-8")
    return path


def write_lines(path: Path, *records: dict[str, str]) -> Path:
    """A JSONL file with one record a line."""
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def hash_embed(texts: list[str]) -> NDArray[np.float32]:
    """Vectors that depend on the text and mean nothing: (len(texts), 384), at no cost."""
    rows = [
        np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big"))
        .standard_normal(DIMENSION)
        .astype(np.float32)
        for text in texts
    ]
    return np.stack([row / np.linalg.norm(row) for row in rows])


def outcome(report: IndexReport) -> dict[str, list[str]]:
    """A report without what did not happen: sorted ids, and the names of what was refused."""
    found = {
        "added": sorted(report.added),
        "updated": sorted(report.updated),
        "unchanged": sorted(report.unchanged),
        "removed": sorted(report.removed),
        "quarantined": sorted(Path(each.path).name for each in report.quarantined),
    }
    return {name: ids for name, ids in found.items() if ids}


def stored(library: Library) -> dict[str, object]:
    """All that the three stores hold, in a form that can be compared."""
    terms = analyze(" ".join((DAM, ROAD, MARKET, SCHOOL, BRIDGE)))
    got = library.vectors.store.client.get(include=["embeddings", "metadatas", "documents"])
    vectors = {
        passage_id: (np.round(row, 5).tolist(), meta["header"], text)
        for passage_id, row, meta, text in zip(
            got["ids"], got["embeddings"], got["metadatas"], got["documents"], strict=True
        )
    }
    return {
        "articles": library.catalogue.articles(),
        "generation": library.catalogue.generation(),
        "passages": sorted(catalogue_ids(library)),
        "vectors": vectors,
        "words": (library.words.count(), library.words.search(terms, 10_000)),
        "doubtful": library.catalogue.doubtful(),
    }


def catalogue_ids(library: Library) -> list[str]:
    """The passages that the catalogue points at."""
    return library.catalogue.passage_ids(a.id for a in library.catalogue.articles())


def word_ids(library: Library) -> list[str]:
    """Every passage that the word index holds."""
    searcher = library.words._index.searcher()
    hits = searcher.search(Query.all_query(), max(searcher.num_docs, 1)).hits
    return [str(searcher.doc(address)["id"][0]) for _, address in hits]


def vector_ids(library: Library) -> list[str]:
    """Every passage that Chroma holds."""
    return list(library.vectors.store.client.get(include=[])["ids"])


def assert_in_step(library: Library) -> None:
    """Catalogue, vectors and words hold the same passages, each once, and they slice back."""
    ids = sorted(catalogue_ids(library))
    assert len(set(ids)) == len(ids)
    assert sorted(vector_ids(library)) == ids
    assert sorted(word_ids(library)) == ids
    assert (library.catalogue.doubtful(), library.catalogue.stale()) == ([], [])
    assert library.pending() == 0
    for passage_id, (passage, article) in library.passages(ids).items():
        assert passage.id == passage_id
        assert article.text[passage.start : passage.end] == passage.text
        assert article.revision == passage.revision


def texts_found(library: Library, word: str) -> list[str]:
    """The texts of the passages that a search for a word finds."""
    ids = [i for i, _ in library.search_words(analyze(word), 50, Filters())]
    loaded = library.passages(ids)
    return [loaded[i][0].text for i in ids]

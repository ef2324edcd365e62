"""No system, but the least that a search by meaning takes: the question embedded, one Chroma query.

It asks the vectors of Dateline's own index, with the passages that Dateline has. The embedder is
the endpoint's, or with `DATELINE_EMBEDDER=minilm` the built-in one in this process.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from protocol import TOP, Shown, serve

sys.path.insert(0, str(Path.cwd()))

from chromadb import Collection, PersistentClient
from chromadb.config import Settings as ChromaSettings

from assistant.models import load_embedder
from assistant.settings import Settings


class ChromaPlain:
    """Reads a store that Dateline made."""

    def __init__(self, store: Path, url: str) -> None:
        self._store = store / "index"
        os.environ["OPENAI_BASE_URL"] = url
        self._embedder = load_embedder(Settings())
        self._passages: Collection | None = None

    def index(self, articles: Path) -> int:
        raise NotImplementedError("it reads what Dateline indexed")

    def open(self) -> None:
        (folder,) = [one for one in self._store.glob("vectors*") if one.is_dir()]
        client = PersistentClient(str(folder), ChromaSettings(anonymized_telemetry=False))
        (self._passages,) = [one for one in client.list_collections() if one.count()]

    def retrieve(self, question: str) -> list[dict[str, str]]:
        assert self._passages is not None
        vector = self._embedder.get_query_embedding(question)
        found = self._passages.query([vector], n_results=TOP, include=["distances"])
        return [{"article_id": name, "text": ""} for name in found["ids"][0]]

    def answer(self, question: str, model: str) -> Shown:
        raise NotImplementedError("it does not answer")


if __name__ == "__main__":
    serve(ChromaPlain, ["chromadb"])

"""txtai: a hybrid `Embeddings` database with content, and its `LLM` over what was found.

As its documentation puts them together. Text is split by the chunker that its `Segmentation` takes
(chonkie's, at sentences), and title, source and date are searched with each piece. Its prompt is
the one that the other peers without a prompt of their own have: its own `RAG` names one reference
for a whole answer, so that nothing could be counted sentence by sentence.
"""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import numpy as np
from protocol import QUESTION_FIRST, TOP, Shown, header, numbered, read_articles, serve
from txtai import LLM, Embeddings
from txtai.pipeline import Segmentation

WORDS = 190


class Txtai:
    """An index of txtai's in its own files."""

    def __init__(self, store: Path, url: str) -> None:
        self._store, self._url = store / "index", url
        self._client = httpx.Client(timeout=600)
        self._index: Embeddings | None = None
        self._models: dict[str, LLM] = {}

    def _vectors(self, texts: list[str]) -> np.ndarray:
        sent = {"model": "minilm", "input": list(texts)}
        rows = self._client.post(f"{self._url}/embeddings", json=sent).json()["data"]
        return np.array([row["embedding"] for row in rows], dtype=np.float32)

    def _embedder(self):  # noqa: ANN202  # a type of the peer's
        """txtai takes a function, not a method."""
        return lambda texts: self._vectors(texts)

    def index(self, articles: Path) -> int:
        split = Segmentation(
            chunker="sentence", tokenizer="word", chunk_size=WORDS, chunk_overlap=0, cleantext=False
        )
        rows = []
        for article in read_articles(articles):
            for number, piece in enumerate(split(article["text"])):
                text = f"{header(article)}\n{piece}"
                row = {"text": text, "article": article["id"], "piece": piece}
                rows.append((f"{article['id']}#{number}", row))
        index = Embeddings(method="external", transform=self._embedder(), hybrid=True, content=True)
        index.index(rows)
        index.config.pop("transform")  # a function cannot be stored
        index.save(str(self._store))
        return len(rows)

    def open(self) -> None:
        self._index = Embeddings()
        self._index.load(str(self._store), config={"transform": self._embedder()})

    def retrieve(self, question: str) -> list[dict[str, str]]:
        assert self._index is not None
        found = self._index.search(
            "select article, piece, score from txtai where similar(:question)",
            TOP,
            parameters={"question": question},
        )
        return [{"article_id": row["article"], "text": row["piece"]} for row in found]

    def answer(self, question: str, model: str) -> Shown:
        shown = Shown()
        found = self.retrieve(question)
        shown.retrieved_at = time.monotonic()
        sources = numbered([passage["text"] for passage in found])
        prompt = QUESTION_FIRST.format(sources=sources, question=question)
        for piece in self._llm(model)(prompt, maxlength=1024, defaultrole="user", stream=True):
            shown.add(piece)
        shown.marks = {f"[{i}]": passage for i, passage in enumerate(found, 1)}
        return shown

    def _llm(self, model: str) -> LLM:
        if model not in self._models:
            self._models[model] = LLM(
                f"openai/{model}", method="litellm", api_base=self._url, api_key="none"
            )
        return self._models[model]


if __name__ == "__main__":
    serve(Txtai, ["txtai", "litellm", "chonkie"])

"""A system for the tests, on the standard library: passages that share most words with a question.

`PEERS_WORST=1` turns its ranking round, so that two of these differ.
"""

from __future__ import annotations

import json
import os
import re
import time
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from protocol import QUESTION_FIRST, TOP, Shown, numbered, read_articles, serve


class Overlap:
    """Paragraphs in a JSON file."""

    def __init__(self, store: Path, url: str) -> None:
        self._file, self._url = store / "passages.json", url
        self._passages: list[dict[str, str]] = []

    def index(self, articles: Path) -> int:
        passages = [
            {"article_id": article["id"], "text": paragraph}
            for article in read_articles(articles)
            for paragraph in article["text"].split("\n\n")
        ]
        texts = [passage["text"] for passage in passages]
        reply = json.load(self._post("embeddings", {"model": "minilm", "input": texts}))
        assert len(reply["data"]) == len(texts)
        self._file.write_text(json.dumps(passages), encoding="utf-8")
        return len(passages)

    def open(self) -> None:
        self._passages = json.loads(self._file.read_text(encoding="utf-8"))

    def retrieve(self, question: str) -> list[dict[str, str]]:
        wanted = _words(question)
        best_first = os.environ.get("PEERS_WORST") != "1"
        ranked = sorted(
            self._passages, key=lambda p: len(wanted & _words(p["text"])), reverse=best_first
        )
        return ranked[:TOP] if best_first else ranked[:1]

    def answer(self, question: str, model: str) -> Shown:
        shown, found = Shown(), self.retrieve(question)
        shown.retrieved_at = time.monotonic()
        shown.marks = {f"[{i}]": passage for i, passage in enumerate(found, 1)}
        sources = numbered([passage["text"] for passage in found])
        prompt = QUESTION_FIRST.format(sources=sources, question=question)
        asked = {"model": model, "stream": True, "messages": [{"role": "user", "content": prompt}]}
        for line in self._post("chat/completions", asked):
            said = line.decode().strip().removeprefix("data: ")
            if said and said != "[DONE]":
                shown.add(json.loads(said)["choices"][0]["delta"].get("content", ""))
        return shown

    def _post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json"}
        return urlopen(Request(f"{self._url}/{path}", json.dumps(body).encode(), headers))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w{3,}", text.lower()))


if __name__ == "__main__":
    serve(Overlap, [])

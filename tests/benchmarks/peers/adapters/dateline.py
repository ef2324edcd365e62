"""Dateline, through its public `Assistant`; run from the root of the checkout.

With the endpoint's embedder and the `openai` writer, as the peers have them. The model `none` is
the `quote` writer, which asks no model.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from protocol import Shown, serve

sys.path.insert(0, str(Path.cwd()))

from assistant import Assistant
from assistant.settings import Settings


class Dateline:
    """`DATELINE_EMBEDDER` decides on the embedder: `openai` is the endpoint's."""

    def __init__(self, store: Path, url: str) -> None:
        self._store = store / "index"
        self._url = url
        self._open: dict[str, Assistant] = {}

    def _assistant(self, model: str) -> Assistant:
        """One assistant a model, since the model is a setting."""
        if model not in self._open:
            os.environ["DATELINE_OPENAI_MODEL"] = model
            os.environ["OPENAI_BASE_URL"] = self._url
            self._open[model] = Assistant.open(self._store, Settings(), create=True)
            self._open[model].warm_up()
        return self._open[model]

    def index(self, articles: Path) -> int:
        assistant = self._assistant("none")
        assistant.index([articles])
        return assistant.manifest().passages

    def open(self) -> None:
        self._assistant("none")

    def retrieve(self, question: str) -> list[dict[str, str]]:
        return [
            {"article_id": found.article.id, "text": found.passage.text}
            for found in self._assistant("none").search(question)
        ]

    def answer(self, question: str, model: str) -> Shown:
        shown = Shown(pattern=r"\[\d+\]")
        writer = "quote" if model == "none" else "openai"
        started = time.monotonic()
        for part in self._assistant(model).stream(question, writer=writer):
            if hasattr(part, "statement"):
                marks = "".join(f" [{marker}]" for marker in part.statement.markers)
                shown.add(f"{part.statement.body}{marks}\n")
                continue
            before = part.timings.rewrite + part.timings.retrieve
            shown.retrieved_at = started + before / 1000
            shown.abstained = part.abstained
            if part.abstained:
                shown.add(part.text)
            for cited in part.citations:
                held = {"article_id": cited.article_id, "text": cited.quote}
                shown.marks[f"[{cited.marker}]"] = held
        return shown


if __name__ == "__main__":
    serve(Dateline, ["chromadb", "llama-index-core", "onnxruntime", "tantivy"])

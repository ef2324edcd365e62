"""paper-qa: its `Docs`, asked without the agent, which would need a model that calls tools.

Its defaults but for: pieces of 1,200 characters (its 5,000 are four times what the embedder
reads), ten sources for an answer as the others have (its default is 5), and citations that are
given rather than asked of a model. Parentheses stay in what is summed up, which it would take for
citations. Each passage found is summed up by the model before the answer,
as is its way; the scripted models sum a passage up as itself.
"""

from __future__ import annotations

import asyncio
import pickle
import tempfile
import time
from pathlib import Path
from typing import Any

from paperqa import Docs, Settings, Text
from protocol import TOP, Shown, header, read_articles, serve

CHARACTERS, OVERLAP = 1200, 50


class TimedDocs(Docs):
    """`Docs` that knows when it had found its passages."""

    retrieved_at: float = 0.0

    async def retrieve_texts(self, *args: Any, **kwargs: Any) -> list[Any]:
        found = await super().retrieve_texts(*args, **kwargs)
        self.retrieved_at = time.monotonic()
        return found


class PaperQa:
    """The `Docs` of one pickle, as its documentation keeps them."""

    def __init__(self, store: Path, url: str) -> None:
        self._file, self._url = store / "docs.pickle", url
        self._docs = TimedDocs()
        self._runner = asyncio.Runner()

    def _settings(self, model: str) -> Settings:
        endpoint = {"api_base": self._url, "api_key": "none"}
        name = f"openai/{model}"
        listed = [{"model_name": name, "litellm_params": {"model": name, **endpoint}}]
        return Settings(
            llm=name,
            llm_config={"model_list": listed},
            summary_llm=name,
            summary_llm_config={"model_list": listed},
            embedding="openai/minilm",
            embedding_config={"kwargs": endpoint},
            answer={
                "evidence_k": TOP,
                "answer_max_sources": TOP,
                "skip_evidence_citation_strip": True,
            },
            parsing={
                "reader_config": {"chunk_chars": CHARACTERS, "overlap": OVERLAP},
                "use_doc_details": False,
                "multimodal": False,
            },
        )

    def index(self, articles: Path) -> int:
        self._runner.run(self._add(articles))
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_bytes(pickle.dumps(self._docs))
        return len(self._docs.texts)

    async def _add(self, articles: Path) -> None:
        settings = self._settings("honest")
        embedder = settings.get_embedding_model()
        with tempfile.TemporaryDirectory() as folder:
            for article in read_articles(articles):
                file = Path(folder) / "article.txt"
                file.write_text(f"{header(article)}\n\n{article['text']}", encoding="utf-8")
                await self._docs.aadd(
                    file,
                    citation=header(article) or article["id"],
                    docname=article["id"],
                    dockey=article["id"],
                    settings=settings,
                    embedding_model=embedder,
                )

    def open(self) -> None:
        self._docs = pickle.loads(self._file.read_bytes())

    def retrieve(self, question: str) -> list[dict[str, str]]:
        found = self._runner.run(
            self._docs.retrieve_texts(question, TOP, settings=self._settings("honest"))
        )
        return [_held(text) for text in found]

    def answer(self, question: str, model: str) -> Shown:
        return self._runner.run(self._answer(question, model))

    async def _answer(self, question: str, model: str) -> Shown:
        shown, settings = Shown(pattern=r"\(\S+ chunk \d+\)"), self._settings(model)
        session = await self._docs.aget_evidence(question, settings=settings)
        session = await self._docs.aquery(session, settings=settings, callbacks=[shown.add])
        shown.retrieved_at = self._docs.retrieved_at
        shown.text = session.answer
        for context in session.contexts:
            shown.marks[f"({context.text.name})"] = _held(context.text)
        return shown


def _held(text: Text) -> dict[str, str]:
    """A piece without the header that stands before each article's first."""
    words = text.text.removeprefix(f"{text.doc.citation}\n\n")
    return {"article_id": text.doc.docname, "text": words}


if __name__ == "__main__":
    serve(PaperQa, ["paper-qa", "litellm"])

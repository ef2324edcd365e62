"""Haystack: its hybrid search (BM25 and vectors, fused by rank), prompt, model and `AnswerBuilder`.

As its documentation puts them together, with the splitter that ends its pieces at sentences (its
data, NLTK's, is found under NLTK_DATA, since it cannot be fetched) and a prompt that asks for the
citations that `AnswerBuilder` reads.
"""

from __future__ import annotations

import time
from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.builders import AnswerBuilder, ChatPromptBuilder
from haystack.components.embedders import OpenAIDocumentEmbedder, OpenAITextEmbedder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import DocumentSplitter
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.dataclasses import ChatMessage, StreamingChunk
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import Secret
from protocol import QUESTION_FIRST, TOP, Shown, header, numbered, read_articles, serve

WORDS = 200
DEEP = 30
KEY = Secret.from_token("none")
TEMPLATE = QUESTION_FIRST.format(sources="{{ sources }}", question="{{ question }}")


class Haystack:
    """An `InMemoryDocumentStore`, saved to its file and loaded from it."""

    def __init__(self, store: Path, url: str) -> None:
        self._file, self._url = store / "documents.json", url
        self._search = Pipeline()
        self._writers: dict[str, Pipeline] = {}

    def index(self, articles: Path) -> int:
        documents = [
            Document(
                content=article["text"],
                meta={"article": article["id"], "header": header(article)},
            )
            for article in read_articles(articles)
        ]
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        splitter = DocumentSplitter(
            split_by="word", split_length=WORDS, split_overlap=20, respect_sentence_boundary=True
        )
        embedder = OpenAIDocumentEmbedder(
            api_key=KEY,
            api_base_url=self._url,
            model="minilm",
            meta_fields_to_embed=["header"],
            progress_bar=False,
            raise_on_failure=True,
        )
        pieces = splitter.run(documents)["documents"]
        embedded = embedder.run(pieces)["documents"]
        store.write_documents(embedded)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        store.save_to_disk(str(self._file))
        return len(pieces)

    def open(self) -> None:
        store = InMemoryDocumentStore.load_from_disk(str(self._file))
        embedder = OpenAITextEmbedder(api_key=KEY, api_base_url=self._url, model="minilm")
        search = Pipeline()
        search.add_component("embedder", embedder)
        search.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=DEEP))
        search.add_component("words", InMemoryBM25Retriever(store, top_k=DEEP))
        search.add_component("joiner", DocumentJoiner("reciprocal_rank_fusion", top_k=TOP))
        search.connect("embedder.embedding", "vectors.query_embedding")
        search.connect("vectors", "joiner")
        search.connect("words", "joiner")
        self._search = search

    def _found(self, question: str) -> list[Document]:
        asked = {"embedder": {"text": question}, "words": {"query": question}}
        found: list[Document] = self._search.run(asked)["joiner"]["documents"]
        return found

    def retrieve(self, question: str) -> list[dict[str, str]]:
        return [_held(document) for document in self._found(question)]

    def answer(self, question: str, model: str) -> Shown:
        shown = Shown()
        documents = self._found(question)
        shown.retrieved_at = time.monotonic()

        def show(chunk: StreamingChunk) -> None:
            shown.add(chunk.content)

        sources = numbered([document.content or "" for document in documents])
        result = self._writer(model).run(
            {
                "prompt": {"sources": sources, "question": question},
                "model": {"streaming_callback": show},
                "answer": {"query": question, "documents": documents},
            }
        )
        answer = result["answer"]["answers"][0]
        shown.text = answer.data
        for document in answer.documents:
            shown.marks[f"[{document.meta['source_index']}]"] = _held(document)
        return shown

    def _writer(self, model: str) -> Pipeline:
        if model not in self._writers:
            writer = Pipeline()
            messages = [ChatMessage.from_user(TEMPLATE)]
            writer.add_component("prompt", ChatPromptBuilder(messages, required_variables="*"))
            generator = OpenAIChatGenerator(api_key=KEY, api_base_url=self._url, model=model)
            writer.add_component("model", generator)
            writer.add_component("answer", AnswerBuilder(reference_pattern=r"\[(\d+)\]"))
            writer.connect("prompt.prompt", "model.messages")
            writer.connect("model.replies", "answer.replies")
            self._writers[model] = writer
        return self._writers[model]


def _held(document: Document) -> dict[str, str]:
    return {"article_id": document.meta["article"], "text": document.content or ""}


if __name__ == "__main__":
    serve(Haystack, ["haystack-ai"])

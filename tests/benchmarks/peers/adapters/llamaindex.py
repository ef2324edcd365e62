"""LlamaIndex: `VectorStoreIndex`, and `QueryFusionRetriever` with BM25 under `CitationQueryEngine`.

As its documentation puts them together, but for: chunks of 256 tokens (its default of 1,024 is
more than the embedder reads), no queries written by a model (`num_queries=1`), and 30 passages of
each of the two searches into the fusion. `PEERS_SEARCH=vector` leaves BM25 and fusion out.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from llama_index.core import (
    Document,
    StorageContext,
    VectorStoreIndex,
    get_response_synthesizer,
    load_index_from_storage,
)
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.query_engine import CitationQueryEngine
from llama_index.core.query_engine.citation_query_engine import (
    CITATION_QA_TEMPLATE,
    CITATION_REFINE_TEMPLATE,
)
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.embeddings.openai_like import OpenAILikeEmbedding
from llama_index.llms.openai_like import OpenAILike
from llama_index.retrievers.bm25 import BM25Retriever
from protocol import TOP, Shown, read_articles, serve

CHUNK_TOKENS = 256
DEEP = 30


class LlamaIndex:
    """Vectors and texts in LlamaIndex's own files, BM25 in its retriever's."""

    def __init__(self, store: Path, url: str) -> None:
        self._store, self._url = store, url
        self._embedder = OpenAILikeEmbedding(
            model_name="minilm", api_base=url, api_key="none", embed_batch_size=100
        )
        self._retriever: BaseRetriever | None = None
        self._engines: dict[str, CitationQueryEngine] = {}

    def index(self, articles: Path) -> int:
        documents = [
            Document(
                doc_id=article["id"],
                text=article["text"],
                metadata={key: article[key] for key in ("title", "source", "published")},
            )
            for article in read_articles(articles)
        ]
        splitter = SentenceSplitter(chunk_size=CHUNK_TOKENS, chunk_overlap=20)
        nodes = splitter.get_nodes_from_documents(documents)
        index = VectorStoreIndex(nodes, embed_model=self._embedder)
        index.storage_context.persist(str(self._store / "vectors"))
        BM25Retriever.from_defaults(nodes=nodes).persist(str(self._store / "bm25"))
        return len(nodes)

    def open(self) -> None:
        stored = StorageContext.from_defaults(persist_dir=str(self._store / "vectors"))
        index = load_index_from_storage(stored, embed_model=self._embedder)
        if os.environ.get("PEERS_SEARCH") == "vector":
            self._retriever = index.as_retriever(similarity_top_k=TOP)
            return
        words = BM25Retriever.from_persist_dir(str(self._store / "bm25"))
        words.similarity_top_k = min(DEEP, len(words.corpus))
        self._retriever = QueryFusionRetriever(
            [index.as_retriever(similarity_top_k=DEEP), words],
            llm=self._llm("honest"),
            mode="reciprocal_rerank",
            similarity_top_k=TOP,
            num_queries=1,
            use_async=False,
        )

    def retrieve(self, question: str) -> list[dict[str, str]]:
        assert self._retriever is not None
        return [
            {"article_id": found.node.ref_doc_id or "", "text": found.node.get_content()}
            for found in self._retriever.retrieve(question)
        ]

    def answer(self, question: str, model: str) -> Shown:
        engine, shown = self._engine(model), Shown()
        nodes = engine.retrieve(_bundle(question))
        shown.retrieved_at = time.monotonic()
        response = engine.synthesize(_bundle(question), nodes)
        for piece in response.response_gen:
            shown.add(piece)
        for number, source in enumerate(response.source_nodes, 1):
            text = source.node.get_content().removeprefix(f"Source {number}:\n")
            held = {"article_id": source.node.ref_doc_id or "", "text": text}
            shown.marks[f"[{number}]"] = held
        return shown

    def _llm(self, model: str) -> OpenAILike:
        return OpenAILike(
            model=model,
            api_base=self._url,
            api_key="none",
            is_chat_model=True,
            context_window=32_000,
        )

    def _engine(self, model: str) -> CitationQueryEngine:
        if model not in self._engines:
            assert self._retriever is not None
            synthesizer = get_response_synthesizer(
                llm=self._llm(model),
                text_qa_template=CITATION_QA_TEMPLATE,
                refine_template=CITATION_REFINE_TEMPLATE,
                streaming=True,
            )
            self._engines[model] = CitationQueryEngine(
                self._retriever, llm=self._llm(model), response_synthesizer=synthesizer
            )
        return self._engines[model]


def _bundle(question: str):  # noqa: ANN202  # a type of the peer's
    from llama_index.core.schema import QueryBundle

    return QueryBundle(question)


if __name__ == "__main__":
    serve(LlamaIndex, ["llama-index-core", "llama-index-retrievers-bm25"])

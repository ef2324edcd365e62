"""The vectors of passages: a Chroma collection behind LlamaIndex's `ChromaVectorStore`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from assistant.errors import IndexDamagedError
from assistant.types import Article, Passage

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore
    from numpy.typing import NDArray

COLLECTION = "passages"
_BATCH = 1000  # Chroma takes about 5,400 at once


def embed_text(passage: Passage) -> str:
    """The text that is embedded and searched for a passage: its header, then its words."""
    return f"{passage.header}\n\n{passage.text}" if passage.header else passage.text


def to_node(passage: Passage, article: Article, vector: NDArray[np.float32] | None) -> TextNode:
    """A passage as LlamaIndex holds it: the header is metadata, embedded but never quoted."""
    from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

    hidden = ["article_id", "revision", "start", "end", "source", "published"]
    return TextNode(
        id_=passage.id,
        text=passage.text,
        embedding=vector.tolist() if vector is not None else None,
        metadata={
            "header": passage.header,
            "article_id": passage.article_id,
            "revision": passage.revision,
            "start": passage.start,
            "end": passage.end,
            "source": article.source,
            "published": article.published.isoformat() if article.published else "",
        },
        excluded_embed_metadata_keys=hidden,
        excluded_llm_metadata_keys=hidden,
        metadata_template="{value}",
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.article_id)},
    )


class Vectors:
    """Adds, deletes and searches vectors by passage id. One client a folder and process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._store: ChromaVectorStore | None = None
        self._client: ClientAPI | None = None

    @property
    def store(self) -> ChromaVectorStore:
        """The collection as LlamaIndex's vector store, opened on first use.

        Raises:
            IndexDamagedError: Chroma cannot open the folder.
        """
        if self._store is None:
            import chromadb
            from chromadb.config import Settings
            from chromadb.errors import ChromaError
            from llama_index.vector_stores.chroma import ChromaVectorStore

            try:
                self._client = chromadb.PersistentClient(
                    path=str(self._folder), settings=Settings(anonymized_telemetry=False)
                )
                collection = self._client.get_or_create_collection(
                    COLLECTION,
                    embedding_function=None,
                    configuration={"hnsw": {"space": "cosine", "ef_search": 200}},
                )
            except (ChromaError, OSError, ValueError) as error:
                raise IndexDamagedError(
                    f"the vectors in {self._folder} cannot be opened ({error}); delete the index "
                    "folder and run `assistant index` again"
                ) from error
            self._store = ChromaVectorStore(chroma_collection=collection)
        return self._store

    def put(
        self, passages: Sequence[tuple[Passage, Article]], vectors: NDArray[np.float32]
    ) -> None:
        """Add passages, replacing those of the same id. `vectors`: (len(passages), dimension)."""
        for first in range(0, len(passages), _BATCH):
            batch = passages[first : first + _BATCH]
            nodes = [
                to_node(passage, article, vectors[first + i])
                for i, (passage, article) in enumerate(batch)
            ]
            # Chroma's add skips ids that it holds already: take those out first.
            self.delete([node.node_id for node in nodes])
            self.store.add(list(nodes))

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Forget passages; unknown ids are fine."""
        for first in range(0, len(passage_ids), _BATCH):
            ids = list(passage_ids[first : first + _BATCH])
            self.store.delete_nodes(ids)

    def search(self, vector: Sequence[float], k: int) -> list[tuple[str, float]]:
        """The `k` nearest passages: (id, cosine in -1..1), best first."""
        from llama_index.core.vector_stores.types import VectorStoreQuery

        result = self.store.query(
            VectorStoreQuery(query_embedding=list(vector), similarity_top_k=k)
        )
        # ChromaVectorStore scores are exp(-distance), and the distance is 1 - cosine.
        return [
            (passage_id, 1.0 + math.log(max(score, 1e-12)))
            for passage_id, score in zip(result.ids or [], result.similarities or [], strict=True)
        ]

    def exact(self, vector: Sequence[float], passage_ids: Sequence[str]) -> list[tuple[str, float]]:
        """Score just these passages: (id, cosine), best first. Unknown ids are left out."""
        scored: list[tuple[str, float]] = []
        query = np.asarray(vector, dtype=np.float32)
        for first in range(0, len(passage_ids), _BATCH):
            got = self.store.client.get(
                ids=list(passage_ids[first : first + _BATCH]), include=["embeddings"]
            )
            scored += zip(got["ids"], (np.asarray(got["embeddings"]) @ query).tolist(), strict=True)
        return sorted(scored, key=lambda pair: -pair[1])

    def count(self) -> int:
        """Vectors held, those that are about to be cleared included."""
        return int(self.store.client.count())

    def reopen(self) -> None:
        """See what another process wrote: an open client never does."""
        from chromadb.api.shared_system_client import SharedSystemClient

        if self._client is not None:
            self.close()
            SharedSystemClient.clear_system_cache()

    def close(self) -> None:
        """Let go of the client."""
        self._store = None
        if self._client is not None:
            self._client.close()
            self._client = None

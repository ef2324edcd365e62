"""The vectors of passages: a Chroma collection behind LlamaIndex's `ChromaVectorStore`.

The collection is in files of a folder (`vectors_folder`) or on a server (`vectors_server`). Here is
what both share.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

import numpy as np

from assistant.types import Article, Passage

if TYPE_CHECKING:
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore
    from numpy.typing import NDArray

HNSW: dict[str, Any] = {"space": "cosine", "ef_search": 200}
T = TypeVar("T")


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


class Vectors(ABC):
    """Adds, deletes and searches vectors by passage id. Safe to use from several threads.

    Every method but `sure` raises `IndexDamagedError` where what is stored cannot be read or
    written, and `EngineError` where a server cannot be used.
    """

    can_tear: ClassVar[bool]
    """Whether a process that dies while it writes leaves what cannot be trusted."""
    batch: ClassVar[int] = 1000
    """Passages to a request; Chroma takes about 5,400 at once."""

    @property
    @abstractmethod
    def store(self) -> ChromaVectorStore:
        """The collection as LlamaIndex's vector store, made where there is none.

        It is good until `reopen` or `close`, and not guarded: search through the other methods.
        """

    @abstractmethod
    def exists(self) -> bool:
        """Whether there is a collection."""

    @abstractmethod
    def sure(self) -> bool:
        """Whether there is nothing to be asked about `lacks`, at no cost."""

    @abstractmethod
    def lacks(self, due: int) -> bool:
        """Whether fewer than `due` vectors are held, as far as can be told without reading them."""

    @abstractmethod
    def clear(self) -> None:
        """Delete the collection, without opening it: it may be damaged."""

    @abstractmethod
    def reopen(self) -> None:
        """See what another process wrote."""

    @abstractmethod
    def close(self) -> None:
        """Let go of what is open."""

    @abstractmethod
    def _read(self, ask: Callable[[ChromaVectorStore], T]) -> T:
        """Ask the store; what is gone is not made by reading."""

    @abstractmethod
    def _writing(self) -> AbstractContextManager[ChromaVectorStore]:
        """The store for one batch, made where there is none."""

    def put(
        self, passages: Sequence[tuple[Passage, Article]], vectors: NDArray[np.float32]
    ) -> None:
        """Add passages, replacing those of the same id. `vectors`: (len(passages), dimension)."""
        for first in range(0, len(passages), self.batch):
            nodes = [
                to_node(passage, article, vectors[first + i])
                for i, (passage, article) in enumerate(passages[first : first + self.batch])
            ]
            with self._writing() as store:
                # Chroma's add skips ids that it holds already: take those out first.
                held = store.client.get(ids=[node.node_id for node in nodes], include=[])["ids"]
                if held:
                    store.delete_nodes(held)
                store.add(list(nodes))

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Forget passages; unknown ids are fine."""
        for batch in self._batches(passage_ids):
            with self._writing() as store:
                store.delete_nodes(batch)

    def search(
        self, vector: Sequence[float], k: int, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` nearest passages, of `only` some or of all: (id, cosine in -1..1), best first."""
        # Not through LlamaIndex: it loads the text and metadata of every hit, and builds its node.
        query: dict[str, Any] = {"query_embeddings": [list(vector)], "n_results": k}
        query |= {"include": ["distances"]} | ({"ids": list(only)} if only is not None else {})
        got = self._read(lambda store: store.client.query(**query))
        return [(i, 1.0 - far) for i, far in zip(got["ids"][0], got["distances"][0], strict=True)]

    def rows(self, passage_ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The vectors of passages: ids, and (len(ids), dimension). Unknown ids are left out."""
        ids: list[str] = []
        rows: list[NDArray[np.float32]] = []
        for batch in self._batches(passage_ids):
            got = self._get(batch, ["embeddings"])
            if got["ids"]:
                ids += got["ids"]
                rows.append(np.asarray(got["embeddings"], dtype=np.float32))
        return ids, np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32)

    def held(self, passage_ids: Sequence[str]) -> set[str]:
        """Those of the passages that have a vector here."""
        return {i for batch in self._batches(passage_ids) for i in self._get(batch, [])["ids"]}

    def headers(self) -> dict[str, str]:
        """The header of each passage that has a vector here, by passage id."""
        got = self._read(lambda store: store.client.get(include=["metadatas"]))
        return {i: meta["header"] for i, meta in zip(got["ids"], got["metadatas"], strict=True)}

    def count(self) -> int:
        """Vectors held, those that are about to be cleared included."""
        if not self.exists():
            return 0
        return self._read(lambda store: int(store.client.count()))

    def _batches(self, passage_ids: Sequence[str]) -> Iterator[list[str]]:
        for first in range(0, len(passage_ids), self.batch):
            yield list(passage_ids[first : first + self.batch])

    def _get(self, ids: list[str], include: list[str]) -> Any:  # noqa: ANN401  # Chroma's own
        return self._read(lambda store: store.client.get(ids=ids, include=include))


def cosines(rows: NDArray[np.float32], vector: Sequence[float]) -> list[float]:
    """The cosine of each row of a (n, dimension) matrix with a vector."""
    query = np.asarray(vector, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1) * np.linalg.norm(query)
    scores: list[float] = (rows @ query / np.maximum(norms, 1e-12)).tolist()
    return scores

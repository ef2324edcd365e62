"""The vectors of passages: a Chroma collection behind LlamaIndex's `ChromaVectorStore`.

Chroma's files are not made for two processes: one that loads them while another writes can crash,
and can leave them damaged for good (both seen with chromadb 1.5.9). So a lock file is held while
they are loaded or written. What is loaded lies in memory, and is searched without it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from filelock import FileLock

from assistant.errors import IndexDamagedError
from assistant.library.damage import unreadable, unwritable
from assistant.types import Article, Passage

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from llama_index.core.schema import TextNode
    from llama_index.vector_stores.chroma import ChromaVectorStore
    from numpy.typing import NDArray

COLLECTION = "passages"
_FILE = "chroma.sqlite3"
HNSW: dict[str, Any] = {"space": "cosine", "ef_search": 200}
T = TypeVar("T")
Told = Callable[[Path, Exception], IndexDamagedError]
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
    """Adds, deletes and searches vectors by passage id. Safe to use from several threads.

    Take it from `shared`: clients of one folder in one process share what Chroma has loaded.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._users = 0
        self._store: ChromaVectorStore | None = None
        self._client: Client | None = None
        self._opened_file: int | None = None
        self._threads = threading.RLock()
        # One for every build of an index: the next one may be written while this one is loaded.
        self._files = FileLock(folder.with_name("vectors.lock"), thread_local=False)

    @classmethod
    def shared(cls, folder: Path) -> Vectors:
        """The one of this folder in this process; each user closes it."""
        with _registry_lock:
            vectors = _registry.setdefault(folder, cls(folder))
            vectors._users += 1
        return vectors

    @property
    def store(self) -> ChromaVectorStore:
        """The collection as LlamaIndex's vector store, opened on first use.

        It is good until `reopen` or `close`, and not guarded: search through the other methods.

        Raises:
            IndexDamagedError: Chroma cannot open the folder.
        """
        with self._threads:
            return self._opened(create=True)

    def _opened(self, *, create: bool, told: Told = unreadable) -> ChromaVectorStore:
        if self._store is not None and self._opened_file != self._identity():
            self._drop_client()  # its file was made anew
        if self._store is None:
            with self._locked_files():
                if not create and not self.exists():
                    raise unreadable(self._folder, FileNotFoundError("it is gone"))
                self._store = self._open(told)
        return self._store

    def exists(self) -> bool:
        """Whether there is anything on disk."""
        return (self._folder / _FILE).is_file()

    def put(
        self, passages: Sequence[tuple[Passage, Article]], vectors: NDArray[np.float32]
    ) -> None:
        """Add passages, replacing those of the same id. `vectors`: (len(passages), dimension)."""
        for first in range(0, len(passages), _BATCH):
            nodes = [
                to_node(passage, article, vectors[first + i])
                for i, (passage, article) in enumerate(passages[first : first + _BATCH])
            ]
            with self._writing() as store:
                # Chroma's add skips ids that it holds already: take those out first.
                held = store.client.get(ids=[node.node_id for node in nodes], include=[])["ids"]
                if held:
                    store.delete_nodes(held)
                store.add(list(nodes))

    def delete(self, passage_ids: Sequence[str]) -> None:
        """Forget passages; unknown ids are fine."""
        for first in range(0, len(passage_ids), _BATCH):
            with self._writing() as store:
                store.delete_nodes(list(passage_ids[first : first + _BATCH]))

    def clear(self) -> None:
        """Delete the files, without opening them: they may be damaged."""
        with self._threads:
            self._drop_client()
            with self._locked_files():
                shutil.rmtree(self._folder, ignore_errors=True)

    def search(
        self, vector: Sequence[float], k: int, only: Sequence[str] | None = None
    ) -> list[tuple[str, float]]:
        """The `k` nearest passages, of `only` some or of all: (id, cosine in -1..1), best first.

        Raises:
            IndexDamagedError: Chroma cannot read its files.
        """
        # Not through LlamaIndex: it loads the text and metadata of every hit, and builds its node.
        query: dict[str, Any] = {"query_embeddings": [list(vector)], "n_results": k}
        query |= {"include": ["distances"]} | ({"ids": list(only)} if only is not None else {})
        got = self._read(lambda store: store.client.query(**query))
        return [(i, 1.0 - far) for i, far in zip(got["ids"][0], got["distances"][0], strict=True)]

    def rows(self, passage_ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        """The vectors of passages: ids, and (len(ids), dimension). Unknown ids are left out."""
        ids: list[str] = []
        rows: list[NDArray[np.float32]] = []
        for first in range(0, len(passage_ids), _BATCH):
            got = self._embeddings(list(passage_ids[first : first + _BATCH]))
            if got["ids"]:
                ids += got["ids"]
                rows.append(np.asarray(got["embeddings"], dtype=np.float32))
        return ids, np.concatenate(rows) if rows else np.zeros((0, 0), dtype=np.float32)

    def count(self) -> int:
        """Vectors held, those that are about to be cleared included."""
        if not self.exists():
            return 0
        return self._read(lambda store: int(store.client.count()))

    def reopen(self) -> None:
        """See what another process wrote: an open client never does."""
        with self._threads:
            self._drop_client()

    def close(self) -> None:
        """Let go of the files when the last user did."""
        with _registry_lock:
            self._users -= 1
            if self._users > 0:
                return
            _registry.pop(self._folder, None)
        self.reopen()

    def _open(self, told: Told) -> ChromaVectorStore:
        import chromadb
        from chromadb.api.shared_system_client import SharedSystemClient
        from chromadb.config import Settings
        from chromadb.errors import ChromaError
        from llama_index.vector_stores.chroma import ChromaVectorStore

        try:
            client: Any = chromadb.PersistentClient(
                path=str(self._folder), settings=Settings(anonymized_telemetry=False)
            )
            self._client = client
            collection = client.get_or_create_collection(
                COLLECTION,
                embedding_function=None,
                configuration={"hnsw": HNSW},
            )
            # The vectors are loaded with the first that is asked for: now, under the lock.
            collection.get(limit=1, include=["embeddings"])
        except (ChromaError, OSError, ValueError) as error:
            self._drop_client()
            SharedSystemClient.clear_system_cache()  # it keeps what failed to open
            raise told(self._folder, error) from error
        self._opened_file = self._identity()
        return ChromaVectorStore(chroma_collection=collection)

    def _embeddings(self, ids: list[str]) -> Any:  # noqa: ANN401  # Chroma's own
        return self._read(lambda store: store.client.get(ids=ids, include=["embeddings"]))

    def _read(self, ask: Callable[[ChromaVectorStore], T]) -> T:
        """Ask the store, once more with a new client: the old one may lag behind the files."""
        from chromadb.errors import ChromaError

        with self._threads:
            try:
                return ask(self._opened(create=False))  # what is gone is not made by reading
            except ChromaError:
                self._drop_client()
            with self._failure_told(unreadable):
                return ask(self._opened(create=False))

    @contextmanager
    def _writing(self) -> Iterator[ChromaVectorStore]:
        with self._threads, self._failure_told(unwritable):
            store = self._opened(create=True, told=unwritable)
            with self._locked_files():
                yield store

    @contextmanager
    def _failure_told(self, told: Told) -> Iterator[None]:
        from chromadb.errors import ChromaError

        try:
            yield
        except ChromaError as error:
            self._drop_client()
            raise told(self._folder, error) from error

    @contextmanager
    def _locked_files(self) -> Iterator[None]:
        try:
            self._files.acquire()
        except OSError as error:
            raise IndexDamagedError(
                f"{self._folder.parent} cannot be written to ({error.strerror}), which even "
                "reading it needs: check its permissions"
            ) from error
        try:
            yield
        finally:
            self._files.release()

    def _drop_client(self) -> None:
        self._store = None
        if self._client is not None:
            self._client.close()
            self._client = None

    def _identity(self) -> int | None:
        """The inode of Chroma's file: no other gets its number while this client holds it."""
        try:
            return (self._folder / _FILE).stat().st_ino
        except OSError:
            return None


_registry: dict[Path, Vectors] = {}
_registry_lock = threading.Lock()


def cosines(rows: NDArray[np.float32], vector: Sequence[float]) -> list[float]:
    """The cosine of each row of a (n, dimension) matrix with a vector."""
    query = np.asarray(vector, dtype=np.float32)
    norms = np.linalg.norm(rows, axis=1) * np.linalg.norm(query)
    scores: list[float] = (rows @ query / np.maximum(norms, 1e-12)).tolist()
    return scores

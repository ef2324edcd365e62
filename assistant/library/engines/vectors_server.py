"""The vectors of passages on a Chroma server, each build in a collection of its own.

The server keeps its files; a process that dies while it writes tears nothing there. What it wrote
is seen by every client at once. A batch that did not come through is sent again: its passages are
still pending in the catalogue.
"""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import EngineError, IndexDamagedError
from assistant.library.damage import rebuild_command
from assistant.library.engines.chroma_server import ChromaServer
from assistant.library.engines.vectors import HNSW, T, Vectors

if TYPE_CHECKING:
    from llama_index.vector_stores.chroma import ChromaVectorStore

_MOST = 100  # characters of the index's name in a collection's, which has 512 at most


def new_prefix(name: str) -> str:
    """What the collections of a new library are called, before the number of the build.

    They begin with the index's name, as far as Chroma takes it; other libraries may have the same.
    """
    plain = re.sub(r"[^a-zA-Z0-9_-]+", "-", name)[:_MOST].strip("-_")
    return f"{plain or 'index'}-{secrets.token_hex(4)}"


def builds_at(server: ChromaServer, prefix: str) -> list[int]:
    """The builds that have a collection."""
    of_ours = re.compile(rf"{re.escape(prefix)}-(\d+)")
    found = [of_ours.fullmatch(name) for name in server.collections()]
    return [int(match[1]) for match in found if match]


class ServerVectors(Vectors):
    """The vectors in one collection. `folder`: of the index, to name in errors."""

    can_tear = False
    batch = 300  # what Chroma's own cloud takes at once, and less than proxies do

    def __init__(self, server: ChromaServer, prefix: str, build: int, folder: Path) -> None:
        self._server, self._name, self._folder = server, f"{prefix}-{build}", folder
        self._store: ChromaVectorStore | None = None
        self._counted = False
        self._threads = threading.RLock()

    @property
    def store(self) -> ChromaVectorStore:
        """The collection as LlamaIndex's vector store, made where there is none."""
        with self._failures_told():
            return self._opened(create=True)

    def exists(self) -> bool:
        """Whether there is a collection of this name; the server is asked until there is one."""
        from chromadb.errors import NotFoundError

        with self._failures_told():
            try:
                self._opened(create=False)
            except NotFoundError:
                return False
        return True

    def sure(self) -> bool:
        """Whether the vectors were counted since the library last changed or the server failed."""
        return self._counted

    def lacks(self, due: int) -> bool:
        """Whether the server holds fewer than it should: it may have lost what it had confirmed."""
        lost = due > 0 and self.count() < due
        self._counted = not lost
        return lost

    def clear(self) -> None:
        """Delete the collection."""
        with self._failures_told():
            self._server.delete(self._name)
        self._drop()

    def reopen(self) -> None:
        """Look again: what is written is seen at once, but another may have made it anew."""
        self._drop()

    def close(self) -> None:
        """Forget the collection; the connection is this process's own."""
        self._drop()

    def _opened(self, *, create: bool) -> ChromaVectorStore:
        from llama_index.vector_stores.chroma import ChromaVectorStore

        with self._threads:
            if self._store is None:
                client: Any = self._server.client
                if create:
                    collection = client.get_or_create_collection(
                        self._name,
                        embedding_function=None,
                        configuration={"hnsw": HNSW},
                    )
                else:
                    collection = client.get_collection(self._name, embedding_function=None)
                self._store = ChromaVectorStore(chroma_collection=collection)
            return self._store

    def _read(self, ask: Callable[[ChromaVectorStore], T]) -> T:
        """Ask, and once more by name: another process may have made the collection anew."""
        from chromadb.errors import NotFoundError

        with self._failures_told():
            try:
                return ask(self._opened(create=False))
            except NotFoundError:
                self._drop()
            return ask(self._opened(create=False))

    @contextmanager
    def _writing(self) -> Iterator[ChromaVectorStore]:
        with self._failures_told():
            yield self._opened(create=True)

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        from chromadb.errors import InternalError, NotFoundError

        try:
            with self._server.told():
                yield
        except (InternalError, NotFoundError) as error:
            self._drop()
            raise IndexDamagedError(
                f"the vectors in collection {self._name} of {self._server.where} cannot be used "
                f"({' '.join(str(error).split())}); where that goes on, mend it with: "
                f"{rebuild_command(self._folder)}"
            ) from error
        except EngineError:
            self._drop()  # count again: a server that was away may have lost some
            raise

    def _drop(self) -> None:
        self._store = None
        self._counted = False

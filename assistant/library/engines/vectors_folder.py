"""The vectors of passages in a folder, through Chroma in this process.

Chroma's files are not made for two processes: one that loads them while another writes can crash,
and can leave them damaged for good (both seen with chromadb 1.5.9). So a lock file is held while
they are loaded or written. What is loaded lies in memory, and is searched without it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from assistant.errors import IndexDamagedError
from assistant.library.damage import unreadable, unwritable
from assistant.library.engines.vectors import HNSW, T, Vectors

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from llama_index.vector_stores.chroma import ChromaVectorStore

COLLECTION = "passages"
_FILE = "chroma.sqlite3"
Told = Callable[[Path, Exception], IndexDamagedError]


class FolderVectors(Vectors):
    """The vectors in a folder of their own.

    Take it from `shared`: clients of one folder in one process share what Chroma has loaded.
    """

    can_tear = True

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
    def shared(cls, folder: Path) -> FolderVectors:
        """The one of this folder in this process; each user closes it."""
        with _registry_lock:
            vectors = _registry.setdefault(folder, cls(folder))
            vectors._users += 1
        return vectors

    @property
    def store(self) -> ChromaVectorStore:
        """The collection as LlamaIndex's vector store, opened on first use."""
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

    def sure(self) -> bool:
        """Whether there is anything on disk: who died while writing it has left a note."""
        return self.exists()

    def lacks(self, due: int) -> bool:
        """Whether there should be something on disk, and is not."""
        return due > 0 and not self.exists()

    def clear(self) -> None:
        """Delete the files, without opening them: they may be damaged."""
        with self._threads:
            self._drop_client()
            with self._locked_files():
                shutil.rmtree(self._folder, ignore_errors=True)

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


_registry: dict[Path, FolderVectors] = {}
_registry_lock = threading.Lock()

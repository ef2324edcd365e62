"""Vectors that were computed before, by (weights digest, sha256 of the text embedded)."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.library.damage import unreadable, unwritable
from assistant.models import EmbedderInfo

EMBEDDINGS = "embeddings.sqlite"
_CHUNK = 500
_WAIT = 10  # seconds for another process that is writing
_BESIDE = ("-wal", "-shm")


class EmbeddingCache:
    """A table beside the index, or one that indexes share; deleting it costs time and nothing else.

    Any number of processes read and write it at once. What the index at `index` has in a table of
    its own is taken over into a shared one when it is asked for.
    """

    def __init__(self, path: Path, weights_digest: str, index: Path | None = None) -> None:
        self._path, self._digest = path, weights_digest
        self._index = index or path.parent
        self._own = self._index / EMBEDDINGS

    def embed(
        self, texts: Sequence[str], compute: Callable[[list[str]], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """Embed texts, computing only those not seen before: (len(texts), dimension) float32.

        Raises:
            IndexDamagedError: the table cannot be read or written.
        """
        keys = _keys(texts)
        known = self._known(keys)
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in known}
        if missing:
            fresh = dict(zip(missing, compute(list(missing.values())), strict=True))
            self._put(fresh)
            known.update(fresh)
        return np.stack([known[key] for key in keys])

    def holds(self, texts: Sequence[str]) -> bool:
        """Whether all of the texts were embedded before.

        Raises:
            IndexDamagedError: the table cannot be read.
        """
        keys = set(_keys(texts))
        return len(self._known(list(keys))) == len(keys)

    def drop_if_damaged(self) -> None:
        """Delete what cannot be read: it only saves time."""
        for path in {self._path, self._own}:
            if path.is_file() and _is_damaged(path):
                for each in (path, *(path.with_name(path.name + end) for end in _BESIDE)):
                    each.unlink(missing_ok=True)

    def _known(self, keys: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        with self._open(self._path) as connection:
            found = self._found(connection, keys)
        missing = [key for key in keys if key not in found]
        if missing and self._path != self._own and self._own.is_file():
            with self._open(self._own) as connection:
                own = self._found(connection, missing)
            self._put(own)
            found.update(own)
        return found

    def _put(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        if not vectors:
            return
        with self._open(self._path) as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(self._digest, k, v.astype("<f4").tobytes()) for k, v in vectors.items()],
            )

    @contextmanager
    def _open(self, path: Path) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(path, timeout=_WAIT)) as connection, connection:
                connection.execute("PRAGMA journal_mode=WAL")  # who reads does not hold up a writer
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS vectors (weights TEXT, text TEXT, vector BLOB, "
                    "PRIMARY KEY (weights, text)) WITHOUT ROWID"
                )
                yield connection
        except (sqlite3.OperationalError, OSError) as error:
            raise unwritable(path, error) from error
        except sqlite3.Error as error:
            raise unreadable(path, error, self._index) from error

    def _found(
        self, connection: sqlite3.Connection, keys: Sequence[str]
    ) -> dict[str, NDArray[np.float32]]:
        found: dict[str, NDArray[np.float32]] = {}
        for first in range(0, len(keys), _CHUNK):
            chunk = keys[first : first + _CHUNK]
            marks = ",".join("?" * len(chunk))
            rows = connection.execute(
                f"SELECT text, vector FROM vectors WHERE weights = ? AND text IN ({marks})",  # noqa: S608  # only marks are put in
                (self._digest, *chunk),
            )
            found.update((key, np.frombuffer(blob, dtype="<f4")) for key, blob in rows)
        return found


def embeddings_of(index: Path, embedder: EmbedderInfo) -> EmbeddingCache:
    """The table that the index in a folder uses: its own, or the one that is shared."""
    return EmbeddingCache((embedder.cache or index) / EMBEDDINGS, embedder.weights_digest, index)


def _is_damaged(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.OperationalError:
        return False  # that is another matter
    except sqlite3.Error:
        return True


def _keys(texts: Sequence[str]) -> list[str]:
    return [hashlib.sha256(t.encode("utf-8", "surrogatepass")).hexdigest() for t in texts]

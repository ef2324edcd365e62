"""Vectors that were computed before, by (weights digest, sha256 of the text embedded)."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.library.damage import unreadable, unwritable

_CHUNK = 500


class EmbeddingCache:
    """A table beside the index; deleting its file costs time and nothing else."""

    def __init__(self, path: Path, weights_digest: str) -> None:
        self._path = path
        self._digest = weights_digest

    def embed(
        self, texts: Sequence[str], compute: Callable[[list[str]], NDArray[np.float32]]
    ) -> NDArray[np.float32]:
        """Embed texts, computing only those not seen before: (len(texts), dimension) float32.

        Raises:
            IndexDamagedError: the table cannot be read or written.
        """
        keys = _keys(texts)
        with self._open() as connection:
            known = self._known(connection, keys)
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in known}
        if missing:
            fresh = dict(zip(missing, compute(list(missing.values())), strict=True))
            with self._open() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                    [(self._digest, k, v.astype("<f4").tobytes()) for k, v in fresh.items()],
                )
            known.update(fresh)
        return np.stack([known[key] for key in keys])

    def holds(self, texts: Sequence[str]) -> bool:
        """Whether all of the texts were embedded before.

        Raises:
            IndexDamagedError: the table cannot be read.
        """
        keys = set(_keys(texts))
        with self._open() as connection:
            return len(self._known(connection, list(keys))) == len(keys)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction."""
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as connection, connection:
                connection.execute(
                    "CREATE TABLE IF NOT EXISTS vectors (weights TEXT, text TEXT, vector BLOB, "
                    "PRIMARY KEY (weights, text)) WITHOUT ROWID"
                )
                yield connection
        except sqlite3.OperationalError as error:
            raise unwritable(self._path, error) from error
        except sqlite3.Error as error:
            raise unreadable(self._path, error) from error

    def drop_if_damaged(self) -> None:
        """Delete the file where it cannot be read: it only saves time."""
        try:
            with closing(sqlite3.connect(self._path, timeout=10)) as connection:
                if connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                    return
        except sqlite3.OperationalError:
            return  # that is another matter
        except sqlite3.Error:
            pass
        self._path.unlink()

    def _known(
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


def _keys(texts: Sequence[str]) -> list[str]:
    return [hashlib.sha256(t.encode("utf-8", "surrogatepass")).hexdigest() for t in texts]

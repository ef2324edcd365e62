"""The database of a catalogue, opened, and what is said where it fails."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from assistant.errors import IndexDamagedError


class Lock(Protocol):
    """What the writer holds. A process that died does not keep it."""

    def acquire(self, timeout: float) -> object:
        """Take it within `timeout` seconds, or raise `filelock.Timeout`."""
        ...

    def release(self) -> None:
        """Let go of it."""
        ...


class Locks:
    """Two locks as one: the first one's holder alone asks for the second."""

    def __init__(self, first: Lock, second: Lock) -> None:
        self._first, self._second = first, second

    def acquire(self, timeout: float) -> None:
        """Take both, each within `timeout` seconds, or none."""
        self._first.acquire(timeout)
        try:
            self._second.acquire(timeout)
        except BaseException:
            self._first.release()
            raise

    def release(self) -> None:
        """Let go of both."""
        try:
            self._second.release()
        finally:
            self._first.release()


@dataclass(frozen=True, slots=True)
class Database:
    """A database through SQLAlchemy.

    `told` turns its errors into one of ours; `schema` is the catalogue's, where it has one.
    """

    engine: Engine
    told: Callable[[sa.exc.DBAPIError], IndexDamagedError]
    schema: str = ""


def in_file(path: Path) -> Database:
    """A catalogue in a SQLite file."""
    engine = sqlite_engine(path)

    def told(error: sa.exc.DBAPIError) -> IndexDamagedError:
        if isinstance(error, sa.exc.OperationalError):
            return IndexDamagedError(
                f"the catalogue {path} cannot be used ({error.orig}); check that its folder "
                "can be written to and that the disk is not full, then try again"
            )
        return IndexDamagedError(
            f"the catalogue {path} cannot be read ({error.orig}); delete the index "
            "folder, then run `assistant restore BACKUP` or `assistant index` again"
        )

    return Database(engine, told)


def sqlite_engine(path: Path) -> Engine:
    """An engine over a SQLite file, whose transactions see one moment each.

    With the execution option `writes`, a transaction waits for others who write when it begins,
    and not half-way, where waiting would be of no use.
    """
    # The path goes in as it is: in an address, "?" and "%" would mean something.
    engine = sa.create_engine(sa.URL.create("sqlite", database=str(path)))
    sa.event.listen(engine, "connect", _configure)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _configure(connection: Any, _record: object) -> None:  # noqa: ANN401  # a DB-API connection
    connection.isolation_level = None  # transactions begin where `_begin` says, reads included
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.execute("PRAGMA journal_mode=WAL")  # readers go on while one process writes
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

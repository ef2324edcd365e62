"""Where chats are kept: a file in the index's folder, or PostgreSQL; what is said of failures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from assistant.chats import tables
from assistant.errors import ChatError, IndexNotFoundError
from assistant.library.engines.databases import sqlite_engine
from assistant.library.engines.postgres import Server
from assistant.settings import Settings

FILE = "chats.sqlite"
_NOT_KEPT = "questions are answered all the same, but not kept"


class Database:
    """Transactions over the tables of kept chats, which are made when they are first needed."""

    def __init__(
        self, engine: Engine, told: Callable[[sa.exc.DBAPIError], ChatError], schema: str = ""
    ) -> None:
        self.engine = engine
        self._writer = engine.execution_options(writes=True)
        self._told, self._schema = told, schema
        self._ready = False
        self._making = threading.Lock()

    def close(self) -> None:
        """Release the file, or the connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One transaction that reads.

        Raises:
            ChatError: there is no reading it.
        """
        self._make_ready()
        with self._begun(self.engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction that writes: all of it, or nothing.

        Raises:
            ChatError: there is no writing to it.
        """
        self._make_ready()
        with self._begun(self._writer) as connection:
            yield connection

    def scrub(self) -> None:
        """Leave nothing of what was deleted in SQLite's log, unless somebody reads just now."""
        if self.engine.dialect.name != "sqlite":
            return
        try:
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                raw.close()
        except (sa.exc.DBAPIError, self._dbapi_error) as error:
            raise ChatError(
                f"deleted, but something of it may be left on the disk ({error})"
            ) from (error)

    @property
    def _dbapi_error(self) -> type[Exception]:
        return self.engine.dialect.loaded_dbapi.Error

    @contextmanager
    def _begun(self, engine: Engine) -> Iterator[Connection]:
        try:
            with engine.begin() as connection:
                yield connection
        except sa.exc.DBAPIError as error:
            raise self._told(error) from error
        except sa.exc.TimeoutError as error:
            raise ChatError(
                f"too many read and add to the chats at once; try again; {_NOT_KEPT}"
            ) from error

    def _make_ready(self) -> None:
        if self._ready:
            return
        with self._making:
            with self._begun(self.engine) as connection:
                found = tables.version(connection)
            if found is None:
                with self._begun(self._writer) as connection:
                    tables.create(connection, self._schema)
                    found = tables.version(connection)
            if found != str(tables.SCHEMA_VERSION):
                raise ChatError(
                    f"the chats here have schema version {found!r}, this Dateline knows "
                    f"{tables.SCHEMA_VERSION}: another one made them; use that to export them"
                )
            self._ready = True


def database_of(folder: Path, settings: Settings) -> Database:
    """The database of the chats that belong to the library in a folder. Nothing is opened yet.

    Raises:
        IndexNotFoundError: there is no such folder.
        UsageError: the address of the PostgreSQL cannot be used.
    """
    if not folder.is_dir():
        raise IndexNotFoundError(f"no index in {folder}; name another with --index")
    if settings.chats_url:
        return _on_server(settings.chats_url.get_secret_value(), folder, settings)
    return _in_file(folder.resolve() / FILE)


def _on_server(address: str, folder: Path, settings: Settings) -> Database:
    name = settings.index_name or folder.resolve().name
    server = Server(address, name, setting="DATELINE_CHATS_URL", holds="chats")

    def told(error: sa.exc.DBAPIError) -> ChatError:
        return ChatError(f"{server.told(error)}; {_NOT_KEPT}")

    # Who adds to a chat holds its row: the next one waits, and then sees what was added.
    opened = server.database("READ COMMITTED")
    return Database(opened.engine, told, server.schema)


def _in_file(path: Path) -> Database:
    def told(error: sa.exc.DBAPIError) -> ChatError:
        if isinstance(error, sa.exc.OperationalError):
            return ChatError(
                f"the chats in {path} cannot be read or written ({error.orig}); check that its "
                f"folder can be written to and that the disk is not full; {_NOT_KEPT}"
            )
        return ChatError(
            f"the chats in {path} are damaged ({error.orig}); move that file away to begin anew; "
            f"{_NOT_KEPT}"
        )

    engine = sqlite_engine(path)
    sa.event.listen(engine, "connect", _overwrite)
    return Database(engine, told)


def _overwrite(connection: Any, _record: object) -> None:  # noqa: ANN401  # a DB-API connection
    connection.execute("PRAGMA secure_delete=ON").close()  # what is deleted is gone from the file

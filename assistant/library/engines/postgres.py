"""A catalogue on a PostgreSQL server, in a schema of its own, and the lock of its one writer.

Kept chats lie there, too, where they are told to.

psycopg comes with the extra `postgres`. The address may hold a password: it stands in no error and
in no log.
"""

from __future__ import annotations

import hashlib
import re
import time
from typing import Any, Literal

import sqlalchemy as sa
from filelock import Timeout
from sqlalchemy.engine import Connection

from assistant.errors import IndexDamagedError, UsageError
from assistant.library.engines.databases import Database, Lock

IsolationLevel = Literal["READ COMMITTED", "REPEATABLE READ"]
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_PLAIN = re.compile(r"[a-z0-9_]{1,50}")
_POLL = 0.05  # seconds between two looks at a lock that another machine has
_GRACE = 1.0  # seconds until the server has noticed that a process is dead
# A machine that is gone without a word is noticed within a minute: by the server, so that its lock
# is free, and by those who ask a server.
_ALIVE = (
    "SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3"
)
_CONNECT = {
    "connect_timeout": 10,  # seconds
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds
}


class Server:
    """The database that an address names, for the index of one name.

    `setting` gave the address, `holds` is what lies there: both are for what errors say.

    Raises:
        UsageError: the address is not one of PostgreSQL, or its driver is not installed.
    """

    def __init__(
        self,
        address: str,
        name: str,
        *,
        setting: str = "DATELINE_CATALOGUE_URL",
        holds: str = "a catalogue",
    ) -> None:
        self._setting, self._holds = setting, holds
        self._url = _url_of(address, setting, holds)
        self.schema = schema_of(name)

    def __str__(self) -> str:
        """Where it is, without user and password."""
        host = self._url.host or "localhost"
        port = f":{self._url.port}" if self._url.port else ""
        return f"PostgreSQL at {host}{port}/{self._url.database or ''}, schema {self.schema}"

    def database(self, isolation: IsolationLevel = "REPEATABLE READ") -> Database:
        """The database, whose transactions see one moment each; nothing is connected yet."""
        engine = self._engine(isolation_level=isolation, pool_pre_ping=True)

        def configure(connection: Any, _record: object) -> None:  # noqa: ANN401  # psycopg's own
            if connection.info.parameter_status("server_encoding") != "UTF8":
                connection.close()
                raise UsageError(f"{self} is not in UTF-8: make a database with ENCODING 'UTF8'")
            connection.autocommit = True
            connection.execute(f'SET search_path TO "{self.schema}"')
            connection.autocommit = False

        sa.event.listen(engine, "connect", configure)
        return Database(engine, self.told, self.schema)

    def lock(self) -> Lock:
        """The lock of the one writer, over all machines."""
        return _AdvisoryLock(self)

    def connect(self) -> Connection:
        """A connection of its own, outside of transactions.

        Raises:
            IndexDamagedError: there is none to be had.
        """
        try:
            # Nothing is to be undone when it is let go of, and it may be dead by then.
            return self._engine(
                isolation_level="AUTOCOMMIT", poolclass=sa.NullPool, pool_reset_on_return=None
            ).connect()
        except sa.exc.DBAPIError as error:
            raise self.told(error) from error

    def told(self, error: sa.exc.DBAPIError) -> IndexDamagedError:
        """What is said of an error, in one line."""
        said = " ".join(str(error.orig).split())
        if self._url.password:
            said = said.replace(str(self._url.password), "***")
        code = getattr(error.orig, "sqlstate", None)
        if error.connection_invalidated:
            return IndexDamagedError(f"the connection to {self} was lost ({said}); try again")
        if code is None and isinstance(error, sa.exc.OperationalError):
            return IndexDamagedError(
                f"cannot connect to {self} ({said}); check that the server runs, and "
                f"{self._setting}"
            )
        if code == "42501":
            return IndexDamagedError(
                f"{self}: the user of {self._setting} may not do that ({said}); grant it "
                "CREATE on the database, or make the schema and have it own that"
            )
        return IndexDamagedError(f"{self} cannot be used ({said})")

    def _engine(self, **options: Any) -> sa.Engine:  # noqa: ANN401  # SQLAlchemy's own
        arguments = {key: value for key, value in _CONNECT.items() if key not in self._url.query}
        try:
            return sa.create_engine(
                self._url, connect_args=arguments, hide_parameters=True, **options
            )
        except ImportError as error:
            raise UsageError(
                f"{self._holds} on PostgreSQL needs psycopg: "
                "pip install 'dateline-assistant[postgres]'"
            ) from error


class _AdvisoryLock:
    """Held by a connection of its own: it goes with the process, or with the connection."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._key = int.from_bytes(
            hashlib.sha256(server.schema.encode()).digest()[:8], "big", signed=True
        )
        self._connection: Connection | None = None

    def acquire(self, timeout: float) -> None:
        """Take it within `timeout` seconds.

        Raises:
            filelock.Timeout: another process has it.
            IndexDamagedError: the server cannot be asked.
        """
        connection = self._server.connect()
        try:
            self._take(connection, time.monotonic() + max(timeout, _GRACE))
        except sa.exc.DBAPIError as error:
            connection.close()
            raise self._server.told(error) from error
        except Timeout:
            connection.close()
            raise
        self._connection = connection

    def _take(self, connection: Connection, until: float) -> None:
        connection.exec_driver_sql(_ALIVE)
        ask = sa.select(sa.func.pg_try_advisory_lock(self._key))
        while not connection.execute(ask).scalar_one():
            if time.monotonic() >= until:
                raise Timeout(str(self._server))
            time.sleep(_POLL)

    def release(self) -> None:
        """Let go of it, and of its connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def schema_of(name: str) -> str:
    """The SQL schema of an index: its name where that can be one, else a name drawn from it.

    >>> schema_of("news"), schema_of("News 2026")
    ('dateline_news', 'dateline_news_2026_f01b0aa7')
    """
    if _PLAIN.fullmatch(name):
        return f"dateline_{name}"
    plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40]
    drawn = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"dateline_{plain}_{drawn}"


def _url_of(address: str, setting: str, holds: str) -> sa.URL:
    try:
        url = sa.make_url(address)
    except (sa.exc.ArgumentError, ValueError):  # which quote the address
        raise UsageError(
            f"{setting} is not an address such as "
            "postgresql://user:password@host/database (quote what is special in it with %)"
        ) from None
    if url.drivername not in _SCHEMES:
        raise UsageError(
            f"{setting} begins with {url.drivername}://; {holds} can lie on "
            "PostgreSQL (postgresql://...), or without the setting in the index's folder"
        )
    return url.set(drivername="postgresql+psycopg")

"""A Chroma server: its address, the client, and what is said when it cannot be used."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from assistant.errors import EngineError, UsageError

if TYPE_CHECKING:
    from chromadb.api.client import Client

_URL, _TOKEN = "DATELINE_CHROMA_URL", "DATELINE_CHROMA_TOKEN"
_TENANT, _DATABASE = "DATELINE_CHROMA_TENANT", "DATELINE_CHROMA_DATABASE"
_PAGE = 100  # collections listed at a time: what a distributed Chroma gives at most
_LARGEST_MB = 4  # what a batch of passages takes at most
_SHOWN = 200  # characters of what a server says


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Where a Chroma server is, as it was set. `timeout`: seconds that it has for a reply."""

    url: str
    token: str = field(default="", repr=False)
    tenant: str = "default_tenant"
    database: str = "default_database"
    timeout: float = 30.0

    def where(self) -> str:
        """The server, with tenant and database where they are others than usual.

        Raises:
            UsageError: it is no web address, or holds more than an address.
        """
        database = (self.tenant, self.database)
        if database == ("default_tenant", "default_database"):
            return self.bare()
        return f"{self.bare()} (tenant {self.tenant}, database {self.database})"

    def bare(self) -> str:
        """The address with its port and nothing that may be secret: it is shown and logged.

        Raises:
            UsageError: it is no web address, or holds a user, a password, a query or a fragment.
        """
        from httpx import URL, InvalidURL

        advice = f"{_URL} is not a web address: give one such as http://127.0.0.1:8000"
        try:
            parts = URL(self.url.strip())
        except InvalidURL:
            raise UsageError(advice) from None  # that error can quote the address
        if parts.scheme not in ("http", "https") or not parts.host:
            raise UsageError(advice)
        if parts.userinfo or "?" in self.url or "#" in self.url:
            raise UsageError(
                f"{_URL} holds a name, a password or a query: give the bare address, and the "
                f"token as {_TOKEN}"
            )
        host = f"[{parts.host}]" if ":" in parts.host else parts.host
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return f"{parts.scheme}://{host}:{port}{parts.path.rstrip('/')}"

    def headers(self) -> dict[str, str]:
        """The token in both headers that Chroma knows: proxies look for one, Chroma for the other.

        Raises:
            UsageError: it cannot stand in a header.
        """
        token = self.token.strip()
        if not token:
            return {}
        if not all("!" <= c <= "~" for c in token):
            raise UsageError(f"{_TOKEN} holds what a token cannot: copy it again")
        return {"Authorization": f"Bearer {token}", "X-Chroma-Token": token}


class ChromaServer:
    """One client of a server, connected at its first use and again after the server was away.

    Safe to use from several threads.
    """

    def __init__(self, address: ServerAddress) -> None:
        self.where = address.where()
        self._address, self._url = address, address.bare()
        self._client: Client | None = None
        self._threads = threading.Lock()

    @property
    def client(self) -> Client:
        """The client.

        Raises:
            EngineError: the server cannot be used.
            UsageError: the token cannot be one.
        """
        with self._threads:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def collections(self) -> list[str]:
        """The names of every collection of the database."""
        names: list[str] = []
        with self.told():
            while True:
                page = self.client.list_collections(limit=_PAGE, offset=len(names))
                names += [collection.name for collection in page]
                if len(page) < _PAGE:
                    return names

    def delete(self, name: str) -> None:
        """Delete a collection; one that is not there is fine."""
        from chromadb.errors import NotFoundError

        with self.told():
            try:
                self.client.delete_collection(name)
            except NotFoundError:
                return

    def _connect(self) -> Client:
        from chromadb import HttpClient
        from chromadb.config import Settings

        self._probe()
        with self.told():
            client: Any = HttpClient(
                host=self._url,  # whole: only so a path and an IPv6 address come through
                headers=self._address.headers(),
                settings=Settings(anonymized_telemetry=False),
                tenant=self._address.tenant,
                database=self._address.database,
            )
        # Chroma's client waits for ever, and there is no other way to tell it not to.
        client._server._session.timeout = self._address.timeout
        found: Client = client
        return found

    def _probe(self) -> None:
        """See who is there: Chroma's client says the same of all who are not a Chroma server."""
        import httpx

        with self.told():
            said = httpx.get(
                f"{self._url}/api/v2/auth/identity",
                headers=self._address.headers(),
                timeout=self._address.timeout,
            )
        self._check_allowed(said.status_code)
        try:
            known = said.is_success and "tenant" in json.loads(said.text)
        except (ValueError, TypeError):
            known = False
        if not known:
            raise EngineError(
                f"what is at {self._url} is no Chroma server of version 1 (status "
                f"{said.status_code}): correct {_URL}, or install a newer server"
            )

    def _check_allowed(self, status: int) -> None:
        if status in (401, 403):
            do = f"correct {_TOKEN}" if self._address.token else f"it wants a token: set {_TOKEN}"
            raise EngineError(f"the Chroma server {self._url} refuses access ({status}); {do}")

    @contextmanager
    def told(self) -> Iterator[None]:
        """What goes wrong on the way to the server, and in it, in one line.

        What it says of a collection (`NotFoundError`, `InternalError`) is for the caller, but for
        a tenant or database that is not there.
        """
        import httpx
        from chromadb.errors import ChromaError, InternalError, NotFoundError

        try:
            yield
        except httpx.TimeoutException as error:
            raise EngineError(
                f"the Chroma server {self._url} did not answer within {self._address.timeout:g} s: "
                "see what keeps it, or raise DATELINE_CHROMA_TIMEOUT; then try again"
            ) from error
        except httpx.TransportError as error:
            raise EngineError(
                f"the Chroma server {self._url} cannot be reached ({self._line(error)}): start it, "
                f"or correct {_URL}; then try again"
            ) from error
        except NotFoundError as error:
            if not str(error).startswith(("Tenant", "Database")):
                raise
            raise EngineError(
                f"the Chroma server {self._url}: {self._line(error)}; make it there, or correct "
                f"{_TENANT} and {_DATABASE}"
            ) from error
        except InternalError:
            raise
        except ChromaError as error:
            self._check_allowed(error.code())
            raise self._refused(error) from error
        except Exception as error:
            # Chroma's client raises these where the answer, or the request, is not in its form.
            if type(error) is not Exception and not isinstance(error, ValueError):
                raise
            raise self._refused(error) from error

    def _refused(self, error: Exception) -> EngineError:
        return EngineError(
            f"the Chroma server {self._url} refused a request ({self._line(error)}): see its log, "
            f"and that of a proxy before it, which has to take {_LARGEST_MB} MB at once"
        )

    def _line(self, error: Exception) -> str:
        """What an error says, in one line, without the token that a server may have repeated."""
        said = " ".join(str(error).split()) or type(error).__name__
        token = self._address.token.strip()
        said = said.replace(token, "...") if token else said
        return said if len(said) <= _SHOWN else f"{said[:_SHOWN]} ..."


_servers: dict[ServerAddress, ChromaServer] = {}
_servers_lock = threading.Lock()


def server_at(address: ServerAddress) -> ChromaServer:
    """The one client of an address in this process; its connections close when they are idle.

    Raises:
        UsageError: the address is none.
    """
    with _servers_lock:
        if address not in _servers:
            _servers[address] = ChromaServer(address)
        return _servers[address]

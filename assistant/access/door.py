"""The door: who may come in, how often, and how many answers are worked on at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import HTTPConnection

from assistant.access.callers import LOCAL, Caller, left_in
from assistant.access.credentials import Credentials
from assistant.access.gate import Gate
from assistant.access.limits import OpenRequests, Rates, Refusal, rate_of
from assistant.access.peers import (
    FORWARDED,
    is_loopback,
    is_loopback_host,
    listens_on_loopback,
    proxy_of,
)
from assistant.access.sessions import COOKIE, Sessions
from assistant.errors import UsageError
from assistant.settings import Settings, load_settings

LOG_IN = Refusal(401, "log in, or send an API token as `Authorization: Bearer TOKEN`")
BAD_TOKEN = Refusal(401, "this API token is not known, or was revoked")
NOT_PROXIED = Refusal(401, "the proxy in front of Dateline names no user, or not one alone")
HALF_LOCAL = Refusal(
    403,
    "without a login Dateline answers this machine alone, by the address 127.0.0.1 or localhost, "
    "and no proxy: set DATELINE_USERS_FILE, or DATELINE_PROXY_HEADER and DATELINE_PROXY_FROM",
)


class Door:
    """What the settings say of who may come in, and the queue in front of answering.

    One for a server: it counts.
    """

    def __init__(self, settings: Settings, *, local: bool) -> None:
        self.proxy = proxy_of(settings.proxy_header, settings.proxy_from, settings.proxy_managers)
        file = settings.users_file
        self.credentials = Credentials(file) if file else None
        self.sessions = (
            Sessions(self.credentials, settings.session_hours) if self.credentials else None
        )
        self.local = local and not self.has_login
        self.rate = rate_of(settings.rate)
        self.max_body, self.max_upload = settings.max_body, settings.max_upload
        self.receive_timeout = settings.receive_timeout
        self.answer_timeout = settings.answer_timeout
        self.grace = settings.grace
        self.gate = Gate(settings.answers_at_once, settings.queue)
        self.rates = Rates()
        self.open = OpenRequests(settings.open_requests)
        self.busy = 0
        """Requests being served that may carry an answer."""
        self.stopping = False

    @classmethod
    def of(cls, settings: Settings | None = None, host: str = "127.0.0.1") -> Door:
        """The door of a server that listens on a host, by its name or address.

        Raises:
            UsageError: that is not loopback, and there is no way to log in; or a setting of the
                door cannot be used.
        """
        door = cls(settings or load_settings(), local=listens_on_loopback(host))
        if (
            door.credentials
            and door.credentials.is_empty()
            and not (door.proxy and door.proxy.header)
        ):
            raise UsageError(
                "nobody can log in with DATELINE_USERS_FILE yet: `assistant users add NAME`, "
                "or `assistant tokens add NAME`"
            )
        if not door.local and not door.has_login:
            raise UsageError(
                f"{host} is not loopback, so people must log in: set DATELINE_USERS_FILE and "
                "`assistant users add NAME`, or DATELINE_PROXY_HEADER and DATELINE_PROXY_FROM"
            )
        return door

    @property
    def has_login(self) -> bool:
        """Whether there is a way to log in; where there is, it is asked for on loopback too.

        A proxy on the same machine comes from loopback, and with it everybody.
        """
        return bool(self.proxy and self.proxy.header) or self.credentials is not None

    def who(self, connection: HTTPConnection) -> Caller | Refusal:
        """Who a request comes from, or why it comes from nobody who may come in."""
        peer = connection.client.host if connection.client else ""
        if not self.has_login:
            return self._local(connection, peer)
        authorization = connection.headers.get("authorization", "")
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() == "bearer":  # a wrong token is not made good by a cookie
            found = self.credentials and self.credentials.token_caller(token.strip())
            return found or BAD_TOKEN
        proxy = self.proxy
        if proxy and proxy.sent(peer) and proxy.header and proxy.header in connection.headers:
            name = proxy.user(connection.headers)
            return proxy.caller(name) if name else NOT_PROXIED
        session = connection.cookies.get(COOKIE, "")
        found = self.sessions.caller(session) if self.sessions and session else None
        return found or (LOG_IN if self.credentials else NOT_PROXIED)

    def _local(self, connection: HTTPConnection, peer: str) -> Caller | Refusal:
        """Whoever sits here: not a proxy, and not a page of another site by a name of its own."""
        server = (connection.scope.get("server") or ("",))[0]
        here = self.local and is_loopback(peer) and is_loopback(server)
        forwarded = any(name in connection.headers for name in FORWARDED)
        named = is_loopback_host(connection.headers.get("host", ""))
        return LOCAL if here and named and not forwarded else HALF_LOCAL

    def drain(self) -> None:
        """Begin no answer any more; those that run, or wait in the queue, go on."""
        self.stopping = True
        self.gate.close()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Count a request that may carry an answer, until it ends."""
        self.busy += 1
        try:
            yield
        finally:
            self.busy -= 1

    @property
    def idle(self) -> bool:
        """Whether no answer runs or waits."""
        return not (self.busy or self.gate.running or self.gate.waiting)


def door_of(request: object) -> Door:
    """The door that a request came through: of a starlette request, or of a `gr.Request`.

    Raises:
        LookupError: it came through none.
    """
    return left_in(request, "door", Door)

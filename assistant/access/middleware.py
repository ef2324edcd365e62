"""The middleware: each request of the server goes by the table, the door and the limits.

Plain ASGI, so that streams pass as they come. It stands in front of whatever is mounted: chat,
API and MCP are held to the same rules.
"""

from __future__ import annotations

import logging
from contextlib import ExitStack
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Send
from starlette.types import Scope as Connection

from assistant.access.admitted import Admitted, admitted
from assistant.access.bodies import Bounded
from assistant.access.callers import LOCAL, MAY_NOT, Caller
from assistant.access.door import Door
from assistant.access.gate import STOPPING
from assistant.access.limits import Refusal, error_body
from assistant.access.peers import FORWARDED
from assistant.access.rules import ANYBODY, MANAGE, READING, Open, Rule, methods_of, rule_of
from assistant.errors import BusyError, UsageError
from assistant.observing import note_of_request

log = logging.getLogger(__name__)

NOT_HERE = Refusal(404, "there is nothing here")
NOT_SO = Refusal(405, "this address takes another method")
BROKEN = Refusal(503, "the users file cannot be read; the server's log says why")
FOREIGN = Refusal(403, "this request was sent by another site's page, and is refused")


class Access:
    """Serves a request that the table, the door and the limits let in; answers the others."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app, self._door = app, door

    async def __call__(self, scope: Connection, receive: Receive, send: Send) -> None:
        """Serve or refuse one request; as ASGI has it."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":  # no route is one
            await receive()
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._app(scope, receive, send)

    async def _serve(self, scope: Connection, receive: Receive, send: Send) -> None:
        scope = self._believed(scope)
        rule = rule_of(scope["method"], scope["path"])
        connection = HTTPConnection(scope)
        try:
            who = self._door.who(connection)
        except UsageError as error:  # the file was there when the server started
            log.error("%s", error)
            who = BROKEN
        if isinstance(who, Caller):
            note_of_request(who=who.name)
        refused = self._refused(connection, rule, who)
        if refused or rule is None:
            await _answer(connection, refused or NOT_HERE, self._door)(scope, receive, send)
            return
        state = scope["state"] = {**scope.get("state", {}), "door": self._door}
        if isinstance(who, Caller):
            state["caller"] = who
        size = self._door.max_upload if rule.need is MANAGE else self._door.max_body
        with ExitStack() as counted:
            if isinstance(who, Caller) and who != LOCAL and rule.stays_open:
                counted.enter_context(self._door.open.one_more(who.name))
            if not rule.idle:
                counted.enter_context(self._door.serving())
            counted.callback(admitted.reset, admitted.set(Admitted(self._door, _user(scope, who))))
            served = Bounded(self._app, size, self._door.receive_timeout)
            await served(scope, receive, send)

    def _believed(self, scope: Connection) -> Connection:
        """The request without the headers that only the proxy may send, unless it did."""
        proxy = self._door.proxy
        headers = Headers(scope=scope)
        if proxy is None:
            return dict(scope)  # nobody reads them, but to know that there is a proxy
        if scope.get("client") and proxy.sent(scope["client"][0]):
            secure = headers.get("x-forwarded-proto") == "https"
            return {**scope, "scheme": "https"} if secure else dict(scope)
        dropped = {name.encode("latin-1") for name in (proxy.header.lower(), *FORWARDED)}
        kept = [pair for pair in scope["headers"] if pair[0].lower() not in dropped]
        return {**scope, "headers": kept}

    def _refused(
        self, connection: HTTPConnection, rule: Rule | None, who: Caller | Refusal
    ) -> Refusal | None:
        """Why a request is not served; None where it is."""
        changes = connection.scope["method"] not in READING
        if changes and _is_foreign(connection):
            return FOREIGN
        if rule is not None and rule.need is ANYBODY:
            return None
        if isinstance(who, Refusal):
            return who
        if rule is None or isinstance(rule.need, Open):
            return NOT_SO if methods_of(connection.scope["path"]) else NOT_HERE
        if not who.may(rule.need):
            return Refusal(403, MAY_NOT)
        if changes and not rule.free and self._door.stopping:
            return Refusal(503, STOPPING, BusyError.retry_after)
        return None if who == LOCAL else self._limited(rule, who)

    def _limited(self, rule: Rule, who: Caller) -> Refusal | None:
        if rule.stays_open and self._door.open.is_full(who.name):
            return Refusal(429, "you have too many requests open at once; end some", 5)
        if rule.free:
            return None
        wait = self._door.rates.wait(self._door.rate, "asked", who.name)
        return Refusal(429, f"you ask too often; again in {wait} seconds", wait) if wait else None


def _user(scope: Connection, who: Caller | Refusal) -> str:
    """Who waits in the queue: a caller, or one of those at this machine, who have no names."""
    if isinstance(who, Caller) and who != LOCAL:
        return who.name
    return f"{LOCAL.name} {scope.get('client')}"


def _is_foreign(connection: HTTPConnection) -> bool:
    """Whether a browser sent this on behalf of another site's page.

    What carries a token was sent by a program: a page cannot add one by itself. Browsers say where
    a request comes from (`Sec-Fetch-Site`, before that `Origin`); programs say nothing.
    """
    headers = connection.headers
    if headers.get("authorization", "").lower().startswith("bearer "):
        return False
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host", "")


def _answer(connection: HTTPConnection, refused: Refusal, door: Door) -> Response:
    """The response to a request that is not served: a page to log in on, or one line of JSON."""
    headers = {"Cache-Control": "no-store"}
    if refused.retry_after:
        headers["Retry-After"] = str(refused.retry_after)
    if refused is NOT_SO:
        headers["Allow"] = ", ".join(methods_of(connection.scope["path"]))
    if refused.status == 401:
        if door.sessions and _is_page(connection):
            back = quote(connection.scope["path"] + _query(connection), safe="/")
            return RedirectResponse(f"/login?next={back}", 303, headers)
        headers["WWW-Authenticate"] = 'Bearer realm="Dateline"'
    return JSONResponse(error_body(refused), refused.status, headers)


def _is_page(connection: HTTPConnection) -> bool:
    wanted = "text/html" in connection.headers.get("accept", "")
    return wanted and connection.scope["method"] in READING


def _query(connection: HTTPConnection) -> str:
    query = connection.scope.get("query_string", b"").decode("latin-1")
    return f"?{query}" if query else ""

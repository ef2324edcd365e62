"""Each caller's windows, kept apart from everybody else's.

Gradio knows a window by a name that the browser makes up (`session_hash`), and gives whoever says
that name the window's conversation and events. The name stands in addresses, so in the logs of a
proxy. Here it is made the caller's own before gradio sees it: said by another, it is another name.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access import caller_of
from assistant.api.failing import body_of

NAME = "session_hash"
_HEARTBEAT = "/gradio_api/heartbeat/"
_WITH_BODY = ("/gradio_api/queue/join", "/gradio_api/cancel")
_FILE = '"gradio.FileData"'
_NO_FILES = "the chat takes no files"


class Windows:
    """Serves gradio's requests with the window's name made the caller's. Goes behind `Access`.

    An event that brings a file is refused: gradio would fetch the address that it names.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; as ASGI has it."""
        if scope["type"] != "http" or not scope["path"].startswith("/gradio_api/"):
            await self._app(scope, receive, send)
            return
        mark = _mark(scope)
        scope = _addressed(scope, mark)
        if scope["method"] == "POST" and scope["path"] in _WITH_BODY:
            body = _named(await Request(scope, receive).body(), mark)
            if _FILE.encode() in body:
                refused = JSONResponse(body_of(_NO_FILES, 400, code="invalid_value"), 400)
                await refused(scope, receive, send)
                return
            scope = {**scope, "headers": list(scope["headers"])}
            MutableHeaders(scope=scope)["content-length"] = str(len(body))
            receive = _replayed(body, receive)
        await self._app(scope, receive, send)


def _mark(scope: Scope) -> str:
    """What stands before the names of a caller's windows: of fixed length, so never ambiguous."""
    name = caller_of(Request(scope)).name
    return hashlib.sha256(name.encode()).hexdigest()[:32]


def _addressed(scope: Scope, mark: str) -> Scope:
    """The request with the window's name in its address made the caller's."""
    path, query = scope["path"], scope["query_string"].decode("latin-1")
    if path.startswith(_HEARTBEAT):
        path = f"{_HEARTBEAT}{mark}-{path.removeprefix(_HEARTBEAT)}"
    pairs = parse_qsl(query, keep_blank_values=True)
    named = [(key, f"{mark}-{value}" if key == NAME else value) for key, value in pairs]
    return {
        **scope,
        "path": path,
        "raw_path": quote(path).encode(),
        "query_string": urlencode(named).encode("latin-1"),
    }


def _named(body: bytes, mark: str) -> bytes:
    """The same of a body; of one that cannot be read, nothing is left."""
    try:
        data: Any = json.loads(body)
    except (ValueError, RecursionError):
        return b""
    if isinstance(data, dict) and isinstance(data.get(NAME), str):
        data[NAME] = f"{mark}-{data[NAME]}"
    return json.dumps(data).encode()


def _replayed(body: bytes, receive: Receive) -> Receive:
    """The rest of a request whose body was read, and is this now."""
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed

"""The body of a request: how large it may be, and how slowly it may come."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.limits import Refusal, error_body

SLOWEST = 500
"""Bytes a second that a body comes with at least, once its first seconds are over."""

_GONE: Message = {"type": "http.disconnect"}


class Bounded:
    """Serves a request whose body has at most so many bytes, and comes.

    A larger one is answered with 413. One of which nothing came for so many seconds, or less than
    `SLOWEST` since, with 408: whoever sends it a byte at a time would keep it open for days. Only
    the waiting for the client counts, and only until the body is whole.
    """

    def __init__(self, app: ASGIApp, size: int, seconds: float) -> None:
        self._app, self._size, self._seconds = app, size, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; as ASGI has it."""
        large = Refusal(413, f"the request is larger than {self._size:,} bytes; send less")
        slow = Refusal(408, "the request came too slowly; send it again")
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > self._size:
            await _refuse(large, send)
            return
        body = _Arriving(self._seconds)
        started, over = False, False

        async def bounded() -> Message:
            if over:
                return _GONE
            try:
                message = await body.next(receive)
            except TimeoutError:
                return await end(slow)
            return message if body.read <= self._size else await end(large)

        async def end(refusal: Refusal) -> Message:
            nonlocal over
            over = True
            if not started:
                await _refuse(refusal, send)
            return _GONE

        async def unless_over(message: Message) -> None:
            nonlocal started
            if not over:
                started = True
                await send(message)

        with suppress(ClientDisconnect):  # nobody is left to hear of it, or it was told of above
            await self._app(scope, bounded, unless_over)


class _Arriving:
    """A body that comes in pieces, and the time that was waited for them."""

    def __init__(self, seconds: float) -> None:
        self.read = 0
        self._seconds, self._waited, self._whole = seconds, 0.0, False

    async def next(self, receive: Receive) -> Message:
        """What comes next.

        Raises:
            TimeoutError: nothing came in time.
        """
        if self._whole:  # what comes now is that the client has hung up, whenever it does
            return await receive()
        clock = asyncio.get_running_loop().time
        began = clock()
        left = self._seconds + self.read / SLOWEST - self._waited
        async with asyncio.timeout(min(self._seconds, left)):
            message = await receive()
        self._waited += clock() - began
        self.read += len(message.get("body", b""))
        self._whole = not message.get("more_body", False)
        return message


async def _refuse(refusal: Refusal, send: Send) -> None:
    body = json.dumps(error_body(refusal)).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

"""A server that lets running answers end before it stops, and closes what asks for nothing."""

from __future__ import annotations

import signal
import time
from types import FrameType

import uvicorn
from starlette.types import ASGIApp

from assistant.access.door import Door

LAST = 2
"""Seconds that connections without an answer, such as an open page's, have once it stops."""


class GracefulServer(uvicorn.Server):
    """Stops at SIGTERM once no answer runs, or `Door.grace` seconds later; new ones get a 503.

    SIGINT (Ctrl-C), or a second SIGTERM, stops it at once.

    A connection on which nothing was asked for `Door.receive_timeout` seconds is closed: uvicorn
    itself would wait for the head of a request, byte after byte, for ever.
    """

    def __init__(self, app: ASGIApp, door: Door) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,  # its loggers are heard as others are
                access_log=False,  # it has addresses with questions in them
                timeout_graceful_shutdown=LAST,
                # The door itself decides whose X-Forwarded-* it believes.
                proxy_headers=False,
                server_header=False,
            )
        )
        self._door = door
        self._until: float | None = None
        self._unasked: dict[object, tuple[object, float]] = {}
        """Connections on which nothing is served: the request before, and since when."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take a signal."""
        if sig == signal.SIGTERM and self._until is None:
            self._until = time.monotonic() + self._door.grace
            self._door.drain()
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to stop."""
        over = self._until is not None and (self._door.idle or time.monotonic() > self._until)
        self.should_exit = self.should_exit or over
        if counter % 10 == 0:
            self._close_unasked()
        return await super().on_tick(counter)

    def _close_unasked(self) -> None:
        now, unasked = time.monotonic(), dict[object, tuple[object, float]]()
        for connection in list(self.server_state.connections):
            cycle = getattr(connection, "cycle", None)  # uvicorn's for a request and its response
            if cycle is not None and not cycle.response_complete:
                continue
            before, since = self._unasked.get(connection, (cycle, now))
            unasked[connection] = cycle, since if before is cycle else now
            if now - unasked[connection][1] > self._door.receive_timeout:
                connection.transport.close()
        self._unasked = unasked

"""Ending the requests to endpoints that a thread waits in, from another thread.

A thread that reads from a socket cannot be interrupted, and closing its socket does not wake it;
shutting the socket down does.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from typing import Any


class Stopped(BaseException):
    """The work was called off. No `Exception`: nothing on the way may go on in another manner."""


class Stop:
    """Calls off the requests of one piece of work, those under way and those to come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._is_set = False

    @property
    def is_set(self) -> bool:
        """Whether the work was called off."""
        return self._is_set

    def set(self) -> None:
        """Call the work off: who waits for an endpoint wakes with an error. Never blocks."""
        with self._lock:
            self._is_set = True
            for each in self._sockets:
                _shut(each)
            self._sockets.clear()

    def hold(self, opened: socket.socket) -> None:
        """Remember a connection, to be shut when the work is called off."""
        with self._lock:
            if self._is_set:
                _shut(opened)
            else:
                self._sockets.append(opened)


_current: ContextVar[Stop | None] = ContextVar("_current", default=None)


def use(stop: Stop) -> None:
    """Have the requests of this context be ended by `stop`."""
    _current.set(stop)


def check_stopped() -> None:
    """Go no further where the work was called off.

    Raises:
        Stopped: it was.
    """
    stop = _current.get()
    if stop is not None and stop.is_set:
        raise Stopped


def note_connection(event: str, info: Mapping[str, Any]) -> None:
    """Hold the connection that httpcore says it made: the `trace` extension of a request."""
    stop = _current.get()
    made = event in ("connection.connect_tcp.complete", "connection.start_tls.complete")
    if stop is None or not made:
        return
    opened = info["return_value"].get_extra_info("socket")
    if isinstance(opened, socket.socket):
        stop.hold(opened)


def _shut(opened: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        # Not the method of an SSL socket, which would say good-bye to the other side first.
        socket.socket.shutdown(opened, socket.SHUT_RDWR)

"""An HTTP client whose whole exchange, not each read of it, has to be done by a deadline.

A read timeout alone never ends a reply that drips in a byte at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Any

import httpx

from assistant.models.stopping import check_stopped, note_connection

_CONNECT_SECONDS = 10.0

_opened: ContextVar[list[httpx.Response] | None] = ContextVar("_opened", default=None)


@contextmanager
def opened_replies(replies: list[httpx.Response]) -> Iterator[None]:
    """Collect in `replies` those that are opened inside, so that who asked can close them early.

    The openai client's stream closes its reply only when it is read to its end or collected as
    garbage, and LlamaIndex does not hand that stream out.
    """
    token = _opened.set(replies)
    try:
        yield
    finally:
        _opened.reset(token)


def limits_of(seconds: float) -> httpx.Timeout:
    """Return the timeouts of one exchange: `seconds` for each read, at most 10 s to connect."""
    return httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))


class PunctualClient(httpx.Client):
    """A client that gives each request `seconds` from its start to the end of its reply.

    Between questions no connection is kept: minutes can lie there, and nobody closes it.
    A request that took too long is not tried again: the openai client retries timeouts like
    failures, which would keep a reader waiting for several times what was set.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(
            timeout=limits_of(seconds),
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,  # what is sent is for this address and for no other
        )
        self._seconds = seconds

    def send(
        self,
        request: httpx.Request,
        *,
        stream: bool = False,
        **options: Any,  # noqa: ANN401  # httpx's own
    ) -> httpx.Response:
        """Send the request; its reply's stream raises `httpx.ReadTimeout` past the deadline.

        Raises:
            openai.APITimeoutError: no reply began in time, or, read here, did not end in time.
            Stopped: the work was called off.
        """
        from openai import APITimeoutError

        check_stopped()  # also before it is tried again
        ends = monotonic() + self._seconds
        request.extensions["trace"] = note_connection
        try:
            response = super().send(request, stream=True, **options)
            if not response.is_closed and isinstance(response.stream, httpx.SyncByteStream):
                response.stream = _Deadline(response.stream, ends)
            if not stream:
                with closing(response):
                    response.read()
        except httpx.TransportError as error:
            check_stopped()
            if isinstance(error, httpx.TimeoutException):
                raise APITimeoutError(request=request) from error
            raise
        if (opened := _opened.get()) is not None:
            opened.append(response)
        return response


class _Deadline(httpx.SyncByteStream):
    def __init__(self, stream: httpx.SyncByteStream, ends: float) -> None:
        self._stream = stream
        self._ends = ends

    def __iter__(self) -> Iterator[bytes]:
        try:
            for part in self._stream:
                if monotonic() > self._ends:
                    raise httpx.ReadTimeout("the reply took too long")
                yield part
        except httpx.TransportError:
            check_stopped()
            raise

    def close(self) -> None:
        self._stream.close()

"""Server-sent events: how a stream of them is begun, and how it ends when something fails."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.responses import StreamingResponse

from assistant.api.failing import error_body
from assistant.api.schemas import Json
from assistant.types import Answer, Part

EVENTS = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Begun:
    """A stream of which the first item is here: what fails before it can still have its status."""

    def __init__(self, parts: AsyncGenerator[Part | Answer, None]) -> None:
        self._parts = parts
        self._first: Part | Answer | None = None

    async def begin(self) -> Begun:
        """Await the first item.

        Raises:
            DatelineError: what asking raised.
        """
        self._first = await anext(self._parts)
        return self

    async def items(self) -> AsyncGenerator[Part | Answer, None]:
        """All items, the first too."""
        async with aclosing(self._parts):
            if self._first is not None:
                yield self._first
            async for item in self._parts:
                yield item


def event(data: Json | str, name: str = "") -> str:
    """One event."""
    said = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)
    return (f"event: {name}\n" if name else "") + f"data: {said}\n\n"


def events_response(events: AsyncIterator[str], *, error_name: str = "") -> StreamingResponse:
    """The response; what fails on the way is its last event."""
    return StreamingResponse(_ended(events, error_name), media_type=EVENTS, headers=_HEADERS)


async def _ended(events: AsyncIterator[str], error_name: str) -> AsyncIterator[str]:
    try:
        async for each in events:
            yield each
    except Exception as error:  # noqa: BLE001  # the outermost place; logged by `error_body`
        yield event(error_body(error)[1], error_name)

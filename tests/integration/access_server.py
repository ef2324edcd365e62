"""A server whose answers take a while, in a process of its own.

`POST /api/ask` streams for as long as its body says, in the queue; it says so when it begins. How
many wait there is what the article `waiting` says.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from assistant.access import Access, Door, GracefulServer, caller_of, door_of
from assistant.web import server


async def ask(request: Request) -> StreamingResponse:
    seconds = float(await request.body())
    gate, user = door_of(request).gate, caller_of(request).name

    async def parts() -> AsyncIterator[str]:
        async with gate.turn(user):
            yield "begun "
            await asyncio.sleep(seconds)
            yield "ended"

    return StreamingResponse(parts())


async def waiting(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(door_of(request).gate.waiting))


async def beat(request: Request) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        while True:
            yield "alive "
            await asyncio.sleep(0.1)

    return StreamingResponse(parts())


if __name__ == "__main__":
    door = Door.of()
    routes = [
        Route("/api/ask", ask, methods=["POST"]),
        Route("/api/articles/waiting", waiting),
        Route("/gradio_api/heartbeat/{session}", beat),
    ]
    with server.listen("127.0.0.1", 0) as listener:
        print(server.address(listener), flush=True)
        app = Access(Starlette(routes=routes), door)
        GracefulServer(app, door).run(sockets=[listener])
    print("closed", flush=True)

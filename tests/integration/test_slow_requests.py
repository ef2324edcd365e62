"""Requests that come slowly, over raw sockets to a real server with a short bound."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from assistant.access import Access, Credentials, Door, Scope, login_routes
from assistant.settings import load_settings
from tests.served import served

BOUND = 0.5


async def _ask(request: Request) -> JSONResponse:
    size = len(await request.body())
    await asyncio.sleep(6 * BOUND)  # an answer takes longer than its question may
    return JSONResponse({"size": size, "gone": await request.is_disconnected()})


async def _beat(request: Request) -> StreamingResponse:
    async def beats() -> AsyncIterator[str]:
        for _ in range(12):
            yield "alive "
            await asyncio.sleep(BOUND / 2)

    return StreamingResponse(beats())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a server where one logs in, and the header of one who may ask."""
    path = tmp_path_factory.mktemp("access") / "users.json"
    made = Credentials(path).add_token("nightly", [Scope.ASK])
    app = FastAPI()
    app.state.door = door = Door.of(load_settings(users_file=path, receive_timeout=BOUND))
    app.router.routes.extend(
        [
            Route("/api/ask", _ask, methods=["POST"]),
            Route("/gradio_api/heartbeat/{session}", _beat),
            *login_routes(),
        ]
    )
    app.add_middleware(Access, door=door)
    with served(app) as address:
        yield address, f"Authorization: Bearer {made}"


def opened(address: str) -> socket.socket:
    parts = urlsplit(address)
    assert parts.hostname and parts.port
    return socket.create_connection((parts.hostname, parts.port), timeout=20)


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def rest(connection: socket.socket) -> bytes:
    """All that comes until the server closes the connection."""
    said = b""
    while part := connection.recv(65536):
        said += part
    return said


def dripped(connection: socket.socket, byte: bytes) -> bytes:
    """The same, while a byte is sent again and again, as often as it takes."""
    connection.settimeout(BOUND / 5)
    said, end = b"", time.monotonic() + 20
    while time.monotonic() < end:
        try:
            connection.sendall(byte)
            part = connection.recv(65536)
        except TimeoutError:
            continue
        except ConnectionError:
            return said
        if not part:
            return said
        said += part
    raise AssertionError("it was never closed")


FORM = "Content-Type: application/x-www-form-urlencoded"


@pytest.mark.parametrize("length", ["Content-Length: 8000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("drips", [False, True])
def test_a_body_that_does_not_come_is_given_up_also_before_a_login(
    place: tuple[str, str], length: str, drips: bool
) -> None:
    address, authorization = place
    for path, line in (("/login", FORM), ("/api/ask", authorization)):
        with opened(address) as connection:
            connection.sendall(head("POST", path, length, line))
            if length.startswith("Transfer"):
                said = dripped(connection, b"1\r\nx\r\n") if drips else rest(connection)
            else:
                said = dripped(connection, b"x") if drips else rest(connection)
        assert said.startswith(b"HTTP/1.1 408 ")
        assert b"the request came too slowly" in said


def test_one_that_comes_fast_enough_may_take_longer_and_so_may_its_answer(
    place: tuple[str, str],
) -> None:
    address, authorization = place
    with opened(address) as connection:
        connection.sendall(head("POST", "/api/ask", "Content-Length: 8000", authorization))
        for _ in range(20):
            time.sleep(BOUND / 10)
            connection.sendall(b"x" * 400)
        said = connection.recv(65536)
    assert said.startswith(b"HTTP/1.1 200 ")
    assert b'{"size":8000,"gone":false}' in said


def test_a_stream_stays_open(place: tuple[str, str]) -> None:
    address, authorization = place
    headers = dict([authorization.split(": ")])
    came = httpx.get(f"{address}/gradio_api/heartbeat/x", headers=headers, timeout=30)
    assert came.text == "alive " * 12


@pytest.mark.parametrize("begun", [b"", b"POST /login HTTP/1.1\r\nHost: lo"])
@pytest.mark.parametrize("drips", [False, True])
def test_a_connection_that_asks_for_nothing_is_closed(
    place: tuple[str, str], begun: bytes, drips: bool
) -> None:
    with opened(place[0]) as connection:
        connection.sendall(begun)
        said = dripped(connection, b"x" if begun else b"\r\n") if drips else rest(connection)
    assert said == b""


def test_a_refused_request_is_not_held_open_by_the_rest_of_its_body(
    place: tuple[str, str],
) -> None:
    with opened(place[0]) as connection:
        connection.sendall(head("POST", "/api/ask", "Content-Length: 8000"))
        said = dripped(connection, b"x")
    assert said.startswith(b"HTTP/1.1 401 ")

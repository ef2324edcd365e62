"""Every route by every kind of caller, over a real server; and a server that is told to stop."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Mount, WebSocketRoute
from web_double import DoubleAssistant

from assistant.access import (
    Access,
    Credentials,
    Door,
    GracefulServer,
    Scope,
    caller_of,
    door_of,
)
from assistant.access.rules import ANYBODY, ASK, MANAGE, NOBODY, Rule, rule_of
from assistant.chats import Chats
from assistant.settings import load_settings
from assistant.web import server

SERVER = Path(__file__).with_name("access_server.py")
PROXY, ELSEWHERE = "127.0.0.2", "127.0.0.3"


# The routes, taken from the application itself.


def routes_of(routes: list[BaseRoute], before: str = "") -> Iterator[tuple[str, str]]:
    """Method and path of each route of an application, and of those mounted in it."""
    for route in routes:
        included = getattr(route, "original_router", None)  # FastAPI's way to include a router
        if included is not None:
            yield from routes_of(included.routes, before + route.include_context.prefix)
            continue
        path = before + route.path  # type: ignore[attr-defined]  # what has none fails here
        below = getattr(route, "routes", None)
        if below:
            yield from routes_of(below, path.rstrip("/"))
        elif isinstance(route, Mount):  # an application without routes that can be listed
            yield from ((method, f"{path}/{{path}}") for method in ("GET", "POST"))
        elif isinstance(route, WebSocketRoute):
            yield "WEBSOCKET", path
        else:
            for method in sorted(getattr(route, "methods", None) or {"GET"}):
                yield method, path


def filled(path: str) -> str:
    """A path that a route with parameters takes."""
    return re.sub(r"\{[^}]*\}", "x", path)


def without_a_rule(app: FastAPI) -> list[tuple[str, str]]:
    found = {(method, filled(path)) for method, path in routes_of(app.router.routes)}
    return sorted(one for one in found if rule_of(*one) is None)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with Chats.open(tmp_path_factory.mktemp("kept")) as chats:
        yield server.make_app(DoubleAssistant(), chats=chats)  # type: ignore[arg-type]  # a double


@pytest.fixture(scope="module")
def routes(app: FastAPI) -> list[tuple[str, str]]:
    return sorted({(method, filled(path)) for method, path in routes_of(app.router.routes)})


def test_every_route_has_a_rule(app: FastAPI, routes: list[tuple[str, str]]) -> None:
    assert without_a_rule(app) == []
    paths = {path for _, path in routes}
    assert {"/", "/login", "/chats/x", "/gradio_api/queue/join"} <= paths


def test_a_new_route_without_a_rule_is_found() -> None:
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    inner = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    router = APIRouter(prefix="/more")

    @app.delete("/api/everything")
    @inner.get("/secrets/{name}")
    @router.put("/things")
    def new(name: str = "") -> str:
        return name

    app.include_router(router, prefix="/v9")
    app.mount("/inner", inner)
    app.mount("/files", PlainTextResponse("x"))
    assert without_a_rule(app) == [
        ("DELETE", "/api/everything"),
        ("GET", "/files/x"),
        ("GET", "/inner/secrets/x"),
        ("POST", "/files/x"),
        ("PUT", "/v9/more/things"),
    ]


def test_only_these_are_open_to_anybody_and_these_take_managing(
    routes: list[tuple[str, str]],
) -> None:
    def with_need(need: object) -> set[str]:
        rules = [(path, rule_of(method, path)) for method, path in routes]
        return {path for path, rule in rules if rule and rule.need is need}

    opened = {"/favicon.ico", "/healthz", "/login", "/logout", "/readyz", "/robots.txt"}
    assert with_need(ANYBODY) <= opened
    assert "/gradio_api/upload" in with_need(MANAGE)
    assert not {path for path in with_need(ASK) if re.search("upload|proxy|monitor|run/", path)}
    for method, path, need in (
        ("GET", "/metrics", MANAGE),
        ("POST", "/v1/chat/completions", ASK),
        ("POST", "/api/ask", ASK),
        ("DELETE", "/api/articles/a/b", MANAGE),
        ("POST", "/mcp", ASK),
        ("GET", "/gradio_api/proxy=http://evil.example", NOBODY),
        ("GET", "/gradio_api/file=https://evil.example/a.png", NOBODY),  # it would be fetched
        ("HEAD", "/gradio_api/file=http://evil.example/a.png", NOBODY),
    ):
        rule = rule_of(method, path)
        assert rule and rule.need is need, (method, path)


# The matrix. What is behind the door says "in": calling the real handlers proves no more.


async def _inside(scope: Any, receive: Any, send: Any) -> None:
    await PlainTextResponse("in")(scope, receive, send)


@contextmanager
def running(door: Door, app: Any = _inside) -> Iterator[str]:
    with server.listen("127.0.0.1", 0) as listener:
        runs = GracefulServer(app if isinstance(app, FastAPI) else Access(app, door), door)
        thread = threading.Thread(target=runs.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield server.address(listener).rstrip("/")
        finally:
            runs.should_exit = True
            thread.join(30)


@pytest.fixture(scope="module")
def users_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("access") / "users.json"
    Credentials(path).add_user("reader", "correct horse battery", [Scope.ASK])
    Credentials(path).add_user("editor", "correct horse battery", [Scope.ASK, Scope.MANAGE])
    return path


def guarded(users_file: Path, **more: Any) -> Door:
    """The door of a server that listens elsewhere, and lets in a proxy, sessions and tokens."""
    settings = load_settings(
        users_file=users_file,
        proxy_header="X-Remote-User",
        proxy_from=PROXY,
        proxy_managers="chief",
        rate="100000/second",
        **more,
    )
    return Door.of(settings, "0.0.0.0")


def callers(users_file: Path, door: Door) -> dict[str, tuple[str, dict[str, str], set[object]]]:
    """Each kind of caller: the address it comes from, its headers, and what it may do."""
    credentials = Credentials(users_file)
    tokens = {}
    for scopes in (["ask"], ["ask", "manage"], ["revoked"]):
        name = "-".join(scopes)
        tokens[name] = credentials.add_token(name, map(Scope, {*scopes} - {"revoked"} or {"ask"}))
    credentials.revoke_token("revoked")
    assert door.sessions

    def session(name: str) -> dict[str, str]:
        value = door.sessions.begin(name, credentials.users()[name])
        return {"Cookie": f"dateline_session={value}"}

    def bearer(token: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {token}"}

    then = pytest.MonkeyPatch()
    now = time.time()
    then.setattr(time, "time", lambda: now - 13 * 3600)
    expired = session("editor")
    then.undo()
    ended = session("editor")
    door.sessions.end(ended["Cookie"].partition("=")[2])
    asks, manages, no = {ANYBODY, ASK}, {ANYBODY, ASK, MANAGE}, {ANYBODY}
    return {
        "nobody": (ELSEWHERE, {}, no),
        "the proxy's user": (PROXY, {"X-Remote-User": "anna"}, asks),
        "the proxy's manager": (PROXY, {"X-Remote-User": "chief"}, manages),
        "the proxy without a user": (PROXY, {}, no),
        "a forged user": (ELSEWHERE, {"X-Remote-User": "chief"}, no),
        "a session": (ELSEWHERE, session("reader"), asks),
        "a manager's session": (ELSEWHERE, session("editor"), manages),
        "an expired session": (ELSEWHERE, expired, no),
        "an ended session": (ELSEWHERE, ended, no),
        "a forged session": (ELSEWHERE, {"Cookie": "dateline_session=eyJ9.x.y"}, no),
        "a token to ask": (ELSEWHERE, bearer(tokens["ask"]), asks),
        "a token to manage": (ELSEWHERE, bearer(tokens["ask-manage"]), manages),
        "a revoked token": (ELSEWHERE, bearer(tokens["revoked"]), no),
        "garbage": (ELSEWHERE, {"Authorization": "Bearer garbage"}, no),
        "basic garbage": (ELSEWHERE, {"Authorization": "Basic Z2FyYmFnZQ=="}, no),
    }


# Those of the API stand in the table before they are mounted.
API = [
    ("POST", "/v1/chat/completions"),
    ("GET", "/v1/models"),
    ("POST", "/api/ask"),
    ("GET", "/api/articles/x"),
    ("DELETE", "/api/articles/x"),
    ("POST", "/mcp"),
    ("GET", "/mcp"),
    ("GET", "/metrics"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
]


def expected(rule: Rule | None, may: set[object]) -> int:
    if rule and rule.need in may:
        return 200
    if ASK not in may:
        return 401
    return 405 if rule is None or rule.need is NOBODY else 403


def test_every_route_by_every_kind_of_caller(
    routes: list[tuple[str, str]], users_file: Path
) -> None:
    door = guarded(users_file)
    asked = 0
    with running(door) as address:
        for kind, (source, headers, may) in callers(users_file, door).items():
            transport = httpx.HTTPTransport(local_address=source)
            with httpx.Client(
                transport=transport, base_url=address, headers=headers, timeout=30
            ) as client:
                for method, path in [*routes, *API]:
                    status = client.request(method, path).status_code
                    wanted = expected(rule_of(method, path), may)
                    if wanted == 405:
                        assert status in (404, 405), (kind, method, path, status)
                    else:
                        assert status == wanted, (kind, method, path, status)
                    asked += 1
    assert asked > 15 * 60


def test_on_loopback_without_a_login_every_route_is_open(routes: list[tuple[str, str]]) -> None:
    with (
        running(Door.of(load_settings())) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        for method, path in [*routes, *API]:
            rule = rule_of(method, path)
            status = client.request(method, path).status_code
            closed = rule is None or rule.need is NOBODY
            assert status in ((404, 405) if closed else (200,)), (method, path, status)


def test_listening_elsewhere_loopback_is_like_any_address(users_file: Path) -> None:
    door = Door.of(load_settings(users_file=users_file), "0.0.0.0")
    with running(door) as address, httpx.Client(base_url=address, timeout=30) as client:
        assert client.get("/config").status_code == 401
        assert client.get("/healthz").text == "in"


# The chat itself, behind the door.


def test_the_chat_is_behind_the_door(users_file: Path) -> None:
    door = guarded(users_file)
    app = server.make_app(DoubleAssistant(), door=door)  # type: ignore[arg-type]  # a double
    html = {"Accept": "text/html"}
    with running(door, app) as address, httpx.Client(base_url=address, timeout=30) as client:
        sent = client.get("/", headers=html)
        assert (sent.status_code, sent.headers["Location"]) == (303, "/login?next=/")
        assert "frame-ancestors" in sent.headers["Content-Security-Policy"]
        for method, path in (
            ("GET", "/config"),
            ("GET", "/gradio_api/info"),
            ("GET", "/gradio_api/heartbeat/x"),
            ("GET", "/gradio_api/queue/data?session_hash=x"),
            ("POST", "/gradio_api/queue/join"),
            ("POST", "/gradio_api/upload"),
        ):
            refused = client.request(method, path)
            assert refused.status_code == 401, path
            assert "nosniff" in refused.headers["X-Content-Type-Options"]
        form = {"name": "reader", "password": "correct horse battery", "next": "/"}
        assert client.post("/login", data=form).status_code == 303
        page = client.get("/", headers=html)
        assert page.status_code == 200 and "Dateline" in page.text
        assert client.get("/config").status_code == 200
        assert client.post("/gradio_api/upload").status_code == 403


def test_a_handler_of_the_chat_knows_who_asks(users_file: Path) -> None:
    door = guarded(users_file)
    app = FastAPI()
    app.add_middleware(Access, door=door)

    def who(request: gr.Request) -> str:
        caller = caller_of(request)
        assert door_of(request) is door
        return f"{caller.name} {caller.may(Scope.MANAGE)}"

    with gr.Blocks(analytics_enabled=False) as page:
        button, box = gr.Button(), gr.Textbox()
        button.click(who, None, box, api_visibility="private")
    gr.mount_gradio_app(app, page, path="/", ssr_mode=False)
    with running(door, app) as address:
        for name in ("anna", "chief"):
            transport = httpx.HTTPTransport(local_address=PROXY)
            headers = {"X-Remote-User": name}
            with httpx.Client(
                transport=transport, base_url=address, headers=headers, timeout=30
            ) as client:
                event = {"data": [], "fn_index": 0, "session_hash": f"of-{name}"}
                assert client.post("/gradio_api/queue/join", json=event).status_code == 200
                data = client.get(f"/gradio_api/queue/data?session_hash=of-{name}", timeout=30)
            assert f'"{name} {name == "chief"}"' in data.text


# Stopping.


@contextmanager
def started(**environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, str(SERVER)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=root,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root), **environment},
    )
    try:
        assert process.stdout
        address = process.stdout.readline().strip().rstrip("/")
        until(lambda: httpx.get(f"{address}/", timeout=20).status_code == 404)  # it serves
        yield process, address
    finally:
        process.kill()
        process.communicate()


class Answer:
    """An answer that streams in, in a thread."""

    def __init__(self, address: str, seconds: float) -> None:
        self.text, self.began = "", threading.Event()
        self._thread = threading.Thread(target=self._read, args=(address, seconds), daemon=True)
        self._thread.start()

    def _read(self, address: str, seconds: float) -> None:
        try:
            body = str(seconds)
            with httpx.stream("POST", f"{address}/api/ask", content=body, timeout=60) as response:
                for part in response.iter_text():
                    self.text += part
                    self.began.set()
        except httpx.HTTPError:
            self.text += "(cut)"

    def whole(self) -> str:
        self._thread.join(60)
        return self.text


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_refused(address: str) -> bool:
    try:
        return httpx.post(f"{address}/api/ask", content="0", timeout=20).status_code == 503
    except httpx.HTTPError:
        return False


def test_told_to_stop_it_ends_running_answers_and_takes_no_new_ones() -> None:
    with started(DATELINE_ANSWERS_AT_ONCE="1") as (process, address):
        first = Answer(address, 3)
        assert first.began.wait(60)
        second = Answer(address, 0.5)  # waits for its turn
        with httpx.stream(
            "GET", f"{address}/gradio_api/heartbeat/x", timeout=60
        ) as idle:  # an open page
            assert next(idle.iter_text())
            queue = f"{address}/api/articles/waiting"
            until(lambda: httpx.get(queue, timeout=20).text == "1")
            process.send_signal(signal.SIGTERM)
            until(lambda: is_refused(address))
            assert first.whole() == "begun ended"
            assert second.whole() == "begun ended"
            assert process.wait(60) == 0
    assert process.stdout


def test_it_waits_no_longer_than_its_grace() -> None:
    with started(DATELINE_GRACE="0.5") as (process, address):
        answer = Answer(address, 60)
        assert answer.began.wait(60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert answer.whole().startswith("begun ") and "ended" not in answer.text


def test_told_twice_it_stops_at_once() -> None:
    with started() as (process, address):
        answer = Answer(address, 60)
        assert answer.began.wait(60)
        process.send_signal(signal.SIGTERM)
        until(lambda: is_refused(address))
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def test_with_nothing_to_do_it_stops_at_once() -> None:
    with started() as (process, _):
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0

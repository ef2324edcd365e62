"""Who is let in, and how much they may ask: requests through the middleware, without a socket."""

from __future__ import annotations

import asyncio
import doctest
import re
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from assistant.access import Access, Credentials, Door, Scope, caller_of, door_of, login_routes
from assistant.access import login as login_module
from assistant.access import peers as peers_module
from assistant.access import rules as rules_module
from assistant.access.callers import is_user_name
from assistant.access.peers import is_loopback_host
from assistant.api.library import library_router
from assistant.api.measuring import Metrics, measuring_router
from assistant.api.questions import Questions
from assistant.api.schemas import ErrorOut
from assistant.errors import IndexNotFoundError, UsageError
from assistant.settings import Settings, load_settings

PASSWORD = "correct horse battery"
PROXIED = {"proxy_header": "X-Remote-User", "proxy_from": "10.0.0.1, fd00::/8"}
LOOPBACK, PROXY, STRANGER = "127.0.0.1", "10.0.0.1", "198.51.100.7"


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(f"DATELINE_{field.upper()}", raising=False)


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("assistant.access.passwords._HASHER", cheap)


@pytest.fixture
def users_file(tmp_path: Path) -> Path:
    path = tmp_path / "users.json"
    Credentials(path).add_user("marit", PASSWORD, [Scope.ASK])
    return path


async def _echo(request: Request) -> JSONResponse:
    body = await request.body()
    caller = caller_of(request)
    return JSONResponse(
        {
            "name": caller.name,
            "scopes": sorted(caller.scopes),
            "user": request.headers.get("x-remote-user"),
            "forwarded": request.headers.get("x-forwarded-for"),
            "scheme": request.url.scheme,
            "size": len(body),
            "door": door_of(request).gate.running,
        }
    )


async def _open(request: Request) -> JSONResponse:
    return JSONResponse({})


def app_of(door: Door, *more: Route) -> Access:
    asked = ("/", "/config", "/api/ask", "/api/articles/a", "/gradio_api/queue/join", "/metrics")
    routes = [Route(path, _echo, methods=["GET", "POST", "DELETE"]) for path in asked]
    return Access(
        Starlette(routes=[*more, *routes, Route("/healthz", _open), *login_routes()]), door
    )


def send(
    door: Door,
    method: str = "GET",
    path: str = "/",
    *,
    peer: str = LOOPBACK,
    host: str = "127.0.0.1:7860",
    app: Any = None,
    **more: Any,
) -> httpx.Response:
    async def sent() -> httpx.Response:
        transport = httpx.ASGITransport(app or app_of(door), client=(peer, 5))
        async with httpx.AsyncClient(transport=transport, base_url=f"http://{host}") as client:
            return await client.request(method, path, **more)

    return asyncio.run(sent())


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


# No login on loopback.


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_on_loopback_nobody_logs_in(host: str) -> None:
    door = Door.of(load_settings(), host)
    found = send(door, "POST", "/api/ask", headers=bearer("sk-whatever")).json()
    assert (found["name"], found["scopes"]) == ("local", ["ask", "manage"])


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"peer": STRANGER}, 403),
        ({"peer": "::ffff:198.51.100.7"}, 403),
        ({"peer": "::ffff:127.0.0.1"}, 200),
        ({"host": "news.example"}, 403),  # a name that another site made point here
        ({"host": "localhost:7860"}, 403),  # the address that was connected to is no loopback
        ({"headers": {"X-Forwarded-For": "127.0.0.1"}}, 403),
        ({"headers": {"Forwarded": "for=127.0.0.1"}}, 403),
        ({"headers": {"Host": "news.example"}}, 403),
        ({"headers": {"Host": "localhost:7860"}}, 200),
        ({"headers": {"Host": "[::1]:7860"}}, 200),
    ],
)
def test_but_only_for_who_sits_there(change: dict[str, Any], status: int) -> None:
    response = send(Door.of(load_settings()), **change)
    assert response.status_code == status
    if status == 403:
        assert "DATELINE_USERS_FILE" in response.json()["error"]["message"]


@pytest.mark.parametrize(
    ("path", "told", "status"),
    [
        ("/api/ask", {"headers": bearer("sk-wrong")}, 401),
        ("/metrics", {"headers": bearer("asks")}, 403),
        ("/nowhere", {"headers": bearer("asks")}, 404),
        ("/api/ask", {"headers": bearer("asks"), "content": b"x" * 2_000_000}, 413),
    ],
)
def test_refusals_have_the_form_that_openais_clients_read(
    users_file: Path, path: str, told: dict[str, Any], status: int
) -> None:
    token = Credentials(users_file).add_token("asks", [Scope.ASK])
    told["headers"] = {k: v.replace("asks", token) for k, v in told["headers"].items()}
    door = Door.of(load_settings(users_file=users_file), "0.0.0.0")
    method = "POST" if path == "/api/ask" else "GET"
    response = send(door, method, path, **told)
    assert response.status_code == status
    ErrorOut.model_validate(response.json(), strict=True)


def test_host_headers() -> None:
    assert all(map(is_loopback_host, ("LOCALHOST", "127.8.0.1:1", "[::1]", "localhost:1")))
    assert not any(map(is_loopback_host, ("a.localhost.example", "[::2]", ":80", "0.0.0.0", "[")))


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_elsewhere_it_does_not_start_without_a_login(host: str) -> None:
    with pytest.raises(UsageError, match=r"set DATELINE_USERS_FILE .* or DATELINE_PROXY_HEADER"):
        Door.of(load_settings(), host)


def test_nor_with_a_users_file_that_lets_nobody_in(users_file: Path) -> None:
    settings = load_settings(users_file=users_file)
    assert Door.of(settings, "0.0.0.0").has_login
    Credentials(users_file).remove_user("marit")
    with pytest.raises(UsageError, match="assistant users add NAME"):
        Door.of(settings, "0.0.0.0")
    users_file.unlink()
    with pytest.raises(UsageError, match="cannot read the users file"):
        Door.of(settings, "0.0.0.0")


# A proxy's header.


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"proxy_header": "X-Remote-User"}, "DATELINE_PROXY_FROM"),
        ({"proxy_from": "127.0.0.1"}, "people must log in"),
        (PROXIED | {"proxy_from": "proxy.example"}, "no address or network"),
        (PROXIED | {"rate": "often"}, "DATELINE_RATE"),
    ],
)
def test_a_half_set_proxy_is_told(given: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Door.of(load_settings(**given), "0.0.0.0")


def test_the_proxy_says_who_asks() -> None:
    door = Door.of(load_settings(**PROXIED, proxy_managers="ada"), "0.0.0.0")
    for name, scopes in (("marit", ["ask"]), ("ada", ["ask", "manage"]), ("José", ["ask"])):
        found = send(door, peer=PROXY, headers={"X-Remote-User": name.encode()}).json()
        assert (found["name"], found["scopes"]) == (name, scopes)
    found = send(door, peer="fd00::7", headers={"x-remote-user": "marit"}).json()
    assert found["name"] == "marit"


@pytest.mark.parametrize("peer", [STRANGER, LOOPBACK, "::1", "::ffff:198.51.100.7", "unix"])
def test_others_who_send_the_header_are_nobody(peer: str) -> None:
    door = Door.of(load_settings(**PROXIED), "0.0.0.0")
    response = send(door, peer=peer, headers={"X-Remote-User": "marit"})
    assert response.status_code == 401


def test_a_forged_header_does_not_reach_the_application(users_file: Path) -> None:
    door = Door.of(load_settings(**PROXIED, users_file=users_file), "0.0.0.0")
    token = Credentials(users_file).add_token("laptop", [Scope.ASK])
    forged = {"X-Remote-User": "ada", "X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"}
    found = send(door, peer=STRANGER, headers=forged | bearer(token)).json()
    assert (found["name"], found["user"], found["forwarded"]) == ("token:laptop", None, None)
    assert found["scheme"] == "http"
    found = send(door, peer=PROXY, headers=forged).json()
    assert (found["name"], found["scheme"]) == ("ada", "https")


@pytest.mark.parametrize("name", [b"", b"local", b"token:laptop", b"a\xff", b"x" * 129])
def test_a_proxy_cannot_name_what_is_ours(name: bytes) -> None:
    door = Door.of(load_settings(**PROXIED), "0.0.0.0")
    assert send(door, peer=PROXY, headers={"X-Remote-User": name}).status_code == 401


def test_a_proxy_that_only_encrypts_says_whence_and_how(users_file: Path) -> None:
    door = Door.of(load_settings(users_file=users_file, proxy_from=LOOPBACK))
    said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1, 192.0.2.7"}
    for _ in range(6):
        log_in(door, "marit", "guess", headers=said)
    assert log_in(door, "marit", PASSWORD, headers=said).status_code == 429
    other = said | {"X-Forwarded-For": "192.0.2.7, 192.0.2.1"}
    right = log_in(door, "marit", PASSWORD, headers=other)
    assert right.status_code == 303 and "Secure" in right.headers["Set-Cookie"]
    assert send(door, headers={"X-Remote-User": "ada"} | said).status_code == 401


def test_two_names_are_none() -> None:
    door = Door.of(load_settings(**PROXIED), "0.0.0.0")
    headers = [("X-Remote-User", "ada"), ("X-Remote-User", "marit")]
    assert send(door, peer=PROXY, headers=headers).status_code == 401


def test_names() -> None:
    assert all(map(is_user_name, ("marit", "Marit Okafor", "a@b.example", "اسم", "x" * 128)))


# Tokens, and pages of other sites.


def test_a_wrong_token_is_not_made_good_by_a_session(users_file: Path) -> None:
    door = Door.of(load_settings(users_file=users_file))
    cookie = {"Cookie": f"dateline_session={session_of(door)}"}
    assert send(door, headers=cookie).json()["name"] == "marit"
    response = send(door, headers=cookie | bearer("dl_garbage"))
    assert response.status_code == 401
    assert "garbage" not in response.text
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


def session_of(door: Door, name: str = "marit") -> str:
    assert door.sessions and door.credentials
    return door.sessions.begin(name, door.credentials.users()[name])


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),  # a program
        ({"Origin": "http://127.0.0.1:7860"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://news.example"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_another_sites_page_can_do_nothing(headers: dict[str, str], status: int) -> None:
    door = Door.of(load_settings())
    assert send(door, "DELETE", "/api/articles/a", headers=headers).status_code == status
    assert send(door, "GET", "/", headers=headers).status_code == 200  # as a link leads here


def test_a_page_that_has_a_token_is_a_program(users_file: Path) -> None:
    door = Door.of(load_settings(users_file=users_file))
    token = bearer(Credentials(users_file).add_token("laptop", [Scope.ASK]))
    headers = token | {"Sec-Fetch-Site": "cross-site"}
    assert send(door, "POST", "/api/ask", headers=headers).status_code == 200


# Logging in with a browser.

HTML = {"Accept": "text/html"}


def test_a_browser_logs_in_and_out(users_file: Path) -> None:
    door = Door.of(load_settings(users_file=users_file), "0.0.0.0")

    async def visit() -> None:
        transport = httpx.ASGITransport(app_of(door), client=(STRANGER, 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://n.example") as client:
            sent = await client.get("/?since=2017-01-01&x=%2F", headers=HTML)
            assert sent.status_code == 303
            assert sent.headers["Location"] == "/login?next=/%3Fsince%3D2017-01-01%26x%3D%252F"
            page = await client.get(sent.headers["Location"])
            back = re.search(r'name="next" value="([^"]*)"', page.text)
            assert back and back[1] == "/?since=2017-01-01&amp;x=%2F"
            form = {"name": "marit", "password": "wrong", "next": "/?since=2017-01-01"}
            wrong = await client.post("/login", data=form)
            assert wrong.status_code == 401 and "do not go together" in wrong.text
            assert 'value="marit"' in wrong.text and "since" in wrong.text
            assert not client.cookies
            right = await client.post("/login", data=form | {"password": PASSWORD})
            assert (right.status_code, right.headers["Location"]) == (303, "/?since=2017-01-01")
            assert (await client.get("/")).json()["name"] == "marit"
            kept = dict(client.cookies)
            out = await client.post("/logout")
            assert out.headers["Location"] == "/login" and not client.cookies
            assert (await client.get("/")).status_code == 401
            client.cookies.update(kept)  # somebody kept a copy
            assert (await client.get("/")).status_code == 401

    asyncio.run(visit())


def log_in(door: Door, name: str, password: str, **more: Any) -> httpx.Response:
    return send(door, "POST", "/login", data={"name": name, "password": password}, **more)


def test_the_cookie_is_secure_behind_a_proxy_that_speaks_https(users_file: Path) -> None:
    door = Door.of(load_settings(**PROXIED, users_file=users_file), "0.0.0.0")
    https = {"X-Forwarded-Proto": "https"}
    assert (
        "Secure" in log_in(door, "marit", PASSWORD, peer=PROXY, headers=https).headers["set-cookie"]
    )
    plain = log_in(door, "marit", PASSWORD, peer=STRANGER, headers=https).headers["set-cookie"]
    assert "Secure" not in plain


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_logging_in_leads_nowhere_else(users_file: Path, address: str) -> None:
    door = Door.of(load_settings(users_file=users_file))
    form = {"name": "marit", "password": PASSWORD, "next": address}
    assert send(door, "POST", "/login", data=form).headers["Location"] == "/"


def test_the_form_of_another_site_is_refused(users_file: Path) -> None:
    door = Door.of(load_settings(users_file=users_file))
    response = log_in(door, "marit", PASSWORD, headers={"Origin": "http://evil.example"})
    assert response.status_code == 403 and "set-cookie" not in response.headers


def test_what_is_typed_is_shown_as_text(users_file: Path) -> None:
    door = Door.of(load_settings(users_file=users_file))
    page = log_in(door, '"><script>alert(1)</script>{{ 7*7 }}', PASSWORD)
    assert "<script>" not in page.text and "49" not in page.text


def test_after_failures_one_waits(users_file: Path, caplog: pytest.LogCaptureFixture) -> None:
    door = Door.of(load_settings(users_file=users_file), "0.0.0.0")
    found = [log_in(door, "marit", f"guess-{n}", peer=STRANGER).status_code for n in range(6)]
    assert found == [401] * 5 + [429]
    late = log_in(door, "marit", PASSWORD, peer=STRANGER)
    assert late.status_code == 429 and int(late.headers["Retry-After"]) > 0
    assert "Too many attempts" in late.text
    # From elsewhere the user still gets in, and who gets in starts anew.
    for _ in range(7):
        assert log_in(door, "marit", PASSWORD, peer="192.0.2.9").status_code == 303
    # One address cannot try names without end.
    tried = [log_in(door, f"name-{n}", "guess", peer=STRANGER).status_code for n in range(30)]
    assert tried[0] == 401 and tried[-1] == 429
    assert "guess" not in caplog.text and PASSWORD not in caplog.text


def test_a_large_or_odd_form_is_no_form(users_file: Path) -> None:
    door = Door.of(load_settings(users_file=users_file))
    for body in (b"x" * (login_module.LARGEST_FORM + 1), b"\xff", b"a&" * 50):
        assert send(door, "POST", "/login", content=body).status_code == 400


def test_where_a_proxy_logs_in_there_is_no_form() -> None:
    door = Door.of(load_settings(**PROXIED), "0.0.0.0")
    page = send(door, "GET", "/login", peer=STRANGER)
    assert page.status_code == 404 and "<form" not in page.text
    assert log_in(door, "marit", PASSWORD, peer=STRANGER).status_code == 404
    assert send(door, peer=STRANGER, headers=HTML).status_code == 401
    assert send(door, "POST", "/logout", peer=STRANGER).headers["Location"] == "/"


def test_a_users_file_that_breaks_lets_nobody_in(
    users_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    door = Door.of(load_settings(users_file=users_file))
    cookie = {"Cookie": f"dateline_session={session_of(door)}"}
    users_file.write_text("{}{")
    assert send(door, headers=cookie).status_code == 503
    assert log_in(door, "marit", PASSWORD).status_code == 503
    assert send(door, path="/healthz").status_code == 200
    assert "not a users file" in caplog.text


# How much.


def proxied(**settings: Any) -> Door:
    return Door.of(load_settings(**PROXIED, **settings), "0.0.0.0")


def ask(door: Door, user: str, **more: Any) -> httpx.Response:
    return send(door, "POST", "/api/ask", peer=PROXY, headers={"X-Remote-User": user}, **more)


def test_each_user_has_a_rate() -> None:
    door = proxied(rate="2/minute")
    assert [ask(door, "marit").status_code for _ in range(3)] == [200, 200, 429]
    refused = ask(door, "marit")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert refused.json()["error"]["type"] == "rate_limit_error"
    assert ask(door, "ada").status_code == 200
    page = send(door, peer=PROXY, headers={"X-Remote-User": "marit"})
    assert page.status_code == 200  # the page and its files are not charged


def test_who_sits_here_has_no_rate() -> None:
    door = Door.of(load_settings(rate="1/hour", open_requests=1))
    assert {send(door, "POST", "/api/ask").status_code for _ in range(5)} == {200}


def test_a_body_has_a_size() -> None:
    door = proxied(max_body=10, max_upload=20)
    assert ask(door, "marit", content=b"x" * 10).json()["size"] == 10

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x"

    for body in (b"x" * 11, chunks()):
        refused = ask(door, "marit", content=body)
        assert refused.status_code == 413
        assert refused.json()["error"]["message"].startswith("the request is larger than 10 bytes")
    manager = proxied(max_body=10, max_upload=20, proxy_managers="ada")
    path, headers = "/api/articles/a", {"X-Remote-User": "ada"}
    large = send(manager, "POST", path, peer=PROXY, headers=headers, content=b"x" * 21)
    assert large.status_code == 413


def test_a_body_has_to_come() -> None:
    door = Door.of(load_settings(receive_timeout=0.05))

    async def stops() -> AsyncIterator[bytes]:
        yield b"x"
        await asyncio.sleep(3600)

    async def drips() -> AsyncIterator[bytes]:
        while True:
            yield b"x"
            await asyncio.sleep(0.01)

    for body in (stops(), drips()):
        refused = send(door, "POST", "/api/ask", content=body)
        assert refused.status_code == 408
        assert refused.json()["error"]["message"].startswith("the request came too slowly")


@pytest.mark.parametrize("length", ["-1", "1e3", "x"])
def test_an_odd_length_is_refused(length: str) -> None:
    door = Door.of(load_settings())
    response = send(door, "POST", "/api/ask", headers={"Content-Length": length})
    assert response.status_code == 413


def test_each_user_has_so_many_requests_open() -> None:
    door = proxied(open_requests=2)
    release = asyncio.Event()

    async def stream(request: Request) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"begun"
            await release.wait()

        return StreamingResponse(parts())

    async def test() -> None:
        app = app_of(door, Route("/gradio_api/queue/data", stream))
        transport = httpx.ASGITransport(app, client=(PROXY, 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://n.example") as client:

            async def get(user: str, path: str = "/gradio_api/queue/data") -> httpx.Response:
                return await client.get(path, headers={"X-Remote-User": user})

            held = [asyncio.create_task(get("marit")) for _ in range(2)]
            async with asyncio.timeout(30):
                while door.busy < 2:
                    await asyncio.sleep(0.01)
            assert door.busy == 2 and not door.idle
            assert (await get("marit", "/api/articles/a")).status_code == 429
            assert (await get("marit", "/")).status_code == 200  # the page and its files
            assert (await get("ada", "/api/articles/a")).status_code == 200
            release.set()
            assert [(await one).status_code for one in held] == [200, 200]
            assert (await get("marit", "/api/articles/a")).status_code == 200
            assert door.idle and not door.open._open

    asyncio.run(test())


# Routes without a rule, and a server about to stop.


@pytest.mark.parametrize("path", ["/nothing", "/gradio_api/run/x", "/login/", "/api"])
def test_what_is_not_in_the_table_is_not_there(path: str) -> None:
    door = Door.of(load_settings())
    assert send(door, "POST", path).status_code == 404
    assert rules_module.rule_of("POST", "/" + path) is None


def test_another_method_is_told() -> None:
    door = Door.of(load_settings())
    for method in ("GET", "PUT", "TRACE", "OPTIONS"):
        response = send(door, method, "/api/ask")
        assert (response.status_code, response.headers["Allow"]) == (405, "POST")


def test_websockets_are_closed() -> None:
    sent: list[Any] = []

    async def test() -> None:
        async def receive() -> dict[str, str]:
            return {"type": "websocket.connect"}

        async def put(message: Any) -> None:
            sent.append(message)

        scope = {"type": "websocket", "path": "/", "headers": []}
        await app_of(Door.of(load_settings()))(scope, receive, put)

    asyncio.run(test())
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_a_server_about_to_stop_takes_no_question() -> None:
    door = Door.of(load_settings())
    door.drain()
    refused = send(door, "POST", "/api/ask")
    assert refused.status_code == 503 and int(refused.headers["Retry-After"]) > 0
    assert "about to stop" in refused.json()["error"]["message"]
    assert send(door, "POST", "/gradio_api/queue/join").status_code == 503
    assert send(door, "GET", "/").status_code == 200
    assert send(door, "GET", "/healthz").status_code == 200


@pytest.mark.parametrize("module", [peers_module, rules_module, login_module])
def test_examples_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_without_a_door_there_is_no_caller() -> None:
    for request in (object(), Request({"type": "http", "headers": []})):
        for of in (caller_of, door_of):
            find: Callable[[object], object] = of
            with pytest.raises(LookupError, match="did not come through"):
                find(request)


@pytest.mark.parametrize("let_in", [True, False])
def test_what_is_wrong_with_the_index_is_told_only_who_is_let_in(
    users_file: Path, let_in: bool
) -> None:
    class Without:
        ready = False

        def manifest(self) -> None:
            raise IndexNotFoundError("no index in /srv/secret; name another with --index")

    token = Credentials(users_file).add_token("probe", [Scope.ASK])
    door = Door.of(load_settings(users_file=users_file), "0.0.0.0")
    inner = FastAPI()
    inner.include_router(measuring_router(Without(), Metrics()))  # type: ignore[arg-type]  # a double
    headers = bearer(token) if let_in else {}
    told = send(door, path="/readyz", app=Access(inner, door), headers=headers)
    assert (told.status_code, told.json()["ready"]) == (503, False)
    assert ("/srv/secret" in told.text) is let_in


def test_a_search_has_as_much_time_as_an_answer() -> None:
    class Slow:
        async def asearch(self, question: str, **narrowed: object) -> list[object]:
            await asyncio.sleep(5)
            return []

    door = Door.of(load_settings(answer_timeout=0.05))
    inner = FastAPI()
    slow: Any = Slow()
    inner.include_router(library_router(slow, Questions(slow, Metrics())))
    found = send(
        door, "POST", "/api/search", app=Access(inner, door), json={"question": "roads"}, timeout=20
    )
    assert (found.status_code, found.json()["error"]["code"]) == (504, "answer_timeout")
    assert door.gate.running == 0

"""The chat's windows over a real server: nobody reads or steers another's, or the server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from web_double import DoubleAssistant

from assistant.access import Credentials, Door, Scope
from assistant.settings import load_settings
from tests.browser import serving
from tests.gradio_window import Window

ROAD = "Who is trying to open the Norrvik road?"


@pytest.fixture
def double() -> Iterator[DoubleAssistant]:
    made = DoubleAssistant()
    yield made
    made.hold.set()


@pytest.fixture
def door(tmp_path: Path) -> Door:
    return Door.of(load_settings(users_file=users_file(tmp_path), rate="10000/second"), "0.0.0.0")


def users_file(folder: Path) -> Path:
    path = folder / "users.json"
    for name in ("marit", "jonas"):
        Credentials(path).add_user(name, "correct horse battery", [Scope.ASK])
    return path


@contextmanager
def logged_in(address: str, door: Door, name: str) -> Iterator[httpx.Client]:
    assert door.sessions and door.credentials
    cookie = door.sessions.begin(name, door.credentials.users()[name])
    headers = {"Cookie": f"dateline_session={cookie}"}
    with httpx.Client(base_url=address, headers=headers, timeout=20) as client:
        yield client


def test_who_knows_the_name_of_a_window_reads_and_does_nothing_in_it(
    double: DoubleAssistant, door: Door
) -> None:
    with (
        serving(double, door=door) as address,
        logged_in(address, door, "marit") as marit,
        logged_in(address, door, "jonas") as jonas,
    ):
        hers, forged = Window(marit, "w1ndow"), Window(jonas, "w1ndow")
        asked = hers.ask(ROAD)
        assert "Norrvik" not in forged.shown()  # her events
        assert "coast guard" in hers.shown()
        forged.send("dl-transcript", "keep")  # draws the conversation
        assert "Norrvik" not in forged.shown()
        hers.ask("a slow one")
        forged.send("dl-question", "stop")
        forged.shown()
        body = {"session_hash": "w1ndow", "fn_index": 0, "event_id": asked}
        jonas.post("/gradio_api/cancel", json=body).raise_for_status()
        with jonas.stream("GET", "/gradio_api/heartbeat/w1ndow"):
            pass
        double.hold.set()
        told = hers.shown()
        assert "stopped by you" not in told and "county denied" in told


@pytest.mark.parametrize("url", ["http://203.0.113.9/a.png", "https://203.0.113.9/a.png"])
def test_the_server_fetches_nothing_for_who_asks_gradio_to(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted: list[Any] = []

    async def note(host: str, *_: Any) -> str:
        wanted.append(host)
        raise ValueError("no")

    monkeypatch.setattr("safehttpx.async_validate_url", note)
    with (
        serving(DoubleAssistant()) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        assert client.get(f"/gradio_api/file={url}").status_code == 404
        window = Window(client, "w")
        file = {"path": url, "meta": {"_type": "gradio.FileData"}}
        with pytest.raises(httpx.HTTPStatusError, match="400"):
            window.send("dl-question", "submit", file, *[""] * 5)
    assert wanted == []


def test_what_is_no_json_reaches_no_window() -> None:
    with (
        serving(DoubleAssistant()) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        for body in (b"", b"{", b"[" * 100_000, b'{"data": [], "fn_index": 0}'):
            sent = client.post("/gradio_api/queue/join", content=body)
            assert 400 <= sent.status_code < 500, body[:20]


def test_questions_that_wait_hold_up_no_click(double: DoubleAssistant, tmp_path: Path) -> None:
    file = users_file(tmp_path)
    settings = load_settings(users_file=file, rate="10000/second", queue=100, answers_at_once=1)
    door = Door.of(settings, "0.0.0.0")
    with (
        serving(double, door=door) as address,
        logged_in(address, door, "marit") as marit,
        logged_in(address, door, "jonas") as jonas,
    ):
        for number in range(45):  # gradio itself works on forty events at once
            Window(marit, f"w{number}").ask("a slow one")
        window = Window(jonas, "his")
        window.send("dl-transcript", "keep")
        assert "What do you want to know?" in window.shown()
        until = time.monotonic() + 60  # the last of them may still be on its way
        while door.gate.waiting < 44 and time.monotonic() < until:
            time.sleep(0.05)
        assert door.gate.waiting >= 44
        double.hold.set()

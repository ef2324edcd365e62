"""The list of kept chats: its days are the reader's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.access import Door
from assistant.access.callers import LOCAL
from assistant.chats import ANYONE, Chats, statements
from assistant.settings import load_settings
from assistant.web import shelf
from assistant.web.shelf import Shelf
from tests.unit.made_chats import NOON


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with Chats.open(tmp_path) as opened:
        yield opened


class Noon:
    """A clock that stands at noon UTC."""

    @staticmethod
    def now(zone: Any) -> Any:
        return NOON.astimezone(zone)


@pytest.mark.parametrize(
    ("zone", "hours", "age"),
    [
        (0, 11, "Today"),
        (0, 13, "Yesterday"),
        (9 * 60, 13, "Today"),  # it is nine in the evening in Tokyo
        (9 * 60, 22, "Yesterday"),
        (-8 * 60, 5, "Yesterday"),  # four in the morning in Seattle
        ("9", 13, "Yesterday"),
        (10**9, 13, "Yesterday"),
    ],
)
def test_days_are_those_of_the_readers_time_zone(
    chats: Chats, zone: object, hours: int, age: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    then = NOON - timedelta(hours=hours)
    monkeypatch.setattr(statements, "datetime", SimpleNamespace(now=lambda _: then))
    chats.new(ANYONE, "The bridge")
    monkeypatch.undo()
    monkeypatch.setattr(shelf, "datetime", Noon)
    state = {"caller": LOCAL, "door": Door.of(load_settings())}
    request: Any = SimpleNamespace(scope={"state": state}, session_hash="w", cookies={})
    event: Any = SimpleNamespace(words="", shown=0, zone=zone)
    listed, said = Shelf(chats).list(None, event, request)
    assert said == ""
    assert f"<h3>{age}</h3>" in listed

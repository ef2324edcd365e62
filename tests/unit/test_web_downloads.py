"""Kept chats as files: what of them is read when, and what is deleted meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from made_chats import chat, turn
from starlette.applications import Starlette

from assistant.access import Access, Door
from assistant.access.rules import rule_of
from assistant.chats import ANYONE, Chat, ChatInfo, Chats, NewTurn, json_pieces
from assistant.settings import load_settings
from assistant.web.downloads import download_routes


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with Chats.open(tmp_path) as opened:
        yield opened


def got(chats: Chats, name: str) -> httpx.Response:
    async def sent() -> httpx.Response:
        app = Access(Starlette(routes=download_routes(chats)), Door.of(load_settings()))
        transport = httpx.ASGITransport(app, client=("127.0.0.1", 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            return await client.get(f"/chats/{name}")

    return asyncio.run(sent())


@pytest.mark.parametrize("name", ["all.json", "feedback.apart.jsonl"])
def test_a_chat_that_is_deleted_while_all_are_exported_is_left_out(
    chats: Chats, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for question in ("Who stays?", "Who goes?"):
        made = chats.new(ANYONE)
        chats.rate(ANYONE, chats.append(ANYONE, made.id, NewTurn(question, error="away")).id, -1)
    read = chats.chat

    def and_delete(owner: str, chat_id: str) -> Chat:
        chats.delete(ANYONE, [c.id for c in chats.chats(ANYONE) if c.title == "Who goes?"])
        return read(owner, chat_id)

    monkeypatch.setattr(chats, "chat", and_delete)
    given = got(chats, name)
    assert given.status_code == 200
    assert "Who stays?" in given.text and "Who goes?" not in given.text


def test_of_many_chats_one_at_a_time_is_held() -> None:
    read: list[ChatInfo] = []

    def each() -> Iterator[Chat]:
        for _ in range(3):
            read.append(chat(turn(1, None, error="away")).info)
            yield chat(turn(1, None, error="away"))

    pieces = json_pieces(each())
    assert (next(pieces) + next(pieces)).startswith('{"format": "dateline-chats"')
    assert len(read) == 1
    assert len(json.loads("".join(json_pieces(each())))["chats"]) == 3
    assert json.loads("".join(json_pieces([])))["chats"] == []


def test_exporting_counts_among_what_a_user_may_ask() -> None:
    rule = rule_of("GET", "/chats/all.json")
    assert rule and rule.stays_open and not rule.free

"""A question of the page on its way: stopping it, and leaving it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from assistant.access import Admitted, Door
from assistant.access.callers import LOCAL
from assistant.chats import ANYONE, Chats
from assistant.settings import load_settings
from assistant.web import handlers, talk
from assistant.web.asking import Asking
from assistant.web.keeping import Keeping, Talked
from assistant.web.visitor import Visitor


class Waits:
    """Questions whose answers never come."""

    async def steps(self, *_: object, **options: object) -> AsyncIterator[int]:
        yield 1
        await asyncio.sleep(3600)


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with Chats.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def visitor() -> Visitor:
    return Visitor(LOCAL, Admitted(Door.of(load_settings()), "local w"), "w", leaves=False)


def asking(chats: Chats) -> Asking:
    questions: Any = Waits()
    return Asking(questions, Keeping(chats))


def test_stop_holds_from_the_first_state_on(chats: Chats, visitor: Visitor) -> None:
    async def test() -> None:
        asked = asking(chats)
        begun = Talked(talk.begin((), "Is the bridge open?"))
        async with aclosing(asked.states(visitor, begun)) as states:
            await anext(states)  # the page shows it, and that it can be stopped
            assert asked.stop(visitor) and asked.stop(visitor)  # twice does no harm
            *_, last = [state async for state in states]
        assert last.turns[-1].stopped
        assert not asked.stop(visitor)  # nothing is under way any more

    asyncio.run(asyncio.wait_for(test(), 20))


def test_a_page_that_arrives_late_leaves_what_was_asked_meanwhile(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers, "visitor_of", lambda request: visitor)
    held = SimpleNamespace(articles=0, passages=0, pending=0)
    assistant: Any = SimpleNamespace(sources=list, manifest=lambda: held)
    questions: Any = Waits()
    request: Any = SimpleNamespace(query_params={})
    chat = handlers.Chat(assistant, questions, Keeping(None))

    async def test() -> None:
        begun = Talked(talk.begin((), "Is the bridge open?"))
        async with aclosing(chat._asking.states(visitor, begun)) as states:
            await anext(states)
            assert chat.arrive(request)[:5] == (gr.skip(),) * 5
        chat.welcome = "as it was laid out"
        assert chat.arrive(request)[3] == chat.transcript(())

    asyncio.run(asyncio.wait_for(test(), 20))


def test_what_is_left_at_once_is_kept_as_stopped(chats: Chats, visitor: Visitor) -> None:
    async def test() -> None:
        begun = Talked(talk.begin((), "Is the bridge open?"))
        async with aclosing(asking(chats).states(visitor, begun)) as states:
            await anext(states)

    asyncio.run(asyncio.wait_for(test(), 20))
    (kept,) = chats.chats(ANYONE)
    assert [turn.stopped for turn in chats.chat(ANYONE, kept.id).turns] == [True]

"""`in_threads`: steps in threads, one context, and an end that is really one."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import aclosing
from contextvars import ContextVar
from typing import Any

import anyio
import pytest

from assistant.models.stopping import Stopped, check_stopped
from assistant.pipeline.threads import in_threads

_caller: ContextVar[str] = ContextVar("_caller", default="nobody")


def test_all_items_come_in_order_and_off_the_loop() -> None:
    def begin() -> Generator[int, None, None]:
        for number in range(3):
            assert threading.current_thread() is not threading.main_thread()
            yield number

    async def go() -> list[int]:
        return [item async for item in in_threads(begin)]

    assert asyncio.run(go()) == [0, 1, 2]


def test_an_item_may_be_anything_that_is_false() -> None:
    async def go() -> list[object]:
        return [item async for item in in_threads(lambda: (x for x in (None, 0, "")))]

    assert asyncio.run(go()) == [None, 0, ""]


def test_the_callers_context_is_kept_and_steps_share_it() -> None:
    def begin() -> Generator[str, None, None]:
        token = _caller.set(f"{_caller.get()}, inside")
        yield _caller.get()
        yield _caller.get()
        _caller.reset(token)  # an error in another context
        yield _caller.get()

    async def go() -> list[str]:
        _caller.set("the caller")
        found = [item async for item in in_threads(begin)]
        return [*found, _caller.get()]

    inside = "the caller, inside"
    assert asyncio.run(go()) == [inside, inside, "the caller", "the caller"]


def test_errors_come_through() -> None:
    def begin() -> Generator[int, None, None]:
        yield 1
        raise ValueError("what it said")

    async def go() -> None:
        async for _ in in_threads(begin):
            pass

    with pytest.raises(ValueError, match="what it said"):
        asyncio.run(go())


def test_who_leaves_early_ends_the_work() -> None:
    ended: list[bool] = []

    def begin() -> Generator[int, None, None]:
        try:
            yield 1
            yield 2
        finally:
            ended.append(True)

    async def go() -> None:
        async with aclosing(in_threads(begin)) as items:
            async for _ in items:
                break

    asyncio.run(go())
    assert ended == [True]


async def _by_task(work: Callable[[], Coroutine[Any, Any, None]], begun: threading.Event) -> None:
    task = asyncio.create_task(work())
    await asyncio.to_thread(begun.wait, 20)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def _by_scope(work: Callable[[], Coroutine[Any, Any, None]], begun: threading.Event) -> None:
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(work)
        await asyncio.to_thread(begun.wait, 20)
        tasks.cancel_scope.cancel()


@pytest.mark.parametrize("cancel", [_by_task, _by_scope])
def test_cancelling_waits_for_the_step_and_no_other_is_begun(cancel: Any) -> None:
    begun, steps = threading.Event(), []

    def begin() -> Generator[int, None, None]:
        try:
            while True:
                begun.set()
                while True:
                    threading.Event().wait(0.01)
                    check_stopped()
        except Stopped:
            steps.append("stopped")
            raise
        finally:
            steps.append("ended")
        yield 1

    async def work() -> None:
        async for _ in in_threads(begin):
            steps.append("an item")

    async def go() -> None:
        await cancel(work, begun)
        assert steps == ["stopped", "ended"]

    asyncio.run(go())

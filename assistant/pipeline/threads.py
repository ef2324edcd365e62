"""An iterator that blocks, read by a task that does not: each step in a thread, and a way out."""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextvars import copy_context
from typing import TypeVar

from anyio import CancelScope, to_thread

from assistant.models import stopping

T = TypeVar("T")


async def in_threads(begin: Callable[[], Generator[T, None, None]]) -> AsyncGenerator[T, None]:
    """Yield what `begin()` yields; each step of it is worked on in a thread.

    All steps share one copy of the context in which the first was asked for. When the task that
    waits is cancelled, or the iterator is closed, requests to endpoints under way are ended, and
    it is waited for the thread: it goes no further than to the end of its step. (A request that
    waits for its next try, because the endpoint asked for it, ends after that wait.)
    """
    stop, context, running = stopping.Stop(), copy_context(), threading.Lock()
    context.run(stopping.use, stop)
    steps: Generator[T, None, None] | None = None

    def advance() -> tuple[T] | None:
        nonlocal steps
        stopping.check_stopped()
        if steps is None:
            steps = begin()
        for item in steps:
            return (item,)
        return None

    def step() -> tuple[T] | None:
        with running:  # before the context is entered, which one thread at a time can be in
            return context.run(advance)

    def end() -> None:
        with running:
            if steps is not None:
                context.run(steps.close)

    try:
        # Abandoned when cancelled, for only then can it be told to stop; `end` waits for it.
        while made := await to_thread.run_sync(step, abandon_on_cancel=True):
            yield made[0]
    finally:
        stop.set()
        with CancelScope(shield=True):
            await to_thread.run_sync(end)

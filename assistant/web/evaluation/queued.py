"""The answers of a run, each of which waits for its turn in the queue of all questions."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from concurrent.futures import CancelledError, Future
from contextlib import aclosing
from typing import TYPE_CHECKING, Unpack

from assistant.errors import BusyError, StoppingError
from assistant.types import Answer, Article, Part

if TYPE_CHECKING:
    from assistant.access import Admitted
    from assistant.api.questions import Questions
    from assistant.intake import Narrowed

Steps = AsyncGenerator[int | Part | Answer, None]


class Stopped(Exception):
    """The run is at its end, though not every question was asked."""


class Queued:
    """Asks as who started the run, one question at a time: whoever else asks comes in between.

    `ask` and `read` are for the run's own thread, where they block; the work is done on the
    server's event loop, as everybody's is. A full queue is waited for. `on_place` is told the place
    in the queue whenever it changes, 0 once the answer begins.
    """

    def __init__(
        self,
        questions: Questions,
        here: Admitted,
        loop: asyncio.AbstractEventLoop,
        on_place: Callable[[int], None],
    ) -> None:
        self._questions, self._here, self._loop = questions, here, loop
        self._on_place = on_place
        self._stopping = threading.Event()
        self._asked: Future[Answer] | None = None

    def stop(self) -> None:
        """End the question at hand, in the queue or on its way, and ask no other one."""
        self._stopping.set()
        if self._asked is not None:
            self._asked.cancel()

    def ask(
        self, question: str, *, history: Sequence[Answer] = (), **narrowed: Unpack[Narrowed]
    ) -> Answer:
        """As `Assistant.ask`, in its turn.

        Raises:
            Stopped: somebody asked for the end, or the server is about to stop.
            AnswerTimeoutError: the answer took longer than answers have on this server.
        """
        steps = self._questions.steps
        return self._answer(lambda: steps(self._here, question, history=history, **narrowed))

    def read(
        self, question: str, articles: Sequence[Article], *, history: Sequence[Answer] = ()
    ) -> Answer:
        """As `Assistant.read`, in its turn; raises as `ask` does."""
        reading = self._questions.reading
        return self._answer(lambda: reading(self._here, question, articles, history))

    def _answer(self, begin: Callable[[], Steps]) -> Answer:
        while not self._stopping.is_set():
            try:
                return self._once(begin)
            except StoppingError as error:
                raise Stopped from error
            except BusyError:  # a run is nobody who would be told to ask again
                self._stopping.wait(BusyError.retry_after)
        raise Stopped

    def _once(self, begin: Callable[[], Steps]) -> Answer:
        if self._loop.is_closed():
            raise Stopped
        self._asked = asyncio.run_coroutine_threadsafe(self._last(begin), self._loop)
        if self._stopping.is_set():  # since it was looked at
            self._asked.cancel()
        try:
            return self._asked.result()
        except CancelledError as error:
            raise Stopped from error

    async def _last(self, begin: Callable[[], Steps]) -> Answer:
        async with aclosing(begin()) as steps:
            async for step in steps:
                self._on_place(step if isinstance(step, int) else 0)
                if isinstance(step, Answer):
                    return step
        raise AssertionError("a stream ended without its answer")

"""The queue in front of answering: so many at once, the others in a fair order.

Fair means that users take turns: the first question of one goes before the second of another, and
within that, who came first (start-time fair queueing, Goyal et al. 1996, all questions costing the
same). All on one event loop; nothing here blocks it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from anyio import CancelScope

from assistant.errors import AnswerTimeoutError, BusyError, StoppingError

Part = TypeVar("Part")

STOPPING = "Dateline is about to stop and takes no more questions; ask again in a minute"


class Turn:
    """A place in the queue, and then a turn. It is held until the `Gate` context is left."""

    def __init__(self, gate: Gate, user: str, round_: int) -> None:
        self._gate = gate
        self.user, self.round = user, round_
        self.began = asyncio.Event()

    async def places(self) -> AsyncIterator[int]:
        """The place in the queue, 1 being next, whenever it changes; ends when the turn comes.

        Yields nothing where nobody has to wait. Whoever wants no places awaits `came`.
        """
        last = 0
        while place := self._gate.place_of(self):
            if place != last:
                last = place
                yield place  # things may move meanwhile: look again before waiting
            else:
                await self._gate.moved.wait()

    async def came(self) -> None:
        """Wait until it is this one's turn."""
        await self.began.wait()


class Gate:
    """Lets `at_once` answers be worked on, and `queue` questions wait."""

    def __init__(self, at_once: int, queue: int) -> None:
        self.moved = asyncio.Event()
        """Set, and made anew, whenever somebody's place may have changed."""
        self._at_once, self._queue = at_once, queue
        self._running: list[Turn] = []
        self._waiting: list[Turn] = []  # next first
        self._round = 0  # that of the turn that came last
        self._closed = False

    @property
    def running(self) -> int:
        """Answers that are worked on."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """Questions that wait."""
        return len(self._waiting)

    def close(self) -> None:
        """Take nobody more; who is in, waiting or not, gets an answer."""
        self._closed = True

    @asynccontextmanager
    async def queued(self, user: str) -> AsyncIterator[Turn]:
        """Join the queue; leaving the context, cancelled or not, gives the turn or place up.

        Await `Turn.came`, or go through `Turn.places`, before working.

        Raises:
            BusyError: the queue is full, or half of it is the user's.
            StoppingError: the gate is closed.
        """
        if self._closed:
            raise StoppingError(STOPPING)
        if len(self._running) >= self._at_once and len(self._waiting) >= self._queue:
            raise BusyError(
                f"{len(self._waiting)} questions are waiting, as many as may: "
                f"ask again in {BusyError.retry_after} seconds"
            )
        own = sum(one.user == user for one in self._waiting)
        if own >= max(1, self._queue - self._queue // 2):  # there is room for somebody else
            raise BusyError(
                f"{own} of your questions are waiting, as many as may: "
                f"ask again in {BusyError.retry_after} seconds"
            )
        others = self._running + self._waiting
        rounds = [other.round + 1 for other in others if other.user == user]
        turn = Turn(self, user, max([self._round, *rounds]))
        self._waiting.append(turn)
        self._waiting.sort(key=lambda one: one.round)  # stable: who came first within a round
        self._move()
        try:
            yield turn
        finally:
            (self._waiting if turn in self._waiting else self._running).remove(turn)
            self._move()

    @asynccontextmanager
    async def turn(self, user: str) -> AsyncIterator[None]:
        """Wait for a turn, and hold it. Raises as `queued` does."""
        async with self.queued(user) as turn:
            await turn.came()
            yield

    def place_of(self, turn: Turn) -> int:
        """The place of a turn in the queue, 1 being next; 0 where it has come."""
        return 0 if turn.began.is_set() else 1 + self._waiting.index(turn)

    def _move(self) -> None:
        while self._waiting and len(self._running) < self._at_once:
            turn = self._waiting.pop(0)
            self._running.append(turn)
            self._round = turn.round
            turn.began.set()
        self.moved.set()
        self.moved = asyncio.Event()


async def within(seconds: float, parts: AsyncIterator[Part]) -> AsyncGenerator[Part, None]:
    """The parts of an answer as they come, all of them within so many seconds of the first wait.

    The time the reader takes between two parts counts too. Works in generators that are driven by
    one task after another, as gradio's are.

    Raises:
        AnswerTimeoutError: the time is over. The parts' iterator was closed.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    try:
        while True:
            step = asyncio.ensure_future(_step_of(parts))
            try:
                await asyncio.wait({step}, timeout=until - loop.time())
                late = not step.done()
            finally:
                await _ended(step)
            if late:
                raise AnswerTimeoutError(
                    f"the answer took longer than {seconds:g} seconds; "
                    "ask again, or for less (DATELINE_ANSWER_TIMEOUT)"
                )
            found = step.result()
            if found is None:
                return
            yield found[0]
    finally:
        close = getattr(parts, "aclose", None)
        if close:
            await close()


async def _step_of(parts: AsyncIterator[Part]) -> tuple[Part] | None:
    async for part in parts:
        return (part,)
    return None


async def _ended(step: asyncio.Future[tuple[Part] | None]) -> None:
    """Wait until a step has ended, whatever else is cancelled meanwhile; one under way is told to.

    `asyncio.wait_for` leaves it behind where it is cancelled twice, as by anyio: its iterator
    could not be closed then, and its place in the queue would be given away while it works.
    """
    step.cancel()
    with CancelScope(shield=True):
        await asyncio.wait({step})


_ENDING: set[asyncio.Task[None]] = set()  # a loop holds its tasks by weak references only


async def until(
    stop: asyncio.Event, parts: AsyncGenerator[Part, None]
) -> AsyncGenerator[Part, None]:
    """The parts as they come, until the event is set or this generator is closed.

    What makes the next one is cancelled then, and the parts' generator is closed; whoever waits
    here does not wait for that. Works in generators that are driven by one task after another.
    """
    stopped = asyncio.ensure_future(stop.wait())
    part: asyncio.Task[Part] | None = None
    try:
        while not stop.is_set():
            part = asyncio.create_task(_next(parts))
            await asyncio.wait({part, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not part.done():
                return
            try:
                yield part.result()
            except StopAsyncIteration:
                return
    finally:
        stopped.cancel()
        ending = asyncio.create_task(_end(part, parts))
        _ENDING.add(ending)
        ending.add_done_callback(_ENDING.discard)


async def _next(parts: AsyncGenerator[Part, None]) -> Part:
    return await anext(parts)


async def _end(part: asyncio.Task[Part] | None, parts: AsyncGenerator[Part, None]) -> None:
    if part is not None and not part.done():
        part.cancel()
        await asyncio.wait({part})
    await parts.aclose()

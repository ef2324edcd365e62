"""The queue in front of answering, and the time that an answer has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine
from typing import Any

import pytest
from anyio import CancelScope

from assistant.access import Gate, Turn, until, within
from assistant.errors import AnswerTimeoutError, BusyError, StoppingError


def run(test: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(test, 10))


class Asking:
    """Somebody who holds a turn, or waits for one, in a task of their own."""

    def __init__(self, gate: Gate, user: str, order: list[str] | None = None) -> None:
        self.places: list[int] = []
        self.answering = asyncio.Event()
        self.leave = asyncio.Event()
        self.user, self._gate, self._order = user, gate, order
        self.task = asyncio.create_task(self._ask())

    async def _ask(self) -> None:
        async with self._gate.queued(self.user) as turn:
            async for place in turn.places():
                self.places.append(place)
            self.answering.set()
            if self._order is not None:
                self._order.append(self.user)
            await self.leave.wait()

    async def end(self) -> None:
        self.leave.set()
        await self.task


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_so_many_answer_at_once_and_the_next_hear_their_place() -> None:
    async def test() -> None:
        gate = Gate(2, 10)
        first, second, third, fourth = (Asking(gate, name) for name in "abcd")
        await settle()
        assert (gate.running, gate.waiting) == (2, 2)
        assert first.answering.is_set() and second.answering.is_set()
        assert (first.places, third.places, fourth.places) == ([], [1], [2])
        await second.end()
        await settle()
        assert third.answering.is_set()
        assert fourth.places == [2, 1]
        for one in (first, third, fourth):
            await one.end()
        assert (gate.running, gate.waiting) == (0, 0)

    run(test())


def test_whoever_has_none_under_way_goes_before_whoever_has_many() -> None:
    async def test() -> None:
        gate, order = Gate(1, 10), []
        asking = []
        for user in ("greedy", "greedy", "greedy", "late", "later"):
            asking.append(Asking(gate, user, order))
            await settle()
        assert [one.places[-1] for one in asking[1:]] == [3, 4, 1, 2]
        for one in (asking[0], asking[3], asking[4], asking[1], asking[2]):
            await one.end()
        assert order == ["greedy", "late", "later", "greedy", "greedy"]
        assert [one.places for one in asking] == [
            [],
            [1, 2, 3, 2, 1],
            [2, 3, 4, 3, 2, 1],
            [1],
            [2, 1],
        ]

    run(test())


def test_two_who_ask_much_take_turns() -> None:
    async def test() -> None:
        gate, order = Gate(1, 10), []
        asking = []
        for user in "aaabbb":
            asking.append(Asking(gate, user, order))
            await settle()
        while len(order) < len(asking):
            await next(
                one for one in asking if one.answering.is_set() and not one.task.done()
            ).end()
            await settle()
        assert order == [*"ababab"]
        await next(one for one in asking if not one.task.done()).end()
        await settle()
        again = Asking(gate, "a", order)  # who is done starts anew, ahead of nobody
        await settle()
        assert again.answering.is_set()
        await again.end()

    run(test())


def test_a_full_queue_refuses_in_one_line() -> None:
    async def test() -> None:
        gate = Gate(1, 1)
        held = [Asking(gate, "a"), Asking(gate, "b")]
        await settle()
        with pytest.raises(BusyError, match="1 questions are waiting"):
            async with gate.queued("c"):
                pass
        assert BusyError.retry_after > 0
        for one in held:
            await one.end()
        async with gate.turn("c"):
            assert gate.running == 1

    run(test())


def test_one_user_does_not_fill_the_queue() -> None:
    async def test() -> None:
        gate = Gate(1, 5)
        held = [Asking(gate, "a") for _ in range(4)]
        await settle()
        with pytest.raises(BusyError, match="3 of your questions are waiting"):
            async with gate.queued("a"):
                pass
        held.append(Asking(gate, "b"))
        await settle()
        assert (gate.running, gate.waiting) == (1, 4)
        for one in held:
            one.leave.set()
        await asyncio.gather(*(one.task for one in held))

    run(test())


def test_without_a_queue_the_first_are_still_served() -> None:
    async def test() -> None:
        gate = Gate(1, 0)
        async with gate.turn("a"):
            with pytest.raises(BusyError):
                async with gate.turn("b"):
                    pass

    run(test())


@pytest.mark.parametrize("waits", [True, False])
def test_cancelled_means_left(waits: bool) -> None:
    async def test() -> None:
        gate = Gate(1, 5)
        first, second, third = (Asking(gate, name) for name in "abc")
        await settle()
        gone = second if waits else first
        gone.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone.task
        await settle()
        rest = [one for one in (first, second, third) if one is not gone]
        assert (gate.running, gate.waiting) == (1, 1)
        assert rest[1].places[-1] == 1
        for one in rest:
            await one.end()
        assert (gate.running, gate.waiting) == (0, 0)

    run(test())


def test_a_place_that_changes_while_the_reader_is_slow_is_not_missed() -> None:
    async def test() -> None:
        gate = Gate(1, 5)
        first = Asking(gate, "a")
        await settle()
        async with gate.queued("b") as turn:
            async for place in turn.places():
                assert place == 1
                await first.end()  # the turn comes while this one is not listening
            assert turn.began.is_set()

    run(test())


def test_a_closed_gate_lets_those_inside_end() -> None:
    async def test() -> None:
        gate = Gate(1, 5)
        first, second = Asking(gate, "a"), Asking(gate, "b")
        await settle()
        gate.close()
        with pytest.raises(StoppingError, match="about to stop"):
            async with gate.turn("c"):
                pass
        await first.end()
        await settle()
        assert second.answering.is_set()
        await second.end()

    run(test())


def test_a_turn_belongs_to_no_task() -> None:
    """Gradio drives one generator from several tasks."""

    async def answer(gate: Gate) -> AsyncIterator[str]:
        async with gate.queued("a") as turn:
            async for place in turn.places():
                yield f"place {place}"
            async for part in within(5, parts(["one", "two"])):
                yield part

    async def test() -> None:
        gate = Gate(1, 5)
        said, steps = [], answer(gate)
        for _ in range(2):
            said.append(await asyncio.create_task(anext(steps)))
        assert said == ["one", "two"]
        assert gate.running == 1
        await asyncio.create_task(steps.aclose())
        assert gate.running == 0

    run(test())


async def parts(said: list[str], wait: float = 0, closed: list[bool] | None = None) -> Any:
    try:
        for part in said:
            await asyncio.sleep(wait)
            yield part
    finally:
        if closed is not None:
            closed.append(True)


def test_an_answer_has_its_time() -> None:
    async def test() -> None:
        assert [part async for part in within(5, parts(["a", "b"]))] == ["a", "b"]
        closed: list[bool] = []
        with pytest.raises(AnswerTimeoutError, match=r"longer than 0\.01 seconds"):
            async for _ in within(0.01, parts(["a"], wait=5, closed=closed)):
                pass
        assert closed == [True]

    run(test())


def test_an_answer_that_is_left_is_closed() -> None:
    async def test() -> None:
        closed: list[bool] = []
        timed = within(5, parts(["a", "b"], closed=closed))
        assert await anext(timed) == "a"
        await timed.aclose()
        assert closed == [True]

    run(test())


def test_an_answer_that_is_cancelled_again_and_again_is_ended_first() -> None:
    """As anyio does when a client hangs up; what ends in its own time is a step in a thread."""

    async def stubborn(ended: list[bool]) -> AsyncIterator[str]:
        try:
            await asyncio.sleep(5)
            yield "never"
        finally:
            with CancelScope(shield=True):
                await asyncio.sleep(0.05)
            ended.append(True)

    async def test() -> None:
        ended: list[bool] = []
        with CancelScope() as scope:
            asyncio.get_running_loop().call_later(0.01, scope.cancel)
            async for _ in within(5, stubborn(ended)):
                pass
        assert ended == [True]
        assert scope.cancelled_caught

    run(test())


def test_turns_show_nothing_of_the_user() -> None:
    async def test() -> None:
        assert "secret" not in repr(Turn(Gate(1, 1), "secret", 0))

    run(test())


class Parts:
    """Gives 1, 2, and then waits; says what became of it."""

    def __init__(self, *, stubborn: bool = False) -> None:
        self.cancelled = self.closed = False
        self.let_go = asyncio.Event()
        self._stubborn = stubborn

    async def given(self) -> AsyncGenerator[int, None]:
        try:
            yield 1
            yield 2
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.cancelled = True
            if self._stubborn:
                await self.let_go.wait()
            raise
        finally:
            self.closed = True


def test_parts_come_until_the_event_is_set_and_what_makes_the_next_is_cancelled() -> None:
    async def test() -> None:
        parts, stop = Parts(), asyncio.Event()
        wanted = until(stop, parts.given())
        assert [await anext(wanted), await anext(wanted)] == [1, 2]
        asyncio.get_running_loop().call_later(0.01, stop.set)
        assert [part async for part in wanted] == []
        await settle()
        assert parts.cancelled and parts.closed

    run(test())


def test_stopping_does_not_wait_for_what_takes_its_time() -> None:
    async def test() -> None:
        parts, stop = Parts(stubborn=True), asyncio.Event()
        wanted = until(stop, parts.given())
        await anext(wanted)
        await anext(wanted)
        asyncio.get_running_loop().call_later(0.01, stop.set)
        assert [part async for part in wanted] == []  # although they have not ended yet
        await settle()
        assert parts.cancelled and not parts.closed
        parts.let_go.set()
        await settle()
        assert parts.closed

    run(test())


def test_parts_that_end_or_fail_do_so_and_are_closed() -> None:
    async def few() -> AsyncGenerator[int, None]:
        yield 1
        raise BusyError("full")

    async def test() -> None:
        parts = until(asyncio.Event(), few())
        assert await anext(parts) == 1
        with pytest.raises(BusyError):
            await anext(parts)
        left = Parts()
        wanted = until(asyncio.Event(), left.given())
        await anext(wanted)
        await wanted.aclose()
        await settle()
        assert left.closed

    run(test())

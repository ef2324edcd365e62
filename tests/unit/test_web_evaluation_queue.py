"""A run that is started from the page: its questions take turns with those of people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest
from evaluation_helpers import answer, case

from assistant.access import Admitted, Door
from assistant.api.measuring import Metrics
from assistant.api.questions import Questions
from assistant.errors import BusyError
from assistant.evaluating import Subject, answering, run_subject
from assistant.evaluation import Run, Runs
from assistant.intake import Narrowed
from assistant.settings import load_settings
from assistant.types import Answer, Article
from assistant.web.evaluation.queued import Queued, Stopped

CASES = [case(id=f"c{n}", question=f"Question {n}?") for n in range(4)]
CLOSED = case(id="own", question="Of its own?", articles=(Article("marrat", "The bridge."),))


class Slow:
    """An assistant that notes what it begins to answer, and answers when it is let."""

    writer = "quote"

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.filters: list[object] = []
        self.let = asyncio.Event()
        self.let.set()

    async def astream(self, question: str, **options: Any) -> AsyncIterator[Answer]:
        self.begun.append(question)
        self.filters.append(options.get("source"))
        await self.let.wait()
        yield Answer.from_dict(answer(question=question))

    async def aread(self, question: str, articles: Any, **options: Any) -> Answer:
        self.begun.append(f"{question} of {len(articles)}")
        await self.let.wait()
        return Answer.from_dict(answer(question=question))


class Server:
    """A door, its queue and a run in a thread, on one event loop."""

    def __init__(self, tmp_path: Path, **settings: Any) -> None:
        self.assistant: Any = Slow()
        self.questions = Questions(self.assistant, Metrics())
        self.door = Door.of(load_settings(**settings))
        self.runs = Runs(tmp_path)
        self.places: list[int] = []
        self.queued = Queued(
            self.questions, self.of("keeper"), asyncio.get_running_loop(), self.places.append
        )

    def of(self, user: str) -> Admitted:
        return Admitted(self.door, user)

    async def run(self, cases: Any = CASES) -> Run | None:
        """The run, as `Starter` has it made in a thread."""
        subject = Subject(answering(self.queued, Narrowed(source="Coast Herald")), {}, {})
        found = await asyncio.to_thread(run_subject, subject, cases, "q.jsonl", runs=self.runs)
        return found[1]

    async def asked(self, user: str, question: str) -> None:
        """A question of somebody."""
        async with aclosing(self.questions.steps(self.of(user), question)) as steps:
            async for _ in steps:
                pass

    async def until(self, done: Any) -> None:
        while not done():
            await asyncio.sleep(0.005)


def going(test: Awaitable[None]) -> None:
    asyncio.run(asyncio.wait_for(test, 20))


def test_who_reads_waits_for_one_question_of_a_run_at_most(tmp_path: Path) -> None:
    async def test() -> None:
        server = Server(tmp_path, answers_at_once=1, queue=9)
        begun = server.assistant.begun
        server.assistant.let.clear()
        run = asyncio.create_task(server.run())
        await server.until(lambda: begun == ["Question 0?"])
        readers = [asyncio.create_task(server.asked(name, name)) for name in ("ada", "ben")]
        await server.until(lambda: server.door.gate.waiting == 2)
        server.assistant.let.set()
        await asyncio.gather(*readers)
        kept = await run
        assert begun[:3] == ["Question 0?", "ada", "ben"]
        assert begun[3:] == [each.question for each in CASES[1:]]
        assert kept is not None and kept.whole
        assert {result.error for result in kept.results()} == {None}
        assert server.assistant.filters[0] == "Coast Herald", "narrowed as the run is"
        assert server.door.gate.running == server.door.gate.waiting == 0

    going(test())


def test_the_run_waits_behind_others_and_says_where(tmp_path: Path) -> None:
    async def test() -> None:
        server = Server(tmp_path, answers_at_once=1, queue=9)
        server.assistant.let.clear()
        reader = asyncio.create_task(server.asked("ada", "ada"))
        await server.until(lambda: server.assistant.begun == ["ada"])
        run = asyncio.create_task(server.run([*CASES[:1], CLOSED]))
        await server.until(lambda: server.places == [1])
        server.assistant.let.set()
        await asyncio.gather(reader, run)
        assert server.assistant.begun == ["ada", "Question 0?", "Of its own? of 1"]
        assert server.places[-1] == 0

    going(test())


def test_a_full_queue_is_waited_for_and_fails_no_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(BusyError, "retry_after", 0.01)

    async def test() -> None:
        server = Server(tmp_path, answers_at_once=1, queue=0)
        server.assistant.let.clear()
        reader = asyncio.create_task(server.asked("ada", "ada"))
        await server.until(lambda: server.assistant.begun == ["ada"])
        run = asyncio.create_task(server.run())
        await asyncio.sleep(0.1)
        assert server.assistant.begun == ["ada"]
        server.assistant.let.set()
        await reader
        kept = await run
        assert kept is not None and kept.figures().metrics["completed"].value == 1

    going(test())


@pytest.mark.parametrize("waiting", [True, False])
def test_a_run_is_stopped_at_once_and_gives_up_its_place(tmp_path: Path, waiting: bool) -> None:
    async def test() -> None:
        server = Server(tmp_path, answers_at_once=1, queue=9)
        server.assistant.let.clear()
        others = [asyncio.create_task(server.asked("ada", "ada"))] if waiting else []
        await server.until(lambda: len(server.assistant.begun) == len(others))
        run = asyncio.create_task(server.run())
        gate = server.door.gate
        await server.until(lambda: gate.waiting == 1 if waiting else gate.running == 1)
        server.queued.stop()
        with pytest.raises(Stopped):
            await run
        await server.until(lambda: gate.waiting == 0 and gate.running == len(others))
        (kept,) = server.runs.all()
        assert isinstance(kept, Run)
        assert (kept.status, kept.answered()) == ("stopped", 0)
        server.assistant.let.set()
        await asyncio.gather(*others)

    going(test())


def test_a_server_that_stops_ends_the_run_and_fails_no_question(tmp_path: Path) -> None:
    async def test() -> None:
        server = Server(tmp_path, answers_at_once=1, queue=9)
        server.assistant.let.clear()
        run = asyncio.create_task(server.run())
        await server.until(lambda: server.door.gate.running == 1)
        server.door.drain()
        server.assistant.let.set()
        with pytest.raises(Stopped):
            await run
        (kept,) = server.runs.all()
        assert isinstance(kept, Run)
        assert (kept.status, kept.answered()) == ("stopped", 1)

    going(test())


def test_an_answer_that_takes_too_long_is_the_failure_of_its_question(tmp_path: Path) -> None:
    async def test() -> None:
        server = Server(tmp_path, answer_timeout=0.2)
        server.assistant.let.clear()
        kept = await server.run(CASES[:1])
        assert kept is not None
        assert "longer than 0.2 seconds" in str(kept.results()[0].error)

    going(test())

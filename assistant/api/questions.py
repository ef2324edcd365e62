"""The one way that all questions to a server take, its chat's too; see `Questions`."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, aclosing, contextmanager
from typing import TypeVar, Unpack

from anyio import create_task_group
from starlette.requests import ClientDisconnect, Request

from assistant.access import Admitted, admitted, within
from assistant.api.measuring import Metrics
from assistant.errors import DatelineError, UsageError
from assistant.intake import Narrowed
from assistant.pipeline import Assistant
from assistant.pipeline.assistant import Options
from assistant.types import Answer, Article, Evidence, Part

T = TypeVar("T")


class Questions:
    """Asks an assistant, and counts what came of it."""

    def __init__(self, assistant: Assistant, metrics: Metrics) -> None:
        self._assistant, self._metrics = assistant, metrics

    def steps(
        self, here: Admitted | None, question: str, **options: Unpack[Options]
    ) -> AsyncGenerator[int | Part | Answer, None]:
        """`Assistant.astream`, and before it the places in the queue. All questions come here.

        `here` None: there is no queue, and no limit of time.
        """
        self._check_writer(options.get("writer"))
        return self._in_turn(here, self._assistant.astream(question, **options))

    def reading(
        self,
        here: Admitted | None,
        question: str,
        articles: Sequence[Article],
        history: Sequence[Answer] = (),
    ) -> AsyncGenerator[int | Part | Answer, None]:
        """The same of a question that is answered from these articles alone."""

        async def whole() -> AsyncGenerator[Answer, None]:
            yield await self._assistant.aread(question, articles, history=history)

        return self._in_turn(here, whole())

    async def _in_turn(
        self, here: Admitted | None, stream: AsyncGenerator[Part | Answer, None]
    ) -> AsyncGenerator[int | Part | Answer, None]:
        with self._counted():
            async with AsyncExitStack() as held:
                if here is not None:
                    turn = await held.enter_async_context(here.door.gate.queued(here.user))
                    async for place in turn.places():
                        yield place
                    stream = within(here.door.answer_timeout, stream)
                parts = await held.enter_async_context(aclosing(stream))
                async for part in parts:
                    if isinstance(part, Answer):
                        self._metrics.answered(part)
                    yield part

    async def parts(
        self, question: str, **options: Unpack[Options]
    ) -> AsyncGenerator[Part | Answer, None]:
        """`Assistant.astream`, for the request at hand."""
        async with aclosing(self.steps(admitted.get(), question, **options)) as steps:
            async for step in steps:
                if not isinstance(step, int):
                    yield step

    async def answer(self, question: str, **options: Unpack[Options]) -> Answer:
        """The whole answer."""
        async with aclosing(self.parts(question, **options)) as parts:
            *_, whole = [part async for part in parts]
        if not isinstance(whole, Answer):
            raise AssertionError("a stream ended without its answer")
        return whole

    async def passages(self, question: str, **narrowed: Unpack[Narrowed]) -> list[Evidence]:
        """`Assistant.asearch`: the other thing that takes work."""
        here = admitted.get()

        async def found() -> AsyncGenerator[list[Evidence], None]:
            yield await self._assistant.asearch(question, **narrowed)

        with self._counted():
            async with AsyncExitStack() as held:
                steps = found()
                if here is not None:
                    await held.enter_async_context(here.door.gate.turn(here.user))
                    steps = within(here.door.answer_timeout, steps)
                return await anext(await held.enter_async_context(aclosing(steps)))

    def _check_writer(self, asked: str | None) -> None:
        """Send passages to a model only where the server itself is set to."""
        if asked == "openai" and self._assistant.writer != "openai":
            raise UsageError(
                "this server answers with the writer quote; to have a model write, start it with "
                "--writer openai"
            )

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Around whatever takes work."""
        with self._metrics.running.track_inprogress():
            try:
                yield
            except DatelineError as error:
                self._metrics.errors.labels(type(error).__name__).inc()
                raise


async def while_there(request: Request, work: Callable[[], Awaitable[T]]) -> T:
    """Await `work()`, and cancel it when the client hangs up.

    Raises:
        ClientDisconnect: it did.
    """
    done: list[T] = []
    failed: list[Exception] = []
    async with create_task_group() as tasks:

        async def watch() -> None:
            while (await request.receive())["type"] != "http.disconnect":
                pass
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            done.append(await work())
        except Exception as error:  # noqa: BLE001  # raised below, and not in a group of one
            failed.append(error)
        tasks.cancel_scope.cancel()
    if failed:
        raise failed[0]
    if not done:
        raise ClientDisconnect
    return done[0]

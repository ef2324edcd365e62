"""A question of the page on its way: its turn in the queue, its answer, stopping, keeping."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager

from anyio import CancelScope, to_thread

from assistant.access import until
from assistant.api.questions import Questions
from assistant.errors import DatelineError
from assistant.observing import naming_request, step
from assistant.types import Answer, Part
from assistant.web import talk
from assistant.web.keeping import Keeping, Talked
from assistant.web.visitor import Visitor

log = logging.getLogger(__name__)

FAILED = "something inside Dateline failed; ask again, and see the server's log if it stays so"


class Asking:
    """Asks for visitors, and keeps what came of it."""

    def __init__(self, questions: Questions, keeping: Keeping) -> None:
        self._questions, self._keeping = questions, keeping
        self._stops: dict[str, asyncio.Event] = {}

    def stop(self, visitor: Visitor) -> bool:
        """End the answer that is under way in the visitor's window; whether there was one."""
        event = self._stops.get(visitor.session)
        if event is not None:
            event.set()
        return event is not None

    def under_way(self, visitor: Visitor) -> bool:
        """Whether an answer is on its way in the visitor's window."""
        return visitor.session in self._stops

    async def states(self, visitor: Visitor, talked: Talked) -> AsyncGenerator[Talked, None]:
        """The session after each thing that came back for its last turn, which is pending.

        The last state is that of an ended turn, which is kept. One whose window went away, or
        shows another chat now, is kept as stopped.
        """
        turns, chat, replaced = talked
        try:
            with step("question"), self._stoppable(visitor) as stop:
                yield talked  # from here on the page has a Stop button
                async with aclosing(until(stop, self._steps(visitor, turns))) as steps:
                    async for part in steps:
                        turns = talk.progressed(turns, part)
                        yield Talked(turns, chat, replaced)
            turns = talk.end_pending(turns, talk.STOPPED, stopped=True)
        except DatelineError as error:
            turns = talk.end_pending(turns, str(error))
        except (asyncio.CancelledError, GeneratorExit):
            ended = talk.end_pending(turns, talk.STOPPED, stopped=True)
            await self._keep(visitor, Talked(ended, chat, replaced))
            raise
        except Exception:  # the outermost place: the reader gets a line, the log the traceback
            log.exception("a question could not be answered")
            turns = talk.end_pending(turns, naming_request(FAILED))
        yield await self._keep(visitor, Talked(turns, chat, replaced))

    def _steps(
        self, visitor: Visitor, turns: talk.Turns
    ) -> AsyncGenerator[int | Part | Answer, None]:
        filters = turns[-1].filters
        return self._questions.steps(
            visitor.here,
            turns[-1].question,
            history=talk.history_of(turns[:-1]),
            since=filters.since,
            until=filters.until,
            source=filters.source,
            region=filters.region,
            tag=filters.tag,
        )

    async def _keep(self, visitor: Visitor, talked: Talked) -> Talked:
        with CancelScope(shield=True):
            kept = await to_thread.run_sync(self._keeping.keep, visitor.owner, talked)
        return kept

    @contextmanager
    def _stoppable(self, visitor: Visitor) -> Iterator[asyncio.Event]:
        event = self._stops[visitor.session] = asyncio.Event()
        try:
            yield event
        finally:
            if self._stops.get(visitor.session) is event:
                del self._stops[visitor.session]

"""Runs that are started from the page: one at a time, in a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import threading
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING

from assistant.errors import DatelineError, UsageError
from assistant.evaluating import run_evaluation
from assistant.observing import about_request, naming_request
from assistant.web.evaluation.queued import Queued, Stopped

if TYPE_CHECKING:
    from assistant.access import Admitted
    from assistant.api.questions import Questions
    from assistant.evaluation import Runs
    from assistant.pipeline import Assistant
    from assistant.web.evaluation.questions import Asked

log = logging.getLogger(__name__)

FAILED = "The run ended: something inside Dateline failed; see the server's log"

NEWS = 600
"""Seconds for which it is told how a run ended."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the run at hand is: `done` of `total` questions, and the one that is asked now;
    `place` is its place in the queue, 0 where it does not wait.
    """

    questions: str
    done: int = 0
    total: int = 0
    question: str = ""
    place: int = 0
    stopping: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How the last run ended, in words; `failed` where it was neither whole nor stopped."""

    words: str
    failed: bool = False
    at: float = field(default_factory=monotonic)


class Starter:
    """Starts runs over one assistant. Safe for several threads."""

    def __init__(self, assistant: Assistant, questions: Questions) -> None:
        self._assistant, self._questions = assistant, questions
        self._lock = threading.Lock()
        self._now: Progress | None = None
        self._queued: Queued | None = None
        self._ended: Ended | None = None

    @property
    def now(self) -> Progress | None:
        """The run at hand; None where none is."""
        return self._now

    @property
    def ended(self) -> Ended | None:
        """How the last run of this server ended; None where that is no news any more."""
        ended = self._ended
        return ended if ended and monotonic() - ended.at < NEWS else None

    def start(
        self, asked: Asked, runs: Runs, here: Admitted, loop: asyncio.AbstractEventLoop
    ) -> None:
        """Start a run; it goes on when the page is closed, and ends with the server.

        Its questions wait in the queue as those of who starts it. `loop` is the server's.

        Raises:
            UsageError: one is running.
        """
        with self._lock:
            if self._now is not None:
                raise UsageError(
                    f"{self._now.questions} is being asked: wait for its end, or stop it"
                )
            self._now, self._ended = Progress(asked.questions, total=len(asked.cases)), None
            self._queued = queued = Queued(self._questions, here, loop, self._waiting)
        work = threading.Thread(target=self._work, args=(asked, runs, queued), daemon=True)
        work.start()

    def stop(self) -> None:
        """Stop the run at hand, with the question that is being asked."""
        with self._lock:
            queued = self._queued
            if self._now is not None:
                self._now = replace(self._now, stopping=True)
        if queued is not None:
            queued.stop()

    def _work(self, asked: Asked, runs: Runs, queued: Queued) -> None:
        with about_request():
            ended = self._ran(asked, runs, queued)
        with self._lock:
            self._now, self._queued, self._ended = None, None, ended

    def _ran(self, asked: Asked, runs: Runs, queued: Queued) -> Ended:
        questions = asked.questions
        try:
            self._assistant.warm_up()
            run_evaluation(
                self._assistant,
                asked.cases,
                questions,
                narrowed=asked.narrowed,
                runs=runs,
                answers=queued,
                on_progress=self._asking,
            )
        except Stopped:
            return Ended(f"{questions} was stopped; the run is kept as one that is not whole")
        except DatelineError as error:
            return Ended(f"The run ended: {error}", failed=True)
        except Exception:  # the outermost place of the thread: told on the page, and in the log
            log.exception("a run could not be ended")
            return Ended(naming_request(FAILED), failed=True)
        return Ended(f"{questions} was asked: the run is the first in the table")

    def _asking(self, done: int, total: int, question: str) -> None:
        with self._lock:
            now = self._now
            if now is None or now.stopping:
                raise Stopped
            self._now = replace(now, done=done, total=total, question=question, place=0)

    def _waiting(self, place: int) -> None:
        with self._lock:
            if self._now is not None:
                self._now = replace(self._now, place=place)

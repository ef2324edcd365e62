"""Articles that come in: each run is what somebody dropped or pasted at one time.

Runs go on when the page that began them is closed, one after the other, in a thread of their own;
every page of those who may manage the library shows the same ones.
"""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections import deque
from collections.abc import Sequence
from itertools import count
from typing import TYPE_CHECKING

from assistant.errors import DatelineError
from assistant.observing import about_request, naming_request
from assistant.web.library.run import Run, Upload
from assistant.web.library.taking import take_in

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

log = logging.getLogger(__name__)

FAILED = "something inside Dateline failed; try again, and see the server's log if it stays so"
UNWRITTEN = (
    "the server cannot write to its folder ({}); see that it may, and that its disk is not full"
)
KEPT = 5
"""Runs that have ended and are still shown."""


class Runs:
    """The runs of one server. Safe from several threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._numbers = count(1)
        self._lock = threading.Lock()
        self._waiting: deque[Run] = deque()
        self._shown: list[Run] = []
        self._working = False

    def shown(self) -> list[Run]:
        """The runs to show, the oldest first."""
        with self._lock:
            return list(self._shown)

    def active(self) -> bool:
        """Whether any is under way or waits."""
        return any(run.stage != "ended" for run in self.shown())

    def add(
        self, uploads: Sequence[Upload] = (), addresses: Sequence[str] = (), *, feeds: bool = False
    ) -> None:
        """Take in files, whose temporary copies it deletes, and pages by their addresses."""
        if uploads:
            self._begin(Run(next(self._numbers), uploads))
        if addresses:
            self._begin(Run(next(self._numbers), addresses=addresses, feeds=feeds))

    def stop(self, number: object) -> None:
        """End a run after what it has at hand."""
        for run in self.shown():
            if run.number == number:
                run.stopping.set()

    def again(self, number: object) -> None:
        """Begin a run that failed anew."""
        for run in self.shown():
            if run.number == number and run.error and run.stage == "ended":
                self._drop(run)
                self._begin(Run(run.number, run.uploads, run.addresses, feeds=run.feeds))

    def dismiss(self, number: object) -> None:
        """Show a run that has ended no longer."""
        for run in self.shown():
            if run.number == number and run.stage == "ended":
                self._drop(run)
                _forget(run)

    def _drop(self, run: Run) -> None:
        with self._lock:
            if run in self._shown:
                self._shown.remove(run)

    def _begin(self, run: Run) -> None:
        with self._lock:
            self._waiting.append(run)
            ended = [each for each in self._shown if each.stage == "ended"]
            old = ended[: max(0, len(ended) - KEPT + 1)]
            self._shown = [each for each in self._shown if each not in old] + [run]
            begin, self._working = not self._working, True
        for each in old:
            _forget(each)
        if begin:
            threading.Thread(target=self._work, name="taking in", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._working = False
                    return
                run = self._waiting.popleft()
            with about_request():
                self._take_in(run)
            if not run.error:
                _forget(run)
            _settle(run)

    def _take_in(self, run: Run) -> None:
        try:
            take_in(self._assistant, run)
        except DatelineError as error:
            run.error = str(error)
        except OSError as error:
            run.error = UNWRITTEN.format(error.strerror or error)
        except Exception:  # the outermost place: the reader gets a line, the log the traceback
            log.exception("articles could not be taken in")
            run.error = naming_request(FAILED)


def _settle(run: Run) -> None:
    for item in run.items:
        if item.state in ("waiting", "at work", "read"):
            item.state = "left"
    run.ended, run.stage = time.monotonic(), "ended"


def _forget(run: Run) -> None:
    """Delete the temporary copies of its files."""
    for each in run.uploads:
        shutil.rmtree(each.path.parent, ignore_errors=True)

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
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.articles.files import printable
from assistant.errors import DatelineError, FetchError

if TYPE_CHECKING:
    from assistant.indexing import FileOutcome, IndexProgress
    from assistant.pipeline import Assistant

log = logging.getLogger(__name__)

State = Literal["waiting", "at work", "read", "added", "unchanged", "partly", "refused", "left"]
Stage = Literal["waiting", "fetching", "reading", "embedding", "ended"]

FAILED = "something inside Dateline failed; try again, and see the server's log if it stays so"
CUT = "was stopped before its end; add it again, and what is missing comes"
KEPT = 5
"""Runs that have ended and are still shown."""


@dataclass(slots=True)
class Item:
    """A file or an address, how far it is (0 to 1), and what came of it.

    `reasons`: what was refused, each with where in the file that was ("" for all of it).
    """

    name: str
    size: int = 0
    state: State = "waiting"
    done: float = 0.0
    articles: int = 0
    reasons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from a browser: where it lies, and what it is called."""

    path: Path
    name: str


class Run:
    """One run; its fields change while it is at work."""

    def __init__(
        self,
        number: int,
        uploads: Sequence[Upload] = (),
        addresses: Sequence[str] = (),
        *,
        feeds: bool = False,
    ) -> None:
        self.number = number
        self.uploads, self.addresses, self.feeds = list(uploads), list(addresses), feeds
        self.items = [Item(each.name, _size(each.path)) for each in self.uploads]
        self.items += [Item(address) for address in self.addresses if not feeds]
        self.stage: Stage = "waiting"
        self.done, self.total = 0, 0  # of the stage
        self.error = ""
        self.stopping = threading.Event()
        self.began, self.ended = time.monotonic(), 0.0
        self.files: dict[str, Item] = {}  # by the path that indexing calls them by

    @property
    def seconds(self) -> float:
        """How long it has been, or was, under way."""
        return (self.ended or time.monotonic()) - self.began

    @property
    def stopped(self) -> bool:
        """Whether somebody ended it early."""
        return self.stopping.is_set() and self.stage == "ended"

    def counted(self, *states: State) -> int:
        """How many of its items are in one of these states."""
        return sum(item.state in states for item in self.items)

    @property
    def articles(self) -> int:
        """How many articles came with it, new or changed."""
        return sum(item.articles for item in self.items if item.state in ("added", "partly"))


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
            try:
                _take_in(self._assistant, run)
            except DatelineError as error:
                run.error = str(error)
            except Exception:  # the outermost place: the reader gets a line, the log the traceback
                log.exception("articles could not be taken in")
                run.error = FAILED
            if not run.error:
                _forget(run)
            _settle(run)


def _settle(run: Run) -> None:
    for item in run.items:
        if item.state in ("waiting", "at work", "read"):
            item.state = "left"
    run.ended, run.stage = time.monotonic(), "ended"


def _forget(run: Run) -> None:
    """Delete the temporary copies of its files."""
    for each in run.uploads:
        shutil.rmtree(each.path.parent, ignore_errors=True)


def _take_in(assistant: Assistant, run: Run) -> None:
    run.began = time.monotonic()
    paths = _fetched(assistant, run) if run.addresses else _kept(assistant, run)
    run.files = {printable(str(path)): item for path, item in paths.items()}
    run.stage, run.done, run.total = "reading", 0, 0
    ends = _ends(list(paths))

    def told(progress: IndexProgress) -> None:
        run.stage, run.done, run.total = progress.stage, progress.done, progress.total
        if progress.stage == "embedding":
            _read_until(run, None)
        elif progress.item in run.files:
            _read_until(run, run.files[progress.item])
            first, size = ends[progress.item]
            if size:
                item = run.files[progress.item]
                item.done = min(1.0, max(item.done, (progress.done - first) / size))

    report, outcomes = assistant.take_in(list(paths), on_progress=told, stop=run.stopping.is_set)
    for outcome in outcomes:
        item = paths[outcome.path]
        cut = report.stopped and item.state == "at work"
        _note(item, outcome)
        if cut and outcome.articles:
            item.state, item.reasons = "partly", [*item.reasons, ("", CUT)]


def _kept(assistant: Assistant, run: Run) -> dict[Path, Item]:
    """The files of a run, kept below the index, each with its item; the same one twice is one."""
    paths: dict[Path, Item] = {}
    for upload, item in zip(run.uploads, run.items, strict=True):
        try:
            path = assistant.keep_upload(upload.path, upload.name)
        except OSError as error:
            reason = f"cannot be kept on the server: {error.strerror or error}"
            item.state, item.reasons = "refused", [("", reason)]
            continue
        if path in paths:
            item.state = "unchanged"
        else:
            paths[path] = item
    return paths


def _fetched(assistant: Assistant, run: Run) -> dict[Path, Item]:
    """The pages of a run, saved below the index, each with its item."""
    run.stage = "fetching"
    by_address = {_normal(item.name): item for item in run.items}

    def item_of(address: str) -> Item:
        known = _normal(address)
        if known not in by_address:
            by_address[known] = Item(address)
            run.items.append(by_address[known])
        return by_address[known]

    def told(done: int, total: int, address: str) -> None:
        run.done, run.total = done, total
        item_of(address).state = "read"

    report = assistant.fetch(
        run.addresses, feeds=run.feeds, on_progress=told, stop=run.stopping.is_set
    )
    for refused in report.refused:
        item = item_of(refused.address)
        item.state, item.reasons = "refused", [("", refused.reason)]
    kept = (*report.added, *report.updated, *report.unchanged)
    return {page.path: item_of(page.address) for page in kept}


def _normal(address: str) -> str:
    """An address as fetching reports it; before fetching is known to be installed, as it stands."""
    try:
        from assistant.fetching.addresses import parse, shown
    except ModuleNotFoundError:  # `fetch` says so in one line
        return address
    try:
        return str(parse(address))
    except FetchError:
        return shown(address)


def _ends(paths: Sequence[Path]) -> dict[str, tuple[int, int]]:
    """Where each file begins among the bytes of all, and how many it has, by its printed path."""
    found, first = {}, 0
    for path in paths:
        size = _size(path)
        found[printable(str(path))] = first, size
        first += size
    return found


def _read_until(run: Run, at_hand: Item | None) -> None:
    for item in run.files.values():
        if item is at_hand:
            item.state = "at work"
        elif item.state == "at work":
            item.state, item.done = "read", 1.0
    if at_hand is None:
        for item in run.files.values():
            item.done = 1.0


def _note(item: Item, outcome: FileOutcome) -> None:
    shown = printable(str(outcome.path))
    item.articles = outcome.added + outcome.updated
    folder = f"{outcome.path.parent}/"
    item.reasons = [
        (each.path[len(shown) :].lstrip("#/:"), each.reason.replace(folder, ""))
        for each in outcome.refused
    ]
    if not outcome.articles and not outcome.refused:
        item.state = "left"
    elif not outcome.articles:
        item.state = "refused"
    elif outcome.refused:
        item.state = "partly"
    elif item.articles:
        item.state = "added"
    else:
        item.state, item.articles = "unchanged", outcome.articles


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

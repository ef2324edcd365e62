"""What a run does: keep files, fetch pages, index them, and note on each what came of it."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.articles.files import printable
from assistant.errors import DatelineError, FetchError
from assistant.web.library.run import Item, Run, size_of

if TYPE_CHECKING:
    from assistant.indexing import FileOutcome, IndexProgress
    from assistant.pipeline import Assistant

CUT = "was stopped before its end; add it again, and what is missing comes"


def take_in(assistant: Assistant, run: Run) -> None:
    """Take in the files or pages of a run, and note on it how far that is.

    Raises:
        DatelineError: it failed as a whole; files without an article were deleted again.
        OSError: the folder of pages cannot be written to.
    """
    run.began = time.monotonic()
    paths = _fetched(assistant, run) if run.addresses else _kept(assistant, run)
    run.stage, run.done, run.total = "reading", 0, 0
    files = [(item, size_of(path)) for path, item in paths.items()]

    def told(progress: IndexProgress) -> None:
        run.stage, run.done, run.total = progress.stage, progress.done, progress.total
        _read_until(files, progress.done if progress.stage == "reading" else sys.maxsize)

    stopped = run.stopping.is_set
    try:
        report, outcomes = assistant.take_in(list(paths), on_progress=told, stop=stopped)
    except DatelineError:
        for path, item in paths.items():
            if path.exists():  # its articles are in the library: it failed at what they mean
                item.state = "kept"
        raise
    run.pending = report.pending
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


def _read_until(files: Sequence[tuple[Item, int]], done: int) -> None:
    """Note how far each file is, of how many bytes of all of them have been read."""
    for item, size in files:
        left = done
        done -= size
        if done >= 0:
            item.state, item.done = "read", 1.0
        elif left >= 0:
            item.state, item.done = "at work", left / size
            return


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

"""Folders are kept in step with the library while they change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from assistant.articles import ColumnMapping
from assistant.errors import IndexLockedError
from assistant.indexing.run import index_changes
from assistant.library import Embed, Library
from assistant.types import IndexReport

if TYPE_CHECKING:
    from watchfiles import Change

_TICK = 1.0  # seconds until it is looked again: for another writer's end, for roots that are back


def watch_paths(
    library: Library,
    embed: Embed,
    paths: Sequence[Path],
    stop: Event,
    mapping: ColumnMapping | None = None,
) -> Iterator[IndexReport]:
    """Index what changes at or below the paths until `stop` is set; a report for each time.

    Changes that come together are taken together, about two seconds after the first of them.
    While another process writes, they wait. A path that is deleted, or put in the place of another
    as a whole, is watched again when it is there.

    Raises:
        UsageError: the library cannot be written to.
    """
    roots = [path.resolve() for path in paths]
    folders = [root if root.is_dir() else root.parent for root in roots]
    waiting = set(roots)  # what changed before the watching began
    for changed in _changes(roots, stop):
        waiting |= changed
        if not waiting:
            continue
        own = library.folder.resolve()
        waiting = {path for path in waiting if not path.is_relative_to(own)}
        try:
            report = index_changes(library, embed, folders, waiting, stop.is_set, mapping)
        except IndexLockedError:
            continue
        waiting.clear()
        if report.added or report.updated or report.removed or report.quarantined:
            yield report


def _changes(roots: Collection[Path], stop: Event) -> Iterator[set[Path]]:
    """The paths that changed at and below the roots, as they change; none about each second."""
    from watchfiles import watch

    missed: set[Path] = set()
    while not stop.is_set():
        places = {root: _place(root) for root in roots}
        there = [root for root in roots if places[root]]
        told = watch(
            *there,
            watch_filter=None,  # what is passed over is passed over alike when a folder is searched
            stop_event=stop,
            rust_timeout=int(1000 * _TICK),
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        try:
            for changes in told if there else _nothing(stop):
                changed = {Path(path) for _, path in changes}
                yield changed | missed
                missed = set()
                # The system watches the file or folder that was there, not what has its name now,
                # be it that the number of what was there has been given to it.
                if any(root in changed or _place(root) != places[root] for root in roots):
                    missed = set(roots)  # whatever changes until all are watched anew
                    break
        except FileNotFoundError:  # gone since it was looked at
            stop.wait(_TICK)


def _nothing(stop: Event) -> Iterator[set[tuple[Change, str]]]:
    while not stop.wait(_TICK):
        yield set()


def _place(path: Path) -> tuple[int, int] | None:
    """What lies at a path now; None where nothing does."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino

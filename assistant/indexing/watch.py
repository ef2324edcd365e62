"""Folders are kept in step with the library while they change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event

from assistant.articles import ColumnMapping
from assistant.errors import IndexLockedError
from assistant.indexing.run import index_changes
from assistant.library import Embed, Library
from assistant.types import IndexReport

_TRY_AGAIN = 1000  # milliseconds after which changes are tried again that another writer held up


def watch_paths(
    library: Library,
    embed: Embed,
    paths: Sequence[Path],
    stop: Event,
    mapping: ColumnMapping | None = None,
) -> Iterator[IndexReport]:
    """Index what changes at or below the paths until `stop` is set; a report for each time.

    Changes that come together are taken together, about two seconds after the first of them.
    While another process writes, they wait.

    Raises:
        UsageError: the library cannot be written to.
    """
    from watchfiles import watch

    roots = [path.resolve() for path in paths]
    folders = [root if root.is_dir() else root.parent for root in roots]
    waiting = set(roots)  # what changed before the watching began
    for changes in watch(
        *roots,
        watch_filter=None,  # what is passed over is passed over alike when a folder is searched
        stop_event=stop,
        rust_timeout=_TRY_AGAIN,
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        waiting |= {Path(path) for _, path in changes}
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

"""One run of indexing: every file is read and committed, then what has no vector gets one."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from assistant.articles import ColumnMapping, SourceFile, find_files
from assistant.articles.files import find_below
from assistant.articles.isolated import IsolatedReader
from assistant.indexing.known import Held, Nothing
from assistant.indexing.paths import actual_path, digest, stored_path
from assistant.indexing.planner import Planner, Tally
from assistant.library import Embed, FileChange, Library, Writer
from assistant.types import IndexReport

Stage = Literal["reading", "embedding"]
_LOOKED_UP = 500  # files at a time
FETCHED, UPLOADED = "fetched", "uploaded"
"""The folders below an index's own that pages from the web, and uploaded files, are kept in."""


@dataclass(frozen=True, slots=True)
class IndexProgress:
    """How far a run is: bytes of files that are read, then passages that are embedded.

    `item` is the file at hand; `articles` counts what has been read or found unchanged.
    """

    stage: Stage
    done: int
    total: int
    articles: int
    item: str = ""


OnProgress = Callable[[IndexProgress], None]


def index_paths(
    library: Library,
    embed: Embed,
    paths: Sequence[Path],
    on_progress: OnProgress | None = None,
    stop: Callable[[], bool] | None = None,
    mapping: ColumnMapping | None = None,
) -> IndexReport:
    """Bring the library in step with files and folders; the unchanged is not read again.

    Below a folder that is named, articles of files that are gone are removed. A file that is named
    itself is read in any case: so articles come back that were removed by hand. Articles are found
    by their words from their commit on, by their meaning when their vectors are made, which comes
    after the last file. `stop` is asked again and again; once it is true the run ends after the
    batch at hand, and the next one goes on from there. `mapping` says which columns of CSV, JSON
    and JSONL hold which fields; a file that was read with another is read again, and keeps what it
    gave where it does not fit.

    Raises:
        UsageError: a path does not exist, or the library cannot be written to.
        IndexLockedError: another process is writing.
        DatelineError: the embedder fails; at the first passage, before anything is committed.
    """
    files = _files(_found(paths, library.folder), library.folder)

    def gone() -> list[str]:
        return _missing(library.held, files, paths, library.folder)

    named = {path.resolve() for path in paths if path.is_file()}
    return _bring(library, embed, files, gone, named, on_progress, stop, mapping)


def index_changes(
    library: Library,
    embed: Embed,
    roots: Sequence[Path],
    changed: Collection[Path],
    stop: Callable[[], bool] | None = None,
    mapping: ColumnMapping | None = None,
) -> IndexReport:
    """As `index_paths` of the roots, if nothing but what lies at or below `changed` did change.

    Raises:
        UsageError: the library cannot be written to.
        IndexLockedError: another process is writing.
    """
    tops = [(path, root) for path in changed for root in roots if path.is_relative_to(root)]
    listed = {file.path: file for path, root in tops for file in find_below(root, path)}
    files = _files(list(listed.values()), library.folder)

    def gone() -> list[str]:
        found, own = {stored_path(file.path) for file in files}, library.folder.resolve()
        missing = (
            path
            for top, root in tops
            for path in library.held.below(stored_path(top))
            if path not in found and _lies_below(actual_path(path), top, root, own)
        )
        return list(dict.fromkeys(missing))

    return _bring(library, embed, files, gone, (), None, stop, mapping)


def _bring(
    library: Library,
    embed: Embed,
    files: Sequence[SourceFile],
    gone: Callable[[], list[str]],
    named: Collection[Path],
    on_progress: OnProgress | None,
    stop: Callable[[], bool] | None,
    mapping: ColumnMapping | None,
) -> IndexReport:
    """Read the files, forget what is gone, embed. `named`: those that are read in any case."""
    started = time.perf_counter()
    tally, told, stopped = Tally(), on_progress or _silent, stop or _never
    with library.writing() as writer:
        _read_all(library.held, _trying(writer, embed), files, named, mapping, tally, told, stopped)
        if not stopped():
            # Last, so that an article whose file was moved is never away.
            paths = gone()
            tally.removed += writer.forget(paths) if paths else []
        _embed_all(library, writer, embed, tally, told, stopped)
        pending = library.pending()
    return _report(tally, started, stopped=stopped(), pending=pending)


def plan_paths(
    library: Library | None, paths: Sequence[Path], mapping: ColumnMapping | None = None
) -> IndexReport:
    """What `index_paths` would add, update, remove and refuse; nothing is written.

    `library` None: as with one that is still to be made.

    Raises:
        UsageError: a path does not exist.
    """
    started = time.perf_counter()
    tally = Tally()
    held: Held = library.held if library else Nothing()
    own = library.folder if library else None
    files = _files(_found(paths, own), own)

    def commit(changes: Sequence[FileChange]) -> list[str]:
        before = held.ids([change.path for change in changes])
        return [
            article_id
            for change in changes
            if change.keep is not None
            for article_id in before.get(change.path, ())
            if article_id not in {*change.keep, *(a.id for a, _ in change.write)}
        ]

    named = {path.resolve() for path in paths if path.is_file()}
    _read_all(held, commit, files, named, mapping, tally, _silent, _never)
    gone = held.ids(_missing(held, files, paths, own))
    tally.removed += [article_id for ids in gone.values() for article_id in ids]
    return _report(tally, started, stopped=False, pending=0)


def _trying(writer: Writer, embed: Embed) -> Callable[[Sequence[FileChange]], list[str]]:
    """Commit changes, the embedder tried out before the first of them."""
    tried = False

    def commit(changes: Sequence[FileChange]) -> list[str]:
        nonlocal tried
        new = (p for change in changes for _, passages in change.write for p in passages)
        if not tried and (first := next(new, None)):
            writer.try_out(embed, first)
            tried = True
        return writer.apply(changes)

    return commit


def _read_all(
    held: Held,
    commit: Callable[[Sequence[FileChange]], list[str]],
    files: Sequence[SourceFile],
    named: Collection[Path],
    mapping: ColumnMapping | None,
    tally: Tally,
    told: OnProgress,
    stop: Callable[[], bool],
) -> None:
    sizes = [_size(file.path) for file in files]
    done, total = 0, sum(sizes)

    def tell(place: int) -> None:
        # What is put off is read again at the end, and a file may have grown.
        now = min(done + place, total)
        told(IndexProgress("reading", now, total, planner.articles, name))

    with IsolatedReader(mapping, told=tell) as reader:
        digested = partial(digest, mapping=mapping)
        planner = Planner(held, reader.read, digested, commit, tally, stop)
        name = ""
        tell(0)
        for number, (file, size) in enumerate(zip(files, sizes, strict=True)):
            if stop():
                break
            if number % _LOOKED_UP == 0:
                planner.expect(files[number : number + _LOOKED_UP])
            name = file.name
            planner.take(file, anew=file.path in named)
            done += size
            tell(0)
        planner.finish()


def _embed_all(
    library: Library,
    writer: Writer,
    embed: Embed,
    tally: Tally,
    told: OnProgress,
    stop: Callable[[], bool],
) -> None:
    total, done = library.pending(), 0
    articles = len(tally.added) + len(tally.updated) + len(tally.unchanged)
    if stop():
        return
    if total:
        told(IndexProgress("embedding", 0, total, articles))
    for made in writer.embed_pending(embed, stop):
        done += made
        told(IndexProgress("embedding", done, total, articles))


def _found(paths: Sequence[Path], own: Path | None) -> list[SourceFile]:
    """The files at and below the paths; those that the index keeps have their folder as root."""
    index = own.resolve() if own else None
    return find_files(sorted(paths, key=lambda path: not _is_kept(path.resolve(), index)))


def _files(found: Sequence[SourceFile], own: Path | None) -> list[SourceFile]:
    """The files but for those of the index itself, whose folder is `own`."""
    index = own.resolve() if own else None
    return [f for f in found if _lies_below(f.path, f.root, f.root, index)]


def _missing(
    held: Held, files: Sequence[SourceFile], paths: Sequence[Path], own: Path | None
) -> list[str]:
    """What lay below a folder that is named and is gone, as stored paths."""
    index = own.resolve() if own else None
    found = {stored_path(file.path) for file in files}
    folders = [path.resolve() for path in paths if path.is_dir()]
    unlisted = [file.path for file in files if file.path.is_dir()]  # what is in them is not known
    missing = (
        path
        for folder in folders
        for path in held.below(stored_path(folder))
        if path not in found
        and _lies_below(actual_path(path), folder, folder, index)
        and not any(actual_path(path).is_relative_to(folder) for folder in unlisted)
    )
    return list(dict.fromkeys(missing))


def _lies_below(path: Path, top: Path, root: Path, own: Path | None) -> bool:
    """Whether a file lies below `top`, and is not the index's own when seen from `root`."""
    if own is not None and path.is_relative_to(own) and not _is_kept(root, own):
        return False
    return path.is_relative_to(top)


def _is_kept(root: Path, own: Path | None) -> bool:
    """Whether this is a folder of files that the index keeps below its own, or in one."""
    return own is not None and any(root.is_relative_to(own / kept) for kept in (FETCHED, UPLOADED))


def _report(tally: Tally, started: float, *, stopped: bool, pending: int) -> IndexReport:
    written = {*tally.added, *tally.updated}
    return IndexReport(
        added=tuple(tally.added),
        updated=tuple(tally.updated),
        unchanged=tuple(tally.unchanged),
        removed=tuple(i for i in tally.removed if i not in written),
        quarantined=tuple(tally.quarantined),
        seconds=time.perf_counter() - started,
        stopped=stopped,
        pending=pending,
    )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _silent(_: IndexProgress) -> None:
    return


def _never() -> bool:
    return False

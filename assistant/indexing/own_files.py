"""The files that an index keeps itself: what was uploaded, and pages from the web.

They lie in folders below the index's own. An article whose file is gone goes at the next indexing,
so these files stay as long as an article comes from them, and no longer.
"""

from __future__ import annotations

import filecmp
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.articles.files import printable, stem_of
from assistant.errors import IndexLockedError
from assistant.indexing.paths import actual_path, stored_path
from assistant.indexing.run import FETCHED, UPLOADED, OnProgress, index_paths
from assistant.library import Embed, Library
from assistant.types import IndexReport, Quarantined

LONGEST_NAME = 120
"""Bytes of a file's name that are kept, its ending included: others are put before it."""

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|#%\ud800-\udfff]+')
_TRIES = 10_000


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What came of one file: how many articles it gives, and what of it was refused.

    `articles` counts all that are in the library from it now; `added` and `updated` those of this
    run. Neither articles nor `refused`: the run ended before it.
    """

    path: Path
    articles: int
    added: int
    updated: int
    refused: tuple[Quarantined, ...]


@dataclass(frozen=True, slots=True)
class Removal:
    """What removing some articles comes to: their ids, and what becomes of the files they are from.

    `deleted`: the index's own files, which go with their last article; `shared`: own files that
    other articles are from, too; `outside`: files of others, which stay. All as they are shown.
    """

    article_ids: tuple[str, ...]
    deleted: tuple[str, ...]
    shared: tuple[str, ...]
    outside: tuple[str, ...]


def safe_name(name: str) -> str:
    r"""A name that a file can have anywhere, as near as may be to the one it came with.

    >>> safe_name("../../etc/pass wd.md"), safe_name("C:\\news\\June #2.html")
    ('pass wd.md', 'June 2.html')
    >>> safe_name(".hidden"), safe_name("..."), safe_name("")
    ('hidden', 'file', 'file')
    """
    last = re.split(r"[/\\]", name)[-1]
    plain = " ".join(_UNSAFE.sub(" ", last).split()).strip(". ")
    stem = stem_of(plain)
    ending = plain[len(stem) :]
    room = LONGEST_NAME - len(ending.encode())
    return (stem.encode()[: max(room, 1)].decode(errors="ignore").strip() + ending) or "file"


def keep_upload(library: Library, source: Path, name: str) -> Path:
    """Copy a file to those that were uploaded, under a name that nothing else has.

    The same file that is there under its name already is not copied again.

    Raises:
        OSError: it cannot be read, or the folder cannot be written to.
    """
    folder = library.folder.resolve() / UPLOADED
    folder.mkdir(exist_ok=True)
    wanted = safe_name(name)
    stem = stem_of(wanted)
    ending = wanted[len(stem) :]
    for number in range(1, _TRIES):
        path = folder / (wanted if number == 1 else f"{stem}-{number}{ending}")
        if path.is_file() and filecmp.cmp(path, source, shallow=False):
            return path
        if path.exists() or library.listing.has_id(stem_of(path.name)):
            continue
        with source.open("rb") as given, suppress(FileExistsError), path.open("xb") as target:
            try:
                shutil.copyfileobj(given, target)
            except OSError:
                path.unlink()
                raise
            return path
    raise FileExistsError(f"there are {_TRIES} files called {wanted}")


def take_in(
    library: Library,
    embed: Embed,
    paths: Sequence[Path],
    on_progress: OnProgress | None = None,
    stop: Callable[[], bool] | None = None,
) -> tuple[IndexReport, list[FileOutcome]]:
    """Index some of the index's own files; those that give no article do not stay.

    Raises:
        IndexLockedError: another process is writing; none of the new files stays.
        DatelineError: the embedder fails.
    """
    try:
        report = index_paths(library, embed, paths, on_progress, stop) if paths else IndexReport()
        return report, _outcomes(library, paths, report)
    finally:
        clear_unused(library, paths)


def _outcomes(library: Library, paths: Sequence[Path], report: IndexReport) -> list[FileOutcome]:
    added, updated = set(report.added), set(report.updated)
    ids = library.held.ids([stored_path(path) for path in paths])
    found = []
    for path in paths:
        own, shown = ids.get(stored_path(path), []), printable(str(path))
        refused = tuple(
            each for each in report.quarantined if re.match(r"$|[#/:]", _rest(each.path, shown))
        )
        here = set(own)
        found.append(FileOutcome(path, len(own), len(here & added), len(here & updated), refused))
    return found


def _rest(path: str, shown: str) -> str:
    """What a path says beyond a file's; something that nothing begins with if it is another's."""
    return path[len(shown) :] if path.startswith(shown) else "?"


def clear_unused(library: Library, paths: Iterable[Path]) -> None:
    """Delete those of the index's own files that no current article is from."""
    own = [path for path in paths if is_own(library, path)]
    used = library.held.ids([stored_path(path) for path in own])
    unused = [path for path in own if stored_path(path) not in used]
    for path in unused:
        _delete(path)
    if unused:
        with suppress(IndexLockedError), library.writing() as writer:  # it matters little
            writer.forget([stored_path(path) for path in unused])


def is_own(library: Library, path: Path) -> bool:
    """Whether a file is one of those that the index keeps itself."""
    folder = library.folder.resolve()
    return any(path.is_relative_to(folder / kept) for kept in (FETCHED, UPLOADED))


def plan_removal(library: Library, article_ids: Sequence[str]) -> Removal:
    """What removing these articles would come to; those that are not there are left out."""
    files = library.listing.files_of(article_ids)
    there = library.held.ids(list(dict.fromkeys(files.values())))
    deleted, shared, outside = [], [], []
    for stored, ids in there.items():
        path = actual_path(stored)
        if not is_own(library, path):
            outside += [printable(str(path))] if path.exists() else []
        elif set(ids) <= set(files):
            deleted.append(path.name)
        else:
            shared.append(path.name)
    return Removal(tuple(files), tuple(deleted), tuple(shared), tuple(outside))


def remove(library: Library, article_ids: Sequence[str]) -> Removal:
    """Remove articles, and own files that none is from any more.

    Raises:
        IndexLockedError: another process is writing.
    """
    with library.writing() as writer:
        planned = plan_removal(library, article_ids)
        stored = set(library.listing.files_of(article_ids).values())
        writer.remove(planned.article_ids)
        used = library.held.ids(list(stored))
        gone = [p for p in stored if p not in used and is_own(library, actual_path(p))]
        for path in gone:
            _delete(actual_path(path))
        if gone:
            writer.forget(gone)
    return planned


def _delete(path: Path) -> None:
    """Delete a file, and the note that fetching keeps beside a page."""
    with suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108  # a link itself, never what it leads to
    if path.parent.name == FETCHED:
        path.with_name(f".{stem_of(path.name)}.json").unlink(missing_ok=True)

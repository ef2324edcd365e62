"""Which files there are to read, and where they belong."""

from __future__ import annotations

import io
import os
import re
import stat
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.articles.text import one_line
from assistant.errors import UsageError

if TYPE_CHECKING:
    from typing_extensions import Buffer

MOST_BYTES = 20_000_000
"""Of one Markdown, text, HTML or feed file, one line of JSONL, one object or row."""
MOST_PICTURED_BYTES = 100_000_000
"""Of one PDF, Word document, saved page or mail: most of it are pictures, which are not read."""
MOST_JSONL_BYTES = 2_000_000_000
"""Of one file that holds many articles: JSONL, JSON, CSV, a mailbox, an archive."""

# What systems leave in folders beside the files of their users.
_LITTER = {"thumbs.db", "desktop.ini", "icon\r", "__macosx", "__pycache__"}
# What browsers call the folder of what belongs to a page that they saved beside it.
_PACKED = {".gz", ".bz2", ".xz"}
_PAGE_FOLDER = re.compile(r"(?P<page>.+)(?:_files|-Dateien|_fichiers|_archivos|_file)")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read as articles, and the folder that was indexed (or its own, if it was named).

    Both paths are absolute. Ids of articles without one, and what a removal may touch, come from
    the path below `root`.
    """

    path: Path
    root: Path

    @property
    def stem(self) -> str:
        """The path below the root with `/` between folders, without the file's ending."""
        relative = stem_of(self.path.relative_to(self.root).as_posix())
        # A name that shows nothing is still a name.
        return one_line(printable(relative)) or quote(os.fsencode(relative))

    @property
    def name(self) -> str:
        """The path as it is shown in reports."""
        return printable(str(self.path))


class WatchedFile(io.FileIO):
    """A file that tells how far it has been read, each time that this is further than before."""

    def __init__(self, path: Path, told: Callable[[int], None]) -> None:
        super().__init__(path)
        self._told, self._furthest = told, 0

    def readinto(self, buffer: Buffer) -> int | None:  # all reading of a buffered file
        """As of any file."""
        size = super().readinto(buffer)
        if (place := self.tell()) > self._furthest:
            self._furthest = place
            self._told(place)
        return size


def find_files(paths: Sequence[Path]) -> list[SourceFile]:
    """The files that are named, and those in the folders that are named, each once.

    Folders are searched to the bottom, in the order of their names; hidden files and folders are
    skipped, and so are pipes, sockets and devices, and the folders that belong to saved pages.
    Symbolic links to folders are not followed; what lies in one, and a folder that cannot be
    listed, stands in the list for `read_articles` to refuse. Files of unknown kinds are in it too.

    Raises:
        UsageError: a path does not exist, or is neither a file nor a folder.
    """
    found: dict[Path, SourceFile] = {}
    for path in paths:
        try:
            resolved = Path(path).resolve(strict=True)
        except (OSError, RuntimeError, ValueError) as error:
            raise UsageError(f"{path}: no such file or folder") from error
        if resolved.is_dir():
            listed = [SourceFile(each, resolved) for each in _walk(resolved)]
        elif resolved.is_file():
            listed = [SourceFile(resolved, resolved.parent)]
        else:
            raise UsageError(f"{path}: neither a file nor a folder")
        for file in sorted(listed, key=lambda file: file.path.is_symlink()):
            # A link within the root is a second name of a file that has its own.
            found.setdefault(_identity(file.path), file)
    return list(found.values())


def find_below(root: Path, path: Path) -> list[SourceFile]:
    """The files at or below a path, as they are found when `root`, above it, is searched.

    Empty where there is none, or where the search would have passed the path over.
    """
    here = root
    for part in path.relative_to(root).parts:
        beside = [each.name for each in here.iterdir()] if here.is_dir() else []
        if not is_wanted(part) or here.is_symlink() or belongs_to_page(part, beside):
            return []
        here = here / part
    if path.is_dir() and not path.is_symlink():
        return [SourceFile(each, root) for each in _walk(path)]
    return [SourceFile(path, root)] if path.is_file() or path.is_symlink() else []


def printable(path: str) -> str:
    """A path as text: bytes of a name that are not UTF-8 are shown as U+FFFD."""
    return os.fsencode(path).decode("utf-8", errors="replace")


def _identity(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path  # a link in a circle


def _walk(folder: Path) -> Iterator[Path]:
    unlisted: list[Path] = []

    def note(error: OSError) -> None:
        unlisted.append(Path(error.filename))

    for here, folders, names in os.walk(folder, onerror=note):
        wanted = sorted(
            name for name in folders if is_wanted(name) and not belongs_to_page(name, names)
        )
        links = [name for name in wanted if Path(here, name).is_symlink()]
        folders[:] = [name for name in wanted if name not in links]
        for name in sorted([*(n for n in names if is_wanted(n)), *links]):
            path = Path(here, name)
            if path.is_symlink() or stat.S_ISREG(path.lstat().st_mode):
                yield path
    yield from unlisted


def is_wanted(name: str) -> bool:
    """Whether a file or folder of this name is the user's own, and not hidden."""
    return not name.startswith(".") and name.casefold() not in _LITTER


def belongs_to_page(folder: str, beside: Container[str]) -> bool:
    """Whether a folder holds the parts of a saved page that lies beside it.

    >>> belongs_to_page("Bridge shut_files", ["Bridge shut.html"])
    True
    """
    found = _PAGE_FOLDER.fullmatch(folder)
    return found is not None and any(
        found["page"] + ending in beside for ending in (".html", ".htm", ".xhtml")
    )


def ending_of(path: str) -> str:
    """The ending that says of what kind a file is, in lower case; two of a packed tar.

    >>> ending_of("news/June.v2.HTML"), ending_of("all.tar.gz"), ending_of("README")
    ('.html', '.tar.gz', '')
    """
    suffixes = [suffix.casefold() for suffix in PurePosixPath(path).suffixes[-2:]]
    if len(suffixes) == 2 and suffixes[0] == ".tar" and suffixes[1] in _PACKED:
        return "".join(suffixes)
    return suffixes[-1] if suffixes else ""


def stem_of(path: str) -> str:
    """A path without its ending.

    >>> stem_of("news/June.v2.HTML"), stem_of("in/all.tar.gz")
    ('news/June.v2', 'in/all')
    """
    return path[: len(path) - len(ending_of(path))] or path

"""Which files there are to read, and where they belong."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from assistant.articles.text import one_line
from assistant.errors import UsageError

MOST_BYTES = 20_000_000
"""Of one Markdown, text or HTML file, and of one line of JSONL; what is larger is quarantined."""
MOST_JSONL_BYTES = 2_000_000_000

# What systems leave in folders beside the files of their users.
_LITTER = {"thumbs.db", "desktop.ini", "icon\r", "__macosx", "__pycache__"}


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
        relative = self.path.relative_to(self.root).with_suffix("")
        # A name that shows nothing is still a name.
        return one_line(printable(relative.as_posix())) or quote(os.fsencode(relative))

    @property
    def name(self) -> str:
        """The path as it is shown in reports."""
        return printable(str(self.path))


def find_files(paths: Sequence[Path]) -> list[SourceFile]:
    """The files that are named, and those in the folders that are named, each once.

    Folders are searched to the bottom, in the order of their names; hidden files and folders are
    skipped, and so are pipes, sockets and devices. Symbolic links to folders are not followed;
    what lies in one, and a folder that cannot be listed, stands in the list for `read_articles`
    to refuse. Files of unknown kinds are in it too.

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
    below = path.relative_to(root)
    passed_over = not all(_is_wanted(part) for part in below.parts) or any(
        root.joinpath(*below.parts[:depth]).is_symlink() for depth in range(1, len(below.parts))
    )
    if passed_over:
        return []
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
        wanted = sorted(name for name in folders if _is_wanted(name))
        links = [name for name in wanted if Path(here, name).is_symlink()]
        folders[:] = [name for name in wanted if name not in links]
        for name in sorted([*(n for n in names if _is_wanted(n)), *links]):
            path = Path(here, name)
            if path.is_symlink() or stat.S_ISREG(path.lstat().st_mode):
                yield path
    yield from unlisted


def _is_wanted(name: str) -> bool:
    return not name.startswith(".") and name.casefold() not in _LITTER

"""A library in one file: its catalogue, and with it the embeddings, so that none is made again.

Words and vectors are left out: a rebuild makes them of the catalogue.
"""

from __future__ import annotations

import shutil
import sqlite3
import tarfile
import tempfile
import zlib
from contextlib import closing
from pathlib import Path

from assistant.errors import IndexDamagedError, UsageError
from assistant.library import builds
from assistant.library.export import new_file
from assistant.library.places import CATALOGUE, EMBEDDINGS, Place

_TARGET_BYTES = 1 << 20  # copied at a time


def back_up(folder: Path, out: Path, *, embeddings: bool = True) -> None:
    """Write the library in `folder` to `out` (.tar.gz), as of one moment, whoever writes meanwhile.

    Raises:
        IndexNotFoundError: there is no library in the folder.
        IndexDamagedError: a file of it cannot be read.
        UsageError: there is such a file already, or it cannot be written.
    """
    Place(folder).need_library()
    names = [CATALOGUE, *([EMBEDDINGS] if embeddings and (folder / EMBEDDINGS).is_file() else ())]
    with (
        new_file(out) as file,
        tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as place,
        tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as packed,
    ):
        for name in names:
            copy = Path(place) / name
            _copy(folder / name, copy)
            packed.add(copy, name, filter=_anonymous)
            copy.unlink()


def restore(backup: Path, folder: Path) -> None:
    """Unpack a backup where there is nothing yet. Its words and vectors are still to be rebuilt.

    Raises:
        UsageError: it is no backup, there is something in `folder`, or that cannot be made.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty: a backup is restored to a folder of its own")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            _unpack(backup, place)
            place.chmod(0o755)
            if folder.exists():
                folder.rmdir()  # it is empty
            place.replace(folder)
        finally:
            shutil.rmtree(place, ignore_errors=True)
    except (tarfile.TarError, EOFError, zlib.error) as error:
        raise UsageError(f"{backup} is not a backup, or cut short ({error})") from error
    except OSError as error:
        raise UsageError(
            f"cannot restore {backup} to {folder} ({error.strerror or error})"
        ) from error


def _unpack(backup: Path, place: Path) -> None:
    """Only files of the two names that a backup holds: no path of it is followed."""
    with tarfile.open(backup, "r:gz") as packed:
        for member in packed:
            if member.name not in (CATALOGUE, EMBEDDINGS) or not member.isfile():
                raise UsageError(f"{backup} is not a backup: it holds {member.name!r}")
            source = packed.extractfile(member)
            if source is None:
                raise AssertionError("a file without its content")
            with source, (place / member.name).open("xb") as target:
                shutil.copyfileobj(source, target, _TARGET_BYTES)
    try:
        if Place(place).is_library():
            builds.forget_server(place)
            return
    except IndexDamagedError as error:
        raise UsageError(f"{backup} holds a damaged catalogue; try an older backup") from error
    raise UsageError(f"{backup} is not a backup: it holds no catalogue")


def _copy(source: Path, target: Path) -> None:
    """Copy a database by SQLite's own means: of one moment, though others may write to it."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=10)) as own,
            closing(sqlite3.connect(target)) as copy,
        ):
            own.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")  # all of it in one file
            (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        without = "--no-embeddings leaves it out" if source.name == EMBEDDINGS else "it is damaged"
        raise IndexDamagedError(f"{source} cannot be copied ({' '.join(found.split())}): {without}")


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names of whoever made it."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member

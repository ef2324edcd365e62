"""A library in one file: its catalogue, and with it the embeddings, so that none is made again.

Words and vectors are left out: a rebuild makes them of the catalogue. Wherever that lies, in a
backup it is a SQLite file, and is restored to the folder or to a server: so a library moves.
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
from assistant.library.catalogue import Catalogue
from assistant.library.embeddings import EMBEDDINGS
from assistant.library.engines.databases import in_file
from assistant.library.export import new_file
from assistant.library.opening import check_schema
from assistant.library.places import CATALOGUE, Engines, Place
from assistant.library.sharing import HOME, new_mark
from assistant.library.tables import copy_tables, put_meta

_TARGET_BYTES = 1 << 20  # copied at a time


def back_up(
    folder: Path, out: Path, *, embeddings: bool = True, engines: Engines | None = None
) -> None:
    """Write the library in `folder` to `out` (.tar.gz), as of one moment, whoever writes meanwhile.

    `engines` hold what the folder does not.

    Raises:
        IndexNotFoundError: there is no library in the folder.
        IndexDamagedError: a file of it cannot be read.
        UsageError: there is such a file already, or it cannot be written.
    """
    library = Place(folder, engines or Engines())
    library.need_library()
    names = [CATALOGUE, *([EMBEDDINGS] if embeddings and (folder / EMBEDDINGS).is_file() else ())]
    with (
        new_file(out) as file,
        tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as place,
        tarfile.open(fileobj=file, mode="w:gz", compresslevel=6) as packed,
    ):
        for name in names:
            copy = Path(place) / name
            if name == CATALOGUE and library.server():
                _fetch(library, copy)
            else:
                _copy(folder / name, copy)
            packed.add(copy, name, filter=_anonymous)
            copy.unlink()


def restore(backup: Path, folder: Path, engines: Engines | None = None) -> None:
    """Unpack a backup where there is nothing yet. Its words and vectors are still to be rebuilt.

    Where `engines` name a server for the catalogue, it goes there, under their name.

    Raises:
        UsageError: it is no backup, there is something in `folder` or under that name, or the
            folder cannot be made.
        IndexMismatchError: it was made by a newer Dateline.
        IndexDamagedError: the server failed.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not empty: a backup is restored to a folder of its own")
    library = Place(folder, engines or Engines())
    if library.is_library():
        raise UsageError(
            f"{library.server()} holds an index already: give this one another DATELINE_INDEX_NAME"
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
        try:
            whole = place / "index"  # as open to others as any new folder, which `place` is not
            whole.mkdir()
            _unpack(backup, whole)
            with closing(Catalogue(in_file(whole / CATALOGUE))) as copied:
                check_schema(copied.meta(), backup)
                builds.note_place(copied, library)
            if library.server():
                _send(whole / CATALOGUE, library)
            if folder.exists():
                folder.rmdir()  # it is empty
            whole.replace(folder)
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
            return
    except IndexDamagedError as error:
        raise UsageError(f"{backup} holds a damaged catalogue; try an older backup") from error
    raise UsageError(f"{backup} is not a backup: it holds no catalogue")


def _fetch(library: Place, target: Path) -> None:
    """Copy a server's catalogue to a file, as of one moment."""
    with (
        closing(library.catalogue()) as source,
        closing(Catalogue(in_file(target))) as copy,
        source.begin() as read,
        copy.begin() as write,
    ):
        copy.create_tables(write)
        copy_tables(read, write)
    with closing(sqlite3.connect(target)) as copy_file:
        copy_file.execute("PRAGMA journal_mode=DELETE")  # all of it in one file


def _send(file: Path, library: Place) -> None:
    """Move a file's catalogue to a server: all of it, or nothing."""
    with (
        closing(Catalogue(in_file(file))) as source,
        closing(library.catalogue()) as target,
        source.begin() as read,
        target.begin() as write,
    ):
        target.create_tables(write)
        copy_tables(read, write)
        put_meta(write, {HOME: new_mark()})  # no folder has its words yet
    for left in file.parent.glob(f"{file.name}*"):
        left.unlink()


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

"""What is said of a store that cannot be read or written: one line, with what mends it."""

from __future__ import annotations

import shlex
from pathlib import Path

from assistant.errors import IndexDamagedError


def rebuild_command(folder: Path) -> str:
    """What to type to have words and vectors made anew."""
    return f"assistant index --rebuild --index {shlex.quote(str(folder))}"


def unreadable(what: Path, error: Exception, index: Path | None = None) -> IndexDamagedError:
    """A store that follows the catalogue, a folder or a file in that of the index, cannot be read.

    `index`: the folder of the index, where it is another.
    """
    mend = rebuild_command(index or what.parent)
    return IndexDamagedError(f"{what} cannot be read ({_line(error)}); mend it with: {mend}")


def unwritable(what: Path, error: Exception) -> IndexDamagedError:
    """A store cannot be written: most likely the disk is full."""
    return IndexDamagedError(
        f"{what} cannot be written ({_line(error)}); check the space on the disk and the "
        "permissions, then run the same command again"
    )


def _line(error: Exception) -> str:
    return " ".join(str(error).split())

"""What a library has to have been built with, and the writer's lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import Timeout

from assistant.errors import (
    IndexLockedError,
    IndexMismatchError,
    UsageError,
)
from assistant.library.damage import rebuild_command
from assistant.library.engines.databases import Lock
from assistant.models import EmbedderInfo
from assistant.passages import CHUNKING

INDEX_SCHEMA = 4
_MUST_AGREE = ("schema_version", "embedder", "weights_digest", "chunking")


def fresh_meta(embedder: EmbedderInfo) -> dict[str, str]:
    """What the manifest says of an index that is made now."""
    return {
        "schema_version": str(INDEX_SCHEMA),
        "embedder": embedder.name,
        "dimension": str(embedder.dimension),
        "weights_digest": embedder.weights_digest,
        "chunking": CHUNKING,
        "built_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def check_meta(stored: Mapping[str, str], embedder: EmbedderInfo, folder: Path) -> None:
    """Raise where an index was built with other than what is used now.

    Raises:
        IndexMismatchError: so it was.
    """
    check_schema(stored, folder)
    wanted = fresh_meta(embedder)
    for key in _MUST_AGREE:
        if stored.get(key) != wanted[key]:
            raise IndexMismatchError(
                f"the index in {folder} has {key.replace('_', ' ')} {stored.get(key)!r}, this "
                f"Dateline uses {wanted[key]!r}; mend it with: {rebuild_command(folder)}"
            )


def check_schema(stored: Mapping[str, str], folder: Path) -> None:
    """Raise where an index is of a Dateline to come, which no rebuild can mend.

    Raises:
        IndexMismatchError: so it is.
    """
    if int(stored["schema_version"]) > INDEX_SCHEMA:
        raise IndexMismatchError(
            f"the index in {folder} has schema version {stored['schema_version']!r}, this "
            f"Dateline knows up to {INDEX_SCHEMA}: it was made by a newer one; install that"
        )


@contextmanager
def held(lock: Lock, folder: Path, wait: float) -> Iterator[None]:
    """Hold the lock of the one writer; `wait`: seconds for it.

    Raises:
        IndexLockedError: another process has it.
        UsageError: the folder cannot be written to.
    """
    try:
        lock.acquire(timeout=wait)
    except Timeout as error:
        raise IndexLockedError(
            f"another process is writing to {folder}; wait for it, then try again"
        ) from error
    except OSError as error:
        raise UsageError(
            f"cannot write to {folder} ({error.strerror}); change its permissions, or choose "
            "another folder with --index"
        ) from error
    try:
        yield
    finally:
        lock.release()

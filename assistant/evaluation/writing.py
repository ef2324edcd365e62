"""Writing a file of a run's in the place of an earlier one."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from assistant.errors import UsageError


def write_whole(path: Path, text: str) -> None:
    """Put a text into a file, which is the old one until the new one is whole.

    UTF-8 has no lone surrogates: they are written as the escapes that JSON knows them by.

    Raises:
        UsageError: it cannot be written there.
    """
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(text.encode("utf-8", "backslashreplace"))
        part.replace(path)
    except OSError as error:
        raise UsageError(f"cannot write {path} ({error.strerror}); give another place") from error
    finally:
        part.unlink(missing_ok=True)

"""Paths as the catalogue holds them, and digests of what lies there."""

from __future__ import annotations

import ast
import hashlib
import re
import stat
from pathlib import Path
from urllib.parse import unquote

from assistant.articles import CLEANER_VERSION, ColumnMapping
from assistant.articles.files import MOST_JSONL_BYTES


def stored_path(path: Path) -> str:
    """A path as the catalogue holds it: bytes that are not UTF-8, and %, as %XX.

    >>> stored_path(Path("/news/100%.md"))
    '/news/100%25.md'
    """
    return re.sub("[%\udc80-\udcff]", lambda found: f"%{ord(found[0]) & 0xFF:02X}", str(path))


def actual_path(stored: str) -> Path:
    """The path that the catalogue holds in this form."""
    return Path(unquote(stored, errors="surrogateescape"))


def digest(path: Path, mapping: ColumnMapping | None = None) -> str:
    """Digest of all that a file's articles come from; empty where it cannot be read.

    That is its bytes, the cleaner's version, and what its columns are taken for.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_JSONL_BYTES:
            return ""  # a link to a pipe or a device would never end
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    columns = f":{sorted(mapping.columns.items())}" if mapping and mapping.columns else ""
    return f"{CLEANER_VERSION}:{content}{columns}"


def with_columns_of(known: str, content: str) -> tuple[str, ColumnMapping]:
    """A digest with the columns of another one in the place of its own, and those columns.

    >>> with_columns_of("4:old:[('text', 'Body')]", "4:new:[('text', 'Story')]")
    ("4:new:[('text', 'Body')]", ColumnMapping(columns={'text': 'Body'}))
    """
    _, sign, columns = known.partition(":[")
    mapping = ColumnMapping(dict(ast.literal_eval(f"[{columns}")) if sign else {})
    return f"{content.partition(':[')[0]}{sign}{columns}", mapping

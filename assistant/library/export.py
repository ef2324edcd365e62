"""The articles of a library as JSON Lines, which `assistant index` reads again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

from assistant.errors import UsageError
from assistant.library.catalogue import Catalogue
from assistant.types import Article

_BATCH = 200


def export_articles(catalogue: Catalogue, out: Path) -> int:
    """Write every current article, all fields and the text, one a line; returns how many.

    Raises:
        UsageError: there is such a file already, or it cannot be written.
    """
    written = 0
    with new_file(out) as file:
        for articles in catalogue.all_articles(_BATCH):
            for article in articles:
                file.write(_line(article))
            written += len(articles)
    return written


def _line(article: Article) -> bytes:
    fields = asdict(article)
    for name in ("published", "carried_on"):
        fields[name] = fields[name].isoformat() if fields[name] else None
    try:
        return (json.dumps(fields, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:  # a lone surrogate, which only an escape can hold
        return (json.dumps(fields) + "\n").encode()


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that is there when all of it has been written, and not before.

    Raises:
        UsageError: there is such a file already, or it cannot be written.
    """
    if path.exists():
        raise UsageError(f"{path} exists already: choose another name")
    # A name of its own: nobody's file is overwritten, and two runs do not write into one.
    part = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        with part.open("xb") as file:
            yield file
        part.replace(path)
    except OSError as error:
        raise UsageError(
            f"cannot write {path} ({error.strerror or error}); check the folder, its permissions "
            "and the space on the disk"
        ) from error
    finally:
        part.unlink(missing_ok=True)

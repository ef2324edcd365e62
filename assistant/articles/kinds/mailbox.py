"""Mailboxes (mbox): one mail after another, each read as a mail of its own."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from assistant.articles.content import Content, Found
from assistant.articles.files import MOST_PICTURED_BYTES
from assistant.errors import ArticleError
from assistant.types import Quarantined

# Where another mail begins; who does not mark lines of the text does not write such lines.
_BEGINS = re.compile(rb"From .*\d:\d\d")
# A line of a mail that begins like the line above one has been marked with ">".
_MARKED = re.compile(rb">+From ")
_PORTION = 1 << 20  # of a line that has no end


def read_mailbox(content: Content) -> Iterator[Found]:
    """The mails of a mailbox in their order, one held at a time.

    The library's `mailbox` wants a path, and reads the whole file before the first mail.

    Raises:
        ArticleError: it is no mailbox.
    """
    for number, mail in enumerate(_mails(content.stream), start=1):
        name = f"{content.name}#{number}"
        if mail is None:
            yield Quarantined(
                name, f"has more than the {MOST_PICTURED_BYTES:,} bytes that are read"
            )
        else:
            yield replace(
                content,
                name=name,
                stem=f"{content.stem}#{number}",
                ending=".eml",
                stream=io.BytesIO(mail),
            )


def _mails(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The bytes of each mail; None for one that is too large."""
    first = stream.readline(_PORTION)
    while first and not first.strip():
        first = stream.readline(_PORTION)
    if not first.startswith(b"From "):
        raise ArticleError('is no mailbox: it does not begin with a "From " line')
    mail, after_blank, begins = io.BytesIO(), False, True
    while line := stream.readline(_PORTION):
        if begins and after_blank and _BEGINS.match(line):
            yield _bytes(mail)
            mail, after_blank = io.BytesIO(), False
            continue
        if mail.tell() <= MOST_PICTURED_BYTES:
            mail.write(line[1:] if begins and _MARKED.match(line) else line)
        begins = line.endswith(b"\n")
        after_blank = begins and not line.strip()
    yield _bytes(mail)


def _bytes(mail: io.BytesIO) -> bytes | None:
    return None if mail.tell() > MOST_PICTURED_BYTES else mail.getvalue()

"""The bytes of a content as text: whole and in any encoding, or streamed where they are many."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from assistant.articles.content import Content
from assistant.articles.encoding import decode
from assistant.articles.files import MOST_BYTES


def utf8_stream(content: Content) -> IO[bytes]:
    """The content as UTF-8 without a byte-order mark; one of more than 20 MB must be in it.

    Raises:
        ArticleError: it is binary, damaged, or in no encoding that can be told.
    """
    if content.size > MOST_BYTES:
        if content.head(3) == b"\xef\xbb\xbf":
            content.stream.seek(3)
        return content.stream
    return io.BytesIO(decode(content.read()).encode("utf-8", errors="replace"))


@contextmanager
def text_stream(content: Content) -> Iterator[IO[str]]:
    """The same as text, its line ends untouched.

    Raises:
        ArticleError: as `utf8_stream`.
    """
    if content.size <= MOST_BYTES:
        yield io.StringIO(decode(content.read()), newline="")
        return
    text = io.TextIOWrapper(content.stream, encoding="utf-8-sig", newline="")
    try:
        yield text
    finally:
        text.detach()  # the stream is closed by who opened it

"""Files packed by gzip, bzip2 or xz: what is in them is read as a file of its kind."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import IO, cast

from assistant.articles.content import Content, Found, unpacked
from assistant.articles.endings import check_kind
from assistant.articles.files import ending_of, stem_of
from assistant.articles.kinds.members import MOST_RATIO, SMALL
from assistant.articles.text import one_line
from assistant.errors import ArticleError

_DAMAGE = (zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, OverflowError)
_MOST_AT_ONCE = 64_000_000


def read_packed(content: Content) -> Iterator[Found]:
    """The file that was packed, unpacked in memory or in a temporary file.

    Raises:
        ArticleError: it is damaged, too large, or of no kind that is read.
    """
    inner = replace(
        content,
        stem=stem_of(content.stem),
        ending=ending_of(content.stem),
        depth=content.depth + 1,
    )
    most = check_kind(inner.ending, 1)
    with ExitStack() as opened:
        try:
            stream = opened.enter_context(unpacking(content))
            copy = opened.enter_context(unpacked(stream, most, content.allowance))
        except _DAMAGE as error:
            raise ArticleError(f"is damaged: {one_line(str(error))}") from error
        yield replace(inner, stream=copy)


@contextmanager
def unpacking(content: Content) -> Iterator[IO[bytes]]:
    """The unpacked bytes of a content that gzip, bzip2 or xz packed, or its own bytes.

    Reading it raises ArticleError where it grows as no text does.
    """
    limit = max(SMALL, MOST_RATIO * content.size)
    head = content.head(6)  # which tells it from a plain tar whatever its name says
    if head.startswith(b"\x1f\x8b"):
        unpacker: io.BufferedIOBase = gzip.GzipFile(fileobj=content.stream, mode="rb")
    elif head.startswith(b"BZh"):
        unpacker = bz2.BZ2File(content.stream)
    elif head.startswith(b"\xfd7zXZ"):
        unpacker = lzma.LZMAFile(content.stream)  # noqa: SIM115 - closed below
    else:
        yield cast(IO[bytes], _Limited(content.stream, limit))
        return
    with unpacker:
        yield cast(IO[bytes], _Limited(unpacker, limit))


class _Limited(io.RawIOBase):
    """An unpacked stream that refuses to be read beyond a place in it."""

    def __init__(self, stream: io.BufferedIOBase | IO[bytes], limit: int) -> None:
        self._stream, self._limit = stream, limit

    def read(self, size: int = -1) -> bytes:
        if not 0 <= size <= _MOST_AT_ONCE:
            raise ArticleError("is a damaged archive: a header of absurd size")
        data = self._stream.read(size)
        self._check(self._stream.tell())
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_SET:
            self._check(offset)
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def _check(self, place: int) -> None:
        if place > self._limit:
            raise ArticleError(
                f"unpacks to more than {MOST_RATIO} times its size, which no text does"
            )

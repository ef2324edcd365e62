"""Tar archives, packed or not: each member is read as a file of its kind."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import IO

from assistant.articles.content import MOST_MEMBERS, Content, Found
from assistant.articles.kinds.members import Member, page_folders, read_member
from assistant.articles.kinds.packed import unpacking
from assistant.articles.text import one_line
from assistant.errors import ArticleError

_DAMAGE = (
    tarfile.TarError, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError,
    ValueError, OverflowError, LookupError, ArithmeticError,
)  # fmt: skip


def read_tar(content: Content) -> Iterator[Found]:
    """The members of an archive, unpacked one at a time.

    It is read twice: which folders belong to saved pages can be told from all its names only.

    Raises:
        ArticleError: it is empty, holds more than may be unpacked, or is damaged (after what
            could be read).
    """
    with _opened(content) as archive:
        of_pages = page_folders(_names(archive))
    count = 0
    with _opened(content) as archive:
        while (info := _next(archive)) is not None:
            if info.isdir():
                continue
            count += 1
            member = Member(info.name, info.size, partial(_open, archive, info), _fault(info))
            yield from read_member(content, member, of_pages, _DAMAGE)
    if not count:
        raise ArticleError("is an archive without files")


@contextmanager
def _opened(content: Content) -> Iterator[tarfile.TarFile]:
    with unpacking(content) as stream:
        try:
            archive = tarfile.open(fileobj=stream, mode="r:")  # noqa: SIM115 - closed below
        except _DAMAGE as error:
            raise _damaged(error) from error
        with archive:
            yield archive


def _names(archive: tarfile.TarFile) -> Iterator[str]:
    try:
        for _ in range(MOST_MEMBERS):
            info = _next(archive)
            if info is None:
                return
            yield info.name
    except ArticleError:
        return  # the second reading comes to it too, and says so


def _next(archive: tarfile.TarFile) -> tarfile.TarInfo | None:
    try:
        info = archive.next()
        if info is None and not _is_end(archive):
            raise ArticleError("is a damaged archive: it breaks off, or its next member is damaged")
    except _DAMAGE as error:
        raise _damaged(error) from error
    vars(archive)["members"] = []  # the library keeps them all
    if info is not None and info.size < 0:
        raise ArticleError("is a damaged archive: a member of negative size")
    return info


def _is_end(archive: tarfile.TarFile) -> bool:
    """Whether the mark of the end stands where the library stopped, which it does not say."""
    stream = archive.fileobj
    if stream is None:
        return False
    stream.seek(archive.offset)
    block = stream.read(tarfile.BLOCKSIZE)
    return len(block) == tarfile.BLOCKSIZE and not block.strip(b"\0")


def _open(archive: tarfile.TarFile, info: tarfile.TarInfo) -> AbstractContextManager[IO[bytes]]:
    stream = archive.extractfile(info)
    if stream is None:
        raise ArticleError("is not a regular file")
    return stream


def _fault(info: tarfile.TarInfo) -> str:
    if info.issym() or info.islnk():
        return "is a link, which is not followed"
    return "" if info.isreg() and not info.issparse() else "is not a regular file"


def _damaged(error: Exception) -> ArticleError:
    return ArticleError(f"is a damaged archive: {one_line(str(error)) or type(error).__name__}")

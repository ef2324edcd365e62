"""Zip archives: each member is read as a file of its kind."""

from __future__ import annotations

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

from assistant.articles.content import Content, Found
from assistant.articles.kinds.members import MOST_RATIO, SMALL, Member, page_folders, read_member
from assistant.articles.text import one_line
from assistant.errors import ArticleError

_ENCRYPTED = 0x1
# What the library raises on archives that are damaged or of a kind it does not know.
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError,
    NotImplementedError, RuntimeError, ValueError, OverflowError, LookupError,
)  # fmt: skip


def read_zip(content: Content) -> Iterator[Found]:
    """The members of an archive, unpacked one at a time.

    Raises:
        ArticleError: it is damaged, empty, or holds more than may be unpacked.
    """
    try:
        archive = zipfile.ZipFile(content.stream)
    except _DAMAGE as error:
        raise ArticleError(f"is a damaged zip archive: {one_line(str(error))}") from error
    with archive:
        of_pages = page_folders(archive.namelist())
        files = [info for info in archive.infolist() if not info.filename.endswith("/")]
        if not files:
            raise ArticleError("is an archive without files")
        for info in files:
            member = Member(
                info.filename, info.file_size, partial(archive.open, info), _fault(info)
            )
            yield from read_member(content, member, of_pages, _DAMAGE)


def _fault(info: zipfile.ZipInfo) -> str:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "is a link, which is not followed"
    if kind not in {0, stat.S_IFREG}:
        return "is not a regular file"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted with a password"
    if info.file_size > max(SMALL, MOST_RATIO * info.compress_size):
        return f"unpacks to more than {MOST_RATIO} times its size, which no text does"
    return ""

"""What a file is by its first bytes, where its name says nothing or the wrong thing."""

from __future__ import annotations

import re

from assistant.articles.content import Content
from assistant.errors import ArticleError

_HEAD = 1024
# The first bytes, the endings of the files that have them (the first is how it is read), its name.
_SIGNATURES: tuple[tuple[bytes, tuple[str, ...], str], ...] = (
    (b"%PDF-", (".pdf",), "a PDF"),
    (b"PK\x03\x04", (".zip", ".docx"), "a zip archive or an Office document"),
    (b"PK\x05\x06", (".zip", ".docx"), "a zip archive or an Office document"),
    (b"\x1f\x8b", (".gz", ".tgz", ".tar.gz"), "packed by gzip"),
    (b"BZh", (".bz2", ".tbz2", ".tar.bz2"), "packed by bzip2"),
    (b"\xfd7zXZ\x00", (".xz", ".txz", ".tar.xz"), "packed by xz"),
    (b"{\\rtf", (), "an RTF document"),
    (b"\xd0\xcf\x11\xe0", (), "an Office document of the old kind"),
)
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
# What the name says matters less here: a page in them is read as one.
_PAGE_ENDINGS = {"", ".txt", ".text", ".xml", ".htm", ".html", ".xhtml"}
# Formats that text may begin like: their own readers say what is wrong.
_LOOSE = {".pdf", ".docx"}


def kind_of(content: Content) -> str:
    """The ending by whose reader a content is read: its own, unless its first bytes say more.

    Raises:
        ArticleError: it is of another kind than its name says.
    """
    head = content.head(_HEAD)
    ending = content.ending
    if _PAGE.match(head):
        if ending in _PAGE_ENDINGS:
            return ".xhtml" if ending == ".xhtml" else ".html"
        if ending in _LOOSE:
            raise ArticleError("is a web page, whatever its name says; name it .html")
        return ending
    for first, endings, what in _SIGNATURES:
        if head.startswith(first) and ending not in endings:
            if not ending and endings:
                return endings[0]
            raise ArticleError(f"is {what}, whatever its name says")
    return ending

"""The endings of files that are read, and how large such a file may be."""

from __future__ import annotations

from assistant.articles.files import MOST_BYTES, MOST_JSONL_BYTES, MOST_PICTURED_BYTES
from assistant.errors import ArticleError

MARKDOWN = (".md", ".markdown", ".mdown", ".mkd")
PLAIN = (".txt", ".text")
PAGES = (".html", ".htm", ".xhtml")
SAVED_PAGES = (".mht", ".mhtml")
MAILS = (".eml",)
MAILBOXES = (".mbox",)
PDFS = (".pdf",)
WORD = (".docx",)
FEEDS = (".rss", ".atom", ".xml")
JSON_LINES = (".jsonl", ".ndjson")
JSON = (".json",)
TABLES = (".csv", ".tsv")
ZIPS = (".zip",)
TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
PACKED = (".gz", ".bz2", ".xz")
ARCHIVES = (*ZIPS, *TARS, *PACKED)

_MOST = {
    **dict.fromkeys((*MARKDOWN, *PLAIN, *PAGES, *FEEDS), MOST_BYTES),
    **dict.fromkeys((*SAVED_PAGES, *MAILS, *PDFS, *WORD), MOST_PICTURED_BYTES),
    **dict.fromkeys((*MAILBOXES, *JSON_LINES, *JSON, *TABLES, *ARCHIVES), MOST_JSONL_BYTES),
}
_DEEPEST = 2
_KINDS = "Markdown, text, HTML, MHTML, mail, PDF, Word, feeds, JSON, CSV, and archives of them"


def check_kind(ending: str, size: int) -> int:
    """The most bytes that are read of a file of this kind, which has `size`.

    Without an ending it may be anything: the first bytes will tell.

    Raises:
        ArticleError: no such kind is read, or the file is empty or too large.
    """
    most = _MOST.get(ending) if ending else MOST_PICTURED_BYTES
    if most is None:
        raise ArticleError(f"is not a kind of file Dateline reads ({_KINDS})")
    if size == 0:
        raise ArticleError("is empty")
    if size > most:
        raise ArticleError(f"has {size:,} bytes, more than the {most:,} that are read")
    return most


def check_depth(ending: str, depth: int) -> None:
    """Refuse an archive that has `depth` archives around it, if these are too many.

    Raises:
        ArticleError: it is an archive in an archive in an archive.
    """
    if depth >= _DEEPEST and ending in ARCHIVES:
        raise ArticleError("is an archive in an archive in an archive, which is not unpacked")

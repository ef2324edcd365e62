"""Files to articles: which reader a file gets, and the quarantine for what cannot be read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.articles import endings
from assistant.articles.content import Content, Item, Reader
from assistant.articles.endings import check_depth, check_kind
from assistant.articles.files import SourceFile, WatchedFile, ending_of
from assistant.articles.kinds.document import read_html, read_markdown, read_plain
from assistant.articles.kinds.feed import read_feed
from assistant.articles.kinds.jsonfile import read_json
from assistant.articles.kinds.jsonlines import read_json_lines
from assistant.articles.kinds.mail import read_mail
from assistant.articles.kinds.mailbox import read_mailbox
from assistant.articles.kinds.packed import read_packed
from assistant.articles.kinds.pdf import read_pdf
from assistant.articles.kinds.savedpage import read_saved_page
from assistant.articles.kinds.table import read_table
from assistant.articles.kinds.tarred import read_tar
from assistant.articles.kinds.word import read_word
from assistant.articles.kinds.zipped import read_zip
from assistant.articles.mapping import ColumnMapping
from assistant.articles.signature import kind_of
from assistant.errors import ArticleError
from assistant.types import Quarantined

_LONGEST_REASON = 300  # characters
_READERS: dict[str, Reader] = {
    **dict.fromkeys(endings.MARKDOWN, read_markdown),
    **dict.fromkeys(endings.PLAIN, read_plain),
    **dict.fromkeys(endings.PAGES, read_html),
    **dict.fromkeys(endings.SAVED_PAGES, read_saved_page),
    **dict.fromkeys(endings.MAILS, read_mail),
    **dict.fromkeys(endings.MAILBOXES, read_mailbox),
    **dict.fromkeys(endings.PDFS, read_pdf),
    **dict.fromkeys(endings.WORD, read_word),
    **dict.fromkeys(endings.FEEDS, read_feed),
    **dict.fromkeys(endings.JSON_LINES, read_json_lines),
    **dict.fromkeys(endings.JSON, read_json),
    **dict.fromkeys(endings.TABLES, read_table),
    **dict.fromkeys(endings.ZIPS, read_zip),
    **dict.fromkeys(endings.TARS, read_tar),
    **dict.fromkeys(endings.PACKED, read_packed),
}


def read_articles(
    file: SourceFile,
    mapping: ColumnMapping | None = None,
    told: Callable[[int], None] | None = None,
) -> Iterator[Item]:
    """The articles of a file, one by one, in its order; what cannot be read comes with its reason.

    `mapping` names the columns or keys of CSV, JSON and JSONL that are not called as usual. Two
    articles of one file may have the same id: who stores them decides. `told` is called with how
    many bytes of the file have been read, again and again. Raises nothing.
    """
    try:
        ending = _check(file)
        with io.BufferedReader(WatchedFile(file.path, told or _silent)) as stream:
            whole = Content(file.name, file.stem, ending, stream, mapping or ColumnMapping())
            yield from map(_told, read_content(whole))
    except ArticleError as error:
        yield Quarantined(file.name, str(error))
    except OSError as error:
        yield Quarantined(file.name, f"cannot be read: {error.strerror or error}")


def _silent(_: int) -> None:
    return


def _told(item: Item) -> Item:
    """The item; a reason that quotes the file at length is cut."""
    if isinstance(item, Quarantined) and len(item.reason) > _LONGEST_REASON:
        return Quarantined(item.path, f"{item.reason[:_LONGEST_REASON]}…")
    return item


def read_content(content: Content) -> Iterator[Item]:
    """The articles of a content, and of what lies in it.

    Raises:
        OSError: the stream cannot be read.
    """
    try:
        check_kind(content.ending, content.size)
        for found in _READERS[_kind(content)](content):
            if isinstance(found, Content):
                yield from read_content(found)
            else:
                yield found
    except ArticleError as error:
        yield Quarantined(content.name, str(error))
    except RecursionError:
        yield Quarantined(content.name, "is nested too deep")


def _kind(content: Content) -> str:
    """The ending by whose reader it is read, which its first bytes may tell."""
    kind = kind_of(content)
    check_kind(kind or "none", content.size)
    check_depth(kind, content.depth)
    return kind


def _check(file: SourceFile) -> str:
    """The ending of a file that may be read.

    Raises:
        ArticleError: it lies outside its root, is no regular file, of no known kind, or too large.
        OSError: it is not there, or may not be read.
    """
    target = _resolved(file.path)
    if not target.is_relative_to(file.root):
        raise ArticleError("is a link out of the indexed folder, which is not followed")
    if target.is_dir():
        linked = file.path.is_symlink()
        raise ArticleError(
            "is a link to a folder, which is not followed" if linked else "cannot be listed"
        )
    size = target.stat().st_size
    if not target.is_file():
        raise ArticleError("is not a regular file")
    ending = ending_of(file.path.name)
    check_kind(ending, size)
    return ending


def _resolved(path: Path) -> Path:
    try:
        return path.resolve()
    except RuntimeError as error:
        raise ArticleError("is a link in a circle") from error

"""PDF, through pypdf: one article a document."""

from __future__ import annotations

import logging
import re
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.articles.build import build_article
from assistant.articles.content import Content, Found
from assistant.articles.dates import read_date
from assistant.articles.fields import Metadata, split_tags, unique, web_address
from assistant.articles.files import MOST_BYTES
from assistant.articles.kinds.pdflines import Line, blocks_of, running_lines
from assistant.articles.kinds.sensible import sensible_author, sensible_title
from assistant.articles.text import one_line
from assistant.errors import ArticleError

if TYPE_CHECKING:
    from pypdf import PdfReader

_MOST_PAGES = 2_000
# Letters that a font joins are no other letters, and nobody searches for them.
_LIGATURES = {ord(sign): unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"}
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# Their documents are made on the day when somebody printed a page, not when it came out.
_PRINTERS = re.compile(r"chrom|skia|mozilla|firefox|quartz|wkhtml|safari|print to pdf", re.I)
# What the library lets through on damaged documents, beside errors of its own.
_DAMAGE = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, NotImplementedError,
    OSError, RecursionError, TypeError, ValueError, zlib.error,
)  # fmt: skip


def read_pdf(content: Content) -> Iterator[Found]:
    """The article of a document, its pages one after another.

    Raises:
        ArticleError: it is damaged, encrypted, has no text (a scan), or pypdf is not installed.
    """
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError as error:
        raise ArticleError("needs pypdf: pip install 'dateline-assistant[pdf]'") from error
    # It reports to the log what is reported to the reader here.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(content.stream)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ArticleError("is encrypted with a password")
        pages = _pages(reader)
        info = {str(key): _text(value) for key, value in (reader.metadata or {}).items()}
    except (PyPdfError, *_DAMAGE) as error:
        raise ArticleError(
            f"is a damaged PDF: {one_line(str(error))[:200] or type(error).__name__}"
        ) from error
    running = running_lines(pages)
    lines = [line for page in pages for line in page if line not in running]
    if not lines:
        raise ArticleError(
            f"has no text on its {len(pages)} pages: a scan; make it searchable (OCR) first"
        )
    blocks = list(blocks_of(lines))
    titled = any(block.heading for block in blocks[:5])
    declared = _declared(info)
    yield build_article(
        Metadata(title="" if titled else declared.title, url=_address(running)),
        blocks,
        content.stem,
        declared,
    )


def _pages(reader: PdfReader) -> list[list[Line]]:
    if len(reader.pages) > _MOST_PAGES:
        raise ArticleError(f"has more than the {_MOST_PAGES:,} pages that are read")
    pages, size = [], 0
    for page in reader.pages:
        pages.append(list(_lines(page)))
        size += sum(len(line.text) for line in pages[-1])
        if size > MOST_BYTES:
            raise ArticleError(f"has more than the {MOST_BYTES:,} characters that are read")
    return pages


def _lines(page: Any) -> Iterator[Line]:  # noqa: ANN401 - any page of pypdf
    pieces: list[tuple[str, float, float, float]] = []

    def take(
        text: str, user: Sequence[float], own: Sequence[float], _: object, size: float
    ) -> None:
        # Where the text begins, by the matrices of the page and of the text.
        left = own[4] * user[0] + own[5] * user[2] + user[4]
        foot = own[4] * user[1] + own[5] * user[3] + user[5]
        height = abs(size * (own[3] * user[3] + own[2] * user[1])) or abs(size)
        pieces.append((text, float(left), float(foot), float(height)))

    page.extract_text(visitor_text=take)
    open_: list[tuple[str, float, float, float]] = []
    for text, left, foot, height in pieces:
        for number, part in enumerate(text.split("\n")):
            if number:
                yield from _line(open_)
                open_ = []
            if part:
                open_.append((part, left, foot, height))
    yield from _line(open_)


def _line(pieces: Sequence[tuple[str, float, float, float]]) -> Iterator[Line]:
    text = one_line("".join(piece[0] for piece in pieces).translate(_LIGATURES))
    first = next((piece for piece in pieces if piece[0].strip()), None)
    if text and first:
        yield Line(text, *first[1:])


def _declared(info: dict[str, str]) -> Metadata:
    """What the document says of itself, where that tells of the article and not of a program."""
    maker = info.get("/Producer", "") + " " + info.get("/Creator", "")
    return Metadata(
        title=sensible_title(info.get("/Title", "")),
        author=sensible_author(info.get("/Author", "")),
        published=None if _PRINTERS.search(maker) else _day(info.get("/CreationDate", "")),
        tags=unique(tag for tag in split_tags(info.get("/Keywords", ""))),
    )


def _day(written: str) -> date | None:
    found = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", written)
    try:
        return read_date("-".join(found.groups())) if found else None
    except ArticleError:
        return None


def _text(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""


def _address(running: set[Line]) -> str:
    """The address that a browser prints at the foot of the pages."""
    found = (_ADDRESS.search(line.text) for line in running)
    return next((web_address(each[0]) for each in found if each), "")

"""PDF, through pypdf: one article a document."""

from __future__ import annotations

import logging
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from assistant.articles.build import build_article
from assistant.articles.content import Content, Found
from assistant.articles.fields import Metadata
from assistant.articles.files import MOST_BYTES
from assistant.articles.kinds.pdfedges import Line, in_order, running_lines
from assistant.articles.kinds.pdfinfo import declared, is_printed, printed_address
from assistant.articles.kinds.pdflines import blocks_of, headline_first
from assistant.articles.text import one_line
from assistant.errors import ArticleError

if TYPE_CHECKING:
    from pypdf import PdfReader

_MOST_PAGES = 2_000
_HEAD_BLOCKS = 5
# Letters that a font joins are no other letters, and nobody searches for them.
_LIGATURES = {ord(sign): unicodedata.normalize("NFKC", sign) for sign in "ﬀﬁﬂﬃﬄﬅﬆ"}
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
        count = len(reader.pages)
        properties: Any = reader.metadata or {}
        info = {str(name): properties[name] for name in properties}  # by name they are resolved
    except (PyPdfError, *_DAMAGE) as error:
        raise ArticleError(
            f"is a damaged PDF: {one_line(str(error))[:200] or type(error).__name__}"
        ) from error
    pages, damaged = _pages(reader, count, (PyPdfError, *_DAMAGE))
    running = running_lines(pages)
    lines = [line for page in pages for line in in_order(page) if line not in running]
    if not lines:
        raise ArticleError(_no_text(len(pages), len(damaged)))
    blocks = headline_first(list(blocks_of(lines, divides_words=not is_printed(info))))
    titled = any(block.heading for block in blocks[:_HEAD_BLOCKS])
    said = declared(info, running, blocks)
    yield build_article(
        Metadata(title="" if titled else said.title, url=printed_address(running)),
        blocks,
        content.stem,
        said,
    )
    if damaged:
        numbers = ", ".join(map(str, damaged[:10])) + (" ..." if len(damaged) > 10 else "")
        raise ArticleError(f"is a damaged PDF: not read of it are the pages {numbers}")


def _no_text(pages: int, damaged: int) -> str:
    if damaged:
        return f"is a damaged PDF: {damaged} pages cannot be read, and the rest has no text"
    if not pages:
        return "is a PDF without pages"
    return "has no text, only pictures (a scan); make it searchable (OCR) first"


def _pages(
    reader: PdfReader, count: int, damage: tuple[type[Exception], ...]
) -> tuple[list[list[Line]], list[int]]:
    """The lines of the pages that can be read, and the numbers of those that cannot."""
    if count > _MOST_PAGES:
        raise ArticleError(f"has {count:,} pages, more than the {_MOST_PAGES:,} that are read")
    pages: list[list[Line]] = []
    damaged: list[int] = []
    size = 0
    for number in range(count):
        try:
            pages.append(list(_lines(reader.pages[number])))
        except damage:
            damaged.append(number + 1)
            continue
        size += sum(len(line.text) for line in pages[-1])
        if size > MOST_BYTES:
            raise ArticleError(f"has more than the {MOST_BYTES:,} characters that are read")
    return pages, damaged


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

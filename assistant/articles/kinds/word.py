"""Word documents (docx), through python-docx: one article a document."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.articles.blocks import Block
from assistant.articles.build import build_article
from assistant.articles.content import Content, Found
from assistant.articles.fields import Metadata, split_tags, unique
from assistant.articles.files import MOST_PICTURED_BYTES
from assistant.articles.kinds.members import MOST_RATIO, SMALL
from assistant.articles.kinds.sensible import sensible_author, sensible_day, sensible_title
from assistant.articles.text import one_line, tidy
from assistant.errors import ArticleError

if TYPE_CHECKING:
    from docx.document import Document

_RUNS = (
    ".//w:r[not(ancestor::w:del) and not(ancestor::w:moveFrom) and not(ancestor::w:txbxContent)]"
)
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)
_HEAD_BLOCKS = 5
_TEMPLATE_DAY = date(2013, 12, 23)  # of documents that programs make
# What the library lets through on documents that are damaged or lack a part.
_DAMAGE = (
    AttributeError, EOFError, LookupError, NotImplementedError, OSError, RuntimeError, TypeError,
    ValueError, OverflowError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def read_word(content: Content) -> Iterator[Found]:
    """The article of a document: its paragraphs and tables, with what was inserted under revision.

    Notes, comments, text boxes, heads and feet are left out.

    Raises:
        ArticleError: it is damaged, grows too large, has no text, or python-docx is not installed.
    """
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from lxml.etree import LxmlError
    except ImportError as error:
        raise ArticleError("needs python-docx: pip install 'dateline-assistant[docx]'") from error
    try:
        _refuse_bomb(content)
        document = docx.Document(content.stream)
        blocks = list(_blocks(document))
        said = _declared(document, blocks)
    except (OpcError, LxmlError, *_DAMAGE) as error:
        raise ArticleError(
            f"is a damaged Word document: {one_line(str(error))[:200] or type(error).__name__}"
        ) from error
    # A headline in the text is surer than the title among the properties.
    titled = any(block.heading for block in blocks[:_HEAD_BLOCKS])
    known = Metadata(title="" if titled else said.title)
    yield build_article(known, blocks, content.stem, said)


def _refuse_bomb(content: Content) -> None:
    """The library unpacks every part of a document in memory."""
    with zipfile.ZipFile(content.stream) as parts:
        size = sum(info.file_size for info in parts.infolist())
        encrypted = any(info.flag_bits & 1 for info in parts.infolist())
    if size > max(SMALL, min(MOST_RATIO * content.size, 2 * MOST_PICTURED_BYTES)):
        raise ArticleError(f"unpacks to {size:,} bytes, which no document does")
    if encrypted:
        raise ArticleError("is encrypted with a password")
    content.stream.seek(0)


def _blocks(document: Document) -> Iterator[Block]:
    from docx.table import Table

    # Asked for one by one, the library searches all of them for each paragraph.
    names = {style.style_id: style.name or "" for style in document.styles}
    for part in _parts(document.element.body):
        if part.tag.endswith("}p"):
            if block := _paragraph(part, names):
                yield block
            continue
        for row in Table(part, document).rows:
            # A cell that spans columns stands in each of them.
            cells = dict.fromkeys(one_line(cell.text) for cell in row.cells)
            if line := " | ".join(filter(None, cells)):
                yield Block((line,))


def _parts(element: Any) -> Iterator[Any]:  # noqa: ANN401 - any element of lxml
    """The paragraphs and tables of a body, those in content controls too."""
    for part in element.iterchildren():
        tag = str(part.tag).rpartition("}")[2]
        if tag in {"p", "tbl"}:
            yield part
        elif tag in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
            yield from _parts(part)


def _paragraph(element: Any, names: dict[str, str]) -> Block | None:  # noqa: ANN401  # untyped package
    # The library's own text leaves out what was inserted under revision.
    text = "".join(run.text for run in element.xpath(_RUNS))
    lines = [" ".join(line.split()) for line in tidy(text).split("\n")]
    if not any(lines):
        return None
    style = names.get(element.style or "", "")
    found = _HEADING.match(style)
    level = int(found[1]) if found else int(style.casefold() == "title")
    return Block(tuple(filter(None, lines)), heading=level)


def _declared(document: Document, blocks: Sequence[Block]) -> Metadata:
    """What the properties say, where that tells of the article and not of a program."""
    core = document.core_properties
    made = core.created.date() if core.created else None
    return Metadata(
        title=sensible_title(one_line(core.title or "")),
        author=sensible_author(one_line(core.author or "")),
        published=None if made == _TEMPLATE_DAY else sensible_day(made, blocks),
        tags=unique(tag for tag in split_tags(one_line(core.keywords or ""))),
        language=one_line(core.language or ""),
    )

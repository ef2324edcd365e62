"""HTML that is an article, or part of one, and no page: of feeds, mails and exports.

Nothing is looked for in it, as in a page: every word that a reader sees is kept, block by block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.articles.blocks import Block
from assistant.articles.text import tidy

if TYPE_CHECKING:
    from lxml import etree

_LEFT_OUT = {
    "script", "style", "head", "title", "noscript", "template", "svg", "math", "object", "embed",
    "iframe", "form", "select", "button", "input", "textarea", "video", "audio", "nav",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
# Cells of tables are blocks: mails are laid out in tables.
_BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "div", "dl", "dt", "figcaption", "figure", "footer", "header", "hr", "html", "li", "main",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "ul", *_HEADINGS,
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_FRAGMENT = re.compile(
    r"\s*<(?:p|div|h[1-6]|span|strong|b|em|i|a|img|figure|ul|ol|table|br|article|section|"
    r"blockquote|!--)\b[^<>]*>",
    re.IGNORECASE,
)


def looks_like_fragment(text: str) -> bool:
    """Whether a text of undeclared kind is HTML: it begins with a tag, or ends a paragraph."""
    return _FRAGMENT.match(text) is not None or "</p>" in text


def fragment_blocks(source: str) -> list[Block]:
    """The blocks of HTML, in their order; none where there is no word in it."""
    import lxml.html
    from lxml import etree

    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = lxml.html.document_fromstring(tidy(source).encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return []  # an empty document
    return list(_blocks(etree.iterwalk(root, events=("start", "end"))))


def _blocks(walk: etree.iterwalk) -> Iterator[Block]:
    parts, heading = [""], 0
    for event, node in walk:
        starts, tag = event == "start", str(node.tag)
        if starts and (tag in _LEFT_OUT or _HIDDEN.search(node.get("style") or "")):
            # Its end comes all the same, and with it the text behind it.
            walk.skip_subtree()
            continue
        if tag in _BLOCKS:
            yield from _block(parts, heading)
            parts, heading = [""], _HEADINGS.get(tag, 0) if starts else 0
        elif tag == "br" and starts:
            parts.append("")
        parts[-1] += (node.text if starts else node.tail) or ""
    yield from _block(parts, heading)


def _block(parts: list[str], heading: int) -> Iterator[Block]:
    lines = [" ".join(part.split()) for part in parts]
    # Two line breaks in a row are how mails and exports write paragraphs.
    run: list[str] = []
    for line in [*lines, ""]:
        if line:
            run.append(line)
        elif run:
            yield Block(tuple(run), heading)
            run = []

"""What a PDF says of itself: in its properties, and in the heads and feet of its pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.articles.blocks import Block
from assistant.articles.dates import find_date, read_date
from assistant.articles.fields import Metadata, split_tags, unique, web_address
from assistant.articles.kinds.pdfedges import Line
from assistant.articles.kinds.sensible import sensible_author, sensible_day, sensible_title
from assistant.articles.text import one_line
from assistant.errors import ArticleError

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")
# Their documents are made on the day when somebody printed a page, not when it came out.
_PRINTERS = re.compile(r"chrom|skia|mozilla|firefox|quartz|wkhtml|safari|print to pdf", re.I)


def declared(info: Mapping[str, object], running: set[Line], blocks: Sequence[Block]) -> Metadata:
    """What the document says of itself, where that tells of the article and not of a program."""
    made = sensible_day(_day(_text(info, "/CreationDate")), blocks)
    day = next(filter(None, (find_date(text) for text in _texts(running))), None)
    return Metadata(
        title=sensible_title(_text(info, "/Title")),
        author=sensible_author(_text(info, "/Author")),
        published=None if is_printed(info) else day or made,
        tags=unique(tag for tag in split_tags(_text(info, "/Keywords"))),
    )


def is_printed(info: Mapping[str, object]) -> bool:
    """Whether a browser made the document; it divides no words and knows only its own day."""
    maker = _text(info, "/Producer") + " " + _text(info, "/Creator")
    return _PRINTERS.search(maker) is not None


def _day(written: str) -> date | None:
    found = re.match(r"(?:D:)?(\d{4})(\d\d)(\d\d)", written)
    try:
        return read_date("-".join(found.groups())) if found else None
    except ArticleError:
        return None


def _text(info: Mapping[str, object], name: str) -> str:
    value = info.get(name)
    return one_line(value) if isinstance(value, str) else ""


def printed_address(running: set[Line]) -> str:
    """The address that a browser prints at the foot of the pages."""
    found = (_ADDRESS.search(text) for text in _texts(running))
    return next((web_address(each[0]) for each in found if each), "")


def _texts(running: set[Line]) -> list[str]:
    return sorted(line.text for line in running)  # a set has no order to rely on

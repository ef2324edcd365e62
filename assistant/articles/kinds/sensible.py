"""Whether what a document's properties say is of the article, or of a program and its user."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from assistant.articles.blocks import Block
from assistant.articles.dates import DATE, date_of
from assistant.errors import ArticleError

_NO_TITLE = re.compile(
    r"(?:microsoft word|powerpoint|adobe|untitled|document|dokument|word document|slide|layout|"
    r"new |title)\b.*|.*\.(?:docx?|pdf|rtf|odt|indd|qxp?d?|pub|html?|txt|pptx?|xlsx?)\W*|[^ ]*|\W*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(
    r"(?:microsoft|office|admin|administrator|user|owner|default|guest|root|anonymous|unknown|"
    r"unspecified|python-docx|author|pc|home|hp|dell|lenovo|windows|adobe|scanner)\b.*|\W*|"
    r"\(.*\)|[^ ]*[\d_@\\][^ ]*",
    re.IGNORECASE,
)


_LONG = timedelta(days=31)


def sensible_title(title: str) -> str:
    """The title, or nothing where it is a file's name or a program's.

    >>> sensible_title("Bridge over the Teyn is shut"), sensible_title("Microsoft Word - a.doc")
    ('Bridge over the Teyn is shut', '')
    """
    return "" if _NO_TITLE.fullmatch(title.strip()) else title


def sensible_author(author: str) -> str:
    """The author, or nothing where it is an account's name or a program's.

    >>> sensible_author("Ann Lee"), sensible_author("Microsoft Office User")
    ('Ann Lee', '')
    """
    return "" if _NO_AUTHOR.fullmatch(author.strip()) else author


def sensible_day(made: date | None, blocks: Iterable[Block]) -> date | None:
    """The day on which a document was made, where its text names a day of the month before it.

    Whoever exports, scans or converts a document makes it anew, years after its report: a day
    that nothing confirms is worse than none.
    """
    if made is None:
        return None
    named = (day for block in blocks for day in _days(block.text))
    return made if any(timedelta() <= made - day <= _LONG for day in named) else None


def _days(text: str) -> Iterator[date]:
    for found in DATE.finditer(text):
        try:
            yield date_of(found)
        except ArticleError:  # there is no such day, or it may be one of two
            continue

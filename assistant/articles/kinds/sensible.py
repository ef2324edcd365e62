"""Whether what a document's properties say is of the article, or of a program and its user."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from assistant.articles.blocks import Block

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


_MOST_YEARS = 5
_YEAR = re.compile(r"(?<![\d.,/-])(?:1[89]|20)\d\d(?![\d.,]\d|\d)")


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
    """The day on which a document was made, unless its text is of a time long before.

    An archive that is scanned or converted is made anew. Of news nine in ten name a year of the
    last five; a text without a year says nothing against the day.
    """
    if made is None:
        return None
    years = [int(year) for block in blocks for year in _YEAR.findall(block.text)]
    known = [year for year in years if year <= made.year]
    return made if not known or max(known) >= made.year - _MOST_YEARS else None

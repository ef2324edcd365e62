"""Who published an article first, and when, in the line that credits them.

Originally published by Harbour Front on 24 June 2017.
This article is republished from Harbour Front under a Creative Commons licence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.articles.dates import DATE, find_date

_WORK = (
    r"(?:article|story|post|report|piece|interview|essay|column|op-?ed|analysis|commentary|"
    r"dispatch|text)"
)
_IS = r"(?:(?:was|is|has been|had been) )?"
_FIRST = rf"{_IS}(?:first|originally|previously) (?:published|appeared|posted|printed|ran)"
_AGAIN = (
    rf"{_IS}(?:re-?published|reprinted|re-?posted|cross-?posted|syndicated)"
    r"(?: (?:here )?(?:with|by) (?:kind )?permission)?"
)
# The date of the line stands in it as NUL: where, depends on the line.
_CREDIT = re.compile(
    rf"\W*(?i:(?:a version of )?(?:(?:this|the following) {_WORK} )?(?:{_FIRST}|{_AGAIN})"
    rf"|the original source of this {_WORK} is:?)"
    r"(?:,? (?i:on) \0,?)?(?: (?i:by|on|in|at|from|of))? "
    r"(?P<source>(?:the )?[A-Z0-9](?:[^.,;:()\0]|\.(?=\w)){1,50}?|[\w-]+(?:\.[\w-]+)+)"
    r"(?:,? (?:(?i:on|in) )?\(?\0\)?)?"
    r"(?:,? (?i:under|with|and|here|as part|website)\b[^.]*)?\W*"
    r"(?: (?i:read|see|you can read|click|it)\b.*)?"
)
_HINT = re.compile(r"publish|appeared|print|post|syndicated|original|\bran\b", re.IGNORECASE)
_LONGEST = 300  # characters


@dataclass(frozen=True, slots=True)
class Credit:
    """The outlet that published first, and the day, where the line gives it."""

    source: str
    published: date | None


def credit_of(line: str) -> Credit | None:
    """What a whole line says of the first publisher; None where it credits nobody.

    >>> credit_of("First published in Harbour Front, June 24, 2017.").published
    datetime.date(2017, 6, 24)
    """
    if len(line) > _LONGEST or not _HINT.search(line):
        return None
    dated = DATE.search(line)
    marked = f"{line[: dated.start()]}\0{line[dated.end() :]}" if dated else line
    found = _CREDIT.fullmatch(marked)
    if found is None or not any(c.isalpha() for c in found["source"]):
        return None
    source = re.sub(r"^the (?=[A-Z])|(?:’s|'s)? website$", "", found["source"].strip())
    return Credit(source, find_date(line))

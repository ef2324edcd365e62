"""Who published an article first, and when, in the line that credits them.

Originally published by Harbour Front on 24 June 2017.
This article is republished from Harbour Front under a Creative Commons licence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from assistant.articles.dates import DATE, find_date
from assistant.articles.outlets import is_name

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
_LEAVE = (
    rf"{_IS}(?:published|reproduced|used|shared|reposted) (?:here )?(?:with|by) (?:the )?(?:kind )?"
    r"permission (?:of|from)|courtesy of|(?:read|see) the original(?: \w+)? (?:on|at|in)"
)
_VERSION = rf"a (?:shorter |longer )?version of this {_WORK} (?:was published|appeared|ran)"
_MADE = rf"this {_WORK} (?:was|is) produced by"
# The date of the line stands in it as NUL: where, depends on the line.
_CREDIT = re.compile(
    rf"\W*(?i:(?:a version of )?(?:(?:this|the following) {_WORK} )?(?:{_FIRST}|{_AGAIN}|{_LEAVE})"
    rf"|{_VERSION}|{_MADE}"
    rf"|the original source of this {_WORK} is:?)"
    r"(?:,? (?i:on) \0,?)?(?: (?i:by|on|in|at|from|of))?:? "
    r"(?P<source>(?:the )?[A-Z0-9](?:[^.,;:()\0]|\.(?=\w)){1,50}?|[\w-]+(?:\.[\w-]+)+)"
    r"(?:,? (?:(?i:on|in) )?\(?\0\)?)?"
    r"(?:,? (?i:under|with|and|here|as part|website)\b[^.]*)?\W*"
    r"(?: (?i:read|see|you can read|click|it)\b.*)?"
)
_HINT = re.compile(
    r"publish|appeared|print|post|original|permission|courtesy|produced|syndicated|\bran\b",
    re.IGNORECASE,
)
_LONGEST = 300  # characters
_COPYRIGHT = re.compile(
    r"(?:copyright\W*)?(?:©|\(c\)|copyright\b)(?:\s*copyright)?(?P<rest>.*)", re.I
)
_RIGHTS = re.compile(r"\ball rights\b|[|;•]|\.(?:\s|$)", re.IGNORECASE)
_MOST_WORDS = 6
_NO_NAME = re.compile(r"(?:19|20)\d\d\W*|^by |\b(?:ltd|inc|llc|plc|gmbh|limited|corp)\b\.?", re.I)


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


def holder_of(line: str) -> str:
    """Who holds the copyright, by a line that says so; of a person and an outlet, the outlet.

    >>> holder_of("Copyright © Ruth Almas, Tarn Courier, 2017"), holder_of("© 2017 Tarn Isles Ltd.")
    ('Tarn Courier', 'Tarn Isles')
    """
    found = _COPYRIGHT.fullmatch(line)
    if found is None or len(line) > _LONGEST:
        return ""
    rest = _RIGHTS.split(found["rest"], maxsplit=1)[0]
    names = [_NO_NAME.sub("", name.strip(" -–—")).strip() for name in rest.split(",")]
    name = next((name for name in reversed(names) if name), "")
    return name if name and is_name(name) and len(name.split()) <= _MOST_WORDS else ""

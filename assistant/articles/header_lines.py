"""One line of an article's head: which of its pieces are a day, a byline, a name, a label."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from assistant.articles.dates import DATE, find_date
from assistant.articles.outlets import is_name, is_outlet

LABELS = {
    "title": "title", "headline": "title",
    "region": "region", "location": "region", "place": "region", "country": "region",
    "theme": "tags", "themes": "tags", "in-depth report": "tags", "in-depth reports": "tags",
    "topic": "tags", "topics": "tags", "tag": "tags", "tags": "tags", "keywords": "tags",
    "category": "tags", "categories": "tags", "section": "tags", "filed under": "tags",
    "source": "source", "outlet": "source", "newspaper": "source", "publication": "source",
    "site": "source", "publisher": "publisher",
    "author": "author", "authors": "author", "author(s)": "author", "byline": "author",
    "written by": "author", "reported by": "author",
    "url": "url", "link": "url", "permalink": "url", "language": "language",
}  # fmt: skip
"""What a labelled line may be called, and the field that it gives."""

_LABEL = re.compile(r"([A-Za-z][A-Za-z -]{2,20}?(?:\(s\))?)\s*:\s*(.*)")
_DATE_WORD = re.compile(
    r"(?:(?:(?:first|last|originally) )?"
    r"(?P<verb>published|posted|submitted|updated|modified|created|issued|released|"
    r"date(?: of publication| published| posted| issued)?|publication date)"
    r"(?: (?:on|at))?|on|at)(?P<by> by)?\s*(?:$|:\s*|\s+)",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?:(?:written|reported|submitted|story|words|text) )?by(?::\s*|\s+)", re.IGNORECASE
)
_FOR = re.compile(r"(?:special to|from|exclusive to)\s+(?=[A-Z])", re.IGNORECASE)
_TRAILING = re.compile(r"\s+(?:on|at)$", re.IGNORECASE)
_PIECES = re.compile(r"\s*([|·•,@/\0()])\s*|\s+([-–—])\s+")
# What stands beside names and days and is neither: the time, how long one reads, what it is of.
_ASIDE = re.compile(
    r"(?:at )?\d{1,2}[:.]\d\d(?: ?[ap]\.?m\b\.?)?(?: ?[A-Z]{2,4})?|[ap]\.?m\.?|[A-Z]{3,4}T|"
    r"\d+[ -]min(?:ute)?s?(?: read)?|read(?:ing)? time:? .*|"
    r"(?:updated|published|posted)?:? ?\d+ (?:minutes?|hours?|days?) ago|[-–—|·•]",
    re.IGNORECASE,
)
_FROM = re.compile(r"\s+in\s+[A-Z].*")
_ROLE = re.compile(
    r"(?:[\w’'-]+ ){0,4}(?:staff|writer|reporter|correspondent|editor|columnist|contributor)s?"
    r"(?: (?:in|at) \w+)?",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<![\s.][A-Za-z])[.!?:;]$")
_MOST_WORDS = 18
_FIRST_TO_PUBLISH = {"published", "issued", "released"}


@dataclass(slots=True)
class HeadLine:
    """The pieces of one line. `day` is None for a date that may be of two days, too.

    `names` are those that nothing explains; `outlets` are called publishers. `free`: no comma
    stands between them, as one does between a place and its date.
    """

    label: tuple[str, str] | None = None
    dated: bool = False
    day: date | None = None
    updated: bool = False
    bylines: list[str] = field(default_factory=list)
    outlets: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    free: bool = True
    more: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_day(self) -> bool:
        """Whether it is a date alone."""
        return self.dated and not (self.bylines or self.outlets or self.names)

    @property
    def is_weak(self) -> bool:
        """Whether it is names alone: of the head only if its neighbours are."""
        return not (self.label or self.dated or self.bylines or self.outlets)


def read_line(line: str) -> HeadLine | None:
    """The pieces of a line that has the shape of one of a head's; None for any other line."""
    if (label := _LABEL.fullmatch(line)) and (name := LABELS.get(label[1].casefold())):
        return _labelled(name, label[2].strip())
    if line.count(" ") >= _MOST_WORDS:
        return None
    found = HeadLine()
    if dated := DATE.search(line):
        found.dated, found.day = True, find_date(line)
        line = f"{line[: dated.start()]}\0{line[dated.end() :]}"
    if _SENTENCE_END.search(line.rstrip(" \0")) and not dated:
        return None
    mark = ""
    for number, piece in enumerate(_PIECES.split(line)):
        if number % 3:
            mark = mark if mark == "in" and piece == "," else piece or mark
            found.free = found.free and piece != ","
        elif piece.strip() and not _read_piece(piece.strip(), mark, found):
            return None
        elif mark != "in" and _FROM.search(piece):
            mark = "in"  # Oakland, California
    return found if found.names or not found.is_weak else None


def _labelled(name: str, value: str) -> HeadLine:
    """A label and its value; others may follow after semicolons: `Author: A; Source: B`."""
    found = HeadLine(label=(name, value))
    first, *others = re.split(r"\s*;\s*", value)
    labels = [_LABEL.fullmatch(other) for other in others]
    if others and all(labels):
        found.label = (name, first)
        for label in labels:
            if label and (also := LABELS.get(label[1].casefold())):
                found.more.append((also, label[2].strip()))
            elif label and DATE.search(label[2]):
                found.dated, found.day = True, find_date(label[2])
    return found


def _read_piece(piece: str, mark: str, found: HeadLine) -> bool:
    """Whether a piece between two marks is a head's; it goes into `found`."""
    if _ASIDE.fullmatch(piece):
        return True
    verb = by = ""
    worded = _DATE_WORD.match(piece)
    if worded and (worded["verb"] or worded["by"] or worded.end() == len(piece)):
        verb, by = (worded["verb"] or "").lower(), worded["by"] or ""
        if not (found.dated or by):
            return False
        found.updated = found.updated or worded[0].lower().startswith(("updated", "last", "modif"))
        piece = piece[worded.end() :]
    elif byline := _BY.match(piece):
        by, piece = byline[0], piece[byline.end() :]
    elif worded := _FOR.match(piece):
        verb, by, piece = "issued", worded[0], piece[worded.end() :]
        if by.lower().startswith("from") and not is_outlet(piece):
            return False
    piece = _TRAILING.sub("", piece).strip(" :")
    if not piece or _ASIDE.fullmatch(piece):
        return True
    if not is_name(piece) or not any(c.isalpha() for c in piece):
        return False
    _file_name(piece, mark, verb, by, found)
    return True


def _file_name(name: str, mark: str, verb: str, by: str, found: HeadLine) -> None:
    """Put a name where it belongs, by the words and the mark before it."""
    if by and verb in _FIRST_TO_PUBLISH:
        found.outlets.append(name)
    elif by:
        person, *outlet = re.split(r"\s+for\s+", name, maxsplit=1)
        found.bylines.append(_FROM.sub("", person))
        found.outlets += outlet
    elif found.bylines and (_ROLE.fullmatch(name) or mark == "in"):
        return
    elif is_outlet(name) and found.bylines:
        found.outlets.append(name)
    elif mark == "," and found.bylines and not found.dated:
        found.bylines.append(name)
    else:
        found.names.append(name)

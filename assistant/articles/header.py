"""The head of an article without metadata: title, byline, outlets and dates, labels.

    ## Video: Army Advances Near Palmyra
    By [Basalt Post](#)
    Commons Digest, June 25, 2017        <- who carried it, and when
    [Basalt Post](#) 24 June 2017        <- who reported it, and when
    Region: [Middle East](#)

Lines of these shapes are metadata while they stand above the first line of another shape, and are
then none of the article's text. Below that, nothing is taken: a date in running prose is no date of
publication.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.articles.blocks import Block
from assistant.articles.fields import Metadata
from assistant.articles.header_lines import HeadLine, read_line
from assistant.articles.header_settle import Found, same, settle, squashed
from assistant.articles.opening import read_opening, stamp_length
from assistant.articles.outlets import is_outlet, is_place, seems_outlet
from assistant.articles.republished import credit_of, holder_of

_MOST_TITLE_WORDS = 35
_MOST_LINES = 25
_MOST_WEAK = 2
_ADDRESS = re.compile(r"(?:url|link|permalink|source url)\s*:\s*(?P<url>https?://\S+)", re.I)
_MASTHEAD_WORDS = 3
_NAME_WORDS = 5
# The menu above an article: so many lines of so few words, or one line of so many pieces.
_MENU_LINES = 4
_MENU_WORDS = 3
_MENU_PIECES = re.compile(r"\s*[|·•»>/]\s*")


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    block: int
    last: bool
    heading: int


def read_head(
    blocks: Sequence[Block], known: Metadata, furniture: Sequence[str]
) -> tuple[Metadata, list[Block]]:
    """What is known with what the head and the credits add to it, and the blocks below the head.

    `furniture` are the page's other lines, which may name the first publisher. What is known
    stays, but for a page's own name and day where its credits name another outlet as the first:
    then they are those of who carried it.
    """
    urls = [found["url"] for line in furniture if (found := _ADDRESS.fullmatch(line))]
    holders = list(filter(None, map(holder_of, furniture)))
    credit = next(filter(None, map(credit_of, furniture)), None)
    lines = _head_lines(blocks)
    reader = _HeadReader(lines, known, holders)
    end = reader.read()
    rest = _below(blocks, lines, end)
    head = settle(reader.found, credit, known, reader.is_outlet)
    head = head.filled_from(Metadata(url=next(iter(urls), "")))
    if rest:
        head = head.filled_from(read_opening(rest[0].text))
        if head.published or known.published:  # else the stamp tells more than the metadata
            first = rest[0].parts[0]
            rest[0] = replace(rest[0], parts=(first[stamp_length(first) :], *rest[0].parts[1:]))
    if not known.source and not known.publisher:
        head = head.filled_from(Metadata(source=next(iter(holders), "")))
    if credit and not known.source and not same(credit.source, known.publisher):
        carried = known.carried_on or (known.published if known.publisher else None)
        known = replace(known, carried_on=carried, published=credit.published)
    return known.filled_from(replace(head, title=reader.found.title)), rest


def _head_lines(blocks: Sequence[Block]) -> list[_Line]:
    found: list[_Line] = []
    for number, block in enumerate(blocks[:_MOST_LINES]):
        lines = block.lines
        found.extend(
            _Line(line, number, at == len(lines) - 1, block.heading)
            for at, line in enumerate(lines[:_MOST_LINES])
        )
    return found[:_MOST_LINES]


def _below(blocks: Sequence[Block], lines: Sequence[_Line], end: int) -> list[Block]:
    """The blocks from line `end` on; a block that the head ends in keeps its other lines."""
    if end == len(lines):
        return list(blocks[lines[-1].block + 1 :]) if lines else []
    first = lines[end].block
    before = sum(1 for line in lines[:end] if line.block == first)
    block = blocks[first]
    if before:
        block = Block(("\n".join(block.lines[before:]),), block.heading)
    return [block, *blocks[first + 1 :]]


class _HeadReader:
    """Walks down the lines of a head, until one is none of it."""

    def __init__(self, lines: Sequence[_Line], known: Metadata, holders: Sequence[str]) -> None:
        self._lines = lines
        self._read = [read_line(line.text) for line in lines]
        self._vouched = {squashed(name) for name in holders}
        self._host = known.url.split("/")[2] if known.url.count("/") > 1 else ""
        self.found = Found(title=known.title)

    def read(self) -> int:
        """Read lines into `found`; how many were read."""
        titled = False
        start = 0 if self.found.title else self._menu()
        masthead = -1 if self.found.title else self._masthead(start)
        for at in range(start, len(self._lines)):
            line, found = self._lines[at], self.found
            parts = self._read[at]
            if start <= at <= masthead and parts:
                self._note(parts)
            elif not titled and found.title and same(line.text, found.title):
                titled = True
            elif parts and not read_opening(line.text).source and self._belongs(at, parts):
                self._note(parts)
            elif not titled and not found.title and self._is_title(at):
                found.title, titled = line.text, True
            else:
                return at if at > start or not start else 0
        return len(self._lines)

    def is_outlet(self, name: str) -> bool:
        """Whether a name is evidently an outlet's, or the page's own."""
        plain = squashed(name)
        return is_outlet(name) or plain in self._vouched or (len(plain) > 4 and plain in self._host)

    def _strong(self, at: int) -> bool:
        return at < len(self._lines) and (read := self._read[at]) is not None and not read.is_weak

    def _leads_on(self, at: int) -> bool:
        """Whether a line of its own follows, after at most two names."""
        for ahead in range(at, at + _MOST_WEAK + 1):
            if self._strong(ahead):
                return True
            if ahead >= len(self._lines) or not self._read[ahead]:
                return False
        return False

    def _menu(self) -> int:
        """How many lines the menu above the title has."""
        bars = 0
        for at, line in enumerate(self._lines):
            if _is_bar(line.text) and not self._strong(at):
                bars = at + 1
            elif not _is_item(line.text):
                break
        if bars:
            return bars
        short = 0
        while short < len(self._lines) and _is_item(self._lines[short].text):
            if self._strong(short):
                short -= 1  # the title is above it
                break
            short += 1
        enough = short >= _MENU_LINES and any(self._leads_on(at) for at in range(short, short + 3))
        return short if enough else 0

    def _masthead(self, start: int) -> int:
        """The last line above the title, where the first is an outlet's name; else -1.

        The Tarn Courier
        26 June 2017
        Bridge over the Teyn shut
        By Ruth Almas
        """
        first = self._read[start] if start < len(self._lines) else None
        if not first or not first.is_weak or len(first.names) > 1 or self._lines[start].heading:
            return -1
        at = start + 1
        while (read := self._read[at] if at < len(self._read) else None) and read.is_day:
            at += 1
        length = len(self._lines[start].text.split())
        if at >= len(self._lines) or self._strong(at) or self._lines[at].text.endswith("."):
            return -1
        if length > _MASTHEAD_WORDS or len(self._lines[at].text.split()) < length + 2:
            return -1
        return at - 1 if at > start + 1 or self._leads_on(at + 1) else -1

    def _belongs(self, at: int, parts: HeadLine) -> bool:
        """Whether a line of a head's shape is one, where it stands."""
        if parts.is_weak:
            if self._lines[at].heading or not self.found.title:
                return False
            people = [person for name in parts.names for person in name.split(" and ")]
            if any(len(person.split()) > _NAME_WORDS for person in people):
                return False
            evident = all(map(self.is_outlet, parts.names))
            return self._leads_on(at + 1) or (evident and at > 0 and self._strong(at - 1))
        if parts.dated and parts.names and not self.found.title:
            # Headlines have dates, too.
            return all(is_place(name) or self.is_outlet(name) for name in parts.names)
        return True

    def _is_title(self, at: int) -> bool:
        line = self._lines[at]
        if at + 1 == len(self._lines) or line.text.count(" ") >= _MOST_TITLE_WORDS:
            return False
        if line.heading or self._leads_on(at + 1):
            return True
        if line.last and read_opening(self._lines[at + 1].text).source:
            return True
        # The first of several wrapped lines is the beginning of a paragraph.
        return line.last and not line.text.endswith((".", ",", ";", ":", "”", '"'))

    def _note(self, parts: HeadLine) -> None:
        """Put what a line says into `found`."""
        found = self.found
        for name, value in [parts.label, *parts.more] if parts.label else []:
            if name == "title" and not found.title:
                found.title = value
            found.labels.setdefault(name, []).append(value)
        found.bylines += parts.bylines
        found.outlets += parts.outlets
        names = [n for n in parts.names if not parts.dated or self.is_outlet(n) or not is_place(n)]
        if not parts.dated:
            found.names += names
            return
        outlet = self._dated_outlet(parts, names)
        found.bylines += [name for name in names if name != outlet and not self.is_outlet(name)]
        if outlet and parts.day:
            found.dated.append((outlet, parts.day))
        elif parts.day and (found.published is None or not parts.updated):
            found.published = found.published or parts.day

    def _dated_outlet(self, parts: HeadLine, names: Sequence[str]) -> str:
        """Which of the names beside a date is an outlet's; "" where none is."""
        for certain in (self.is_outlet, seems_outlet):
            if evident := [n for n in names if certain(n) and (parts.free or _sure(n, certain))]:
                return evident[-1]
        several = [name for name in names if " " in name]
        if not self.found.title or not several or (len(several) == 1 and parts.bylines):
            return ""
        return several[-1]


def _sure(name: str, certain: Callable[[str], bool]) -> bool:
    """Whether a name beside a comma and a date is no place: `Damascus, 26 June 2017`."""
    return certain is not seems_outlet or " " in name or not name.istitle()


def _is_item(text: str) -> bool:
    words = text.split()
    return len(words) <= _MENU_WORDS and text[-1].isalnum()


def _is_bar(text: str) -> bool:
    items = _MENU_PIECES.split(text.strip(" |·•»>/"))
    return len(items) >= _MENU_LINES and all(item and _is_item(item) for item in items)

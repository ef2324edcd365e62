"""Heads, feet and numbers of PDF pages: which lines they are, and where they belong."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite)?\s*\d{1,4}(?:\s*(?:of|/|von|\|)\s*\d{1,4})?\W*", re.I
)
_AT_EDGE = 3  # lines from the top and from the foot that may be running
_APART = 2.5  # heights of letters between the text and a page's number


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its words, where it begins (points from left and foot), its letters."""

    text: str
    left: float
    foot: float
    size: float


def running_lines(pages: Sequence[Sequence[Line]]) -> set[Line]:
    """Heads and feet that repeat on pages, whatever numbers are in them, and page numbers."""
    at_edges = [_edges(page) for page in pages]
    seen = Counter(key for edges in at_edges for key in {_key(line) for line in edges})
    often = max(2, len(pages) / 2)
    repeated = {line for edges in at_edges for line in edges if seen[_key(line)] >= often}
    return repeated.union(*map(_page_numbers, pages))


def in_order(page: Sequence[Line]) -> list[Line]:
    """The lines with the head of the page first and its foot last, whenever they were drawn."""
    head, foot = _outermost(page)
    between = [line for line in page if line not in (head, foot)]
    return [*filter(None, [head]), *between, *filter(None, [foot])]


def _edges(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: line.foot)
    return [*ordered[:_AT_EDGE], *ordered[-_AT_EDGE:]]


def _outermost(page: Sequence[Line]) -> tuple[Line | None, Line | None]:
    """The lines that stand by themselves above and below everything else."""
    ordered = sorted(page, key=lambda line: line.foot)
    if len(ordered) < 2:
        return None, None
    (foot, above), (below, head) = ordered[:2], ordered[-2:]
    return (
        head if head.foot - below.foot > _APART * below.size else None,
        foot if above.foot - foot.foot > _APART * above.size else None,
    )


def _page_numbers(page: Sequence[Line]) -> Iterator[Line]:
    for line in _outermost(page):
        if line and _PAGE_NUMBER.fullmatch(line.text):
            yield line


def _key(line: Line) -> tuple[str, int, int]:
    """What is the same of a running line on all pages: its words, its letters, its place."""
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.size), round(line.foot)

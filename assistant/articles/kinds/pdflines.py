"""The lines of PDF pages as blocks: paragraphs put together, running heads and numbers left out.

A PDF has no paragraphs, only words at places. Lines belong together that follow each other at the
usual distance in letters of one size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from assistant.articles.blocks import Block

_SENTENCE_END = re.compile(r"""[.!?…:]["'”’»)\]]*$""")
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|p\.|seite)?\s*\d{1,4}(?:\s*(?:of|/|von|\|)\s*\d{1,4})?\W*", re.I
)
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_AT_EDGE = 3  # lines from the top and from the foot that may be running
_WIDER = 1.25
_LARGER = 1.15


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
    return {
        line
        for edges in at_edges
        for line in edges
        if seen[_key(line)] >= often or _PAGE_NUMBER.fullmatch(line.text)
    }


def blocks_of(lines: Sequence[Line]) -> Iterator[Block]:
    """The paragraphs and headings that lines in reading order make."""
    gap, width = _usual_gap(lines), _usual_width(lines)
    size = median(line.size for line in lines) if lines else 0
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(line.text for line in lines)))
    run: list[Line] = []
    for line in lines:
        if run and _ends(run[-1], line, gap, width):
            yield _block(run, size, words)
            run = []
        run.append(line)
    if run:
        yield _block(run, size, words)


def _edges(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: line.foot)
    return [*ordered[:_AT_EDGE], *ordered[-_AT_EDGE:]]


def _key(line: Line) -> tuple[str, int, int]:
    """What is the same of a running line on all pages: its words, its letters, its place."""
    return re.sub(r"\d+", "#", line.text.casefold()), round(line.size), round(line.foot)


def _usual_gap(lines: Sequence[Line]) -> float:
    gaps = [
        above.foot - below.foot
        for above, below in pairwise(lines)
        if 0 < above.foot - below.foot < 4 * max(above.size, 1)
    ]
    return median(gaps) if gaps else 0


def _usual_width(lines: Sequence[Line]) -> int:
    """Characters of a full line: nine of ten have no more."""
    widths = sorted(len(line.text) for line in lines)
    return widths[len(widths) * 9 // 10] if widths else 0


def _ends(above: Line, below: Line, gap: float, width: int) -> bool:
    """Whether a block ends between two lines."""
    if max(above.size, below.size) > _LARGER * min(above.size, below.size):
        return True
    finished = _SENTENCE_END.search(above.text) is not None
    distance = above.foot - below.foot
    if distance <= 0 or distance > 4 * max(gap, above.size):
        return finished  # the next column or page
    indented = below.left > above.left + below.size / 2
    short = len(above.text) < 0.75 * width
    return distance > _WIDER * gap or (finished and (short or indented))


def _block(run: Sequence[Line], size: float, words: Counter[str]) -> Block:
    text = run[0].text
    for line in run[1:]:
        if text.endswith("\xad"):
            text = text[:-1] + line.text
        elif _HYPHENATED.search(text) and line.text[:1].islower():
            text = _joined(text, line.text, words)
        else:
            text += "\n" + line.text
    return Block((text,), heading=1 if run[0].size > _LARGER * size else 0)


def _joined(text: str, more: str, words: Counter[str]) -> str:
    """A word that a line's end divides, with its hyphen only where it is written so elsewhere."""
    before = re.split(r"[^\w-]", text)[-1]
    after = re.match(r"[\w-]*", more)
    whole = before + (after[0] if after else "")
    return (text if words[whole] > 0 else text[:-1]) + more

"""The lines of PDF pages as paragraphs and headings.

A PDF has no paragraphs, only words at places. Lines belong together that follow each other at the
usual distance in letters of one size.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

from assistant.articles.blocks import Block
from assistant.articles.kinds.pdfedges import Line

_SENTENCE_END = re.compile(r"""[.!?…:]["'”’»)\]]*$""")
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WIDER = 1.25
_SPACING = 1.2
_FAR = 4  # heights of letters: on the next column or page
_LARGER = 1.15
_MOST_ABOVE = 4  # blocks above a headline: a head of the page, a section
_LONGEST_ABOVE = 14  # words


def blocks_of(lines: Sequence[Line], divides_words: bool = True) -> Iterator[Block]:
    """The paragraphs and headings that lines in reading order make.

    `divides_words`: whether a hyphen at a line's end may be none of the word's own.
    """
    spacing, width = _usual_spacing(lines), _usual_width(lines)
    size = median(line.size for line in lines) if lines else 0
    words = _words(lines) if divides_words else None
    run: list[Line] = []
    for line in lines:
        if run and _ends(run[-1], line, spacing, 0 if line.size > _LARGER * size else width):
            yield _block(run, size, words)
            run = []
        run.append(line)
    if run:
        yield _block(run, size, words)


def _words(lines: Sequence[Line]) -> Counter[str]:
    return Counter(_WORD.findall(" ".join(line.text for line in lines)))


def headline_first(blocks: Sequence[Block]) -> list[Block]:
    """The blocks with the lines above the headline below it, where an article's head has them."""
    for number, block in enumerate(blocks[:_MOST_ABOVE]):
        if block.heading:
            return [block, *blocks[:number], *blocks[number + 1 :]]
        if len(block.text.split()) > _LONGEST_ABOVE:
            break
    return list(blocks)


def _usual_spacing(lines: Sequence[Line]) -> float:
    """From line to line, in heights of their letters."""
    gaps = [
        (above.foot - below.foot) / below.size
        for above, below in pairwise(lines)
        if below.size and 0 < above.foot - below.foot < _FAR * below.size
    ]
    return median(gaps) if gaps else _SPACING


def _usual_width(lines: Sequence[Line]) -> int:
    """Characters of a full line: nine of ten have no more."""
    widths = sorted(len(line.text) for line in lines)
    return widths[len(widths) * 9 // 10] if widths else 0


def _ends(above: Line, below: Line, spacing: float, width: int) -> bool:
    """Whether a block ends between two lines; `width` in characters, 0 in a headline."""
    if max(above.size, below.size) > _LARGER * min(above.size, below.size):
        return True
    finished = _SENTENCE_END.search(above.text) is not None
    distance = above.foot - below.foot
    if distance <= 0 or distance > _FAR * above.size:
        return finished  # the next column or page
    indented = below.left > above.left + below.size / 2
    short = len(above.text) < 0.75 * width
    return distance > _WIDER * spacing * below.size or (
        width > 0 and finished and (short or indented)
    )


def _block(run: Sequence[Line], size: float, words: Counter[str] | None) -> Block:
    text = run[0].text
    for line in run[1:]:
        if text.endswith("\xad"):
            text = text[:-1] + line.text
        elif _HYPHENATED.search(text) and line.text[:1].isalpha():
            text = _joined(text, line.text, words)
        else:
            text += "\n" + line.text
    # A headline is one line, however many it takes on the page.
    large = run[0].size > _LARGER * size
    return Block((text.replace("\n", " ") if large else text,), heading=int(large))


def _joined(text: str, more: str, words: Counter[str] | None) -> str:
    """A word that a line's end divides, with its hyphen only where that is the word's own.

    It is before a capital, where no words are divided, where the word is written with it
    elsewhere, or where both halves are words themselves and the whole is none: each half was
    counted once for this place.
    """
    if words is None or more[0].isupper():
        return text + more
    before = re.split(r"[^\w-]", text)[-1]
    after = re.match(r"[\w-]*", more)
    end = after[0] if after else ""
    halves = words[before[:-1]] > 1 and words[end] > 1 and not words[before[:-1] + end]
    return (text if words[before + end] or halves else text[:-1]) + more

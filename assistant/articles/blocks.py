"""A text as blocks: paragraphs, headings, list items, each with its lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

# A line this long was not wrapped by hand or by a mailer: its end is a paragraph's end.
_LONGEST_WRAPPED_LINE = 160
# Lines that follow one this short, or begin with a bullet, were not wrapped either.
_SHORTEST_WRAPPED_LINE = 25
_ITEM = re.compile(r"[*•·–-] |\d{1,2}[.)] ")
_SENTENCE_END = re.compile(r"""[.!?…:]["'”’»)\]]*$""")


@dataclass(frozen=True, slots=True)
class Block:
    r"""One paragraph, heading or list item.

    `parts` are separated by hard line breaks; inside a part, "\n" is a soft one (wrapped text).
    `heading` is the heading's level, 0 for anything else.
    """

    parts: tuple[str, ...]
    heading: int = 0

    @property
    def text(self) -> str:
        """The whole block on one line."""
        return " ".join(self.parts).replace("\n", " ")

    @property
    def lines(self) -> list[str]:
        """Every line of it, whichever kind of break ends it."""
        return [line for part in self.parts for line in part.split("\n")]


def join(blocks: Iterable[Block]) -> str:
    """The cleaned text: blocks on a line each, one blank line between them."""
    return "\n\n".join(block.text for block in blocks)


def segments(text: str) -> list[list[str]]:
    """Runs of lines between blank lines, as they stand."""
    found: list[list[str]] = []
    run: list[str] = []
    for line in text.split("\n"):
        if line.strip():
            run.append(line)
        elif run:
            found.append(run)
            run = []
    if run:
        found.append(run)
    return found


def plain_blocks(text: str) -> list[Block]:
    """Blocks of plain prose (`tidy` text): no character but white space is changed."""
    runs = [[" ".join(line.split()) for line in run] for run in segments(text)]
    unwrapped = _is_unwrapped(runs)
    found: list[Block] = []
    for run in runs:
        if unwrapped or _is_list(run):
            found.extend(Block((line,)) for line in run)
        else:
            found.append(Block(("\n".join(run),)))
    return found


def _is_list(run: list[str]) -> bool:
    """Whether each line of a run stands for itself: a list, or a label and what it is of."""
    return len(run[0]) < _SHORTEST_WRAPPED_LINE or any(_ITEM.match(line) for line in run[1:])


def _is_unwrapped(runs: list[list[str]]) -> bool:
    """Whether a line's end is a paragraph's end: lines are long, or nearly all end in sentences."""
    lines = [line for run in runs for line in run]
    inner = [line for run in runs for line in run[:-1]]
    long = sum(len(line) for line in lines if len(line) > _LONGEST_WRAPPED_LINE)
    ends = sum(1 for line in inner if _SENTENCE_END.search(line))
    return long * 2 > sum(map(len, lines)) or ends >= 0.8 * len(inner)

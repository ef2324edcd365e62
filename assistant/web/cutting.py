"""Text cut into runs, some of them marked: claims, quotes and the paragraphs of an article.

Pure functions over strings. No character of a claim or an article is changed here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from assistant.types import Citation, Statement

AROUND = 30_000
"""Characters of an article shown on each side of the quote: a book does not freeze the page."""

GIST_WORDS = 9
"""Words of a quote shown on each side of the value that it gives, or at most twice as many."""

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_OPENING, _CLOSING = "“", "”"  # what the frame puts around a verbatim body


class Framed(NamedTuple):
    """A statement's text taken apart: what leads in (date, outlet), and the claim itself."""

    lead: str
    claim: str


class Piece(NamedTuple):
    """A run of a text that is either inside the cited words or outside them."""

    text: str
    cited: bool


def split_frame(statement: Statement) -> Framed:
    """Take `statement.text` apart around its `body`, without its markers.

    The frame's words stay as the pipeline rendered them; only their place on the page differs.
    The note that resolves a relative date is left out where the statement has its event, which
    is shown among the facts. Where the body does not stand in the text, all of it is the claim.
    """
    tags = "".join(f"[{marker}]" for marker in statement.markers)
    text = statement.text.strip().removesuffix(tags).rstrip()
    at = text.find(statement.body) if statement.body else -1
    if at < 0:
        return Framed("", text)
    end = at + len(statement.body)
    if at and text[at - 1] in _OPENING:
        at, end = at - 1, end + (text[end : end + 1] in _CLOSING)
    lead, claim, note = text[:at], text[at:end], text[end:]
    return Framed(lead.strip().rstrip(":"), claim + ("" if statement.event else note))


def cut_claim(claim: str, statement: Statement, citations: Sequence[Citation]) -> list[Piece]:
    """The claim, cut where the words begin and end that answer, by the first citation that tells.

    Only where the claim holds that citation's quote word for word.
    """
    for citation in citations:
        at = claim.find(citation.quote)
        if citation.marker in statement.markers and citation.answer and at >= 0:
            start, end = (at + offset for offset in citation.answer)
            return _cut(claim, 0, len(claim), start, end)
    return [Piece(claim, False)]


def cut_gist(citation: Citation, value: str = "") -> list[Piece]:
    """A few words of a quote around a value that it gives, or else around the words that answer.

    Where it has neither, its first words. Only white space is changed, and what is left out is
    told by an ellipsis.
    """
    quote = citation.quote
    at = re.search(rf"(?<!\w){re.escape(value)}(?!\w)", quote, re.IGNORECASE) if value else None
    start, end = at.span() if at else citation.answer or (0, 0)
    before, inside, after = (quote[:start].split(), quote[start:end], quote[end:].split())
    room = GIST_WORDS if end else 2 * GIST_WORDS
    lead = ("… " if len(before) > room else "") + " ".join(before[-room:])
    rest = " ".join(after[:room]) + (" …" if len(after) > room else "")
    gap = " " if before and quote[:start][-1:].isspace() else ""
    join = " " if after and quote[end : end + 1].isspace() else ""
    runs = (Piece(lead + gap, False), Piece(" ".join(inside.split()), True))
    return [run for run in (*runs, Piece(join + rest, False)) if run.text]


def cut_paragraphs(text: str, start: int, end: int) -> list[list[Piece]]:
    """The article's paragraphs near [start, end), each cut where the cited words begin and end.

    Blank lines between paragraphs are left out; every other character is kept, in order.
    """
    low, high = max(0, start - AROUND), min(len(text), end + AROUND)
    breaks = [m.span() for m in _BLANK_LINES.finditer(text, low, high)]
    begins = [low, *(stop for _, stop in breaks)]
    ends = [*(begin for begin, _ in breaks), high]
    paragraphs = (_cut(text, b, e, start, end) for b, e in zip(begins, ends, strict=True))
    return [pieces for pieces in paragraphs if any(p.text.strip() for p in pieces)]


def _cut(text: str, begin: int, stop: int, start: int, end: int) -> list[Piece]:
    inner = (max(begin, min(start, stop)), max(begin, min(end, stop)))
    runs = (
        Piece(text[begin : inner[0]], False),
        Piece(text[inner[0] : inner[1]], True),
        Piece(text[inner[1] : stop], False),
    )
    return [piece for piece in runs if piece.text]

"""Turns, answers and articles as HTML. Pure functions: the same values give the same markup.

Titles, article text, questions, addresses and whatever a model wrote are data. The templates run
under Jinja's autoescape, so each value that reaches the page is escaped unless it is markup that
a template of this room made; `StrictUndefined` turns a misspelt name into an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from assistant.answering.framing.frames import day_in_words, span_in_words
from assistant.types import Answer, Article, Citation, Evidence, Statement
from assistant.web.talk import Turn

if TYPE_CHECKING:
    from jinja2 import Template

NEAREST_SHOWN = 4
"""Nearest passages shown under "not in the library"."""

SNIPPET_WORDS = 45
"""Words of a nearest passage shown in the transcript; the source pane shows the whole."""

AROUND = 30_000
"""Characters of an article shown on each side of the quote: a book does not freeze the page."""

STATUS_MEANS = {
    "reported": "The outlet reports it as fact",
    "claimed": "Someone says so; the outlet does not vouch for it",
    "expected": "It was expected or planned when this was written",
    "unconfirmed": "The outlet calls it unconfirmed",
    "denied": "Someone denies it",
}

_BLANK_LINES = re.compile(r"\n[^\S\n]*\n\s*")
_OPENING, _CLOSING = "“", "”"  # what the frame puts around a verbatim body


class Framed(NamedTuple):
    """A statement's text taken apart: what leads in (date, outlet), and the claim itself."""

    lead: str
    claim: str


class Piece(NamedTuple):
    """A run of an article's text that is either inside the cited words or outside them."""

    text: str
    cited: bool


def render_transcript(
    turns: Sequence[Turn], *, examples: Sequence[str] = (), library: str = ""
) -> str:
    """The whole conversation; with no turns yet, the welcome with its example questions."""
    return _draw("transcript.html", turns=turns, examples=examples, library=library)


def render_source(
    article: Article,
    start: int,
    end: int,
    *,
    label: str,
    not_an_answer: bool = False,
    opened: int = 0,
) -> str:
    """The source pane: the article, with `text[start:end]` in `<mark>`.

    `label` names what was opened ("Citation 1"). `opened` is a number that differs each time, so
    that opening the same quote twice is a change that the page's script notices.
    """
    return _draw(
        "source.html",
        article=article,
        paragraphs=cut_paragraphs(article.text, start, end),
        cut_before=start > AROUND,
        cut_after=len(article.text) - end > AROUND,
        label=label,
        not_an_answer=not_an_answer,
        opened=opened,
    )


def render_source_error(message: str, *, opened: int = 0) -> str:
    """The source pane when an article cannot be shown: one line."""
    return _draw("source_error.html", message=message, opened=opened)


def render_source_placeholder() -> str:
    """The source pane before anything was opened."""
    return _draw("source_empty.html")


def render_masthead(*, sample: bool) -> str:
    """The head of the page, with the banner of the sample library."""
    return _draw("masthead.html", sample=sample)


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


def safe_url(url: str) -> str | None:
    """The address if it is a plain http(s) one with a host, else None: it is then only text."""
    if not url.isprintable() or any(c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def snippet(text: str, words: int = SNIPPET_WORDS) -> str:
    """The first words of a passage on one line, with an ellipsis where it goes on."""
    parts = text.split()
    return " ".join(parts[:words]) + (" …" if len(parts) > words else "")


def byline(entry: Citation | Article) -> str:
    """Who reported it and when: "South Front, carried by Global Research, 23 June 2017"."""
    carried = entry.publisher if entry.publisher != entry.source else ""
    parts = [entry.source, f"carried by {carried}" if carried else ""]
    if isinstance(entry, Citation) and entry.also_carried_by:
        parts.append(f"also carried by {' and '.join(entry.also_carried_by)}")
    parts.append(day_in_words(entry.published) if entry.published else "undated")
    return ", ".join(part for part in parts if part)


def nearest(answer: Answer) -> list[Evidence]:
    """The passages shown under an abstention, best first."""
    return sorted(answer.evidence, key=lambda e: e.rank)[:NEAREST_SHOWN]


def writer_label(answer: Answer) -> str:
    """Who wrote the answer, in a few words."""
    if answer.abstained and answer.writer == "quote":
        return "Searched on this machine; no language model"
    if answer.writer == "quote":
        return "Quoted word for word; no language model"
    return f"Written by {answer.model or answer.writer}, checked against the quotes"


def library_line(articles: int, outlets: int, passages: int = 0, pending: int = 0) -> str:
    """What the library holds, and how far its vectors are.

    >>> library_line(1, 1), library_line(609, 49)
    ('1 article from 1 outlet', '609 articles from 49 outlets')
    >>> library_line(609, 49, 6000, 1500)
    '609 articles from 49 outlets; all are found by their words, 75 % by their meaning so far'
    """
    held = f"{articles:,} article{'' if articles == 1 else 's'}"
    line = f"{held} from {outlets:,} outlet{'' if outlets == 1 else 's'}"
    if not pending:
        return line
    made = 100 * (passages - pending) // max(passages, 1)
    return f"{line}; all are found by their words, {made} % by their meaning so far"


def dropped_label(count: int) -> str:
    """How many sentences were dropped, and why; "" for none."""
    if not count:
        return ""
    if count == 1:
        return "1 sentence was dropped: its quotes did not carry it"
    return f"{count} sentences were dropped: their quotes did not carry them"


def _draw(name: str, **values: object) -> str:
    # A lone surrogate cannot be sent; any other text can.
    return _template(name).render(values).encode("utf-8", "replace").decode("utf-8")


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("assistant.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "byline": byline,
        "claimed": cut_claim,
        "day": day_in_words,
        "dropped": dropped_label,
        "event": span_in_words,
        "framed": split_frame,
        "nearest": nearest,
        "safe_url": safe_url,
        "snippet": snippet,
        "writer": writer_label,
    }
    environment.globals["status_means"] = STATUS_MEANS
    return environment.get_template(name)

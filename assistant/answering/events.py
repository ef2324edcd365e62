"""When the thing told of happened: the date expression that belongs to a text's main event.

Precision over recall: an expression that dates something else ("the deadliest attack since June",
"the deal, which was signed in May") is passed over, and a text may well have no event.
"""

from __future__ import annotations

import re
from datetime import date

from assistant.answering.datewords import Mention, find_mentions
from assistant.passages import split_sentences
from assistant.types import Event

_COARSENESS = {"day": 0, "week": 1, "month": 2, "year": 3}
# Right before an expression: it bounds or compares, or dates the page.
_ANCHOR = re.compile(
    r"\b(?:since|until|till|before|after|from|ahead\s+of|prior\s+to|following|between|to|through"
    r"|than|starting|beginning|ends?|expires?|published|publication|updated|posted|dated"
    r"|copyright|every|each|most|born|(?<!hours\s)(?<!morning\s)(?<!evening\s)(?<!night\s)of"
    r"|between\s+[^,;]{1,30}\sand)[:\s]+(?:on|in|the|late|early|at|at\s+least)?\s*$"
    r"|[©–—]\s*$",
    re.IGNORECASE,
)
# "the deal, signed on Wednesday, holds": a participle tells something else, ...
_PARTICIPLE = re.compile(r",\s+\w+ed\s*$")
# ... but after a subject and the comma that closes its apposition stands the sentence's own verb:
# "Ana Lind, the mayor of Teyn, resigned on Wednesday".
_OWN_VERB = re.compile(
    r"^[“\"'‘]?(?!(?:After|Although|As|At|Before|By|During|For|From|If|In|Of|On|Since|Under|When|While"
    r"|With)\b)(?![^,]*\b(?:said|says|is|are|was|were|has|have|had|will|would|\w{2,}ed)\b)"
    r"[^,;:]{1,80},\s[^;:]{1,120}?,\s+\w+ed\s*$"
)
_ANCHOR_INSIDE = re.compile(r"(?:since|until|from|of)\b", re.IGNORECASE)
# The start of the clause that the expression stands in, where it tells of something else.
_RELATIVE = re.compile(
    r"\b(?:which|who|whose|whom|where|when|since"
    r"|that\s+(?:has|have|had|was|were|is|are|began|broke|took|left|saw|led|\w+ed))\b"
    r"[^,;:—–()“”]*$",
    re.IGNORECASE,
)
# Dates what was said, which is the event only where the words date nothing else.
_SAID = re.compile(
    r"\b(?:said|says|told\s+(?:\w+\s+){1,3}|added|tweeted|wrote|warned|spokes(?:man|woman|person))\s*$",
    re.IGNORECASE,
)


def find_events(text: str, reported_on: date | None) -> list[Event]:
    """Every date that the words of a text give, in text order, whatever it dates."""
    return [mention.event for mention in find_mentions(text, reported_on)]


def find_event(text: str, reported_on: date | None) -> Event | None:
    """The date of the main event of a text (one sentence or a few), or None.

    A bare weekday is the latest one on or before the report's day, or the coming one where the
    verb is to come. The first sentence with a date decides; in it a day goes before a week, a
    month, a year, then a date of the event before the date on which someone said so, then the
    first in order. Without `reported_on` only dates with a year resolve.

    >>> find_event("On Thursday, troops captured the hill.", date(2017, 6, 23)).words
    'On Thursday'
    """
    mentions = find_mentions(text, reported_on)
    if not mentions:
        return None
    for start, end in split_sentences(text):
        candidates = [
            m for m in mentions if start <= m.start < end and _dates_event(text, start, m)
        ]
        if candidates:
            return min(candidates, key=lambda m: _order(text, m)).event
    return None


def _dates_event(text: str, sentence_start: int, mention: Mention) -> bool:
    before = text[sentence_start : mention.start]
    if _ANCHOR.search(before) or _ANCHOR_INSIDE.match(mention.event.words):
        return False
    if _PARTICIPLE.search(before) and not _OWN_VERB.search(before):
        return False
    return bool(_SAID.search(before)) or not _RELATIVE.search(before)


def _order(text: str, mention: Mention) -> tuple[int, bool, int]:
    said = _SAID.search(text[: mention.start]) is not None
    return _COARSENESS[mention.event.precision], said, mention.start

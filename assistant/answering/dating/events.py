"""When the thing told of happened: the date expression that belongs to a text's main event.

Precision over recall: an expression that dates something else ("the deadliest attack since June",
"the deal, which was signed in May") is passed over, and a text may well have no event.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from assistant.answering.dating.datewords import Mention, find_mentions
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
# "killed in the raid of 18 July" dates what happened; "since the raid of 18 July" bounds it.
_EVENT_OF = re.compile(
    r"\b(?:in|during|by|at|from)\s+(?:the|a|an|that|this)\s+(?:[\w'’-]+\s+){0,3}?"
    r"(?:air\s?strike|ambush|assault|attack|battle|blast|bombing|clash|collision|crash|earthquake"
    r"|explosion|fire|flood|massacre|raid|riot|shelling|shooting|storm|strike|vote)(?:e?s)?"
    r"\s+of\s+$",
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
_ANCHOR_INSIDE = re.compile(
    r"(?:until|of|(?:from|since)(?!.*\b(?:to|and|until|through)\b))\b", re.I
)
# "has been shut since Tuesday" tells of the whole time; "the first since Tuesday" compares.
_SINCE_BEFORE = re.compile(r"\b[Ss]ince\s+(?:(?:the|late|early)\s+)?$")
_LASTS = re.compile(r"\b(?:has|have)\b|['’]ve\b|\b(?:is|are|remains?)\s+(?:still\s+)?\w+ed\b")
_COMPARES = re.compile(
    r"\b(?:first|last|only|most|least|worst|best|(?!west|east|rest|forest|arrest)\w{3,}est|more|fewer|less"
    r"|once|times?)\b",
    re.IGNORECASE,
)
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
    first in order. "Since March", of what still lasts, runs up to the day of the report. Without
    `reported_on` only dates with a year resolve.

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
        lasting = (_since(text, start, m, reported_on) for m in mentions if start <= m.start < end)
        event = next((event for event in lasting if event), None)
        if event:
            return event
    return None


def _since(
    text: str, sentence_start: int, mention: Mention, reported_on: date | None
) -> Event | None:
    """What has lasted since a day, up to the report; None where "since" bounds or compares."""
    if reported_on is None or mention.event.start > reported_on:
        return None
    inside = re.match(r"[Ss]ince\b", mention.event.words)
    before = _SINCE_BEFORE.search(text[sentence_start : mention.start])
    if not inside and not before:
        return None
    begin = mention.start if inside else sentence_start + (before.start() if before else 0)
    clause = text[sentence_start:begin]
    if not _LASTS.search(clause) or _COMPARES.search(clause):
        return None
    return replace(mention.event, end=reported_on, words=text[begin : mention.end])


def _dates_event(text: str, sentence_start: int, mention: Mention) -> bool:
    before = text[sentence_start : mention.start]
    of_event = mention.event.precision == "day" and _EVENT_OF.search(before)
    if _ANCHOR_INSIDE.match(mention.event.words) or (_ANCHOR.search(before) and not of_event):
        return False
    if _PARTICIPLE.search(before) and not _OWN_VERB.search(before):
        return False
    return bool(_SAID.search(before)) or not _RELATIVE.search(before)


def _order(text: str, mention: Mention) -> tuple[int, bool, int]:
    said = _SAID.search(text[: mention.start]) is not None
    return _COARSENESS[mention.event.precision], said, mention.start

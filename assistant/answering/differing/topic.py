"""Whether a sentence is about what a question asks: its names, its deed, its time.

Conservative: what is not sure to be of the asked event is of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from assistant.answering.checking.names import KnownWords, fold
from assistant.answering.checking.verbs import SKIPPED
from assistant.answering.dating.dategrammar import MONTH
from assistant.answering.dating.datewords import find_mentions
from assistant.answering.dating.events import find_event
from assistant.answering.differing.asking import LEAVING, Asked, words_of
from assistant.answering.differing.counted import asked_numbers, counts_people
from assistant.answering.differing.holders import PARTY_WORDS
from assistant.answering.framing.status import SAYING
from assistant.types import Citation, Event, Evidence

_ASKING = SKIPPED | {"how", "many"}
_NEAR = 300  # characters before a quote
LEAD = 400
"""Characters from the start of a report in which it says what it is about."""
_BEHIND = 500  # characters behind a sentence of these in which it says where
_LATER = timedelta(days=31)  # within which an event that the question dates is reported
_A_DAY, _A_WEEK = timedelta(days=1), timedelta(days=7)
_SOON = timedelta(days=3)  # within which a sentence that dates nothing is of the time asked for
_SAID_ON = re.compile(
    rf"\b{SAYING}(?:\s+(?:the|a|an|reporters|journalists|[A-Z][\w’'-]*)){{0,5}}"
    r"\s+(?:(?:late|early|on)\s+)*$"
)
# A number of more than one event: "since the conflict began", "since 2011", "since 20 June".
_ALL_ALONG = re.compile(
    r"\bsince\s+then\b|\bsince\b[^.;]{0,40}?\b(?:war|conflict|crisis|uprising|revolt|revolution|insurgency|unrest)\b"
    rf"|\bsince\s+(?:(?:the|early|late|mid|last)[\s-]+)*"
    rf"(?:{MONTH}|\w+day\b|\d|spring|summer|autumn|winter)",
    re.IGNORECASE,
)
# A clause that tells of another event: "hours after an attack on Teyn".
_OTHER_EVENT = re.compile(
    r"\b(?:(?:hours?|days?|weeks?|months?|years?|shortly|soon|just)\s+(?:after|before)"
    r"|in\s+the\s+wake\s+of|on\s+the\s+heels\s+of|ahead\s+of)\b[^,.;]*",
    re.IGNORECASE,
)

# Means of an attack: one that a bomb made is none that was made from the air.
_MEANS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "air airstrike airstrikes aerial warplane warplanes jet jets aircraft barrel",
        "shelling shelled shells mortar mortars rocket rockets artillery",
        "gas chemical chlorine sarin toxic",
        "bomb bombs bombing bombings bomber bombers suicide blast blasts explosion explosions",
        "mine mines landmine landmines",
    )
)
_GAS = 2
_DELIVERY = {0, 1}  # gas comes from planes and shells
_AFTER = re.compile(r"\b(?:after|following)\b[^,.;]{0,60}", re.IGNORECASE)


def in_time(asked: Asked, evidence: Evidence) -> bool:
    """Whether an article was reported when the question's own date lets it speak of the event."""
    day = evidence.article.published
    if not asked.spans or day is None:
        return True
    return any(span.start <= day <= span.end + _LATER for span in asked.spans)


def on_topic(asked: Asked, citation: Citation, text: str, *, strict: bool) -> bool:
    """Whether quote or title names what the question names (if it names anything).

    `text` is the article's. `strict`: the article names all of it, and some of it stands close
    before the quote; behind it, where the quote is the beginning of a report, which often says
    first what happened and then where.
    """
    quote = citation.quote
    deeds = [words_of(text) if deed is LEAVING else words_of(quote) for deed in asked.deeds]
    if not asked.relation and not all(
        deed & told for deed, told in zip(asked.deeds, deeds, strict=True)
    ):
        return False
    near_by = text[max(0, citation.start - _NEAR) : citation.end + _NEAR]
    if _is_of_any_people(asked, quote) or _by_other_means(asked, quote, near_by):
        return False
    if asked.thing and (_of_another(quote, asked) or not _at_the_time(asked, citation, strict)):
        return False
    behind = citation.end + (_BEHIND if citation.start < LEAD else 0)
    around = _OTHER_EVENT.sub("", text[max(0, citation.start - _NEAR) : behind])
    near = (around, quote, citation.title)
    if asked.names and not any(_names(p, near) for name in asked.names for p in name.split("-")):
        return False
    if not strict:
        return True
    return bool(asked.names) and all(_names(name, (text, citation.title)) for name in asked.names)


def _is_of_any_people(asked: Asked, quote: str) -> bool:
    """Whether a question counts people by no deed, and a quote shares none of its other words."""
    if not asked.thing or asked.deeds or not counts_people(asked.thing):
        return False
    dates = (span.words for span in asked.spans)
    named = words_of(" ".join((*asked.names, *dates, asked.thing))) | PARTY_WORDS
    return (asked.words - named - _ASKING).isdisjoint(words_of(quote))


def _by_other_means(asked: Asked, quote: str, near_by: str) -> bool:
    """Whether question and quote each tell by what means it was done, and share none.

    Gas is brought by planes and shells: of these, what stands near by counts, too.
    """
    mine, theirs, around = (
        {n for n, means in enumerate(_MEANS) if means & words_of(_AFTER.sub("", text))}
        for text in (asked.question, quote, near_by)
    )
    if mine | theirs <= _DELIVERY | {_GAS}:
        theirs |= around if _GAS in mine ^ theirs else set()
    return bool(asked.thing and mine and theirs and mine.isdisjoint(theirs))


def _at_the_time(asked: Asked, citation: Citation, strict: bool) -> bool:
    """Whether the quote's own dates, if it has any, hold one that the question names.

    `strict`: what dates nothing must be reported then, or soon after.
    """
    if not asked.spans:
        return True
    day = citation.published
    event = day_told(citation.quote, day)
    if event is not None and event.precision == "day":
        return any(event.start <= span.end and span.start <= event.end for span in asked.spans)
    kept = _without_telling_days(citation.quote, day)
    told = [mention.event for mention in find_mentions(kept, day)]
    if any(_within(event, span) for event in told for span in asked.spans):
        return True
    if told or day is None:
        return not strict and not told
    return any(span.start <= day <= span.end + _soon(span, strict) for span in asked.spans)


def _soon(span: Event, strict: bool) -> timedelta:
    """How long after the time asked for what dates nothing may be reported and still be of it."""
    if span.start == span.end:
        return _A_DAY
    return _SOON if strict else _LATER


def _within(event: Event, span: Event) -> bool:
    """Whether what a quote dates can be of the time asked for: not of a longer one.

    A day may be the next one, on which it was told.
    """
    near = _A_DAY if event.precision == "day" else timedelta()
    longest = max(span.end - span.start, _A_WEEK)
    meet = event.start - near <= span.end and span.start <= event.end + near
    return meet and event.end - event.start <= longest


def day_told(quote: str, published: date | None) -> Event | None:
    """When a quote says that it happened: no dateline, and not the day on which someone said so."""
    return find_event(_without_telling_days(quote, published), published)


def _without_telling_days(quote: str, published: date | None) -> str:
    """A quote without its dateline and the days on which someone said so."""
    kept = quote
    for mention in reversed(find_mentions(quote, published)):
        event = mention.event
        dateline = event.start == event.end == published and re.search(r"\d{4}", event.words)
        if dateline or _SAID_ON.search(quote[: mention.start]):
            kept = kept[: mention.start] + kept[mention.end :]
    return kept


def _of_another(quote: str, asked: Asked) -> bool:
    """Whether a number is of more than the asked event, or of one after or before it."""
    if _ALL_ALONG.search(quote) and "since" not in asked.words:
        return True
    turn = _OTHER_EVENT.search(quote)
    if turn is None:
        return False
    parts = quote[: turn.start()] + quote[turn.end() :], turn[0]
    own, other = parts if asked_numbers(parts[0], asked) else parts[::-1]
    return any(_names(name, (other,)) and not _names(name, (own,)) for name in asked.names)


def _names(name: str, texts: Sequence[str]) -> bool:
    """Whether texts hold a name, or each part of it, with its hyphen or without ("Bel-Korra")."""
    if any(fold(name).replace("-", "") in _joined(text) for text in texts):
        return True
    known = _known(tuple(texts))
    return known.hold(name) or all(known.hold(part) for part in name.split("-"))


@lru_cache(maxsize=256)
def _joined(text: str) -> frozenset[str]:
    """The words of a text, those with a hyphen as one."""
    return frozenset(re.findall(r"\w+", fold(text.replace("-", ""))))


@lru_cache(maxsize=64)
def _known(texts: tuple[str, ...]) -> KnownWords:
    """An article is asked for many names, and read once."""
    return KnownWords(texts)

"""Whether a claim is carried by its quotes: every number, date and proper name of it is theirs.

Invariant 5 of the design, and guards beyond it: a number that counts something else than in the
quotes, a *not* lost or added (`polarity`), a lost hedge (`hedges`), exchanged roles (`roles`), and
a claim most of whose words no quote has. docs/checking.md has what they catch, and what this
cannot see: false relations between things that the quotes all name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import pairwise

from assistant.answering.checking.dates import date_carried, names_month, wrong_weekdays
from assistant.answering.checking.hedges import lost_hedges
from assistant.answering.checking.names import KnownWords, Name, find_names
from assistant.answering.checking.numbers import inside, miscounted, numbers_missing
from assistant.answering.checking.polarity import polarity_flips
from assistant.answering.checking.roles import exchanged_roles
from assistant.answering.checking.verbs import SKIPPED, WORD, stem
from assistant.answering.dating.datewords import find_mentions
from assistant.answering.figures import read_figures
from assistant.passages import split_sentences
from assistant.types import Event

# Less of a claim's words in its quotes, and it says something else (docs/checking.md).
_LEAST_COVERED, _FEWEST_WORDS = 0.5, 4
_SOME_DAY = date(2001, 6, 20)  # an undated report: relative words are compared as words
_WORDS = re.compile(r"\w+")
_BRACKETED = re.compile(r"\[\d+\]")


def unsupported(
    body: str,
    quotes: Sequence[str],
    *,
    reported_on: date | None = None,
    events: Sequence[Event] | None = None,
    acronyms: Mapping[str, Iterable[str]] | None = None,
) -> list[str]:
    """The words of `body` that its quotes do not carry; empty means that it may be shown.

    Numbers ("four", "1,200", "1.2 million", "12 %"), dates and proper names are compared after
    normalisation. Relative dates of body and quotes are resolved against `reported_on`; where the
    quotes are of reports of several days, `events` are the dates that they give. A body that is
    whole sentences of a quote, word for word, is carried by it. `acronyms` are those that the
    articles of the quotes explain, with their full names.
    """
    flat = " ".join(body.split())
    plain = [" ".join(quote.split()) for quote in quotes]
    if any(is_verbatim(body, quote) for quote in quotes):
        return []
    mentions = find_mentions(flat, reported_on or _SOME_DAY)
    quoted = [m for quote in plain for m in find_mentions(quote, reported_on or _SOME_DAY)]
    known_events: Sequence[Event] = (
        # Of an undated report, relative words were resolved against no real day.
        [m.event for m in quoted if reported_on or not m.yearless or names_month(m)]
        if events is None
        else events
    )
    dates = [
        m.event.words
        for m in mentions
        if not date_carried(m, known_events, plain, dated=reported_on is not None)
    ]
    taken = [(mention.start, mention.end) for mention in mentions]
    known = KnownWords(plain, acronyms)
    taken += [(figure.start, figure.end) for figure in read_figures(flat)]
    names = [name for name in find_names(flat) if not inside(name.start, taken)]
    flagged = [
        *_BRACKETED.findall(flat),
        *dates,
        *wrong_weekdays(plain, mentions),
        *numbers_missing(flat, plain, taken[: len(mentions)], quoted),
        *(name.word for name in names if not known.hold(name.word)),
        *_mixed_names(flat, names, known),
        *miscounted(flat, plain),
        *polarity_flips(flat, plain),
        *lost_hedges(flat, plain),
        *exchanged_roles(flat, plain),
        *_uncovered(flat, plain, alone=not names and not taken),
    ]
    return list(dict.fromkeys(flagged))


def is_verbatim(body: str, quote: str) -> bool:
    """Whether the body is one or more whole sentences of the quote, word for word.

    A clause of one is not: what stands before it may deny it ("It is not true that …").
    """
    flat = " ".join(body.split())
    sentences = [" ".join(quote[start:end].split()) for start, end in split_sentences(quote)]
    return any(
        flat == " ".join(sentences[first:last])
        for first in range(len(sentences))
        for last in range(first + 1, len(sentences) + 1)
    )


def is_clause(body: str, quote: str) -> bool:
    """Whether the body is a part of a sentence of the quote, word for word but for its ends."""
    words = _WORDS.findall(body.casefold())
    said = _WORDS.findall(quote.casefold())
    runs = (said[at : at + len(words)] for at in range(len(said) - len(words) + 1))
    return bool(words) and words in runs and not is_verbatim(body, quote)


def _uncovered(body: str, quotes: Sequence[str], *, alone: bool) -> list[str]:
    """The telling words of a claim that no quote has, where they are more than half, or all."""
    held = {stem(word) for quote in quotes for word in WORD.findall(quote)}
    told = {stem(word): word for word in WORD.findall(body) if word.lower() not in SKIPPED}
    foreign = [word for found, word in told.items() if found not in held]
    if len(told) < _FEWEST_WORDS:
        # Another word for one of so few is no sign; for each of them it is, where there is nothing
        # else (`alone`: no name, number or date) that the quotes have to hold.
        return foreign if alone and 1 < len(told) == len(foreign) else []
    return foreign if 1 - len(foreign) / len(told) < _LEAST_COVERED else []


def _mixed_names(body: str, names: Sequence[Name], known: KnownWords) -> Iterator[str]:
    for first, second in pairwise(names):
        if body[first.end : second.start] == " " and known.mixes(first.word, second.word):
            yield f"{first.word} {second.word}"

"""Whether a claim is carried by its quotes: every number, date and proper name of it is theirs.

Invariant 5 of the design, and guards beyond it: a number that counts something else than in the
quotes, a *not* lost or added (`polarity`), a lost hedge (`hedges`), exchanged roles (`roles`), and
a claim most of whose words no quote has. docs/checking.md has what they catch, and what this
cannot see: false relations between things that the quotes all name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from assistant.answering.dategrammar import MONTH
from assistant.answering.datewords import Mention, find_mentions
from assistant.answering.figures import VAGUE, Figure, read_figures
from assistant.answering.hedges import lost_hedges
from assistant.answering.names import KnownWords, Name, find_names
from assistant.answering.polarity import polarity_flips
from assistant.answering.roles import exchanged_roles
from assistant.answering.verbs import SKIPPED, WORD, stem
from assistant.passages import split_sentences
from assistant.types import Event

_COARSENESS = {"day": 0, "week": 1, "month": 2, "year": 3}
_LEADING = re.compile(
    r"^(?:(?:on|in|during|since|until|from|of|throughout|the|early|late|earlier|later)\s+)+"
    r"(?!part\b)",
    re.IGNORECASE,
)
# Less of a claim's words in its quotes, and it says something else (docs/checking.md).
_LEAST_COVERED, _FEWEST_WORDS = 0.5, 4
_SOME_DAY = date(2001, 6, 20)  # an undated report: relative words are compared as words
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORDS = re.compile(r"\w+")
_BRACKETED = re.compile(r"\[\d+\]")

Spans = list[tuple[int, int]]


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
        [m.event for m in quoted if reported_on or not m.yearless or _names_month(m)]
        if events is None
        else events
    )
    dates = [
        m.event.words
        for m in mentions
        if not _date_carried(m, known_events, plain, dated=reported_on is not None)
    ]
    taken = [(mention.start, mention.end) for mention in mentions]
    known = KnownWords(plain, acronyms)
    taken += [(figure.start, figure.end) for figure in read_figures(flat)]
    names = [name for name in find_names(flat) if not _inside(name.start, taken)]
    flagged = [
        *_BRACKETED.findall(flat),
        *dates,
        *_wrong_weekdays(plain, mentions),
        *_numbers_missing(flat, plain, taken[: len(mentions)], quoted),
        *(name.word for name in names if not known.hold(name.word)),
        *_mixed_names(flat, names, known),
        *_miscounted(flat, plain),
        *polarity_flips(flat, plain),
        *lost_hedges(flat, plain),
        *exchanged_roles(flat, plain),
        *_uncovered(flat, plain),
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


def _uncovered(body: str, quotes: Sequence[str]) -> list[str]:
    """The claim's telling words that no quote has, where they are more than half of them."""
    held = {stem(word) for quote in quotes for word in WORD.findall(quote)}
    told = {stem(word): word for word in WORD.findall(body) if word.lower() not in SKIPPED}
    foreign = [word for found, word in told.items() if found not in held]
    few = len(told) < _FEWEST_WORDS or 1 - len(foreign) / len(told) >= _LEAST_COVERED
    return [] if few else foreign


def _inside(position: int, spans: Spans) -> bool:
    return any(start <= position < end for start, end in spans)


# Dates


def _date_carried(
    mention: Mention, events: Sequence[Event], quotes: Sequence[str], *, dated: bool
) -> bool:
    words = _LEADING.sub("", mention.event.words)
    if any(re.search(rf"\b{re.escape(words)}(?!\w)", quote, re.I) for quote in quotes):
        return True
    if mention.yearless and not dated and not _names_month(mention):
        return False
    return any(_same_date(mention, event) for event in events)


def _names_month(mention: Mention) -> bool:
    """Whether it is a day or month by its name, which an undated report dates as well."""
    return re.search(MONTH, mention.event.words) is not None


def _wrong_weekdays(quotes: Sequence[str], mentions: Sequence[Mention]) -> Iterator[str]:
    """Weekdays beside a day's own date that are neither its weekday nor in the quotes."""
    for mention in mentions:
        event = mention.event
        for name in _WEEKDAY.findall(event.words) if re.search(r"\d", event.words) else ():
            right = event.start == event.end and _WEEKDAYS[event.start.weekday()] == name
            if not right and not any(name in quote for quote in quotes):
                yield name


def _same_date(mention: Mention, event: Event) -> bool:
    """Equal, or coarser and around it; a date named without its year agrees in month and day."""
    told = mention.event
    if (told.start, told.end) == (event.start, event.end):
        return True
    if _COARSENESS[told.precision] > _COARSENESS[event.precision]:
        return told.start <= event.start and event.end <= told.end
    if told.precision != event.precision:
        return False
    if (
        told.precision == "day"
        and told.start == told.end
        and told.start in (event.start, event.end)
    ):
        return True
    named = mention.yearless and re.search(MONTH, told.words) is not None
    return named and [(d.month, d.day) for d in (told.start, told.end)] == [
        (d.month, d.day) for d in (event.start, event.end)
    ]


# Numbers


def _numbers_missing(
    body: str, quotes: Sequence[str], dates: Spans, quoted_dates: Sequence[Mention]
) -> Iterator[str]:
    known: list[Figure] = []
    for quote in quotes:
        spans = [(m.start, m.end) for m in find_mentions(quote, _SOME_DAY)]
        known += [f for f in read_figures(quote) if not _inside(f.start, spans)]
    years = {int(y) for m in quoted_dates for y in _YEAR.findall(m.event.words)}
    figures = [f for f in read_figures(body) if not _inside(f.start, dates)]
    for figure in figures:
        by_year = not figure.unit and not figure.spelled and figure.value in years
        carried = by_year or any(_same_number(figure, other) for other in known)
        carried = carried or _beside_its_month(body, figure, quotes)
        if not carried and not _one_of_a_kind(body, figure, quotes):
            yield figure.words
    text = " ".join(quotes).lower()
    for match in VAGUE.finditer(body):
        if match.group().lower() not in text:
            yield match.group()
    yield from _stray_digits(body, quotes, [*dates, *((f.start, f.end) for f in figures)])


def _same_number(figure: Figure, other: Figure) -> bool:
    return (
        figure.value == other.value
        and figure.unit in ("", other.unit)
        and other.ordinal == figure.ordinal
    )


def _beside_its_month(body: str, figure: Figure, quotes: Sequence[str]) -> bool:
    """A day whose date could not be resolved: "December 19th", beside its month in a quote."""
    before = re.search(rf"\b{MONTH}\s+$", body[: figure.start])
    after = re.match(rf"\s+{MONTH}\b", body[figure.end :])
    day = re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", figure.words) + "(?:st|nd|rd|th)?"
    months = [match[0].strip() for match in (before, after) if match]
    ways = [rf"{month}\s+{day}|{day}\s+(?:of\s+)?{month}" for month in map(re.escape, months)]
    return any(re.search(rf"(?<!\w)(?:{way})(?!\w)", q, re.I) for way in ways for q in quotes)


def _one_of_a_kind(body: str, figure: Figure, quotes: Sequence[str]) -> bool:
    """Whether it is the "one" of "one soldier" where the quote has "a soldier"."""
    if figure.value != 1 or not figure.spelled:
        return False
    noun = re.match(r"\s+(?:\w+\s+)?(\w+)", body[figure.end :])
    words = {noun[1], noun.group().split()[0]} if noun else set()
    return any(
        re.search(rf"\b(?:an?|another|single)\s+(?:\w+\s+){{0,2}}{re.escape(word)}\b", quote, re.I)
        for word in words
        for quote in quotes
    )


def _stray_digits(body: str, quotes: Sequence[str], spans: Spans) -> Iterator[str]:
    """Digits inside words and codes ("M4", "x_12"): the whole word must stand in a quote."""
    for match in re.finditer(r"[\w.,:/+-]*\d[\w.,:/+-]*", body):
        digits = [m.start() + match.start() for m in re.finditer(r"\d", match.group())]
        word = match.group().strip(".,:-")
        if all(_inside(position, spans) for position in digits):
            continue
        if not any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", q, re.I) for q in quotes):
            yield word


# Names


def _mixed_names(body: str, names: Sequence[Name], known: KnownWords) -> Iterator[str]:
    for first, second in pairwise(names):
        if body[first.end : second.start] == " " and known.mixes(first.word, second.word):
            yield f"{first.word} {second.word}"


# What numbers count

_APPROXIMATE = frozenset(
    re.findall(r"\w+", "at least about some more than nearly around over up to another almost only")
)
_AUXILIARY = frozenset(re.findall(r"\w+", "were was have has had been be others other more are is"))
_NOT_COUNTED = frozenset(
    re.findall(
        r"\w+",
        "of in on at by from with and or the a an to for including as per that which who said when "
        "after before than its their his her it they into near during while but not between",
    )
)


def _miscounted(body: str, quotes: Sequence[str]) -> Iterator[str]:
    """Numbers that count another thing here than in the quotes ("19 children" for 3)."""
    things: dict[Decimal, set[str]] = defaultdict(set)
    values: dict[str, set[Decimal]] = defaultdict(set)
    for quote in quotes:
        for figure in read_figures(quote):
            for thing in (*_things_after(quote, figure), *_verb_before(quote, figure)):
                things[figure.value].add(thing)
                values[thing].add(figure.value)
    for figure in read_figures(body):
        counted = _things_after(body, figure) or _verb_before(body, figure)
        elsewhere = [t for t in counted if values[t] and figure.value not in values[t]]
        if elsewhere and things[figure.value] and things[figure.value].isdisjoint(counted):
            yield f"{figure.words} {elsewhere[0]}"


def _things_after(text: str, figure: Figure) -> list[str]:
    """Stems of up to three words that say what a number counts: "12 men", "12 were wounded"."""
    found: list[str] = []
    for word in re.findall(r"[\w'’-]+|[^\w\s]", text[figure.end : figure.end + 60]):
        lower = word.lower()
        if lower in _AUXILIARY:
            continue
        if lower in _NOT_COUNTED or not lower[0].isalpha() or len(found) == 3:
            break
        found.append(_singular(lower))
    return found


def _verb_before(text: str, figure: Figure) -> list[str]:
    """The verb right before a number: "killed 12", "wounded at least 12"."""
    for word in reversed(re.findall(r"[\w'’-]+|[^\w\s]", text[: figure.start])[-5:]):
        lower = word.lower()
        if lower not in _APPROXIMATE:
            return [_singular(lower)] if lower.endswith("ed") and len(lower) > 4 else []
    return []


def _singular(word: str) -> str:
    irregular = {"men": "man", "women": "woman", "people": "person", "persons": "person"}
    return irregular.get(word, re.sub(r"(?<=\w\w\w)s$", "", word))

"""Whether the numbers of a claim are those of its quotes, and count the same there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from assistant.answering.dating.dategrammar import MONTH
from assistant.answering.dating.datewords import Mention, find_mentions
from assistant.answering.figures import VAGUE, Figure, read_figures

_SOME_DAY = date(2001, 6, 20)  # dates are only passed over
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

Spans = list[tuple[int, int]]


def inside(position: int, spans: Spans) -> bool:
    """Whether a position lies in one of some spans."""
    return any(start <= position < end for start, end in spans)


def numbers_missing(
    body: str, quotes: Sequence[str], dates: Spans, quoted_dates: Sequence[Mention]
) -> Iterator[str]:
    """The numbers of a claim that no quote has; those inside `dates`, its dates, are passed over.

    `quoted_dates` are the dates of the quotes: a year may be told from one of them.
    """
    known: list[Figure] = []
    for quote in quotes:
        spans = [(m.start, m.end) for m in find_mentions(quote, _SOME_DAY)]
        known += [f for f in read_figures(quote) if not inside(f.start, spans)]
    years = {int(y) for m in quoted_dates for y in _YEAR.findall(m.event.words)}
    figures = [f for f in read_figures(body) if not inside(f.start, dates)]
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
        if all(inside(position, spans) for position in digits):
            continue
        if not any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", q, re.I) for q in quotes):
            yield word


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


def miscounted(body: str, quotes: Sequence[str]) -> Iterator[str]:
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

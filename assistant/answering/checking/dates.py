"""Whether the dates of a claim are those of its quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.dating.dategrammar import MONTH
from assistant.answering.dating.datewords import Mention
from assistant.types import Event

_COARSENESS = {"day": 0, "week": 1, "month": 2, "year": 3}
_LEADING = re.compile(
    r"^(?:(?:on|in|during|since|until|from|of|throughout|the|early|late|earlier|later)\s+)+"
    r"(?!part\b)",
    re.IGNORECASE,
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b")


def date_carried(
    mention: Mention, events: Sequence[Event], quotes: Sequence[str], *, dated: bool
) -> bool:
    """Whether a date of a claim stands in a quote as it is, or is one of their events.

    `dated`: the report has a day, against which relative words were resolved.
    """
    words = _LEADING.sub("", mention.event.words)
    if any(re.search(rf"\b{re.escape(words)}(?!\w)", quote, re.I) for quote in quotes):
        return True
    if mention.yearless and not dated and not names_month(mention):
        return False
    return any(_same_date(mention, event) for event in events)


def names_month(mention: Mention) -> bool:
    """Whether it is a day or month by its name, which an undated report dates as well."""
    return re.search(MONTH, mention.event.words) is not None


def wrong_weekdays(quotes: Sequence[str], mentions: Sequence[Mention]) -> Iterator[str]:
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

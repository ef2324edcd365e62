"""The calendar behind the date words: weeks, months, seasons and their parts, as spans of days."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from assistant.answering.dating.dategrammar import MONTHS, NAMED_AFTER, NAMED_BEFORE
from assistant.answering.dating.tense import is_future
from assistant.answering.figures import read_figures
from assistant.types import Precision

Span = tuple[date, date, Precision]


STEPS = {"last": -1, "this": 0, "next": 1}


PRECISIONS: dict[str, Precision] = {"day": "day", "week": "week", "month": "month", "year": "year"}


DAYS_OF = {"day": 1, "week": 7, "fortnight": 14}


SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def season(name: str, year: int) -> tuple[date, date]:
    """First and last day of a season that begins in a year."""
    month = SEASONS[name]
    years, last = divmod(month + 1, 12)
    end = year + years
    return date(year, month, 1), date(end, last + 1, monthrange(end, last + 1)[1])


def period(unit: str, steps: int, around: date) -> tuple[date, date]:
    """The week (Monday to Sunday), month or year that lies `steps` from the one of a day."""
    if unit == "week":
        start = around - timedelta(days=around.weekday()) + timedelta(weeks=steps)
        return start, start + timedelta(days=6)
    if unit == "month":
        year, month = divmod(around.year * 12 + around.month - 1 + steps, 12)
        return date(year, month + 1, 1), date(year, month + 1, monthrange(year, month + 1)[1])
    return date(around.year + steps, 1, 1), date(around.year + steps, 12, 31)


def part_of(edges: tuple[int, int, int, int], words: str | None) -> tuple[int, int]:
    """The early, middle or late part of 1..n, given its edges; the whole where no part is named."""
    first, early, middle, last = edges
    words = (words or "").lower()
    if re.search("early|beginning|start", words):
        return first, early
    if "mid" in words:
        return early + 1, middle
    if re.search("late|end", words):
        return middle + 1, last
    return first, last


def count_of(words: str) -> int | None:
    """The number that words give: "a", "a couple of", "three", "12"; None where they give none."""
    words = " ".join(words.lower().split())
    if words in ("a", "an", "half an"):
        return 1
    if words == "a couple of":
        return 2
    figures = read_figures(words)
    if len(figures) != 1 or figures[0].ordinal or figures[0].words != words:
        return None  # "many years ago"
    return int(figures[0].value)


def month_number(name: str) -> int:
    """1 to 12 for a month's name or its short form."""
    return next(n for n, month in enumerate(MONTHS, 1) if month.startswith(name[:3]))


def year_of_month(month: int, match: re.Match[str], reported_on: date) -> int:
    """The nearest year of a month: not ahead of the report, or not behind where it is to come."""
    year, now = reported_on.year, reported_on.month
    if is_future(match.string, match.start(), match.end()):
        return year + (month < now)
    return year - (month > now)


def is_named_day(match: re.Match[str]) -> bool:
    """Whether a name holds the weekday: "Black Friday", "Wednesday Addams"."""
    text, start = match.string, match.start("w")
    named = NAMED_BEFORE.search(text[:start]) or NAMED_AFTER.match(text, match.end("w"))
    return named is not None

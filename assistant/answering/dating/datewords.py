"""Finds the date expressions of an English text and resolves them against a report's date.

The expressions are a closed grammar (`dategrammar`), resolved by one function a rule here.
Libraries were looked at first. `dateparser.search` costs 200 ms to import and 2 ms a
sentence, takes "May said", "the Sun" and "sat" for dates, and resolves "on Thursday" the same way
in "met on Thursday" and "will meet on Thursday". recognizers-text needs four packages
and as long; timexy needs spaCy. What remains once the words are found is calendar arithmetic,
which `datetime` and `calendar` do. Texts in other languages yield nothing but ISO dates.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from assistant.answering.dating.calendars import (
    PRECISIONS,
    STEPS,
    Span,
    count_of,
    is_named_day,
    month_number,
    part_of,
    period,
    year_of_month,
)
from assistant.answering.dating.dategrammar import (
    ANY_DATE,
    RULES,
    WEEKDAYS,
)
from assistant.answering.dating.datespans import SPAN_RESOLVERS
from assistant.answering.dating.tense import is_future
from assistant.types import Event


@dataclass(frozen=True, slots=True)
class Mention:
    """A date expression: `text[start:end] == event.words`. `yearless`: its year was worked out."""

    event: Event
    start: int
    end: int
    yearless: bool


def find_mentions(text: str, reported_on: date | None) -> list[Mention]:
    """Every date expression of a text that can be resolved, in text order.

    Expressions without a year need `reported_on`; without it they are left out. Days that the
    calendar does not have (31 June) are left out.
    """
    if not ANY_DATE.search(text):
        return []
    matches = [(name, match) for name, rule in RULES for match in rule.finditer(text)]
    found = []
    for name, match in _without_overlaps(matches):
        try:
            span = _RESOLVERS[name](match, reported_on)
        except (ValueError, OverflowError):
            continue  # no such day, or beyond the calendar's ends
        if span is not None:
            yearless = "y" not in match.groupdict() or match["y"] is None
            event = Event(*span, words=match.group())
            found.append(Mention(event, match.start(), match.end(), yearless))
    return found


_Named = tuple[str, re.Match[str]]


def _without_overlaps(matches: list[_Named]) -> list[_Named]:
    """Where expressions overlap, the longest stays ("Thursday, 4 May 2017", not "Thursday")."""
    kept: list[_Named] = []
    for name, match in sorted(matches, key=lambda m: (m[1].start() - m[1].end(), m[1].start())):
        if all(match.end() <= other.start() or match.start() >= other.end() for _, other in kept):
            kept.append((name, match))
    return sorted(kept, key=lambda m: m[1].start())


def _resolve_iso(match: re.Match[str], reported_on: date | None) -> Span | None:
    day = date(int(match["y"]), int(match["m"]), int(match["d"]))
    return day, day, "day"


def _resolve_numeric(match: re.Match[str], reported_on: date | None) -> Span | None:
    """04.05.2017 is the fifth of April in one country and the fourth of May in another."""
    a, b = int(match["a"]), int(match["b"])
    if a <= 12 and b <= 12 and a != b and match["sep"] == "/":
        return None
    month, day_number = (a, b) if b > 12 else (b, a)
    day = date(int(match["y"]), month, day_number)
    return day, day, "day"


def _resolve_day(match: re.Match[str], reported_on: date | None) -> Span | None:
    month, first = month_number(match["m"]), int(match["d"])
    last = int(match["d2"] or first)
    if last < first:
        return None
    if match["y"]:
        year = int(match["y"])
    elif reported_on is None:
        return None
    else:
        nearest = _year_of_day(month, first, match, reported_on)
        if nearest is None:
            return None
        year = nearest
    return date(year, month, first), date(year, month, last), "day"


def _year_of_day(month: int, day: int, match: re.Match[str], reported_on: date) -> int | None:
    """The nearest year not after the report, or not before it where the verb is to come.

    A weekday beside the day decides ("Friday, Dec. 8"). None where the day lies just ahead
    and no word says that it is to come: "the talks of 10 July" in a report of 23 June is more
    likely next month than last year.
    """
    now = reported_on.year
    if match["of"]:
        return now + STEPS[match["of"]]
    if match["w"]:
        weekday = next(n for n, name in enumerate(WEEKDAYS) if name.startswith(match["w"][:3]))
        for year in (now, now - 1, now + 1):
            if date(year, month, day).weekday() == weekday:
                return year
    future = is_future(match.string, match.start(), match.end())
    coming = now + ((month, day) < (reported_on.month, reported_on.day))
    if future:
        return coming
    if 0 < (date(coming, month, day) - reported_on).days <= (60 if future is None else 30):
        return None
    return now - ((month, day) > (reported_on.month, reported_on.day))


def _resolve_month(match: re.Match[str], reported_on: date | None) -> Span | None:
    if not (match["lead"] or match["part"] or match["y"] or match["of"]):
        return None  # "May said", "March on", "April O'Neil"
    month = month_number(match["m"])
    lead = (match["lead"] or "").lower()
    if match["y"]:
        year = int(match["y"])
    elif reported_on is None:
        return None
    else:
        year = _year_of_lead(month, lead, match, reported_on)
    last = monthrange(year, month)[1]
    first_day, last_day = part_of((1, 10, 20, last), match["part"])
    return date(year, month, first_day), date(year, month, last_day), "month"


def _year_of_lead(month: int, lead: str, match: re.Match[str], reported_on: date) -> int:
    """The year of a month named without one: the nearest, back or ahead as its words say."""
    year, now = reported_on.year, reported_on.month
    if match["of"]:
        return year + STEPS[match["of"]]
    if lead == "this":
        return year
    if lead == "next":
        return year + (month <= now)
    if lead == "last":
        return year - (month >= now)
    return year_of_month(month, match, reported_on)


def _resolve_weekday(match: re.Match[str], reported_on: date | None) -> Span | None:
    text, end = match.string, match.end()
    if reported_on is None or is_named_day(match):
        return None
    weekday = WEEKDAYS.index(match["w"])
    lead = " ".join((match["lead"] or "").lower().split())
    monday = reported_on - timedelta(days=reported_on.weekday())
    back = (reported_on.weekday() - weekday) % 7
    ahead = -back % 7
    if match["week"]:
        day = monday + timedelta(days=weekday, weeks=STEPS[match["week"]])
    elif lead in ("next", "this coming"):
        day = reported_on + timedelta(days=ahead or 7)
    elif lead in ("last", "this past"):
        day = reported_on - timedelta(days=back or 7)
    elif lead == "this":
        day = monday + timedelta(days=weekday)
    elif is_future(text, match.start(), end) or (
        lead == "on" and _IS_ON.search(text[: match.start("w")])
    ):
        day = reported_on + timedelta(days=ahead)
    else:
        day = reported_on - timedelta(days=back)
    return day, day, "day"


_IS_ON = re.compile(r"\b(?:is|are)\s+on\s+$")  # "the vote is on Monday"


def _resolve_near(match: re.Match[str], reported_on: date | None) -> Span | None:
    if reported_on is None or _is_name(match):
        return None
    if match.group().lower() == "today" and is_future(match.string, *match.span()) is None:
        return None  # "users today have more to choose from"
    day = reported_on + timedelta(days=1 if match["ahead"] else -1 if match["back"] else 0)
    return day, day, "day"


def _is_name(match: re.Match[str]) -> bool:
    """Whether it has a capital where no sentence begins: "the Today show"."""
    before = match.string[: match.start()].rstrip()
    return match.group()[0].isupper() and bool(before) and before[-1].isalnum()


def _resolve_period(match: re.Match[str], reported_on: date | None) -> Span | None:
    if reported_on is None:
        return None
    if match["end"]:
        return _weekend(match["end"].lower(), reported_on)
    if match["before"]:
        unit = match["before"].lower()
        return *period(unit, -2, reported_on), PRECISIONS[unit]
    steps = 0 if match["within"] else STEPS[match["which"].lower()]
    unit = (match["inner"] or match["unit"]).lower()
    start, end = period(unit, steps, reported_on)
    half = (match["within"] or match["half"] or "").lower()
    if steps == 0 and half in ("earlier", "early"):
        end = reported_on
    elif steps == 0 and half in ("later", "late"):
        start = reported_on
    return start, end, PRECISIONS[unit]


def _weekend(words: str, reported_on: date) -> Span:
    """Saturday and Sunday: "this" and "next" of the report's week and the one after, else the
    latest that had begun by the day of the report ("last": that had ended).
    """
    saturday = reported_on + timedelta(days=5 - reported_on.weekday())
    if words.endswith("next"):
        saturday += timedelta(weeks=1)
    elif (saturday > reported_on and not words.endswith("this")) or words.endswith("last"):
        saturday -= timedelta(weeks=1)
    return saturday, saturday + timedelta(days=1), "week"


def _resolve_ago(match: re.Match[str], reported_on: date | None) -> Span | None:
    count = count_of(match["n"])
    if reported_on is None or count is None:
        return None
    unit = match["unit"].lower()
    if unit in ("minute", "hour"):
        if unit == "hour" and count >= 12:  # on which day is not known
            return reported_on - timedelta(days=-(-count // 24)), reported_on, "day"
        return reported_on, reported_on, "day"
    if unit == "day":
        day = reported_on - timedelta(days=count)
        return day, day, "day"
    if unit == "fortnight":
        unit, count = "week", 2 * count
    return *period(unit, -count, reported_on), PRECISIONS[unit]


def _resolve_year(match: re.Match[str], reported_on: date | None) -> Span | None:
    if match["lead"].lower() == "of" and not match["part"]:
        return None
    year = int(match["y"])
    first, last = part_of((1, 4, 8, 12), match["part"])
    return date(year, first, 1), date(year, last, monthrange(year, last)[1]), "year"


_RESOLVERS: dict[str, Callable[[re.Match[str], date | None], Span | None]] = {
    "iso": _resolve_iso,
    "numeric": _resolve_numeric,
    "day": _resolve_day,
    "month": _resolve_month,
    "weekday": _resolve_weekday,
    **SPAN_RESOLVERS,
    "near": _resolve_near,
    "period": _resolve_period,
    "ago": _resolve_ago,
    "year": _resolve_year,
}

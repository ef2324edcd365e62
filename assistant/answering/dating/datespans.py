"""Resolves the date expressions that name a stretch of time: "between Monday and Wednesday".

Each function takes the match of one rule of `dategrammar` and the day of the report; None where
it cannot be said which days are meant.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from assistant.answering.dating.calendars import (
    DAYS_OF,
    PRECISIONS,
    SEASONS,
    STEPS,
    Span,
    count_of,
    is_named_day,
    month_number,
    part_of,
    period,
    season,
    year_of_month,
)
from assistant.answering.dating.dategrammar import WEEKDAYS
from assistant.answering.dating.tense import is_future


def _resolve_weekdays(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "between Monday and Wednesday": the latest such days, or the coming ones."""
    if reported_on is None or is_named_day(match):
        return None
    first, last = WEEKDAYS.index(match["w"]), WEEKDAYS.index(match["w2"])
    if is_future(match.string, *match.span()):
        start = reported_on + timedelta(days=(first - reported_on.weekday()) % 7)
        return start, start + timedelta(days=(last - first) % 7), "day"
    end = reported_on - timedelta(days=(reported_on.weekday() - last) % 7)
    return end - timedelta(days=(last - first) % 7), end, "day"


def _resolve_month_days(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "between 3 and 7 June", "from May 30 to June 2": the latest in the past."""
    first, last = (match["m"] or match["ma"] or match["ma2"]), (match["m2"] or match["ma2"])
    one, two = month_number(first), month_number(last or first)
    days = int(match["d"] or match["da"]), int(match["d2"] or match["da2"])
    if match["y"]:
        year = int(match["y"])
    elif reported_on is None:
        return None
    else:
        year, ended = reported_on.year, (two, days[1]) <= (reported_on.month, reported_on.day)
        year -= not ended and not is_future(match.string, *match.span())
    start, end = date(year, one, days[0]), date(year, two, days[1])
    return (start, end, "day") if start <= end else None


_PIECES = {"half": 2, "quarter": 4}


_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4}


def _resolve_piece(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "in the first half of 2016", "in the last week of May"."""
    whole: tuple[date, date]
    unit = match["unit"] or ("month" if match["m"] else "year")
    if match["y"] or match["y2"]:
        month = month_number(match["m"]) if match["m"] else 1
        whole = period(unit, 0, date(int(match["y"] or match["y2"]), month, 1))
    elif reported_on is None:
        return None
    elif match["unit"]:
        whole = period(unit, STEPS[match["which"]], reported_on)
    else:
        month = month_number(match["m"])
        whole = period("month", 0, date(year_of_month(month, match, reported_on), month, 1))
    start, end = whole
    nth = match["nth"]
    if match["piece"] == "week":
        if unit == "year" and not match["m"]:
            return None
        if nth == "last":
            return end - timedelta(days=6), end, "week"
        start += timedelta(weeks=_NTH[nth] - 1)
        return start, start + timedelta(days=6), "week"
    count = _PIECES[match["piece"]]
    place = count if nth == "last" else _NTH[nth]
    if place > count or (unit == "month" and count == 4):
        return None
    if unit == "month":
        middle = start + timedelta(days=14)
        return (
            (start, middle, "month") if place == 1 else (middle + timedelta(days=1), end, "month")
        )
    months = 12 // count
    first = date(start.year, months * (place - 1) + 1, 1)
    last_month = months * place
    return first, date(start.year, last_month, monthrange(start.year, last_month)[1]), "year"


def _resolve_season(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "last summer", "in the winter of 2016": whole months, of the northern half."""
    name = re.findall("|".join(SEASONS), match.group().lower())[-1]
    if match["y"]:
        if match["part"]:
            return None
        return *season(name, int(match["y"])), "month"
    if reported_on is None:
        return None
    which = match["which"].lower()
    around = [season(name, reported_on.year + step) for step in (-2, -1, 0, 1)]
    if which == "last":
        return *[s for s in around if s[1] < reported_on][-1], "month"
    if which == "next":
        return *next(s for s in around if s[0] > reported_on), "month"
    begun = [s for s in around if s[0] <= reported_on]
    if is_future(match.string, *match.span()):
        return *next(s for s in around if s[1] >= reported_on), "month"
    return *begun[-1], "month"


def _resolve_past(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "in the past 24 hours", "over the last three days": up to the day of the report."""
    count = count_of(match["n"] or "a")
    if reported_on is None or count is None:
        return None
    unit = match["unit"].lower()
    if unit == "hour":
        days = -(-count // 24)
        return reported_on - timedelta(days=days), reported_on, "day"
    if unit in DAYS_OF:
        start = reported_on - timedelta(days=DAYS_OF[unit] * count)
        return start, reported_on, "day" if unit == "day" else "week"
    day, months = reported_on.day, {"month": 1, "year": 12}[unit] * count
    start = period("month", -months, reported_on)[0]
    start = start.replace(day=min(day, monthrange(start.year, start.month)[1]))
    return start, reported_on, PRECISIONS[unit]


def _resolve_edge(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "at the end of last month", "the beginning of this year"."""
    if reported_on is None:
        return None
    unit, part = match["unit"].lower(), match["part"].lower()
    start, end = period(unit, STEPS[match["which"].lower()], reported_on)
    if unit == "week":
        edges = {"middle": (1, 3), "end": (4, 6)}.get(part, (0, 1))
        return start + timedelta(days=edges[0]), start + timedelta(days=edges[1]), "week"
    if unit == "month":
        first, last = part_of((1, 10, 20, end.day), part)
        return start.replace(day=first), start.replace(day=last), "month"
    first, last = part_of((1, 4, 8, 12), part)
    return (
        date(start.year, first, 1),
        date(start.year, last, monthrange(start.year, last)[1]),
        "year",
    )


def _resolve_hence(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "in two weeks' time", "ten days from now"."""
    count = count_of(match["n"] or match["n2"])
    if reported_on is None or count is None:
        return None
    unit = (match["unit"] or match["unit2"]).lower()
    if unit == "day":
        day = reported_on + timedelta(days=count)
        return day, day, "day"
    return *period(unit, count, reported_on), PRECISIONS[unit]


def _resolve_nth(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "on the 20th": of the report's month, or the one before where that is ahead."""
    if reported_on is None:
        return None
    steps = STEPS[match["which"]] if match["which"] else 0
    number = int(match["d"])
    if not match["which"]:
        future = is_future(match.string, *match.span())
        if future and number < reported_on.day:
            steps = 1
        elif not future and number > reported_on.day:
            steps = -1
    day = period("month", steps, reported_on)[0].replace(day=number)
    return day, day, "day"


_FEASTS = {"christmas eve": (12, 24), "christmas day": (12, 25), "eve": (12, 31), "day": (1, 1)}


def _resolve_feast(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "on Christmas Day": the latest, or the coming one where the verb is to come."""
    words = " ".join(match["feast"].lower().split())
    month, number = _FEASTS.get(words, _FEASTS[words.rsplit(" ", 1)[1]])
    if match["y"]:
        day = date(int(match["y"]), month, number)
    elif reported_on is None:
        return None
    else:
        day = date(reported_on.year, month, number)
        if is_future(match.string, *match.span()):
            day = day.replace(year=day.year + (day < reported_on))
        else:
            day = day.replace(year=day.year - (day > reported_on))
    return day, day, "day"


def _resolve_night(match: re.Match[str], reported_on: date | None) -> Span | None:
    """Resolve "overnight" (the night to the day of the report) and "the day after tomorrow"."""
    if reported_on is None:
        return None
    words = match.group().lower()
    if words == "overnight":
        future = is_future(match.string, *match.span())
        start = reported_on - timedelta(days=0 if future else 1)
        return start, start + timedelta(days=1), "day"
    day = reported_on + timedelta(days=2 if "tomorrow" in words else -2)
    return day, day, "day"


SPAN_RESOLVERS: dict[str, Callable[[re.Match[str], date | None], Span | None]] = {
    "weekdays": _resolve_weekdays,
    "month_days": _resolve_month_days,
    "piece": _resolve_piece,
    "season": _resolve_season,
    "past": _resolve_past,
    "edge": _resolve_edge,
    "hence": _resolve_hence,
    "nth": _resolve_nth,
    "feast": _resolve_feast,
    "night": _resolve_night,
}

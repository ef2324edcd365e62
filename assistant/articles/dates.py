"""Dates as news writes them: found at a place in a text, or read from a whole value.

English month names, ISO and unmistakable numbers are read here; what else a metadata field
holds goes through dateparser. A number such as 03/04/2017 may be either of two days: it is
refused, never guessed.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from assistant.errors import ArticleError

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAY = "(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?"
_TH = "(?:st|nd|rd|th)?"
_TIME = (
    r"(?:(?:T|,?\s+(?:at\s+|[-–|]\s*)?)\d{1,2}(?::?\d\d){1,2}(?:\.\d+)?\s*(?:[ap]\.?m\b\.?)?"
    r"\s*(?:Z\b|UTC|GMT(?:[+-]\d{1,2})?|[ECMP][SD]?T\b|BST|CES?T|[+-]\d\d:?\d\d)?)?"
)
DATE = re.compile(
    rf"(?<![\w/.-])(?:{_WEEKDAY}\.?,?\s+)?(?:"
    rf"(?P<y>\d{{4}})(?P<s>[-/])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?!\d)"
    rf"|(?P<day1>\d{{1,2}}){_TH}\.?\s+(?:of\s+)?(?P<month1>{_MONTH})\.?,?\s+(?P<year1>\d{{4}})\b"
    rf"|(?P<month2>{_MONTH})\.?\s+(?P<day2>\d{{1,2}}){_TH},?\s+(?P<year2>\d{{4}})\b"
    rf"|(?P<a>\d{{1,2}})(?P<sep>[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<year3>\d{{4}})(?![./-]?\d)"
    rf"){_TIME}",
    re.IGNORECASE,
)
"""One whole date, to the day, with a weekday before and a time of day after where there are."""

_PARTIAL = re.compile(rf"\d{{4}}(?:[-/]\d{{1,2}})?|(?:{_MONTH})\.?,?\s+\d{{4}}", re.IGNORECASE)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_LONGEST_VALUE = 80
_FIRST_YEAR = 1600


def date_of(found: re.Match[str]) -> date:
    """The day that a match of `DATE` names.

    Raises:
        ArticleError: there is no such day, it lies more than a year ahead, or day and month
            cannot be told apart.
    """
    year, month, day = _numbers(found)
    try:
        named = date(year, month, day)
    except ValueError as error:
        raise ArticleError(f"there is no such day ({error})") from error
    return _of_news(named)


def _of_news(day: date) -> date:
    if day.year < _FIRST_YEAR or day > datetime.now(UTC).date() + timedelta(days=366):
        raise ArticleError("the day lies outside the years of news")
    return day


def _numbers(found: re.Match[str]) -> tuple[int, int, int]:
    group = found.groupdict()
    if group["y"]:
        return int(group["y"]), int(group["m"]), int(group["d"])
    for n in "12":
        if group["month" + n]:
            month = _MONTHS.index(group["month" + n][:3].lower()) + 1
            return int(group["year" + n]), month, int(group["day" + n])
    a, b, year = int(group["a"]), int(group["b"]), int(group["year3"])
    # A dot between numbers is written where the day comes first.
    if b > 12 and group["sep"] != ".":
        return year, a, b
    if a > 12 or a == b or group["sep"] == ".":
        return year, b, a
    raise ArticleError("day and month cannot be told apart; write it as YYYY-MM-DD")


def find_date(text: str) -> date | None:
    """The first whole date in a text, or None where there is none, or none that is one day."""
    found = DATE.search(text)
    if found is None:
        return None
    try:
        return date_of(found)
    except ArticleError:
        return None


def read_date(value: str) -> date | None:
    """The day that a metadata value gives; None where it is empty, words, or less than a day.

    Raises:
        ArticleError: the value looks like a date and is none.
    """
    if not any(c.isdigit() for c in value) or _PARTIAL.fullmatch(value):
        return None
    found = DATE.match(value)
    try:
        if _EPOCH.fullmatch(value):
            return _of_news(datetime.fromtimestamp(int(value[:10]), UTC).date())
        day = date_of(found) if found else _read_other(value)
    except ArticleError as error:
        raise ArticleError(f'date "{value[:_LONGEST_VALUE]}": {error}') from error
    if day is None:
        raise ArticleError(f'"{value[:_LONGEST_VALUE]}" is not a date; write it as YYYY-MM-DD')
    return day


def _read_other(value: str) -> date | None:
    """A date in the words of another language, or without its century."""
    if len(value) > _LONGEST_VALUE:
        return None
    import dateparser

    parsed = dateparser.parse(
        value, settings={"STRICT_PARSING": True, "PARSERS": ["absolute-time"]}
    )
    return _of_news(parsed.date()) if parsed else None

"""What the first words of an article say of it: a dateline, or a date before the first sentence."""

from __future__ import annotations

import re

from assistant.articles.dates import DATE, date_of, find_date
from assistant.articles.fields import Metadata
from assistant.articles.outlets import is_agency, is_name, is_outlet
from assistant.errors import ArticleError

_DASH = r"\s*(?:[-–—:_]|--)+\s"
# LONDON, Jan 3, 2017 (Reuters) - ...
_DATELINE = re.compile(
    rf"(?P<place>[A-Z][\w .,'’/-]{{1,60}}?)?,?\s*\((?P<outlet>[A-Z][\w .’'&-]{{1,40}})\){_DASH}"
)
# (Reuters) LONDON, Jan 3, 2017 - ...
_OUTLET_FIRST = re.compile(
    rf"\((?P<outlet>[A-Z][\w .’'&-]{{1,40}})\)\s+(?P<place>[A-Z][\w .,'’/-]{{1,60}}?){_DASH}"
)
# Damascus, SANA - ...
_AGENCY = re.compile(
    rf"(?P<place>[A-Z][\w .'’/-]{{1,40}}?(?:,\s+[\w ]+,?\s+\d{{4}})?),\s+"
    rf"(?P<outlet>[A-Z][A-Za-z -]{{1,25}}?){_DASH}"
)
# LONDON, Jan 3, 2017 /Reuters/ - ... and LONDON | Reuters - ...
_BARRED = re.compile(
    r"(?P<place>[A-Z][\w .,'’-]{1,60}?)\s+(?:/|\|\s)"
    rf"(?P<outlet>[A-Z][\w .’'&-]{{1,40}}?)/?{_DASH}"
)
_SHOUTED = re.compile(r"[A-Z][A-Z'’-]{2,}\b")
_DATE_WORD = (
    r"(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|issued|released)"
    r"(?: (?:on|at))?|date(?: of publication| published| posted)?|publication date|on)"
)
_LEADING_DATE = re.compile(rf"(?:{_DATE_WORD}\s*:?\s*)?(?P<date>{DATE.pattern})", re.IGNORECASE)
# Where a page lost its line breaks, its day stands before the first words of the article.
_STAMP_WORD = (
    r"(?:(?:first |last |originally )?(?:published|posted|updated|modified|issued|released)"
    r"(?: (?:on|at))?|date(?: of publication| published| posted)?|publication date)\s*:?\s*"
)
_STAMP = re.compile(
    rf"(?:{_STAMP_WORD})?(?:{DATE.pattern})"
    r"(?:\s*\((?:updated|modified)[^()]{4,40}\))?"
    r"\s+(?=[\"“‘'(\[]*[A-Z0-9])",
    re.IGNORECASE,
)
_CAPITAL = re.compile(r"[\"“‘'(\[]*(?:[A-Z]|\d+\s+[A-Za-z])")
_DASHED = re.compile(r"\s*[-–—:|]")
_NOT_PROSE = re.compile(r"[\s\"'“‘([]*[A-Z0-9]|\s*[-–—:|]|\s+by [A-Z]|\s*\(updated\b")
_LONGEST_DATELINE = 100  # characters
# ALEPPO, Syria, June 24, 2017 - ...
_PLACE = re.compile(r"[A-Z][A-Z'’. -]{2,30}(?:,\s[A-Z][\w. ]{2,20})?,?\s")


def read_opening(opening: str) -> Metadata:
    """The outlet and the day that the first words of a paragraph give; they stay in the text."""
    for shape in (_DATELINE, _OUTLET_FIRST, _BARRED):
        if (line := shape.match(opening)) and _is_dateline(line["place"] or "", line["outlet"]):
            return Metadata(source=line["outlet"].strip(), published=find_date(line["place"] or ""))
    if (line := _AGENCY.match(opening)) and is_agency(line["outlet"]):
        return Metadata(source=line["outlet"].strip(), published=find_date(line["place"]))
    return _leading_date(opening)


def stamp_length(opening: str) -> int:
    """How many characters of a paragraph are the day of its page, and no words of the article.

    >>> stamp_length("Published May 4, 2017 Two villages were flooded.")
    22
    >>> stamp_length("May 4, 2017 was a wet day."), stamp_length("On May 4, 2017 Lund won.")
    (0, 0)
    """
    stamp = _STAMP.match(opening)
    return stamp.end() if stamp and _CAPITAL.match(opening, stamp.end()) else 0


def _is_dateline(place: str, outlet: str) -> bool:
    """Whether `place (outlet) -` opens a report, and is no name with its abbreviation."""
    if is_agency(outlet) or (is_outlet(outlet) and place):
        return True
    return is_name(outlet.strip()) and bool(_SHOUTED.match(place) or find_date(place))


def _leading_date(opening: str) -> Metadata:
    leading = _LEADING_DATE.search(opening, 0, _LONGEST_DATELINE)
    place = opening[: leading.start()] if leading else ""
    if leading is None or (place and not _PLACE.fullmatch(place)):
        return Metadata()
    try:
        day = date_of(leading)
    except ArticleError:
        return Metadata()
    # "June 24, 2017 was a hot day" is prose; a headline or a dash after a date is not.
    ends = _DASHED if place else _NOT_PROSE
    return Metadata(published=day) if ends.match(opening, leading.end()) else Metadata()

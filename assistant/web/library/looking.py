"""What the page shows, as it stands in its address: a search, filters, a page, an open article."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from assistant.library import UNDATED, Look

LONGEST = 200
"""Characters of a search or a filter that are taken from an address."""

LONGEST_ID = 2000
"""Characters of an article's id."""

ON_A_PAGE = 50
"""Articles on one page of the list."""

_WHEN = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


class View(NamedTuple):
    """What the list is narrowed to, its page (from 1), and the id of the article that is open."""

    look: Look = Look()
    page: int = 1
    article: str = ""

    def address(self, **changed: str | int) -> str:
        """The page's address for this view with some of it changed, and the list from its start.

        >>> View(Look("road", when="2017-06"), 3).address(when="")
        './library?q=road'
        """
        values = self.values() | {"page": "", "article": ""} | changed
        query = urlencode({n: value for n, value in values.items() if value}, errors="replace")
        return f"./library?{query}" if query else "./library"

    def values(self) -> dict[str, str | int]:
        """The parameters of the address; empty ones are those that it lacks."""
        look = self.look
        return {
            "q": look.words,
            "outlet": look.outlet,
            "region": look.region,
            "tag": look.tag,
            "when": look.when,
            "page": self.page if self.page > 1 else "",
            "article": self.article,
        }


def view_of(address: Mapping[str, object]) -> View:
    """The view that the parameters of an address give; what is not usable is left out.

    >>> view_of({"q": " harbour  road", "when": "2017-13", "page": "2"})[:2]
    (Look(words='harbour road', outlet='', region='', tag='', when=''), 2)
    """

    def text(name: str) -> str:
        value = address.get(name)
        return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""

    when, page, article = text("when"), str(address.get("page", "")), address.get("article")
    return View(
        Look(
            text("q"),
            text("outlet"),
            text("region"),
            text("tag"),
            when if _WHEN.fullmatch(when) or when == UNDATED else "",
        ),
        int(page) if re.fullmatch(r"[1-9][0-9]{0,6}", page) else 1,
        article[:LONGEST_ID] if isinstance(article, str) else "",
    )


def when_in_words(when: str) -> str:
    """A month, a year or neither, as it is read.

    >>> when_in_words("2017-06"), when_in_words("2017"), when_in_words("undated")
    ('June 2017', '2017', 'undated')
    """
    year, _, month = when.partition("-")
    return f"{_MONTHS[int(month) - 1]} {year}" if month else when


def chat_address(look: Look) -> str:
    """The chat's address, narrowed to the same articles; the words of the search stay here.

    >>> chat_address(Look("road", outlet="Northern Wire", when="2016-02"))
    './?outlet=Northern+Wire&since=2016-02-01&until=2016-02-29'
    """
    values = {"outlet": look.outlet, "region": look.region, "tag": look.tag}
    if look.when and look.when != UNDATED:
        values |= dict(zip(("since", "until"), _days(look.when), strict=True))
    query = urlencode({n: value for n, value in values.items() if value}, errors="replace")
    return f"./?{query}" if query else "./"


def _days(when: str) -> tuple[str, str]:
    from calendar import monthrange

    year, _, month = when.partition("-")
    first, last = (month, month) if month else ("01", "12")
    return f"{year}-{first}-01", f"{year}-{last}-{monthrange(int(year), int(last))[1]:02}"

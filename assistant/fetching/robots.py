"""What a site's robots.txt (RFC 9309) allows, asked once a run."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from protego import Protego

from assistant.errors import FetchError


class Robots:
    """The rules of the sites that were asked. `read` gives a robots.txt; "" where there is none."""

    def __init__(self, read: Callable[[httpx.URL], str], product: str) -> None:
        self._read = read
        self._product = product
        self._rules: dict[httpx.URL, Protego | FetchError] = {}

    def delay(self, url: httpx.URL) -> float:
        """The seconds that the site wants between two requests; 0 where it does not say.

        Raises:
            FetchError: the page may not be fetched, or that cannot be told.
        """
        rules = self._of(url)
        if not rules.can_fetch(str(url), self._product):
            raise FetchError("is disallowed by the site's robots.txt")
        rate = rules.request_rate(self._product)
        paced = rate.seconds / rate.requests if rate and rate.requests else 0.0
        return max(rules.crawl_delay(self._product) or 0.0, paced)

    def _of(self, url: httpx.URL) -> Protego:
        place = url.copy_with(raw_path=b"/robots.txt")
        if place not in self._rules:
            try:
                self._rules[place] = Protego.parse(self._read(place))
            except FetchError as error:
                self._rules[place] = FetchError(f"has no robots.txt to go by: it {error}")
        rules = self._rules[place]
        if isinstance(rules, FetchError):
            raise rules
        return rules

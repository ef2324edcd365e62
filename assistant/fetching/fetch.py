"""Addresses in, files and a report out."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from assistant.errors import FetchError
from assistant.fetching.addresses import parse, shown
from assistant.fetching.feeds import FEED_KINDS, links_of
from assistant.fetching.shelf import PAGE_KINDS, Change, Shelf
from assistant.fetching.visit import Manners, Visitor
from assistant.fetching.wire import Resolver, system_resolver

OnFetched = Callable[[int, int, str], None]
"""How many addresses are done, how many there are, and the last of them."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A page that is kept, and its file."""

    address: str
    path: Path


@dataclass(frozen=True, slots=True)
class Refused:
    """An address that was not fetched, and why (one line that goes on from the address)."""

    address: str
    reason: str


@dataclass(frozen=True, slots=True)
class FetchReport:
    """What one run did; `stopped`: it was asked to end before it was through."""

    added: tuple[Fetched, ...] = ()
    updated: tuple[Fetched, ...] = ()
    unchanged: tuple[Fetched, ...] = ()
    refused: tuple[Refused, ...] = ()
    stopped: bool = False


class Fetcher:
    """Fetches pages into a folder, politely and from public machines only.

    `resolve`, `sleep` and `tls` are there for who has another resolver, clock or authority.
    """

    def __init__(
        self,
        manners: Manners,
        *,
        resolve: Resolver = system_resolver,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._visitor = Visitor(manners, resolve=resolve, sleep=sleep, tls=tls)

    def fetch(
        self,
        addresses: Sequence[str],
        into: Path,
        *,
        feeds: bool = False,
        on_progress: OnFetched | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> FetchReport:
        """Fetch pages, or with `feeds` what feeds link to; an address that fails is reported.

        Raises:
            OSError: the folder cannot be written to.
        """
        run = _Run(self._visitor, into, stop)
        wanted = list(dict.fromkeys(addresses))
        if feeds:
            found = [run.feed(address) for address in wanted if not run.stopped()]
            wanted = list(dict.fromkeys(link for links in found for link in links))
        for done, address in enumerate(wanted):
            if run.stopped():
                break
            run.page(address)
            if on_progress:
                on_progress(done + 1, len(wanted), shown(address))
        return run.report()


class _Run:
    """What one run has come to."""

    def __init__(self, visitor: Visitor, into: Path, stop: Callable[[], bool] | None) -> None:
        self._visitor = visitor
        self._pages = Shelf(into)
        self._feeds = Shelf(into / ".feeds")  # hidden: indexing passes it over
        self._stop = stop
        self._kept: dict[Change, list[Fetched]] = {"added": [], "updated": [], "unchanged": []}
        self._refused: list[Refused] = []
        self._seen: set[httpx.URL] = set()
        self._stopped = False

    def stopped(self) -> bool:
        self._stopped = self._stopped or bool(self._stop and self._stop())
        return self._stopped

    def feed(self, address: str) -> list[str]:
        """What a feed links to; nothing of one that is refused, which is noted."""
        try:
            url = parse(address)
            _, path = self._visit(url, self._feeds, FEED_KINDS)
            note = self._feeds.note(url)
            if note is None:
                raise FetchError("cannot be read again where it was kept")
            return links_of(path.read_bytes(), httpx.URL(note.final_url), note.content_type)
        except FetchError as error:
            self._refused.append(Refused(shown(address), str(error)))
            return []

    def page(self, address: str) -> None:
        """Keep a page, or note why it is refused."""
        try:
            if (url := parse(address)) in self._seen:
                return
            self._seen.add(url)
            change, path = self._visit(url, self._pages, PAGE_KINDS)
        except FetchError as error:
            self._refused.append(Refused(shown(address), str(error)))
        else:
            self._kept[change].append(Fetched(str(url), path))

    def _visit(self, url: httpx.URL, shelf: Shelf, kinds: Collection[str]) -> tuple[Change, Path]:
        note = shelf.note(url)
        page = self._visitor.page(url, kinds, lambda asked: shelf.validators(note, asked))
        return shelf.keep(url, page)

    def report(self) -> FetchReport:
        return FetchReport(
            added=tuple(self._kept["added"]),
            updated=tuple(self._kept["updated"]),
            unchanged=tuple(self._kept["unchanged"]),
            refused=tuple(self._refused),
            stopped=self._stopped,
        )

"""One page from its address: robots.txt, turns, redirects, patience with a busy server."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from assistant.errors import FetchError
from assistant.fetching.addresses import Network, parse, shown
from assistant.fetching.robots import Robots
from assistant.fetching.wire import Reply, Resolver, Wire, system_resolver

MOST_REDIRECTS = 5
MOST_SECONDS = 60.0
"""That a server may have us wait, by its robots.txt or by Retry-After."""
_TRIES = 3  # of a page whose server is busy
_ROBOTS_BYTES = 500_000  # RFC 9309: at least 500 KiB are to be read
_REDIRECTS = (301, 302, 303, 307, 308)
_BUSY = (429, 503)


@dataclass(frozen=True, slots=True)
class Manners:
    """How pages are asked for.

    `agent` is sent as User-Agent, its part before "/" is what robots.txt is asked about. `delay`:
    seconds between two requests to a host. `seconds`: the time that one page has, redirects
    included and waits left out. `most_bytes`: of a page, packed and unpacked. `allowed`: networks
    that may be asked although they are not public.
    """

    agent: str
    delay: float = 1.0
    seconds: float = 30.0
    most_bytes: int = 20_000_000
    allowed: Sequence[Network] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """A page that came, and from where in the end; `body` is None where it is unchanged."""

    url: httpx.URL
    kind: str
    headers: httpx.Headers
    body: bytes | None


class _BusyError(FetchError):
    """The server asks to come again later: 429 or 503."""

    def __init__(self, status: int, wait: float | None) -> None:
        super().__init__(f"answers {_named(status)}: try again later")
        self.wait = wait


class _Time:
    """The seconds that a page has left; what is waited for manners' sake does not count."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def __enter__(self) -> float:
        self._began = time.monotonic()
        return self.left

    def __exit__(self, *_: object) -> None:
        self.left -= time.monotonic() - self._began


class Visitor:
    """Asks for pages, one at a time; keeps what sites allow and when they were asked last."""

    def __init__(
        self,
        manners: Manners,
        *,
        resolve: Resolver = system_resolver,
        sleep: Callable[[float], None] = time.sleep,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._manners = manners
        self._sleep = sleep
        self._wire = Wire(manners.allowed, resolve, tls)
        self._robots = Robots(self._read_robots, manners.agent.partition("/")[0])
        self._asked: dict[str, float] = {}

    def page(
        self,
        url: httpx.URL,
        kinds: Collection[str],
        validators: Callable[[httpx.URL], Mapping[str, str]] = lambda url: {},
    ) -> Page:
        """The page at an address, of one of the content types `kinds`.

        `validators` gives the headers that ask for an address's page only if it has changed.

        Raises:
            FetchError: it may not be fetched, or was not to be had.
        """

        def admit(headers: httpx.Headers) -> None:
            if (kind := kind_of(headers)) not in kinds:
                raise FetchError(_unwanted(kind))

        def ask(url: httpx.URL, left: _Time) -> Reply:
            delay = max(self._manners.delay, self._robots.delay(url))
            return self._patiently(url, validators(url), left, delay, admit)

        url, reply = self._follow(url, ask)
        if reply.status == HTTPStatus.NOT_MODIFIED and validators(url):
            return Page(url, "", reply.headers, None)
        if reply.status != HTTPStatus.OK:
            raise FetchError(f"answers {_named(reply.status)}")
        return Page(url, kind_of(reply.headers), reply.headers, reply.body)

    def _read_robots(self, place: httpx.URL) -> str:
        """A robots.txt; "" where the site says that it has none."""

        def ask(url: httpx.URL, left: _Time) -> Reply:
            return self._patiently(url, {}, left, None, lambda _: None, most=_ROBOTS_BYTES)

        _, reply = self._follow(place, ask)
        if reply.status == HTTPStatus.OK:
            return reply.body.decode("utf-8", errors="replace")
        if 400 <= reply.status < 500:  # RFC 9309: as if it allowed all
            return ""
        raise FetchError(f"answers {_named(reply.status)}")

    def _follow(
        self, url: httpx.URL, ask: Callable[[httpx.URL, _Time], Reply]
    ) -> tuple[httpx.URL, Reply]:
        """Ask, and go where redirects lead; each address is checked as if it had been given."""
        left = _Time(self._manners.seconds)
        seen = [url]
        while True:
            reply = ask(url, left)
            target = reply.headers.get("location")
            if reply.status not in _REDIRECTS or not target:
                return url, reply
            url = _redirected(url, target)
            if url in seen:
                raise FetchError("redirects in a circle")
            if len(seen) > MOST_REDIRECTS:
                raise FetchError(f"redirects more than {MOST_REDIRECTS} times")
            seen.append(url)

    def _patiently(
        self,
        url: httpx.URL,
        more: Mapping[str, str],
        left: _Time,
        delay: float | None,
        admit: Callable[[httpx.Headers], None],
        most: int | None = None,
    ) -> Reply:
        """One request, tried again some times where the server says that it is busy.

        `delay` None: it takes no turn at its host, as for robots.txt.
        """
        headers = {"User-Agent": self._manners.agent, "Accept-Encoding": "gzip", **more}

        def once() -> Reply:
            if delay is not None:
                self._wait_turn(url.host, delay)
            try:
                with left as seconds:
                    reply = self._wire.get(
                        url,
                        headers,
                        seconds=seconds,
                        most=most or self._manners.most_bytes,
                        admit=admit,
                    )
            finally:
                if delay is not None:
                    self._asked[url.host] = time.monotonic()
            if reply.status in _BUSY:
                raise _BusyError(reply.status, _retry_after(reply.headers))
            return reply

        return Retrying(
            retry=retry_if_exception(_is_worth_waiting),
            wait=_wait_of,
            stop=stop_after_attempt(_TRIES),
            sleep=self._sleep,
            reraise=True,
        )(once)

    def _wait_turn(self, host: str, delay: float) -> None:
        """Let `delay` seconds pass between two requests to a host.

        Raises:
            FetchError: that would be too long.
        """
        if host not in self._asked:
            return
        if delay > MOST_SECONDS:
            raise FetchError(
                f"would have to wait: the site wants {delay:,.0f} s between two pages, "
                f"more than the {MOST_SECONDS:.0f} s that are waited"
            )
        wait = self._asked[host] + delay - time.monotonic()
        if wait > 0:
            self._sleep(wait)


def kind_of(headers: httpx.Headers) -> str:
    """The content type without its parameters; "" where none is given."""
    return str(headers.get("content-type", "")).partition(";")[0].strip().lower()


def _unwanted(kind: str) -> str:
    if not kind:
        return "does not say what kind of content it is"
    if kind.endswith(("+xml", "/xml")):
        return f"is {shown(kind)[:80]}, no article: fetch it with --feed if it is a feed"
    return f"is {shown(kind)[:80]}, which is not fetched here"


def _redirected(url: httpx.URL, target: str) -> httpx.URL:
    """Where a redirect leads.

    Raises:
        FetchError: to nothing that may be fetched.
    """
    try:
        joined = str(url.join(target))
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError("redirects to what is not an address") from error
    try:
        return parse(joined)
    except FetchError as error:
        raise FetchError(f"redirects to {shown(joined)}, which {error}") from error


def _is_worth_waiting(error: BaseException) -> bool:
    return isinstance(error, _BusyError) and (error.wait or 0.0) <= MOST_SECONDS


def _wait_of(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, _BusyError) and error.wait is not None:
        return error.wait
    return float(2**state.attempt_number)


def _retry_after(headers: httpx.Headers) -> float | None:
    """The seconds that a server wants to be left alone, of either form of its header."""
    said = str(headers.get("retry-after", "")).strip()
    if said.isdecimal():
        return float(said)
    try:
        when = parsedate_to_datetime(said).astimezone(UTC)
    except (ValueError, IndexError, TypeError, OverflowError):  # it raises each for some text
        return None
    return max(0.0, (when - datetime.now(UTC)).total_seconds())


def _named(status: int) -> str:
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)

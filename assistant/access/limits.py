"""How much one user may ask: a rate, requests open at once, and the size of a body."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from time import time
from typing import Any

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from assistant.errors import UsageError


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not served: an HTTP status, one line, and seconds to wait where any."""

    status: int
    message: str
    retry_after: int | None = None


def error_body(refused: Refusal) -> dict[str, Any]:
    """What a refusal looks like in JSON: in the form that OpenAI's clients read."""
    kinds = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}
    other = "server_error" if refused.status >= 500 else "invalid_request_error"
    codes = {401: "invalid_api_key", 429: "rate_limit_exceeded"}
    return {
        "error": {
            "message": refused.message,
            "type": kinds.get(refused.status, other),
            "param": None,
            "code": codes.get(refused.status),  # words or nothing: typed clients expect that
        }
    }


class Rates:
    """Counts what each user, or each address, did lately. In memory; one process alone."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def wait(self, rate: RateLimitItem, *keys: str) -> int:
        """Charge a rate; 0 where it had room, else the seconds until it has (nothing charged)."""
        if self._limiter.hit(rate, *keys):
            return 0
        return max(1, ceil(self._limiter.get_window_stats(rate, *keys).reset_time - time()))

    def forget(self, rate: RateLimitItem, *keys: str) -> None:
        """Charge a rate with nothing any more."""
        self._limiter.clear(rate, *keys)


def rate_of(text: str) -> RateLimitItem:
    """A rate, such as `2/second`, `60/minute` or `100 per 2 hours`.

    Raises:
        UsageError: it is none.
    """
    try:
        return parse(text)
    except ValueError as error:
        raise UsageError(
            f"setting DATELINE_RATE: {text!r} is no rate; give such as 2/second or 60/minute"
        ) from error


class OpenRequests:
    """Counts the requests that each user has open."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def is_full(self, user: str) -> bool:
        """Whether a user has as many open as may be."""
        return self._open[user] >= self._most

    @contextmanager
    def one_more(self, user: str) -> Iterator[None]:
        """Count one, until it ends."""
        self._open[user] += 1
        try:
            yield
        finally:
            self._open[user] -= 1
            if not self._open[user]:
                del self._open[user]

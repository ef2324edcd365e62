"""Every request and what came of it, in the log and as a step; in front of everything else."""

from __future__ import annotations

import logging
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.access.rules import Rule, rule_of
from assistant.observing import about_request, step

log = logging.getLogger(__name__)

REQUEST_ID = "X-Request-ID"
_UNKNOWN = "unknown"
_EVENTS = "/gradio_api/"
"""Where the page's events come in: dozens while one reads, each of them a click."""
_LEFT = 499
"""What nginx calls a request whose sender hung up before there was a reply."""


class Logged:
    """Logs a request when it has ended, by its row in the table: an address could hold anything.

    The page's files, streams and events, where they succeed, are for debugging only: an answer of
    the chat has its own line. Plain ASGI, so that streams pass through as they come.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with an id, and log it when it is done."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        rule = rule_of(scope["method"], scope["path"])
        status, began = _LEFT, perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)[REQUEST_ID] = named
            await send(message)

        route = rule.path if rule else _UNKNOWN
        with about_request() as named, step("request", route=route) as values:
            try:
                await self._app(scope, receive, noted)
            finally:
                values["status"] = status
                ms = round(1000 * (perf_counter() - began), 1)
                came = {"route": route, "method": scope["method"], "status": status, "ms": ms}
                log.log(_level(rule, status), "request", extra=came)


def _level(rule: Rule | None, status: int) -> int:
    if status >= 500:
        return logging.WARNING
    of_page = rule is not None and (rule.free or rule.path.startswith(_EVENTS))
    return logging.DEBUG if of_page and status < 400 else logging.INFO

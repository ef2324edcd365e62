"""Which route needs what: the one table. What has no row is refused, whoever asks.

A path in the table is exact; `{}` stands for one part of a path, and a `*` at its end for
whatever follows. The first row that fits is the one that holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum

from assistant.access.callers import Scope


class Open(Enum):
    """Needs that are no scope."""

    ANYBODY = "anybody"
    NOBODY = "nobody"


Need = Scope | Open
ANYBODY, NOBODY = Open.ANYBODY, Open.NOBODY
ASK, MANAGE = Scope.ASK, Scope.MANAGE

READING = frozenset({"GET", "HEAD"})
"""Methods that change nothing and start no answer."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One row. `free`: the user's rate is not charged, nor, but for a `stream`, the open requests.

    `idle`: a stream that carries no answer, so that a server that stops does not wait for it.
    """

    methods: str
    path: str
    need: Need
    free: bool = False
    stream: bool = False
    idle: bool = False
    _regex: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        parts = re.split(r"(\{\}|\*$)", self.path)
        kinds = {"{}": "[^/]+", "*": ".*"}
        regex = "".join(kinds.get(part, re.escape(part)) for part in parts)
        object.__setattr__(self, "_regex", re.compile(regex, re.DOTALL))

    @property
    def stays_open(self) -> bool:
        """Whether it counts among the requests that a user has open."""
        return self.stream or not self.free

    def fits(self, method: str, path: str) -> bool:
        """Whether a request is one of this row's."""
        method = "GET" if method == "HEAD" else method
        return method in self.methods.split() and bool(self._regex.fullmatch(path))


EVERY = "GET POST PUT PATCH DELETE"

RULES = (
    # Logging in, and what a machine's keeper asks.
    Rule("GET POST", "/login", ANYBODY, free=True),
    Rule("POST", "/logout", ANYBODY, free=True),
    Rule("GET", "/favicon.ico", ANYBODY, free=True),
    Rule("GET", "/robots.txt", ANYBODY, free=True),
    Rule("GET", "/healthz", ANYBODY, free=True),
    Rule("GET", "/readyz", ANYBODY, free=True),
    Rule("GET", "/metrics", MANAGE, free=True),
    # The API.
    Rule("POST", "/v1/chat/completions", ASK),
    Rule("GET", "/v1/models", ASK),
    Rule("GET", "/v1/models/{}", ASK),
    Rule("POST", "/api/ask", ASK),
    Rule("POST", "/api/search", ASK),
    Rule("GET", "/api/articles", ASK),
    Rule("GET", "/api/articles/*", ASK),  # the id of an article may have slashes
    Rule("POST PUT PATCH DELETE", "/api/articles", MANAGE),
    Rule("POST PUT PATCH DELETE", "/api/articles/*", MANAGE),
    Rule("GET", "/openapi.json", ASK),
    Rule("GET", "/api/openapi.json", ASK),
    # MCP over HTTP. Its GET waits for what the server may have to say, for as long as it is open.
    Rule("GET", "/mcp", ASK, idle=True),
    Rule("POST DELETE", "/mcp", ASK),
    Rule("GET", "/mcp/", ASK, idle=True),
    Rule("POST DELETE", "/mcp/", ASK),
    # The chat: its page, the files of the page, and gradio's own way of calling handlers.
    # Handlers that change the library ask for the scope themselves (`caller_of(request).may`).
    Rule("GET", "/", ASK, free=True),
    Rule("GET", "/chats/{}", ASK),  # each its owner's alone
    Rule("GET", "/library", ASK, free=True),
    Rule("GET", "/evaluation", ASK, free=True),
    # Questions, gold answers and what was answered: its page shows them to nobody else either.
    Rule("GET", "/evaluation/report/{}", MANAGE, free=True),
    Rule("GET", "/evaluation/compared", MANAGE),  # worked out anew: it takes seconds
    Rule("GET", "/questions", ASK, free=True),
    Rule("GET", "/questions/accepted.jsonl", MANAGE, free=True),  # it has gold answers
    Rule("GET", "/config", ASK, free=True),
    Rule("GET", "/theme.css", ASK, free=True),
    Rule("GET", "/manifest.json", ASK, free=True),
    Rule("GET", "/static/*", ASK, free=True),
    Rule("GET", "/assets/*", ASK, free=True),
    Rule("GET", "/svelte/*", ASK, free=True),
    Rule("GET", "/gradio_api/theme.css", ASK, free=True),
    Rule("GET", "/gradio_api/info", ASK, free=True),
    Rule("GET", "/gradio_api/app_id", ASK, free=True),
    Rule("GET", "/gradio_api/startup-events", ASK, free=True),
    Rule("GET", "/gradio_api/heartbeat/{}", ASK, free=True, stream=True, idle=True),
    Rule("GET", "/gradio_api/queue/data", ASK, free=True, stream=True),
    Rule("POST", "/gradio_api/queue/join", ASK),
    Rule("POST", "/gradio_api/cancel", ASK, free=True),
    Rule("POST", "/gradio_api/reset", ASK, free=True),
    # Gradio would fetch such an address itself, for whoever asks.
    Rule("GET", "/gradio_api/file=http:*", NOBODY),
    Rule("GET", "/gradio_api/file=https:*", NOBODY),
    Rule("GET", "/gradio_api/file=*", ASK, free=True),  # only what the page itself hands out
    Rule("POST", "/gradio_api/upload", MANAGE),
    Rule("GET", "/gradio_api/upload_progress", MANAGE, free=True),
    # The rest of gradio: its other ways in, its proxy, its monitoring, its own login.
    Rule(EVERY, "/gradio_api/*", NOBODY),
    Rule(EVERY, "/monitoring*", NOBODY),
    Rule(EVERY, "/pwa_icon*", NOBODY),
    Rule(EVERY, "/config/", NOBODY),
    Rule(EVERY, "/login/", NOBODY),
    Rule(EVERY, "/library/", NOBODY),
    Rule(EVERY, "/evaluation/", NOBODY),
    Rule(EVERY, "/questions/", NOBODY),
    Rule(EVERY, "/logout", NOBODY),
    Rule(EVERY, "/", NOBODY),
)


def rule_of(method: str, path: str) -> Rule | None:
    """The row that a request falls under.

    >>> rule_of("POST", "/api/ask").need
    <Scope.ASK: 'ask'>
    >>> rule_of("POST", "/api/else") is None
    True
    """
    return next((rule for rule in RULES if rule.fits(method, path)), None)


def methods_of(path: str) -> list[str]:
    """The methods that somebody may use on a path, in order.

    >>> methods_of("/api/articles/1")
    ['DELETE', 'GET', 'PATCH', 'POST', 'PUT']
    """
    rules = ((method, rule_of(method, path)) for method in EVERY.split())
    return sorted(method for method, rule in rules if rule and rule.need is not NOBODY)

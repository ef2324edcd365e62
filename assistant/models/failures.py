"""What went wrong with the endpoint, in one line that says what to do and holds no key."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openai import APIError, APIStatusError

# What is sent where there is no key: one's own endpoint wants none, but the client insists on one.
NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class Names:
    """What a failure's line calls the settings of an endpoint, and what it should have sent."""

    url: str = "OPENAI_BASE_URL"
    address: str = "OPENAI_BASE_URL (most end in /v1)"
    key: str = "OPENAI_API_KEY"
    model: str = "DATELINE_OPENAI_MODEL"
    models: str = "DATELINE_OPENAI_MODEL, DATELINE_EMBEDDER_MODEL"
    timeout: str = "DATELINE_OPENAI_TIMEOUT"
    wanted: str = "chat completion and no embedding"


RERANKING = Names(
    url="DATELINE_RERANK_URL",
    address="DATELINE_RERANK_URL (/rerank is added to it)",
    key="DATELINE_RERANK_API_KEY",
    model="DATELINE_RERANK_MODEL",
    models="DATELINE_RERANK_MODEL",
    timeout="DATELINE_RERANK_TIMEOUT",
    wanted="ranking",
)

CUT = "the endpoint {where} broke off its reply: ask again"
EMPTY = "model {asked} at {where} sent an empty reply: ask again, or choose another {model}"
WITHHELD = "the endpoint {where} withheld the reply (content filter): choose another {model}"
UNREADABLE = "the endpoint {where} sent something that is no {wanted}: check {address}"
_UNREACHABLE = "cannot reach the endpoint {where}: start it, or check {url} and the network"
_SLOW = "the endpoint {where} was not done within {seconds:g} s: ask again, or raise {timeout}"
_TOO_LONG = (
    "question and evidence are too long for model {asked}: lower DATELINE_PASSAGES, or choose a "
    "model that reads more"
)
_BY_STATUS = {
    401: "the endpoint {where} did not accept the key (401): check {key}",
    403: "the endpoint {where} does not let this key use model {asked} (403): choose another "
    "{model}, or ask whoever runs it",
    404: "the endpoint {where} knows no model {asked} for this (404): check the model's setting "
    "({models}) and {address}",
    413: _TOO_LONG,
    429: "the endpoint {where} takes no more questions now (429): wait, then ask again",
}
_KEY_WANTED = "the endpoint {where} wants a key (401): set {key}"
_NO_QUOTA = "the account at {where} has no quota left (429): check its plan and billing"
_OWN_FAULT = "the endpoint {where} failed (%d): ask again later"
_REFUSED = "the endpoint {where} refused the request (%d): %s"
_BROKE = "the endpoint {where} broke off its reply with an error: %s"

_OVERFLOW = re.compile(
    r"context_length_exceeded|exceed_context_size|maximum context length"
    r"|context (?:length|size|window)|prompt is too long",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"\b(?:Bearer|Basic)\s+\S+|\b(?:sk|key)-[\w*.-]{6,}", re.IGNORECASE)
_MAX_WORDS_OF_SERVER = 160


def line(message: str, model: object) -> str:
    """Fill in where the endpoint is, which model was asked for and how long it was waited for.

    `model` is what asked: it has `api_base` (a `bare_address`), `model`, `timeout` and, unless they
    are those of the openai client, `names` (`Names`).
    """
    names = getattr(model, "names", None)
    return message.format(
        where=getattr(model, "api_base", ""),
        asked=_plain(str(getattr(model, "model", "")))[:80],
        seconds=getattr(model, "timeout", 0.0),
        **asdict(names if isinstance(names, Names) else Names()),
    )


def failure_line(error: Exception, model: object) -> str:
    """Say in one line what failed and what to do; never with the key in it."""
    import httpx
    from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

    if isinstance(error, APITimeoutError | httpx.TimeoutException):
        return line(_SLOW, model)
    if isinstance(error, APIConnectionError):
        return line(_UNREACHABLE, model)
    if isinstance(error, APIStatusError):
        return _status_line(error, model)
    if isinstance(error, APIError):
        return _with_words(_BROKE, error, model)
    if isinstance(error, httpx.HTTPError):
        return line(CUT, model)
    return line(UNREADABLE, model)


def _status_line(error: APIStatusError, model: object) -> str:
    status = error.status_code
    words = f"{error.code} {error.type} {error.message}"
    if status in (400, 422, 500) and _OVERFLOW.search(words):
        return line(_TOO_LONG, model)
    if status == 429 and "insufficient_quota" in words:
        return line(_NO_QUOTA, model)
    if status == 401 and _key_of(error) == NO_KEY:
        return line(_KEY_WANTED, model)
    if status in _BY_STATUS:
        return line(_BY_STATUS[status], model)
    if status >= 500:
        return line(_OWN_FAULT % status, model)
    return _with_words(_REFUSED.replace("%d", str(status)), error, model)


def _with_words(message: str, error: APIError, model: object) -> str:
    """Put the server's own words behind a message, made harmless: it can echo what was sent."""
    body = error.body
    said = body.get("message") or body.get("detail") if isinstance(body, dict) else body
    text = str(said or "no reason given")
    if (key := _key_of(error)) not in ("", NO_KEY):
        text = text.replace(key, "[key]").replace(key[:12], "[key]")
    text = _plain(_TOKEN.sub("[key]", text))
    if len(text) > _MAX_WORDS_OF_SERVER:
        text = text[:_MAX_WORDS_OF_SERVER].rstrip() + "…"
    head, _, tail = message.partition("%s")
    return line(head, model) + text + tail


def _key_of(error: APIError) -> str:
    return str(error.request.headers.get("Authorization", "")).partition(" ")[2]


def _plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())

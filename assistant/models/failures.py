"""What went wrong with the endpoint, in one line that says what to do and holds no key."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.llms import LLM
    from openai import APIError, APIStatusError

# What is sent where there is no key: one's own endpoint wants none, but the client insists on one.
NO_KEY = "none"

_ADDRESS = "check OPENAI_BASE_URL (most end in /v1)"
_MODEL = "another DATELINE_OPENAI_MODEL"

CUT = "the endpoint {where} broke off its reply: ask again"
EMPTY = f"model {{model}} at {{where}} sent an empty reply: ask again, or choose {_MODEL}"
WITHHELD = f"the endpoint {{where}} withheld the reply (content filter): choose {_MODEL}"
_UNREADABLE = (
    f"the endpoint {{where}} sent something that is no chat completion and no embedding: {_ADDRESS}"
)
_UNREACHABLE = (
    "cannot reach the endpoint {where}: start it, or check OPENAI_BASE_URL and the network"
)
_SLOW = (
    "the endpoint {where} was not done within {seconds:g} s: ask again, or raise "
    "DATELINE_OPENAI_TIMEOUT"
)
_TOO_LONG = (
    "question and evidence are too long for model {model}: lower DATELINE_PASSAGES, or choose a "
    "model that reads more"
)
_BY_STATUS = {
    401: "the endpoint {where} did not accept the key (401): check OPENAI_API_KEY",
    403: "the endpoint {where} does not let this key use model {model} (403): choose "
    f"{_MODEL}, or ask whoever runs it",
    404: "the endpoint {where} knows no model {model} for this (404): check the model's setting "
    "(DATELINE_OPENAI_MODEL, DATELINE_EMBEDDER_MODEL) and OPENAI_BASE_URL (most end in /v1)",
    413: _TOO_LONG,
    429: "the endpoint {where} takes no more questions now (429): wait, then ask again",
}
_KEY_WANTED = "the endpoint {where} wants a key (401): set OPENAI_API_KEY"
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


def line(message: str, llm: LLM | BaseEmbedding) -> str:
    """Fill in where the endpoint is, which model was asked for and how long it was waited for."""
    return message.format(
        where=where_of(str(getattr(llm, "api_base", ""))),
        model=_plain(str(getattr(llm, "model", "")))[:80],
        seconds=getattr(llm, "timeout", 0.0),
    )


def failure_line(error: Exception, llm: LLM | BaseEmbedding) -> str:
    """Say in one line what failed and what to do; never with the key in it."""
    import httpx
    from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

    if isinstance(error, APITimeoutError | httpx.TimeoutException):
        return line(_SLOW, llm)
    if isinstance(error, APIConnectionError):
        return line(_UNREACHABLE, llm)
    if isinstance(error, APIStatusError):
        return _status_line(error, llm)
    if isinstance(error, APIError):
        return _with_words(_BROKE, error, llm)
    if isinstance(error, httpx.HTTPError):
        return line(CUT, llm)
    return line(_UNREADABLE, llm)


def _status_line(error: APIStatusError, llm: LLM | BaseEmbedding) -> str:
    status = error.status_code
    words = f"{error.code} {error.type} {error.message}"
    if status in (400, 422, 500) and _OVERFLOW.search(words):
        return line(_TOO_LONG, llm)
    if status == 429 and "insufficient_quota" in words:
        return line(_NO_QUOTA, llm)
    if status == 401 and _key_of(error) == NO_KEY:
        return line(_KEY_WANTED, llm)
    if status in _BY_STATUS:
        return line(_BY_STATUS[status], llm)
    if status >= 500:
        return line(_OWN_FAULT % status, llm)
    return _with_words(_REFUSED.replace("%d", str(status)), error, llm)


def _with_words(message: str, error: APIError, llm: LLM | BaseEmbedding) -> str:
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
    return line(head, llm) + text + tail


def _key_of(error: APIError) -> str:
    return str(error.request.headers.get("Authorization", "")).partition(" ")[2]


def _plain(text: str) -> str:
    """One line without control characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def where_of(url: str) -> str:
    """The address without a user, password or query that may stand in it."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"

"""The language model behind an OpenAI-compatible endpoint, and its reply as it streams in.

Every failure on the way comes out as one `EndpointError`; see `failures.py` for what each says.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from assistant.errors import EndpointError
from assistant.observing import step
from assistant.types import Tokens

if TYPE_CHECKING:
    import httpx
    from llama_index.core.base.llms.types import ChatResponse
    from llama_index.core.llms import LLM, ChatMessage
    from pydantic import SecretStr

    from assistant.models.failures import Names
    from assistant.settings import Settings

OPENAI_URL = "https://api.openai.com/v1"
# In the place of the key in LlamaIndex's objects: their fields stand in `repr`s and in the events
# that they report.
HELD = "held by the client"

# Parameters that some endpoints and models refuse, and that an answer can do without.
_DISPENSABLE = ("stream_options", "temperature")
# `OpenAILike` wants a window; nothing is cut to it: the endpoint says when a prompt is too long.
_CONTEXT_WINDOW = 128_000


@dataclass(frozen=True, slots=True)
class Chunk:
    """The next words of a reply; `tokens` where the endpoint counted them (in its last chunk)."""

    text: str
    tokens: Tokens | None = None


def load_llm(settings: Settings) -> LLM:
    """Build the language model that the settings name. Nothing is sent yet.

    The key goes to the openai client alone, not into the LlamaIndex object.

    Raises:
        EndpointError: no key for OpenAI itself, or an address or key that cannot be one.
    """
    from llama_index.llms.openai_like import OpenAILike
    from openai import AsyncOpenAI, OpenAI

    from assistant.models.deadline import PunctualClient

    connection = connection_of(settings)
    try:
        return OpenAILike(
            model=settings.openai_model,
            api_base=connection["base_url"],
            api_key=HELD,
            openai_client=OpenAI(**connection, http_client=PunctualClient(settings.openai_timeout)),
            async_openai_client=AsyncOpenAI(**connection),
            temperature=0.0,
            timeout=settings.openai_timeout,
            max_retries=0,  # LlamaIndex would retry around the client's own retries
            is_chat_model=True,
            context_window=_CONTEXT_WINDOW,
        )
    except ValueError as error:  # a model that has no chat completions
        raise EndpointError(
            f"model {settings.openai_model} cannot chat: choose another DATELINE_OPENAI_MODEL"
        ) from error


def stream_reply(llm: LLM, messages: Sequence[ChatMessage]) -> Generator[Chunk, None, None]:
    """Yield the model's reply as it comes; closing the iterator ends the request.

    Raises:
        EndpointError: the endpoint could not be asked, broke off, or sent nothing usable. What
            was yielded before stays good.
    """
    from assistant.models.failures import CUT, EMPTY, WITHHELD, failure_line, line

    finish, empty = None, True
    with step("endpoint") as values, closing(_responses(llm, messages)) as responses:
        while True:
            try:
                response = next(responses, None)
            except endpoint_failures() as error:
                # `from None`: the client's own error can quote the key
                raise EndpointError(failure_line(error, llm)) from None
            if response is None:
                break
            chunk, reason = response
            finish = reason or finish
            if chunk.text or chunk.tokens:
                empty = empty and not chunk.text.strip()
                if chunk.tokens:
                    values.update(tokens_in=chunk.tokens.sent, tokens_out=chunk.tokens.received)
                yield chunk
        if finish is None:
            raise EndpointError(line(CUT, llm))
        if finish == "content_filter":
            raise EndpointError(line(WITHHELD, llm))
        if empty:
            raise EndpointError(line(EMPTY, llm))


def _responses(
    llm: LLM, messages: Sequence[ChatMessage]
) -> Generator[tuple[Chunk, str | None], None, None]:
    """Read the stream, and close its connection however the reading ends."""
    from assistant.models.deadline import opened_replies

    opened: list[httpx.Response] = []
    try:
        with opened_replies(opened):
            first, rest = _open(llm, messages)
        if first is not None:
            yield _chunk(first)
            yield from map(_chunk, rest)
    finally:
        for reply in opened:
            reply.close()


def _open(
    llm: LLM, messages: Sequence[ChatMessage]
) -> tuple[ChatResponse | None, Iterator[ChatResponse]]:
    """Ask for a stream, without the parameters that this endpoint turns out to refuse."""
    from openai import BadRequestError, UnprocessableEntityError, omit

    options: dict[str, Any] = {"stream_options": {"include_usage": True}}
    while True:
        stream = llm.stream_chat(messages, **options)
        try:
            return next(stream, None), stream
        except (BadRequestError, UnprocessableEntityError) as error:
            refused = [name for name in _DISPENSABLE if name in str(error.body)]
            if not refused or all(options.get(name) is omit for name in refused):
                raise
            options.update(dict.fromkeys(refused, omit))


def _chunk(response: ChatResponse) -> tuple[Chunk, str | None]:
    usage = response.additional_kwargs
    tokens = None
    if "prompt_tokens" in usage:
        tokens = Tokens(int(usage["prompt_tokens"] or 0), int(usage["completion_tokens"] or 0))
    choices = getattr(response.raw, "choices", None)
    finish = choices[0].finish_reason if choices else None
    return Chunk(str(response.delta or ""), tokens), finish


def endpoint_failures() -> tuple[type[Exception], ...]:
    """What the client, its transport and the reading of a malformed reply can raise."""
    from httpx import HTTPError
    from openai import OpenAIError

    malformed = (ValueError, TypeError, AttributeError, LookupError)
    return (OpenAIError, HTTPError, *malformed)


def connection_of(settings: Settings) -> dict[str, Any]:
    """What the openai client is built with to reach the endpoint of the settings.

    Raises:
        EndpointError: no key for OpenAI itself, or an address or key that cannot be one.
    """
    from assistant.models.deadline import limits_of

    base_url = base_url_of(settings)
    return {
        "api_key": key_of(settings, base_url),
        "base_url": base_url,
        "max_retries": settings.openai_retries,
        "timeout": limits_of(settings.openai_timeout),
    }


def base_url_of(settings: Settings) -> str:
    """The endpoint's address.

    Raises:
        EndpointError: it is no web address, or holds more than an address.
    """
    from assistant.models.failures import Names

    return bare_address((settings.openai_base_url or "").strip() or OPENAI_URL, Names())


def bare_address(url: str, names: Names) -> str:
    """An address as it was set, which holds nothing that may be secret: it is shown and logged.

    Raises:
        EndpointError: it is no web address, or holds a user, a password, a query or a fragment.
    """
    from httpx import URL, InvalidURL

    advice = f"{names.url} is not a web address: give one such as http://127.0.0.1:8000/v1"
    try:
        parts = URL(url)
    except InvalidURL:
        raise EndpointError(advice) from None  # that error can quote the address
    if parts.scheme not in ("http", "https") or not parts.host:
        raise EndpointError(advice)
    if parts.userinfo or "?" in url or "#" in url:
        # What follows "?" would swallow the path that is added, too.
        raise EndpointError(
            f"{names.url} holds a name, a password or a query: give the bare address, and the "
            f"key as {names.key}"
        )
    return url


def key_of(settings: Settings, base_url: str) -> str:
    """The key for the client, which insists on one even where the endpoint does not.

    Raises:
        EndpointError: there is none for OpenAI itself, or it cannot be one.
    """
    if not plain_key(settings.openai_api_key) and base_url == OPENAI_URL:
        raise EndpointError(
            "openai needs a key or an endpoint: set OPENAI_API_KEY, or OPENAI_BASE_URL "
            "for an endpoint of your own"
        )
    return usable_key(settings.openai_api_key, "OPENAI_API_KEY")


def plain_key(secret: SecretStr | None) -> str:
    """The key itself, without white space around it; empty where there is none."""
    return secret.get_secret_value().strip() if secret else ""


def usable_key(secret: SecretStr | None, setting: str) -> str:
    """A key as the client takes it; what stands for none where there is none.

    Raises:
        EndpointError: it holds characters that cannot be sent.
    """
    from assistant.models.failures import NO_KEY

    key = plain_key(secret)
    if not all("!" <= letter <= "~" for letter in key):
        raise EndpointError(f"{setting} holds characters that no key has: copy it again")
    return key or NO_KEY

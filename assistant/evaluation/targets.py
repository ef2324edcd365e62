"""Other systems as what is asked: a Dateline server, or a chat endpoint, behind HTTP."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, urlsplit

from assistant.errors import ArticleNotFoundError, EndpointError, UsageError
from assistant.evaluation.asking import ArticleText, Ask
from assistant.evaluation.texts import ABSTENTIONS, text_answer
from assistant.types import EvalCase

if TYPE_CHECKING:
    import httpx
    from tenacity import RetryCallState

TIMEOUT = 120.0
"""Seconds for one reply, from asking to its last byte."""

_TRIES = 3
_LONGEST_PAUSE = 30.0
_MOST_BYTES = 16_000_000
_BUSY = (429, 502, 503, 504)
_SAID = 160


@dataclass(frozen=True, slots=True)
class Target:
    """A system to ask. `made_by` says what is asked, and holds no secret; `article_text` looks up
    what its citations stand in, where that can be had. Safe for several threads. Close it, or use
    it as a context manager.
    """

    ask: Ask
    made_by: Mapping[str, Any]
    article_text: ArticleText | None = None
    close: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def http_target(
    url: str,
    *,
    model: str = "",
    token: str = "",
    timeout: float = TIMEOUT,
    filters: Mapping[str, str] | None = None,
    abstentions: tuple[str, ...] = ABSTENTIONS,
) -> Target:
    """A system behind HTTP: with a `model` a chat endpoint like OpenAI's, else a Dateline server.

    A Dateline server is asked at URL/api/ask, a chat endpoint at URL/chat/completions with the
    case's history and question, and nothing else. What is busy (429, 502, 503, 504) is asked three
    times; `timeout` seconds are for one try. The token is sent as `Authorization: Bearer`.

    Raises:
        UsageError: the address is not usable, or filters are given with a model.
    """
    host = _host(url)
    if model and filters:
        raise UsageError(
            f"{', '.join(filters)}: a chat endpoint takes no filters; leave them out with --model"
        )
    if not model and urlsplit(url).path.rstrip("/").endswith("/v1"):
        raise UsageError(f"{host}: a chat endpoint needs the name of its model; add --model NAME")
    line = _Line(url.rstrip("/"), host, token, timeout)
    told: dict[str, Any] = {"host": host, "timeout": timeout}
    if model:
        chat = _Chat(line, model, abstentions)
        told |= {"api": "chat completions", "model": model, "abstains with": "; ".join(abstentions)}
        return Target(chat.ask, told, close=line.close)
    dateline = _Dateline(line, dict(filters or {}))
    return Target(dateline.ask, {**told, "api": "dateline"}, dateline.article_text, line.close)


class _Dateline:
    """A Dateline server (docs/api.md)."""

    def __init__(self, line: _Line, filters: Mapping[str, str]) -> None:
        self._line, self._filters = line, filters

    def ask(self, case: EvalCase) -> Mapping[str, Any]:
        from assistant.evaluation.forms import answer_form

        history = [{"question": turn.question, "text": turn.answer} for turn in case.history]
        asked = {"question": case.question, "history": history, **self._filters}
        return answer_form(self._line.send("POST", "/api/ask", asked), self._line.host)

    def article_text(self, article_id: str, revision: str) -> str:
        path = f"/api/articles/{quote(article_id, safe='')}?revision={quote(revision, safe='')}"
        try:
            found = self._line.send("GET", path)
        except _Missing as error:
            raise ArticleNotFoundError(str(error)) from error
        text = found.get("text") if isinstance(found, dict) else None
        if not isinstance(text, str):
            raise ArticleNotFoundError(f"{self._line.host} sent no article {article_id[:80]!r}")
        return text


class _Chat:
    """A chat endpoint of OpenAI's form."""

    def __init__(self, line: _Line, model: str, abstentions: tuple[str, ...]) -> None:
        self._line, self._model, self._abstentions = line, model, abstentions

    def ask(self, case: EvalCase) -> Mapping[str, Any]:
        from assistant.evaluation.forms import (
            CitationForm,
            PassageForm,
            answer_form,
            completion_form,
            those_of,
        )

        messages = []
        for turn in case.history:
            messages += [
                {"role": "user", "content": turn.question},
                {"role": "assistant", "content": turn.answer},
            ]
        messages.append({"role": "user", "content": case.question})
        sent = self._line.send(
            "POST", "/chat/completions", {"model": self._model, "messages": messages}
        )
        reply = completion_form(sent, self._line.host)
        message, usage = reply.choices[0].message, reply.usage
        if message.dateline is not None:
            return answer_form(message.dateline, self._line.host)
        citations = those_of(CitationForm, message.citations)
        passages = [
            PassageForm(text=each) if isinstance(each, str) else each
            for each in _listed(message.passages)
        ]
        return text_answer(
            case.question,
            message.content or "",
            [each.model_dump() for each in those_of(PassageForm, passages)],
            citations=[each.model_dump(exclude_none=True) for each in citations],
            model=self._model,
            tokens={"in": usage.prompt_tokens, "out": usage.completion_tokens} if usage else None,
            abstentions=self._abstentions,
        )


def _listed(given: object) -> Sequence[object]:
    return given if isinstance(given, list) else []


class _Busy(EndpointError):
    """To be tried again in `pause` seconds."""

    def __init__(self, text: str, pause: float | None) -> None:
        super().__init__(text)
        self.pause = pause


class _Missing(EndpointError):
    """There is no such thing there."""


class _Line:
    """The line to a host: requests in, JSON out, each failure in one line without the token."""

    def __init__(self, base: str, host: str, token: str, timeout: float) -> None:
        import httpx

        self.base, self.host, self._token, self._timeout = base, host, token, timeout
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            self._client = httpx.Client(headers=headers, timeout=timeout)
        except UnicodeEncodeError as error:
            raise UsageError("the token has characters that no header can hold") from error

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def send(self, method: str, path: str, data: object = None) -> object:
        """What the host replies, as JSON; tried again where it is busy.

        Raises:
            EndpointError: it cannot be reached, takes too long, refuses, or replies no JSON.
        """
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        for attempt in Retrying(
            stop=stop_after_attempt(_TRIES),
            retry=retry_if_exception_type(_Busy),
            wait=_pause,
            reraise=True,
        ):
            with attempt:
                return self._once(method, path, data)
        raise AssertionError("tried at least once")

    def _once(self, method: str, path: str, data: object) -> object:
        import httpx

        ends = time.monotonic() + self._timeout
        try:
            with self._client.stream(method, self.base + path, json=data) as reply:
                body = bytearray()
                for part in reply.iter_bytes():
                    body += part
                    if time.monotonic() > ends:
                        raise httpx.ReadTimeout("it goes on")
                    if len(body) > _MOST_BYTES:
                        raise EndpointError(f"{self.host} sends more than {_MOST_BYTES:,} bytes")
        except httpx.TimeoutException as error:
            raise EndpointError(
                f"{self.host} did not reply within {self._timeout:g} s; give it more with --timeout"
            ) from error
        except httpx.HTTPError as error:
            raise EndpointError(
                f"{self.host} cannot be reached ({type(error).__name__}); check --url"
            ) from error
        return self._read(reply, bytes(body))

    def _read(self, reply: httpx.Response, body: bytes) -> object:
        try:
            data: object = json.loads(body)
        except (ValueError, RecursionError):
            data = None
        if reply.is_success and data is not None:
            return data
        if reply.is_success:
            raise EndpointError(f"{self.host} sent no JSON; check --url")
        told = f"{self.host} refused ({reply.status_code}){self._told(data)}"
        if reply.status_code in (401, 403):
            told += "; set DATELINE_TARGET_TOKEN"
        if reply.status_code in _BUSY:
            raise _Busy(told, _seconds(reply.headers.get("Retry-After", "")))
        raise (_Missing if reply.status_code == 404 else EndpointError)(told)

    def _told(self, data: object) -> str:
        """What an error in OpenAI's form says, in one line without the token."""
        error = data.get("error") if isinstance(data, dict) else None
        said = error.get("message") if isinstance(error, dict) else error
        if not isinstance(said, str):
            return ""
        if self._token:
            said = said.replace(self._token, "…")
        return f": {' '.join(said.split())[:_SAID]}"


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    wanted = error.pause if isinstance(error, _Busy) else None
    return min(1.0 if wanted is None else wanted, _LONGEST_PAUSE)


def _seconds(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() else None


def _host(url: str) -> str:
    """The host and port of an address.

    Raises:
        UsageError: it is no web address, or has more in it than may be told.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in ("http", "https"):
        raise UsageError("--url is no web address, such as http://127.0.0.1:8000")
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        raise UsageError("--url has a key in it; put it into DATELINE_TARGET_TOKEN")
    return f"{host}:{port}" if port else host

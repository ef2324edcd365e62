"""A real HTTP server on loopback that speaks the chat completions protocol from a script.

    with FakeEndpoint() as endpoint:
        endpoint.script(says(cite("retake the road")), fails(429, retry_after=0), cut("Half a"))
        ...                     # each request takes the next step; the last step is repeated
        endpoint.requests       # what was asked: path, headers, JSON body

Without a script it answers like a modest model: with the given sentence that shares most words
with the question, or, where it is given no sentences, with the question itself. What a step says
is a text, or a function of the request that returns a text or yields it in pieces.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

_GIVEN = re.compile(r"^\[(\w+\.\d+)\] (.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^(?:Last q|Q)uestion: (.+)\Z", re.MULTILINE)


@dataclass(frozen=True)
class Request:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """All messages, one after the other."""
        return "\n".join(message["content"] for message in self.body.get("messages", ()))

    @property
    def sentences(self) -> dict[str, str]:
        """The sentences that the prompt gives, by their ids."""
        return dict(_GIVEN.findall(self.prompt))

    @property
    def question(self) -> str:
        """The question at the end of the prompt."""
        found = _QUESTION.search(self.prompt.strip())
        return found[1] if found else ""

    def id_of(self, words: str) -> str:
        """The id of the one given sentence that holds these words."""
        (found,) = [id_ for id_, sentence in self.sentences.items() if words in sentence]
        return found


Words = str | Callable[[Request], str | Iterable[str]]
Step = Callable[["_Handler", Request], None]


def says(
    words: Words, *, delay: float = 0.0, finish: str | None = "stop", usage: bool = True
) -> Step:
    """Reply with words, `delay` seconds before each piece; `finish=None`: without ending it."""

    def step(handler: _Handler, request: Request) -> None:
        said = words(request) if callable(words) else words
        pieces = (
            [said[i : i + 7] for i in range(0, len(said), 7)] if isinstance(said, str) else said
        )
        if request.body.get("stream"):
            _stream(handler, request, pieces, delay=delay, finish=finish, usage=usage)
        else:
            choice = {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": "".join(pieces)},
            }
            handler.send_json(200, _envelope(request, "chat.completion", choice) | _usage())

    return step


def cut(words: Words) -> Step:
    """Begin a reply, then close the connection in the middle of it."""

    def step(handler: _Handler, request: Request) -> None:
        said = words(request) if callable(words) else words
        handler.open_stream()
        for piece in [said] if isinstance(said, str) else said:
            handler.send_event(_delta(request, piece))
        handler.wfile.write(b"ffff\r\ndata: {")  # a chunk that is announced and never comes
        handler.wfile.flush()
        handler.close_connection = True

    return step


def drips(seconds: float, pause: float = 0.05) -> Step:
    """Keep the connection alive with comments, and never say anything."""

    def step(handler: _Handler, request: Request) -> None:
        handler.open_stream()
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            handler.send_raw(b": working\n\n")
            time.sleep(pause)

    return step


def hangs(seconds: float) -> Step:
    """Say nothing at all, not even a status line."""

    def step(handler: _Handler, request: Request) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return step


def waits_for_end(
    begun: threading.Event, ended: threading.Event, words: Words | None = None
) -> Step:
    """Say nothing more, not even a status line without `words`, until the client hangs up."""

    def step(handler: _Handler, request: Request) -> None:
        if words is not None:
            handler.open_stream()
            said = words(request) if callable(words) else words
            handler.send_event(_delta(request, said if isinstance(said, str) else "".join(said)))
        begun.set()
        handler.connection.settimeout(60)
        try:
            hung_up = handler.connection.recv(1) == b""
        except ConnectionError:
            hung_up = True
        except TimeoutError:
            hung_up = False
        if hung_up:
            ended.set()
        handler.close_connection = True

    return step


def fails(
    status: int, message: str = "it failed", *, code: str = "", retry_after: float | None = None
) -> Step:
    """Reply with an HTTP error in OpenAI's form."""

    def step(handler: _Handler, request: Request) -> None:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        error = {"message": message, "type": "error", "param": None, "code": code or None}
        handler.send_json(status, {"error": error}, headers)

    return step


def echoes_headers(status: int) -> Step:
    """Fail like a careless proxy: with the request's headers, the key among them."""

    def step(handler: _Handler, request: Request) -> None:
        fails(status, f"bad request; headers were {request.headers}")(handler, request)

    return step


def sends(content: bytes, content_type: str = "text/event-stream") -> Step:
    """Reply with these bytes as they are."""

    def step(handler: _Handler, request: Request) -> None:
        handler.send_bytes(200, content, content_type)

    return step


def ranks(score: Callable[[str], float], *, bare: bool = False) -> Step:
    """Rank the documents of a `/rerank` request by a score; `bare`: in the other form in use."""

    def step(handler: _Handler, request: Request) -> None:
        given = request.body["texts" if bare else "documents"]
        name = "score" if bare else "relevance_score"
        rows = [{"index": i, name: score(text)} for i, text in enumerate(given)]
        rows.sort(key=lambda row: -row[name])
        handler.send_json(200, rows if bare else {"model": "ranker", "results": rows})

    return step


def cite(*needles: str) -> Callable[[Request], str]:
    """Repeat the given sentences that hold these words, each with its id behind it."""

    def words(request: Request) -> str:
        ids = [request.id_of(needle) for needle in needles]
        return "\n".join(f"{request.sentences[id_]} [{id_}]" for id_ in ids)

    return words


def closest(request: Request) -> str:
    """Repeat the given sentence that shares most words with the question."""
    asked = set(re.findall(r"\w{3,}", request.question.lower()))

    def shared(item: tuple[str, str]) -> int:
        return len(asked & set(re.findall(r"\w{3,}", item[1].lower())))

    if not request.sentences:
        return request.question or "Ready."
    id_, sentence = max(request.sentences.items(), key=shared)
    return f"{sentence} [{id_}]" if shared((id_, sentence)) else "NOT IN THE LIBRARY"


@dataclass
class FakeEndpoint:
    """The server; `url` is its base URL, to be given as OPENAI_BASE_URL."""

    model: str = "fake-model"
    requests: list[Request] = field(default_factory=list)
    _steps: list[Step] = field(default_factory=lambda: [says(closest)])
    _server: _Server | None = None

    @property
    def url(self) -> str:
        """The base URL, on 127.0.0.1."""
        assert self._server is not None, "start it first"
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def script(self, *steps: Step) -> None:
        """Take these steps, one a request; the last one for every request that follows."""
        self._steps = list(steps)

    def next_step(self) -> Step:
        """The step of the request at hand."""
        return self._steps.pop(0) if len(self._steps) > 1 else self._steps[0]

    def start(self) -> Self:
        """Listen on a free port of 127.0.0.1."""
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening; a reply under way is left to end by itself."""
        if self._server:
            self._server.shutdown()
            self._server.socket.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, endpoint: FakeEndpoint) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = endpoint

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that leave early: some tests do."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    _streaming = False

    @property
    def _endpoint(self) -> FakeEndpoint:
        assert isinstance(self.server, _Server)
        return self.server.endpoint

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests look at `requests`."""

    def do_GET(self) -> None:
        if self.path.endswith("/models"):
            listed = {"id": self._endpoint.model, "object": "model", "owned_by": "tests"}
            self.send_json(200, {"object": "list", "data": [listed]})
        else:
            self.send_json(404, {"error": {"message": "no such page"}})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        request = Request(self.path, dict(self.headers.items()), body)
        self._endpoint.requests.append(request)
        self._streaming = False
        try:
            self._endpoint.next_step()(self, request)
            if self._streaming and not self.close_connection:
                self.send_raw(b"")
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def send_json(self, status: int, value: object, headers: dict[str, str] | None = None) -> None:
        self.send_bytes(status, json.dumps(value).encode(), "application/json", headers)

    def send_bytes(
        self, status: int, content: bytes, kind: str, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def open_stream(self) -> None:
        self._streaming = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def send_raw(self, content: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))
        self.wfile.flush()

    def send_event(self, event: object) -> None:
        data = event if isinstance(event, str) else json.dumps(event)
        self.send_raw(f"data: {data}\n\n".encode())


def _stream(
    handler: _Handler,
    request: Request,
    pieces: Iterable[str],
    *,
    delay: float,
    finish: str | None,
    usage: bool,
) -> None:
    handler.open_stream()
    for piece in pieces:
        time.sleep(delay)
        handler.send_event(_delta(request, piece))
    if finish:
        last = {"index": 0, "delta": {}, "finish_reason": finish}
        handler.send_event(_envelope(request, "chat.completion.chunk", last))
        if usage and (request.body.get("stream_options") or {}).get("include_usage"):
            handler.send_event(_envelope(request, "chat.completion.chunk") | _usage())
        handler.send_event("[DONE]")


def _delta(request: Request, piece: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
    return _envelope(request, "chat.completion.chunk", choice)


def _envelope(request: Request, kind: str, *choices: dict[str, Any]) -> dict[str, Any]:
    model = request.body.get("model", "")
    return {"id": "chat-1", "object": kind, "created": 0, "model": model, "choices": [*choices]}


def _usage() -> dict[str, Any]:
    return {"usage": {"prompt_tokens": 321, "completion_tokens": 21, "total_tokens": 342}}

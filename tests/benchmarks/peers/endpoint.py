"""The loopback endpoint that every system asks: OpenAI's embeddings, and the scripted models.

    with Endpoint(embed, cache=FILE) as endpoint:
        endpoint.url            # base URL, on 127.0.0.1
        endpoint.replies        # when each chat reply began and had its first whole line

The embedder is Dateline's built-in one, all-MiniLM-L6-v2, so all systems have the same vectors.
With a cache, lists of texts that were embedded before are looked up; a single text (a question)
never is.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.peers import scripted

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True)
class Reply:
    """When a chat reply was asked for, began, and had sent its first whole line (monotonic)."""

    asked_at: float
    first_at: float
    sentence_at: float


@dataclass
class Endpoint:
    """The server.

    `pause` is what it waits before each word of a streamed reply, in seconds. `texts`, where it is
    a list, takes every text that was embedded.
    """

    embed: Embed
    cache: Path | None = None
    pause: float = 0.0
    replies: list[Reply] = field(default_factory=list)
    texts: list[str] | None = None
    _server: ThreadingHTTPServer | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        """The base URL."""
        assert self._server is not None, "start it first"
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """The vectors of texts; one request at a time, as one model serves them all."""
        with self._lock:
            if self.texts is not None:
                self.texts += texts
            if self.cache is None or len(texts) == 1:
                return self.embed(texts)
            return self._cached(self.cache, texts)

    def _cached(self, path: Path, texts: Sequence[str]) -> Vectors:
        keys = [hashlib.sha256(text.encode()).digest() for text in texts]
        with sqlite3.connect(path) as db:
            db.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB)")
            known: dict[bytes, bytes] = {}
            for key in keys:
                row = db.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
                if row:
                    known[key] = row[0]
            new = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
            if new:
                for key, vector in zip(new, self.embed(list(new.values())), strict=True):
                    known[key] = vector.tobytes()
                rows = [(key, known[key]) for key in new]
                db.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", rows)
        db.close()
        return np.stack([np.frombuffer(known[key], dtype=np.float32) for key in keys])


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = endpoint

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of clients that leave: a system is ended once it was measured."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each reply may wait 40 ms for an acknowledgement

    @property
    def _endpoint(self) -> Endpoint:
        assert isinstance(self.server, _Server)
        return self.server.endpoint

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        listed = [{"id": name, "object": "model"} for name in scripted.CHARACTERS]
        self._send({"object": "list", "data": listed})

    def do_POST(self) -> None:
        asked_at = time.monotonic()
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            if self.path.endswith("/embeddings"):
                self._send(_embeddings(self._endpoint, body))
            else:
                self._chat(body, asked_at)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _chat(self, body: dict[str, Any], asked_at: float) -> None:
        prompt = "\n".join(_text(message["content"]) for message in body["messages"])
        said = scripted.reply(body["model"], prompt)
        if not body.get("stream"):
            message = {"role": "assistant", "content": said}
            choice = {"index": 0, "finish_reason": "stop", "message": message}
            self._send(_envelope(body, "chat.completion", choice) | {"usage": _USAGE})
            return
        first_at = sentence_at = 0.0
        self._open_stream()
        for piece in _pieces(said):
            time.sleep(self._endpoint.pause)
            self._event(_delta(body, piece))
            first_at = first_at or time.monotonic()
            if not sentence_at and "\n" in piece:
                sentence_at = time.monotonic()
        self._endpoint.replies.append(Reply(asked_at, first_at, sentence_at or time.monotonic()))
        last = {"index": 0, "delta": {}, "finish_reason": "stop"}
        self._event(_envelope(body, "chat.completion.chunk", last))
        if (body.get("stream_options") or {}).get("include_usage"):
            self._event(_envelope(body, "chat.completion.chunk") | {"usage": _USAGE})
        self._event("[DONE]")
        self._chunk(b"")

    def _send(self, value: dict[str, Any]) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _open_stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def _event(self, event: object) -> None:
        said = event if isinstance(event, str) else json.dumps(event)
        self._chunk(f"data: {said}\n\n".encode())

    def _chunk(self, content: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(content), content))


_USAGE = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}


def _text(content: Any) -> str:
    """A message's content, which may come in parts."""
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content or ())


def _pieces(said: str) -> Iterator[str]:
    """A reply word by word, the line's end with its last word."""
    word = ""
    for character in said:
        word += character
        if character in " \n":
            yield word
            word = ""
    if word:
        yield word


def _embeddings(endpoint: Endpoint, body: dict[str, Any]) -> dict[str, Any]:
    given = body["input"]
    texts = [given] if isinstance(given, str) else list(given)
    packed = body.get("encoding_format") == "base64"
    rows = [
        {
            "object": "embedding",
            "index": i,
            "embedding": base64.b64encode(row.tobytes()).decode() if packed else row.tolist(),
        }
        for i, row in enumerate(endpoint.vectors(texts))
    ]
    return {"object": "list", "model": body.get("model", ""), "data": rows, "usage": _USAGE}


def _delta(body: dict[str, Any], piece: str) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
    return _envelope(body, "chat.completion.chunk", choice)


def _envelope(body: dict[str, Any], kind: str, *choices: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "chat-1",
        "object": kind,
        "created": 0,
        "model": body.get("model", ""),
        "choices": [*choices],
    }

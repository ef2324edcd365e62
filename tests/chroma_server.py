"""A Chroma server of the tests' own: `chroma run` on loopback, and what may stand before it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_RUN = "import sys; from chromadb.cli.cli import app; sys.argv[0] = 'chroma'; app()"


class ChromaServer:
    """A server that is started when it is made."""

    def __init__(self) -> None:
        self._place = Path(tempfile.mkdtemp(prefix="dateline-chroma-"))
        self.data = self._place / "data"
        self.port = _free_port()
        self.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it on what it held, and return when it takes connections."""
        command = [sys.executable, "-c", _RUN, "run", "--path", str(self.data)]
        with (self._place / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--host", "127.0.0.1", "--port", str(self.port)],
                stdout=log,
                stderr=log,
                cwd=self._place,
                env={**os.environ, "DO_NOT_TRACK": "1"},
            )
        for _ in range(2400):  # two minutes
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self._process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError((self._place / "log").read_text())

    def kill(self) -> None:
        """`kill -9`."""
        self._process.kill()
        self._process.wait(timeout=60)

    def pause(self) -> None:
        """Let it hang, with its port open."""
        self._process.send_signal(signal.SIGSTOP)
        os.waitpid(self._process.pid, os.WUNTRACED)  # each of its threads

    def resume(self) -> None:
        """End the pause."""
        self._process.send_signal(signal.SIGCONT)

    def remove(self) -> None:
        """Kill it and delete what it held."""
        self.kill()
        shutil.rmtree(self._place)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Front:
    """What stands before a Chroma server: it asks for a token, and does whatever a test wants.

    `act` is called with the path of each request; it may return a status and a body to answer with,
    or raise to break the connection off. `seen` are the headers of all requests.
    """

    def __init__(self, behind: ChromaServer, token: str = "") -> None:
        self.act: Callable[[str], tuple[int, bytes] | None] = lambda path: None
        self.seen: list[Mapping[str, str]] = []
        front = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                front.seen.append(dict(self.headers))
                if token and self.headers["Authorization"] != f"Bearer {token}":
                    self._answer(403, b"who are you?")
                    return
                try:
                    own = front.act(self.path)
                except ConnectionError:
                    self.close_connection = True
                    return
                if own:
                    self._answer(*own)
                    return
                behind_it = HTTPConnection("127.0.0.1", behind.port)
                headers = {"Content-Type": "application/json"}
                behind_it.request(self.command, self.path, sent, headers)
                got = behind_it.getresponse()
                self._answer(got.status, got.read())
                behind_it.close()

            def _answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_said: object) -> None:
                return

            do_GET = do_POST = do_DELETE = _pass_on

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def remove(self) -> None:
        """Close it."""
        self._server.shutdown()
        self._server.server_close()

"""A Chroma server of the tests' own: `chroma run` on loopback, in a folder that goes with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
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
        for _ in range(600):
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

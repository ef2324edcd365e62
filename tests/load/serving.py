"""A server to put under load: `assistant serve` in a process of its own, with a token a person."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from assistant.access import Credentials, Scope

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
FREE = {
    "DATELINE_RATE": "1000000/minute",
    "DATELINE_OPEN_REQUESTS": "1000",
    "DATELINE_CHATS_PER_USER": "1000000",
}
"""What a person may do is not what is measured."""


@dataclass(frozen=True)
class Served:
    """A server that runs: its address, its process, and the tokens of those who may ask."""

    url: str
    process: subprocess.Popen[str]
    tokens: Sequence[str]
    manager: str

    def memory(self) -> float:
        """The resident memory of the process, in megabytes."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def processor_seconds(self) -> float:
        """The processor time that the process has used, all threads together."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(index: Path, people: int, settings: Mapping[str, str]) -> Iterator[Served]:
    """Serve an index to so many people, until left; `settings` are environment variables."""
    with tempfile.TemporaryDirectory() as folder:
        users = Path(folder) / "users.json"
        credentials = Credentials(users)
        tokens = [credentials.add_token(f"person{n}", [Scope.ASK]) for n in range(people)]
        manager = credentials.add_token("manager", [Scope.ASK, Scope.MANAGE])
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("DATELINE_", "OPENAI_"))}
        log = Path(folder) / "log"
        with log.open("w") as written:
            process = subprocess.Popen(
                [sys.executable, "-m", "assistant", "serve", "--index", str(index), "--port", "0"],
                env={**clean, **FREE, "DATELINE_USERS_FILE": str(users), **settings},
                stdout=subprocess.PIPE,
                stderr=written,
                text=True,
            )
            try:
                yield Served(_address(process, log), process, tokens, manager)
            finally:
                _stop(process)
            sys.stderr.write("".join(log.read_text().splitlines(keepends=True)[-5:]))


def _address(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout
    found = ADDRESS.search(process.stdout.readline())
    if not found:
        raise SystemExit(f"the server did not start: {log.read_text()[-400:]}")
    return found.group()


def _stop(process: subprocess.Popen[str]) -> None:
    """As a person who runs it would, and by force where that does not help."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()

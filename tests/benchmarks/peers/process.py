"""A system in a process of its own, with the Python of its own virtual environment."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HERE = Path(__file__).parent
ADAPTERS = HERE / "adapters"
REQUIREMENTS = HERE / "requirements"
# Nothing is asked of the network: no telemetry, no model hub.
QUIET = {
    "OPENAI_API_KEY": "none",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "TOKENIZERS_PARALLELISM": "false",
}


class PeerError(Exception):
    """A peer could not be installed, did not reply, or ended."""


@dataclass(frozen=True)
class Kind:
    """One system as it is measured: its adapter, its environment, and what it is told.

    `shares` names the kind whose store it reads, in place of indexing itself. `venv` is the name
    of its requirements file; empty: it runs with this Python.
    """

    name: str
    title: str
    adapter: str
    venv: str = ""
    shares: str = ""
    settings: tuple[tuple[str, str], ...] = ()


def make_venv(name: str, work: Path) -> Path:
    """The Python of a virtual environment with a peer's pinned packages; made where it is not.

    Raises:
        PeerError: its packages cannot be installed.
    """
    folder = work / "venvs" / name
    python = folder / "bin" / "python"
    made = folder / "made"
    if not made.exists():
        print(f"installing {name} ...", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        command += ["-r", str(REQUIREMENTS / f"{name}.txt")]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise PeerError(f"{name} cannot be installed: {done.stderr.strip().splitlines()[-1]}")
        made.touch()
    return python


class Running:
    """An adapter that runs; requests go to it one at a time.

    Raises:
        PeerError: it ended, or did not reply in `timeout` seconds.
    """

    def __init__(
        self, kind: Kind, python: Path, store: Path, url: str, *, timeout: float = 1200.0
    ) -> None:
        self.kind = kind
        self._timeout = timeout
        store.mkdir(parents=True, exist_ok=True)
        self._log = store / f"{kind.name}.log"
        self.command = [str(python), str(ADAPTERS / f"{kind.adapter}.py")]
        self.command += ["--store", str(store), "--url", url]
        self.environment = {**os.environ, **QUIET, "OPENAI_BASE_URL": url, **dict(kind.settings)}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        with self._log.open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=self.environment,
                text=True,
            )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def ask(self, do: str, **values: str) -> dict[str, Any]:
        """One request and its reply."""
        process = self._process
        assert process is not None and process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps({"do": do, **values}) + "\n")
            process.stdin.flush()
        except BrokenPipeError as error:
            raise PeerError(f"{self.kind.name} ended; see {self._log.name}") from error
        if not select.select([process.stdout], [], [], self._timeout)[0]:
            raise PeerError(f"{self.kind.name} did not reply in {self._timeout:.0f} s to {do}")
        line = process.stdout.readline()
        if not line:
            raise PeerError(f"{self.kind.name} ended while it was to {do}; see {self._log.name}")
        reply: dict[str, Any] = json.loads(line)
        return reply

    def cold(self, question: str) -> float:
        """Seconds of a process of its own that opens the store, answers once, and ends."""
        started = time.perf_counter()
        command = [*self.command, "--ask", question]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            last = done.stderr.strip().splitlines()[-1:] or [""]
            raise PeerError(f"{self.kind.name} failed at a cold start: {last[0]}")
        return time.perf_counter() - started

"""Texts embedded on a pool of Ray workers.

Ray's driver is a process of its own: Ray ends the process that drives it, without an error and
with exit code 0, when the node that it is connected to is lost. Ray's environment, signals and
threads, too, are then not those of the program that indexes.
"""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing.connection import Connection
from types import TracebackType
from typing import TYPE_CHECKING, Any

from assistant.errors import ClusterError, DatelineError, UsageError
from assistant.models.llm import base_url_of
from assistant.models.ray_pool import GO_ON, LOCAL, Job

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from assistant.settings import Settings

_PORTION, _LARGEST = 512, 8192  # texts asked for at once: of each worker, and in all
_CODE = "import sys; from assistant.models.ray_pool import main; main(*sys.argv[1:])"
_START_SECONDS, _END_SECONDS = 180.0, 5.0


class RayEmbedder:
    """Embeds texts on the Ray workers of the settings; starts them when it is first called.

    Raises:
        UsageError: Ray is not installed.
        EndpointError: the address of the embedder's endpoint cannot be one.
    """

    def __init__(self, settings: Settings) -> None:
        if find_spec("ray") is None:
            raise UsageError(
                "indexing over Ray (DATELINE_RAY) needs the package ray: "
                "pip install 'dateline-assistant[ray]'"
            )
        self._settings = settings
        self._fields = _fields(settings)
        self._workers = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._asks: Connection[Any, Any] | None = None
        self._gets: Connection[Any, Any] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> RayEmbedder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def at_once(self) -> int:
        """How many texts to ask for at a time, so that each worker has several pieces to do."""
        return min(_PORTION * max(self._workers, 1), _LARGEST)

    def __call__(self, texts: list[str]) -> NDArray[np.float32]:
        """Embed texts: (len(texts), dimension) float32, each row of L2 norm 1.

        Raises:
            ClusterError: there is no such cluster, it is lost, or its workers cannot be used.
            DatelineError: what the embedder raised on a worker.
        """
        try:
            if self._process is None:
                self._workers = self._start()
            vectors: NDArray[np.float32] = self._asked(texts)
        except (EOFError, OSError) as error:
            self.close()
            raise ClusterError(f"the Ray cluster was lost; {GO_ON}") from error
        except BaseException:  # an interruption, too: what was asked for is still to come
            self.close()
            raise
        return vectors

    def close(self) -> None:
        """End the driver, and the Ray that it may have started."""
        for connection in (self._asks, self._gets):
            if connection is not None:
                connection.close()
        self._asks = self._gets = None
        if self._process is not None:
            _end(self._process)
            self._process = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _start(self) -> int:
        """Start the driver and its workers; returns how many."""
        settings = self._settings
        if settings.ray == LOCAL:
            # Not below TMPDIR: the names of its sockets may have about a hundred characters.
            self._folder = tempfile.TemporaryDirectory(
                prefix="dateline-ray-",
                dir="/tmp",
                ignore_cleanup_errors=True,
            )
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        self._process = subprocess.Popen(  # noqa: S603  # ourselves, with numbers
            [sys.executable, "-c", _CODE, str(theirs_in), str(theirs_out)],
            pass_fds=(theirs_in, theirs_out),
            env=_environment(settings),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the parent's to deal with
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._asks = Connection(ours_out, readable=False)
        self._gets = Connection(ours_in, writable=False)
        job = Job(
            address=settings.ray,
            workers=settings.ray_workers,
            threads=max(settings.threads, 1),
            embedder=self._fields,
            folder=self._folder.name if self._folder else None,
        )
        return int(self._asked(job, _START_SECONDS))

    def _asked(self, question: Job | Sequence[str], seconds: float | None = None) -> Any:  # noqa: ANN401  # an int or an array
        if self._asks is None or self._gets is None:
            raise AssertionError("asked before it was started")
        self._asks.send(question)
        if not self._gets.poll(seconds):
            raise ClusterError(
                f"the Ray cluster {self._settings.ray} did not answer in {seconds:g} s"
            )
        answer = self._gets.recv()
        if isinstance(answer, DatelineError):
            raise answer
        return answer


def _end(process: subprocess.Popen[bytes]) -> None:
    """Let a driver end by itself, which it does when it is idle; else end it."""
    for end in (process.terminate, process.kill):
        try:
            process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            end()
    process.wait()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # some of Ray's processes outlive what they serve


def _fields(settings: Settings) -> dict[str, object]:
    """The settings that a worker builds its embedder from; no secret is among them."""
    fields: dict[str, object] = {
        "embedder": settings.embedder,
        "threads": max(settings.threads, 1),
    }
    if settings.embedder == "openai":
        fields |= {
            "embedder_model": settings.embedder_model,
            "openai_base_url": base_url_of(settings),  # which refuses one that holds a secret
            "openai_timeout": settings.openai_timeout,
            "openai_retries": settings.openai_retries,
        }
    return fields


def _environment(settings: Settings) -> dict[str, str]:
    """The driver's environment; a Ray that it starts here gets it, a cluster does not."""
    here = [path or os.curdir for path in sys.path]
    changed = {"PYTHONPATH": os.pathsep.join(here), "RAY_USAGE_STATS_ENABLED": "0"}
    if settings.ray == LOCAL:
        changed |= {
            # On Linux, too, Ray then listens on loopback alone, as it does on other systems.
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
            # Others on this machine cannot give it work.
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": secrets.token_hex(32),
        }
        if settings.embedder == "openai" and settings.openai_api_key is not None:
            changed["DATELINE_OPENAI_API_KEY"] = settings.openai_api_key.get_secret_value()
    return {**os.environ, **changed}

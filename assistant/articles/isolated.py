"""Files are read in a process of their own: one that hangs or crashes its reader is given up.

The library that reads PDF or HTML is somebody else's, and the file may be anybody's. The process is
started with the first file and serves all; it is killed with a file that takes too long, and the
next file gets a new one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any

from assistant.articles.files import SourceFile
from assistant.articles.mapping import ColumnMapping
from assistant.articles.readers import read_articles
from assistant.errors import ArticleError
from assistant.types import Article, Quarantined

SECONDS = 60.0
"""That may pass while no article comes of a file, and nothing more of it is read."""
_TOO_LONG, _TOO_LARGE = "takes more than", "needs more memory than reading may take"
_FAILED = "cannot be read: its reader failed on it"
FAILURES = (_TOO_LONG, _TOO_LARGE, _FAILED)
"""How reasons begin that may be the machine's, and not the file's."""
_OFTEN = 0.25  # seconds between two messages of how far a file has been read
MEGABYTES = 4000
"""Of address space that the process may take."""


class IsolatedReader:
    """Reads files as `read_articles` does, within limits of time and memory.

    `told` is called with how many bytes of the file at hand have been read, some times a second.
    """

    def __init__(
        self,
        mapping: ColumnMapping | None = None,
        seconds: float = SECONDS,
        megabytes: int = MEGABYTES,
        told: Callable[[int], None] | None = None,
    ) -> None:
        self._mapping, self._seconds, self._megabytes = mapping, seconds, megabytes
        self._told = told
        self._process: subprocess.Popen[bytes] | None = None
        self._asks: Connection[Any, Any] | None = None
        self._gets: Connection[Any, Any] | None = None

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def read(
        self, file: SourceFile, mapping: ColumnMapping | None = None
    ) -> Iterator[Article | Quarantined]:
        """The articles of a file, one by one; what cannot be read comes with its reason.

        `mapping`: in the place of the reader's own. A file that is not read to its end costs the
        process.
        """
        ended = False
        try:
            asks, gets = self._started()
            asks.send((file, self._mapping if mapping is None else mapping))
            while True:
                if not gets.poll(self._seconds):
                    raise ArticleError(f"{_TOO_LONG} {self._seconds:g} s to read")
                item = gets.recv()
                if item is None:
                    ended = True
                    return
                if isinstance(item, int):
                    if self._told is not None:
                        self._told(item)
                else:
                    yield item
        except ArticleError as error:
            yield Quarantined(file.name, str(error))
        except (EOFError, OSError):
            yield Quarantined(file.name, _FAILED)
        finally:
            if not ended:
                self.close()

    def close(self) -> None:
        """End the process."""
        for connection in (self._asks, self._gets):
            if connection is not None:
                connection.close()
        self._asks = self._gets = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _started(self) -> tuple[Connection[Any, Any], Connection[Any, Any]]:
        if self._asks is not None and self._gets is not None:
            return self._asks, self._gets
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        limits = (f"{self._seconds:g}", str(self._megabytes))
        self._process = subprocess.Popen(  # noqa: S603  # ourselves, with numbers
            [sys.executable, "-m", __name__, str(theirs_in), str(theirs_out), *limits],
            pass_fds=(theirs_in, theirs_out),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(p or os.curdir for p in sys.path)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is the parent's to deal with
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._asks = Connection(ours_out, readable=False)
        self._gets = Connection(ours_in, writable=False)
        return self._asks, self._gets


def serve(asks: Connection[Any, Any], gives: Connection[Any, Any], seconds: float) -> None:
    """Read the files that are asked for, until nobody asks any more; None ends each."""
    while True:
        try:
            file, mapping = asks.recv()
        except EOFError:
            return
        said = time.monotonic()

        def told(place: int) -> None:
            nonlocal said
            if time.monotonic() > said + _OFTEN:
                said = time.monotonic()
                _limit_processor(2 * seconds)  # it has come further
                gives.send(place)

        items, item = read_articles(file, mapping, told), None
        while True:
            _limit_processor(2 * seconds)
            try:
                item = next(items, None)
            except MemoryError:
                gives.send(Quarantined(file.name, _TOO_LARGE))
                item = None
            gives.send(item)
            if item is None:
                break


def _limit_memory(megabytes: int) -> None:
    import resource

    most = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _limit_processor(seconds: float) -> None:
    """End a reader that hangs, should the parent be dead that waits for it."""
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    most = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    _limit_memory(int(sys.argv[4]))
    serve(
        Connection(int(sys.argv[1]), writable=False),
        Connection(int(sys.argv[2]), readable=False),
        float(sys.argv[3]),
    )

"""A catalogue in a folder beside one on PostgreSQL, on this machine, and a folder that follows.

    python -m tests.benchmarks.postgres INDEX

INDEX, which lies in a folder and has all its embeddings in the cache, is moved to a server that is
started for it. Seconds on the clock, and of this process's processor time (the server's is left
out).
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.library import Engines, Library, analyze, back_up, rebuild, restore
from assistant.models import embedder_info
from assistant.settings import Settings
from assistant.types import Filters
from tests.postgres import Cluster, programs

_LOOKS = 20


def measure(index: Path, place: Path, url: str) -> None:
    """Print one line for each step."""
    info, engines = embedder_info(Settings()), Engines(url, name="measured")
    kept, back, one, two = (place / n for n in ("kept.tar.gz", "back.tar.gz", "one", "two"))
    _time("backup from the folder", partial(back_up, index, kept))
    _time("restore to PostgreSQL", partial(restore, kept, one, engines))
    _time("rebuild there", partial(rebuild, one, info, _nothing, engines=engines))
    _time("backup from PostgreSQL", partial(back_up, one, back, engines=engines))
    folder, server = Library.open(index, info), Library.open(one, info, engines)
    print(*server.catalogue.counts(), "articles, passages")
    for name, library in (("folder", folder), ("PostgreSQL", server)):
        _look(library)
        _time(f"{_LOOKS} times what a question reads, {name}", partial(_look, library, _LOOKS))
    two.mkdir()
    shutil.copy(one / "embeddings.sqlite", two)
    follower = Library.open(two, info, engines)
    _time("a second folder catches up, embeddings copied", partial(_look, follower))
    with server.writing() as writer:
        writer.remove([server.catalogue.articles()[0].id])
    _time("the same after one more commit", partial(_look, follower))
    for library in (folder, server, follower):
        library.close()


def _look(library: Library, times: int = 1) -> None:
    for _ in range(times):
        library.refresh()
        library.mend(_nothing)
        hits = library.search_words(analyze("oil prices rose"), 30, Filters())
        library.passages([passage_id for passage_id, _ in hits])


def _nothing(texts: list[str]) -> NDArray[np.float32]:
    raise AssertionError(f"{len(texts)} embeddings are not in the cache of the index")


def _time(what: str, act: Callable[[], object]) -> None:
    clock, processor = time.perf_counter(), time.process_time()
    act()
    clock, processor = time.perf_counter() - clock, time.process_time() - processor
    print(f"{what}: {clock:.2f} s, {processor:.2f} s of processor time", flush=True)


def main() -> None:
    """Start a server, measure, and leave nothing behind."""
    found = programs()
    if found is None:
        sys.exit("PostgreSQL is not installed: apt-get install postgresql")
    cluster = Cluster(found)
    try:
        with tempfile.TemporaryDirectory() as place:
            index = Path(place) / "index"
            shutil.copytree(sys.argv[1], index)
            measure(index, Path(place), cluster.url)
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()

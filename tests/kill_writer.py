"""A process that forks children which write to an index, and kills them at a given moment.

    python -m tests.kill_writer INDEX NEWS

Each line on the standard input is an `Order`, as JSON. What the children committed, and how each
one ended, comes back on the standard output, one line each. The process loads everything before it
forks, so that a child starts at once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import chromadb  # noqa: F401  # loaded before the fork, like the next one
import llama_index.vector_stores.chroma  # noqa: F401
import numpy as np
from numpy.typing import NDArray

from assistant.indexing import index_paths, planner
from assistant.library import (
    FileChange,
    Library,
    Writer,
    engines_of,
    rebuild,
    rebuilding,
    writer,
)
from assistant.library.engines.vectors import HNSW
from assistant.models import EmbedderInfo, embedder_info
from assistant.settings import Settings
from tests.newsroom import hash_embed

BATCH = 20  # passages to a commit instead of 512
SYNC_EVERY = 40  # Chroma persists its graph after so many changes instead of 1,000
OTHER = EmbedderInfo("other-embedder", 384, "endpoint:other-embedder")


def info_of(other: bool) -> EmbedderInfo:
    """The embedder that an index is to have: the built-in one, or another."""
    return OTHER if other else embedder_info(Settings())


def embed_with(info: EmbedderInfo, texts: list[str]) -> NDArray[np.float32]:
    """The vectors of an embedder, which mean nothing."""
    return hash_embed([f"{info.name}: {text}" for text in texts])


@dataclass(frozen=True)
class Order:
    """What a child does (`index`, `remove` or `rebuild`), and seconds until it is killed.

    `other`: with the other embedder; a rebuild changes to it. `ids`: of what is to be removed.
    """

    act: str
    after: float
    other: bool = False
    ids: tuple[str, ...] = ()

    def line(self) -> str:
        """The order as it is sent."""
        return json.dumps(asdict(self)) + "\n"


def small_batches() -> None:
    """A few passages a commit, and many savings of Chroma's graph."""
    HNSW.update(sync_threshold=SYNC_EVERY, batch_size=SYNC_EVERY // 2)
    planner.BATCH_PASSAGES = writer.VECTORS_BATCH = BATCH
    rebuilding.VECTORS_BATCH = rebuilding.WORDS_BATCH = BATCH


def tell_commits() -> None:
    """Have every writer say what it committed."""
    apply = Writer.apply

    def told(writer: Writer, changes: Sequence[FileChange]) -> list[str]:
        gone = apply(writer, changes)
        tell({"committed": {a.id: a.revision for change in changes for a, _ in change.write}})
        return gone

    Writer.apply = told


def tell(message: dict[str, object]) -> None:
    """One line in one write, so that a kill cannot cut it."""
    os.write(1, (json.dumps(message) + "\n").encode())


def child(index: Path, news: Path, order: Order, ready: int) -> None:
    """Work until done or dead."""
    info, engines = info_of(order.other), engines_of(Settings(), index)

    def embed(texts: list[str]) -> NDArray[np.float32]:
        return embed_with(info, texts)

    if order.act == "rebuild":
        os.write(ready, b".")
        rebuild(index, info, embed, engines=engines)
        tell({"rebuilt": info.name})
        return
    library = Library.create(index, info, engines)
    os.write(ready, b".")
    if order.act == "remove":
        with library.writing() as one:
            tell({"removed": one.remove(order.ids)})
    else:
        index_paths(library, embed, [news])
    library.close()


def main() -> None:
    """Fork a child for each line of the standard input."""
    index, news = Path(sys.argv[1]), Path(sys.argv[2])
    small_batches()
    tell_commits()
    for line in sys.stdin:
        order = Order(**json.loads(line))
        come, ready = os.pipe()
        pid = os.fork()
        if pid == 0:
            child(index, news, order, ready)
            os._exit(0)
        os.close(ready)
        os.read(come, 1)
        os.close(come)
        time.sleep(order.after)
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        tell({"killed": os.WIFSIGNALED(status)})


if __name__ == "__main__":
    main()

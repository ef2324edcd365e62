"""Indexes in a child process and kills it: `python -m tests.kill_writer INDEX NEWS`.

Each line read is a number of seconds: a child is forked, begins to index, and gets SIGKILL after
so long. Lines written: `{"committed": {id: revision}}` after each commit, `{"killed": bool}` when
the child is dead. Forking saves the seconds that importing takes; nothing of Chroma is open then.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import chromadb  # noqa: F401  # imported once, before forking
import llama_index.core
import llama_index.vector_stores.chroma  # noqa: F401

from assistant.indexing import index_paths, planner
from assistant.library import FileChange, Library, Writer, writer
from assistant.library.vectors import HNSW
from assistant.models import embedder_info
from assistant.settings import Settings
from tests.newsroom import hash_embed

BATCH = 20  # passages to a commit instead of 512
SYNC_EVERY = 40  # Chroma persists its graph after so many changes instead of 1,000


def tell_commits() -> None:
    """Have every writer say what it committed."""
    apply = Writer.apply

    def told(writer: Writer, changes: Sequence[FileChange]) -> list[str]:
        gone = apply(writer, changes)
        tell({"committed": {a.id: a.revision for change in changes for a, _ in change.write}})
        return gone

    Writer.apply = told  # type: ignore[method-assign]


def tell(message: dict[str, object]) -> None:
    """One line in one write, so that a kill cannot cut it."""
    os.write(1, (json.dumps(message) + "\n").encode())


def child(index: Path, news: Path, ready: int) -> None:
    """Index until done or dead."""
    library = Library.create(index, embedder_info(Settings()))
    os.write(ready, b".")
    index_paths(library, hash_embed, [news])
    library.close()


def main() -> None:
    """Fork a child for each line of the standard input."""
    index, news = Path(sys.argv[1]), Path(sys.argv[2])
    HNSW.update(sync_threshold=SYNC_EVERY, batch_size=SYNC_EVERY // 2)
    planner.BATCH_PASSAGES = writer.VECTORS_BATCH = BATCH
    tell_commits()
    for line in sys.stdin:
        come, ready = os.pipe()
        pid = os.fork()
        if pid == 0:
            child(index, news, ready)
            os._exit(0)
        os.close(ready)
        os.read(come, 1)
        os.close(come)
        time.sleep(float(line))
        os.kill(pid, signal.SIGKILL)
        _, status = os.waitpid(pid, 0)
        tell({"killed": os.WIFSIGNALED(status)})


if __name__ == "__main__":
    main()

"""What Ray workers bring to indexing, and what stays on the machine that writes.

    python -m tests.benchmarks.ray_workers ARTICLES [--files 150] [--passages 128] [--rounds 4]

Two tables. The first indexes the first files of a folder with vectors that cost nothing: processor
time a passage, for reading (with cleaning, splitting, words, the catalogue) and for committing
vectors. The second embeds the same passages in this process, on one worker and on two, in turns, so
that what else the machine does weighs on all alike; with the processor time of all processes (from
Linux's /proc), which says what a core does where it has one to itself.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.indexing import IndexProgress, index_paths
from assistant.library import Library
from assistant.library.engines.vectors import embed_text
from assistant.models import embedder_info
from assistant.models.minilm import MiniLMEmbedding
from assistant.models.ray_embedder import RayEmbedder
from assistant.settings import Settings, load_settings

Embed = Callable[[list[str]], NDArray[np.float32]]


def processor_seconds() -> float:
    """Of this process and of those that it started and that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def tree_seconds() -> float:
    """Processor time of this process and of all that it started and that run."""
    parents: dict[int, int] = {}
    used: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended meanwhile
            fields = (folder / "stat").read_text().rsplit(")", 1)[1].split()
            parents[int(folder.name)] = int(fields[1])
            used[int(folder.name)] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    tree = [os.getpid()]
    for parent in tree:  # which grows meanwhile
        tree += [pid for pid, of in parents.items() if of == parent]
    return sum(used.get(pid, 0.0) for pid in tree)


def measure_writing(files: list[Path], index: Path) -> list[str]:
    """Index with random vectors; prints processor time a passage, returns the texts embedded."""
    random, texts, marks = np.random.default_rng(1), [], [processor_seconds()]

    def embed(asked: list[str]) -> NDArray[np.float32]:
        texts.extend(asked)
        rows = random.standard_normal((len(asked), 384)).astype(np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    def told(progress: IndexProgress) -> None:
        if progress.stage == "embedding" and progress.done == 0:
            marks.append(processor_seconds())

    library = Library.create(index, embedder_info(Settings()))
    try:
        index_paths(library, embed, files, told)
        ids = library.catalogue.passage_ids(a.id for a in library.catalogue.articles())
        passages = [passage for passage, _ in library.catalogue.passages(ids).values()]
    finally:
        library.close()
    marks.append(processor_seconds())
    names = ("reading, cleaning, words", "committing vectors")
    for name, before, after in zip(names, marks, marks[1:], strict=False):
        each = (after - before) / len(passages)
        print(f"{name:32} {1000 * each:6.1f} ms a passage, {1 / each:6.0f} passages a second")
    return [embed_text(passage) for passage in passages]


def measure_workers(texts: list[str], rounds: int) -> None:
    """Embed the same texts in turns; prints the median of the rounds."""
    seconds: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}
    with ExitStack() as stack:
        ways: dict[str, Embed] = {
            "this process, a thread a core": MiniLMEmbedding().embed,
            "this process, one thread": MiniLMEmbedding(threads=1).embed,
        }
        for workers in (1, 2):
            settings = load_settings(ray="local", ray_workers=workers)
            started = time.perf_counter()
            ways[f"workers: {workers}"] = embed = stack.enter_context(RayEmbedder(settings))
            embed(texts[:1])
            print(f"Ray with {workers} started in {time.perf_counter() - started:.1f} s")
        for embed in ways.values():
            embed(texts[:64])  # each worker loads the model
        for _ in range(rounds):
            for name, embed in ways.items():
                started, before = time.perf_counter(), tree_seconds()
                embed(texts)
                seconds.setdefault(name, []).append(time.perf_counter() - started)
                processor.setdefault(name, []).append(tree_seconds() - before)
    for name in ways:
        rate = len(texts) / float(np.median(seconds[name]))
        each = 1000 * float(np.median(processor[name])) / len(texts)
        print(f"{name:32} {rate:6.1f} passages a second, {each:6.1f} ms of processor time each")


def main() -> None:
    """Run both and print the machine's load."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--files", type=int, default=150)
    parser.add_argument("--passages", type=int, default=128)
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args()
    files = sorted(path for path in given.articles.iterdir() if path.is_file())[: given.files]
    with tempfile.TemporaryDirectory() as folder:
        texts = measure_writing(files, Path(folder) / "index")
    measure_workers(texts[: given.passages], given.rounds)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()

"""How much memory indexing takes: python -m tests.benchmarks.memory DATA_FOLDER [--articles N...].

Articles are made of the sentences of DATA_FOLDER/multihoprag with every fifth word exchanged (so
that none repeats another), as one JSONL file, one zip archive of text files, or a folder. They are
indexed in a process of its own, with the built-in embedder or, by default, one that draws vectors:
what is around it is to be seen, and hundreds of thousands of passages cannot wait for it. The
resident sets of that process and of its reader are looked at every tenth of a second: in all, and
without the pages of files, which the system takes back when it needs them. What Chroma's index
holds is measured apart, in a fresh process that opens the finished one and searches it once; what
is left is the pipeline's own, which is to stay below 1.5 GB at any size. Linux only.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.figures import Figure, as_dict, surroundings, table

Embed = Callable[[list[str]], NDArray[np.float32]]
FORMS = ("jsonl", "zip", "folder")
_DIMENSION = 384
_SENTENCES = 18  # of an article: two passages
_EXCHANGED = 0.2


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    if arguments.child:
        _CHILDREN[arguments.child](arguments.data, arguments.index, arguments.embedder)
        return 0
    before, figures = surroundings(), []
    for count in arguments.articles:
        with tempfile.TemporaryDirectory(prefix="dateline-memory-") as scratch:
            figures += measure(
                arguments.data, Path(scratch), count, arguments.form, arguments.embedder
            )
        print(table(figures), flush=True)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    report = {"form": arguments.form, "embedder": arguments.embedder, **before}
    report["figures"] = as_dict(figures)
    arguments.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"written to {arguments.out}")
    return 0


def measure(data: Path, scratch: Path, count: int, form: str, embedder: str) -> list[Figure]:
    """Index `count` articles, again without a change, and open the finished index."""
    name = f"{count:,} articles"
    place = scratch / "articles"
    place.mkdir(parents=True)
    write_articles(data / "multihoprag" / "articles", place, count, form)
    index = scratch / "index"
    figures: list[Figure] = []
    for run in ("first run", "nothing new"):
        peaks, said = _watched("index", place, index, embedder)
        figures += [
            Figure(name, f"{run}: {what}", most / 1e6, "MB") for what, most in peaks.items()
        ]
        figures += [Figure(name, f"{run}: {what}", value, "") for what, value in said.items()]
    _, said = _watched("vectors", place, index, embedder)
    figures += [Figure(name, f"vectors: {what}", value, "MB") for what, value in said.items()]
    own = max(f.value for f in figures if f.name.startswith("first run: the process"))
    held = said["the index loaded and searched once"]
    return [*figures, Figure(name, "first run less the vectors", own - held, "MB", "<= 1500")]


def write_articles(source: Path, place: Path, count: int, form: str) -> None:
    """Write `count` articles made of those in `source`, as one file or one each."""
    articles = _made(source, count)
    if form == "jsonl":
        with (place / "all.jsonl").open("w", encoding="utf-8") as file:
            for article in articles:
                file.write(json.dumps(article) + "\n")
    elif form == "zip":
        with zipfile.ZipFile(place / "all.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            for article in articles:
                archive.writestr(f"{article['id']}.txt", article["text"])
    else:
        for number, article in enumerate(articles):
            folder = place / str(number // 1000)
            folder.mkdir(exist_ok=True)
            (folder / f"{article['id']}.txt").write_text(article["text"], encoding="utf-8")


def _made(source: Path, count: int) -> Iterator[dict[str, str]]:
    from assistant.articles import find_files
    from assistant.articles.readers import read_articles
    from assistant.types import Article

    texts = [
        item.text
        for file in find_files([source])
        for item in read_articles(file)
        if isinstance(item, Article)
    ]
    sentences = [s for text in texts for s in re.split(r"(?<=[.?!])\s+", text) if len(s) > 30]
    words = sorted({word for text in texts for word in re.findall(r"[A-Za-z]{3,}", text)})
    draw = random.Random(0)
    for number in range(count):
        drawn = draw.choices(sentences, k=_SENTENCES)
        exchanged = (
            draw.choice(words) if draw.random() < _EXCHANGED else word
            for word in " ".join(drawn).split()
        )
        yield {
            "id": f"a{number:07}",
            "title": " ".join(draw.choices(words, k=6)),
            "source": draw.choice(("Maro Gazette", "Orlen Post", "Tessin Wire")),
            "published": f"2020-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
            "text": " ".join(exchanged) + ".",
        }


def _watched(
    child: str, place: Path, index: Path, embedder: str
) -> tuple[dict[str, float], dict[str, float]]:
    """Run one child to its end: bytes at most of it and of its reader, and what it printed."""
    command = [sys.executable, "-m", "tests.benchmarks.memory", str(place), "--child", child]
    command += ["--index", str(index), "--embedder", embedder]
    peaks = {"the process": 0.0, "of it no file's": 0.0, "its reader": 0.0}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            seen = {
                "the process": _resident(process.pid),
                "of it no file's": _resident(process.pid, "RssAnon"),
                "its reader": sum(_resident(pid) for pid in _children(process.pid)),
            }
            peaks = {what: max(most, seen[what]) for what, most in peaks.items()}
            time.sleep(0.1)
        out = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise RuntimeError(f"the {child} process failed")
    return peaks, json.loads(out.splitlines()[-1])


def _resident(pid: int, which: str = "VmRSS") -> float:
    """The resident set of a process (`RssAnon`: without files), in bytes; 0 once it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0.0
    found = re.search(rf"{which}:\s+(\d+) kB", status)
    return float(found[1]) * 1024 if found else 0.0


def _children(pid: int) -> list[int]:
    try:
        return [
            int(child)
            for task in Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text(encoding="ascii").split()
        ]
    except OSError:
        return []


def _index(place: Path, index: Path, embedder: str) -> None:
    """Index the articles; print seconds, and the resident set at the end of each stage."""
    import os

    from assistant.indexing import IndexProgress, index_paths
    from assistant.library import Library
    from assistant.models import embedder_info
    from assistant.settings import Settings

    library = Library.create(index, embedder_info(Settings()))
    held: dict[str, float] = {}

    def note(progress: IndexProgress) -> None:
        held[f"MB when {progress.stage} ended"] = _resident(os.getpid()) / 1e6

    started = time.perf_counter()
    report = index_paths(library, _embedder(embedder), [place], note)
    _, passages = library.catalogue.counts()
    library.close()
    seconds = {"seconds": time.perf_counter() - started}
    print(json.dumps({"added": len(report.added), "passages": passages, **seconds, **held}))


def _embedder(name: str) -> Embed:
    if name == "minilm":
        from assistant.models.minilm import MiniLMEmbedding

        return MiniLMEmbedding().embed
    draw = np.random.default_rng(0)
    centres = draw.standard_normal((300, _DIMENSION), dtype=np.float32)

    def drawn(texts: list[str]) -> NDArray[np.float32]:
        rows = draw.standard_normal((len(texts), _DIMENSION), dtype=np.float32)
        rows += centres[draw.integers(len(centres), size=len(texts))]
        unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return unit

    return drawn


def _vectors(_place: Path, index: Path, _embedder: str) -> None:
    """Open the finished index, then load its vectors with one search; print what each takes."""
    import os

    import chromadb.config  # noqa: F401  # what the imports take is not the index's
    import llama_index.vector_stores.chroma  # noqa: F401

    from assistant.library import Library
    from assistant.models import embedder_info
    from assistant.settings import Settings
    from assistant.types import Filters

    library = Library.open(index, embedder_info(Settings()))
    before = _resident(os.getpid())
    found = library.search_vectors([1.0] * _DIMENSION, 10, Filters())
    after = _resident(os.getpid())
    library.close()
    if not found:
        raise AssertionError("an index without vectors")
    said = {"before": before / 1e6, "the index loaded and searched once": (after - before) / 1e6}
    print(json.dumps(said))


_CHILDREN = {"index": _index, "vectors": _vectors}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.memory")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--articles", type=int, nargs="+", default=[2000, 8000, 50000])
    parser.add_argument("--form", choices=FORMS, default="jsonl")
    parser.add_argument("--embedder", choices=("drawn", "minilm"), default="drawn")
    parser.add_argument("--out", type=Path, default=Path("reports/memory.json"))
    parser.add_argument("--child", choices=("index", "vectors"), help=argparse.SUPPRESS)
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

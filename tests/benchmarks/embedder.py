"""The embedder's ways compared: python -m tests.benchmarks.embedder DATA_FOLDER [--only PART].

`speed` embeds passages of DATA_FOLDER/multihoprag with each way of `embedder_ways` in turns, a few
passages each time, so that a noisy machine weighs on all alike; ratios are to the way that the
product goes, medians over the rounds. Processor time is that of all threads, and barely depends on
what else runs. `question` does the same with sentences, of which a question has some embedded.
`cost` embeds every passage of the sets anew with the ways that change vectors, and says what the
search then finds, by the embedder alone and fused with the words. `--ways` takes those whose names
hold one of the given words; the product's own is always among them.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from assistant.errors import UsageError
from tests.benchmarks.embedder_ways import Embed, Way, ways
from tests.benchmarks.figures import surroundings

PARTS = ("speed", "question", "cost")
_COMPARED = 60  # passages whose vectors are compared with the product's


@dataclass(frozen=True, slots=True)
class Speed:
    """How one way did beside the product's own: ratios above 1 are faster, or cheaper.

    `least` and `mean` are cosines with the product's vectors.
    """

    name: str
    per_second: float
    faster: float
    cheaper: float
    mean: float
    least: float


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    before, report = surroundings(), {}
    parts = [arguments.only] if arguments.only else PARTS
    texts = passages(arguments.data / "multihoprag" / "articles", arguments.passages)
    with tempfile.TemporaryDirectory(prefix="dateline-embedder-") as scratch:
        opened = _opened(list(ways(Path(scratch), texts)), arguments.ways)
        for part in parts:
            if part == "cost":
                from tests.benchmarks.embedder_cost import costs, lines

                changing = {way.name: embed for way, embed in opened if way.changes_vectors}
                found = costs(arguments.data, arguments.sets, changing, arguments.indexes)
                print(lines(found), flush=True)
                report[part] = [asdict(row) for row in found]
                continue
            sample = texts if part == "speed" else _sentences(texts)
            speeds = in_turns(dict((w.name, e) for w, e in opened), sample, arguments.rounds)
            print(table(speeds, "passages" if part == "speed" else "sentences"), flush=True)
            report[part] = [asdict(speed) for speed in speeds]
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    written = {**before, "load_after": surroundings()["load"], **report}
    arguments.out.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    print(f"written to {arguments.out}")
    return 0


def passages(articles: Path, count: int) -> list[str]:
    """The texts that are embedded for the passages of every few of the articles."""
    from assistant.articles import find_files
    from assistant.articles.readers import read_articles
    from assistant.library.engines.vectors import embed_text
    from assistant.passages import split_passages
    from assistant.types import Article

    files = find_files([articles])
    texts: list[str] = []
    for file in files[:: max(1, len(files) * 8 // max(count, 1))]:
        items = (item for item in read_articles(file) if isinstance(item, Article))
        texts += [embed_text(passage) for item in items for passage in split_passages(item)]
        if len(texts) >= count:
            break
    return texts[:count]


def _sentences(texts: Sequence[str]) -> list[str]:
    """Sentences, as a question has them embedded."""
    found = [s for text in texts for s in text.replace("\n", " ").split(". ") if len(s) > 20]
    return found[:: max(1, len(found) // 400)]


def in_turns(embedders: dict[str, Embed], texts: Sequence[str], rounds: int) -> list[Speed]:
    """Each way on the same few texts, round after round, the first to go another each time."""
    names = list(embedders)
    own = embedders[names[0]](list(texts[:_COMPARED]))
    cosines = {
        name: (embed(list(texts[:_COMPARED])) * own).sum(axis=1)
        for name, embed in embedders.items()
    }
    few = max(1, len(texts) // rounds)
    wall: dict[str, list[float]] = {name: [] for name in names}
    spent: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        part = list(texts[turn * few : (turn + 1) * few]) or list(texts)
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            started, used = time.perf_counter(), time.process_time()
            embedders[name](part)
            wall[name].append(time.perf_counter() - started)
            spent[name].append(time.process_time() - used)

    def ratio(times: dict[str, list[float]], name: str) -> float:
        return median(a / max(b, 1e-9) for a, b in zip(times[names[0]], times[name], strict=True))

    return [
        Speed(
            name,
            few / median(wall[name]),
            ratio(wall, name),
            ratio(spent, name),
            float(np.mean(cosines[name])),
            float(np.min(cosines[name])),
        )
        for name in names
    ]


def table(speeds: Sequence[Speed], of_what: str) -> str:
    lines = [
        f"| way | {of_what} a second | times as fast | processor time | cosine, mean / least |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {s.name} | {s.per_second:.0f} | {s.faster:.2f} | {1 / s.cheaper - 1:+.0%} | "
        f"{s.mean:.5f} / {s.least:.5f} |"
        for s in speeds
    ]
    return "\n".join(lines)


def _opened(listed: Sequence[Way], words: Sequence[str]) -> list[tuple[Way, Embed]]:
    opened: list[tuple[Way, Embed]] = []
    for place, way in enumerate(listed):
        if place and words and not any(word in way.name for word in words):
            continue
        try:
            embed = way.open()
            embed(["load it"])
        except (ImportError, UsageError) as error:
            print(f"left out: {way.name} ({error})")
            continue
        opened.append((way, embed))
    return opened


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.embedder")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--only", choices=PARTS, help="one part instead of all")
    parser.add_argument("--ways", nargs="+", default=[], help="words of the ways' names")
    parser.add_argument("--passages", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--sets", nargs="+", default=["multihoprag", "squad", "syria"])
    parser.add_argument("--indexes", type=Path, help="folder with a ready index for each set")
    parser.add_argument("--out", type=Path, default=Path("reports/embedder.json"))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

"""The timings of docs/benchmarks.md: python -m tests.benchmarks DATA_FOLDER [--only NAME].

DATA_FOLDER/SET holds `articles/` and, beside it, `questions.dev.jsonl`. Nothing is asserted:
timings are read, not tested. Exit code 0, whatever was measured.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from assistant import Assistant
from assistant.settings import Settings
from tests.benchmarks import cold, indexing, odd, warm
from tests.benchmarks.figures import Figure, as_dict, surroundings, table

NAMES = ("indexing", "cold", "warm", "odd")


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    folder: Path = arguments.data / arguments.set
    lines = (folder / "questions.dev.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    names = [arguments.only] if arguments.only else NAMES
    before = surroundings()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="dateline-benchmark-") as scratch:
        index: Path = arguments.index or Path(scratch) / "index"
        if "indexing" in names:
            figures += indexing.measure(folder / "articles", Path(scratch) / "index")
        elif arguments.index is None:
            with Assistant.open(index, Settings(), create=True) as assistant:
                assistant.index([folder / "articles"])
        if "cold" in names:
            figures += cold.measure(questions, index, arguments.runs)
        if "warm" in names:
            figures += warm.measure(questions, index)
        if "odd" in names:
            figures += odd.measure(index)
    print(table(figures))
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    report = {"set": arguments.set, **before, "figures": as_dict(figures)}
    report["load_after"] = surroundings()["load"]
    arguments.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"written to {arguments.out}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--set", default="multihoprag", help="the set to measure with")
    parser.add_argument("--only", choices=NAMES, help="one benchmark instead of all")
    parser.add_argument("--index", type=Path, help="an index of the set, for all but indexing")
    parser.add_argument("--runs", type=int, default=7, help="processes of each kind in `cold`")
    parser.add_argument("--out", type=Path, default=Path("reports/benchmarks.json"))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

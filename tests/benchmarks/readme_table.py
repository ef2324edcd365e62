"""The evaluation table of the README: python -m tests.benchmarks.readme_table DATA [--indexes F].

Every development set and the sample library, with the reader and without, through the `assistant`
command as a reader of the README would give it; then the rows, as Markdown. Reports lie in --out; a
set whose report is there is not measured again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import sample

SETS = ("seed", "syria", "multihoprag", "squad", "rgb", "sample")
# Title, key of the report, and how it is written: a share with its interval, a plain number in
# 0..1, a mean, or a share that is the same either way and so stands once.
ROWS = (
    ("Right", "right", "share"),
    ("Answered where there is an answer", "answered_answerable", "share"),
    ("Abstained where there is none", "abstained_unanswerable", "share"),
    ("Confidence tells them apart (AUC)", "auc_confidence", "unit"),
    ("Area under risk and coverage (less is better)", "aurc", "unit"),
    ("Quotes the gold sentence, when answering", "quotes_gold", "share"),
    ("Verbatim citations", "verbatim", "once"),
    ("Hits@10", "hit_rate@10", "unit"),
    ("Hits@4", "hit_rate@4", "unit"),
    ("MAP@10", "map@10", "unit"),
    ("MRR@10", "mrr@10", "unit"),
    ("All facts@10", "all_facts@10", "unit"),
    ("Article recall@10", "article_recall@10", "unit"),
    ("Statements an answer", "statements_per_answer", "mean"),
)
Metrics = dict[str, Any]


def measured(name: str, data: Path, indexes: Path, out: Path, reader: bool) -> Metrics:
    """The metrics of one set, by the command line in a process of its own."""
    report = out / ("with" if reader else "without") / name / "report.json"
    if not report.exists():
        own = name == "sample"
        questions = sample.questions_path() if own else data / name / "questions.dev.jsonl"
        articles = sample.articles_path() if own else data / name / "articles"
        index = indexes / (name if articles.exists() else "seed")
        environment = {**os.environ, "DATELINE_READER": str(int(reader))}
        if articles.exists():
            _assistant(["index", str(articles), "--index", str(index)], environment)
        command = ["evaluate", str(questions), "--index", str(index), "--out", str(report.parent)]
        _assistant(command, environment)
    metrics: Metrics = json.loads(report.read_text(encoding="utf-8"))["metrics"]
    return metrics


def _assistant(arguments: list[str], environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "assistant", *arguments]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def cell(key: str, how: str, one: Metrics, other: Metrics) -> str:
    """Both values of one figure: that with the reader in bold, with its interval."""
    if one.get(key, {}).get("value") is None:
        return "–"
    if how == "once":
        return _plain(one[key], "share")
    interval = ""
    if how == "share":
        low, high = (round(100 * one[key][side]) for side in ("low", "high"))
        interval = f" ({low}–{high})"
    return f"**{_plain(one[key], how)}{interval}**, {_plain(other[key], how)}"


def _plain(figure: Metrics, how: str) -> str:
    if figure["value"] is None:
        return "–"
    if how == "share":
        return f"{figure['k']} of {figure['n']}"
    if how == "mean":
        return f"{figure['value']:.1f}"
    return "1.0" if figure["value"] >= 0.9995 else f"{figure['value']:.3f}".removeprefix("0")


def table(found: dict[str, tuple[Metrics, Metrics]]) -> str:
    """The rows, one column a set."""
    lines = [f"| | {' | '.join(found)} |", "|---" * (len(found) + 1) + "|"]
    for title, key, how in ROWS:
        cells = [cell(key, how, one, other) for one, other in found.values()]
        lines.append(f"| {title} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure what is missing, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.readme_table")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--indexes", type=Path, help="folder of indexes, SET in it; else made anew")
    parser.add_argument("--out", type=Path, default=Path("reports/readme"))
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="dateline-readme-") as scratch:
        indexes = arguments.indexes or Path(scratch)
        found = {
            name: (
                measured(name, arguments.data, indexes, arguments.out, reader=True),
                measured(name, arguments.data, indexes, arguments.out, reader=False),
            )
            for name in SETS
        }
    print(table(found))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

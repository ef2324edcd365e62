"""Writes a report: report.json, answers.jsonl and report.html; and a table for the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.evaluation.lines import line_of
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.page import render, shown
from assistant.evaluation.run import EvalReport
from assistant.evaluation.writing import write_whole

if TYPE_CHECKING:
    from rich.table import Table


def write_report(report: EvalReport, out_dir: str | Path) -> Path:
    """Write report.json, answers.jsonl (one case a line) and report.html into a folder.

    The folder is made where it is missing, files of an earlier report are replaced. Returns the
    path of report.html.

    Raises:
        UsageError: the folder cannot be written to.
    """
    out_dir = Path(out_dir)
    files = {
        "report.json": json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n",
        "answers.jsonl": "".join(map(line_of, report.results)),
    }
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            write_whole(out_dir / name, text)  # what a stopped run kept is never half a file
        page = out_dir / "report.html"
        page.write_bytes(render(report).encode("utf-8", "replace"))
    except OSError as error:
        raise UsageError(
            f"{out_dir}: cannot write the report ({error.strerror}); give another folder"
        ) from error
    return page


def table(report: EvalReport) -> Table:
    """The figures as a table for the terminal; figures that no case counts for are left out."""
    from rich.table import Table
    from rich.text import Text

    counts = report.counts
    made = Table(title=f"{counts['cases']} cases, {counts['answerable']} of them answerable")
    made.add_column("")
    made.add_column("value", justify="right")
    made.add_column("95 % interval", justify="right")
    made.add_column("of", justify="right")
    figures = report.metrics
    group = METRICS[0].group
    for metric in METRICS:
        if not figures[metric.name].n:
            continue
        if metric.group != group:
            made.add_section()
            group = metric.group
        cells = shown(metric, figures[metric.name])
        made.add_row(cells.title, cells.value, cells.interval, cells.of)
    made.add_section()
    right = METRICS[0]
    for kind, part in report.by_type.items():
        if part[right.name].n:
            cells = shown(right, part[right.name])
            # A type is the file's own words: Text, so that brackets in it are no markup.
            made.add_row(Text(f"Right: {kind}"), cells.value, cells.interval, cells.of)
    made.add_section()
    for stage, times in report.latency_ms.items():
        spread = f"p95 {times['p95']:.0f}, max {times['max']:.0f}"
        made.add_row(f"Latency: {stage}", f"{times['p50']:.0f} ms", spread, "")
    return made

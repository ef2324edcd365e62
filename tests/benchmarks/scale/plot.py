"""Cost against size: `python -m tests.benchmarks.scale.plot reports/scale.json docs/scale.svg`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

_TIMES = {
    "squad": "retrieval, one clause",
    "multihoprag": "retrieval, several clauses",
    "by outlet and days": "by outlet and days",
}
_GIGABYTES = {
    "disk: catalogue [GB]": "disk: catalogue",
    "disk: words [GB]": "disk: words",
    "disk: vectors [GB]": "disk: vectors",
    "memory: after the questions [GB]": "memory of an open library",
}
_SECONDS = {
    "opening [s]": "opening",
    "first question [s]": "first question",
    "adding one article [s]": "adding one article",
}


def main() -> None:
    """Draw three panels: times of retrieval, other times, disk and memory."""
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    rows = {int(k): v for k, v in json.loads(source.read_text(encoding="utf-8"))["sizes"].items()}
    sizes = sorted(rows)
    matplotlib.rcParams["svg.hashsalt"] = "dateline"  # the same figures, the same file
    figure = Figure(figsize=(12, 3.8), layout="constrained")
    asked, waited, held = figure.subplots(1, 3)
    for name, label in _TIMES.items():
        for part, style in (("p95", "-"), ("p50", ":")):
            times = [1000 * rows[size][f"retrieval: {name}, {part} [s]"] for size in sizes]
            (line,) = asked.plot(sizes, times, style, marker="o", markersize=3)
            line.set_label(f"{label}, {part}")
    _lines(waited, rows, sizes, _SECONDS)
    _lines(held, rows, sizes, _GIGABYTES)
    for axes, title in ((asked, "ms"), (waited, "s"), (held, "GB")):
        axes.set(xscale="log", title=title, xlabel="passages")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7)
    asked.set_ylim(bottom=0)
    for axes in (waited, held):
        axes.set_yscale("log")
    figure.savefig(target, format="svg", metadata={"Date": None})


def _lines(
    axes: Axes,
    rows: Mapping[int, Mapping[str, float]],
    sizes: Sequence[int],
    names: Mapping[str, str],
) -> None:
    for name, label in names.items():
        axes.plot(sizes, [rows[size][name] for size in sizes], marker="o", markersize=3)
        axes.lines[-1].set_label(label)


if __name__ == "__main__":
    main()

"""What a benchmark says: figures, where they were taken, as a table and as JSON."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

_PACKAGES = ("chromadb", "llama-index-core", "onnxruntime", "tantivy", "tokenizers", "numpy")


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value. `target` is "<= x" or ">= x" in the same unit, or empty."""

    benchmark: str
    name: str
    value: float
    unit: str
    target: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if not self.target:
            return None
        relation, limit = self.target.split()
        return self.value <= float(limit) if relation == "<=" else self.value >= float(limit)


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: the least value that `percent` % of all do not exceed."""
    ranked = sorted(values)
    return ranked[max(0, -(-percent * len(ranked) // 100) - 1)]


def surroundings() -> dict[str, Any]:
    """When and on what: nothing that names the machine."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "system": platform.system(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in _PACKAGES},
    }


def as_dict(figures: Sequence[Figure]) -> list[dict[str, Any]]:
    return [asdict(figure) | {"met": figure.met} for figure in figures]


def table(figures: Sequence[Figure]) -> str:
    """A Markdown table, which is read as well on a terminal."""
    said = {None: "", True: "yes", False: "NO"}
    rows = [["benchmark", "figure", "value", "target", "met"]]
    for f in figures:
        value = f"{f.value:.3g}" if f.value < 100 else f"{f.value:,.0f}"
        rows.append([f.benchmark, f.name, f"{value} {f.unit}".strip(), f.target, said[f.met]])
    widths = [max(len(row[i]) for row in rows) for i in range(5)]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )

"""Two more plots of the page, as plain numbers: how long answers took, and how each type fared.

Both have a row for each thing that they show, and points in the units of their drawing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation.figures import percentile
from assistant.evaluation.plots import Point
from assistant.evaluation.run import EvalReport

WIDTH, LEFT, RIGHT = 460, 118, 376
TOP, AXIS = 14, 40
TIME_ROW, TYPE_ROW = 46, 32
_BINS = 43
_HILL = 0.85
_LEAST = -1
"""The power of ten of the shortest time that has a place of its own, in milliseconds."""
_LABEL = 16
_MOST_TYPES = 24

STAGE_NAMES = {"wall": "waited", "total": "in all"}
"""What stages are called for people; the others have their own name."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A place across, and what it says."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class TimeRow:
    """How the times of one stage spread: `hill` is drawn over its base `y`."""

    name: str
    y: float
    hill: Sequence[Point]
    median: float
    most: float
    said: str


@dataclass(frozen=True, slots=True)
class TypeRow:
    """The share that is right of one type of case, with its interval."""

    name: str
    y: float
    x: float
    low: float
    high: float
    said: str


@dataclass(frozen=True, slots=True)
class Rows:
    """A drawing: its rows, the ticks across, its height, and how many rows it has no place for."""

    rows: Sequence[TimeRow] | Sequence[TypeRow]
    ticks: Sequence[Tick]
    row_height: int
    left_out: int = 0
    width: int = WIDTH
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP

    @property
    def bottom(self) -> int:
        """Where the axis lies."""
        return TOP + self.row_height * len(self.rows)

    @property
    def height(self) -> int:
        """The height of all of it."""
        return self.bottom + AXIS


def times_plot(times: Mapping[str, Sequence[float]]) -> Rows | None:
    """The milliseconds of each stage over a scale of powers of ten; None where there are none."""
    told = {stage: values for stage, values in times.items() if max(values, default=0) > 0}
    if not told:
        return None
    some = [value for values in told.values() for value in values if value > 0]
    low = max(math.floor(math.log10(min(some))), _LEAST)  # what is shorter stands at the edge
    high = max(math.ceil(math.log10(max(some))), low + 1)

    def place(ms: float) -> float:
        share = (math.log10(max(ms, 10**low)) - low) / (high - low)
        return round(LEFT + (RIGHT - LEFT) * share, 2)

    rows = [
        _times_row(stage, values, row, place) for row, (stage, values) in enumerate(told.items())
    ]
    ticks = []
    for power in range(low, high + 1):
        bare = f"{10**power}" if low < power < 3 and power else ms_said(10**power)
        ticks.append(Tick(place(10**power), bare))
    return Rows(rows, ticks, TIME_ROW)


def types_plot(report: EvalReport) -> Rows | None:
    """The share that is right of each type; None where there are fewer than two types."""
    told = [(kind, part["right"]) for kind, part in report.by_type.items() if part["right"].n]
    if len(told) < 2:
        return None
    rows = []
    for row, (kind, right) in enumerate(told[:_MOST_TYPES]):
        x, low, high = (_across(share or 0.0) for share in (right.value, right.low, right.high))
        y = TOP + TYPE_ROW * (row + 0.5)
        rows.append(TypeRow(_short(kind), y, x, low, high, f"{right.k} of {right.n}"))
    ticks = [Tick(_across(percent / 100), f"{percent}") for percent in (0, 25, 50, 75, 100)]
    return Rows(rows, ticks, TYPE_ROW, max(0, len(told) - _MOST_TYPES))


def ms_said(ms: float) -> str:
    """A time for people.

    >>> ms_said(0.02), ms_said(0.25), ms_said(12.3), ms_said(800), ms_said(1000), ms_said(12345)
    ('< 0.1 ms', '0.25 ms', '12 ms', '800 ms', '1 s', '12 s')
    """
    if ms < 0.1:
        return "< 0.1 ms"
    amount, unit = (ms, "ms") if ms < 1000 else (ms / 1000, "s")
    return f"{amount:.0f} {unit}" if amount >= 10 else f"{amount:.2g} {unit}"


def _times_row(
    stage: str, values: Sequence[float], row: int, place: Callable[[float], float]
) -> TimeRow:
    y = TOP + TIME_ROW * (row + 1)
    counts = [0] * _BINS
    for value in values:
        share = (place(value) - LEFT) / (RIGHT - LEFT)
        counts[min(int(share * _BINS), _BINS - 1)] += 1
    step = (RIGHT - LEFT) / _BINS
    hill: list[Point] = []
    for bin, count in enumerate(counts):
        top = round(y - TIME_ROW * _HILL * count / max(counts), 2)
        hill += [(round(LEFT + step * bin, 2), top), (round(LEFT + step * (bin + 1), 2), top)]
    hill = [(hill[0][0], y), *hill, (hill[-1][0], y)]
    median, most = percentile(values, 50), percentile(values, 95)
    name = STAGE_NAMES.get(stage, stage)
    said = f"{ms_said(median)}, {ms_said(most)}"
    return TimeRow(name, y, hill, place(median), place(most), said)


def _across(share: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * share, 2)


def _short(text: str) -> str:
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"

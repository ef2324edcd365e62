"""The plot of figures over runs, as plain numbers: the template draws them.

Places are in percent of the drawing, from its left and from its top, so that it can have any
width while its words keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluation.figures import Figure
from assistant.evaluation.metrics import Metric

Point = tuple[float, float]

MOST_RUNS = 40
"""Runs that are drawn; older ones stand in the table alone."""

_LABELS = 6


@dataclass(frozen=True, slots=True)
class Dot:
    """One run's value of one figure, and the run's place in the drawing (0 is the first)."""

    x: float
    y: float
    value: str
    run: int


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over the runs. `runs` are the stretches in which every run has a value.

    `band` is its 95 % interval, drawn where it is the only figure. `look` numbers its colour,
    dashes and marks from 0.
    """

    metric: Metric
    look: int
    stretches: Sequence[Sequence[Point]]
    dots: Sequence[Dot]
    band: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Plot:
    """The lines of the newest `runs` runs; the places at which the day of a run is written, and
    that run's place among those drawn.

    `breaks` are the places between two runs whose questions or articles differ: figures on both
    sides of one do not compare.
    """

    lines: Sequence[Line]
    runs: int
    days: Sequence[tuple[float, int]]
    breaks: Sequence[float]
    left_out: int


def trend(
    metrics: Sequence[Metric],
    runs: Sequence[dict[str, Figure]],
    bases: Sequence[object],
) -> Plot | None:
    """The plot of some figures over runs, oldest first; None for fewer than two runs.

    `bases` are what each run was over: where it changes, there is a break.
    """
    left_out = max(len(runs) - MOST_RUNS, 0)
    runs, bases = runs[left_out:], bases[left_out:]
    if len(runs) < 2:
        return None
    xs = [round(3 + 94 * number / (len(runs) - 1), 2) for number in range(len(runs))]
    step = max(-(-(len(runs) - 1) // (_LABELS - 1)), 1)
    last = len(runs) - 1
    labelled = [n for n in range(0, len(runs), step) if last - n >= step] + [last]
    alone = len(metrics) == 1
    return Plot(
        lines=[_line(m, look, runs, xs, alone=alone) for look, m in enumerate(metrics)],
        runs=len(runs),
        days=[(xs[number], number) for number in labelled],
        breaks=[
            round((xs[n - 1] + xs[n]) / 2, 2)
            for n in range(1, len(runs))
            if bases[n] != bases[n - 1]
        ],
        left_out=left_out,
    )


def _line(
    metric: Metric,
    look: int,
    runs: Sequence[dict[str, Figure]],
    xs: Sequence[float],
    *,
    alone: bool,
) -> Line:
    dots: list[Dot] = []
    stretches: list[list[Point]] = []
    stretch: list[Point] = []
    bounds: list[tuple[float, float, float]] = []
    for number, (x, figures) in enumerate(zip(xs, runs, strict=True)):
        figure = figures[metric.name]
        if figure.value is None:
            stretches.append(stretch)
            stretch = []
            continue
        point = (x, _y(figure.value))
        stretch.append(point)
        dots.append(Dot(*point, f"{100 * figure.value:.1f} %", number))
        if figure.low is not None and figure.high is not None:
            bounds.append((x, _y(figure.low), _y(figure.high)))
    stretches.append(stretch)
    band: list[Point] = []
    if alone and len(bounds) == len(runs):
        band = [(x, low) for x, low, _ in bounds] + [(x, high) for x, _, high in bounds[::-1]]
    return Line(metric, look, [s for s in stretches if len(s) > 1], dots, band)


def _y(share: float) -> float:
    return round(100 - 100 * min(max(share, 0.0), 1.0), 2)

"""The two plots of the page, as plain numbers: the template draws them, as SVG.

Points are (x, y) in the units of the drawing, whose origin is at the top left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.evaluation.calibration import Bin, ece_by_chance, forecasts, reliability
from assistant.evaluation.figures import Figure
from assistant.evaluation.risk import RiskPoint, choices, risk_curve
from assistant.evaluation.run import EvalReport

Point = tuple[float, float]

WIDTH, HEIGHT = 460, 344
LEFT, RIGHT, TOP, BOTTOM = 62, 446, 20, 284
_TICKS = (0, 25, 50, 75, 100)
_ROWS = 10
_WORDS = 120


@dataclass(frozen=True, slots=True)
class Frame:
    """What both drawings share: size, edges, and the places of the ticks with their percents."""

    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    top: int = TOP
    bottom: int = BOTTOM

    @property
    def ticks(self) -> list[tuple[int, float, float]]:
        """(percent, x, y) of each tick."""
        return [(percent, _x(percent / 100), _y(percent / 100)) for percent in _TICKS]


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line, what it says, and whether the words stand to the left of it."""

    x: float
    label: str
    to_left: bool


@dataclass(frozen=True, slots=True)
class RiskPlot:
    """The risk-coverage curve.

    `line` goes as far as every answer is known; from there `most` and `least` bound it, and
    `between` is the area between them. `band` is the 95 % interval, `all` the height of the risk
    of answering every case, `run` the place of this run. `rows` are the points of a table.
    """

    line: Sequence[Point]
    most: Sequence[Point]
    least: Sequence[Point]
    between: Sequence[Point]
    band: Sequence[Point]
    all: float
    run: Point | None
    mark: Mark | None
    rows: Sequence[RiskPoint]
    withheld: int


@dataclass(frozen=True, slots=True)
class Dot:
    """A bin: its place, and the ends of its interval."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ReliabilityPlot:
    """The reliability diagram; `with_answer` and `without` are the places of single cases."""

    dots: Sequence[Dot]
    with_answer: Sequence[float]
    without: Sequence[float]
    mark: Mark | None
    rows: Sequence[Bin]
    by_chance: float


def risk_plot(report: EvalReport, metrics: Mapping[str, Figure]) -> RiskPlot | None:
    """The curve of a report, with the place of the run by its figures.

    None where all confidences are one, so that there is no curve.
    """
    points = risk_curve(choices(report.judged))
    if len(points) < 2:
        return None
    known = [point for point in points if not point.withheld]
    # The last known point starts the open part as well, so that the lines meet.
    opened = points[max(len(known) - 1, 0) :] if len(known) < len(points) else []
    most = [(_x(point.coverage), _y(point.risk)) for point in opened]
    least = [(_x(point.coverage), _y(point.least_risk)) for point in opened]
    bounds = [(_x(point.coverage), *map(_y, point.interval)) for point in points]
    run = _run_point(metrics["coverage"], metrics["risk"])
    label = "this run" if report.threshold is None else f"threshold {report.threshold:.2f}"
    return RiskPlot(
        line=[(_x(point.coverage), _y(point.risk)) for point in known],
        most=most,
        least=least,
        between=most + least[::-1],
        band=[(x, low) for x, low, _ in bounds] + [(x, high) for x, _, high in bounds[::-1]],
        all=_y(points[-1].risk),
        run=run,
        mark=_mark(run[0], label) if run else None,
        rows=_spread(points),
        withheld=points[-1].withheld,
    )


def reliability_plot(report: EvalReport) -> ReliabilityPlot | None:
    """The diagram of a report; None where all confidences are one."""
    told = forecasts(report.judged)
    bins = reliability(told)
    by_chance = ece_by_chance(told)
    if len(bins) < 2 or by_chance is None:
        return None
    return ReliabilityPlot(
        dots=[
            Dot(_x(bin.confidence), _y(bin.share), *(_y(bound) for bound in bin.interval))
            for bin in bins
        ],
        with_answer=[_x(confidence) for confidence, answerable in told if answerable],
        without=[_x(confidence) for confidence, answerable in told if not answerable],
        mark=_threshold_mark(report),
        rows=bins,
        by_chance=by_chance,
    )


def _threshold_mark(report: EvalReport) -> Mark | None:
    """The threshold; where the caller gave none, the lowest confidence that was answered."""
    if report.threshold is not None:
        return _mark(_x(report.threshold), f"threshold {report.threshold:.2f}")
    answered = [c.confidence for _, c in report.judged if c.answered and c.confidence is not None]
    if not answered:
        return None
    return _mark(_x(min(answered)), f"answered from {min(answered):.2f}")


def _mark(x: float, label: str) -> Mark:
    return Mark(x, label, x > RIGHT - _WORDS)


def _run_point(coverage: Figure, risk: Figure) -> Point | None:
    if coverage.value is None or risk.value is None:
        return None
    return _x(coverage.value), _y(risk.value)


def _spread(points: Sequence[RiskPoint]) -> list[RiskPoint]:
    """The first points that answer a tenth, two tenths and so on of the cases."""
    firsts = (
        next(point for point in points if point.coverage >= row / _ROWS - 1e-9)
        for row in range(1, _ROWS + 1)
    )
    return list(dict.fromkeys(firsts))


def _x(share: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * share, 2)


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 2)

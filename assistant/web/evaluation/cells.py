"""A figure as a cell of the page: its words, its bar, and how it moved since the run before."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.evaluation.figures import Figure
from assistant.evaluation.metrics import LOWER_IS_BETTER, Metric
from assistant.evaluation.page import Shown, shown


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure in words. `moved` is "+7.7" or "", in points where the figure is in percent;
    `tone` says whether that is for the "better" or for the "worse", or "" for neither.
    """

    name: str
    shown: Shown
    moved: str = ""
    tone: str = ""

    @property
    def said(self) -> str:
        """How it moved, as it is read out."""
        if not self.moved:
            return ""
        amount = self.moved.lstrip("+−")
        way = "more" if self.moved.startswith("+") else "less"
        return f"{amount} {way} than the run before" + (f", {self.tone}" if self.tone else "")


def cell(metric: Metric, figure: Figure, before: Figure | None = None) -> Cell:
    """The cell of a figure, beside what it was before.

    >>> from assistant.evaluation.metrics import METRICS
    >>> made = cell(METRICS[0], Figure(0.5, 4, 2), Figure(0.75, 4, 3))
    >>> made.moved, made.tone, made.said
    ('−25.0', 'worse', '25.0 less than the run before, worse')
    """
    words = shown(metric, figure)
    if before is None or before.value is None or figure.value is None:
        return Cell(metric.name, words)
    difference = figure.value - before.value
    moved = f"{100 * difference:+.1f}" if metric.kind == "share" else f"{difference:+.3f}"
    if not moved.strip("+-0."):
        return Cell(metric.name, words)
    if metric.kind == "count":
        return Cell(metric.name, words, moved.replace("-", "−"))
    better = (difference > 0) != (metric.name in LOWER_IS_BETTER)
    return Cell(metric.name, words, moved.replace("-", "−"), "better" if better else "worse")

"""A comparison as people read it: a table for the terminal, and one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import UsageError
from assistant.evaluation.baseline import Baseline
from assistant.evaluation.changes import Change, changes
from assistant.evaluation.comparing import Comparison, Difference, Flip, compare
from assistant.evaluation.figures import Figure
from assistant.evaluation.metrics import METRICS, Metric
from assistant.evaluation.page import VERDICTS, case_card, draw
from assistant.evaluation.writing import write_whole

if TYPE_CHECKING:
    from rich.table import Table

WAYS = {
    "lost": "Right before, and no more",
    "gained": "Right now, and not before",
    "otherwise": "Not right, in another way",
}
_METRICS = {metric.name: metric for metric in METRICS}
_OF_TYPES = ("right", "answer_match_all_parts", "abstained_unanswerable", "abstained_answerable",
             "quotes_gold", "hit_rate@10", "mrr@10")  # fmt: skip
TYPE_TITLES = tuple(_METRICS[name].title for name in _OF_TYPES)
"""The figures that are told for each type of question."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A later run beside the first: its name, what was changed in what made it, what differs."""

    name: str
    changed: Sequence[Change]
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class Row:
    """A difference as text; `mood` is "better", "worse", or "differs" for what is neither, where
    the interval leaves out 0; else "".
    """

    title: str
    meaning: str
    before: str
    after: str
    value: str
    interval: str
    mood: str


def set_beside(first: Baseline, name: str, other: Baseline) -> Compared:
    """A run, by its name, beside a first one.

    Raises:
        UsageError: they have no question in common.
    """
    found = compare(first.results, other.results)
    if not found.cases:
        raise UsageError(f"{name} has no question in common with the first: nothing to compare")
    return Compared(name, changes(first.made_by, other.made_by), found)


def row(difference: Difference) -> Row:
    """A difference as text, in the way of its figure's kind."""
    metric = _METRICS[difference.name]
    value = interval = mood = ""
    if difference.value is not None:
        value = _signed(metric, difference.value)
    if difference.low is not None and difference.high is not None:
        interval = f"{_signed(metric, difference.low)} to {_signed(metric, difference.high)}"
    if difference.sure:
        mood = {True: "better", False: "worse", None: "differs"}[difference.better]
    before, after = (_plain(metric, each) for each in (difference.before, difference.after))
    return Row(metric.title, metric.meaning, before, after, value, interval, mood)


def compared_table(first: str, compared: Compared) -> Table:
    """The figures that differ, as a table for the terminal."""
    from rich.table import Table
    from rich.text import Text

    found = compared.comparison
    made = Table(title=f"{compared.name} against {first}: {found.cases} cases")
    for title in ("", "before", "after", "difference", "95 % interval", ""):
        made.add_column(title, justify="left" if not title else "right")
    for difference in found.differences:
        if difference.value:
            each = row(difference)
            made.add_row(
                Text(each.title), each.before, each.after, each.value, each.interval, each.mood
            )
    return made


def groups_of(differences: Sequence[Difference]) -> dict[str, list[Row]]:
    """Differences as text, by the group of their figure; figures that no case counts for are
    left out.
    """
    groups: dict[str, list[Row]] = {}
    for difference in differences:
        if difference.before.n or difference.after.n:
            groups.setdefault(_METRICS[difference.name].group, []).append(row(difference))
    return groups


def types_of(found: Comparison) -> list[tuple[str, list[Row]]]:
    """For each type of question, the figures of `TYPE_TITLES`; none where there is one type."""
    return [
        (kind, [row(next(d for d in differences if d.name == name)) for name in _OF_TYPES])
        for kind, differences in found.by_type.items()
    ]


def render_comparison(first: str, runs: Sequence[Compared]) -> str:
    """A self-contained HTML page: figures, types of question, and what flipped, with why."""
    return draw("compared.html.j2", {"first": first, "runs": [_run(each) for each in runs]})


def write_comparison(first: str, runs: Sequence[Compared], path: str | Path) -> Path:
    """Write `render_comparison`.

    Raises:
        UsageError: it cannot be written there.
    """
    path = Path(path)
    write_whole(path, render_comparison(first, runs))
    return path


def _run(compared: Compared) -> dict[str, Any]:
    found = compared.comparison
    return {
        "name": compared.name,
        "changed": compared.changed,
        "cases": found.cases,
        "apart": found.apart,
        "groups": groups_of(found.differences),
        "titles": TYPE_TITLES,
        "types": types_of(found),
        "ways": [
            (title, [_flip(flip) for flip in found.flips if flip.way == way])
            for way, title in WAYS.items()
        ],
    }


def _flip(flip: Flip) -> dict[str, Any]:
    verdicts = [VERDICTS[each.checks.verdict][0] for each in (flip.before, flip.after)]
    return {
        "before": case_card(flip.before),
        "after": case_card(flip.after),
        "verdicts": verdicts,
        "why": flip.why,
    }


def _plain(metric: Metric, figure: Figure) -> str:
    if figure.value is None:
        return "–"
    if metric.kind == "share":
        return f"{100 * figure.value:.1f} %"
    digits = metric.digits if metric.kind == "count" else 3
    return f"{figure.value:.{digits}f}"


def _signed(metric: Metric, value: float) -> str:
    digits = metric.digits + 1 if metric.kind == "count" else 3
    if abs(value) < 0.5 * 10**-digits:
        return "0"
    return f"{100 * value:+.1f}" if metric.kind == "share" else f"{value:+.{digits}f}"

"""What the page's overview shows: the runs of one question file, and their figures over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from assistant.errors import RunError
from assistant.evaluation import Change, DamagedRun, Run, changes, facts
from assistant.evaluation.kept import Figures
from assistant.evaluation.metrics import Metric
from assistant.web.evaluation.cells import Cell, cell
from assistant.web.evaluation.reading import figures_of
from assistant.web.evaluation.trend import Plot, trend
from assistant.web.evaluation.view import CHOSEN, MOST, OFFERED, View, address

A_PAGE = 50
"""Runs in the table before more are asked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A run in the table. `note` says why it has no figures; `before` is the run it is held to."""

    id: str
    address: str
    started: datetime
    cases: int
    writer: str
    cells: Sequence[Cell] = ()
    note: str = ""
    before: str = ""
    changed: Sequence[Change] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that can be chosen; `disabled` where as many as can be drawn are chosen."""

    metric: Metric
    chosen: bool
    disabled: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The page's overview. `files` are the question files: name, address, runs, whether shown.

    `days` says when each run of the plot was. `rows` are the newest `of` them all; `more` is the
    address of more of them.
    """

    view: View
    files: Sequence[tuple[str, str, int, bool]]
    choices: Sequence[tuple[str, Sequence[Choice]]]
    chosen: Sequence[Metric]
    newest: Sequence[Cell]
    rows: Sequence[Row]
    drawn: Sequence[Row]
    plot: Plot | None
    days: Sequence[str] = ()
    of: int = 0
    more: str = ""
    damaged: Sequence[DamagedRun] = field(default_factory=tuple)

    @property
    def comparable(self) -> bool:
        """Whether there are runs in the table to set beside each other."""
        return sum(not row.note for row in self.rows) > 1


def overview(view: View, kept: Sequence[Run | DamagedRun]) -> Overview:
    """The overview of what is kept, newest first."""
    damaged = [run for run in kept if isinstance(run, DamagedRun)]
    runs = [run for run in kept if isinstance(run, Run)]
    names = list(dict.fromkeys(run.questions for run in runs))
    shown = view.questions if view.questions in names else (names[0] if names else "")
    view = view._replace(questions=shown, run="", case="")
    first = view._replace(page=1)
    chosen = [run for run in runs if run.questions == shown]
    figures, spoilt = _figures(chosen)
    metrics = _metrics(view, list(figures.values()))
    sound = [run for run in chosen if not run.whole or run.id in figures][::-1]
    whole = [run for run in sound if run.whole]
    before = dict(zip([run.id for run in whole], [None, *whole], strict=False))
    rows = [_row(view, run, metrics, figures, before.get(run.id)) for run in sound]
    drawn = [row for row in rows if row.cells]
    plot = trend(metrics, [figures[run.id].metrics for run in whole], [basis(run) for run in whole])
    return Overview(
        view=view,
        files=[
            (
                name,
                address(first._replace(questions=name)),
                _count(name, runs),
                name == shown,
            )
            for name in names
        ],
        choices=_choices(metrics, list(figures.values())),
        chosen=metrics,
        newest=drawn[-1].cells if drawn else (),
        rows=rows[::-1][: A_PAGE * view.page],
        of=len(rows),
        more=address(view._replace(page=view.page + 1)) if len(rows) > A_PAGE * view.page else "",
        drawn=drawn,
        plot=plot,
        days=_days([row.started for row in drawn[plot.left_out :]]) if plot else (),
        damaged=[*damaged, *spoilt],
    )


def basis(run: Run) -> tuple[str, ...]:
    """What a run's figures are over: the questions, the articles, the filters."""
    told = dict(facts(run.made_by))
    return tuple(
        told.get(name, "")
        for name in (
            "questions digest",
            "articles digest",
            "since",
            "until",
            "source",
            "region",
            "tag",
        )
    )


def writer_of(run: Run) -> str:
    """Who wrote a run's answers: "quote", or the writer and its model."""
    told = dict(facts(run.made_by))
    return " ".join(part for part in (told.get("writer", ""), told.get("model", "")) if part)


def comparable(run: Run, before: Run | None) -> bool:
    """Whether two runs asked the same questions, so that their figures can be told apart."""
    return before is not None and basis(run)[0] == basis(before)[0]


def _figures(runs: Sequence[Run]) -> tuple[dict[str, Figures], list[DamagedRun]]:
    """The figures of the whole runs by id, and the runs whose figures cannot be read."""
    found: dict[str, Figures] = {}
    damaged = []
    for run in runs:
        try:
            if run.whole:
                found[run.id] = figures_of(run)
        except RunError as error:
            damaged.append(DamagedRun(run.id, str(error)))
    return found, damaged


def _metrics(view: View, whole: Sequence[Figures]) -> list[Metric]:
    """The figures that are shown: of the usual ones, those that some run has."""
    metrics = [metric for metric in OFFERED if metric.name in view.figures]
    if view.figures != CHOSEN:
        return metrics
    held = [m for m in metrics if any(figures.metrics[m.name].n for figures in whole)]
    return held or metrics


def _row(
    view: View,
    run: Run,
    metrics: Sequence[Metric],
    figures: Mapping[str, Figures],
    before: Run | None,
) -> Row:
    where = address(view._replace(run=run.id, questions="", page=1))
    if not run.whole:
        ended = "Stopped" if run.status == "stopped" else "Not whole, it runs or was cut off"
        asked = f"{ended}: {run.answered():,} of {run.cases:,} questions asked"
        return Row(run.id, where, run.started, run.cases, writer_of(run), note=asked)
    held = figures[before.id].metrics if before and comparable(run, before) else {}
    own = figures[run.id].metrics
    return Row(
        run.id,
        where,
        run.started,
        run.cases,
        writer_of(run),
        [cell(m, own[m.name], held.get(m.name)) for m in metrics],
        before=before.id if before else "",
        changed=changes(before.made_by, run.made_by) if before else (),
    )


def _choices(
    metrics: Sequence[Metric], whole: Sequence[Figures]
) -> list[tuple[str, Sequence[Choice]]]:
    """The figures that can be chosen, by group: those that some run has."""
    groups: dict[str, list[Choice]] = {}
    full = len(metrics) >= MOST
    for metric in OFFERED:
        chosen = metric in metrics
        if chosen or any(figures.metrics[metric.name].n for figures in whole):
            groups.setdefault(metric.group, []).append(Choice(metric, chosen, full and not chosen))
    return list(groups.items())


def _days(started: Sequence[datetime]) -> list[str]:
    """When each run was: with its time where all are of a few days, else with its year."""
    close = started[-1] - started[0] < timedelta(days=3)
    return [f"{at.day} {at:%b, %H:%M}" if close else f"{at.day} {at:%b %Y}" for at in started]


def _count(name: str, runs: Sequence[Run]) -> int:
    return sum(run.questions == name for run in runs)

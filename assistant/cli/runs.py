"""`assistant runs list | show | compare | baseline | floors | delete`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import IndexOption, JsonOption, RunsOption, settings_of
from assistant.console import console, counted, note, say
from assistant.errors import RunError, RunNotFoundError, UsageError

if TYPE_CHECKING:
    from assistant.evaluation import Baseline, Change, DamagedRun, Difference, Run, Runs
    from assistant.evaluation.compared import Compared

runs_app = typer.Typer(help="List, show, compare and delete the runs of `evaluate` that are kept.")

RunArgument = Annotated[str, typer.Argument(metavar="ID", help="a run, as `list` names it")]


@runs_app.command("list")
def list_runs(
    index: IndexOption = None, runs: RunsOption = None, as_json: JsonOption = False
) -> None:
    """List the runs, newest first."""
    from assistant.evaluation import DamagedRun

    kept = _kept(index, runs).all()
    if as_json:
        say(json.dumps([_dict(run) for run in kept], indent=2))
        return
    for run in kept:
        try:
            if isinstance(run, DamagedRun):
                raise RunError(run.reason)
            say(_printable(f"{run.id}  {run.questions}  {_ended(run)}"))
        except RunError as error:
            say(f"{run.id}  damaged")
            note(str(error))
    note(counted(len(kept), "run"))


@runs_app.command("show")
def show_run(
    run_id: RunArgument,
    index: IndexOption = None,
    runs: RunsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a run's figures, what made it, and what changed since the run before it."""
    from assistant.evaluation import EvalReport, changes, facts, table

    held = _kept(index, runs)
    run = held.run(run_id)
    before = _before(held, run)
    changed = changes(before.made_by, run.made_by) if before else []
    if as_json:
        report = run.report() if run.whole else None
        more = {"since": before.id if before else None, "changed": _changed(changed)}
        say(json.dumps({**_dict(run), **more, "report": report}, indent=2))
        return
    say(_printable(f"{run.questions}, {run.started:%Y-%m-%d %H:%M} UTC, {_ended(run)}"))
    for each in run.resumed:
        say(f"resumed: {each.at}, {counted(each.kept, 'answer')} kept")
    for name, value in facts(run.made_by):
        if value:
            say(_printable(f"{name}: {value}"))
    if before:
        said = "; ".join(str(change) for change in changed) or "nothing that is recorded"
        say(_printable(f"changed since {before.id}: {said}"))
    if run.whole:
        about = run.report().get("about")
        for name in ("cost", "judge", "judge_tokens", "judge_cost"):
            if isinstance(about, dict) and name in about:
                say(_printable(f"{name.replace('_', ' ')}: {about[name]}"))
        console().print(table(EvalReport(run.results())))


@runs_app.command("compare")
def compare_runs(
    first: Annotated[str, typer.Argument(metavar="FIRST", help="a run's id, or a baseline file")],
    others: Annotated[list[str], typer.Argument(metavar="OTHER...", help="runs to set beside it")],
    out: Annotated[Path | None, typer.Option(help="HTML file to write", dir_okay=False)] = None,
    index: IndexOption = None,
    runs: RunsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Set runs beside a first one: differences with intervals, and what flipped, with why."""
    from assistant.evaluation import compared_table, set_beside, write_comparison

    held = _kept(index, runs)
    against = _given(held, first)
    compared = [set_beside(against, other, _given(held, other)) for other in others]
    if as_json:
        say(json.dumps([_comparison_dict(each) for each in compared], indent=2))
    else:
        for each in compared:
            console().print(compared_table(first, each))
            _say_flips(each)
    if out is not None:
        note(f"comparison: {write_comparison(first, compared, out)}")


@runs_app.command("baseline")
def make_baseline(
    run_id: RunArgument,
    out: Annotated[Path, typer.Argument(help="file to write", dir_okay=False)],
    index: IndexOption = None,
    runs: RunsOption = None,
) -> None:
    """Write a run as one file, to compare later runs with."""
    from assistant.evaluation import write_baseline

    cases = write_baseline(_kept(index, runs).run(run_id), out)
    note(f"{counted(cases, 'case')} written to {out}")


@runs_app.command("floors")
def set_floors(
    run_id: RunArgument,
    file: Annotated[Path, typer.Argument(help="floors file to set", dir_okay=False)],
    lower: Annotated[
        bool, typer.Option("--lower", help="lower floors, or move them to other questions")
    ] = False,
    index: IndexOption = None,
    runs: RunsOption = None,
) -> None:
    """Set the floors of a file to what a run reached; nothing is lowered without --lower."""
    from assistant.evaluation import cases_digest, write_floors

    run = _kept(index, runs).run(run_id)
    if not run.whole:
        raise UsageError(f"run {run.id} is not whole: floors are set by one that is")
    cases = [result.case for result in run.results()]
    articles = str(run.made_by.get("articles", {}).get("digest", ""))
    figures = run.figures().metrics
    floors = write_floors(file, figures, cases_digest(cases), articles, lower=lower)
    for name, floor in sorted(floors.floors.items()):
        say(f"{name}: {floor:.3f}")


@runs_app.command("delete")
def delete_runs(
    run_ids: Annotated[list[str], typer.Argument(metavar="ID...")],
    index: IndexOption = None,
    runs: RunsOption = None,
) -> None:
    """Delete runs for good."""
    held = _kept(index, runs)
    deleted = 0
    for run_id in (wanted := list(dict.fromkeys(run_ids))):
        try:
            held.delete(run_id)
            deleted += 1
        except RunNotFoundError:
            continue
    note(f"{deleted} deleted")
    if deleted < len(wanted):
        raise UsageError(
            f"{len(wanted) - deleted} not found; `assistant runs list` shows what is kept"
        )


def _kept(index: Path | None, named: Path | None) -> Runs:
    from assistant.evaluating import runs_folder
    from assistant.evaluation import Runs

    settings = settings_of(index)
    return Runs(named or runs_folder(settings, settings.index) or settings.index)


def _before(held: Runs, run: Run) -> Run | None:
    """The last whole run of the same question file before this one."""
    from assistant.evaluation import earlier

    return earlier(run, held.all())


def _printable(line: str) -> str:
    """A line of a record, which may hold anything: without what moves the terminal's cursor."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in line)


def _ended(run: Run) -> str:
    if run.whole:
        right = run.figures().metrics["right"]
        share = "" if right.value is None else f", {100 * right.value:.1f} % right"
        return f"{counted(run.cases, 'question')}{share}, {run.seconds or 0:.0f} s"
    return f"not whole: {run.answered()} of {counted(run.cases, 'question')} asked"


def _dict(run: Run | DamagedRun) -> dict[str, Any]:
    from assistant.evaluation import DamagedRun

    if isinstance(run, DamagedRun):
        return {"id": run.id, "status": "damaged", "reason": run.reason}
    return {
        "id": run.id,
        "status": run.status,
        "started_at": run.started.isoformat(),
        "seconds": run.seconds,
        "questions": run.questions,
        "cases": run.cases,
        "workers": run.workers,
        "resumed": [asdict(each) for each in run.resumed],
        "made_by": dict(run.made_by),
    }


def _changed(changed: Sequence[Change]) -> list[dict[str, str]]:
    return [
        {"name": change.name, "before": change.before, "after": change.after} for change in changed
    ]


def _given(held: Runs, named: str) -> Baseline:
    """A kept run, or a baseline file, of that name."""
    from assistant.evaluation import Baseline, read_baseline
    from assistant.evaluation.kept import RUN_ID

    if not RUN_ID.fullmatch(named):
        return read_baseline(named)
    run = held.run(named)
    if not run.whole:
        note(f"run {run.id} is not whole: what it asked is compared")
    return Baseline.of(run)


def _say_flips(compared: Compared) -> None:
    found = compared.comparison
    for change in compared.changed:
        note(f"changed: {change}")
    if found.apart:
        note(f"{counted(len(found.apart), 'question')} left out: not the same in both")
    for flip in found.flips:
        say(f"{flip.way}: {flip.after.case.id}  {' '.join(flip.after.case.question.split())}")
        for reason in flip.why:
            say(f"    {reason}")


def _comparison_dict(compared: Compared) -> dict[str, Any]:
    found = compared.comparison
    return {
        "run": compared.name,
        "changed": _changed(compared.changed),
        "cases": found.cases,
        "apart": list(found.apart),
        "differences": {each.name: _difference_dict(each) for each in found.differences},
        "by_type": {
            kind: {each.name: _difference_dict(each) for each in differences}
            for kind, differences in found.by_type.items()
        },
        "flips": [
            {
                "id": flip.after.case.id,
                "way": flip.way,
                "before": flip.before.checks.verdict,
                "after": flip.after.checks.verdict,
                "why": list(flip.why),
            }
            for flip in found.flips
        ],
    }


def _difference_dict(difference: Difference) -> dict[str, float | None]:
    return {
        "before": difference.before.value,
        "after": difference.after.value,
        "difference": difference.value,
        "low": difference.low,
        "high": difference.high,
    }

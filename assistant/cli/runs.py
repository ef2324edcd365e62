"""`assistant runs list | show | delete`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import IndexOption, JsonOption, RunsOption, settings_of
from assistant.console import console, counted, note, say
from assistant.errors import RunError, RunNotFoundError, UsageError

if TYPE_CHECKING:
    from assistant.evaluation import Change, DamagedRun, Run, Runs

runs_app = typer.Typer(help="List, show and delete the runs of `evaluate` that are kept.")

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
    for name, value in facts(run.made_by):
        if value:
            say(_printable(f"{name}: {value}"))
    if before:
        said = "; ".join(str(change) for change in changed) or "nothing that is recorded"
        say(_printable(f"changed since {before.id}: {said}"))
    if run.whole:
        console().print(table(EvalReport(run.results())))


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
        "made_by": dict(run.made_by),
    }


def _changed(changed: Sequence[Change]) -> list[dict[str, str]]:
    return [
        {"name": change.name, "before": change.before, "after": change.after} for change in changed
    ]

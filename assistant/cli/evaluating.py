"""`assistant evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import (
    IndexOption,
    RegionOption,
    RunsOption,
    SinceOption,
    SourceOption,
    TagOption,
    UntilOption,
    WriterOption,
    opened,
    settings_of,
)
from assistant.console import console, note, progress_bar
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.evaluation import Baseline, EvalReport, Run, Runs
    from assistant.pipeline import Assistant


def evaluate(
    questions: Annotated[Path, typer.Argument(help="JSONL file, one case a line")],
    index: IndexOption = None,
    writer: WriterOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    region: RegionOption = None,
    tag: TagOption = None,
    out: Annotated[Path | None, typer.Option(file_okay=False, help="folder of the report")] = None,
    floors: Annotated[Path | None, typer.Option(help="JSON file of floors to hold")] = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="a figure to hold, such as right=0.8; exits 1"),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="baseline file to compare with", dir_okay=False)
    ] = None,
    runs: RunsOption = None,
    keep: Annotated[
        bool, typer.Option("--keep/--no-keep", help="keep the run, to list and compare it")
    ] = True,
    judge: Annotated[
        bool, typer.Option("--judge", help="have the endpoint's model judge the answers too")
    ] = False,
) -> None:
    """Score a question set; write report.html, report.json and answers.jsonl."""
    from assistant.evaluating import judge_of, run_evaluation
    from assistant.evaluation import (
        Floors,
        check_floors,
        judged,
        load_cases,
        load_floors,
        parse_floor,
        read_baseline,
        table,
        write_report,
    )
    from assistant.evaluation.gate import revisions_digest
    from assistant.intake import Narrowed

    if runs is not None and not keep:
        raise UsageError("--runs names where to keep the run, and --no-keep says not to: drop one")
    cases = load_cases(questions)
    wanted = load_floors(floors) if floors else None
    typed = Floors(dict(map(parse_floor, fail_under or ())))
    against = read_baseline(baseline) if baseline else None
    if against and not {case.id for case in cases} & {r.case.id for r in against.results}:
        raise UsageError(f"{baseline} has none of these questions: it is another set's baseline")
    settings = settings_of(index, writer)
    judging = judge_of(settings) if judge else None  # a key that is missing fails here
    narrowed = Narrowed(since=since, until=until, source=source, region=region, tag=tag)
    closed = all(case.articles is not None for case in cases)  # each brings its own articles
    with opened(settings, or_none=closed) as assistant, progress_bar("Asking") as progress:
        assistant.warm_up()  # a model that cannot be loaded fails here, not once a case
        about = {"questions": questions.name, "index": settings.index.name}
        if wanted and wanted.articles_digest:
            about["articles_digest"] = revisions_digest(assistant.revisions())
        report, kept = run_evaluation(
            assistant,
            cases,
            questions.name,
            narrowed=narrowed,
            runs=_kept_in(assistant, runs) if keep else None,
            about=about,
            on_progress=progress,
            then=(lambda report: judged(report, judging, progress)) if judging else None,
        )
    console().print(table(report))
    page = write_report(report, out or Path("reports") / questions.name.removesuffix(".jsonl"))
    note(f"report: {page}")
    if kept:
        note(f"kept: run {kept.id}")
    if against is not None:
        _compare(report, kept, against, str(baseline))
    missed = [
        *(check_floors(report, wanted) if wanted else ()),
        *check_floors(report, typed),
    ]
    for line in missed:
        note(line)
    if missed:
        raise typer.Exit(1)


def _kept_in(assistant: Assistant, named: Path | None) -> Runs | None:
    from assistant.evaluating import runs_folder
    from assistant.evaluation import Runs

    folder = named or runs_folder(assistant.settings, assistant.folder)
    return Runs(folder) if folder else None


def _compare(report: EvalReport, kept: Run | None, against: Baseline, name: str) -> None:
    """Say what differs from a baseline."""
    from assistant.evaluation import changes, compare, compared_table
    from assistant.evaluation.compared import Compared

    comparison = compare(against.results, report.results)
    changed = changes(against.made_by, kept.made_by) if kept else ()
    console().print(compared_table(name, Compared("this run", changed, comparison)))
    for change in changed:
        note(f"changed: {change}")
    for flip in comparison.flips:
        note(f"{flip.way}: {flip.after.case.id} ({'; '.join(flip.why[:3])})")

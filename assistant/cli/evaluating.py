"""`assistant evaluate`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

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
from assistant.console import console, counted, note, progress_bar
from assistant.errors import UsageError

if TYPE_CHECKING:
    from assistant.evaluating import Gate, Subject
    from assistant.evaluation import EvalReport, Run
    from assistant.intake import Narrowed
    from assistant.settings import Settings
    from assistant.types import EvalCase

TOKEN = "DATELINE_TARGET_TOKEN"  # noqa: S105  # the name of a variable

QuestionsArgument = Annotated[Path, typer.Argument(help="JSONL file, one case a line")]
OutOption = Annotated[Path | None, typer.Option(file_okay=False, help="folder of the report")]
FloorsOption = Annotated[Path | None, typer.Option(help="JSON file of floors to hold")]
FailUnderOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="a figure to hold, such as right=0.8; exits 1"),
]
BaselineOption = Annotated[
    Path | None, typer.Option(help="baseline file to compare with", dir_okay=False)
]
KeepOption = Annotated[
    bool, typer.Option("--keep/--no-keep", help="keep the run, to list and compare it")
]
JudgeOption = Annotated[
    bool, typer.Option("--judge", help="have the endpoint's model judge the answers too")
]
PriceOption = Annotated[
    float | None, typer.Option(min=0.0, help="price of a million tokens, for cost_per_answer")
]
JudgePriceOption = Annotated[
    float | None, typer.Option(min=0.0, help="the same of the judge, where it has another price")
]
WorkersOption = Annotated[int, typer.Option(min=1, max=64, help="questions asked at once")]
ResumeOption = Annotated[
    bool, typer.Option("--resume", help="go on with the last run of these questions, if stopped")
]
ResumeRunOption = Annotated[str, typer.Option(metavar="ID", help="go on with this run")]
UrlOption = Annotated[
    str,
    typer.Option(help=f"ask a Dateline server there, or with --model a chat endpoint; {TOKEN}"),
]
ModelOption = Annotated[str, typer.Option(help="model of the chat endpoint at --url")]
TimeoutOption = Annotated[
    float | None, typer.Option(min=0.1, help="seconds for one reply from --url (120)")
]
AbstainsOption = Annotated[
    list[str] | None,
    typer.Option(metavar="PHRASE", help="what an abstention of --model says; in place of a list"),
]


def evaluate(
    questions: QuestionsArgument,
    index: IndexOption = None,
    writer: WriterOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    region: RegionOption = None,
    tag: TagOption = None,
    url: UrlOption = "",
    model: ModelOption = "",
    timeout: TimeoutOption = None,
    abstains_with: AbstainsOption = None,
    workers: WorkersOption = 1,
    resume: ResumeOption = False,
    resume_run: ResumeRunOption = "",
    out: OutOption = None,
    floors: FloorsOption = None,
    fail_under: FailUnderOption = None,
    baseline: BaselineOption = None,
    runs: RunsOption = None,
    keep: KeepOption = True,
    judge: JudgeOption = False,
    price_in: PriceOption = None,
    price_out: PriceOption = None,
    judge_price_in: JudgePriceOption = None,
    judge_price_out: JudgePriceOption = None,
) -> None:
    """Score a question set; write report.html, report.json and answers.jsonl."""
    from assistant.evaluating import LAST, Gate, Then, run_subject
    from assistant.evaluation import Runs, load_cases
    from assistant.intake import Narrowed

    which = resume_run or (LAST if resume else "")
    _fits(keep, {"--runs": runs, "--resume": which}, "the run is not kept with --no-keep")
    cases = load_cases(questions)
    gate = Gate.read(cases, floors, fail_under or (), baseline)
    narrowed = Narrowed(since=since, until=until, source=source, region=region, tag=tag)
    settings, name = settings_of(index, writer), questions.name
    other = _Other(url, model, timeout, abstains_with)
    then = Then.of(
        settings,
        judge=judge,
        prices=(price_in, price_out),
        judge_prices=(judge_price_in, judge_price_out),
        other=bool(url),
    )
    asking = _subject(other, writer, settings, cases, name, narrowed, gate)
    with asking as (subject, folder), _stoppable(keep), progress_bar("Asking") as progress:
        kept_in = runs or folder
        report, kept = run_subject(
            subject,
            cases,
            name,
            runs=Runs(kept_in) if keep and kept_in else None,
            resume=which,
            workers=workers,
            on_progress=progress,
            then=lambda report: then(report, progress),
        )
    _tell(report, kept, out or Path("reports") / name.removesuffix(".jsonl"))
    _hold(gate, report, kept, str(baseline))


def _fits(fits: bool, given: Mapping[str, object], why: str) -> None:
    """Refuse options that say nothing where they are given."""
    named = [name for name, value in given.items() if value]
    if named and not fits:
        raise UsageError(f"{', '.join(named)}: {why}; drop one")


@contextmanager
def _stoppable(keep: bool) -> Iterator[None]:
    """Say on Ctrl-C how to go on."""
    try:
        yield
    except KeyboardInterrupt:
        if keep:
            note("what was answered is kept; go on with --resume")
        raise


class _Other(NamedTuple):
    """What the options say of another system."""

    url: str
    model: str
    timeout: float | None
    phrases: list[str] | None


def _subject(
    other: _Other,
    writer: str | None,
    settings: Settings,
    cases: list[EvalCase],
    name: str,
    narrowed: Narrowed,
    gate: Gate,
) -> AbstractContextManager[tuple[Subject, Path | None]]:
    """What is asked, and where its runs are kept."""
    if other.url:
        _fits(False, {"--writer": writer}, "the system at --url has its own")
        return _target(other, settings, cases, name, narrowed)
    alone = {"--model": other.model, "--timeout": other.timeout, "--abstains-with": other.phrases}
    _fits(False, alone, "without --url there is nothing that it is for")
    return _library(settings, cases, name, narrowed, gate)


@contextmanager
def _library(
    settings: Settings, cases: list[EvalCase], name: str, narrowed: Narrowed, gate: Gate
) -> Iterator[tuple[Subject, Path | None]]:
    """The library as what is asked, and where its runs are kept."""
    from assistant.evaluating import of_library, runs_folder
    from assistant.evaluation.gate import revisions_digest
    from assistant.intake import filters_of

    closed = all(case.articles is not None for case in cases)  # each brings its own articles
    with opened(settings, or_none=closed) as assistant:
        # A name that there is not, and a model that cannot be loaded, fail here, not once a case.
        if not closed:
            filters_of(assistant, **narrowed)
        assistant.warm_up()
        about = {"questions": name, "index": settings.index.name}
        if gate.of_articles:
            about["articles_digest"] = revisions_digest(assistant.revisions())
        subject = of_library(assistant, cases, name, narrowed, about)
        yield subject, runs_folder(settings, assistant.folder)


@contextmanager
def _target(
    other: _Other, settings: Settings, cases: list[EvalCase], name: str, narrowed: Narrowed
) -> Iterator[tuple[Subject, Path | None]]:
    """Another system as what is asked; its runs are kept with those of the index, if there is."""
    from assistant.evaluating import of_target, runs_folder
    from assistant.evaluating.made import filters_told
    from assistant.evaluation import http_target
    from assistant.evaluation.targets import TIMEOUT
    from assistant.evaluation.texts import ABSTENTIONS

    target = http_target(
        other.url,
        model=other.model,
        token=os.environ.get(TOKEN, ""),
        timeout=other.timeout or TIMEOUT,
        filters=filters_told(narrowed),
        abstentions=tuple(other.phrases) if other.phrases else ABSTENTIONS,
    )
    folder = settings.index if settings.index.is_dir() else None
    with target:
        yield of_target(target, cases, name, narrowed), runs_folder(settings, folder)


def _tell(report: EvalReport, kept: Run | None, out: Path) -> None:
    from assistant.evaluation import table, write_report

    console().print(table(report))
    note(f"report: {write_report(report, out)}")
    if kept:
        note(f"kept: run {kept.id}")
    if report.resumed:
        note(f"resumed: {counted(report.resumed, 'answer')} kept from before it was stopped")


def _hold(gate: Gate, report: EvalReport, kept: Run | None, baseline: str) -> None:
    """Say what differs from the baseline, and end with 1 where a floor is not held."""
    from assistant.evaluation import compared_table

    if compared := gate.compared(report, kept):
        console().print(compared_table(baseline, compared))
        for change in compared.changed:
            note(f"changed: {change}")
        for flip in compared.comparison.flips:
            note(f"{flip.way}: {flip.after.case.id} ({'; '.join(flip.why[:3])})")
    missed = gate.missed(report)
    for line in missed:
        note(line)
    if missed:
        raise typer.Exit(1)

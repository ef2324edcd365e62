"""`assistant evaluate`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import (
    IndexOption,
    SinceOption,
    SourceOption,
    UntilOption,
    WriterOption,
    opened,
    settings_of,
)
from assistant.console import console, note, progress_bar

if TYPE_CHECKING:
    from assistant.pipeline import Assistant
    from assistant.types import Answer, EvalCase


def evaluate(
    questions: Annotated[Path, typer.Argument(help="JSONL file, one case a line")],
    index: IndexOption = None,
    writer: WriterOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    out: Annotated[Path | None, typer.Option(file_okay=False, help="folder of the report")] = None,
    floors: Annotated[Path | None, typer.Option(help="JSON file of floors to hold")] = None,
) -> None:
    """Score a question set; write report.html, report.json and answers.jsonl."""
    from assistant.evaluation import (
        check_floors,
        evaluate,
        load_cases,
        load_floors,
        table,
        write_report,
    )
    from assistant.evaluation.gate import articles_digest

    cases = load_cases(questions)
    wanted = load_floors(floors) if floors else None
    settings = settings_of(index, writer)
    closed = all(case.articles is not None for case in cases)  # each brings its own articles
    with opened(settings, or_none=closed) as assistant, progress_bar("Asking") as progress:
        assistant.warm_up()  # a model that cannot be loaded fails here, not once a case
        about = {"questions": questions.name, "index": settings.index.name}
        if wanted and wanted.articles_digest:
            about["articles_digest"] = articles_digest(
                assistant.article(listed.id) for listed in assistant.articles()
            )
        report = evaluate(
            cases,
            _answering(assistant, since, until, source),
            on_progress=progress,
            article_text=lambda article_id, revision: assistant.article(article_id, revision).text,
            about=about,
            threshold=settings.abstain_below if settings.writer == "quote" else None,
        )
    console().print(table(report))
    page = write_report(report, out or Path("reports") / questions.name.removesuffix(".jsonl"))
    note(f"report: {page}")
    missed = check_floors(report, wanted) if wanted else []
    for line in missed:
        note(line)
    if missed:
        raise typer.Exit(1)


def _answering(
    assistant: Assistant, since: str | None, until: str | None, source: str | None
) -> Callable[[EvalCase], Answer]:
    """What answers a case: from its own articles where it brings some, else from the library."""
    from assistant.conversation import past_answer

    def answer(case: EvalCase) -> Answer:
        history = [past_answer(turn.question, turn.answer) for turn in case.history]
        if case.articles is not None:
            return assistant.read(case.question, case.articles, history=history)
        return assistant.ask(
            case.question, history=history, since=since, until=until, source=source
        )

    return answer

"""Running a question file, from its cases to a report and a kept run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Unpack

from assistant.errors import UsageError
from assistant.evaluating.made import filters_told, index_name, made_of, made_of_target
from assistant.evaluation import evaluate
from assistant.intake import Narrowed, filters_of

if TYPE_CHECKING:
    from assistant.evaluation import CaseResult, EvalReport, Keeping, Run, Runs, Target
    from assistant.evaluation.asking import ArticleText, Ask, OnProgress
    from assistant.pipeline import Assistant
    from assistant.settings import Settings
    from assistant.types import Answer, Article, EvalCase

RUNS = "runs"
"""The folder of kept runs below the index's own."""

LAST = "last"
"""As the run to go on with: the last one of the question file."""


class Answers(Protocol):
    """What answers the cases of a run: an `Assistant`, or what waits for a turn before it asks."""

    def ask(
        self, question: str, *, history: Sequence[Answer] = (), **narrowed: Unpack[Narrowed]
    ) -> Answer:
        """As `Assistant.ask`."""
        ...

    def read(
        self, question: str, articles: Sequence[Article], *, history: Sequence[Answer] = ()
    ) -> Answer:
        """As `Assistant.read`."""
        ...


@dataclass(frozen=True, slots=True)
class Subject:
    """What is asked. `made_by` is kept with the run, `about` shown in the report; `threshold` is
    the confidence under which it abstains, where that is known.
    """

    ask: Ask
    made_by: Mapping[str, Any]
    about: Mapping[str, str]
    article_text: ArticleText | None = None
    threshold: float | None = None


def runs_folder(settings: Settings, folder: Path | None) -> Path | None:
    """Where runs over the index in `folder` are kept; None where there is no place for them."""
    if settings.runs is not None:
        return settings.runs
    return folder / RUNS if folder is not None else None


def of_library(
    assistant: Assistant,
    cases: Sequence[EvalCase],
    questions: str,
    narrowed: Narrowed | None = None,
    about: Mapping[str, str] | None = None,
    answers: Answers | None = None,
) -> Subject:
    """An assistant as what is asked; `narrowed`: what every question of the library is put to.

    `answers`: what puts the questions to it; the assistant itself where that is None.
    """
    settings, narrowed = assistant.settings, narrowed or {}
    return Subject(
        ask=answering(answers or assistant, narrowed),
        made_by=made_of(assistant, cases, questions, narrowed),
        about=about or {"questions": questions, "index": index_name(assistant)},
        article_text=lambda article_id, revision: assistant.article(article_id, revision).text,
        threshold=settings.abstain_below if settings.writer == "quote" else None,
    )


def of_target(
    target: Target, cases: Sequence[EvalCase], questions: str, narrowed: Narrowed | None = None
) -> Subject:
    """Another system as what is asked.

    Raises:
        UsageError: a case brings articles of its own, which are not sent.
    """
    if closed := sum(case.articles is not None for case in cases):
        raise UsageError(
            f"{questions}: {closed} of {len(cases)} cases bring articles of their own, which are "
            "not sent to another system; leave these cases out"
        )
    told = {key: str(target.made_by.get(key, "")) for key in ("host", "api", "model")}
    return Subject(
        ask=target.ask,
        made_by=made_of_target(target, cases, questions, narrowed or {}),
        about={
            "questions": questions,
            **{key: value for key, value in told.items() if value},
            **filters_told(narrowed or {}),
        },
        article_text=target.article_text,
    )


def run_evaluation(
    assistant: Assistant,
    cases: Sequence[EvalCase],
    questions: str,
    *,
    narrowed: Narrowed | None = None,
    runs: Runs | None = None,
    about: Mapping[str, str] | None = None,
    answers: Answers | None = None,
    on_progress: OnProgress | None = None,
    then: Callable[[EvalReport], EvalReport] | None = None,
) -> tuple[EvalReport, Run | None]:
    """Put every case to the assistant; see `of_library` and `run_subject`.

    Raises:
        UsageError: a filter is not usable.
    """
    if any(case.articles is None for case in cases):
        filters_of(assistant, **(narrowed or {}))  # fails here, not once a case
    subject = of_library(assistant, cases, questions, narrowed, about, answers)
    return run_subject(subject, cases, questions, runs=runs, on_progress=on_progress, then=then)


def run_subject(
    subject: Subject,
    cases: Sequence[EvalCase],
    questions: str,
    *,
    runs: Runs | None = None,
    resume: str = "",
    workers: int = 1,
    on_progress: OnProgress | None = None,
    then: Callable[[EvalReport], EvalReport] | None = None,
) -> tuple[EvalReport, Run | None]:
    """Put every case to what is asked; with `runs`, keep the run there as it goes.

    `questions` is the name of their file. What `on_progress` raises ends the run, which is then
    kept as a stopped one. `resume` is the id of such a run, or `LAST`, to go on with. `then` makes
    the report that is kept and returned of the one that was measured (`afterwards`).

    Raises:
        UsageError: the run cannot be kept there, or not gone on with.
        RunError: there is no room for it any more, or what it kept cannot be read.
    """
    keeping: Keeping | None = None
    kept: tuple[CaseResult, ...] = ()
    if resume and runs is None:
        raise UsageError("no runs are kept here, so none can go on; name their folder with --runs")
    if runs is not None:
        keeping, kept = _begun(runs, subject, len(cases), questions, resume, workers)
    try:
        report = evaluate(
            cases,
            subject.ask,
            on_progress=on_progress,
            article_text=subject.article_text,
            about=subject.about,
            threshold=subject.threshold,
            on_result=keeping.add if keeping else None,
            workers=workers,
            kept=kept,
        )
        report = then(report) if then else report
        return report, keeping.finish(report) if keeping else None
    except BaseException:
        if keeping:
            _stopped(keeping)
        raise


def answering(answers: Answers, narrowed: Narrowed) -> Callable[[EvalCase], Answer]:
    """What answers a case: from its own articles where it brings some, else from the library."""
    from assistant.conversation import past_answer

    def answer(case: EvalCase) -> Answer:
        history = [past_answer(turn.question, turn.answer) for turn in case.history]
        if case.articles is not None:
            return answers.read(case.question, case.articles, history=history)
        return answers.ask(case.question, history=history, **narrowed)

    return answer


def _begun(
    runs: Runs, subject: Subject, cases: int, questions: str, resume: str, workers: int
) -> tuple[Keeping, tuple[CaseResult, ...]]:
    if not resume:
        return runs.begin(questions, cases, subject.made_by, workers), ()
    run = runs.stopped(questions) if resume == LAST else runs.run(resume)
    return runs.resume(run, subject.made_by, workers)


def _stopped(keeping: Keeping) -> None:
    try:
        keeping.note("stopped")
    except OSError:
        return  # it stays as it was noted before: one that never became whole

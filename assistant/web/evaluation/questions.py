"""The question files that a run can be started with from the page."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant import sample as sample_library
from assistant.errors import CaseError
from assistant.evaluation import Run, Runs, load_cases, read_cases
from assistant.intake import Narrowed
from assistant.types import EvalCase
from assistant.web.evaluation.reading import results_of, whole_run

LARGEST = 700_000
"""Bytes of a question file that the page takes: it comes in the body of a request."""

SAMPLE = "sample"
"""What stands for the sample library's own questions, where a run's id would."""


@dataclass(frozen=True, slots=True)
class Known:
    """A question file that needs not be handed in: the run it is taken from, and when that was."""

    run: str
    questions: str
    cases: int
    when: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run asks: the name of the question file, its cases, and what narrows them."""

    questions: str
    cases: Sequence[EvalCase]
    narrowed: Narrowed = field(default_factory=Narrowed)


def known_files(runs: Runs, *, sample: bool) -> list[Known]:
    """The files of the whole runs, the newest run of each; those of the sample library.

    Raises:
        RunError: the runs' folder cannot be read.
    """
    found: dict[str, Known] = {}
    for run in runs.all():
        if isinstance(run, Run) and run.whole:
            when = f"last run {run.started:%Y-%m-%d}"
            found.setdefault(run.questions, Known(run.id, run.questions, run.cases, when))
    path = sample_library.questions_path()
    if sample and path.name not in found:
        found[path.name] = Known(SAMPLE, path.name, len(load_cases(path)), "of the sample")
    return list(found.values())


def questions_of(run_id: str, runs: Runs) -> Asked:
    """The questions of an earlier run, narrowed as they were then.

    Raises:
        RunNotFoundError: there is no such run, or it is not whole.
        RunError: it cannot be read.
    """
    if run_id == SAMPLE:
        path = sample_library.questions_path()
        return Asked(path.name, load_cases(path))
    run = whole_run(runs, run_id)
    filters = run.made_by.get("filters")
    held = filters if isinstance(filters, dict) else {}

    def own(name: str) -> str | None:
        value = held.get(name)
        return value if isinstance(value, str) else None

    narrowed = Narrowed(
        since=own("since"),
        until=own("until"),
        source=own("source"),
        region=own("region"),
        tag=own("tag"),
    )
    return Asked(run.questions, [result.case for result in results_of(run)], narrowed)


def questions_in(name: str, text: str) -> Asked:
    """The questions of a file that was handed in.

    Raises:
        CaseError: it is none, or too large.
    """
    name = re.split(r"[\\/]", name)[-1].strip()[:100] or "questions.jsonl"
    raw = text.encode("utf-8", "replace")
    if not raw:
        raise CaseError("no question file is chosen, or it is empty; choose one, then start")
    if len(raw) > LARGEST:
        raise CaseError(
            f"{name} has more than {LARGEST // 1000} kB; use `assistant evaluate` for it"
        )
    return Asked(name, read_cases(name, raw.splitlines(keepends=True)))

"""Whole runs, their figures and their results, kept at hand while somebody goes through them."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path

from assistant.errors import RunNotFoundError
from assistant.evaluation import Baseline, CaseResult, Run, Runs, set_beside
from assistant.evaluation.compared import Compared
from assistant.evaluation.kept import ANSWERS, FIGURES, Figures

GONE = "there is no such question in this run; go back to the run"

_COMPARING = threading.Lock()
"""One comparison is worked out at a time: each takes a processor for seconds."""


def whole_run(runs: Runs, run_id: str) -> Run:
    """A run that has its figures.

    Raises:
        RunNotFoundError: there is no such run, or it is not whole.
        RunError: its record cannot be read.
    """
    run = runs.run(run_id)
    if not run.whole:
        raise RunNotFoundError(
            f"run {run.id} is not whole: {run.answered()} of {run.cases} questions were asked; "
            "start it again from the overview, or in a terminal"
        )
    return run


def results_of(run: Run) -> tuple[CaseResult, ...]:
    """The results of a run, in the order of its question file.

    Raises:
        RunError: they cannot be read.
    """
    return _results(run.folder, _written(run.folder / ANSWERS))


def figures_of(run: Run) -> Figures:
    """The figures of a whole run.

    Raises:
        RunError: they cannot be read.
    """
    return _figures(run.folder, _written(run.folder / FIGURES))


def result_in(run: Run, case_id: str) -> tuple[int, CaseResult]:
    """A case's place in its file, from 1, and its result.

    Raises:
        RunNotFoundError: the run has no such case.
        RunError: the results cannot be read.
    """
    for number, result in enumerate(results_of(run), 1):
        if result.case.id == case_id:
            return number, result
    raise RunNotFoundError(GONE)


def compared_with(first: Run, other: Run) -> Compared:
    """A run beside a first one.

    Raises:
        UsageError: they have no question in common.
        RunError: the results of one cannot be read.
    """
    written = tuple(_written(run.folder / ANSWERS) for run in (first, other))
    with _COMPARING:
        return _compared(first.folder, other.folder, written)


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # reading it says what is wrong


@lru_cache(maxsize=4)
def _results(folder: Path, _written: int) -> tuple[CaseResult, ...]:
    return Runs(folder.parent).run(folder.name).results()


@lru_cache(maxsize=8)
def _compared(first: Path, other: Path, _written: tuple[int, ...]) -> Compared:
    one, two = (Baseline.of(Runs(each.parent).run(each.name)) for each in (first, other))
    return set_beside(one, other.name, two)


@lru_cache(maxsize=1000)
def _figures(folder: Path, _written: int) -> Figures:
    return Runs(folder.parent).run(folder.name).figures()

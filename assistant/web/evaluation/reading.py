"""Whole runs, their figures and their results, kept at hand while somebody goes through them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from assistant.errors import RunNotFoundError
from assistant.evaluation import CaseResult, Run, Runs
from assistant.evaluation.kept import ANSWERS, FIGURES, Figures

GONE = "there is no such question in this run; go back to the run"


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


def _written(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # reading it says what is wrong


@lru_cache(maxsize=4)
def _results(folder: Path, _written: int) -> tuple[CaseResult, ...]:
    return Runs(folder.parent).run(folder.name).results()


@lru_cache(maxsize=1000)
def _figures(folder: Path, _written: int) -> Figures:
    return Runs(folder.parent).run(folder.name).figures()

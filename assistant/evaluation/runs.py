"""Kept runs: a folder each, below one folder.

RUN/run.json        what made the run, and how it ended (see `docs/evaluation.md`)
RUN/answers.jsonl   one case a line, each written as its answer came
RUN/report.json     the figures                 } once the run is whole
RUN/report.html     the report as one page      }

`run.json` says "running" until the report is written, so that a run that was cut off is never
taken for a whole one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.errors import RunError, RunNotFoundError, UsageError
from assistant.evaluation.kept import (
    ANSWERS,
    RECORD,
    RUN_ID,
    RUN_VERSION,
    DamagedRun,
    Run,
    Status,
    read_run,
)
from assistant.evaluation.lines import line_of
from assistant.evaluation.report import write_report
from assistant.evaluation.run import CaseResult, EvalReport


def earlier(run: Run, runs: Sequence[Run | DamagedRun]) -> Run | None:
    """The last whole run of the same question file before a run, by its name; None for none."""
    return max(
        (
            each
            for each in runs
            if isinstance(each, Run)
            and each.whole
            and each.questions == run.questions
            and each.id < run.id
        ),
        key=lambda each: each.id,
        default=None,
    )


class Runs:
    """The runs that are kept in a folder, which need not be there yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Run | DamagedRun]:
        """Every run, newest first."""
        try:
            ids = [each.name for each in self.folder.iterdir() if RUN_ID.fullmatch(each.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RunError(f"{self.folder}: cannot be read ({error.strerror})") from error
        return [read_run(self.folder / run_id) for run_id in sorted(ids, reverse=True)]

    def run(self, run_id: str) -> Run:
        """One run.

        Raises:
            RunNotFoundError: there is none of that id.
            RunError: its record cannot be read.
        """
        if not RUN_ID.fullmatch(run_id) or not (self.folder / run_id).is_dir():
            raise RunNotFoundError(
                f"no run {run_id[:40]!r}; `assistant runs list` shows what is kept"
            )
        found = read_run(self.folder / run_id)
        if isinstance(found, DamagedRun):
            raise RunError(found.reason)
        return found

    def delete(self, run_id: str) -> None:
        """Delete a run for good, a damaged one too.

        Raises:
            RunNotFoundError: there is none of that id.
            RunError: its files cannot be deleted.
        """
        folder = self.folder / run_id
        if not RUN_ID.fullmatch(run_id) or not folder.is_dir() or folder.is_symlink():
            raise RunNotFoundError(
                f"no run {run_id[:40]!r}; `assistant runs list` shows what is kept"
            )
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise RunError(f"{folder}: cannot be deleted ({error.strerror})") from error

    def begin(self, questions: str, cases: int, made_by: Mapping[str, Any]) -> Keeping:
        """Begin to keep a run.

        Raises:
            UsageError: the folder cannot be written to.
        """
        started = datetime.now(UTC)
        while (folder := self.folder / _id(started)).exists():
            started += timedelta(milliseconds=1)
        at = started.replace(microsecond=0)
        run = Run(folder.name, folder, "running", at, None, questions, cases, made_by)
        keeping = Keeping(run)
        try:
            folder.mkdir(parents=True)
            keeping.note("running")
        except OSError as error:
            raise UsageError(
                f"{self.folder}: cannot keep the run there ({error.strerror}); name another folder "
                "with --runs, or leave it out with --no-keep"
            ) from error
        return keeping


class Keeping:
    """A run that is being kept."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def add(self, result: CaseResult) -> None:
        """Keep the next case's result.

        Raises:
            RunError: it cannot be written.
        """
        try:
            with (self.run.folder / ANSWERS).open("ab") as file:
                file.write(line_of(result).encode("utf-8", "backslashreplace"))
        except OSError as error:
            raise RunError(
                f"{self.run.folder}: cannot be written to ({error.strerror}); make room, or leave "
                "keeping out with --no-keep"
            ) from error

    def finish(self, report: EvalReport) -> Run:
        """Keep the report, after which the run is whole.

        Raises:
            UsageError: it cannot be written.
        """
        write_report(report, self.run.folder)
        self.note("done", report.seconds)
        return replace(self.run, status="done", seconds=report.seconds)

    def note(self, status: Status, seconds: float | None = None) -> None:
        """Say how the run stands.

        Raises:
            OSError: that cannot be written.
        """
        run = self.run
        record = {
            "schema_version": RUN_VERSION,
            "id": run.id,
            "status": status,
            "started_at": run.started.isoformat(),
            "ended_at": None if status == "running" else _now(),
            "seconds": seconds,
            "questions": run.questions,
            "cases": run.cases,
            "made_by": dict(run.made_by),
        }
        text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
        new = run.folder / f"{RECORD}.new"
        new.write_bytes(text.encode("utf-8", "backslashreplace"))
        new.replace(run.folder / RECORD)  # whoever reads meanwhile has the one or the other


def _id(at: datetime) -> str:
    """The id of a run that began then: ids are in the order of their runs."""
    return f"{at:%Y%m%d-%H%M%S}-{at.microsecond * 0x10000 // 1_000_000:04x}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

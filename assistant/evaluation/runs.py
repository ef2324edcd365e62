"""Kept runs: a folder each, below one folder.

RUN/run.json        what made the run, and how it ended (see `docs/evaluation.md`)
RUN/answers.jsonl   one case a line, each written as its answer came; once whole, in their order
RUN/run.lock        held by the process that asks
RUN/report.json     the figures                 } once the run is whole
RUN/report.html     the report as one page      }

`run.json` says "running" until the report is written, so that a run that was cut off is never
taken for a whole one.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from assistant.errors import RunError, RunNotFoundError, UsageError
from assistant.evaluation.changes import changes
from assistant.evaluation.kept import (
    ANSWERS,
    RECORD,
    RUN_ID,
    RUN_VERSION,
    DamagedRun,
    Resumed,
    Run,
    Status,
    read_run,
)
from assistant.evaluation.lines import line_of
from assistant.evaluation.report import write_report
from assistant.evaluation.run import CaseResult, EvalReport
from assistant.evaluation.writing import write_whole

LOCK = "run.lock"


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

    def begin(
        self, questions: str, cases: int, made_by: Mapping[str, Any], workers: int = 1
    ) -> Keeping:
        """Begin to keep a run.

        Raises:
            UsageError: the folder cannot be written to.
        """
        started = datetime.now(UTC)
        while (folder := self.folder / _id(started)).exists():
            started += timedelta(milliseconds=1)
        at = started.replace(microsecond=0)
        run = Run(folder.name, folder, "running", at, None, questions, cases, made_by, workers)
        keeping = Keeping(run)
        try:
            folder.mkdir(parents=True)
            keeping.hold()
            keeping.note("running")
        except OSError as error:
            raise UsageError(
                f"{self.folder}: cannot keep the run there ({error.strerror}); name another folder "
                "with --runs, or leave it out with --no-keep"
            ) from error
        return keeping

    def stopped(self, questions: str) -> Run:
        """The last run of a question file, by its name, where that one is not whole.

        Raises:
            RunNotFoundError: there is none to go on with.
        """
        named = (run for run in self.all() if isinstance(run, Run) and run.questions == questions)
        last = next(named, None)
        if last is None or last.whole:
            why = f"run {last.id} is whole" if last else "none is kept"
            raise RunNotFoundError(
                f"no run of {questions} was stopped ({why}); leave --resume out to ask anew"
            )
        return last

    def resume(
        self, run: Run, made_by: Mapping[str, Any], workers: int = 1
    ) -> tuple[Keeping, tuple[CaseResult, ...]]:
        """Go on with a run that is not whole; gives what it keeps: the cases that were answered.

        Those that failed are asked again.

        Raises:
            UsageError: it is whole, another process is at it, it was made by something else, or
                it cannot be written to.
            RunError: its answers cannot be read.
        """
        if run.whole:
            raise UsageError(f"run {run.id} is whole: leave --resume out to ask anew")
        if differs := _differs(run.made_by, made_by):
            raise UsageError(
                f"run {run.id} cannot go on, for {differs}; leave --resume out to ask anew"
            )
        keeping = Keeping(replace(run, workers=workers))
        try:
            keeping.hold()
            kept = run.results() if (run.folder / ANSWERS).exists() else ()
            kept = tuple(result for result in kept if result.error is None)
            # Without what failed, and without a last line that was cut off.
            write_whole(run.folder / ANSWERS, "".join(map(line_of, kept)))
            keeping.run = replace(keeping.run, resumed=(*run.resumed, Resumed(_now(), len(kept))))
            keeping.note("running")
        except OSError as error:
            keeping.release()
            raise UsageError(f"{run.folder}: cannot be written to ({error.strerror})") from error
        except (UsageError, RunError):
            keeping.release()
            raise
        return keeping, kept


class Keeping:
    """A run that is being kept. While it is, no other process can go on with it."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self._lock = FileLock(run.folder / LOCK, thread_local=False)

    def hold(self) -> None:
        """Take the run; it is let go by `note` with another word than "running".

        Raises:
            UsageError: another process is at it.
            OSError: the folder cannot be written to.
        """
        try:
            self._lock.acquire(blocking=False)
        except Timeout as error:
            raise UsageError(
                f"run {self.run.id} is being asked by another process: wait for its end"
            ) from error

    def release(self) -> None:
        """Let the run go."""
        self._lock.release()

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
            "workers": run.workers,
            "resumed": [asdict(each) for each in run.resumed],
            "made_by": dict(run.made_by),
        }
        text = json.dumps(record, ensure_ascii=False, indent=2) + "\n"
        new = run.folder / f"{RECORD}.new"
        new.write_bytes(text.encode("utf-8", "backslashreplace"))
        new.replace(run.folder / RECORD)  # whoever reads meanwhile has the one or the other
        if status != "running":
            self.release()


def _differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    """What differs in what made two runs, in a few words; "" for nothing that answers rest on."""
    one, two = (
        json.dumps({**made_by, "command": ""}, sort_keys=True, default=str)
        for made_by in (before, after)
    )
    if one == two:
        return ""
    told = [str(change) for change in changes(before, after)]
    more = f" and {len(told) - 3} more" if len(told) > 3 else ""
    return f"{'; '.join(told[:3])}{more} differs" if told else "what made it differs"


def _id(at: datetime) -> str:
    """The id of a run that began then: ids are in the order of their runs."""
    return f"{at:%Y%m%d-%H%M%S}-{at.microsecond * 0x10000 // 1_000_000:04x}"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

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
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.errors import CaseError, RunError, RunNotFoundError, UsageError
from assistant.evaluation.lines import line_of, result_of
from assistant.evaluation.report import write_report
from assistant.evaluation.run import CaseResult, EvalReport

RUN_VERSION = 1
RECORD, ANSWERS, FIGURES, PAGE = "run.json", "answers.jsonl", "report.json", "report.html"

Status = Literal["running", "stopped", "done"]
"""running: it runs, or its process ended before it could say how; stopped: somebody ended it."""

_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class Run:
    """A kept run. `started` is aware, in UTC; `seconds` is None where it is not whole.

    `made_by` is what the run was made of: equal for two runs means that nothing that is known to
    matter differed. `cases` is how many the question file has.
    """

    id: str
    folder: Path
    status: Status
    started: datetime
    seconds: float | None
    questions: str
    cases: int
    made_by: Mapping[str, Any]

    @property
    def whole(self) -> bool:
        """Whether every case was asked and the report was written."""
        return self.status == "done"

    @property
    def page(self) -> Path:
        """The report as one HTML page; only a whole run has one."""
        return self.folder / PAGE

    def answered(self) -> int:
        """How many cases were asked.

        Raises:
            RunError: that cannot be read.
        """
        try:
            return (self.folder / ANSWERS).read_bytes().count(b"\n")
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise RunError(_unreadable(self.id, f"{ANSWERS}: {error.strerror}")) from error

    def report(self) -> dict[str, Any]:
        """The figures, in the form of report.json; not looked into.

        Raises:
            RunError: they cannot be read.
        """
        return _object(self.folder / FIGURES, self.id)

    def results(self) -> tuple[CaseResult, ...]:
        """Each case that was asked, with its answer and its checks, in the file's order.

        A last line that was cut off is left out where the run is not whole.

        Raises:
            RunError: a line is not one of them.
        """
        try:
            lines = (self.folder / ANSWERS).read_bytes().splitlines(keepends=True)
        except OSError as error:
            raise RunError(_unreadable(self.id, f"{ANSWERS}: {error.strerror}")) from error
        if not self.whole and lines and not lines[-1].endswith(b"\n"):
            lines.pop()
        results = []
        for number, line in enumerate(lines, start=1):
            try:
                results.append(result_of(line))
            except CaseError as error:
                raise RunError(
                    _unreadable(self.id, f"{ANSWERS}, line {number}: {error}")
                ) from error
        return tuple(results)


@dataclass(frozen=True, slots=True)
class DamagedRun:
    """A run whose record cannot be read, and why, in one line."""

    id: str
    reason: str


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
            ids = [each.name for each in self.folder.iterdir() if _ID.fullmatch(each.name)]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RunError(f"{self.folder}: cannot be read ({error.strerror})") from error
        return [self._read(run_id) for run_id in sorted(ids, reverse=True)]

    def run(self, run_id: str) -> Run:
        """One run.

        Raises:
            RunNotFoundError: there is none of that id.
            RunError: its record cannot be read.
        """
        if not _ID.fullmatch(run_id) or not (self.folder / run_id).is_dir():
            raise RunNotFoundError(
                f"no run {run_id[:40]!r}; `assistant runs list` shows what is kept"
            )
        found = self._read(run_id)
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
        if not _ID.fullmatch(run_id) or not folder.is_dir() or folder.is_symlink():
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
        started = datetime.now(UTC).replace(microsecond=0)
        run_id = f"{started:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
        folder = self.folder / run_id
        run = Run(run_id, folder, "running", started, None, questions, cases, made_by)
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

    def _read(self, run_id: str) -> Run | DamagedRun:
        try:
            return _run(self.folder / run_id, _object(self.folder / run_id / RECORD, run_id))
        except RunError as error:
            return DamagedRun(run_id, str(error))
        except (KeyError, TypeError, ValueError, OverflowError):
            return DamagedRun(run_id, _unreadable(run_id, f"{RECORD} is not of its form"))


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
        return _run(self.run.folder, _object(self.run.folder / RECORD, self.run.id))

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


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _run(folder: Path, record: Mapping[str, Any]) -> Run:
    """The run of a record; anything that is not of its form raises."""
    if record["schema_version"] != RUN_VERSION:
        raise RunError(
            _unreadable(folder.name, f"{RECORD} is of another version than {RUN_VERSION}")
        )
    started = datetime.fromisoformat(record["started_at"]).astimezone(UTC)
    seconds, cases, made_by = record["seconds"], record["cases"], record["made_by"]
    texts = (record["questions"], record["id"])
    fits = (
        record["id"] == folder.name
        and record["status"] in get_args(Status)
        and all(isinstance(text, str) for text in texts)
        and type(cases) is int
        and (seconds is None or type(seconds) in (int, float))
        and isinstance(made_by, dict)
        and (record["status"] != "done" or seconds is not None)
    )
    if not fits:
        raise ValueError("a value is of another kind")
    return Run(
        folder.name, folder, record["status"], started, seconds, record["questions"], cases, made_by
    )


def _object(path: Path, run_id: str) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise RunError(_unreadable(run_id, f"{path.name} is missing")) from error
    except OSError as error:
        raise RunError(_unreadable(run_id, f"{path.name}: {error.strerror}")) from error
    except (ValueError, RecursionError) as error:
        raise RunError(_unreadable(run_id, f"{path.name} is not JSON")) from error
    if not isinstance(data, dict):
        raise RunError(_unreadable(run_id, f"{path.name} is not a JSON object"))
    return data


def _unreadable(run_id: str, why: str) -> str:
    return f"run {run_id} is damaged ({why}); delete it with: assistant runs delete {run_id}"

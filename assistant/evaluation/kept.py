"""A kept run as it is read: what made it, how it ended, its figures and its answers.

Its files are data like any other: whatever does not have its form is told as damage.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from assistant.errors import CaseError, RunError
from assistant.evaluation.figures import Figure
from assistant.evaluation.lines import result_of
from assistant.evaluation.metrics import METRIC_NAMES
from assistant.evaluation.run import CaseResult

if TYPE_CHECKING:
    from pydantic import TypeAdapter

RUN_VERSION = 1
RECORD, ANSWERS, FIGURES, PAGE = "run.json", "answers.jsonl", "report.json", "report.html"

RUN_ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4}")
"""When it began, in UTC: the day, the time, and the part of the second (in 65,536ths, hex)."""

Status = Literal["running", "stopped", "done"]
"""running: it runs, or its process ended before it could say how; stopped: somebody ended it."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """That a run went on: the moment in ISO form, and how many results it kept until then."""

    at: str
    kept: int


@dataclass(frozen=True, slots=True)
class Run:
    """A kept run. `started` is aware, in UTC; `seconds` is None where it is not whole.

    `made_by` is what the run was made of: equal for two runs means that nothing that is known to
    matter differed. `cases` is how many the question file has, `workers` how many were asked at
    once; `resumed` says when the run went on after a stop, and how many results it then kept.
    """

    id: str
    folder: Path
    status: Status
    started: datetime
    seconds: float | None
    questions: str
    cases: int
    made_by: Mapping[str, Any]
    workers: int = 1
    resumed: tuple[Resumed, ...] = ()

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
            raise RunError(damaged(self.id, f"{ANSWERS}: {error.strerror}")) from error

    def report(self) -> dict[str, Any]:
        """The report as report.json has it; not looked into.

        Raises:
            RunError: it cannot be read.
        """
        return read_object(self.folder / FIGURES, self.id)

    def figures(self) -> Figures:
        """The report's figures; one that it does not have, for it is older, has no value.

        Raises:
            RunError: they cannot be read.
        """
        from pydantic import ValidationError

        try:
            found = _figures().validate_python(self.report())
        except (ValidationError, RecursionError) as error:
            raise RunError(damaged(self.id, f"{FIGURES} is not of its form")) from error
        parts = [found.metrics, *found.by_type.values()]
        if not all(_finite(part.values()) for part in parts):
            raise RunError(damaged(self.id, f"{FIGURES} has a figure that is no number"))
        for part in parts:
            for name in METRIC_NAMES - part.keys():
                part[name] = Figure(None, 0)
        return found

    def results(self) -> tuple[CaseResult, ...]:
        """Each case that was asked, with its answer and its checks, in the file's order.

        Where the run is not whole, in the order in which they came; a last line that was cut off
        is then left out.

        Raises:
            RunError: a line is not one of them.
        """
        try:
            lines = (self.folder / ANSWERS).read_bytes().splitlines(keepends=True)
        except OSError as error:
            raise RunError(damaged(self.id, f"{ANSWERS}: {error.strerror}")) from error
        if not self.whole and lines and not lines[-1].endswith(b"\n"):
            lines.pop()
        results = []
        for number, line in enumerate(lines, start=1):
            try:
                results.append(result_of(line))
            except CaseError as error:
                raise RunError(damaged(self.id, f"{ANSWERS}, line {number}: {error}")) from error
        return tuple(results)


@dataclass(frozen=True, slots=True)
class Figures:
    """Every figure of a report by its name, for each type of question too, and its counts."""

    metrics: dict[str, Figure]
    by_type: dict[str, dict[str, Figure]]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class DamagedRun:
    """A run whose record cannot be read, and why, in one line."""

    id: str
    reason: str


def read_run(folder: Path) -> Run | DamagedRun:
    """The run that is kept in a folder."""
    try:
        return _run_of(folder, read_object(folder / RECORD, folder.name))
    except RunError as error:
        return DamagedRun(folder.name, str(error))
    except (KeyError, TypeError, ValueError, OverflowError):
        return DamagedRun(folder.name, damaged(folder.name, f"{RECORD} is not of its form"))


def _run_of(folder: Path, record: Mapping[str, Any]) -> Run:
    if record["schema_version"] != RUN_VERSION:
        raise RunError(damaged(folder.name, f"{RECORD} is of another version than {RUN_VERSION}"))
    started = datetime.fromisoformat(record["started_at"]).astimezone(UTC)
    seconds, cases, made_by = record["seconds"], record["cases"], record["made_by"]
    texts = (record["questions"], record["id"])
    workers = record.get("workers", 1)
    resumed = tuple(
        Resumed(str(each["at"]), int(each["kept"])) for each in record.get("resumed", ())
    )
    fits = (
        record["id"] == folder.name
        and record["status"] in get_args(Status)
        and all(isinstance(text, str) for text in texts)
        and type(cases) is int
        and type(workers) is int
        and (seconds is None or type(seconds) in (int, float))
        and isinstance(made_by, dict)
        and (record["status"] != "done" or seconds is not None)
    )
    if not fits:
        raise ValueError("a value is of another kind")
    return Run(
        folder.name,
        folder,
        record["status"],
        started,
        seconds,
        record["questions"],
        cases,
        made_by,
        workers,
        resumed,
    )


def read_object(path: Path, run_id: str) -> dict[str, Any]:
    """The JSON object of a run's file.

    Raises:
        RunError: it is none.
    """
    try:
        data = json.loads(path.read_bytes())
    except FileNotFoundError as error:
        raise RunError(damaged(run_id, f"{path.name} is missing")) from error
    except OSError as error:
        raise RunError(damaged(run_id, f"{path.name}: {error.strerror}")) from error
    except (ValueError, RecursionError) as error:
        raise RunError(damaged(run_id, f"{path.name} is not JSON")) from error
    if not isinstance(data, dict):
        raise RunError(damaged(run_id, f"{path.name} is not a JSON object"))
    return data


def damaged(run_id: str, why: str) -> str:
    """What is said of a run that cannot be read."""
    return f"run {run_id} is damaged ({why}); delete it with: assistant runs delete {run_id}"


def _finite(figures: Iterable[Figure]) -> bool:
    return all(math.isfinite(f) for each in figures for f in (each.value, each.low, each.high) if f)


@cache
def _figures() -> TypeAdapter[Figures]:
    from pydantic import TypeAdapter

    return TypeAdapter(Figures)

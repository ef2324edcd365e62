"""A run as one file, to be kept beside the code and compared with later runs.

Each case has its checks and what the answer says; of the passages that were found only which they
were, so that no text of an article but the quotes stands in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import CaseError, RunError, UsageError
from assistant.evaluation.kept import Run
from assistant.evaluation.lines import line_of, result_of
from assistant.evaluation.run import CaseResult
from assistant.evaluation.writing import write_whole

FORM, VERSION = "dateline-baseline", 1


@dataclass(frozen=True, slots=True)
class Baseline:
    """The results of a run, what made it, and the name of its questions."""

    questions: str
    made_by: Mapping[str, Any]
    results: tuple[CaseResult, ...]

    @classmethod
    def of(cls, run: Run) -> Baseline:
        """A kept run as one.

        Raises:
            RunError: its results cannot be read.
        """
        return cls(run.questions, run.made_by, run.results())


def write_baseline(run: Run, path: str | Path) -> int:
    """Write a whole run as a baseline, in the place of an earlier one; how many cases it has.

    Raises:
        UsageError: the run is not whole, or the file is none of these or cannot be written.
        RunError: the run cannot be read.
    """
    if not run.whole:
        raise UsageError(f"run {run.id} is not whole: a baseline is made of one that is")
    path = Path(path)
    if path.exists():
        try:
            read_baseline(path)
        except RunError as error:
            raise UsageError(f"{path} is there and is no baseline: choose another name") from error
    results = run.results()
    data = {
        "format": FORM,
        "version": VERSION,
        "questions": run.questions,
        "made_by": dict(run.made_by),
        "results": [json.loads(line_of(_light(result))) for result in results],
    }
    write_whole(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    return len(results)


def read_baseline(path: str | Path) -> Baseline:
    """Read what `write_baseline` wrote.

    Raises:
        RunError: it cannot be read, or is not of that form.
    """
    path = Path(path)
    try:
        data = json.loads(path.read_bytes())
        if data["format"] != FORM or data["version"] != VERSION:
            raise RunError(f"{path} is a baseline of another version; make it anew")
        results = tuple(result_of(json.dumps(line)) for line in _list(data["results"]))
        return Baseline(str(data["questions"]), dict(data["made_by"]), results)
    except OSError as error:
        raise RunError(f"{path}: cannot be read ({error.strerror})") from error
    except CaseError as error:
        raise RunError(f"{path} is damaged ({error}); make it anew") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise RunError(f"{path} is no baseline; `assistant runs baseline` makes one") from error


def _light(result: CaseResult) -> CaseResult:
    if result.answer is None:
        return result
    passages = [
        {"rank": passage["rank"], "article_id": passage["article_id"]}
        for passage in result.answer["evidence"]
    ]
    return replace(result, answer={**result.answer, "evidence": passages})


def _list(value: object) -> Sequence[object]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value

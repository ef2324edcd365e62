"""One case with its answer and its checks as a line of answers.jsonl, and back."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from assistant.errors import CaseError
from assistant.evaluation.cases import case_dict, case_of
from assistant.evaluation.checks import Checks
from assistant.evaluation.run import CaseResult

if TYPE_CHECKING:
    from pydantic import TypeAdapter


def line_of(result: CaseResult) -> str:
    """A result as a line of JSON: the case, the answer, the checks.

    The answer to a closed case cites its own articles, so these are in it.
    """
    line = {
        **case_dict(replace(result.case, extra={})),
        "extra": dict(result.case.extra),
        "answer": result.answer,
        "error": result.error,
        "checks": result.checks.to_dict(),
        "wall_ms": result.wall_ms,
    }
    return json.dumps(line, ensure_ascii=False) + "\n"


def result_of(line: str | bytes) -> CaseResult:
    """The result that `line_of` made this of. The answer is not looked into.

    Raises:
        CaseError: it is not of that form.
    """
    from pydantic import ValidationError

    try:
        data = json.loads(line)
        answer, error, extra = data.pop("answer"), data.pop("error"), data.pop("extra")
        checks = _checks().validate_python(data.pop("checks"))
        wall_ms = float(data.pop("wall_ms"))
        if not isinstance(answer, dict | None) or not isinstance(error, str | None):
            raise CaseError("neither an answer nor an error")
        if not isinstance(extra, dict):
            raise CaseError('"extra" is not a JSON object')
        case = case_of({**extra, **data})
    except ValidationError as error:  # its own text has many lines
        raise CaseError("its checks are not of their form") from error
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        raise CaseError(f"not a line of answers.jsonl ({type(error).__name__})") from error
    if len(checks.parts) != len(case.answers):
        raise CaseError("its checks are not of its case")
    return CaseResult(case, answer, error, checks, wall_ms)


@cache
def _checks() -> TypeAdapter[Checks]:
    from pydantic import TypeAdapter

    return TypeAdapter(Checks)

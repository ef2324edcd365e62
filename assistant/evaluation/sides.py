"""Whether an answer shows the disagreement that a case expects, or shows none where there is none.

A side that a case expects is a list of spellings; a side that is shown holds it when its value
says one of them (`matching.says`), so `at least sixty` is the side `["60", "sixty"]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.evaluation.matching import normalise, says_normalised
from assistant.types import EvalCase


def shows_every_side(case: EvalCase, answer: Mapping[str, Any]) -> bool | None:
    """Whether one of the shown disagreements holds every side; None where the case gives none.

    >>> case = EvalCase("c", "How many?", "t", True, disagreement=(("40",), ("60", "sixty")))
    >>> def shown(*values): return {"disagreements": [{"sides": [{"value": v} for v in values]}]}
    >>> shows_every_side(case, shown("40", "at least sixty")), shows_every_side(case, shown("40"))
    (True, False)
    """
    wanted = case.disagreement
    if not wanted:
        return None
    return any(_holds(shown["sides"], wanted) for shown in answer.get("disagreements", ()))


def shows_a_false_one(case: EvalCase, answer: Mapping[str, Any]) -> bool | None:
    """Whether some disagreement is shown; None where the case does not say that there is none."""
    return bool(answer.get("disagreements")) if case.disagreement == () else None


def _holds(shown: Sequence[Mapping[str, Any]], wanted: Sequence[Sequence[str]]) -> bool:
    values = [normalise(str(side["value"])) for side in shown]
    return all(
        any(says_normalised(value, spelling) for value in values for spelling in side)
        for side in wanted
    )

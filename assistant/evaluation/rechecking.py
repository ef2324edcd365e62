"""Checking kept answers once more: with checks that came later, or with another entailment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.evaluation.checks import Checks, check_answer
from assistant.evaluation.citing import Entails, words_stand_in
from assistant.evaluation.run import CaseResult

_KEPT = ("judged", "cost", "judge_tokens_in", "judge_tokens_out", "judge_cost")


def recheck(
    results: Sequence[CaseResult], entails: Entails = words_stand_in
) -> tuple[CaseResult, ...]:
    """The results, checked anew; nothing is asked.

    What the answer alone does not tell is kept: whether its citations are verbatim, what a judge
    said, what both cost. A case that failed stays as it is. The results of a baseline lack the
    passages and cannot be checked anew.
    """
    return tuple(
        result if result.answer is None else replace(result, checks=_anew(result, entails))
        for result in results
    )


def _anew(result: CaseResult, entails: Entails) -> Checks:
    old = result.checks
    new = check_answer(result.case, result.answer or {}, old.verbatim, entails)
    return replace(new, **{name: getattr(old, name) for name in _KEPT})

"""What a figure is, and which cases it is over."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.checks import Checks
from assistant.evaluation.figures import Figure
from assistant.types import EvalCase

Judged = tuple[EvalCase, Checks]
Kind = Literal["share", "unit", "count", "whole"]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure's name, its title for people, what it means, and what each case gives to it.

    `of` yields the values that one case adds: none where the figure does not apply to it.
    `kind` says what is made of them: a share of true ones, a mean of values in 0..1 or a mean of
    counts. What is no mean over cases is of kind "whole" (of kind "count" where it can leave
    0..1), and made of all of them by `over`; by `drawn` for each of many draws of cases, where
    draws say something of it. `digits` are those shown behind the point of a count.
    """

    name: str
    group: str
    title: str
    meaning: str
    kind: Kind
    of: Callable[[EvalCase, Checks], Iterable[float]] = lambda case, checks: ()
    over: Callable[[Sequence[Judged]], Figure] | None = None
    drawn: Callable[[Sequence[Judged]], Figure] | None = None
    digits: int = 1


def when(applies: bool, value: float | None) -> Iterable[float]:
    """The value, where the figure applies to the case and the case has it."""
    return (value,) if applies and value is not None else ()


def wants_words(case: EvalCase, c: Checks) -> bool:
    """Whether the answer is to say certain words, more than a yes or a no."""
    return case.answerable and bool(c.parts) and not c.yes_no


def came_back(c: Checks) -> bool:
    """Whether the case ended without an error."""
    return c.abstained is not None

"""What the page shows of runs that are set beside each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from assistant.errors import UsageError
from assistant.evaluation import Comparison, Flip, Run, Runs
from assistant.evaluation.compared import TYPE_TITLES, WAYS, Compared, Row, groups_of, types_of
from assistant.evaluation.page import VERDICTS
from assistant.web.evaluation.reading import compared_with, whole_run
from assistant.web.evaluation.view import View, address

FEW = "choose two or more runs in the table of runs, to set them beside each other"


@dataclass(frozen=True, slots=True)
class Flipped:
    """A question that ended otherwise: its verdicts in both runs, and where each answer is."""

    id: str
    question: str
    verdicts: tuple[str, str]
    why: Sequence[str]
    addresses: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Beside:
    """A run beside the first one. `groups` are the figures that differ; `equal` counts the others.

    `ways` are the questions that ended otherwise: a title, how many, and which; None where these
    are not to be seen.
    """

    run: Run
    address: str
    compared: Compared
    groups: dict[str, list[Row]]
    equal: int
    types: Sequence[tuple[str, Sequence[Row]]]
    ways: Sequence[tuple[str, int, Sequence[Flipped] | None]]

    @property
    def flips(self) -> int:
        """How many questions ended otherwise."""
        return sum(count for _, count, _ in self.ways)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Runs beside the first of the view; `bases` leads to the same beside another one of them:
    run, address, whether it is the first now. `page` is where the comparison is as a page.
    """

    view: View
    first: Run
    back: str
    bases: Sequence[tuple[Run, str, bool]]
    others: Sequence[Beside]
    page: str
    titles: Sequence[str] = TYPE_TITLES


def compared_runs(runs: Runs, ids: Sequence[str]) -> tuple[Run, list[tuple[Run, Compared]]]:
    """The first of some whole runs, and each other one beside it.

    Raises:
        UsageError: fewer than two are named, or one has no question in common with the first.
        RunNotFoundError: there is no such run, or it is not whole.
        RunError: one cannot be read.
    """
    if len(ids) < 2:
        raise UsageError(FEW)
    first, *others = [whole_run(runs, run_id) for run_id in ids]
    return first, [(other, compared_with(first, other)) for other in others]


def side_by_side(view: View, runs: Runs, *, questions: bool) -> SideBySide:
    """What is shown of the runs that a view compares; `questions`: with those that flipped.

    Raises: as `compared_runs`.
    """
    first, others = compared_runs(runs, view.compare)
    named = [first, *(run for run, _ in others)]
    in_time = sorted(named, key=lambda run: run.id)
    return SideBySide(
        view=view,
        first=first,
        back=address(View(questions=first.questions, figures=view.figures)),
        bases=[(run, _beside(view, run, in_time), run is first) for run in in_time],
        others=[_other(view, first, run, compared, questions) for run, compared in others],
        page=page_address([run.id for run in named]),
    )


def page_address(ids: Sequence[str]) -> str:
    """Where the comparison of these runs is as a page of its own; see `report.py`."""
    return f"./evaluation/compared?{urlencode([('compare', run_id) for run_id in ids])}"


def _beside(view: View, first: Run, runs: Sequence[Run]) -> str:
    ids = (first.id, *(run.id for run in runs if run is not first))
    return address(view._replace(compare=ids))


def _other(view: View, first: Run, run: Run, compared: Compared, questions: bool) -> Beside:
    found = compared.comparison
    differ = [each for each in found.differences if each.value]
    counted = [each for each in found.differences if each.before.n or each.after.n]
    return Beside(
        run=run,
        address=address(View(run=run.id, figures=view.figures)),
        compared=compared,
        groups=groups_of(differ),
        equal=len(counted) - len(differ),
        types=types_of(found),
        ways=_ways(found, first, run, questions),
    )


def _ways(
    found: Comparison, first: Run, run: Run, questions: bool
) -> list[tuple[str, int, Sequence[Flipped] | None]]:
    flips = [
        (title, [flip for flip in found.flips if flip.way == way]) for way, title in WAYS.items()
    ]
    return [
        (title, len(some), [_flipped(flip, first, run) for flip in some] if questions else None)
        for title, some in flips
    ]


def _flipped(flip: Flip, first: Run, run: Run) -> Flipped:
    case = flip.after.case
    return Flipped(
        case.id,
        case.question,
        (VERDICTS[flip.before.checks.verdict][0], VERDICTS[flip.after.checks.verdict][0]),
        flip.why,
        (
            address(View(run=first.id, case=case.id, ended="all")),
            address(View(run=run.id, case=case.id, ended="all")),
        ),
    )

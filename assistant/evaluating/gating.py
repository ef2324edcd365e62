"""What a run is held to: floors of a file, floors that were typed, and a baseline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import UsageError
from assistant.evaluation import (
    Baseline,
    EvalReport,
    Floors,
    Run,
    changes,
    check_floors,
    compare,
    load_floors,
    parse_floor,
    read_baseline,
)
from assistant.evaluation.compared import Compared
from assistant.types import EvalCase


@dataclass(frozen=True, slots=True)
class Gate:
    """Floors and a baseline, read before anything is asked."""

    floors: Floors | None
    typed: Floors
    baseline: Baseline | None

    @classmethod
    def read(
        cls,
        cases: Sequence[EvalCase],
        floors: Path | None,
        typed: Iterable[str],
        baseline: Path | None,
    ) -> Gate:
        """Read the files of a gate, and floors that were typed as NAME=VALUE.

        Raises:
            CaseError: the floors cannot be read.
            UsageError: a typed floor is none, or the baseline has none of the questions.
            RunError: the baseline cannot be read.
        """
        against = read_baseline(baseline) if baseline else None
        if against and not {case.id for case in cases} & {r.case.id for r in against.results}:
            raise UsageError(
                f"{baseline} has none of these questions: it is another set's baseline"
            )
        held = load_floors(floors) if floors else None
        return cls(held, Floors(dict(map(parse_floor, typed))), against)

    @property
    def of_articles(self) -> bool:
        """Whether the floors are tied to articles, so that the report must say which were asked."""
        return bool(self.floors and self.floors.articles_digest)

    def missed(self, report: EvalReport) -> list[str]:
        """One line for each floor that a report does not hold."""
        held = check_floors(report, self.floors) if self.floors else []
        return [*held, *check_floors(report, self.typed)]

    def compared(self, report: EvalReport, kept: Run | None) -> Compared | None:
        """A report beside the baseline; None where there is none."""
        if self.baseline is None:
            return None
        changed = changes(self.baseline.made_by, kept.made_by) if kept else ()
        return Compared("this run", changed, compare(self.baseline.results, report.results))

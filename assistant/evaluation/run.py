"""Puts each case of a question set to a callable and records what came back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, get_args

from assistant.errors import CaseError
from assistant.evaluation.asking import (
    AnswerLike,
    ArticleText,
    Ask,
    CaseResult,
    OnProgress,
    results_of,
)
from assistant.evaluation.calibration import ece_by_chance, forecasts, reliability
from assistant.evaluation.cases import cases_digest
from assistant.evaluation.checks import Verdict
from assistant.evaluation.figures import Figure, percentile
from assistant.evaluation.metrics import Judged, figures
from assistant.evaluation.risk import choices, risk_curve
from assistant.types import EvalCase

__all__ = ["AnswerLike", "Ask", "CaseResult", "EvalReport", "evaluate"]

REPORT_VERSION = 1
STAGES = ("rewrite", "retrieve", "write", "verify", "total")


@dataclass(frozen=True, slots=True)
class EvalReport:
    """What one run over a question set found.

    `about` is what the caller said of the run (names, digests), `threshold` the confidence under
    which it abstained, where there was one; `started_at` and `seconds`, the latencies and the
    answers' own timings are all that differs between runs over the same.
    """

    results: tuple[CaseResult, ...]
    about: Mapping[str, str] = field(default_factory=dict)
    started_at: str = ""
    seconds: float = 0.0
    threshold: float | None = None
    resumed: int = 0

    @property
    def judged(self) -> list[Judged]:
        """Each case with its checks."""
        return _judged(self.results)

    @property
    def metrics(self) -> dict[str, Figure]:
        """Every figure over all cases, by name."""
        return _figures(self.results)

    @property
    def by_type(self) -> dict[str, dict[str, Figure]]:
        """Every figure for each type of case, types in alphabetical order."""
        types = sorted({result.case.type for result in self.results})
        return {kind: _figures([r for r in self.results if r.case.type == kind]) for kind in types}

    @property
    def by_flag(self) -> dict[str, dict[str, dict[str, Figure]]]:
        """Every figure for the cases with and without each yes/no key that the file adds.

        A flag is a key beyond the question form whose values are all true or false, and not
        all the same: `{"names_outside_outlet": {"false": {...}, "true": {...}}}`.
        """
        names = sorted({name for result in self.results for name in result.case.extra})
        flags = {}
        for name in names:
            values = [r.case.extra[name] for r in self.results if name in r.case.extra]
            if all(isinstance(value, bool) for value in values) and len(set(values)) == 2:
                flags[name] = {
                    str(flag).lower(): _figures(
                        [r for r in self.results if r.case.extra.get(name) is flag]
                    )
                    for flag in (False, True)
                }
        return flags

    @property
    def times_ms(self) -> dict[str, list[float]]:
        """The milliseconds of each case that came back: `wall` as the caller saw it, then by
        stage. Stages that no answer told are left out.
        """
        done = [result for result in self.results if result.answer is not None]
        spent = {"wall": [result.wall_ms for result in done]}
        for stage in STAGES:
            spent[stage] = [
                float(result.answer["timings_ms"][stage])
                for result in done
                if result.answer is not None and stage in result.answer.get("timings_ms", {})
            ]
        return {stage: values for stage, values in spent.items() if values}

    @property
    def latency_ms(self) -> dict[str, dict[str, float]]:
        """p50, p95 and max in milliseconds of `times_ms`."""
        return {stage: _percentiles(values) for stage, values in self.times_ms.items()}

    @property
    def counts(self) -> dict[str, int]:
        """How many cases there were, of which kind, and how they ended."""
        verdicts = Counter[str](result.checks.verdict for result in self.results)
        answerable = sum(result.case.answerable for result in self.results)
        return {
            "cases": len(self.results),
            "answerable": answerable,
            "unanswerable": len(self.results) - answerable,
            "yes_no": sum(result.checks.yes_no for result in self.results),
            **{name: verdicts[name] for name in sorted(get_args(Verdict))},
        }

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-ready values; all that varies from run to run is under `run`."""
        judged = self.judged
        return {
            "schema_version": REPORT_VERSION,
            "about": dict(sorted(self.about.items())),
            "threshold": self.threshold,
            "cases_digest": cases_digest([result.case for result in self.results]),
            "writers": sorted({w for r in self.results if (w := writer_of(r.answer))}),
            "counts": self.counts,
            "metrics": _dicts(self.metrics),
            "risk_coverage": [point.to_dict() for point in risk_curve(choices(judged))],
            "reliability": {
                "bins": [bin.to_dict() for bin in reliability(forecasts(judged))],
                "ece_by_chance": ece_by_chance(forecasts(judged)),
            },
            "by_type": {name: _dicts(part) for name, part in self.by_type.items()},
            "by_flag": {
                name: {flag: _dicts(part) for flag, part in flags.items()}
                for name, flags in self.by_flag.items()
            },
            "errors": [
                {"id": r.case.id, "error": r.error} for r in self.results if r.error is not None
            ],
            "run": {
                "started_at": self.started_at,
                "seconds": self.seconds,
                "resumed": self.resumed,
                "latency_ms": self.latency_ms,
            },
        }


def evaluate(
    cases: Sequence[EvalCase],
    ask: Ask,
    on_progress: OnProgress | None = None,
    article_text: ArticleText | None = None,
    about: Mapping[str, str] | None = None,
    threshold: float | None = None,
    on_result: Callable[[CaseResult], None] | None = None,
    *,
    workers: int = 1,
    kept: Sequence[CaseResult] = (),
) -> EvalReport:
    """Ask every case, check what comes back, and sum it up, in the order of the cases.

    Args:
        cases: the question set.
        ask: answers one case, with an `Answer` or its dictionary. It decides how: a closed case
            from its own articles, a case with history in its context.
        on_progress: called before each case (with several workers: after each) and once at the
            end with (cases done, cases in all, the question).
        article_text: the stored text of an article by id and revision. With it, each citation's
            offsets are checked; without it, only those of closed cases are.
        about: what is to be recorded of the run: names of files, models, digests.
        threshold: the confidence under which `ask` abstains; marked in the plots.
        on_result: called with each result as it comes, in this thread. What it raises ends the
            run. With several workers, results come in any order.
        workers: how many cases are asked at once, each in a thread; `ask` and `article_text` must
            then be safe for that.
        kept: results of an earlier run over some of these cases, which are not asked again.

    A `DatelineError` from one case is recorded as that case's failure; any other exception is a
    defect and is raised.

    Raises:
        CaseError: two cases have one id.
    """
    ids = {case.id for case in cases}
    if len(ids) < len(cases):
        raise CaseError("two cases have one id; give each case an id of its own")
    started_at = datetime.now(UTC).isoformat(timespec="seconds")
    start = time.perf_counter()
    results = {result.case.id: result for result in kept if result.case.id in ids}
    resumed = len(results)
    rest = [case for case in cases if case.id not in results]
    coming = results_of(
        rest, ask, article_text, workers=workers, on_progress=on_progress, asked=resumed
    )
    with closing(coming):
        for result in coming:
            results[result.case.id] = result
            if on_result:
                on_result(result)
    seconds = round(time.perf_counter() - start, 3)
    in_order = tuple(results[case.id] for case in cases)
    return EvalReport(in_order, dict(about or {}), started_at, seconds, threshold, resumed)


def _figures(results: Sequence[CaseResult]) -> dict[str, Figure]:
    return figures(_judged(results))


def _judged(results: Sequence[CaseResult]) -> list[Judged]:
    return [(result.case, result.checks) for result in results]


def _dicts(part: Mapping[str, Figure]) -> dict[str, dict[str, float | int | None]]:
    return {name: figure.to_dict() for name, figure in part.items()}


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    return {
        "p50": round(percentile(values, 50), 3),
        "p95": round(percentile(values, 95), 3),
        "max": round(max(values), 3),
    }


def writer_of(answer: Mapping[str, Any] | None) -> str:
    """Who wrote an answer: writer, model and prompt, as far as there are any."""
    if answer is None:
        return ""
    return " ".join(str(answer[key]) for key in ("writer", "model", "prompt_id") if answer.get(key))

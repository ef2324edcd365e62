"""Puts each case of a question set to a callable and records what came back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, get_args, runtime_checkable

from assistant.errors import DatelineError
from assistant.evaluation.calibration import ece_by_chance, forecasts, reliability
from assistant.evaluation.cases import cases_digest
from assistant.evaluation.checks import Checks, Verdict, check_answer, check_failed
from assistant.evaluation.figures import Figure, percentile
from assistant.evaluation.metrics import Judged, figures
from assistant.evaluation.risk import choices, risk_curve
from assistant.types import EvalCase

REPORT_VERSION = 1
STAGES = ("rewrite", "retrieve", "write", "verify", "total")


@runtime_checkable
class AnswerLike(Protocol):
    """Anything that gives the contract's dictionary, `Answer` above all."""

    def to_dict(self) -> dict[str, Any]:
        """The answer in the form of DESIGN section 2."""
        ...


Ask = Callable[[EvalCase], AnswerLike | Mapping[str, Any]]
ArticleText = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, the answer to it as a dictionary (None and an error's text where it failed),
    what was checked, and the milliseconds that the caller waited.
    """

    case: EvalCase
    answer: Mapping[str, Any] | None
    error: str | None
    checks: Checks
    wall_ms: float


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
    def latency_ms(self) -> dict[str, dict[str, float]]:
        """p50, p95 and max in milliseconds: `wall` as the caller saw it, then by stage."""
        done = [result for result in self.results if result.answer is not None]
        spent = {"wall": [result.wall_ms for result in done]}
        for stage in STAGES:
            spent[stage] = [
                float(result.answer["timings_ms"][stage])
                for result in done
                if result.answer is not None and stage in result.answer.get("timings_ms", {})
            ]
        return {stage: _percentiles(values) for stage, values in spent.items() if values}

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
            "writers": sorted({w for r in self.results if (w := _writer(r.answer))}),
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
                "latency_ms": self.latency_ms,
            },
        }


def evaluate(
    cases: Sequence[EvalCase],
    ask: Ask,
    on_progress: Callable[[int, int, str], None] | None = None,
    article_text: ArticleText | None = None,
    about: Mapping[str, str] | None = None,
    threshold: float | None = None,
    on_result: Callable[[CaseResult], None] | None = None,
) -> EvalReport:
    """Ask every case, check what comes back, and sum it up.

    Args:
        cases: the question set.
        ask: answers one case, with an `Answer` or its dictionary. It decides how: a closed case
            from its own articles, a case with history in its context.
        on_progress: called before each case and once at the end with (cases done, cases in
            all, the question).
        article_text: the stored text of an article by id and revision. With it, each citation's
            offsets are checked; without it, only those of closed cases are.
        about: what is to be recorded of the run: names of files, models, digests.
        threshold: the confidence under which `ask` abstains; marked in the plots.
        on_result: called with each result as it comes. What it raises ends the run.

    A `DatelineError` from one case is recorded as that case's failure; any other exception is a
    defect and is raised.
    """
    started_at = datetime.now(UTC).isoformat(timespec="seconds")
    start = time.perf_counter()
    results = []
    for done, case in enumerate(cases):
        if on_progress:
            on_progress(done, len(cases), case.question)
        results.append(_run(case, ask, article_text))
        if on_result:
            on_result(results[-1])
    if on_progress:
        on_progress(len(cases), len(cases), "")
    seconds = round(time.perf_counter() - start, 3)
    return EvalReport(tuple(results), dict(about or {}), started_at, seconds, threshold)


def _run(case: EvalCase, ask: Ask, article_text: ArticleText | None) -> CaseResult:
    start = time.perf_counter()
    try:
        given = ask(case)
    except DatelineError as error:
        text = str(error) or type(error).__name__
        return CaseResult(case, None, text, check_failed(case), _ms_since(start))
    wall_ms = _ms_since(start)
    answer = given.to_dict() if isinstance(given, AnswerLike) else dict(given)
    checks = check_answer(case, answer, _verbatim(case, answer, article_text))
    return CaseResult(case, answer, None, checks, wall_ms)


def _verbatim(
    case: EvalCase, answer: Mapping[str, Any], article_text: ArticleText | None
) -> tuple[bool, ...]:
    """For each citation, whether the text of its article's revision has it at its offsets.

    A closed case's articles are looked at first. A text that cannot be found fails the check.
    """
    own = {(article.id, article.revision): article.text for article in case.articles or ()}
    if article_text is None and not own:
        return ()
    outcomes = []
    for citation in answer["citations"]:
        key = citation["article_id"], citation["revision"]
        text = own.get(key)
        if text is None and article_text is not None:
            try:
                text = article_text(*key)
            except (DatelineError, LookupError):
                text = None
        quote, start, end = citation["quote"], citation["start"], citation["end"]
        outcomes.append(text is not None and bool(quote) and text[start:end] == quote)
    return tuple(outcomes)


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


def _writer(answer: Mapping[str, Any] | None) -> str:
    """Who wrote an answer: writer, model and prompt, as far as there are any."""
    if answer is None:
        return ""
    return " ".join(str(answer[key]) for key in ("writer", "model", "prompt_id") if answer.get(key))


def _ms_since(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 3)

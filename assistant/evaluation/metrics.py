"""Every figure of a report: what it is called, what it counts, and over which cases."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation.figures import Figure, mean, share, unit_mean
from assistant.evaluation.measures.confidence import CONFIDENCE
from assistant.evaluation.measures.grounding import GROUNDING
from assistant.evaluation.measures.judge import JUDGE
from assistant.evaluation.measures.metric import Judged, Metric
from assistant.evaluation.measures.outcome import OUTCOME
from assistant.evaluation.measures.retrieval import RETRIEVAL
from assistant.evaluation.measures.size import SIZE

__all__ = [
    "LOWER_IS_BETTER",
    "METRICS",
    "METRIC_NAMES",
    "NEITHER_IS_BETTER",
    "Judged",
    "Metric",
    "figure_of",
    "figures",
]

METRICS: tuple[Metric, ...] = (*OUTCOME, *JUDGE, *CONFIDENCE, *GROUNDING, *RETRIEVAL, *SIZE)
"""In the order in which they are shown."""

METRIC_NAMES = frozenset(metric.name for metric in METRICS)
LOWER_IS_BETTER = frozenset(
    {
        "abstained_answerable", "disagreement_false", "judge_unreadable", "risk", "aurc",
        "excess_aurc", "brier", "ece", "cost_per_answer", "judge_cost_per_reply",
    }
)  # fmt: skip

NEITHER_IS_BETTER = frozenset(
    {
        "statements_per_answer", "quoted_words_per_answer", "dropped_per_answer",
        "tokens_in_per_answer", "tokens_out_per_answer", "judge_tokens_in_per_reply",
        "judge_tokens_out_per_reply",
    }
)  # fmt: skip


def figures(judged: Sequence[Judged]) -> dict[str, Figure]:
    """Every figure over these cases, by name; figures that apply to none of them have n = 0."""
    return {metric.name: figure_of(metric, judged) for metric in METRICS}


def figure_of(metric: Metric, judged: Sequence[Judged]) -> Figure:
    """One figure over these cases."""
    if metric.over is not None:
        return metric.over(judged)
    values = [value for case, c in judged for value in metric.of(case, c)]
    if metric.kind == "share":
        return share([bool(value) for value in values])
    return unit_mean(values) if metric.kind == "unit" else mean(values)

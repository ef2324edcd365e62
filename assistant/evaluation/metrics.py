"""Every figure of a report: what it is called, what it counts, and over which cases.

Retrieval figures follow the evaluation of MultiHop-RAG (Y. Tang and Y. Yang, "MultiHop-RAG:
Benchmarking Retrieval-Augmented Generation for Multi-Hop Queries", arXiv 2401.15391, and
`retrieval_evaluate.py` of its repository): a passage is relevant when it contains a gold quote,
white space removed; only cases with gold quotes count. Where evidence comes in groups, a group
stands for one gold quote and any of its members finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.evaluation.calibration import brier, ece, forecasts
from assistant.evaluation.checks import DEPTH, Checks
from assistant.evaluation.figures import Figure, auc, mean, share, unit_mean
from assistant.evaluation.risk import aurc, choices, excess_aurc
from assistant.types import EvalCase

Judged = tuple[EvalCase, Checks]
Kind = Literal["share", "unit", "count", "whole"]
Ranks = Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure's name, its title for people, what it means, and what each case gives to it.

    `of` yields the values that one case adds: none where the figure does not apply to it.
    `kind` says what is made of them: a share of true ones, a mean of values in 0..1 or a mean of
    counts. What is no mean over cases is of kind "whole", and made of all of them by `over`; by
    `drawn` for each of many draws of cases, where draws say something of it.
    """

    name: str
    group: str
    title: str
    meaning: str
    kind: Kind
    of: Callable[[EvalCase, Checks], Iterable[float]] = lambda case, checks: ()
    over: Callable[[Sequence[Judged]], Figure] | None = None
    drawn: Callable[[Sequence[Judged]], Figure] | None = None


def hit(ranks: Ranks, k: int) -> bool:
    """Whether some gold quote is among the first `k` passages (Hits@k).

    >>> hit([None, 4], 4), hit([None, 5], 4), hit([None], 10)
    (True, False, False)
    """
    return any(rank is not None and rank <= k for rank in ranks)


def all_facts(ranks: Ranks, k: int = DEPTH) -> bool:
    """Whether every gold quote is among the first `k` passages.

    >>> all_facts([1, 10]), all_facts([1, None])
    (True, False)
    """
    return bool(ranks) and all(rank is not None and rank <= k for rank in ranks)


def reciprocal_rank(ranks: Ranks, k: int = DEPTH) -> float:
    """One over the rank of the first relevant passage, 0 where it is not in the first `k`.

    E. M. Voorhees, "The TREC-8 question answering track report", TREC-8 (1999).

    >>> reciprocal_rank([4, 2, None]), reciprocal_rank([None])
    (0.5, 0.0)
    """
    return max((1 / rank for rank in ranks if rank is not None and rank <= k), default=0.0)


def average_precision(ranks: Ranks, k: int = DEPTH) -> float:
    """The average precision of MultiHop-RAG's evaluation, which is not the textbook's.

    At each rank it counts the gold quotes that are found there for the first time, divides them
    by the rank, and divides the sum by min(number of gold quotes, 10). The textbook would count
    all relevant passages so far; here each gold quote just adds 1/rank. Followed as it stands,
    so that figures can be compared with those published for that set.

    >>> average_precision([1, 2]), average_precision([2, 2, None, None])
    (0.75, 0.25)
    """
    found = sum(1 / rank for rank in ranks if rank is not None and rank <= k)
    return found / min(len(ranks), 10) if ranks else 0.0


def recall(ranks: Ranks, k: int = DEPTH) -> float:
    """The share of the gold articles that have a passage among the first `k`.

    >>> recall([3, None])
    0.5
    """
    return sum(rank is not None and rank <= k for rank in ranks) / len(ranks) if ranks else 0.0


def _when(applies: bool, value: float | None) -> Iterable[float]:
    return (value,) if applies and value is not None else ()


def _retrieval(measure: Callable[[Ranks], float]) -> Callable[[EvalCase, Checks], Iterable[float]]:
    return lambda case, c: _when(bool(c.gold_ranks), measure(c.gold_ranks))


def _wants_words(case: EvalCase, c: Checks) -> bool:
    return case.answerable and bool(c.parts) and not c.yes_no


def _quoting(case: EvalCase, c: Checks) -> bool:
    return case.answerable and c.answered and bool(c.quoted)


def _came_back(c: Checks) -> bool:
    return c.abstained is not None


def _auc_of_confidence(judged: Sequence[Judged]) -> Figure:
    told = forecasts(judged)
    return auc([sure for sure, has in told if has], [sure for sure, has in told if not has])


METRICS: tuple[Metric, ...] = (
    Metric("right", "Outcome", "Right",
           "answered with every expected part, or abstained where there is no answer; "
           "yes/no questions and cases without expected words are not judged", "share",
           lambda case, c: _when(True, c.right)),
    Metric("completed", "Outcome", "Completed",
           "cases that came back without an error", "share",
           lambda case, c: (_came_back(c),)),
    Metric("answer_match", "Answers", "Says the answer",
           "answerable cases whose answer's text says some expected part", "share",
           lambda case, c: _when(_wants_words(case, c), any(c.parts))),
    Metric("answer_match_all_parts", "Answers", "Says every part",
           "the same, with every expected part", "share",
           lambda case, c: _when(_wants_words(case, c), all(c.parts))),
    Metric("answer_match_body", "Answers", "Says every part, frames left out",
           "the same over the claims alone, without report date, outlet and status", "share",
           lambda case, c: _when(_wants_words(case, c), bool(c.parts_in_body)
                                 and all(c.parts_in_body))),
    Metric("answer_match_answered", "Answers", "Says every part, where it answered",
           "the same, of those that did not abstain", "share",
           lambda case, c: _when(_wants_words(case, c) and c.answered, all(c.parts))),
    Metric("yes_no_match", "Answers", "Yes/no word present",
           "yes/no questions whose answer's text has the expected word in it; for interest, "
           "since a quotation is not a yes or a no", "share",
           lambda case, c: _when(case.answerable, c.yes_no_match)),
    Metric("reported_on_match", "Answers", "Report date agrees",
           "cases that give a report date, where a statement has it", "share",
           lambda case, c: _when(True, c.reported_on)),
    Metric("status_match", "Answers", "Status agrees",
           "cases that give a status, where a statement has it", "share",
           lambda case, c: _when(True, c.status)),
    Metric("abstained_unanswerable", "Abstention", "Abstained where there is no answer",
           "unanswerable cases; a failed case counts as not abstained", "share",
           lambda case, c: _when(not case.answerable, bool(c.abstained))),
    Metric("abstained_answerable", "Abstention", "Abstained where there is one",
           "answerable cases that came back; the lower the better", "share",
           lambda case, c: _when(case.answerable and _came_back(c), bool(c.abstained))),
    Metric("answered_answerable", "Abstention", "Answered where there is one",
           "answerable cases; a failed case counts as not answered", "share",
           lambda case, c: _when(case.answerable, c.answered)),
    Metric("abstention_precision", "Abstention", "Abstentions that were due",
           "of all abstentions, those on unanswerable cases", "share",
           lambda case, c: _when(bool(c.abstained), not case.answerable)),
    Metric("abstention_recall", "Abstention", "Due abstentions that were made",
           "of all unanswerable cases, those abstained on (abstained_unanswerable again)", "share",
           lambda case, c: _when(not case.answerable, bool(c.abstained))),
    Metric("coverage", "Confidence", "Answered (coverage)",
           "cases that came back and can be judged, the unanswerable among them", "share",
           lambda case, c: _when(_came_back(c) and c.right is not None, c.answered)),
    Metric("risk", "Confidence", "Not right where it answered (risk)",
           "of those, the answered ones that are not right; the lower the better", "share",
           lambda case, c: _when(c.answered and c.right is not None, not c.right)),
    Metric("aurc", "Confidence", "Area under risk and coverage (AURC)",
           "mean risk when answering from the surest case down, an answer that was withheld "
           "counted as not right; the lower the better",
           "whole", over=lambda judged: aurc(choices(judged)),
           drawn=lambda judged: aurc(choices(judged), interval=False)),
    Metric("excess_aurc", "Confidence", "The part of it that order costs (E-AURC)",
           "that area above the least for as many errors, at most; 0: every right answer is "
           "surer than every wrong one",
           "whole", over=lambda judged: excess_aurc(choices(judged)),
           drawn=lambda judged: excess_aurc(choices(judged))),
    Metric("auc_confidence", "Confidence", "Confidence tells them apart (AUC)",
           "how often an answerable case has the higher confidence of a pair; 0.5 is chance",
           "whole", over=_auc_of_confidence, drawn=_auc_of_confidence),
    Metric("brier", "Confidence", "Squared error of the confidence (Brier)",
           "mean square of confidence less 1 where there is an answer, less 0 where there is "
           "none; 0.25 is that of .5 always, the lower the better", "unit",
           lambda case, c: () if c.confidence is None else (brier(c.confidence, case.answerable),)),
    Metric("ece", "Confidence", "Calibration error (ECE)",
           "mean distance of the confidence from the share that is answerable, over cases of "
           "like confidence; the lower the better",
           "whole", over=lambda judged: ece(forecasts(judged))),
    Metric("quotes_gold", "Grounding", "Quotes the gold sentence",
           "answered answerable cases with gold quotes, where a citation holds one of them",
           "share", lambda case, c: _when(_quoting(case, c), any(c.quoted))),
    Metric("quotes_gold_all", "Grounding", "Quotes every gold sentence",
           "the same, with every gold quote", "share",
           lambda case, c: _when(_quoting(case, c), all(c.quoted))),
    Metric("verbatim", "Grounding", "Verbatim citations",
           "citations whose words stand in the article at their offsets; must be 1", "share",
           lambda case, c: c.verbatim),
    Metric("statements_cited", "Grounding", "Statements with their citations",
           "statements that have markers, each with its citation; must be 1", "share",
           lambda case, c: c.cited),
    Metric("hit_rate@1", "Retrieval", "Hit rate at 1",
           "a gold quote is in the first passage", "share",
           _retrieval(lambda ranks: hit(ranks, 1))),
    Metric("hit_rate@4", "Retrieval", "Hit rate at 4",
           "a gold quote is in the first 4 passages", "share",
           _retrieval(lambda ranks: hit(ranks, 4))),
    Metric("hit_rate@10", "Retrieval", "Hit rate at 10",
           "a gold quote is in the first 10 passages", "share",
           _retrieval(lambda ranks: hit(ranks, 10))),
    Metric("map@10", "Retrieval", "MAP at 10",
           "mean average precision as MultiHop-RAG computes it: each gold quote adds "
           "1/rank", "unit", _retrieval(average_precision)),
    Metric("mrr@10", "Retrieval", "MRR at 10",
           "mean of 1/rank of the first passage with a gold quote", "unit",
           _retrieval(reciprocal_rank)),
    Metric("all_facts@10", "Retrieval", "All facts at 10",
           "every gold quote is in the first 10 passages", "share", _retrieval(all_facts)),
    Metric("article_recall@10", "Retrieval", "Article recall at 10",
           "share of the gold articles with a passage among the first 10", "unit",
           lambda case, c: _when(bool(c.article_ranks), recall(c.article_ranks))),
    Metric("statements_per_answer", "Size", "Statements an answer",
           "mean over answers that did not abstain", "count",
           lambda case, c: _when(c.answered, c.statements)),
    Metric("quoted_words_per_answer", "Size", "Quoted words an answer",
           "mean over answers that did not abstain", "count",
           lambda case, c: _when(c.answered, c.quoted_words)),
    Metric("dropped_per_answer", "Size", "Unsupported statements dropped",
           "mean over all cases that came back", "count",
           lambda case, c: _when(True, c.dropped)),
    Metric("tokens_in_per_answer", "Size", "Tokens read by a model",
           "mean over all cases that came back", "count",
           lambda case, c: _when(True, c.tokens_in)),
    Metric("tokens_out_per_answer", "Size", "Tokens written by a model",
           "mean over all cases that came back", "count",
           lambda case, c: _when(True, c.tokens_out)),
)  # fmt: skip
"""In the order in which they are shown."""

METRIC_NAMES = frozenset(metric.name for metric in METRICS)
LOWER_IS_BETTER = frozenset({"abstained_answerable", "risk", "aurc", "excess_aurc", "brier", "ece"})


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

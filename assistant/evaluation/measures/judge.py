"""What a model as judge said, and how far it agrees with the labelled cases; see `judging.py`.

Agreement is taken over the cases that the judge was asked about, gave a verdict that can be read
on, and whose label (`right`) is known. It is told as the share of equal verdicts and as Cohen's
kappa, that share above what two raters with these habits would reach by chance.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation.checks import Checks
from assistant.evaluation.figures import Figure
from assistant.evaluation.measures.metric import Judged, Metric, when


def cohens_kappa(pairs: Sequence[tuple[bool, bool]]) -> Figure:
    """The agreement of two raters beyond chance, in -1..1; 0 is what chance gives.

    (p_o − p_e) / (1 − p_e), with p_o the share of pairs that agree and p_e the share that would if
    the two were independent (J. Cohen, "A coefficient of agreement for nominal scales",
    Educational and Psychological Measurement 20 (1960) 37-46). Where both always say the same one
    thing, chance explains all and there is no kappa.

    >>> cohens_kappa([(True, True), (True, False), (False, False), (False, False)]).value
    0.5
    >>> cohens_kappa([(True, True)]).value is None
    True
    """
    n = len(pairs)
    if not n:
        return Figure(None, 0)
    agreed = sum(one == two for one, two in pairs) / n
    first, second = (sum(pair[rater] for pair in pairs) / n for rater in (0, 1))
    by_chance = first * second + (1 - first) * (1 - second)
    if by_chance == 1:
        return Figure(None, 0)
    return Figure((agreed - by_chance) / (1 - by_chance), n)


def _read(c: Checks) -> bool:
    return c.judged in ("yes", "no")


def _labelled(c: Checks) -> bool:
    return _read(c) and c.right is not None


def _kappa(judged: Sequence[Judged]) -> Figure:
    return cohens_kappa([(c.judged == "yes", bool(c.right)) for _, c in judged if _labelled(c)])


JUDGE: tuple[Metric, ...] = (
    Metric("judged_right", "Judge", "Right, says the judge",
           "answers to cases with expected words (yes or no among them), where a model as judge "
           "said that they say what is expected", "share",
           lambda case, c: when(_read(c), c.judged == "yes")),
    Metric("judge_agreement", "Judge", "The judge agrees with the labels",
           "of those, the cases that the words alone decide (right), where the two agree", "share",
           lambda case, c: when(_labelled(c), (c.judged == "yes") == c.right)),
    Metric("judge_kappa", "Judge", "The same beyond chance (Cohen's kappa)",
           "1 is full agreement, 0 what chance gives", "count",
           over=_kappa, drawn=_kappa, digits=3),
    Metric("judge_unreadable", "Judge", "Replies of the judge that are no verdict",
           "neither yes nor no, or none came; in no figure above; the lower the better", "share",
           lambda case, c: when(c.judged is not None, c.judged == "unreadable")),
    Metric("judge_tokens_in_per_reply", "Judge", "Tokens read by the judge",
           "mean over its replies whose tokens were counted; in no figure of the answers", "count",
           lambda case, c: when(True, c.judge_tokens_in)),
    Metric("judge_tokens_out_per_reply", "Judge", "Tokens written by the judge",
           "mean over the same", "count",
           lambda case, c: when(True, c.judge_tokens_out)),
    Metric("judge_cost_per_reply", "Judge", "Cost of a judge's reply",
           "these tokens at the prices given, mean over the same; not in the cost an answer",
           "count", lambda case, c: when(True, c.judge_cost), digits=6),
)  # fmt: skip

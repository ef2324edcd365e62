"""What answers cost: the tokens that a model read and wrote, at prices that the caller gives.

What a judge's replies cost is told apart: it is the price of measuring, not of answering.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.errors import UsageError
from assistant.evaluation.run import CaseResult, EvalReport


@dataclass(frozen=True, slots=True)
class Prices:
    """The price of a million tokens that a model reads and writes, in any one currency.

    Raises:
        UsageError: a price is no amount of money.
    """

    tokens_in: float
    tokens_out: float

    def __post_init__(self) -> None:
        if not all(math.isfinite(p) and p >= 0 for p in (self.tokens_in, self.tokens_out)):
            raise UsageError("a price of tokens is an amount of money, such as 0.15 a million")

    def __str__(self) -> str:
        return f"{self.tokens_in:g} in, {self.tokens_out:g} out"

    def of(self, tokens_in: int, tokens_out: int) -> float:
        """The price of so many tokens.

        >>> Prices(0.5, 2.0).of(400_000, 100_000)
        0.4
        """
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / 1_000_000


def price_results(results: Sequence[CaseResult], prices: Prices) -> tuple[CaseResult, ...]:
    """The results with what each answer cost; a case that failed has no cost that is known."""
    return tuple(
        result
        if result.answer is None
        else replace(
            result,
            checks=replace(
                result.checks,
                cost=prices.of(result.checks.tokens_in or 0, result.checks.tokens_out or 0),
            ),
        )
        for result in results
    )


def priced(report: EvalReport, prices: Prices) -> EvalReport:
    """The report with `cost_per_answer`, and with prices and total in its `about`.

    The total is that of the answers that came back. Equal for equal tokens, so it stands outside
    of `run`.
    """
    results = price_results(report.results, prices)
    total = math.fsum(result.checks.cost or 0.0 for result in results)
    about = {
        **report.about,
        "price_of_a_million_tokens": str(prices),
        "cost": f"{total:.6g}",
    }
    return replace(report, results=results, about=about)


def judge_priced(report: EvalReport, prices: Prices) -> EvalReport:
    """The report with `judge_cost_per_reply`, and with prices and total in its `about`.

    Of a reply whose tokens nobody counted the cost is not known: it is in neither.
    """
    results = tuple(_judge_priced(result, prices) for result in report.results)
    costs = [c for result in results if (c := result.checks.judge_cost) is not None]
    if not costs:
        return report
    about = {
        **report.about,
        "judge_price_of_a_million_tokens": str(prices),
        "judge_cost": f"{math.fsum(costs):.6g}",
    }
    return replace(report, results=results, about=about)


def _judge_priced(result: CaseResult, prices: Prices) -> CaseResult:
    sent, received = result.checks.judge_tokens_in, result.checks.judge_tokens_out
    if sent is None or received is None:
        return result
    return replace(result, checks=replace(result.checks, judge_cost=prices.of(sent, received)))

"""What answers cost: the tokens that a model read and wrote, at prices that the caller gives."""

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
        "price_of_a_million_tokens": f"{prices.tokens_in:g} in, {prices.tokens_out:g} out",
        "cost": f"{total:.6g}",
    }
    return replace(report, results=results, about=about)

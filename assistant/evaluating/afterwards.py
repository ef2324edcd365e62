"""What is made of a report when its questions were asked: a judge's verdicts, and costs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import EndpointError, UsageError
from assistant.evaluation import Prices, Reply, judge_priced, judged, priced

if TYPE_CHECKING:
    from assistant.evaluation import EvalReport, Judge
    from assistant.settings import Settings

LONGEST_VERDICT = 20_000
"""Characters of a judge's reply; a model that runs on is not waited for."""


Typed = tuple[float | None, float | None]
"""Prices as they are typed, of tokens read and written."""


@dataclass(frozen=True, slots=True)
class Then:
    """A judge, and prices of the answers' tokens and of the judge's; None where there is none."""

    judge: Judge | None = None
    prices: Prices | None = None
    judge_prices: Prices | None = None

    @classmethod
    def of(
        cls,
        settings: Settings,
        *,
        judge: bool,
        prices: Typed = (None, None),
        judge_prices: Typed = (None, None),
        other: bool = False,
    ) -> Then:
        """What the options of the command line say. Nothing is sent yet.

        `other`: another system is asked. Else the configured model is the only one that writes, as
        it is the judge, so that `prices` are the judge's too where it has none of its own.

        Raises:
            UsageError: one price without the other, or prices of a judge that there is not.
            EndpointError: the judge's endpoint cannot be asked: no key, or no address.
        """
        answers = _prices(prices, "--price-in and --price-out")
        own = _prices(judge_prices, "--judge-price-in and --judge-price-out")
        if own and not judge:
            raise UsageError("--judge-price-in: without --judge there is nothing that it is for")
        return cls(
            judge_of(settings) if judge else None, answers, own or (None if other else answers)
        )

    def __call__(
        self, report: EvalReport, on_progress: Callable[[int, int, str], None] | None = None
    ) -> EvalReport:
        """The report with verdicts and costs."""
        if self.judge is not None:
            report = judged(report, self.judge, on_progress)
        if self.judge_prices is not None:
            report = judge_priced(report, self.judge_prices)
        return priced(report, self.prices) if self.prices is not None else report


def _prices(typed: Typed, names: str) -> Prices | None:
    sent, received = typed
    if sent is None and received is None:
        return None
    if sent is None or received is None:
        raise UsageError(f"{names} go together: give both")
    return Prices(sent, received)


def judge_of(settings: Settings) -> Judge:
    """The model behind the configured endpoint as judge. Nothing is sent yet.

    Raises:
        EndpointError: no key for OpenAI itself, or an address or key that cannot be one.
    """
    from llama_index.core.llms import ChatMessage

    from assistant.evaluation import Judge
    from assistant.models.llm import load_llm, stream_reply
    from assistant.prompting import load_prompt

    llm = load_llm(settings)

    def reply(text: str) -> Reply:
        said, tokens = "", None
        with closing(stream_reply(llm, [ChatMessage(role="user", content=text)])) as chunks:
            try:
                for chunk in chunks:
                    said += chunk.text
                    tokens = chunk.tokens or tokens
                    if len(said) > LONGEST_VERDICT:
                        break
            except EndpointError:
                said = ""  # half a reply is no verdict; its tokens were taken all the same
        return Reply(said, tokens.sent, tokens.received) if tokens else Reply(said)

    return Judge(load_prompt("judge"), reply, settings.openai_model)

"""What is made of a report when its questions were asked: a judge's verdicts, and costs."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import UsageError
from assistant.evaluation import Prices, judged, priced

if TYPE_CHECKING:
    from assistant.evaluation import EvalReport, Judge
    from assistant.settings import Settings

LONGEST_VERDICT = 20_000
"""Characters of a judge's reply; a model that runs on is not waited for."""


@dataclass(frozen=True, slots=True)
class Then:
    """A judge, and prices of tokens; None where there is none."""

    judge: Judge | None = None
    prices: Prices | None = None

    @classmethod
    def of(
        cls, settings: Settings, *, judge: bool, prices: tuple[float | None, float | None]
    ) -> Then:
        """What the options of the command line say. Nothing is sent yet.

        Raises:
            UsageError: one price without the other.
            EndpointError: the judge's endpoint cannot be asked: no key, or no address.
        """
        if (prices[0] is None) != (prices[1] is None):
            raise UsageError("--price-in and --price-out go together: give both")
        priced_at = None
        if prices[0] is not None and prices[1] is not None:
            priced_at = Prices(prices[0], prices[1])
        return cls(judge_of(settings) if judge else None, priced_at)

    def __call__(
        self, report: EvalReport, on_progress: Callable[[int, int, str], None] | None = None
    ) -> EvalReport:
        """The report with verdicts and costs."""
        if self.judge is not None:
            report = judged(report, self.judge, on_progress)
        return priced(report, self.prices) if self.prices is not None else report


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

    def reply(text: str) -> str:
        said = ""
        with closing(stream_reply(llm, [ChatMessage(role="user", content=text)])) as chunks:
            for chunk in chunks:
                said += chunk.text
                if len(said) > LONGEST_VERDICT:
                    break
        return said

    return Judge(load_prompt("judge"), reply, settings.openai_model)

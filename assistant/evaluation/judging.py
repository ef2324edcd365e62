"""A chat model as judge of whether an answer says what is expected.

The judge is any text -> text; this room knows no model. It is asked about answers alone: that an
abstention is one needs no judge. What it says is a figure of its own and never changes `right`,
and how far the two agree stands beside it: a judge can be talked round by the answer it reads.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.errors import DatelineError
from assistant.evaluation.checks import Checks, Opinion, text_without_markers
from assistant.evaluation.matching import normalise
from assistant.evaluation.run import CaseResult, EvalReport

_LONGEST = 8_000
"""Characters of an answer that are given to the judge."""


class JudgePrompt(Protocol):
    """A prompt with places for `fence`, `question`, `expected` and `answer`."""

    @property
    def id(self) -> str:
        """Its name, version and digest."""
        ...

    def render(self, **values: str | int) -> str:
        """The text with these values in it."""
        ...


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's reply, and the tokens that it read and wrote; None where nobody counted them."""

    text: str
    tokens_in: int | None = None
    tokens_out: int | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """`reply` gives a model's reply to a text, with its tokens or as the text alone; `model` is
    the name it goes by in the report.
    """

    prompt: JudgePrompt
    reply: Callable[[str], str | Reply]
    model: str = ""

    @property
    def name(self) -> str:
        """The model and the prompt."""
        return f"{self.model} {self.prompt.id}".strip()

    def checks(self, result: CaseResult) -> Checks:
        """The checks of one answer with what the judge makes of it, and the tokens that took."""
        said = self._said(result)
        return replace(
            result.checks,
            judged=read_verdict(said.text),
            judge_tokens_in=said.tokens_in,
            judge_tokens_out=said.tokens_out,
        )

    def _said(self, result: CaseResult) -> Reply:
        text = text_without_markers(result.answer or {"text": "", "citations": ()})
        try:
            said = self.reply(
                self.prompt.render(
                    fence=secrets.token_hex(8),  # drawn each time: no answer can close the fence
                    question=_line(result.case.question),
                    expected="\n".join(
                        f"- {_line(' / '.join(part))}" for part in result.case.answers
                    ),
                    answer=_line(text)[:_LONGEST],
                )
            )
        except DatelineError:
            return Reply("")
        return said if isinstance(said, Reply) else Reply(said)


def read_verdict(reply: str) -> Opinion:
    r"""The verdict in a reply: the one word yes or no, after what a model thought aloud.

    >>> [read_verdict(r) for r in ("YES", "**No.**\n", "<think>no?</think>\nyes", "Yes, but", "")]
    ['yes', 'no', 'yes', 'unreadable', 'unreadable']
    """
    match normalise(reply.rpartition("</think>")[2]).strip().casefold():
        case "yes":
            return "yes"
        case "no":
            return "no"
        case _:
            return "unreadable"


def judge_results(
    results: Sequence[CaseResult],
    judge: Judge,
    on_progress: Callable[[int, int, str], None] | None = None,
) -> tuple[CaseResult, ...]:
    """The results with the judge's verdicts, on answers to cases with expected words.

    `on_progress` is called as `evaluate` calls it, over the cases that the judge is asked about.
    """
    asked = sum(map(_is_for_the_judge, results))
    done, judged = 0, []
    for result in results:
        if _is_for_the_judge(result):
            if on_progress:
                on_progress(done, asked, result.case.question)
            result = replace(result, checks=judge.checks(result))
            done += 1
        judged.append(result)
    if on_progress:
        on_progress(asked, asked, "")
    return tuple(judged)


def judged(
    report: EvalReport,
    judge: Judge,
    on_progress: Callable[[int, int, str], None] | None = None,
) -> EvalReport:
    """The report with the judge's verdicts, its name and all its tokens in `about`."""
    results = judge_results(report.results, judge, on_progress)
    about = {**report.about, "judge": judge.name, **tokens_told(results)}
    return replace(report, results=results, about=about)


def tokens_told(results: Sequence[CaseResult]) -> dict[str, str]:
    """The tokens of all the judge's replies, as `about` has them; nothing where none has counts."""
    asked = [result.checks for result in results if result.checks.judged is not None]
    counted = [c for c in asked if c.judge_tokens_in is not None]
    if not counted:
        return {}
    sent, received = (
        sum(getattr(c, name) or 0 for c in counted)
        for name in ("judge_tokens_in", "judge_tokens_out")
    )
    missing = len(asked) - len(counted)
    some = f"; not counted for {missing} of {len(asked)} replies" if missing else ""
    return {"judge_tokens": f"{sent} in, {received} out{some}"}


def _is_for_the_judge(result: CaseResult) -> bool:
    return result.case.answerable and bool(result.case.answers) and result.checks.answered


def _line(text: str) -> str:
    """A text on one line, without lone surrogates, which no request can carry."""
    return " ".join(text.encode("utf-8", "replace").decode().split())

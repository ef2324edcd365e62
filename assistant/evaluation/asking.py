"""Puts cases to a callable, one after the other or several at once, and checks what comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any, Protocol, runtime_checkable

from assistant.errors import DatelineError, LibraryError
from assistant.evaluation.checks import Checks, check_answer, check_failed
from assistant.types import EvalCase

OnProgress = Callable[[int, int, str], None]


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


def results_of(
    cases: Sequence[EvalCase],
    ask: Ask,
    article_text: ArticleText | None = None,
    *,
    workers: int = 1,
    on_progress: OnProgress | None = None,
    asked: int = 0,
) -> Generator[CaseResult, None, None]:
    """Each case's result, as it comes: with one worker in their order, with more in any.

    `asked` cases were asked before these; `on_progress` counts them in. One worker is this thread.
    Where the caller ends it early, what runs is waited for and no further case is begun.
    """

    def tell(done: int, question: str) -> None:
        if on_progress:
            on_progress(asked + done, asked + len(cases), question)

    if workers <= 1:
        for done, case in enumerate(cases):
            tell(done, case.question)
            yield asked_once(case, ask, article_text)
    else:
        pool = ThreadPoolExecutor(workers, "evaluation")
        try:
            running = [pool.submit(asked_once, case, ask, article_text) for case in cases]
            for done, future in enumerate(as_completed(running)):
                result = future.result()
                tell(done, result.case.question)
                yield result
        finally:
            pool.shutdown(cancel_futures=True)
    tell(len(cases), "")


def asked_once(case: EvalCase, ask: Ask, article_text: ArticleText | None = None) -> CaseResult:
    """One case's result. A `DatelineError` is the case's failure, any other one a defect."""
    start = time.perf_counter()
    try:
        given = ask(case)
        wall_ms = _ms_since(start)
        answer = given.to_dict() if isinstance(given, AnswerLike) else dict(given)
        verbatim = _verbatim(case, answer, article_text)
    except DatelineError as error:
        text = str(error) or type(error).__name__
        return CaseResult(case, None, text, check_failed(case), _ms_since(start))
    return CaseResult(case, answer, None, _checked(case, answer, verbatim), wall_ms)


def _checked(case: EvalCase, answer: Mapping[str, Any], verbatim: tuple[bool, ...]) -> Checks:
    """The checks; an answer whose confidence is None has none, and no figure makes one up."""
    if answer["confidence"] is not None:
        return check_answer(case, answer, verbatim)
    return replace(check_answer(case, {**answer, "confidence": 0.0}, verbatim), confidence=None)


def _verbatim(
    case: EvalCase, answer: Mapping[str, Any], article_text: ArticleText | None
) -> tuple[bool, ...]:
    """For each citation, whether the text of its article's revision has it at its offsets.

    A closed case's articles are looked at first; there, a system that knows no revisions may
    leave them "". A text that cannot be found fails the check. Empty where no text can be looked
    up, or where a citation gives no offsets to look at.
    """
    own: dict[tuple[str, str], str] = {}
    for article in case.articles or ():
        own |= {(article.id, article.revision): article.text, (article.id, ""): article.text}
    if article_text is None and not own:
        return ()
    if any(cited["start"] is None or cited["end"] is None for cited in answer["citations"]):
        return ()
    outcomes = []
    for citation in answer["citations"]:
        key = citation["article_id"], citation["revision"]
        text = own.get(key)
        if text is None and article_text is not None:
            try:
                text = article_text(*key)
            except (LibraryError, LookupError):
                text = None
        quote, start, end = citation["quote"], citation["start"], citation["end"]
        outcomes.append(text is not None and bool(quote) and text[start:end] == quote)
    return tuple(outcomes)


def _ms_since(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 3)

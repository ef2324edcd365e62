"""What the page shows of one run, and of one of its cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from assistant.chats.kept import with_articles
from assistant.errors import RunError
from assistant.evaluation import CaseResult, Change, Run, changes, facts
from assistant.evaluation.matching import locate
from assistant.evaluation.metrics import METRICS, Metric
from assistant.evaluation.page import VERDICTS, diagnosis
from assistant.types import Answer, Article, EvalCase, Statement
from assistant.web.evaluation.cells import Cell, cell
from assistant.web.evaluation.overview import comparable, writer_of
from assistant.web.evaluation.reading import figures_of
from assistant.web.evaluation.view import View, address, chat_address
from assistant.web.talk import Turn

FAILED = ("wrong", "answered", "abstained", "failed")
"""How a case ends that is a failure."""

CARDS = ("right", "answer_match_all_parts", "abstained_unanswerable", "quotes_gold", "hit_rate@10")
BY_TYPE = ("right", "answer_match_all_parts", "abstained_unanswerable", "quotes_gold",
           "hit_rate@4", "hit_rate@10")  # fmt: skip
A_PAGE = 20
"""Cases that are listed before more are asked for."""

_FILTERS = ("since", "until", "source", "region", "tag")

ArticleOf = Callable[[str, str | None], Article]


@dataclass(frozen=True, slots=True)
class Ending:
    """How many cases ended in one way."""

    verdict: str
    name: str
    meaning: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class Detail:
    """One run. `cases` are those that the view lists, of `listed` in all; None: not to be seen."""

    view: View
    run: Run
    writer: str
    back: str
    before: tuple[str, str, datetime] | None
    changed: Sequence[Change]
    facts: Sequence[tuple[str, str]]
    cards: Sequence[Cell]
    groups: Mapping[str, Sequence[Cell]]
    endings: Sequence[Ending]
    titles: Sequence[str]
    types: Sequence[tuple[str, int, Sequence[Cell]]]
    tabs: Sequence[tuple[str, str, int, bool]] = ()
    cases: Sequence[Case] | None = None
    listed: int = 0
    more: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a run, with what it expected and what came.

    `turn` is the answer as the chat shows one, None where it is damaged; `chat` the address that
    asks it again, "" for a case that was answered from articles of its own.
    """

    number: int
    address: str
    result: CaseResult
    verdict: str
    meaning: str
    missing: Sequence[str]
    why: str
    turn: Turn | None
    chat: str

    @property
    def case(self) -> EvalCase:
        """The question and what is expected."""
        return self.result.case


def detail(
    view: View, run: Run, before: Run | None, results: Sequence[CaseResult] | None
) -> Detail:
    """One whole run beside the one before it; `results` None where its cases are not to be seen.

    Raises:
        RunError: its figures cannot be read.
    """
    figures = figures_of(run)
    held = figures_of(before).metrics if before and comparable(run, before) else {}
    cells = {m.name: cell(m, figures.metrics[m.name], held.get(m.name)) for m in METRICS}
    groups: dict[str, list[Cell]] = {}
    for metric in METRICS:
        if figures.metrics[metric.name].n:
            groups.setdefault(metric.group, []).append(cells[metric.name])
    columns = [m for m in METRICS if m.name in BY_TYPE and figures.metrics[m.name].n]
    made = Detail(
        view=view,
        run=run,
        writer=writer_of(run),
        back=address(View(questions=run.questions, figures=view.figures)),
        before=(before.id, address(view._replace(run=before.id)), before.started)
        if before
        else None,
        changed=changes(before.made_by, run.made_by) if before else (),
        facts=[(name, value) for name, value in facts(run.made_by) if value],
        cards=[cells[name] for name in CARDS if figures.metrics[name].n],
        groups=groups,
        endings=_endings(figures.counts),
        titles=[metric.title for metric in columns],
        types=[
            (kind, part["completed"].n, _cells(columns, part))
            for kind, part in figures.by_type.items()
        ],
    )
    return made if results is None else _with_cases(made, results)


def _with_cases(made: Detail, results: Sequence[CaseResult]) -> Detail:
    view = made.view
    tabs = []
    for ended, name in (
        ("failures", "Failures"), ("right", "Right"), ("unjudged", "Not judged"), ("all", "All"),
    ):  # fmt: skip
        count = len(_of(ended, results))
        if count or ended in ("failures", view.ended):
            where = address(view._replace(ended=ended, page=1, case=""))
            tabs.append((name, where, count, ended == view.ended))
    chosen = _of(view.ended, results)
    shown = chosen[: A_PAGE * view.page]
    more = address(view._replace(page=view.page + 1)) if len(chosen) > len(shown) else ""
    cases = [one_case(view, made.run, number, result) for number, result in shown]
    return replace(made, tabs=tabs, cases=cases, listed=len(chosen), more=more)


def neighbours(view: View, results: Sequence[CaseResult], number: int) -> tuple[str, str, str]:
    """Where the case before and the one after it are, among those of its kind, and its place."""
    chosen = _of(view.ended, results)
    numbers = [each for each, _ in chosen]
    if number not in numbers:
        return "", "", ""
    at = numbers.index(number)

    def where(place: int) -> str:
        if not 0 <= place < len(chosen):
            return ""
        return address(view._replace(case=chosen[place][1].case.id))

    return where(at - 1), where(at + 1), f"{at + 1} of {len(chosen)}"


def one_case(
    view: View, run: Run, number: int, result: CaseResult, article_of: ArticleOf | None = None
) -> Case:
    """One case, its answer with the articles that it was made from where these can be had."""
    case, checks = result.case, result.checks
    filters = run.made_by.get("filters")
    narrowed = [
        (name, value)
        for name in _FILTERS
        if isinstance(filters, Mapping) and isinstance(value := filters.get(name), str)
    ]
    missing = [
        part[0]
        for part, said in zip(case.answers, checks.parts, strict=True)
        if not said and checks.verdict == "wrong"
    ]
    return Case(
        number=number,
        address=address(view._replace(case=case.id)),
        result=result,
        verdict=VERDICTS[checks.verdict][0],
        meaning=VERDICTS[checks.verdict][1],
        missing=missing,
        why="" if checks.verdict == "right" else diagnosis(result),
        turn=_turn(number, result, article_of),
        chat="" if case.articles is not None else chat_address(case.question, narrowed),
    )


def article_for(
    result: CaseResult, article_id: str, revision: str | None, of: ArticleOf
) -> Article:
    """An article that a case was answered from: one of its own, or the library's.

    Raises:
        LibraryError: there is none.
    """
    for own in result.case.articles or ():
        if own.id == article_id and revision in (None, own.revision):
            return own
    return of(article_id, revision)


def gold_place(
    result: CaseResult, group: int, member: int, of: ArticleOf
) -> tuple[Article, int, int]:
    """The article of a gold quote, and where the quote stands in it.

    Raises:
        LibraryError: there is no such article.
        RunError: it has no such words any more.
        LookupError: there is no such quote.
    """
    gold = result.case.evidence[group][member]
    article = article_for(result, gold.article_id, None, of)
    place = locate(gold.quote, article.text)
    if place is None:
        raise RunError(
            f"the article {gold.article_id!r} has no such words; it has changed since, or the "
            "question file is wrong about it"
        )
    return article, *place


def _turn(number: int, result: CaseResult, article_of: ArticleOf | None) -> Turn | None:
    question = result.case.question
    if result.answer is None:
        return Turn(number, question, error=result.error or "it failed")
    try:
        answer = Answer.from_dict(result.answer)
    except ValueError:
        plain = _plain(question, result.answer)
        return Turn(number, question, statements=plain.statements, answer=plain) if plain else None
    if article_of:
        answer = with_articles(
            answer, lambda each, revision: article_for(result, each, revision, article_of)
        )
    return Turn(
        number, question, statements=answer.statements, citations=answer.citations, answer=answer
    )


def _plain(question: str, data: Mapping[str, Any]) -> Answer | None:
    """The answer of another system, which is a text without a confidence; None for any other."""
    text = data.get("text")
    if not isinstance(text, str) or data.get("confidence", 0) is not None:
        return None
    abstained = data.get("abstained") is True
    return Answer(
        question=question,
        standalone_question=question,
        text=text,
        writer=str(data.get("writer", ""))[:40],
        model=str(data.get("model", ""))[:80],
        prompt_id="",
        abstained=abstained,
        abstention_reason=text if abstained else None,
        confidence=0.0,
        dropped=0,
        statements=() if abstained else (Statement(text=text, body=text, markers=()),),
    )


def _of(ended: str, results: Sequence[CaseResult]) -> list[tuple[int, CaseResult]]:
    kinds: dict[str, tuple[str, ...]] = {
        "failures": FAILED, "right": ("right",), "unjudged": ("unjudged",), "all": tuple(VERDICTS),
    }  # fmt: skip
    return [(n, r) for n, r in enumerate(results, 1) if r.checks.verdict in kinds[ended]]


def _endings(counts: Mapping[str, int]) -> list[Ending]:
    judged: list[tuple[Any, int]] = [(verdict, counts.get(verdict, 0)) for verdict in VERDICTS]
    total = sum(count for _, count in judged if count > 0)
    return [
        Ending(verdict, *VERDICTS[verdict], count, round(100 * count / total, 2))
        for verdict, count in judged
        if count > 0
    ]


def _cells(metrics: Sequence[Metric], part: Mapping[str, Any]) -> list[Cell]:
    return [cell(metric, part[metric.name]) for metric in metrics]

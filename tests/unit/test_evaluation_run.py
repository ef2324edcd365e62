"""Running a question set: what is asked, what is recorded, what is summed up."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import evaluation_helpers as on
import pytest

from assistant.errors import ArticleNotFoundError, EndpointError
from assistant.evaluation import evaluate
from assistant.types import Answer, Article, Citation, EvalCase, Evidence, Passage, Statement


def text_of(article_id: str, revision: str) -> str:
    if (article_id, revision) != ("marrat", on.REVISION):
        raise ArticleNotFoundError(f"no article {article_id}")
    return on.TEXT


def whole_answer() -> Answer:
    passage = Passage("marrat", on.REVISION, on.TEXT, 0, len(on.TEXT), ((0, len(on.HOLDS)),))
    day = date(2021, 3, 2)
    quote = Citation(
        1, "marrat", on.REVISION, passage.id, "The bridge", "Coast Herald", "", day, "",
        on.HOLDS, 0, len(on.HOLDS),
    )  # fmt: skip
    return Answer(
        question="Who holds it?",
        standalone_question="Who holds it?",
        text=f"“{on.HOLDS}” [1]",
        writer="quote",
        model="",
        prompt_id="",
        abstained=False,
        abstention_reason=None,
        confidence=0.8,
        dropped=0,
        statements=(Statement(f"“{on.HOLDS}” [1]", on.HOLDS, (1,), day),),
        citations=(quote,),
        evidence=(Evidence(passage, Article("marrat", on.TEXT), 1, 2.5, "bm25"),),
    )


def test_an_answer_and_its_dictionary_are_scored_alike() -> None:
    cases = [on.case(reported_on="2021-03-02")]
    from_answer = evaluate(cases, lambda case: whole_answer(), article_text=text_of)
    from_dict = evaluate(cases, lambda case: whole_answer().to_dict(), article_text=text_of)
    assert from_answer.metrics == from_dict.metrics
    assert from_answer.metrics["right"].value == 1.0
    assert from_answer.metrics["verbatim"].value == 1.0
    assert from_answer.metrics["reported_on_match"].value == 1.0
    assert from_answer.metrics["hit_rate@1"].value == 1.0


def test_a_case_that_fails_is_recorded_and_the_rest_go_on() -> None:
    def ask(case: EvalCase) -> dict[str, Any]:
        if case.id == "c2":
            raise EndpointError("the endpoint is busy; try later")
        return on.answer()

    report = evaluate([on.case(), on.case(id="c2"), on.case(id="c3")], ask)
    assert [result.error for result in report.results] == [
        None,
        "the endpoint is busy; try later",
        None,
    ]
    assert report.metrics["completed"].k == 2
    assert report.metrics["right"].k == 2
    assert report.metrics["right"].n == 3
    data = report.to_dict()
    assert data["counts"]["failed"] == 1
    assert data["errors"] == [{"id": "c2", "error": "the endpoint is busy; try later"}]


def test_a_defect_is_not_hidden() -> None:
    def ask(case: EvalCase) -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        evaluate([on.case()], ask)


def test_progress_is_told_before_each_case_and_at_the_end() -> None:
    told: list[tuple[int, int, str]] = []
    evaluate(
        [on.case(question="A?"), on.case(id="c2", question="B?")],
        lambda case: on.answer(),
        on_progress=lambda done, total, label: told.append((done, total, label)),
    )
    assert told == [(0, 2, "A?"), (1, 2, "B?"), (2, 2, "")]


@pytest.mark.parametrize(
    ("change", "verbatim"),
    [
        ({}, True),
        ({"start": 1}, False),
        ({"quote": ""}, False),
        ({"quote": on.HOLDS.upper()}, False),
        ({"revision": "another"}, False),
    ],
)
def test_a_citation_is_verbatim_at_its_offsets_or_not(
    change: dict[str, Any], verbatim: bool
) -> None:
    answer = on.answer(citations=[on.citation(**change)])
    report = evaluate([on.case()], lambda case: answer, article_text=text_of)
    assert report.metrics["verbatim"].value == float(verbatim)


def test_without_article_texts_nothing_is_said_of_verbatim() -> None:
    report = evaluate([on.case()], lambda case: on.answer())
    assert report.metrics["verbatim"].value is None


def test_a_closed_case_is_checked_against_its_own_articles() -> None:
    closed = on.case(articles=(Article("marrat", on.TEXT),))
    wrong = on.answer(citations=[on.citation(end=3)])
    assert evaluate([closed], lambda case: on.answer()).metrics["verbatim"].value == 1.0
    assert evaluate([closed], lambda case: wrong).metrics["verbatim"].value == 0.0
    other = on.case(articles=(Article("marrat", on.TEXT + " More."),))
    assert evaluate([other], lambda case: on.answer()).metrics["verbatim"].value == 0.0


def test_figures_are_split_by_type_and_by_flag() -> None:
    cases = [
        on.case(type="b", extra={"outside": True, "form": 2}),
        on.unanswerable(id="u1", type="a", extra={"outside": False, "form": 2}),
        on.unanswerable(id="u2", type="a", extra={"outside": True, "form": 2}),
    ]
    report = evaluate(cases, lambda case: on.abstention() if case.id == "u1" else on.answer())
    assert list(report.by_type) == ["a", "b"]
    assert report.by_type["a"]["abstained_unanswerable"].k == 1
    assert report.by_type["b"]["abstained_unanswerable"].n == 0
    assert list(report.by_flag) == ["outside"]
    assert report.by_flag["outside"]["false"]["right"].value == 1.0
    assert report.by_flag["outside"]["true"]["right"].value == 0.5


def test_a_flag_that_some_cases_lack_is_still_one() -> None:
    cases = [on.case(extra={"odd": True}), on.case(id="c2", extra={"odd": False}), on.case(id="c3")]
    report = evaluate(cases, lambda case: on.answer())
    assert {flag: part["completed"].n for flag, part in report.by_flag["odd"].items()} == {
        "false": 1,
        "true": 1,
    }


def test_latencies_are_given_by_stage_and_leave_failures_out() -> None:
    def ask(case: EvalCase) -> dict[str, Any]:
        if case.id == "c3":
            raise EndpointError("no")
        total = 10 if case.id == "c1" else 30
        return on.answer(timings_ms={"total": total})

    latency = evaluate([on.case(id=f"c{i}") for i in (1, 2, 3)], ask).latency_ms
    assert latency["total"] == {"p50": 20.0, "p95": 29.0, "max": 30.0}
    assert set(latency) == {"wall", "total"}
    assert latency["wall"]["max"] >= 0


def test_the_same_inputs_give_the_same_report_but_for_its_run() -> None:
    def once() -> dict[str, Any]:
        cases = [on.case(), on.unanswerable()]
        report = evaluate(cases, lambda case: on.answer(), about={"b": "2", "a": "1"})
        data = report.to_dict()
        assert set(data.pop("run")) == {"started_at", "seconds", "resumed", "latency_ms"}
        return data

    assert json.dumps(once(), allow_nan=False) == json.dumps(once(), allow_nan=False)
    assert once()["writers"] == ["quote"]
    assert once()["metrics"]["right"] == {
        "value": 0.5,
        "n": 2,
        "k": 1,
        "low": pytest.approx(0.0945, abs=1e-4),
        "high": pytest.approx(0.9055, abs=1e-4),
    }

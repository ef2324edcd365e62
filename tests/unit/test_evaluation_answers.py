"""What answers are held against: SQuAD's words, ALCE's citations, expected disagreements, cost."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import evaluation_helpers as on
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import EndpointError, UsageError
from assistant.evaluation import Prices, evaluate, priced, recheck
from assistant.evaluation.checks import Checks, check_answer, check_failed
from assistant.evaluation.citing import citation_precision, citation_recall, words_stand_in
from assistant.evaluation.lines import line_of, result_of
from assistant.evaluation.metrics import METRICS, figure_of, figures
from assistant.evaluation.page import shown
from assistant.evaluation.squad import is_exact, predictions, token_f1, tokens
from assistant.types import EvalCase

UNHURRIED = settings(deadline=None)


@pytest.mark.parametrize(
    ("given", "wanted", "exact", "f1"),
    [
        # The worked steps of normalize_answer: lower case, punctuation, articles, white space.
        ("The  Denver Broncos!", "Denver Broncos", True, 1.0),
        ("a-b", "ab", True, 1.0),
        ("a - b", "b", True, 1.0),
        ("Theatre", "atre", False, 0.0),  # an article is a word of its own
        # 2 of 3 given words are among the 2 wanted: precision 2/3, recall 1.
        ("Santa Clara, California", "Santa Clara", False, 0.8),
        # Words count as often as they stand in both: 1 of 3, and 1 of 1.
        ("gold gold gold", "gold", False, 0.5),
        ("Carolina Panthers", "Denver Broncos", False, 0.0),
        # Where one side has no words left, F1 is 1 if neither has.
        ("the", "", True, 1.0),
        ("", "gold", False, 0.0),
        ("“gold”", "gold", False, 0.0),  # string.punctuation knows ASCII alone
    ],
)
def test_the_official_scripts_values(given: str, wanted: str, exact: bool, f1: float) -> None:
    assert is_exact(given, wanted) is exact
    assert token_f1(given, wanted) == pytest.approx(f1)


@UNHURRIED
@given(st.text("ab the.,", max_size=20), st.text("ab the.,", max_size=20))
def test_f1_is_symmetric_and_1_where_the_match_is_exact(one: str, two: str) -> None:
    assert 0 <= token_f1(one, two) <= 1
    assert token_f1(one, two) == pytest.approx(token_f1(two, one))
    if is_exact(one, two):
        assert token_f1(one, two) == 1
    assert tokens(" ".join(tokens(one))) == tokens(one)


def marked(words: str, marker: int = 1) -> dict[str, Any]:
    at = on.HOLDS.index(words)
    return on.citation(marker=marker, answer=[at, at + len(words)])


def squad(case: EvalCase, answer: dict[str, Any]) -> tuple[bool | None, float | None]:
    checks = check_answer(case, answer)
    return checks.exact, checks.f1


def test_the_marked_words_are_the_prediction() -> None:
    answer = on.answer(citations=[marked("the Red Coast Army")])
    assert squad(on.case(), answer) == (True, 1.0)
    assert squad(on.case(answers=(("RCA", "Coast Army"),)), answer) == (False, pytest.approx(0.8))


def test_without_a_mark_the_claim_is_the_prediction_and_its_frame_is_not() -> None:
    exact, f1 = squad(on.case(), on.answer())
    assert exact is False
    # "fighters of red coast army hold bridge at marrat": 3 of 9 words, all 3 wanted ones.
    assert f1 == pytest.approx(2 * (3 / 9) / (3 / 9 + 1))


def test_one_part_is_held_against_the_first_statement_alone() -> None:
    statements = [on.statement(markers=(2,)), on.statement(markers=(1,))]
    answer = on.answer(
        statements=statements, citations=[marked("Red Coast Army"), marked("bridge", 2)]
    )
    assert squad(on.case(), answer) == (False, 0.0)
    assert squad(on.case(answers=(("bridge",),)), answer) == (True, 1.0)
    two = on.case(answers=(("Red Coast Army",), ("the bridge",)))
    assert squad(two, answer) == (True, 1.0)
    missed = on.case(answers=(("Red Coast Army",), ("the mayor",)))
    assert squad(missed, answer) == (False, 0.5)


def test_of_several_marked_citations_the_first_counts() -> None:
    answer = on.answer(
        statements=[on.statement(markers=(3, 2, 1))],
        citations=[marked("bridge"), marked("Marrat", 2), on.citation(marker=3)],
    )
    assert predictions(answer) == ["Marrat"]


def test_an_unanswerable_case_is_1_where_it_abstained() -> None:
    assert squad(on.unanswerable(), on.abstention()) == (True, 1.0)
    assert squad(on.unanswerable(), on.answer()) == (False, 0.0)
    assert squad(on.case(), on.abstention()) == (False, 0.0)


def test_what_cannot_be_judged_has_no_match_and_a_failure_none() -> None:
    assert squad(on.case(answers=()), on.answer()) == (None, None)
    assert squad(on.case(answers=(("Yes",),)), on.answer()) == (None, None)
    assert (check_failed(on.case()).exact, check_failed(on.case()).f1) == (False, 0.0)
    assert check_failed(on.case(answers=())).f1 is None
    assert squad(on.case(), on.answer(statements=[], citations=[])) == (False, 0.0)


def carries(*enough: set[str]) -> Any:
    """Carried where the premise has all the letters of one of these sets; quotes are letters."""
    return lambda premise, claim: any(letters <= set(premise.split()) for letters in enough)


def cites(*quotes: str) -> dict[str, Any]:
    citations = [on.citation(marker=n, quote=quote) for n, quote in enumerate(quotes, 1)]
    markers = tuple(range(1, len(quotes) + 1))
    return on.answer(statements=[on.statement(markers=markers)], citations=citations)


@pytest.mark.parametrize(
    ("quotes", "enough", "recall", "precision"),
    [
        ("A", [{"A"}], True, [True]),
        ("A", [{"B"}], False, [False]),
        ("", [set()], False, []),  # nothing is cited: not carried, whatever is claimed
        ("AB", [{"A", "B"}], True, [True, True]),  # only together
        ("AB", [{"A"}], True, [True, False]),  # B alone does not, and A does without it
        ("AB", [{"A"}, {"B"}], True, [True, True]),  # each alone
        ("ABC", [{"A", "B"}], True, [True, True, False]),
        ("ABC", [{"A"}, {"B", "C"}], True, [True, False, False]),
        ("AB", [{"A", "B", "C"}], False, [False, False]),
    ],
)
def test_the_definitions_of_alce(
    quotes: str, enough: list[set[str]], recall: bool, precision: list[bool]
) -> None:
    answer, entails = cites(*quotes), carries(*enough)
    assert citation_recall(answer, entails) == (recall,)
    assert list(citation_precision(answer, entails)) == precision


def test_a_marker_without_its_citation_carries_nothing() -> None:
    answer = on.answer(statements=[on.statement(markers=(1, 2)), on.statement(markers=(7,))])
    assert citation_recall(answer, words_stand_in) == (True, False)
    assert citation_precision(answer, words_stand_in) == (True,)


@UNHURRIED
@given(st.text(min_size=1), st.text(max_size=20), st.text(max_size=20))
def test_a_claim_that_is_quoted_is_carried(claim: str, before: str, after: str) -> None:
    assert words_stand_in(f"{before} | {claim} | {after}", claim)
    assert words_stand_in(f"{before}\n{claim}", f"“{claim}”")


@pytest.mark.parametrize(
    "claim",
    [
        "Fighters of the Red Coast Army held the bridge at Marrat.",
        "Fighters of the Red Coast Army do not hold the bridge at Marrat.",
        "40 fighters of the Red Coast Army hold the bridge at Marrat.",
        "Fighters of the Red Coast Army may hold the bridge.",
    ],
)
def test_a_word_a_number_or_a_denial_of_its_own_is_not_carried(claim: str) -> None:
    assert not words_stand_in(on.HOLDS, claim)


def test_a_citation_that_adds_nothing_lowers_the_precision_of_its_answer() -> None:
    answer = on.answer(
        statements=[on.statement(markers=(1, 2)), on.statement("It fell.", markers=(1,))],
        citations=[on.citation(), on.citation("The mayor denied it.", marker=2)],
    )
    measured = figures(
        [
            (on.case(), check_answer(on.case(), answer)),
            (on.case(), check_answer(on.case(), on.answer())),
            (on.case(), check_answer(on.case(), on.abstention())),
        ]
    )
    assert measured["citation_recall"].value == pytest.approx((1 / 2 + 1) / 2)
    assert measured["citation_precision"].value == pytest.approx((1 / 3 + 1) / 2)
    assert measured["citation_recall"].n == 2


def test_an_answer_without_citations_has_neither() -> None:
    bare = check_answer(on.case(), on.answer(statements=[on.statement(markers=())], citations=[]))
    measured = figures([(on.case(), bare)])
    assert measured["citation_recall"].value == measured["citation_precision"].value == 0


def differing(*sides: str) -> dict[str, Any]:
    told = [{"value": value, "markers": [1]} for value in sides]
    return {"about": "wounded", "sides": told}


SIDES = (("40", "forty"), ("60",))


@pytest.mark.parametrize(
    ("shown", "whole"),
    [
        ([differing("at least 40", "60")], True),
        ([differing("60 people", "forty", "70")], True),
        ([differing("40", "600")], False),
        ([differing("40", "70"), differing("60", "80")], False),
        ([], False),
    ],
)
def test_a_disagreement_is_whole_where_one_that_is_shown_has_every_side(
    shown: list[dict[str, Any]], whole: bool
) -> None:
    checks = check_answer(on.case(disagreement=SIDES), on.answer(disagreements=shown))
    assert (checks.disagreement_complete, checks.disagreement_false) == (whole, None)


def test_a_disagreement_that_is_not_one_is_counted_where_the_case_says_so() -> None:
    some = on.answer(disagreements=[differing("40", "60")])
    unsaid, none, sides = on.case(), on.case(disagreement=()), on.case(disagreement=SIDES)
    judged = [
        (unsaid, check_answer(unsaid, some)),
        (none, check_answer(none, on.answer())),
        (none, check_answer(none, some)),
        (none, check_failed(none)),
        (sides, check_failed(sides)),
        (sides, check_answer(sides, some)),
    ]
    measured = figures(judged)
    assert (measured["disagreement_false"].k, measured["disagreement_false"].n) == (1, 2)
    assert (measured["disagreement_complete"].k, measured["disagreement_complete"].n) == (1, 2)


def costly(case: EvalCase) -> dict[str, Any]:
    if case.id == "failed":
        raise EndpointError("the endpoint is busy; try later")
    return on.answer(tokens={"in": 2_000, "out": 100})


def test_answers_cost_their_tokens_at_the_prices_given() -> None:
    cases = [on.case(), on.case(id="c2"), on.case(id="failed")]
    report = evaluate(cases, costly, about={"questions": "q"})
    assert report.metrics["cost_per_answer"].n == 0
    with_costs = priced(report, Prices(0.5, 2.0))
    figure = with_costs.metrics["cost_per_answer"]
    assert (figure.value, figure.n) == (pytest.approx(0.0012), 2)
    assert with_costs.about == {
        "questions": "q",
        "price_of_a_million_tokens": "0.5 in, 2 out",
        "cost": "0.0024",
    }
    (metric,) = (metric for metric in METRICS if metric.name == "cost_per_answer")
    assert shown(metric, figure).value == "0.001200"


def test_two_reports_with_costs_are_equal_but_for_their_run() -> None:
    def once() -> dict[str, Any]:
        return priced(evaluate([on.case()], costly), Prices(0.5, 2.0)).to_dict() | {"run": None}

    assert json.dumps(once()) == json.dumps(once())


@pytest.mark.parametrize("prices", [(-1.0, 0.0), (0.0, float("nan")), (float("inf"), 1.0)])
def test_what_is_no_price_is_refused(prices: tuple[float, float]) -> None:
    with pytest.raises(UsageError, match="amount of money"):
        Prices(*prices)


LATER = ("exact", "f1", "supported", "needed", "disagreement_complete", "disagreement_false",
         "judged", "cost", "judge_tokens_in", "judge_tokens_out", "judge_cost")  # fmt: skip


def test_a_line_that_was_kept_before_these_checks_is_read_and_can_be_checked_anew() -> None:
    (result,) = evaluate([on.case()], lambda case: on.answer()).results
    line = json.loads(line_of(result))
    for name in LATER:
        del line["checks"][name]
    old = result_of(json.dumps(line))
    assert [getattr(old.checks, name) for name in LATER] == [
        getattr(Checks("right", True), name) for name in LATER
    ]
    for name in ("exact_match", "token_f1", "citation_recall", "citation_precision"):
        (metric,) = (metric for metric in METRICS if metric.name == name)
        assert figure_of(metric, [(old.case, old.checks)]).n == 0
    assert recheck([old]) == (result,)


def test_checking_anew_keeps_what_the_answer_does_not_tell_and_takes_another_entailment() -> None:
    def ask(case: EvalCase) -> dict[str, Any]:
        return costly(case)

    report = evaluate([on.case(), on.case(id="failed")], ask, article_text=lambda *_: on.TEXT)
    tokens = {"judged": "yes", "judge_tokens_in": 300, "judge_tokens_out": 20, "judge_cost": 0.1}
    results = priced(report, Prices(1.0, 1.0)).results
    results = (replace(results[0], checks=replace(results[0].checks, **tokens)), results[1])
    again = recheck(results, lambda premise, claim: False)
    assert again[1] == results[1]
    assert again[0].checks.supported == (False,)
    assert again[0].checks.verbatim == results[0].checks.verbatim == (True,)
    assert again[0].checks.cost == results[0].checks.cost
    assert {name: getattr(again[0].checks, name) for name in tokens} == tokens

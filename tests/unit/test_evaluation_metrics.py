"""Matching, the checks of one answer, the figures and their arithmetic."""

from __future__ import annotations

import doctest
import importlib
import re
from pathlib import Path
from typing import Any

import evaluation_helpers as on
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.checks import check_answer, check_failed
from assistant.evaluation.figures import auc, mean, percentile, share, unit_mean, wilson
from assistant.evaluation.matching import is_yes_no, locate, normalise, says, squash
from assistant.evaluation.metrics import METRIC_NAMES, METRICS, figures
from assistant.evaluation.ranks import multihop_precision
from assistant.types import EvalCase, GoldQuote

UNHURRIED = settings(deadline=None)
ROOMS = (
    "calibration", "cases", "changes", "checks", "citing", "cost", "figures", "judging", "matching",
    "measures.judge", "page", "ranks", "risk", "sides", "squad",
)  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_the_examples_in_the_docstrings_hold(room: str) -> None:
    module = importlib.import_module(f"assistant.evaluation.{room}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("It was the Red Coast Army.", "red coast army"),
        ("“Deir ez‑Zor’s” airport", "Deir ez-Zor"),
        ("U.S.-led strikes", "US"),
        ("strikes by the US", "U.S."),
        ("3,000 left", "3000"),
        ("3000 left", "3,000"),
        ("On Dec. 1, 2017, they left", "Dec 1 2017"),
        ("Beyonce\u0301 sang", "Beyonce"),
        ("Beyonce sang", "Beyoncé"),
        ("“4”", "4"),
        ("the 2017–18 season", "2017-18"),
        ("STRASSE", "Straße"),
        ("held by the SAA, said Al-Masdar", "SAA"),
        ("it rose 4.5%", "4.5"),
        ("Google’s lawyers", "Google."),
    ],
)
def test_a_spelling_is_found(text: str, spelling: str) -> None:
    assert says(text, spelling)


@pytest.mark.parametrize(
    ("text", "spelling"),
    [
        ("45 buses", "4"),
        ("4.5 million", "4"),
        ("4,500 people", "4"),
        ("it ended 4-2", "4"),
        ("14 people", "4"),
        ("on 2017-06-4", "4"),
        ("4th place", "4"),
        ("this is it", "IS"),
        ("they told us", "US"),
        ("Isis", "ISIS"),
        ("Armyworm of the Red Coast", "Army"),
        ("", "four"),
        ("anything", "?"),
    ],
)
def test_a_spelling_is_not_found(text: str, spelling: str) -> None:
    assert not says(text, spelling)


@UNHURRIED
@given(st.text(), st.text())
def test_a_text_says_itself_and_what_it_is_joined_from(first: str, second: str) -> None:
    for spelling in (first, second):
        if normalise(spelling):
            assert says(f"{first} | {second}", spelling)


@UNHURRIED
@given(st.text(), st.text(min_size=1), st.text())
def test_a_quote_is_located_where_its_words_stand(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    found = locate(quote, text)
    if not squash(quote):
        assert found is None
    else:
        assert found is not None
        assert squash(text[found[0] : found[1]]) == squash(quote)


def test_a_part_that_is_no_yes_or_no_makes_it_an_answer() -> None:
    assert not is_yes_no((("yes",), ("42",)))


def ranks(golds: list[str], passages: list[str]) -> tuple[int | None, ...]:
    case = on.case(evidence=tuple((GoldQuote("marrat", gold),) for gold in golds))
    evidence = [on.passage(rank, text) for rank, text in enumerate(passages, 1)]
    return check_answer(case, on.answer(evidence=evidence)).gold_ranks


def test_white_space_does_not_hide_a_gold_quote() -> None:
    assert ranks(["hold the\nbridge"], ["none", "they hold  the bri dge"]) == (2,)


def test_only_the_first_ten_passages_count_in_the_order_of_their_ranks() -> None:
    evidence = [on.passage(rank, "gold" if rank in (3, 11) else "x") for rank in range(12, 0, -1)]
    case = on.case(evidence=((GoldQuote("a", "gold"),),))
    assert check_answer(case, on.answer(evidence=evidence)).gold_ranks == (3,)
    late = [on.passage(rank, "gold" if rank == 11 else "x") for rank in range(1, 13)]
    assert check_answer(case, on.answer(evidence=late)).gold_ranks == (None,)


def test_any_member_finds_a_group_and_its_articles() -> None:
    case = on.case(
        evidence=(
            (GoldQuote("first", "no such words"), GoldQuote("second", "the mayor")),
            (GoldQuote("third", "denied it"),),
        )
    )
    evidence = [on.passage(1, "x", "third"), on.passage(2, "the mayor denied it", "second")]
    checks = check_answer(case, on.answer(evidence=evidence))
    assert checks.gold_ranks == (2, 2)
    assert checks.article_ranks == (2, 1)


def test_groups_of_the_same_articles_count_once_for_recall() -> None:
    case = on.case(evidence=((GoldQuote("marrat", "a"),), (GoldQuote("marrat", "b"),)))
    assert check_answer(case, on.answer()).article_ranks == (1,)


@UNHURRIED
@given(
    st.lists(st.text("ab", min_size=1, max_size=3), min_size=1, max_size=4, unique=True),
    st.lists(st.text("ab ", max_size=6), max_size=13),
)
def test_retrieval_figures_are_those_of_the_published_evaluation(
    golds: list[str], passages: list[str]
) -> None:
    """The loop over passages as MultiHop-RAG's evaluation describes it, written out plainly."""
    found: set[str] = set()
    first, total = 0, 0.0
    for rank, text in enumerate(passages[:10], 1):
        held = {gold for gold in golds if gold in text.replace(" ", "")}
        if held and not first:
            first = rank
        total += len(held - found) / rank
        found |= held
    case = on.case(evidence=tuple((GoldQuote("marrat", gold),) for gold in golds))
    evidence = [on.passage(rank, text) for rank, text in enumerate(passages, 1)]
    measured = figures([(case, check_answer(case, on.answer(evidence=evidence)))])
    assert measured["map@10"].value == pytest.approx(total / min(len(golds), 10))
    assert measured["mrr@10"].value == pytest.approx(1 / first if first else 0)
    assert measured["hit_rate@10"].value == (first > 0)
    assert measured["hit_rate@4"].value == (0 < first <= 4)
    assert measured["hit_rate@1"].value == (first == 1)
    assert measured["all_facts@10"].value == (found == set(golds))


def test_the_published_average_precision_divides_by_ten_golds_at_most() -> None:
    assert multihop_precision([1] * 12) == pytest.approx(12 / 10)


def verdict(case: EvalCase, answer: dict[str, Any]) -> tuple[str, bool | None]:
    checks = check_answer(case, answer)
    return checks.verdict, checks.right


def test_how_a_case_can_end() -> None:
    two_parts = on.case(answers=(("Red Coast Army",), ("mayor",)))
    assert verdict(on.case(), on.answer()) == ("right", True)
    assert verdict(on.case(), on.answer("The mayor denied it.")) == ("wrong", False)
    assert verdict(two_parts, on.answer()) == ("wrong", False)
    assert verdict(on.case(), on.abstention()) == ("abstained", False)
    assert verdict(on.unanswerable(), on.abstention()) == ("right", True)
    assert verdict(on.unanswerable(), on.answer()) == ("answered", False)
    assert verdict(on.case(answers=()), on.answer()) == ("unjudged", None)
    assert verdict(on.case(answers=(("Yes",),)), on.answer()) == ("unjudged", None)
    assert verdict(on.case(answers=(("Yes",),)), on.abstention()) == ("abstained", None)
    assert (check_failed(on.case()).verdict, check_failed(on.case()).right) == ("failed", False)
    assert check_failed(on.case(answers=(("no",),))).right is None
    assert check_failed(on.unanswerable()).right is False


def test_an_abstention_says_no_part_whatever_its_text() -> None:
    checks = check_answer(on.case(), on.abstention(text="Not even the Red Coast Army."))
    assert checks.parts == (False,)


def test_a_marker_is_not_a_number_of_the_answer() -> None:
    case = on.case(answers=(("1",),))
    assert check_answer(case, on.answer()).parts == (False,)
    assert check_answer(case, on.answer(text="It was 1 [1].")).parts == (True,)


def test_a_frame_can_say_a_part_that_the_body_does_not() -> None:
    checks = check_answer(on.case(answers=(("2 March 2021",),)), on.answer())
    assert (checks.parts, checks.parts_in_body) == ((True,), (False,))


def test_gold_is_quoted_where_a_citation_holds_it() -> None:
    golds = ((GoldQuote("marrat", "hold the bridge"),), (GoldQuote("marrat", "denied it"),))
    case = on.case(evidence=golds)
    assert check_answer(case, on.answer()).quoted == (True, False)
    assert check_answer(case, on.abstention()).quoted == ()


def test_a_statement_is_cited_when_each_marker_has_its_citation() -> None:
    statements = [on.statement(markers=m) for m in ((1,), (1, 2), ())]
    assert check_answer(on.case(), on.answer(statements=statements)).cited == (True, False, False)


def test_report_date_and_status_agree_with_some_statement() -> None:
    case = on.case(reported_on="2021-03-02", status="denied")
    checks = check_answer(case, on.answer())
    assert (checks.reported_on, checks.status) == (True, False)
    assert check_answer(on.case(), on.answer()).reported_on is None


def test_each_figure_counts_the_cases_that_it_is_about() -> None:
    yes_no = on.case(id="y", answers=(("Yes",),), evidence=())
    judged = [
        (on.case(), check_answer(on.case(), on.answer(), [True])),
        (on.case(), check_answer(on.case(), on.abstention())),
        (on.case(), check_failed(on.case())),
        (yes_no, check_answer(yes_no, on.answer("Yes, the mayor did.", evidence=[]), [False])),
        (on.unanswerable(), check_answer(on.unanswerable(), on.abstention(confidence=0.95))),
        (on.unanswerable(), check_failed(on.unanswerable())),
    ]
    measured = {
        name: (figure.value, figure.k, figure.n) for name, figure in figures(judged).items()
    }
    assert measured["right"] == (2 / 5, 2, 5)
    assert measured["completed"] == (4 / 6, 4, 6)
    assert measured["answer_match"] == (1 / 3, 1, 3)
    assert measured["answer_match_answered"] == (1.0, 1, 1)
    assert measured["yes_no_match"] == (1.0, 1, 1)
    assert measured["abstained_unanswerable"] == (0.5, 1, 2)
    assert measured["abstained_answerable"] == (1 / 3, 1, 3)
    assert measured["answered_answerable"] == (0.5, 2, 4)
    assert measured["abstention_precision"] == (0.5, 1, 2)
    assert measured["abstention_recall"] == (0.5, 1, 2)
    assert measured["quotes_gold"] == (1.0, 1, 1)
    assert measured["verbatim"] == (0.5, 1, 2)
    assert measured["hit_rate@10"] == (2 / 3, 2, 3)
    assert measured["article_recall@10"] == (2 / 3, None, 3)
    assert measured["statements_per_answer"] == (1.0, None, 2)
    assert measured["auc_confidence"] == (0.0, None, 4)
    assert measured["reported_on_match"] == (None, None, 0)
    assert measured.keys() == METRIC_NAMES
    assert len(METRIC_NAMES) == len(METRICS)


def test_no_cases_give_no_figures() -> None:
    assert all(figure.value is None and figure.n == 0 for figure in figures([]).values())


@UNHURRIED
@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_wilson_interval_holds_its_share(pair: tuple[int, int]) -> None:
    k, n = pair
    low, high = wilson(k, n)
    assert 0 <= low <= k / n + 1e-12
    assert k / n - 1e-12 <= high <= 1
    assert low < high
    mirrored = wilson(n - k, n)
    assert (1 - high, 1 - low) == pytest.approx(mirrored, abs=1e-9)


def test_a_wilson_interval_agrees_with_a_published_one() -> None:
    """81 of 263, from R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872, table I."""
    assert [round(bound, 4) for bound in wilson(81, 263)] == [0.2553, 0.3662]


@pytest.mark.parametrize(("k", "n"), [(1, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_has_no_interval(k: int, n: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(k, n)


def test_a_share_is_counted() -> None:
    figure = share([True, True, False])
    assert (figure.value, figure.k, figure.n) == (2 / 3, 2, 3)
    assert mean([]).n == unit_mean([]).n == 0
    assert unit_mean([1.0] * 3).high == 1.0


def test_ties_count_half_in_the_area() -> None:
    assert auc([0.5, 0.5], [0.5]).value == 0.5
    assert auc([0.2], [0.9]).value == 0.0
    assert auc([], [0.9]).value is None


@UNHURRIED
@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(0, 100))
def test_a_percentile_lies_within_the_values(values: list[float], q: float) -> None:
    assert min(values) <= percentile(values, q) <= max(values) + 1e-6
    assert (percentile(values, 0), percentile(values, 100)) == (min(values), max(values))


@pytest.mark.parametrize(("values", "q"), [([], 50), ([1.0], 101), ([1.0], -1)])
def test_what_is_no_percentile_is_refused(values: list[float], q: float) -> None:
    with pytest.raises(ValueError, match="no percentile"):
        percentile(values, q)


def test_every_figure_is_documented() -> None:
    page = Path(__file__).parents[2] / "docs" / "evaluation.md"
    documented = set(re.findall(r"`([a-z_]+\d?(?:@\d+)?)`", page.read_text(encoding="utf-8")))
    assert documented >= METRIC_NAMES

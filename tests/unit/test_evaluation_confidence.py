"""Risk against coverage, and the reliability of the confidence."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import evaluation_helpers as on
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import auc as trapezoids
from sklearn.metrics import brier_score_loss

from assistant.errors import EndpointError
from assistant.evaluation import evaluate
from assistant.evaluation.calibration import Bin, brier, ece, ece_by_chance, reliability
from assistant.evaluation.checks import check_answer, check_failed
from assistant.evaluation.metrics import figures
from assistant.evaluation.risk import (
    Choice,
    aurc,
    choices,
    excess_aurc,
    least_area,
    risk_curve,
)
from assistant.types import EvalCase

UNHURRIED = settings(deadline=None)
TIED = st.sampled_from([0.0, 0.2, 0.5, 0.51, 0.9, 1.0])
KNOWN = st.builds(Choice, TIED, st.booleans())
SOME_WITHHELD = st.builds(Choice, TIED, st.sampled_from([True, False, None]))
FORECASTS = st.lists(
    st.tuples(st.floats(0, 1, allow_subnormal=False).map(lambda c: round(c, 3)), st.booleans()),
    min_size=1,
    max_size=150,
)


def of(outcomes: str) -> list[Choice]:
    """Falling confidences: `+` right, `-` not right, `?` withheld."""
    right = {"+": True, "-": False, "?": None}
    return [Choice(1 - place / 100, right[sign]) for place, sign in enumerate(outcomes)]


def by_definition(told: list[Choice]) -> float:
    """The paper's sum: the risk at each case's confidence, over the number of cases."""
    total = 0.0
    for case in told:
        answered = [other for other in told if other.confidence >= case.confidence]
        total += sum(other.right is not True for other in answered) / len(answered)
    return total / len(told)


def test_the_curve_answers_from_the_surest_down() -> None:
    points = risk_curve([Choice(0.2, None), Choice(0.9, True), Choice(0.4, False)])
    assert [(p.confidence, p.answered, p.wrong, p.withheld) for p in points] == [
        (0.9, 1, 0, 0),
        (0.4, 2, 1, 0),
        (0.2, 3, 1, 1),
    ]
    assert [p.coverage for p in points] == [1 / 3, 2 / 3, 1.0]
    assert [p.risk for p in points] == [0.0, 0.5, 2 / 3]
    assert points[-1].least_risk == 1 / 3
    low, high = points[-1].interval
    assert low == pytest.approx(0.0615, abs=1e-4)  # Wilson, 1 of 3
    assert high == pytest.approx(0.9385, abs=1e-4)  # Wilson, 2 of 3


def test_cases_of_one_confidence_are_answered_together() -> None:
    ahead = [Choice(0.5, True), Choice(0.5, False)]
    assert risk_curve(ahead) == risk_curve(ahead[::-1])
    assert len(risk_curve(ahead)) == 1
    assert aurc(ahead).value == aurc(ahead[::-1]).value == 0.5


@pytest.mark.parametrize(
    ("outcomes", "area", "excess"),
    [
        ("++-", 1 / 9, 0.0),
        ("-++", (1 + 1 / 2 + 1 / 3) / 3, (1 + 1 / 2) / 3),
        ("+-+-", (0 + 1 / 2 + 1 / 3 + 1 / 2) / 4, (1 / 2 + 1 / 3 + 1 / 2 - 1 / 3 - 1 / 2) / 4),
        ("+++", 0.0, 0.0),
        ("--", 1.0, 0.0),
        ("+", 0.0, 0.0),
    ],
)
def test_areas_worked_out_by_hand(outcomes: str, area: float, excess: float) -> None:
    assert aurc(of(outcomes)).value == pytest.approx(area)
    assert excess_aurc(of(outcomes)).value == pytest.approx(excess)


@UNHURRIED
@given(st.lists(SOME_WITHHELD, min_size=1, max_size=40))
def test_the_area_is_that_of_the_published_sum(told: list[Choice]) -> None:
    figure = aurc(told)
    assert figure.value == pytest.approx(by_definition(told))
    assert figure.n == len(told)


@UNHURRIED
@given(st.lists(SOME_WITHHELD, min_size=1, max_size=40))
def test_the_area_lies_under_the_curve_drawn_in_steps(told: list[Choice]) -> None:
    across, up = [0.0], []
    for point in risk_curve(told):
        up += [point.risk, point.risk]
        across += [point.coverage, point.coverage]
    assert aurc(told).value == pytest.approx(trapezoids(across[:-1], up))


@UNHURRIED
@given(st.lists(KNOWN, min_size=1, max_size=8))
def test_no_order_has_a_smaller_area_than_the_best(told: list[Choice]) -> None:
    errors = sum(not choice.right for choice in told)
    best = of("+" * (len(told) - errors) + "-" * errors)
    assert least_area(len(told), errors) == pytest.approx(aurc(best).value)
    excess = excess_aurc(told).value
    assert excess is not None and excess >= 0
    assert excess == pytest.approx(by_definition(told) - least_area(len(told), errors), abs=1e-9)


@UNHURRIED
@given(st.lists(SOME_WITHHELD, min_size=1, max_size=9))
def test_withheld_answers_are_taken_at_their_worst(told: list[Choice]) -> None:
    unknown = [place for place, choice in enumerate(told) if choice.right is None]
    outcomes = []
    for rights in product((True, False), repeat=len(unknown)):
        whole = list(told)
        for place, right in zip(unknown, rights, strict=True):
            whole[place] = Choice(told[place].confidence, right)
        outcomes.append(whole)
    areas = [by_definition(whole) for whole in outcomes]
    assert aurc(told).value == pytest.approx(max(areas))
    excesses = [
        area - least_area(len(told), sum(not choice.right for choice in whole))
        for area, whole in zip(areas, outcomes, strict=True)
    ]
    assert excess_aurc(told).value == pytest.approx(max(excesses), abs=1e-9)


def test_the_least_area_nears_the_published_limit() -> None:
    rate = 0.3
    limit = rate + (1 - rate) * math.log(1 - rate)
    assert least_area(20_000, 6_000) == pytest.approx(limit, abs=1e-4)


def test_the_interval_of_an_area_holds_it_and_narrows_with_more_cases() -> None:
    few, many = aurc(of("+-++-+-")), aurc(of("+-++-+-" * 20))
    for figure in (few, many):
        assert figure.value is not None and figure.low is not None and figure.high is not None
        assert 0 <= figure.low < figure.value < figure.high <= 1
    assert few.high - few.low > 2 * (many.high - many.low)
    assert aurc(of("+-++-+-")) == few, "the same every time"


def test_the_interval_covers_the_area_of_all_that_cases_are_drawn_from() -> None:
    """900 cases stand for all there are; of 60 sets of 50 drawn from them, most intervals hold."""
    chance = np.random.default_rng(7)
    sure = chance.random(900)
    everything = [
        Choice(float(c), bool(r)) for c, r in zip(sure, chance.random(900) < sure, strict=True)
    ]
    truth = aurc(everything).value
    held = 0
    for _ in range(60):
        drawn = aurc([everything[i] for i in chance.choice(900, 50)])
        held += drawn.low <= truth <= drawn.high
    assert held >= 51


@pytest.mark.parametrize("outcomes", ["++++", "----"])
def test_cases_that_all_end_alike_have_no_interval(outcomes: str) -> None:
    assert (aurc(of(outcomes)).low, aurc(of(outcomes)).high) == (None, None)


def test_what_answering_a_case_would_be() -> None:
    cases = [on.case(), on.unanswerable()]
    yes_no = on.case(answers=(("Yes",),))
    judged = [
        (cases[0], check_answer(cases[0], on.answer(confidence=0.9))),
        (cases[0], check_answer(cases[0], on.answer("The mayor denied it.", confidence=0.8))),
        (cases[0], check_answer(cases[0], on.abstention(confidence=0.4))),
        (cases[1], check_answer(cases[1], on.abstention(confidence=0.3))),
        (cases[1], check_answer(cases[1], on.answer(confidence=0.7))),
        (cases[0], check_failed(cases[0])),
        (yes_no, check_answer(yes_no, on.answer())),
        (yes_no, check_answer(yes_no, on.abstention())),
    ]
    assert choices(judged) == [
        Choice(0.9, True),
        Choice(0.8, False),
        Choice(0.4, None),
        Choice(0.3, False),
        Choice(0.7, False),
    ]
    measured = figures(judged)
    assert (measured["coverage"].k, measured["coverage"].n) == (3, 5)
    assert (measured["risk"].k, measured["risk"].n) == (2, 3)
    # By falling confidence: right, wrong, wrong, withheld, wrong.
    assert measured["aurc"].value == pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4 + 4 / 5) / 5)
    # Seven came back, six of them answerable; two more of these are at .9 and .1.
    errors = [0.1, 0.2, 0.6, 0.3, 0.7, 0.1, 0.9]
    assert measured["brier"].value == pytest.approx(sum(e * e for e in errors) / 7)
    assert (measured["brier"].n, measured["ece"].n) == (7, 7)


@UNHURRIED
@given(FORECASTS)
def test_bins_and_scores_are_those_of_scikit_learn(told: list[tuple[float, bool]]) -> None:
    sure, answerable = zip(*told, strict=True)
    bins = reliability(told)
    count = min(10, max(2, len(told) // 10))
    shares, means = calibration_curve(answerable, sure, n_bins=count, strategy="quantile")
    assert [bin.share for bin in bins] == pytest.approx(list(shares))
    assert [bin.confidence for bin in bins] == pytest.approx(list(means))
    assert sum(bin.cases for bin in bins) == len(told)
    errors = [brier(confidence, has) for confidence, has in told]
    assert np.mean(errors) == pytest.approx(
        brier_score_loss(answerable, sure, labels=[False, True])
    )


def test_a_calibration_error_worked_out_by_hand() -> None:
    low = [(0.1, False)] * 9 + [(0.1, True)] * 2
    high = [(0.8, True)] * 6 + [(0.8, False)] * 4
    assert reliability(high + low) == [
        Bin(pytest.approx(0.1), 11, 2),
        Bin(pytest.approx(0.8), 10, 6),
    ]
    expected = 11 / 21 * abs(0.1 - 2 / 11) + 10 / 21 * abs(0.8 - 0.6)
    assert ece(high + low).value == pytest.approx(expected)


@UNHURRIED
@given(FORECASTS)
def test_a_calibration_error_is_a_share_whatever_the_order(told: list[tuple[float, bool]]) -> None:
    figure = ece(told)
    assert figure.value is not None
    assert 0 <= figure.value <= 1
    assert ece(told[::-1]).value == pytest.approx(figure.value)


def test_bins_are_never_fewer_than_two_nor_more_than_ten() -> None:
    told = [(place / 1000, place % 2 == 0) for place in range(1000)]
    assert [len(reliability(told[:n])) for n in (1, 5, 29, 30, 100, 1000)] == [1, 2, 2, 3, 10, 10]
    assert {bin.cases for bin in reliability(told)} == {100}
    assert len(reliability([(0.5, True)] * 40)) == 1


def test_chance_alone_gives_an_error_that_shrinks_with_more_cases() -> None:
    rising = [place / 40 for place in range(40)]
    few = ece_by_chance([(confidence, True) for confidence in rising])
    many = ece_by_chance([(confidence, True) for confidence in rising * 25])
    assert few is not None and many is not None
    assert 0.1 < few < 0.3
    assert many < few / 2
    # Nothing is left to chance where each confidence is 0 or 1.
    assert ece_by_chance([(0.0, True), (1.0, False)]) == 0
    assert ece_by_chance([]) is None


def test_a_true_confidence_stays_under_what_chance_gives() -> None:
    chance = np.random.default_rng(3)
    sure = chance.random(80)
    limit = ece_by_chance([(float(c), True) for c in sure])
    under = 0
    for _ in range(200):
        told = [(float(c), bool(o)) for c, o in zip(sure, chance.random(80) < sure, strict=True)]
        under += ece(told).value <= limit
    assert 180 <= under <= 199


def test_the_report_holds_the_curve_and_the_bins() -> None:
    def ask(case: EvalCase) -> dict[str, Any]:
        if case.id == "failed":
            raise EndpointError("the endpoint is busy; try later")
        return on.answer(confidence=0.9) if case.id == "c1" else on.abstention(confidence=0.2)

    cases = [on.case(), on.unanswerable(), on.case(id="failed")]
    data = evaluate(cases, ask, threshold=0.5).to_dict()
    assert data["threshold"] == 0.5
    assert [(p["confidence"], p["coverage"], p["risk"]) for p in data["risk_coverage"]] == [
        (0.9, 0.5, 0.0),
        (0.2, 1.0, 0.5),
    ]
    bins = data["reliability"]["bins"]
    assert [(bin["confidence"], bin["answerable"], bin["cases"]) for bin in bins] == [
        (0.2, 0, 1),
        (0.9, 1, 1),
    ]
    assert 0 <= data["reliability"]["ece_by_chance"] <= 1
    assert {"aurc", "excess_aurc", "brier", "ece", "risk", "coverage"} <= data["metrics"].keys()


def test_a_report_of_no_confidence_has_no_curve() -> None:
    def ask(case: EvalCase) -> dict[str, Any]:
        raise EndpointError("the endpoint is busy; try later")

    data = evaluate([on.case()], ask).to_dict()
    assert data["risk_coverage"] == []
    assert data["reliability"] == {"bins": [], "ece_by_chance": None}
    assert data["threshold"] is None

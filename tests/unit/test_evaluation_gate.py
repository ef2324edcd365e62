"""Floors that figures must not fall below."""

from __future__ import annotations

import json
from pathlib import Path

import evaluation_helpers as on
import pytest

from assistant.errors import CaseError
from assistant.evaluation import EvalReport, cases_digest, check_floors, evaluate, load_floors
from assistant.evaluation.gate import Floors, articles_digest
from assistant.types import Article

CASES = [on.case(), on.unanswerable()]


def report(**about: str) -> EvalReport:
    """Right on one case of two."""
    return evaluate(CASES, lambda case: on.answer(), about=about)


def test_figures_at_or_above_their_floors_pass() -> None:
    assert check_floors(report(), Floors({"right": 0.5, "hit_rate@10": 1})) == []


def test_each_figure_below_its_floor_is_a_line() -> None:
    lines = check_floors(report(), Floors({"right": 0.6, "hit_rate@10": 1, "completed": 1.01}))
    assert lines == [
        "completed: 1.000 is below its floor of 1.010 (n = 2)",
        "right: 0.500 is below its floor of 0.600 (n = 2)",
    ]


def test_a_figure_that_no_case_counts_for_does_not_pass() -> None:
    (line,) = check_floors(report(), Floors({"verbatim": 1.0}))
    assert line == "verbatim: no case counts for it, floor 1.000"


def test_floors_of_other_questions_do_not_pass() -> None:
    assert check_floors(report(), Floors({}, cases_digest=cases_digest(CASES))) == []
    (line,) = check_floors(report(), Floors({}, cases_digest=cases_digest(CASES[:1])))
    assert "questions are not those" in line


def test_floors_of_other_articles_do_not_pass() -> None:
    floors = Floors({}, articles_digest="d1")
    assert check_floors(report(articles_digest="d1"), floors) == []
    for other in (report(articles_digest="d2"), report()):
        (line,) = check_floors(other, floors)
        assert "articles are not those" in line


def test_a_floors_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    path.write_text(json.dumps({"floors": {"right": 0.5, "verbatim": 1}, "cases_digest": "d"}))
    assert load_floors(path) == Floors({"right": 0.5, "verbatim": 1}, "d")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON"),
        ("[]", '"floors" is missing'),
        ('{"floors": [1]}', '"floors" is missing'),
        ('{"floors": {"hits@10": 0.5}}', "no figure is called 'hits@10'"),
        ('{"floors": {"right": "high"}}', "is not a number"),
        ('{"floors": {"right": true}}', "is not a number"),
        ('{"floors": {}, "cases_digest": 7}', "digest is not text"),
    ],
)
def test_a_bad_floors_file_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "floors.json"
    path.write_text(text)
    with pytest.raises(CaseError, match=words):
        load_floors(path)


def test_a_missing_floors_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="cannot read the floors"):
        load_floors(tmp_path / "floors.json")


def test_the_digest_of_articles_follows_ids_and_texts() -> None:
    one, two = Article("a", "words"), Article("b", "more")
    digest = articles_digest([one, two])
    assert articles_digest([two, one]) == digest
    others = ([one], [one, Article("b", "other")], [one, Article("c", "more")], [])
    assert digest not in {articles_digest(other) for other in others}

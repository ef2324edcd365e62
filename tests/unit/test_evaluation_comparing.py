"""Comparing runs: differences, their intervals, what flipped and why; baselines and floors."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from evaluation_helpers import HOLDS, answer, case, citation, passage, statement, unanswerable
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import CaseError, RunError, UsageError
from assistant.evaluation import (
    CaseResult,
    Run,
    Runs,
    compare,
    compared_table,
    evaluate,
    load_floors,
    parse_floor,
    read_baseline,
    write_baseline,
    write_comparison,
    write_floors,
)
from assistant.evaluation.changes import Change
from assistant.evaluation.compared import Compared, row
from assistant.evaluation.comparing import differences
from assistant.evaluation.figures import Figure
from assistant.evaluation.metrics import METRICS
from assistant.evaluation.tracing import reasons
from assistant.types import EvalCase

POISON = "<script>alert(1)</script>"
SILENT = {"abstained": True, "text": "", "statements": [], "citations": [], "confidence": 0.1}


def results(*right: bool, kind: str = "single") -> tuple[CaseResult, ...]:
    """A run of answerable cases, each answered rightly or abstained on."""
    cases = [case(id=f"c{n}", type=kind) for n in range(len(right))]
    outcomes = dict(zip((c.id for c in cases), right, strict=True))

    def ask(each: EvalCase) -> dict[str, Any]:
        return answer() if outcomes[each.id] else answer(**SILENT)

    return evaluate(cases, ask).results


def test_a_run_does_not_differ_from_itself() -> None:
    run = results(True, False, True, True)
    found = compare(run, run)
    assert (found.cases, found.apart, found.flips) == (4, (), ())
    assert all(not each.value for each in found.differences)
    assert not any(each.sure for each in found.differences)


def test_the_interval_is_that_of_every_draw_of_the_questions() -> None:
    # Of four questions there are 4^4 draws, all as likely; so the interval can be worked out.
    one, two = (True, False, False, True), (True, True, False, True)
    differences = [b - a for a, b in zip(one, two, strict=True)]
    means = [np.mean([differences[i] for i in draw]) for draw in product(range(4), repeat=4)]
    low, high = np.percentile(means, (2.5, 97.5))
    found = compare(results(*one), results(*two)).of("right")
    assert (found.before.value, found.after.value, found.value) == (0.5, 0.75, 0.25)
    assert (found.low, found.high) == (low, high)
    assert found.better and not found.sure


def test_a_large_gain_is_sure_and_a_loss_is_worse() -> None:
    bad, good = results(*[False] * 30, True), results(*[True] * 31)
    gain, loss = compare(bad, good).of("right"), compare(good, bad).of("right")
    assert gain.sure and gain.better
    assert loss.sure and loss.better is False
    assert loss.value == -(gain.value or 0)
    lower = compare(bad, good).of("abstained_answerable")
    assert lower.better and (lower.value or 0) < 0  # less is better there


def test_of_sizes_neither_is_better() -> None:
    """Longer answers surely differ, and are called neither better nor worse for it."""
    one = results(True, True, True)
    two = [replace(r, checks=replace(r.checks, quoted_words=90 + n)) for n, r in enumerate(one)]
    found = compare(one, two).of("quoted_words_per_answer")
    assert found.sure and found.better is None
    assert row(found).mood == "differs"


def test_the_same_runs_give_the_same_comparison() -> None:
    one, two = results(True, False, True, False), results(False, True, True, True)
    assert compare(one, two) == compare(one, two)


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=12))
def test_turning_the_runs_round_turns_the_difference_round(pairs: list[tuple[bool, bool]]) -> None:
    one, two = (results(*side) for side in zip(*pairs, strict=True))
    right = METRICS[:1]
    (there,) = differences(list(zip(one, two, strict=True)), right)
    (back,) = differences(list(zip(two, one, strict=True)), right)
    assert there.value == pytest.approx(-(back.value or 0.0))
    assert there.low == pytest.approx(-(back.high or 0.0))
    assert (there.low or 0) <= (there.value or 0) <= (there.high or 0)


def test_only_the_same_questions_are_compared() -> None:
    one, two = results(True, True, True), results(True, False)
    changed = replace(two[1], case=replace(two[1].case, answers=(("somebody",),)))
    found = compare(one, (two[0], changed))
    assert (found.cases, found.apart) == (1, ("c1", "c2"))


def test_a_figure_that_a_run_lacks_has_no_difference() -> None:
    found = compare(results(True, True), results(False, False)).of("quotes_gold")
    assert (found.before.value, found.after.value, found.value) == (1.0, None, None)
    assert not found.sure and found.better is None


def test_types_are_compared_apart_where_there_are_several() -> None:
    one = (*results(True, False), *(_renamed(r) for r in results(True, True, kind="other")))
    two = (*results(True, True), *(_renamed(r) for r in results(True, False, kind="other")))
    by_type = compare(one, two).by_type
    rights = {
        kind: next(d.value for d in differences if d.name == "right")
        for kind, differences in by_type.items()
    }
    assert rights == {"single": 0.5, "other": -0.5}


def _renamed(result: CaseResult) -> CaseResult:
    return replace(result, case=replace(result.case, id=f"o-{result.case.id}"))


def test_flips_come_with_the_lost_ones_first() -> None:
    flips = compare(results(True, False, True), results(False, True, True)).flips
    assert [(f.way, f.after.case.id) for f in flips] == [("lost", "c0"), ("gained", "c1")]


def one_result(each: EvalCase, **given_: Any) -> CaseResult:
    return evaluate([each], lambda _: answer(**given_)).results[0]


def test_why_says_which_step_differed() -> None:
    found = one_result(case())
    lost = one_result(
        case(), **SILENT, evidence=[passage(1, "Another.", "other")], abstention_reason="Unsure."
    )
    why = list(reasons(found, lost))
    assert why[:2] == ["gold sentence: rank 1 → not found", "first passage: marrat → other"]
    assert "answered → abstained" in why
    assert "reason: none → Unsure." in why
    assert any(line.startswith("confidence: ") for line in why)
    assert f"quoted no more: “{HOLDS[:40].rstrip()}…”" in why
    quoting = one_result(
        case(), statements=[statement()], citations=[citation("The mayor denied it.")]
    )
    assert "quoted now: “The mayor denied it.”" in list(reasons(found, quoting))
    assert list(reasons(found, found)) == []


def test_an_error_is_the_reason() -> None:
    def fails(_: EvalCase) -> dict[str, Any]:
        raise CaseError("the endpoint\nis away")

    failed = evaluate([case()], fails).results[0]
    assert list(reasons(one_result(case()), failed)) == ["error: none → the endpoint is away"]


def test_the_page_shows_what_flipped_and_runs_nothing(tmp_path: Path) -> None:
    poisoned = case(question=POISON)
    one = one_result(poisoned, text=POISON)
    two = one_result(poisoned, **SILENT, abstention_reason=POISON)
    compared = Compared("new", [Change(POISON, "1", "2")], compare([one], [two]))
    page = write_comparison("old", [compared], tmp_path / "in" / "page.html").read_text("utf-8")
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "default-src 'none'" in page
    assert "answered → abstained" in page
    with pytest.raises(UsageError, match="give another place"):
        write_comparison("old", [compared], tmp_path)
    assert compared_table("old", compared).row_count > 0


def whole_run(folder: Path, *right: bool) -> Run:
    """A kept run."""
    keeping = Runs(folder).begin("q.jsonl", len(right), {"seed": 0, "articles": {"digest": "a"}})
    run = results(*right)
    for result in run:
        keeping.add(result)
    cases = [result.case for result in run]
    answers = {result.case.id: result.answer for result in run}
    return keeping.finish(evaluate(cases, lambda each: answers[each.id] or {}))


def test_a_baseline_compares_like_its_run_and_holds_no_passage(tmp_path: Path) -> None:
    run = whole_run(tmp_path / "runs", True, False, True)
    path = tmp_path / "baseline.json"
    for _ in range(2):  # a second time takes its own place
        assert write_baseline(run, path) == 3
    kept = read_baseline(path)
    assert (kept.questions, kept.made_by) == (run.questions, run.made_by)
    other = results(True, True, True)
    assert compare(kept.results, other).differences == compare(run.results(), other).differences
    texts = json.loads(path.read_text("utf-8"))["results"][0]["answer"]["evidence"]
    assert texts == [{"rank": 1, "article_id": "marrat"}]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": "other"}', '{"format": "dateline-baseline", "version": 9}']
)
def test_what_is_no_baseline_is_one_line_and_is_not_written_over(tmp_path: Path, text: str) -> None:
    path = tmp_path / "baseline.json"
    path.write_text(text)
    with pytest.raises(RunError):
        read_baseline(path)
    with pytest.raises(UsageError, match="choose another name"):
        write_baseline(whole_run(tmp_path / "runs", True), path)
    assert path.read_text() == text
    with pytest.raises(RunError, match="cannot be read"):
        read_baseline(tmp_path / "nowhere.json")


def test_a_run_that_was_stopped_is_no_baseline(tmp_path: Path) -> None:
    keeping = Runs(tmp_path).begin("q.jsonl", 2, {})
    keeping.note("stopped")
    (run,) = Runs(tmp_path).all()
    assert isinstance(run, Run)
    with pytest.raises(UsageError, match="not whole"):
        write_baseline(run, tmp_path / "b.json")
    assert datetime.now(UTC) >= run.started


FIGURES = {name: Figure(0.8567, 10) for name in ("right", "completed", "hit_rate@10")}
FIGURES |= {
    name: Figure(None, 0)
    for name in (
        "answer_match_all_parts", "abstained_unanswerable", "answered_answerable", "quotes_gold",
        "verbatim", "statements_cited", "mrr@10", "article_recall@10",
    )
}  # fmt: skip


def test_floors_rise_and_are_lowered_only_when_told_to(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    write_floors(path, FIGURES, "cases", "articles")
    assert load_floors(path).floors == {"right": 0.856, "completed": 0.856, "hit_rate@10": 0.856}
    better = {**FIGURES, "right": Figure(0.9, 10)}
    write_floors(path, better, "cases", "articles")
    assert load_floors(path).floors["right"] == 0.9
    before = path.read_text()
    for figures, cases, articles, said in (
        (FIGURES, "cases", "articles", "right would fall from 0.900 to 0.856"),
        (better, "others", "articles", "the questions are others"),
        (better, "cases", "others", "the articles are others"),
        ({**better, "right": Figure(None, 0)}, "cases", "articles", "no case counts for right"),
    ):
        with pytest.raises(UsageError, match=said):
            write_floors(path, figures, cases, articles)
        assert path.read_text() == before
    write_floors(path, FIGURES, "others", "others", lower=True)
    assert load_floors(path).floors["right"] == 0.856
    assert load_floors(path).cases_digest == "others"


@pytest.mark.parametrize("text", ["right", "right=", "right=x", "nothing=0.5", "risk=0.5", "=1"])
def test_a_floor_that_cannot_be_held_is_refused(text: str) -> None:
    assert parse_floor("right=0.8") == ("right", 0.8)
    with pytest.raises(UsageError):
        parse_floor(text)


def test_unanswerable_cases_count_too() -> None:
    silent = one_result(unanswerable(), **SILENT)
    said = one_result(unanswerable())
    found = compare([silent], [said])
    assert found.of("abstained_unanswerable").value == -1.0
    assert found.flips[0].way == "lost"

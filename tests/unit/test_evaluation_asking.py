"""Several questions at once, and a run that goes on after a stop."""

from __future__ import annotations

import doctest
import json
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import evaluation_helpers as on
import pytest

from assistant.errors import CaseError, EndpointError, RunError, RunNotFoundError, UsageError
from assistant.evaluation import CaseResult, Run, Runs, evaluate
from assistant.evaluation.page import render
from assistant.types import EvalCase

MADE_BY = {"questions": {"name": "q.jsonl", "digest": "d" * 64}, "settings": {"passages": 10}}
CASES = [on.case(id=f"c{number}", question=f"Question {number}?") for number in range(12)]


def ask(case: EvalCase) -> dict[str, Any]:
    if case.id == "c7":
        raise EndpointError("the endpoint is away; start it")
    return on.answer() if int(case.id[1:]) % 3 else on.abstention()


def without_times(report: dict[str, Any]) -> dict[str, Any]:
    return {**report, "run": None}


def test_several_workers_give_the_report_of_one() -> None:
    last = threading.Event()

    def first_ends_last(case: EvalCase) -> dict[str, Any]:
        if case.id == "c0":
            last.wait(60)
        elif case.id == "c11":
            last.set()
        return ask(case)

    came: list[str] = []
    many = evaluate(CASES, first_ends_last, workers=4, on_result=lambda r: came.append(r.case.id))
    one = evaluate(CASES, ask)
    assert [result.case.id for result in many.results] == [case.id for case in CASES]
    assert without_times(many.to_dict()) == without_times(one.to_dict())
    assert came != sorted(came, key=lambda name: int(name[1:])), "they came in another order"
    assert set(came) == {case.id for case in CASES}


def test_no_more_are_asked_at_once_than_there_are_workers() -> None:
    running, most, lock = 0, 0, threading.Lock()
    met = threading.Barrier(3, timeout=60)

    def counted(case: EvalCase) -> dict[str, Any]:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        met.wait()
        with lock:
            running -= 1
        return on.answer()

    evaluate(CASES, counted, workers=3)  # the barrier holds until three are asked together
    assert most == 3


def test_progress_with_several_workers_counts_up() -> None:
    told: list[tuple[int, int, str]] = []
    evaluate(CASES, ask, workers=3, on_progress=lambda *step: told.append(step))
    assert [(done, total) for done, total, _ in told] == [(n, 12) for n in range(13)]
    assert {question for *_, question in told} == {*(case.question for case in CASES), ""}


def test_a_stop_lets_what_runs_end_and_begins_no_more() -> None:
    asked: list[str] = []

    def note(case: EvalCase) -> dict[str, Any]:
        asked.append(case.id)
        return on.answer()

    def stop(result: CaseResult) -> None:
        raise KeyboardInterrupt

    before = threading.active_count()
    slow = threading.Semaphore(2)

    def slowly(case: EvalCase) -> dict[str, Any]:
        slow.acquire(timeout=1)  # two at once, then one now and then
        return note(case)

    with pytest.raises(KeyboardInterrupt):
        evaluate(CASES, slowly, workers=2, on_result=stop)
    assert len(asked) < len(CASES)
    assert threading.active_count() == before


def test_a_defect_in_a_thread_is_not_hidden() -> None:
    def broken(case: EvalCase) -> dict[str, Any]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        evaluate(CASES, broken, workers=3)


def test_two_cases_of_one_id_are_refused() -> None:
    with pytest.raises(CaseError, match="one id"):
        evaluate([on.case(), on.case()], ask)


def stop_after(number: int) -> Callable[[CaseResult], None]:
    left = number

    def count(result: CaseResult) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    return count


def interrupted(runs: Runs, after: int, workers: int = 1) -> Run:
    """A run that was killed: nothing says so, and its last line is torn."""
    keeping = runs.begin("q.jsonl", len(CASES), MADE_BY, workers)
    stop = stop_after(after)

    def add(result: CaseResult) -> None:
        keeping.add(result)
        stop(result)

    with pytest.raises(KeyboardInterrupt):
        evaluate(CASES, ask, on_result=add, workers=workers)
    keeping.release()  # as the end of its process does
    with (keeping.run.folder / "answers.jsonl").open("ab") as file:
        file.write('{"id": "c9", "question": "Questi…'.encode()[:-1])
    return runs.run(keeping.run.id)


@pytest.mark.parametrize("workers", [1, 4])
@pytest.mark.parametrize("after", [1, 9])
def test_a_resumed_run_is_the_uninterrupted_one_but_for_times(
    tmp_path: Path, workers: int, after: int
) -> None:
    runs = Runs(tmp_path / "runs")
    whole = runs.begin("q.jsonl", len(CASES), MADE_BY)
    plain = whole.finish(evaluate(CASES, ask, on_result=whole.add))
    stopped = interrupted(runs, after, workers)
    kept_before = {r.case.id for r in stopped.results() if r.error is None}
    assert (stopped.status, len(stopped.results())) == ("running", after)

    keeping, kept = runs.resume(stopped, dict(MADE_BY), workers)
    assert {result.case.id for result in kept} == kept_before
    asked: list[str] = []

    def asking(case: EvalCase) -> dict[str, Any]:
        asked.append(case.id)
        return ask(case)

    report = evaluate(CASES, asking, on_result=keeping.add, workers=workers, kept=kept)
    assert not kept_before & set(asked), "what was answered is not asked again"
    again = keeping.finish(report)
    assert again.whole
    assert without_times(again.report()) == without_times(plain.report())
    assert again.report()["run"]["resumed"] == len(kept)
    assert [r.case.id for r in again.results()] == [case.id for case in CASES]
    assert [r.checks for r in again.results()] == [r.checks for r in plain.results()]
    read = runs.run(again.id)
    assert [each.kept for each in read.resumed] == [len(kept)]
    assert (read.workers, read.whole) == (workers, True)
    # With several workers it may be a failed one that came first: then nothing was kept.
    assert (f"{len(kept)} answers were kept" in render(report)) == bool(kept)


def test_what_failed_is_asked_again(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    stopped = interrupted(runs, 9)
    assert "c7" in {result.case.id for result in stopped.results()}
    keeping, kept = runs.resume(stopped, MADE_BY)
    assert "c7" not in {result.case.id for result in kept}
    report = evaluate(CASES, lambda case: on.answer(), on_result=keeping.add, kept=kept)
    assert report.metrics["completed"].k == 12
    ids = [result.case.id for result in keeping.finish(report).results()]
    assert sorted(ids) == sorted({case.id for case in CASES}), "each case once"


def test_a_run_that_was_stopped_before_any_answer_goes_on(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    runs.begin("q.jsonl", 12, MADE_BY).note("stopped")
    keeping, kept = runs.resume(runs.stopped("q.jsonl"), MADE_BY)
    assert kept == ()
    assert keeping.finish(evaluate(CASES, ask, on_result=keeping.add)).whole


def test_only_what_was_made_by_the_same_goes_on(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    stopped = interrupted(runs, 2)
    before = (stopped.folder / "answers.jsonl").read_bytes()
    with pytest.raises(UsageError, match=r"cannot go on, for passages: 10 → 20 differs") as raised:
        runs.resume(stopped, {**MADE_BY, "settings": {"passages": 20}})
    assert "\n" not in str(raised.value)
    # A digest is told by its first characters, and compared whole.
    digest = "d" * 63 + "e"
    with pytest.raises(UsageError, match="what made it differs"):
        runs.resume(stopped, {**MADE_BY, "questions": {"name": "q.jsonl", "digest": digest}})
    assert (stopped.folder / "answers.jsonl").read_bytes() == before
    runs.resume(stopped, {**MADE_BY, "command": "assistant evaluate q.jsonl --workers=4"})


def test_a_run_that_is_being_asked_is_not_gone_on_with(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    keeping = runs.begin("q.jsonl", 12, MADE_BY)
    with pytest.raises(UsageError, match="by another process"):
        runs.resume(runs.run(keeping.run.id), MADE_BY)
    keeping.note("stopped")
    runs.resume(runs.run(keeping.run.id), MADE_BY)


def test_only_the_last_run_of_the_questions_is_gone_on_with_by_itself(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    with pytest.raises(RunNotFoundError, match="none is kept"):
        runs.stopped("q.jsonl")
    interrupted(runs, 2)
    keeping = runs.begin("other.jsonl", 12, MADE_BY)
    whole = keeping.finish(evaluate(CASES, ask))
    assert runs.stopped("q.jsonl").questions == "q.jsonl"
    with pytest.raises(RunNotFoundError, match=f"run {whole.id} is whole"):
        runs.stopped("other.jsonl")
    with pytest.raises(UsageError, match="is whole"):
        runs.resume(whole, MADE_BY)


def test_damage_in_the_middle_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    stopped = interrupted(runs, 3)
    path = stopped.folder / "answers.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], b"{}\n", *lines[1:]]))
    before = path.read_bytes()
    for _ in range(2):  # the run is let go, so it is the same the second time
        with pytest.raises(RunError, match="line 2"):
            runs.resume(stopped, MADE_BY)
    assert path.read_bytes() == before


@pytest.mark.parametrize("resumed", ["once", [1], [{"at": "now"}], {"at": 1}])
def test_a_record_with_an_odd_resumption_is_damaged(tmp_path: Path, resumed: object) -> None:
    runs = Runs(tmp_path)
    stopped = interrupted(runs, 1)
    path = stopped.folder / "run.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "resumed": resumed}))
    with pytest.raises(RunError, match="is damaged"):
        runs.run(stopped.id)


@pytest.mark.parametrize("name", ["card", "page", "spread", "texts"])
def test_the_examples_hold(name: str) -> None:
    found = doctest.testmod(import_module(f"assistant.evaluation.{name}"))
    assert found.attempted and not found.failed

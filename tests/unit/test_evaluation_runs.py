"""Kept runs: what is written, what is read again, and what becomes of damage."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from evaluation_helpers import abstention, answer, case, unanswerable
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import CaseError, EndpointError, RunError, RunNotFoundError, UsageError
from assistant.evaluation import DamagedRun, Run, Runs, cases_digest, changes, earlier, evaluate
from assistant.evaluation.cases import case_dict, case_of
from assistant.evaluation.lines import line_of, result_of
from assistant.evaluation.metrics import METRIC_NAMES
from assistant.types import Article, EvalCase, Turn

CASES = [case(extra={"seen": True}), unanswerable(), case(id="c3", question="Is it open?")]
MADE_BY = {"questions": {"name": "q.jsonl", "digest": "d1"}, "settings": {"passages": 10}}


def ask(asked: EvalCase) -> dict[str, Any]:
    if asked.id == "c3":
        raise EndpointError("the endpoint is away; start it")
    return abstention() if asked.id == "u1" else answer()


def keep(runs: Runs, made_by: dict[str, Any] = MADE_BY, questions: str = "q.jsonl") -> Run:
    keeping = runs.begin(questions, len(CASES), made_by)
    report = evaluate(CASES, ask, on_result=keeping.add)
    return keeping.finish(report)


def test_a_run_is_read_as_it_was_kept(tmp_path: Path) -> None:
    runs = Runs(tmp_path / "runs")
    assert runs.all() == []
    kept = keep(runs)
    assert runs.all() == [kept] == [runs.run(kept.id)]
    assert kept.whole
    assert kept.answered() == 3
    assert kept.made_by == MADE_BY
    assert (kept.questions, kept.cases) == ("q.jsonl", 3)
    report = evaluate(CASES, ask)
    again = kept.results()
    assert [replace(r, wall_ms=0) for r in again] == [replace(r, wall_ms=0) for r in report.results]
    assert cases_digest([r.case for r in again]) == cases_digest(CASES)
    figures = kept.figures()
    assert figures.metrics == report.metrics
    assert figures.by_type == report.by_type
    assert figures.counts == report.counts
    assert "<html" in kept.page.read_text("utf-8")


def test_two_runs_over_the_same_differ_in_times_alone(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    reports, records = [], []
    for run in (keep(runs), keep(runs)):
        report = run.report()
        report.pop("run")
        reports.append(report)
        record = json.loads((run.folder / "run.json").read_text("utf-8"))
        records.append({k: v for k, v in record.items() if not k.endswith("_at")})
        for name in ("id", "seconds"):
            records[-1].pop(name)
    assert reports[0] == reports[1]
    assert records[0] == records[1]


def test_a_closed_case_and_a_history_come_back(tmp_path: Path) -> None:
    own = Article("a", "The dam of Kesra holds.", title="Dam", published=date(2021, 3, 2))
    closed = case(articles=(own,), history=(Turn("Who?", "They."),), note="n", status="denied")
    assert case_of(case_dict(closed)) == closed
    assert case_of(json.loads(json.dumps(case_dict(closed)))) == closed


@given(st.text(), st.text(min_size=1), st.dictionaries(st.text(), st.integers()))
def test_a_line_gives_back_whatever_words_there_are(
    text: str, question: str, extra: dict[str, int]
) -> None:
    known = case_dict(case()).keys() | {"articles"}
    odd = case(
        question=question.strip() or "?",
        note=text,
        extra={key: value for key, value in extra.items() if key not in known},
    )
    (result,) = evaluate([odd], lambda _: answer(text=text)).results
    assert result_of(line_of(result).encode("utf-8", "backslashreplace")) == result


def test_a_run_that_ends_early_is_not_whole(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    keeping = runs.begin("q.jsonl", 3, MADE_BY)
    (first, *_) = evaluate(CASES, ask).results
    keeping.add(first)
    (killed,) = runs.all()  # as a process that was killed leaves it
    assert isinstance(killed, Run)
    assert not killed.whole
    assert (killed.status, killed.answered()) == ("running", 1)
    with (killed.folder / "answers.jsonl").open("ab") as file:
        file.write(b'{"id": "c2", "quest')
    assert [result.case.id for result in killed.results()] == ["c1"]
    keeping.note("stopped")
    (stopped,) = runs.all()
    assert isinstance(stopped, Run)
    assert (stopped.whole, stopped.status) == (False, "stopped")
    assert earlier(keep(runs), runs.all()) is None


def test_the_run_before_is_the_last_whole_one_of_the_same_file(tmp_path: Path) -> None:
    runs = Runs(tmp_path)
    first = keep(runs)
    old = first.folder.rename(tmp_path / "20200101-000000-0000")
    record = json.loads((old / "run.json").read_text())
    (old / "run.json").write_text(json.dumps({**record, "id": old.name}))
    other = keep(runs, questions="other.jsonl")
    newest = keep(runs)
    assert earlier(newest, runs.all()) == runs.run(old.name)
    assert earlier(other, runs.all()) is None
    assert [run.id for run in runs.all()][-1] == old.name


DAMAGE: dict[str, Any] = {
    "cut off": lambda record: json.dumps(record)[:40],
    "a list": lambda record: "[]",
    "nested": lambda record: "[" * 100_000,
    "another version": lambda record: json.dumps({**record, "schema_version": 2}),
    "another id": lambda record: json.dumps({**record, "id": "../../etc"}),
    "no time": lambda record: json.dumps({**record, "started_at": "yesterday"}),
    "odd status": lambda record: json.dumps({**record, "status": "great"}),
    "whole, without a time": lambda record: json.dumps({**record, "seconds": None}),
    "a count in words": lambda record: json.dumps({**record, "cases": "three"}),
    "settings in words": lambda record: json.dumps({**record, "made_by": "me"}),
    "nothing": lambda record: "",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_record_is_told_and_the_others_remain(tmp_path: Path, damage: str) -> None:
    runs = Runs(tmp_path)
    sound, broken = keep(runs), keep(runs)
    path = broken.folder / "run.json"
    path.write_text(DAMAGE[damage](json.loads(path.read_text())))
    found = {each.id: each for each in runs.all()}
    assert isinstance(found[sound.id], Run)
    told = found[broken.id]
    assert isinstance(told, DamagedRun)
    assert f"assistant runs delete {broken.id}" in told.reason
    with pytest.raises(RunError, match="is damaged"):
        runs.run(broken.id)
    runs.delete(broken.id)
    assert [each.id for each in runs.all()] == [sound.id]


@pytest.mark.parametrize(
    "figures",
    [
        '{"metrics": {}, "by_type": {}}',
        '{"metrics": {"right": {"value": NaN, "n": 3}}, "by_type": {}, "counts": {}}',
        '{"metrics": {"right": {"value": "all", "n": 3}}, "by_type": {}, "counts": {}}',
        '{"metrics": {"right": 1}, "by_type": {}, "counts": {}}',
    ],
)
def test_damaged_figures_are_told(tmp_path: Path, figures: str) -> None:
    run = keep(Runs(tmp_path))
    (run.folder / "report.json").write_text(figures)
    with pytest.raises(RunError, match="is damaged"):
        run.figures()


def test_figures_of_an_older_version_lack_some(tmp_path: Path) -> None:
    run = keep(Runs(tmp_path))
    report = run.report()
    del report["metrics"]["right"]
    (run.folder / "report.json").write_text(json.dumps(report))
    figures = run.figures()
    assert figures.metrics.keys() == METRIC_NAMES
    assert figures.metrics["right"].value is None


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "yes"},
        {"error": 3},
        {"extra": []},
        {"checks": {"verdict": "great", "right": True}},
        {"wall_ms": "long"},
        {"answers": [["a"], ["b"]]},
        {"question": ""},
        {"evidence": "<script>"},
    ],
)
def test_a_line_that_is_none_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    run = keep(Runs(tmp_path))
    path = run.folder / "answers.jsonl"
    lines = path.read_text("utf-8").splitlines()
    lines[1] = json.dumps({**json.loads(lines[1]), **change})
    with pytest.raises(CaseError):
        result_of(lines[1])
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with pytest.raises(RunError, match=r"answers.jsonl, line 2"):
        run.results()


@pytest.mark.parametrize("name", ["", "..", "../runs", "20200101-000000-00", "x/../y", "/tmp"])
def test_a_run_is_found_by_an_id_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / "keep.txt").write_text("")
    runs = Runs(tmp_path)
    for act in (runs.run, runs.delete):
        with pytest.raises(RunNotFoundError):
            act(name)
    assert (tmp_path / "keep.txt").is_file()


def test_a_link_is_not_followed_to_delete(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    runs = Runs(tmp_path / "runs")
    runs.folder.mkdir()
    (runs.folder / "20200101-000000-0000").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RunNotFoundError):
        runs.delete("20200101-000000-0000")
    assert (tmp_path / "elsewhere").is_dir()


def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(UsageError, match="--no-keep"):
        Runs(tmp_path / "runs").begin("q.jsonl", 3, MADE_BY)


def test_what_changed_is_told_by_name() -> None:
    later = {
        "command": "another",
        "questions": {"name": "q.jsonl", "digest": "e" * 64},
        "filters": {"since": "2021-03-01"},
        "settings": {"passages": 10, "reader": False},
    }
    assert [str(change) for change in changes(MADE_BY, later)] == [
        f"questions digest: d1 → {'e' * 12}",
        "since: none → 2021-03-01",
        "reader: none → off",
    ]
    assert changes(later, {**later, "command": "else"}) == []

"""Runs from the command line: compared, held to baselines and floors, and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import sample
from assistant.cli import main
from tests.fake_endpoint import FakeEndpoint, hangs, says

pytest_plugins = ["tests.sample_index"]

Run = Callable[..., tuple[int, str, str]]
NO_RUN = "20200101-000000-0000"


@pytest.fixture
def run(
    clean_environment: None,
    one_embedder: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run the command line in this process, in an empty folder: code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def where(sample_index: Path, tmp_path: Path) -> tuple[object, ...]:
    return ("--index", sample_index, "--runs", tmp_path / "kept")


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Four cases of the sample question set, one of which has no answer."""
    path = tmp_path / "cases.jsonl"
    lines = sample.questions_path().read_text(encoding="utf-8").splitlines(keepends=True)
    (without,) = (line for line in lines if '"swapped-market"' in line)
    path.write_text("".join([*lines[:3], without]), encoding="utf-8")
    return path


def kept_id(err: str) -> str:
    (line,) = [line for line in err.splitlines() if line.startswith("kept: run ")]
    return line.removeprefix("kept: run ")


def refused(told: tuple[int, str, str], code: int = 2) -> str:
    """What is said, which must be one line on stderr and nothing else."""
    got, out, err = told
    assert (got, out, err.count("\n")) == (code, "", 1), (got, out, err)
    return err


@pytest.fixture
def two_runs(
    run: Run, cases: Path, where: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> tuple[str, str]:
    """A run, and one that never abstains, which is wrong on the case that has no answer."""
    first = kept_id(run("evaluate", cases, *where)[2])
    monkeypatch.setenv("DATELINE_ABSTAIN_BELOW", "0")
    second = kept_id(run("evaluate", cases, *where)[2])
    monkeypatch.delenv("DATELINE_ABSTAIN_BELOW")
    return first, second


def test_runs_are_compared(run: Run, two_runs: tuple[str, str], where: tuple[object, ...]) -> None:
    first, second = two_runs
    code, out, err = run("runs", "compare", first, second, *where, "--out", "pages/c.html")
    assert code == 0, err
    assert f"{second} against {first}: 4 cases" in out
    assert "changed: abstain below: 0.5 → 0" in err
    assert "comparison: pages/c.html" in err
    assert "<html" in Path("pages/c.html").read_text("utf-8")
    (told,) = json.loads(run("runs", "compare", first, second, *where, "--json")[1])
    assert told["run"] == second
    assert {change["name"] for change in told["changed"]} == {"abstain below"}
    right = told["differences"]["right"]
    assert right["difference"] == pytest.approx(right["after"] - right["before"])
    assert right["low"] <= right["difference"] <= right["high"]
    assert all(flip["why"] for flip in told["flips"])
    lost = [flip for flip in told["flips"] if flip["way"] == "lost"]
    for flip in lost:
        assert f"lost: {flip['id']}" in out
    assert len(lost) == 1, "the case that has no answer is answered"
    assert "abstained → answered" in lost[0]["why"]


def test_a_run_does_not_differ_from_itself(
    run: Run, two_runs: tuple[str, str], where: tuple[object, ...]
) -> None:
    (told,) = json.loads(run("runs", "compare", two_runs[0], two_runs[0], *where, "--json")[1])
    assert (told["changed"], told["flips"], told["apart"]) == ([], [], [])
    assert {each["difference"] for each in told["differences"].values()} <= {0, None}


def test_what_cannot_be_compared_is_one_line(
    run: Run, two_runs: tuple[str, str], where: tuple[object, ...], tmp_path: Path
) -> None:
    first, _ = two_runs
    assert "no run" in refused(run("runs", "compare", first, NO_RUN, *where), 1)
    assert "nope.json" in refused(run("runs", "compare", "nope.json", first, *where), 1)
    Path("odd.json").write_text("[1]")
    assert "is no baseline" in refused(run("runs", "compare", "odd.json", first, *where), 1)
    lines = sample.questions_path().read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "others.jsonl").write_text(lines[5], encoding="utf-8")
    other = kept_id(run("evaluate", "others.jsonl", *where)[2])
    said = refused(run("runs", "compare", first, other, *where))
    assert "no question in common" in said
    damaged = Path("kept", other, "answers.jsonl")
    damaged.write_text("{}\n")
    assert "is damaged" in refused(run("runs", "compare", first, other, *where), 1)


def test_a_baseline_is_written_and_compared_with(
    run: Run, two_runs: tuple[str, str], cases: Path, where: tuple[object, ...]
) -> None:
    first, second = two_runs
    code, out, err = run("runs", "baseline", first, "base.json", *where)
    assert (code, out, err) == (0, "", "4 cases written to base.json\n")
    (told,) = json.loads(run("runs", "compare", "base.json", second, *where, "--json")[1])
    (direct,) = json.loads(run("runs", "compare", first, second, *where, "--json")[1])
    assert told == direct
    assert run("runs", "compare", "base.json", second, *where, "--out", "c.html")[0] == 0
    code, out, err = run("evaluate", cases, *where, "--baseline", "base.json")
    assert code == 0
    assert "this run against base.json: 4 cases" in out
    assert "changed: " not in err and "lost: " not in err
    # A settings file in the place of a baseline, and a run that is not whole, are refused.
    Path("mine.json").write_text('{"settings": 1}')
    assert "is no baseline" in refused(run("runs", "baseline", first, "mine.json", *where))
    assert Path("mine.json").read_text() == '{"settings": 1}'
    assert "no run" in refused(run("runs", "baseline", NO_RUN, "b.json", *where), 1)
    cut_short(Path("kept", second), 2)
    assert "is not whole" in refused(run("runs", "baseline", second, "b.json", *where))
    assert not Path("b.json").exists()


def test_a_baseline_of_other_questions_is_refused_before_anything_is_asked(
    run: Run, two_runs: tuple[str, str], where: tuple[object, ...], tmp_path: Path
) -> None:
    run("runs", "baseline", two_runs[0], "base.json", *where)
    lines = sample.questions_path().read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "others.jsonl").write_text(lines[5], encoding="utf-8")
    said = refused(run("evaluate", "others.jsonl", *where, "--baseline", "base.json"))
    assert "has none of these questions" in said
    assert not (tmp_path / "reports" / "others").exists()
    assert refused(run("evaluate", "others.jsonl", *where, "--baseline", "nope.json"), 1)


def test_floors_are_set_by_a_run_held_and_lowered_only_when_told_to(
    run: Run,
    two_runs: tuple[str, str],
    cases: Path,
    where: tuple[object, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = two_runs
    code, out, _ = run("runs", "floors", first, "floors.json", *where)
    assert code == 0
    assert "abstained_unanswerable: 1.000" in out
    before = json.loads(Path("floors.json").read_text())
    assert before["cases_digest"] and before["articles_digest"]
    assert run("evaluate", cases, *where, "--floors", "floors.json")[0] == 0
    monkeypatch.setenv("DATELINE_ABSTAIN_BELOW", "0")
    code, _, err = run("evaluate", cases, *where, "--floors", "floors.json")
    monkeypatch.delenv("DATELINE_ABSTAIN_BELOW")
    assert code == 1
    assert "abstained_unanswerable: 0.000 is below its floor of 1.000 (n = 1)" in err
    said = refused(run("runs", "floors", second, "floors.json", *where))
    assert "abstained_unanswerable would fall from 1.000 to 0.000" in said
    assert json.loads(Path("floors.json").read_text()) == before
    assert run("runs", "floors", second, "floors.json", "--lower", *where)[0] == 0
    assert json.loads(Path("floors.json").read_text())["floors"]["abstained_unanswerable"] == 0
    Path("odd.json").write_text("{}")
    assert '"floors" is missing' in refused(run("runs", "floors", first, "odd.json", *where))
    assert "no run" in refused(run("runs", "floors", NO_RUN, "f.json", *where), 1)


def test_a_figure_is_held_by_name(run: Run, cases: Path, where: tuple[object, ...]) -> None:
    code, _, err = run("evaluate", cases, *where, "--fail-under", "completed=1")
    assert code == 0, err
    held = ("--fail-under", "completed=1", "--fail-under", "statements_per_answer=99")
    code, _, err = run("evaluate", cases, *where, *held)
    assert code == 1
    assert "is below its floor of 99.000" in err
    assert Path("reports/cases/report.json").is_file(), "the report is written all the same"


@pytest.mark.parametrize("floor", ["right", "right=", "right=much", "nope=0.5", "risk=0.5"])
def test_a_floor_that_is_none_is_one_line(run: Run, cases: Path, floor: str) -> None:
    said = refused(run("evaluate", cases, "--fail-under", floor))
    assert floor.partition("=")[0] in said


# Going on


def cut_short(folder: Path, answers: int) -> None:
    """Make a whole run what it was after so many answers, in the middle of the next."""
    record = json.loads((folder / "run.json").read_text())
    unfinished: dict[str, Any] = {"status": "running", "ended_at": None, "seconds": None}
    (folder / "run.json").write_text(json.dumps({**record, **unfinished}))
    lines = (folder / "answers.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "answers.jsonl").write_bytes(b"".join(lines[:answers]) + lines[answers][:50])
    for name in ("report.json", "report.html"):
        (folder / name).unlink()


def same_but_times(one: Path, two: Path) -> bool:
    reports = [json.loads(path.read_text()) for path in (one, two)]
    return {**reports[0], "run": 0} == {**reports[1], "run": 0}


@pytest.mark.parametrize("workers", [1, 4])
def test_a_run_over_the_library_goes_on(
    run: Run, cases: Path, where: tuple[object, ...], workers: int
) -> None:
    first = kept_id(run("evaluate", cases, *where, "--out", "plain")[2])
    cut_short(Path("kept", first), 2)
    code, _, err = run(
        "evaluate", cases, *where, "--resume", "--workers", workers, "--out", "again"
    )
    assert code == 0, err
    assert kept_id(err) == first
    assert "resumed: 2 answers kept from before it was stopped" in err
    assert same_but_times(Path("plain/report.json"), Path("again/report.json"))
    record = json.loads(Path("kept", first, "run.json").read_text())
    assert [each["kept"] for each in record["resumed"]] == [2]
    assert record["status"] == "done"
    assert "2 answers kept" in run("runs", "show", first, *where)[1]
    (listed,) = json.loads(run("runs", "list", *where, "--json")[1])
    assert (listed["workers"], listed["resumed"]) == (workers, record["resumed"])


def test_a_run_that_differs_or_is_whole_does_not_go_on(
    run: Run, cases: Path, where: tuple[object, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "none is kept" in refused(run("evaluate", cases, *where, "--resume"), 1)
    first = kept_id(run("evaluate", cases, *where)[2])
    assert "is whole" in refused(run("evaluate", cases, *where, "--resume"), 1)
    assert "is whole" in refused(run("evaluate", cases, *where, "--resume-run", first))
    cut_short(Path("kept", first), 2)
    monkeypatch.setenv("DATELINE_PASSAGES", "5")
    said = refused(run("evaluate", cases, *where, "--resume-run", first))
    assert f"run {first} cannot go on, for passages: 10 → 5 differs" in said
    monkeypatch.delenv("DATELINE_PASSAGES")
    assert "no run" in refused(run("evaluate", cases, *where, "--resume-run", NO_RUN), 1)
    assert run("evaluate", cases, *where, "--resume-run", first)[0] == 0


def command(url: str, questions: Path, *more: str) -> list[str]:
    asked = [sys.executable, "-m", "assistant", "evaluate", str(questions), "--url", url]
    return [*asked, "--model", "m", "--runs", "kept", "--out", "out", *more]


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_goes_on(
    tmp_path: Path, clean_environment: None, ending: signal.Signals
) -> None:
    questions = tmp_path / "q.jsonl"
    with questions.open("w") as file:
        for number in range(6):
            case = {"id": f"c{number}", "question": f"Who {number}?", "type": "t"}
            more = {"answerable": True, "answers": [["rebels"]]}
            file.write(json.dumps({**case, **more}) + "\n")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    with FakeEndpoint() as endpoint:
        endpoint.script(says("Rebels."), says("Rebels."), hangs(3))
        process = subprocess.Popen(
            command(endpoint.url, questions, "--workers", "2"),
            cwd=tmp_path,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            # Where the tests run in the background, SIGINT is ignored, and children inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        ends = time.monotonic() + 60
        answers = "kept/*/answers.jsonl"
        while (
            time.monotonic() < ends
            and sum(path.read_bytes().count(b"\n") for path in tmp_path.glob(answers)) < 2
        ):
            time.sleep(0.05)
        process.send_signal(ending)
        _, err = process.communicate(timeout=120)
        assert process.returncode == (-9 if ending == signal.SIGKILL else 130), err
        assert "Traceback" not in err
        assert ("go on with --resume" in err) is (ending == signal.SIGINT)
        endpoint.script(says("Rebels."))
        asked = len(endpoint.requests)
        done = subprocess.run(
            command(endpoint.url, questions, "--resume"),
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert len(endpoint.requests) == asked + 4, "two answers were kept"
    assert "resumed: 2 answers kept" in done.stderr
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert report["counts"]["right"] == 6
    (record,) = (json.loads(path.read_text()) for path in tmp_path.glob("kept/*/run.json"))
    assert (record["status"], record["resumed"][0]["kept"]) == ("done", 2)

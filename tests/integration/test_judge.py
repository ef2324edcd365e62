"""`assistant evaluate --judge`: the endpoint's model judges, and its agreement is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.cli import main
from assistant.evaluation import Run, Runs
from tests.fake_endpoint import FakeEndpoint, says

pytest_plugins = ["tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment", "one_embedder")

ARTICLE = {
    "id": "marrat",
    "title": "The bridge at Marrat",
    "text": "Fighters of the Red Coast Army hold the bridge at Marrat, its mayor said on Monday.",
    "published": "2021-03-02",
}
CASE = {
    "id": "c1",
    "question": "Who holds the bridge at Marrat?",
    "type": "single",
    "answerable": True,
    "answers": [["Red Coast Army"]],
    "articles": [ARTICLE],
}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(CASE) + "\n", encoding="utf-8")
    return path


def test_the_configured_model_judges_and_the_kept_run_has_its_verdicts(
    questions: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with FakeEndpoint() as endpoint:
        endpoint.script(says("YES"))
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        monkeypatch.setenv("DATELINE_OPENAI_MODEL", "some-judge")
        options = ["--out", str(tmp_path / "out"), "--runs", str(tmp_path / "runs"), "--judge"]
        assert main(["evaluate", str(questions), *options]) == 0
    (request,) = endpoint.requests
    assert "Question: Who holds the bridge at Marrat?" in request.prompt
    said = capsys.readouterr().out
    assert "The judge agrees with the labels" in said
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["about"]["judge"].startswith("some-judge judge@")
    assert report["metrics"]["judged_right"]["value"] == 1
    assert report["metrics"]["judge_agreement"]["n"] == 1
    (run,) = Runs(tmp_path / "runs").all()
    (result,) = Runs(tmp_path / "runs").run(run.id).results()
    assert result.checks.judged == "yes"


def test_the_judges_tokens_are_priced_in_the_report_and_the_kept_run(
    questions: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no model writes the answers, the prices are those of the judge."""
    with FakeEndpoint() as endpoint:
        endpoint.script(says("YES"))
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        kept = ["--runs", str(tmp_path / "runs")]
        prices = ["--price-in", "1", "--price-out", "10"]
        options = ["--out", str(tmp_path / "out"), *kept, "--judge", *prices]
        assert main(["evaluate", str(questions), *options]) == 0
    about = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))["about"]
    assert (about["cost"], about["judge_cost"]) == ("0", "0.000531")
    assert about["judge_tokens"] == "321 in, 21 out"
    (run,) = Runs(tmp_path / "runs").all()
    assert isinstance(run, Run)
    assert run.figures().metrics["judge_cost_per_reply"].value == pytest.approx(0.000531)
    assert run.results()[0].checks.judge_tokens_out == 21
    capsys.readouterr()
    assert main(["runs", "show", run.id, *kept]) == 0
    assert "judge cost: 0.000531" in capsys.readouterr().out


def test_a_judge_without_an_endpoint_is_refused_before_a_question_is_put(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(questions), "--out", str(tmp_path / "out"), "--judge"]) == 1
    assert "OPENAI_API_KEY" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

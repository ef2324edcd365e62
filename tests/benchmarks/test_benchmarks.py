"""The benchmarks still run. No timing is asserted: the machine that tests is not ours to judge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import NAMES, main
from tests.benchmarks.figures import Figure, percentile, table

ARTICLES = {
    "bridge": "The bridge over the Maro was closed on Monday after a lorry hit its railing.",
    "harvest": "Growers in Tessin say that this year's apple harvest is half of the last one.",
    "vote": "The council of Orlen voted 7 to 2 for a night tram, the mayor said on Friday.",
}
QUESTIONS = ("Why was the bridge over the Maro closed?", "What did the council of Orlen vote for?")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    articles = tmp_path / "data" / "small" / "articles"
    articles.mkdir(parents=True)
    for name, text in ARTICLES.items():
        (articles / f"{name}.md").write_text(
            f"---\ntitle: {name}\nsource: Maro Gazette\npublished: 2020-03-04\n---\n\n{text}\n"
        )
    lines = [json.dumps({"question": question}) for question in QUESTIONS]
    (articles.parent / "questions.dev.jsonl").write_text("\n".join(lines))
    return tmp_path / "data"


def test_every_benchmark_runs_and_is_reported(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reports" / "benchmarks.json"
    assert main([str(data), "--set", "small", "--runs", "1", "--out", str(out)]) == 0
    report = json.loads(out.read_text())
    values = {(f["benchmark"], f["name"]): f["value"] for f in report["figures"]}
    assert {benchmark for benchmark, _ in values} == set(NAMES)
    assert values["indexing", "articles"] == len(ARTICLES)
    assert values["warm", "questions"] == len(QUESTIONS)
    assert 0 < values["indexing", "share inside the embedder"] < 1
    printed = capsys.readouterr().out
    assert "share inside the embedder" in printed
    assert "ask takes longer by" in printed


def test_a_figure_knows_whether_its_target_is_met() -> None:
    assert Figure("b", "f", 1.5, "s", "<= 1.5").met is True
    assert Figure("b", "f", 1.6, "s", "<= 1.5").met is False
    assert Figure("b", "f", 0.8, "", ">= 0.8").met is True
    assert Figure("b", "f", 0.7, "", ">= 0.8").met is False
    assert Figure("b", "f", 0.7, "").met is None
    assert "| NO" in table([Figure("b", "f", 1.6, "s", "<= 1.5")])


def test_percentiles_are_measured_values() -> None:
    values = [float(i) for i in range(1, 101)]
    assert percentile(values, 95) == 95.0
    assert percentile([3.0], 95) == 3.0
    assert percentile(list(reversed(values)), 50) == 50.0

"""The README's table from reports that are there: nothing is asked twice, nothing is made up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import readme_table


def _report(folder: Path, right: int, rate: float | None) -> None:
    folder.mkdir(parents=True)
    share = {"value": right / 12, "n": 12, "k": right, "low": 0.6464, "high": 0.9851}
    metrics = {
        "right": share,
        "verbatim": {"value": 1.0, "n": 9, "k": 9, "low": 0.7, "high": 1.0},
        "hit_rate@10": {"value": rate, "n": 9, "k": None, "low": None, "high": None},
        "statements_per_answer": {"value": 1.14, "n": 9, "k": None, "low": None, "high": None},
    }
    (folder / "report.json").write_text(json.dumps({"metrics": metrics}), encoding="utf-8")


def test_rows_stand_with_the_reader_in_bold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in readme_table.SETS:
        _report(tmp_path / "with" / name, 11, None if name == "rgb" else 0.9042)
        _report(tmp_path / "without" / name, 10, 1.0)
    monkeypatch.setattr(readme_table, "_assistant", lambda *_: pytest.fail("asked again"))
    assert readme_table.main([str(tmp_path), "--out", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "| | seed | syria | multihoprag | squad | rgb | sample |"
    cells = {line.split(" | ")[0].strip("| "): line.strip("| ").split(" | ")[1:] for line in lines}
    assert cells["Right"] == ["**11 of 12 (65–99)**, 10 of 12"] * 6
    assert cells["Verbatim citations"] == ["9 of 9"] * 6
    assert cells["Hits@10"] == [*["**.904**, 1.0"] * 4, "–", "**.904**, 1.0"]
    assert cells["Statements an answer"] == ["**1.1**, 1.1"] * 6
    assert cells["MRR@10"] == ["–"] * 6


def test_a_set_is_indexed_and_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data" / "seed" / "articles").mkdir(parents=True)
    asked: list[tuple[str, str]] = []

    def assistant(arguments: list[str], environment: dict[str, str]) -> None:
        asked.append((arguments[0], environment["DATELINE_READER"]))
        if arguments[0] == "evaluate":
            _report(Path(arguments[-1]), 12, 1.0)

    monkeypatch.setattr(readme_table, "_assistant", assistant)
    for _ in range(2):
        metrics = readme_table.measured(
            "seed", tmp_path / "data", tmp_path / "i", tmp_path / "out", reader=False
        )
        assert metrics["right"]["k"] == 12
    assert asked == [("index", "0"), ("evaluate", "0")]

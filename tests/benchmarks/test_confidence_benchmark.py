"""Fitting the confidence: on rows of which it is known what the fit must find."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from assistant.answering.quoting.confidence import Signs
from tests.benchmarks import confidence
from tests.benchmarks.confidence import PLAIN, WITH_READER, Row, areas, fit, report, weights_of


def _rows(name: str, answerable: int, other: int, seed: int = 0) -> list[Row]:
    """Rows that the reader tells apart, and the names do not."""
    rng = random.Random(seed)
    return [
        Row(name, told, Signs(rng.random(), 0.5, 8, rng.gauss(3.0 if told else -3.0, 1.0)))
        for told in [True] * answerable + [False] * other
    ]


def test_every_set_and_both_classes_weigh_the_same() -> None:
    rows = _rows("large", 90, 10) + _rows("small", 2, 3)
    weights = weights_of(rows)
    sums = {
        (name, told): sum(
            w
            for row, w in zip(rows, weights, strict=True)
            if (row.set, row.answerable) == (name, told)
        )
        for name in ("large", "small")
        for told in (True, False)
    }
    assert max(sums.values()) == pytest.approx(min(sums.values()))
    assert weights.sum() == pytest.approx(len(rows))


def test_the_fit_rests_on_the_sign_that_tells() -> None:
    names, length, reading = fit(_rows("a", 80, 80), WITH_READER).coef_[0]
    assert reading > 0.5 > abs(names)
    assert length == pytest.approx(0, abs=1e-6)


def test_areas_are_of_the_set_in_the_fit_and_left_out() -> None:
    found = areas(_rows("a", 40, 40) + _rows("b", 40, 40, seed=1), WITH_READER)
    assert all(min(of) > 0.95 for of in found.values()) and set(found) == {"a", "b"}
    by_names = areas(_rows("a", 40, 40) + _rows("b", 40, 40, seed=1), PLAIN)
    assert all(0.3 < of[0] < 0.75 for of in by_names.values())


def test_a_set_of_one_class_has_no_area() -> None:
    only = [row for row in _rows("b", 5, 5) if row.answerable]
    assert "b" not in areas(_rows("a", 20, 20) + only, WITH_READER)
    assert "| - |" in report(_rows("a", 20, 20) + only, WITH_READER, (WITH_READER,))


def test_the_command_reads_the_questions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "The council of Belkorra elected Ivo Lund as its mayor on Monday."
    cases = [
        {"form": 2, "id": f"c{i}", "question": question, "type": "single", "answerable": told,
         "answers": [["Lund"]] if told else [], "articles": [{"id": "a", "text": text}]}
        for i, (question, told) in enumerate(
            [("Who was elected mayor of Belkorra?", True), ("Who elected Ivo Lund?", True),
             ("Who won the Norrvik regatta?", False), ("How many died in Tarsin?", False)]
        )
    ]  # fmt: skip
    (tmp_path / "rgb").mkdir()
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    (tmp_path / "rgb" / "questions.dev.jsonl").write_text(lines, encoding="utf-8")
    monkeypatch.setattr(confidence, "VARIANTS", (WITH_READER,))
    monkeypatch.setattr(confidence, "SETS", ("rgb", "squad"))
    assert confidence.main([str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.count("| threshold | rgb |") == 2 and "names, length, reading" in said
    assert "| 1.00 (-) |" in said and "nan" not in said

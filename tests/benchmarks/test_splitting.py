"""What a split brings, on the sample library with a model that replies as told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import splitting
from tests.fake_endpoint import FakeEndpoint, says

pytest_plugins = ["tests.sample_index"]

QUESTION = (
    "Who holds the whole of the Ithriyah road, according to the Orontes Dispatch, and how many men "
    "were arrested for the bombing of the Belkorra market, as the Dorvan Herald reported in June?"
)
PARTS = [
    "Who holds the whole of the Ithriyah road, according to the Orontes Dispatch?",
    "How many men were arrested for the bombing of the Belkorra market in June, as the Dorvan "
    "Herald reported?",
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    """One question twice, and one without an answer, which is left out."""
    found = [{"article_id": "a", "quote": "the whole of the Ithriyah"}]
    case = {"question": QUESTION, "type": "several", "answerable": True, "evidence": [found]}
    none = {"id": "c0", "question": "Who?", "type": "single", "answerable": False}
    path = tmp_path / "questions.jsonl"
    cases = [none, *({"id": f"c{n}", **case} for n in (1, 2))]
    path.write_text("".join(json.dumps(each) + "\n" for each in cases), encoding="utf-8")
    return path


def rows_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_questions_are_asked_three_ways_and_it_goes_on_where_it_was_stopped(
    questions: Path,
    sample_index: Path,
    clean_environment: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = questions.with_name("asked.jsonl")
    arguments = ["ask", str(questions), "--index", str(sample_index), "--out", str(out)]
    with FakeEndpoint() as endpoint:
        monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
        endpoint.script(says("\n".join(PARTS)), says("I cannot do that."))
        assert splitting.main([*arguments, "--most", "1"]) == 0
        assert splitting.main(arguments) == 0
        assert len(endpoint.requests) == 2
    first, second = rows_of(out)
    assert {first["id"], second["id"]} == {"c1", "c2"}
    assert (first["usable"], second["usable"]) == (True, False)
    assert first["model"]["parts"] == PARTS
    assert second["model"]["parts"] == second["rules"]["parts"]
    assert second["model"]["figures"] == second["rules"]["figures"]
    assert first["whole"]["parts"] == [QUESTION]
    assert first["model"]["figures"][0] == 1.0
    assert splitting.main(["report", str(out)]) == 0
    assert "usable replies: 1 of 2" in capsys.readouterr().out


def _row(number: int, rules: float, model: float) -> dict[str, Any]:
    def way(value: float) -> dict[str, Any]:
        return {"parts": ["a", "b"], "figures": [value] * len(splitting.FIGURES), "seconds": 0.1}

    return {
        "id": f"c{number}", "usable": True, "seconds_model": 2.0,
        "whole": way(0.0), "rules": way(rules), "model": way(model),
    }  # fmt: skip


def test_the_difference_is_counted_by_question(tmp_path: Path) -> None:
    rows = [_row(n, 0.5, 1.0) for n in range(3)] + [_row(3, 1.0, 0.0), _row(4, 1.0, 1.0)]
    path = tmp_path / "asked.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    line = next(li for li in splitting.report(path).splitlines() if li.startswith("| Hits@10"))
    assert line.startswith("| Hits@10 | 0.000 | 0.700 | 0.800 | +0.100 (")
    assert line.endswith("| 3, 1 |")


def test_the_interval_is_of_the_mean() -> None:
    low, high = splitting.interval([1.0, 0.0] * 50)
    assert 0.38 < low < 0.45 < 0.55 < high < 0.62

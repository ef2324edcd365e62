"""The sample question set holds its floors, as `assistant evaluate --floors` sees it.

When a change raises the figures, raise the floors with it; to lower one, say why in the commit.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant import sample
from assistant.cli import main
from assistant.evaluation import load_floors

pytest_plugins = ["tests.sample_index"]


def test_the_sample_questions_hold_their_floors(
    sample_index: Path,
    clean_environment: None,
    one_embedder: None,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(
        [
            *("evaluate", str(sample.questions_path()), "--index", str(sample_index)),
            *("--floors", str(sample.floors_path()), "--out", str(tmp_path / "report")),
        ]
    )
    said = capsys.readouterr().err
    assert code == 0, said
    report = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))
    assert report["counts"]["cases"] == 60
    assert report["errors"] == []


def test_what_the_floors_must_cover() -> None:
    floors = load_floors(sample.floors_path())
    assert floors.cases_digest and floors.articles_digest, "tied to what they were measured on"
    for promise in ("verbatim", "statements_cited", "completed"):
        assert floors.floors[promise] == 1
    for figure in ("right", "quotes_gold", "abstained_unanswerable", "hit_rate@10", "all_facts@10"):
        assert 0 < floors.floors[figure] < 1

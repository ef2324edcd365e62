"""The benchmarks of the embedder and of memory still run; no timing is asserted."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from assistant.models.minilm import MiniLMEmbedding
from tests.benchmarks import memory
from tests.benchmarks.embedder import in_turns, main, table
from tests.benchmarks.embedder_cost import OWN, Cost, lines
from tests.benchmarks.embedder_ways import Plan, batches_of
from tests.benchmarks.splitting import FIGURES


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data" / "multihoprag"
    (folder / "articles").mkdir(parents=True)
    bridge = "The bridge over the Maro was closed on Monday after a lorry hit its railing. "
    for name in ("one", "two"):
        (folder / "articles" / f"{name}.md").write_text(
            f"---\ntitle: {name}\n---\n\n{bridge * 3}\n"
        )
    case = {
        "id": "q1",
        "question": "Why was the bridge over the Maro closed?",
        "type": "single",
        "answerable": True,
        "answers": [["lorry"]],
        "evidence": [[{"article_id": "one", "quote": bridge.strip()}]],
    }
    (folder / "questions.dev.jsonl").write_text(json.dumps(case))
    return tmp_path / "data"


def test_ways_are_compared_and_their_cost_is_told(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "embedder.json"
    options = ["--ways", "cut at 192", "--rounds", "1", "--sets", "multihoprag"]
    assert main([str(data), *options, "--out", str(out)]) == 0
    report = json.loads(out.read_text())
    assert [speed["name"] for speed in report["speed"]][1:] == ["cut at 192 tokens"]
    assert [speed["least"] for speed in report["question"]] == pytest.approx([1, 1], abs=1e-4)
    found = {(row["way"], row["search"]): row["figures"][0] for row in report["cost"]}
    assert found == {
        (way, search): 1.0
        for way in (OWN, "cut at 192 tokens")
        for search in ("the embedder alone", "with the words")
    }
    assert (
        "| multihoprag (1) | with the words | cut at 192 tokens | 100.0 (+0.0) |"
        in capsys.readouterr().out
    )


def test_what_cannot_be_loaded_is_named(
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    options = ["--only", "speed", "--ways", "OpenVINO as set", "--rounds", "1"]
    assert main([str(data), *options, "--out", str(tmp_path / "out.json")]) == 0
    assert "left out: OpenVINO as set" in capsys.readouterr().out


def test_a_plan_embeds_as_the_product_does(embedder: MiniLMEmbedding) -> None:
    texts = ["Rain.", "The army took the hill on Monday. " * 9, "Who holds the road?"]
    assert np.allclose(Plan(tokens=64).open()(texts), embedder.embed(texts), atol=1e-5)
    assert list(batches_of([10, 10, 10], 20)) == [[0, 1], [2]]


def test_ratios_are_to_the_first_way() -> None:
    def unit(texts: list[str]) -> np.ndarray:
        return np.ones((len(texts), 1), dtype=np.float32)

    def turned(texts: list[str]) -> np.ndarray:
        return -unit(texts)

    one, other = in_turns({"one": unit, "other": turned}, ["a", "b"], 2)
    assert (one.faster, one.mean, other.least) == (1.0, 1.0, -1.0)
    assert table([one], "passages").splitlines()[-1].startswith("| one | ")


def test_costs_are_told_as_differences() -> None:
    rows = [
        Cost("news", way, "all", 9, [f] * len(FIGURES), 1.0) for way, f in ((OWN, 0.5), ("w", 0.49))
    ]
    assert lines(rows).splitlines()[-1].startswith("| news (9) | all | w | 49.0 (-1.0) |")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_is_watched(data: Path, tmp_path: Path) -> None:
    figures = memory.measure(data, tmp_path / "scratch", 3, "zip", "drawn")
    values = {figure.name: figure.value for figure in figures}
    assert values["first run: added"] == 3
    assert values["nothing new: added"] == 0
    assert values["first run: the process"] > values["first run: of it no file's"] > 1
    assert values["first run: its reader"] > 1


def test_articles_are_made_in_each_form(data: Path, tmp_path: Path) -> None:
    source = data / "multihoprag" / "articles"
    for form in memory.FORMS:
        (tmp_path / form).mkdir()
        memory.write_articles(source, tmp_path / form, 4, form)
    lines = (tmp_path / "jsonl" / "all.jsonl").read_text().splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert len(set(texts)) == 4
    with zipfile.ZipFile(tmp_path / "zip" / "all.zip") as archive:
        assert [archive.read(name).decode() for name in archive.namelist()] == texts
    files = sorted((tmp_path / "folder").rglob("*.txt"))
    assert [file.read_text() for file in files] == texts

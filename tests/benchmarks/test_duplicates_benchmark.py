"""The measure of duplicates, on three articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import duplicates
from tests.newsroom import MARKET, write_article

STORY = " ".join(f"word{number}" for number in range(60))


def test_pairs_are_counted_and_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    news = tmp_path / "mini" / "articles"
    write_article(news, "a.md", STORY, id="a", source="Herald")
    write_article(news, "b.md", f"{STORY} {' '.join('0' * 20)}", id="b", source="Post")
    write_article(news, "c.md", MARKET, id="c", source="Post")
    judged = tmp_path / "judged.jsonl"
    row = {"set": "mini", "articles": ["a", "b"], "one_report": True}
    judged.write_text(f"{json.dumps(row)}\n", encoding="utf-8")
    monkeypatch.setattr(duplicates, "JUDGED", judged)
    monkeypatch.setattr(duplicates, "THRESHOLDS", (0.5, 0.6))
    assert duplicates.main([str(tmp_path / "mini"), "--passages", "100"]) == 0
    told = capsys.readouterr().out
    assert "| mini | 0.95 | 1 | 0 | 1 |" in told
    assert "mini: 3 articles, 1 pairs compared, 1 links \n(1 reprint)" in told
    assert "fingerprints of 100 passages" in told


def test_the_pairs_that_were_read_are_told_apart_once() -> None:
    rows = [json.loads(line) for line in duplicates.JUDGED.read_text().splitlines()]
    pairs = [tuple(sorted(row["articles"])) for row in rows]
    assert len(set(pairs)) == len(pairs) >= 60
    assert {duplicates.half_of(pair) for pair in pairs} == {"chosen on", "read after"}

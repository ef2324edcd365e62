"""The gate's figures on judged rows whose shares are known, with a server that replies as told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import gate


def _row(number: int, answerable: bool, confidence: float, right: list[bool]) -> dict[str, Any]:
    return {
        "set": "a", "id": f"c{number}", "question": f"Question {number}?",
        "answerable": answerable, "confidence": confidence,
        "sentences": ["T (2020-01-01): It rained.", "T (2020-01-01): Lund won."], "right": right,
    }  # fmt: skip


class _Server:
    """Replies in turn, and keeps what it was asked."""

    def __init__(self, *replies: str) -> None:
        self.replies = list(replies)
        self.asked: list[dict[str, Any]] = []

    def handle_chat_completions(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        return {"choices": [{"message": {"content": self.replies.pop(0)}}]}


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    rows = [
        _row(1, True, 0.9, [False, True]),
        _row(2, True, 0.2, [True, False]),
        _row(3, False, 0.7, [False, False]),
        _row(4, False, 0.1, [False, False]),
    ]
    path = tmp_path / "asked.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_gate_is_set_beside_the_confidence(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = _Server("[2]", "[0]", "[0]", "[1]")
    monkeypatch.setattr(gate, "_server", lambda _: server)
    judged = asked.with_name("judged.jsonl")
    gate.judge(asked, judged)
    assert "[2] T (2020-01-01): Lund won." in server.asked[0]["messages"][1]["content"]
    assert server.asked[0]["grammar"] == 'root ::= "[" [0-4] "]"'
    row = next(line for line in gate.report(judged).splitlines() if line.startswith("| a |"))
    # answerable: one passes either way; none: each refuses another; its choice is right once.
    assert row == "| a | 2 / 2 | 0.50, 0.50 | 0.50, 0.50 | 0.50, 1.00 | 0.50 / 0.50 |"


def test_it_goes_on_where_it_was_stopped(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged = asked.with_name("judged.jsonl")
    monkeypatch.setattr(gate, "_server", lambda _: _Server("[1]", "[1]"))
    with pytest.raises(IndexError):  # the server has no third reply
        gate.judge(asked, judged)
    server = _Server("[2]", "[2]")
    monkeypatch.setattr(gate, "_server", lambda _: server)
    gate.judge(asked, judged)
    rows = [json.loads(line) for line in judged.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["c1", "c2", "c3", "c4"]
    assert [row["chosen"] for row in rows] == [1, 1, 2, 2]

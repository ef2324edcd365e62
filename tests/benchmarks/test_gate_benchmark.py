"""The gate's figures on judged rows whose shares are known, with a server that replies as told."""

from __future__ import annotations

import json
from math import log
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
    monkeypatch.setattr(gate, "_WAYS", {"told": gate._WAYS["told"]})
    server = _Server("[2]", "[0]", "[0]", "[1]")
    monkeypatch.setattr(gate, "_server", lambda _: server)
    judged = asked.with_name("judged.jsonl")
    gate.judge(asked, judged)
    assert "[2] T (2020-01-01): Lund won." in server.asked[0]["messages"][1]["content"]
    assert server.asked[0]["grammar"] == 'root ::= "[" [0-4] "]"'
    row = next(line for line in gate.report(judged).splitlines() if line.startswith("| a |"))
    # answerable: one passes either way; none: each refuses another; its choice is right once.
    assert row == "| a | 2 / 2 | 0.50, 0.50, 0.75 | 0.50, 0.50, 0.50 | 0.50, 1.00 | 0.50 / 0.50 |"


def test_each_way_of_asking_shows_every_sentence(
    asked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = _Server("[2]", "1", "0", *["[1]", "1", "1"] * 3)
    monkeypatch.setattr(gate, "_server", lambda _: server)
    judged = asked.with_name("judged.jsonl")
    gate.judge(asked, judged)
    for request in server.asked[:3]:
        shown = request["messages"][-1]["content"]
        assert "Lund won." in shown and "Question 1?" in shown
    first = json.loads(judged.read_text(encoding="utf-8").splitlines()[0])
    assert {way: got["chosen"] for way, got in first["judged"].items()} == {
        "told": 2, "bare": 1, "question first": 0,
    }  # fmt: skip


def test_how_sure_it_is_of_none_is_read_from_the_digits_alone() -> None:
    tops = [{"token": "0", "logprob": log(0.3)}, {"token": "2", "logprob": log(0.1)}]
    digit = {"token": "2", "top_logprobs": [*tops, {"token": "The", "logprob": log(0.6)}]}
    bracket = {"token": "[", "top_logprobs": [{"token": "[", "logprob": 0.0}]}
    assert gate._none({"content": [bracket, digit]}) == 0.75
    assert gate._none(None) is None


def test_it_goes_on_where_it_was_stopped(asked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_WAYS", {"told": gate._WAYS["told"]})
    judged = asked.with_name("judged.jsonl")
    monkeypatch.setattr(gate, "_server", lambda _: _Server("[1]", "[1]"))
    with pytest.raises(IndexError):  # the server has no third reply
        gate.judge(asked, judged)
    server = _Server("[2]", "[2]")
    monkeypatch.setattr(gate, "_server", lambda _: server)
    gate.judge(asked, judged)
    rows = [json.loads(line) for line in judged.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["c1", "c2", "c3", "c4"]
    assert [row["judged"]["told"]["chosen"] for row in rows] == [1, 1, 2, 2]

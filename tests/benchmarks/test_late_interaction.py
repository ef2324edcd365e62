"""The benchmark of late interaction measures what it says; nothing is asserted of its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.models.minilm import MiniLMEmbedding
from tests.benchmarks.late_interaction import MaxSim, main

pytest_plugins = ["tests.sample_index"]


def test_maxsim_is_the_mean_of_the_closest_tokens(embedder: MiniLMEmbedding) -> None:
    maxsim = MaxSim(embedder)
    question = "who holds the old road"
    near, far, filler = "The army holds the old road.", "Bread costs more.", "word " * 200
    scores = maxsim.answers(question, [(question, ""), (near, ""), (far, ""), (filler, "")])
    assert scores[0] == pytest.approx(1.0, abs=1e-3)
    assert scores[0] > scores[1] > scores[2]
    alone = MaxSim(embedder).answers(question, [(near, "")])
    assert alone[0] == pytest.approx(scores[1], abs=1e-4), "whatever it is scored beside"
    maxsim.answers(question, [(near, "")])
    assert len(maxsim.spent) == 1, "what is known is not computed again"


def test_it_runs(
    sample_index: Path, clean_environment: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["nowhere", f"sample={sample_index}", "--most", "1"]) == 0
    said = capsys.readouterr().out
    assert "sample, 1 questions" in said
    assert "MaxSim alone" in said
    assert "ms of processor time a clause" in said

"""Every example that the sample library offers is answered."""

from __future__ import annotations

import pytest

from assistant import sample
from assistant.pipeline import Assistant

pytest_plugins = ["tests.sample_index"]


@pytest.mark.parametrize("question", sample.EXAMPLES)
def test_an_example_is_answered(assistant: Assistant, question: str) -> None:
    answer = assistant.ask(question)
    assert not answer.abstained, answer.abstention_reason
    assert answer.citations

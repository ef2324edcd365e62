"""The examples in the docstrings of the answering room hold."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = (
    "confidence",
    "corroboration",
    "events",
    "figures",
    "frames",
    "hedges",
    "names",
    "polarity",
    "refusal",
    "roles",
    "sides",
    "status",
    "tense",
    "timeline",
    "verbs",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = import_module(f"assistant.answering.{name}")
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted

"""The examples in the articles room's docstrings are true."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from assistant.articles import files, mapping
from assistant.articles.kinds import sensible


@pytest.mark.parametrize("module", [files, mapping, sensible])
def test_examples_are_true(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted
    assert not result.failed

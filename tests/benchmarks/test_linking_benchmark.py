"""The benchmark of likely copies runs and says what it measured."""

from __future__ import annotations

import pytest

from tests.benchmarks import linking


def test_it_says_what_it_measured(capsys: pytest.CaptureFixture[str]) -> None:
    assert linking.main(["--articles", "50", "--shared", "20"]) == 0
    assert "50 articles, a shared fingerprint in about 20: " in capsys.readouterr().out

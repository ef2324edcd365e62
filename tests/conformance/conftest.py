"""Every test here that asks for `stores` or `library` runs once for each combination of engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.library import Library
from assistant.models import EmbedderInfo
from tests.stores import COMBINATIONS, Stores


@pytest.fixture(params=COMBINATIONS)
def stores(request: pytest.FixtureRequest) -> Stores:
    """The engines of one combination, started when they are first asked for."""
    needed = COMBINATIONS[request.param]
    return Stores(**{each: request.getfixturevalue(f"{each}_url") for each in needed})


@pytest.fixture
def library(stores: Stores, tmp_path: Path, minilm: EmbedderInfo) -> Iterator[Library]:
    """An empty library whose folder is `tmp_path / "index"`."""
    library = stores.create(tmp_path / "index", minilm)
    yield library
    library.close()

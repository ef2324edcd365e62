"""Fixtures over the sample library: indexed once a run, copied for each test that changes it.

pytest_plugins = ["tests.sample_index"]
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from assistant import sample
from assistant.models.minilm import MiniLMEmbedding
from assistant.pipeline import Assistant
from assistant.settings import load_settings

# What SQLite deletes when the last who opened it is done.
_PASSING = shutil.ignore_patterns("*-wal", "*-shm")


@pytest.fixture
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting comes from the shell that runs the tests."""
    for name in os.environ:
        if name.startswith(("DATELINE_", "OPENAI_")) or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)


@pytest.fixture
def one_embedder(embedder: MiniLMEmbedding, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every Assistant of a test uses the one real embedder: loading it takes a second."""
    monkeypatch.setattr("assistant.pipeline.models.load_embedder", lambda settings: embedder)


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """An index of the sample library that the whole run shares: read it, never write to it."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    folder = shared / "sample-index"
    with FileLock(shared / "sample-index.lock"):
        if not (shared / "sample-index.done").exists():
            with Assistant.open(folder, load_settings(), create=True) as assistant:
                report = assistant.index([sample.articles_path()])
            assert report.added and not report.quarantined
            (shared / "sample-index.done").touch()
    return folder


@pytest.fixture
def own_index(sample_index: Path, tmp_path: Path) -> Path:
    """A copy of the sample index that a test may change."""
    return Path(shutil.copytree(sample_index, tmp_path / "index", ignore=_PASSING))


@pytest.fixture
def assistant(
    sample_index: Path, clean_environment: None, one_embedder: None
) -> Iterator[Assistant]:
    """The sample library, open for reading."""
    with Assistant.open(sample_index) as assistant:
        yield assistant

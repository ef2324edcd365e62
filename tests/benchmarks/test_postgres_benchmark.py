"""The benchmark of a catalogue on PostgreSQL runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.indexing import index_paths
from assistant.library import Library
from assistant.models import EmbedderInfo
from tests.benchmarks.postgres import measure
from tests.newsroom import DAM, ROAD, hash_embed, write_article


def test_it_measures_each_step(
    tmp_path: Path, minilm: EmbedderInfo, catalogue_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, text in (("dam", DAM), ("road", ROAD)):
        write_article(tmp_path / "news", f"{name}.md", text)
    library = Library.create(tmp_path / "index", minilm)
    index_paths(library, hash_embed, [tmp_path / "news"])
    library.close()
    (tmp_path / "work").mkdir()
    measure(tmp_path / "index", tmp_path / "work", catalogue_url)
    lines = capsys.readouterr().out.splitlines()
    assert "2 2 articles, passages" in lines
    assert len(lines) == 9

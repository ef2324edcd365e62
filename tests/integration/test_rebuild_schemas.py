"""Indexes that earlier Datelines wrote: one for each schema (`tests/fixtures/indexes/make.py`)."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import cli
from assistant.errors import IndexMismatchError
from assistant.library import Library, rebuild
from assistant.library.opening import INDEX_SCHEMA
from assistant.models import EmbedderInfo
from assistant.pipeline import Assistant
from tests.newsroom import assert_in_step

FIXTURES = Path(__file__).parents[1] / "fixtures" / "indexes"
SCHEMAS = range(1, INDEX_SCHEMA + 1)
OLDER = range(1, INDEX_SCHEMA)


def nothing(texts: list[str]) -> NDArray[np.float32]:
    raise AssertionError(f"embedded again: {texts}")


@pytest.fixture
def unpacked(tmp_path: Path) -> Callable[[int], Path]:
    """Unpacks the index of a schema."""

    def one(schema: int) -> Path:
        with tarfile.open(FIXTURES / f"schema-{schema}.tar.gz") as packed:
            packed.extractall(tmp_path / "index", filter="data")
        return tmp_path / "index"

    return one


@pytest.mark.parametrize("schema", OLDER)
def test_an_older_one_is_refused_with_what_to_do(
    unpacked: Callable[[int], Path], minilm: EmbedderInfo, schema: int
) -> None:
    folder = unpacked(schema)
    for opener in (Library.open, Library.create):
        with pytest.raises(IndexMismatchError) as raised:
            opener(folder, minilm)
        assert f"has schema version '{schema}', this Dateline uses '{INDEX_SCHEMA}'" in str(
            raised.value
        )
        assert str(raised.value).endswith(f"with: assistant index --rebuild --index {folder}")


def test_the_present_one_opens(unpacked: Callable[[int], Path], minilm: EmbedderInfo) -> None:
    library = Library.open(unpacked(INDEX_SCHEMA), minilm)
    assert_in_step(library)
    library.close()


@pytest.mark.parametrize("schema", SCHEMAS)
def test_a_rebuild_keeps_articles_revisions_and_files(
    unpacked: Callable[[int], Path], minilm: EmbedderInfo, schema: int
) -> None:
    """And embeds nothing again: the passages of these articles are as they were."""
    folder = unpacked(schema)
    assert rebuild(folder, minilm, nothing).articles == 3
    library = Library.open(folder, minilm)
    assert_in_step(library)
    assert sorted(library.held.owners().values()) == [
        "/news/basalt-rusafah-road-held.md",
        "/news/kestrel-belkorra-market-blast.md",
        "/news/orontes-road-taken.md",
    ]
    assert len(library.held.all_states()) == 4
    assert {state.root for state in library.held.all_states().values()} == {"/news"}
    catalogue = library.catalogue
    changed = catalogue.article("orontes-road-taken")
    before = catalogue.article("orontes-road-taken", "0724c6960114df5b")
    assert "open again on Friday" in changed.text
    assert "open again on Friday" not in before.text
    assert catalogue.article("deminers-dogs-feature", "13f7dcfb0fb292cc").text
    assert changed.source == "Orontes Dispatch"
    library.close()


@pytest.mark.parametrize("schema", OLDER)
def test_from_the_message_to_an_answer(
    unpacked: Callable[[int], Path], schema: int, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(unpacked(schema))
    assert cli.main(["ask", "Who took the road?", "--index", folder]) == 1
    command = capsys.readouterr().err.partition("with: assistant ")[2].split()
    assert cli.main(command) == 0
    with Assistant.open(folder) as assistant:
        answer = assistant.ask("What happened at the market in Belkorra?")
    assert {c.article_id for c in answer.citations} == {"kestrel-belkorra-market-blast"}

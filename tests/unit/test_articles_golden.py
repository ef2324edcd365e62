"""Every sample file in tests/data/articles, cleaned, is what its golden file says.

To write the golden files anew after a change that is meant: UPDATE_GOLDEN=1 pytest (and read the
difference, and raise CLEANER_VERSION).
"""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path

import pytest

from assistant.articles import SourceFile, find_files, read_articles
from assistant.types import Article, Quarantined

SAMPLES = Path(__file__).parents[1] / "data" / "articles"
FILES = [file for file in find_files([SAMPLES]) if file.path.suffix != ".golden"]


def render(item: Article | Quarantined) -> str:
    if isinstance(item, Quarantined):
        return f"quarantined: {Path(item.path).name}: {item.reason}\n"
    fields = [f.name for f in dataclasses.fields(item) if f.name not in {"text", "cleaner_version"}]
    head = "".join(f"{name}: {getattr(item, name)}\n" for name in fields if getattr(item, name))
    return f"{head}\n{item.text}\n"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.path.name)
def test_sample_is_cleaned_as_its_golden_file_says(file: SourceFile) -> None:
    cleaned = "\n========\n".join(render(item) for item in read_articles(file))
    golden = file.path.with_name(file.path.name + ".golden")
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(cleaned, encoding="utf-8")
    assert cleaned == golden.read_text(encoding="utf-8")


def test_there_is_a_sample_of_every_kind() -> None:
    assert {file.path.suffix for file in FILES} == {".md", ".txt", ".html", ".jsonl"}

"""What holds for any text and any bytes."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.articles import SourceFile, clean_text, read_articles
from assistant.articles.text import one_line, tidy
from assistant.types import Article, Quarantined

# Words that rules look for, so that generated texts run into them.
PIECES = st.sampled_from(
    [
        "Disclaimer:", "Copyright © 2017 X", "Follow us on Twitter", "Advertisement", "\n", "\n\n",
        "  \n", "By Ann Lee", "24 June 2017", "Region: North", "---", "title: x", "# Head", "*a*",
        "[a](#)", "![i](j)", "<b>", "<p>", "</p>", "<!--", "<script>", "```", "&nbsp;", "&#8203;",
        "> q", "- item", "1. item", "| a | b |\n|---|---|\n", "permission liability copyright",
        "\u200b", "\u202e", "\u00a0", "e\u0301", "\ud800", "\x00", "\x92", "\u0628\u200c", "\r",
        "\u2028", "Reuters", "LONDON, Jan 3, 2017 (Reuters) - ", "03/04/2017", "99999999999", "_",
        "Reporting by Ann Lee", ". Editing by Al Ray", "(Writing by",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=20), max_size=30).map(" ".join) | st.text()
ENDINGS = [".md", ".txt", ".html", ".jsonl", ".pdf", ""]


@given(TEXTS)
@example("Disclaimer:\n\nNo permission, no liability, no copyright.\n\nThe bridge is shut.")
@example("Follow us\u200b on Twitter")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once


@given(TEXTS)
def test_cleaned_text_has_only_its_paragraphs(text: str) -> None:
    cleaned = clean_text(text)
    assert cleaned == unicodedata.normalize("NFC", cleaned)
    for paragraph in cleaned.split("\n\n") if cleaned else []:
        assert paragraph == " ".join(paragraph.split()) != ""
        assert not {unicodedata.category(c) for c in paragraph} & {"Cc", "Cs"}
        assert not set(paragraph) & set("\u200b\u202d\u202e\u2066\ufeff\u00a0\u00ad")


@given(TEXTS)
def test_fields_are_one_line(text: str) -> None:
    assert one_line(text) == one_line(one_line(text)) == " ".join(tidy(text).split())


@given(st.lists(st.from_regex(r"[A-Za-z]{1,9}[.,]?", fullmatch=True), min_size=60, max_size=90))
def test_plain_prose_keeps_its_words(words: list[str]) -> None:
    assert clean_text(" ".join(words)).split() == words


@pytest.mark.parametrize("ending", ENDINGS)
@given(data=st.binary(max_size=400) | TEXTS.map(lambda text: text.encode("utf-8", "replace")))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_make_the_reader_raise(tmp_path: Path, ending: str, data: bytes) -> None:
    path = tmp_path / f"file{ending}"
    path.write_bytes(data)
    check(list(read_articles(SourceFile(path, tmp_path))))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(["id", "title", "text", "body", "date", "tags", "author", "source", "url"])


@given(st.lists(st.dictionaries(NAMES | st.text(), VALUES, max_size=6) | VALUES, max_size=4))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_makes_the_reader_raise(tmp_path: Path, records: list[object]) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    check(list(read_articles(SourceFile(path, tmp_path))))


@given(st.lists(st.tuples(NAMES, TEXTS | st.integers()), max_size=5), TEXTS)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_front_matter_makes_the_reader_raise(
    tmp_path: Path, fields: list[tuple[str, object]], body: str
) -> None:
    path = tmp_path / "file.md"
    head = "".join(f"{name}: {value}\n" for name, value in fields)
    path.write_bytes(f"---\n{head}---\n{body}".encode("utf-8", "replace"))
    check(list(read_articles(SourceFile(path, tmp_path))))


def check(items: list[Article | Quarantined]) -> None:
    """Each item is an article with text, or has one line of reason."""
    assert items
    for item in items:
        if isinstance(item, Quarantined):
            assert item.reason
            assert "\n" not in item.reason
        else:
            assert isinstance(item, Article)
            assert item.id
            assert any(c.isalnum() for c in item.text)
            item.text.encode("utf-8")
            repr(item).encode("utf-8")

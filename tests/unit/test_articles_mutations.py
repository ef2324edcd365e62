"""What holds for any bytes of any kind: each is read or refused with a reason, and none raises."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.articles.content import Content
from assistant.articles.readers import read_content
from assistant.types import Article, Quarantined
from tests.unit.article_makers import (
    ATOM,
    CSV,
    JSON,
    PAGE,
    RSS,
    TEXT,
    mail,
    mailbox,
    pdf,
    saved_page,
    tarred,
    word,
    zipped,
)

FILES: dict[str, Callable[[], bytes]] = {
    ".pdf": lambda: pdf(["# Bridge shut", TEXT[:80]], [TEXT[80:]], head="Page {}"),
    ".docx": lambda: word("# Bridge shut", TEXT, table=[["a", "b"]]),
    ".eml": lambda: mail(f"<p>{TEXT}</p>", TEXT, Subject="Brücke zu").as_bytes(),
    ".mbox": lambda: mailbox(mail(), mail("", TEXT)),
    ".mht": saved_page,
    ".rss": RSS.encode,
    ".atom": ATOM.encode,
    ".json": JSON.encode,
    ".jsonl": lambda: b'{"text": "Good."}\n' * 3,
    ".csv": CSV.encode,
    ".html": PAGE.encode,
    ".zip": lambda: zipped({"a.md": TEXT, "in/b.json": JSON}),
    ".tar": lambda: tarred({"a.md": TEXT, "in/b.json": JSON}),
    ".tar.gz": lambda: tarred({"a.md": TEXT}, "w:gz"),
    ".tar.bz2": lambda: tarred({"a.md": TEXT}, "w:bz2"),
    ".tar.xz": lambda: tarred({"a.md": TEXT}, "w:xz"),
}
# Where (in thousandths of the file), how many bytes go, and what comes in their place.
CHANGES = st.lists(
    st.tuples(st.integers(0, 999), st.sampled_from([0, 1, 1, 4, 200]), st.binary(max_size=6)),
    max_size=6,
)


@cache
def made(ending: str) -> bytes:
    return FILES[ending]()


def changed(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, gone, come in changes:
        at = len(data) * place // 1000
        data = data[:at] + come + data[at + gone :]
    return data


@pytest.mark.parametrize("ending", FILES)
@given(changes=CHANGES, kept=st.integers(1, 1000))
@settings(max_examples=40, deadline=None)
def test_no_change_of_a_file_makes_the_reader_raise(
    ending: str, changes: list[tuple[int, int, bytes]], kept: int
) -> None:
    whole = changed(made(ending), changes)
    for data in (whole, whole[: len(whole) * kept // 1000]):
        items = list(read_content(Content(f"x{ending}", "x", ending, io.BytesIO(data))))
        assert items
        for item in items:
            if isinstance(item, Quarantined):
                assert item.reason
                assert "\n" not in item.reason
            else:
                assert isinstance(item, Article)
                assert item.id
                assert any(c.isalnum() for c in item.text)
                repr(item).encode("utf-8")


@pytest.mark.parametrize("ending", FILES)
def test_unchanged_they_are_articles(ending: str) -> None:
    content = Content(f"x{ending}", "x", ending, io.BytesIO(made(ending)))
    assert {type(item) for item in read_content(content)} == {Article}


@pytest.mark.parametrize("ending", FILES)
@given(data=st.binary(max_size=300))
@settings(max_examples=15, deadline=None)
def test_no_bytes_make_it_raise(ending: str, data: bytes) -> None:
    content = Content(f"x{ending}", "x", ending, io.BytesIO(made(ending)[:8] + data))
    assert list(read_content(content))

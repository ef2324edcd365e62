"""Which files are found, and which are quarantined with what reason."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.articles import (
    CLEANER_VERSION,
    SourceFile,
    files,
    find_files,
    read_articles,
    readers,
)
from assistant.articles.content import Content
from assistant.articles.kinds import jsonlines
from assistant.errors import ArticleError, UsageError
from assistant.types import Article, Quarantined

TEXT = "The bridge over the Teyn was shut on Monday, the county said."


def write(folder: Path, name: str, content: str | bytes = TEXT) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def read_one(path: Path, root: Path | None = None) -> Article | Quarantined:
    (item,) = read_articles(SourceFile(path, root or path.parent))
    return item


def reason(path: Path, root: Path | None = None) -> str:
    item = read_one(path, root)
    assert isinstance(item, Quarantined)
    return item.reason


def test_folders_are_searched_in_order_and_hidden_files_skipped(tmp_path: Path) -> None:
    for name in ["b.md", "a.txt", "sub/c.html", ".hidden.md", ".git/d.md", "Thumbs.db", "pic.png"]:
        write(tmp_path, name)
    found = find_files([tmp_path])
    assert [f.path.relative_to(tmp_path).as_posix() for f in found] == [
        "a.txt",
        "b.md",
        "pic.png",
        "sub/c.html",
    ]
    assert {f.root for f in found} == {tmp_path.resolve()}


def test_a_file_is_listed_once_and_belongs_to_the_first_root(tmp_path: Path) -> None:
    inner = write(tmp_path, "sub/c.md")
    found = find_files([tmp_path, inner.parent, inner])
    assert [(f.path, f.root) for f in found] == [(inner, tmp_path)]
    (alone,) = find_files([inner])
    assert alone.root == inner.parent


def test_a_relative_folder_is_the_same_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.md")
    monkeypatch.chdir(tmp_path)
    assert find_files([Path()]) == find_files([tmp_path])


@pytest.mark.parametrize("name", ["missing", "missing/a.md", "a\0b"])
def test_a_path_that_does_not_exist_is_wrong_usage(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no such file or folder") as error:
        find_files([tmp_path / name])
    assert "\n" not in str(error.value)


def test_a_pipe_is_wrong_usage_when_named_and_skipped_in_a_folder(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with pytest.raises(UsageError, match="neither a file nor a folder"):
        find_files([tmp_path / "pipe.md"])
    assert find_files([tmp_path]) == []


def test_links_do_not_lead_out_of_the_root(tmp_path: Path) -> None:
    outside = write(tmp_path, "outside/secret.md")
    root = tmp_path / "root"
    inside = write(root, "z.md")
    (root / "a-link.md").symlink_to(inside)
    (root / "out.md").symlink_to(outside)
    (root / "folder").symlink_to(outside.parent)
    (root / "dead.md").symlink_to(root / "nothing.md")
    (root / "circle.md").symlink_to(root / "circle.md")
    found = {f.path.name: next(read_articles(f)) for f in find_files([root])}
    assert isinstance(found.pop("z.md"), Article)  # and its link is no second article
    reasons = {name: item.reason for name, item in found.items() if isinstance(item, Quarantined)}
    assert reasons.pop("circle.md")
    assert reasons == {
        "out.md": "is a link out of the indexed folder, which is not followed",
        "folder": "is a link out of the indexed folder, which is not followed",
        "dead.md": "cannot be read: No such file or directory",
    }


def test_a_link_to_a_folder_inside_is_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "sub/a.md")
    (tmp_path / "again").symlink_to(tmp_path / "sub")
    assert reason(tmp_path / "again", tmp_path) == "is a link to a folder, which is not followed"


def test_a_folder_that_cannot_be_listed_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir()
    write(tmp_path, "a.md")
    scandir = os.scandir

    def refuse(path: str) -> Iterator[os.DirEntry[str]]:
        if Path(path) == locked:
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = find_files([tmp_path])
    assert [f.path for f in found] == [tmp_path / "a.md", locked]
    assert reason(locked, tmp_path) == "cannot be listed"


def test_ids_come_from_the_path_below_the_root(tmp_path: Path) -> None:
    path = write(tmp_path, "2017/june/palmyra.v2.md")
    article = read_one(path, tmp_path)
    assert isinstance(article, Article)
    assert article.id == "2017/june/palmyra.v2"
    assert article.cleaner_version == CLEANER_VERSION


def test_file_names_that_are_not_text_are_readable(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9.md")
    path.write_text(TEXT)
    article = read_one(path)
    assert isinstance(article, Article)
    assert article.id == "caf\ufffd"
    path = write(tmp_path, "\u200b.md")
    article = read_one(path)
    assert isinstance(article, Article)
    assert article.id == "%E2%80%8B"


@pytest.mark.parametrize("name", ["a.doc", "a.png", "a.py", "README"])
def test_unknown_kinds_are_quarantined(tmp_path: Path, name: str) -> None:
    assert reason(write(tmp_path, name)).startswith("is not a kind of file Dateline reads")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "has no text"),
        (b"\xef\xbb\xbf", "has no text"),
        (b"---\ntitle: x\n---\n", "has no text"),
        (b"Follow us on Twitter\n\nAdvertisement\n", "has no text but page furniture"),
        (
            b"PK\x03\x04\x00\x00" * 30,
            "is a zip archive or an Office document, whatever its name says",
        ),
        (bytes(range(1, 32)) * 20, "is binary, not text"),
        (TEXT.encode() + "é".encode()[:1], "is truncated: it ends in the middle of a character"),
        ("é è ü ö".encode() + b" \xff " + TEXT.encode(), "is damaged: not UTF-8 at byte 12"),
    ],
)
def test_bad_files_are_quarantined(tmp_path: Path, content: bytes, why: str) -> None:
    assert reason(write(tmp_path, "a.md", content)) == why


def test_a_damaged_utf16_file_is_quarantined(tmp_path: Path) -> None:
    data = ("\ufeff" + TEXT).encode("utf-16-le") + b"\x00"
    assert reason(write(tmp_path, "a.txt", data)).startswith("is damaged: not utf-16 at byte")


def test_large_files_are_quarantined_unread(tmp_path: Path) -> None:
    for name, size in [("a.md", 200_000_000), ("a.html", 20_000_001), ("a.jsonl", 2_000_000_001)]:
        path = tmp_path / name
        with path.open("wb") as stream:
            stream.truncate(size)  # a file of holes: reading it would find a NUL
        assert reason(path).startswith(f"has {size:,} bytes, more than the 2")


def test_a_file_that_grows_while_it_is_read_is_not_read_on() -> None:
    content = Content("a.txt", "a", ".txt", io.BytesIO(TEXT.encode() * 3))
    with pytest.raises(ArticleError, match="has more than the 100 bytes that are read"):
        content.read(100)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_quarantined_as_a_user(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md")
    path.chmod(0)
    assert reason(path) == "cannot be read: Permission denied"


def test_a_file_without_permission_is_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, "a.md")

    def refuse(*args: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(readers, "WatchedFile", refuse)
    assert reason(path) == "cannot be read: Permission denied"


def test_a_file_of_questions_is_quarantined_as_a_whole(tmp_path: Path) -> None:
    line = '{"id": "q", "question": "Who?", "answerable": false, "text": ""}\n'
    path = write(tmp_path, "questions.jsonl", line * 3)
    assert reason(path) == "is a question file; use `assistant evaluate`"
    mixed = write(tmp_path, "mixed.jsonl", '{"text": "The bridge is shut."}\n' + line)
    article, quarantined = read_articles(SourceFile(mixed, tmp_path))
    assert isinstance(article, Article)
    assert quarantined == Quarantined(f"{mixed}:2", "is a question, not an article")


def test_lines_that_are_no_articles_are_told_in_one(tmp_path: Path) -> None:
    path = write(tmp_path, "log.jsonl", '{"level": "info"}\n' * 50)
    assert reason(path) == (
        'none of its 50 lines is an article; the first: has no text (in "text" or "body")'
    )
    assert reason(write(tmp_path, "blank.jsonl", "\n\n")) == "has no text"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("[" * 100_000, "is nested too deep"),
        ('{"text": "a", "n": ' + "9" * 5000 + "}", "is not JSON: a number of absurd size"),
        ('{"text": "a", "id": ' + "9" * 50 + "}", 'field "id" holds a number of absurd size'),
        ('{"text": "cut off', "is not JSON: Unterminated string starting at (character 10)"),
        ('{"text": "\x00"}', "is binary, not text"),
        ('{"text": 7}', 'has no text (in "text" or "body")'),
        ("7", "is not a JSON object"),
    ],
)
def test_bad_lines_are_quarantined_by_number_and_the_rest_go_in(
    tmp_path: Path, line: str, why: str
) -> None:
    good = '{"text": "The bridge is shut."}'
    path = write(tmp_path, "a.jsonl", f"{good}\n\n{line}\n{good}\n")
    first, bad, last = read_articles(SourceFile(path, tmp_path))
    assert bad == Quarantined(f"{path}:3", why)
    assert [first.id, last.id] == ["a#1", "a#4"]


def test_a_line_that_is_too_long_is_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonlines, "MOST_BYTES", 60)
    good = '{"text": "The bridge is shut."}'
    path = write(tmp_path, "a.jsonl", f'{good}\n{{"text": "{"x" * 300}"}}\n{good}')
    kinds = [type(item) for item in read_articles(SourceFile(path, tmp_path))]
    assert kinds == [Article, Quarantined, Article]
    assert files.MOST_BYTES == 20_000_000


def test_json_lines_in_utf16_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = '{"text": "Č one."}\n\n{"text": "Ċ two."}\n'
    path = write(tmp_path, "a.jsonl", lines.encode("utf-16"))
    assert [a.text for a in read_articles(SourceFile(path, tmp_path))] == ["Č one.", "Ċ two."]
    monkeypatch.setattr(jsonlines, "MOST_BYTES", 20)
    assert reason(path) == "has more than 20 bytes and is not UTF-8"


def test_a_page_without_an_article_is_quarantined(tmp_path: Path) -> None:
    path = write(tmp_path, "a.html", "<html><body></body></html>")
    assert reason(path) == "no article can be found in the page"

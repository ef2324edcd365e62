"""Names of uploaded files, and which reasons belong to which file."""

from __future__ import annotations

import doctest

import pytest

from assistant.indexing import own_files
from assistant.indexing.own_files import LONGEST_NAME, safe_name


def test_the_examples_hold() -> None:
    assert doctest.testmod(own_files).failed == 0


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("/etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\x00b\n.md", "a b.md"),
        ("<img src=x>.html", "img src=x.html"),
        ("all.tar.gz", "all.tar.gz"),
        ("خفر السواحل.txt", "خفر السواحل.txt"),
        ("half \ud800.md", "half.md"),
        (" .. ", "file"),
    ],
)
def test_a_name_is_safe_and_as_near_as_may_be(name: str, kept: str) -> None:
    assert safe_name(name) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = safe_name("خ" * 400 + ".jsonl.gz")
    assert name.endswith(".gz")
    assert len(name.encode()) <= LONGEST_NAME + len(".gz")


@pytest.mark.parametrize(
    ("path", "rest"), [("/a/b.md", ""), ("/a/b.md#2", "#2"), ("/a/bc.md", "?"), ("/a/b.mdx", "x")]
)
def test_what_a_path_says_beyond_a_file(path: str, rest: str) -> None:
    assert own_files._rest(path, "/a/b.md") == rest

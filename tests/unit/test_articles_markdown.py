"""Markdown to plain text, by a parser; plain prose stays as it is."""

from __future__ import annotations

import pytest

from assistant.articles.blocks import Block, join, plain_blocks
from assistant.articles.build import body_blocks
from assistant.articles.markdown import looks_like_markdown, markdown_blocks, strip_tags


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("# Head\nText", "Head\n\nText"),
        ("Head\n====\nText", "Head\n\nText"),
        ("One [label](https://x.org \"t\") here", "One label here"),
        ("A [label][1].\n\n[1]: https://x.org", "A label."),
        ("An <https://x.org> link", "An https://x.org link"),
        ("*a* **b** ***c*** _d_ __e__", "a b c d e"),
        ("snake_case_name, 2*3*4, f***ing f***ing", "snake_case_name, 2*3*4, f***ing f***ing"),
        ("A note* and another*", "A note* and another*"),
        ("2*. Mbappe\n\n*If necessary", "2*. Mbappe\n\n*If necessary"),
        (r"\*not\* a \[link\]", "*not* a [link]"),
        ("`code *x*` &amp; &lt;b&gt; AT&T &#8212; R&D", "code *x* & <b> AT&T — R&D"),
        ("![alt](x.png)Text ![alt](y.png)", "Text"),
        ("One\n\n---\n\nTwo\n\n***\n\nThree", "One\n\nTwo\n\nThree"),
        ("> quote one\n> goes on\n\n> > deep", "quote one goes on\n\ndeep"),
        ("- one\n- two\n\n  more\n\n1) three\n2) x", "one\n\ntwo\n\nmore\n\n1) three\n\n2) x"),
        ("1986. A great year", "1986. A great year"),
        ("    Indented paragraph\n\nText", "Indented paragraph\n\nText"),
        ("wrapped\nline  \nhard break\\\nmore", "wrapped line hard break more"),
        ("```\ncode *x*\n\n# y\n```\nText", "code *x*\n\n# y\n\nText"),
        ("| a | b |\n|---|---|\n| 1 *x* | 2 |", "a | b\n\n1 x | 2"),
        ("[Update]: fixed", "[Update]: fixed"),
        ("#NYJvsLV on NBC and #2", "#NYJvsLV on NBC and #2"),
        ("<p>One</p><p>Two<br>three &amp; four</p>", "One\n\nTwo three & four"),
        ("A <b onclick='x()'>bold</b> <foo> word", "A bold <foo> word"),
        ("One\n<!-- hidden\n\nstill -->\nTwo", "One\n\nTwo"),
        ("One\n\n<script>\nalert(1)\n\nx\n</script>\n\nTwo", "One\n\nTwo"),
        ("a&nbsp;b&#8203;c\u200dd", "a bcd"),
        ("if a < b and c > d", "if a < b and c > d"),
    ],
)  # fmt: skip
def test_markup_is_rendered(source: str, text: str) -> None:
    assert join(markdown_blocks(source)) == text


def test_breaks_and_headings_are_kept_apart() -> None:
    assert markdown_blocks("## A *b*\n\nc\nd  \ne") == [Block(("A b",), 2), Block(("c\nd", "e"))]


@pytest.mark.parametrize(
    "text",
    [
        "He paid 5*3 marks; the *footnote has one star, snake_case_ two.",
        "#1 was the hashtag, [sic] and <3 the text; a | b.",
        "1. A list\n\n2. of things\n\n- that stays",
        "R&D &amp; C:\\*.txt",
    ],
)
def test_plain_prose_is_not_parsed(text: str) -> None:
    assert not looks_like_markdown(text)
    assert join(body_blocks(text)) == text


@pytest.mark.parametrize(
    "text", ["A [link](#).", "## Head\n\nText", "A **bold** word", "<p>Text</p>", "One<br/>two"]
)
def test_markdown_in_plain_files_is_known(text: str) -> None:
    assert looks_like_markdown(text)


def test_wrapped_lines_are_joined_and_unwrapped_ones_are_paragraphs() -> None:
    wrapped = "The bridge over the Teyn was shut on\nMonday, the county said. It opens\nin May."
    assert len(plain_blocks(wrapped)) == 1
    assert join(plain_blocks(wrapped)) == wrapped.replace("\n", " ")
    sentences = "The bridge is shut.\nIt opens in May.\n“Or June,” he said.\nSo they say"
    assert join(plain_blocks(sentences)) == sentences.replace("\n", "\n\n")
    long = f"{'word ' * 60}and\n{'word ' * 60}so on\nshort"
    assert len(plain_blocks(long)) == 3


def test_very_long_paragraphs_are_taken_as_they_stand() -> None:
    source = "*a* " * 20_000
    assert join(markdown_blocks(source)) == source.strip()


def test_unclosed_comments_and_scripts_end_with_the_text() -> None:
    assert strip_tags("a<!-- b") == strip_tags("a<script>b") == "a"

"""A chat as Markdown and as a page: every citation is there, and nothing of a text is markup."""

from __future__ import annotations

import doctest
import html
import re
from dataclasses import replace
from datetime import date
from importlib import import_module
from pkgutil import walk_packages

import pytest
from hypothesis import example, given, settings
from lxml import html as parsed
from markdown_it import MarkdownIt

from assistant import chats
from assistant.chats import to_markdown, to_page
from assistant.chats.markdown import escape
from assistant.chats.words import one_line, safe_url
from assistant.types import Disagreement, Filters, Side
from tests.unit.made_chats import (
    POISON,
    answered,
    answers,
    chat,
    cited,
    poisoned,
    refused,
    texts,
    turn,
)

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.mark.parametrize(
    "name", [m.name for m in walk_packages(chats.__path__, f"{chats.__name__}.")]
)
def test_examples(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def shown_text(text: str) -> str:
    """What is to be read of a text: on one line, without control characters."""
    return one_line("".join(c for c in text if c.isspace() or not _is_control(c)))


def _is_control(c: str) -> bool:
    return ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000


@given(texts)
@example("1) a")
@example("a\\")
@example("www.evil.example")
def test_escaped_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    drawn = MARKDOWN.render(escape(text))
    wanted = html.escape(shown_text(text)).replace("&#x27;", "'")
    assert drawn == (f"<p>{wanted}</p>\n" if wanted else "")


@pytest.mark.parametrize("text", POISON)
def test_poison_is_text_in_markdown(text: str) -> None:
    assert MARKDOWN.render(escape(text)).count("<") == 2  # the paragraph's own


@pytest.mark.parametrize("text", POISON)
def test_poison_everywhere_in_a_markdown_chat(text: str) -> None:
    drawn = MARKDOWN.render(to_markdown(poisoned(text)))
    tags = set(re.findall(r"<(\w+)", drawn))
    assert tags <= {"h1", "h2", "p", "em", "strong", "ul", "li", "a"}
    assert {*re.findall(r'<a href="([^"]*)"', drawn)} == ({text} if safe_url(text) else set())
    assert drawn.count("<h2>") == 3
    assert drawn.count("<h1>") == 1


def test_markdown_has_each_citation_as_a_footnote() -> None:
    citation = cited(publisher="Coast Wire", also_carried_by=("Tarn Post",))
    drawn = to_markdown(chat(turn(1, answered(citation=citation)), turn(2, answered())))
    assert drawn.startswith("# The bridge\n\n25 November 2026, 12\\:00 UTC.\n")
    assert (
        "\n## When was the bridge closed?\n\n*Asked 25 November 2026, 12\\:00 UTC*\n\n"
        "Reported 23 June 2017 by Harbour Post: “The bridge at Marrat was closed on Thursday.”"
        "[^1-1]\n"
    ) in drawn
    assert (
        "\n[^1-1]: “The bridge at Marrat was closed on Thursday.” Bridge closed, Harbour Post, "
        "carried by Coast Wire, also carried by Tarn Post, 23 June 2017. "
        "<https://harbour.example/bridge>. "
    ) in drawn
    assert drawn.count("[^2-1]") == 2
    assert drawn.endswith("\n") and not drawn.endswith("\n\n")


def test_markdown_says_what_was_asked_and_how_it_ended() -> None:
    follow_up = answered("And when?", standalone="When was it closed?")
    narrow = Filters(date(2017, 6, 1), date(2017, 6, 30), "Harbour Post", "Coast", "roads")
    differing = replace(
        answered(), disagreements=(Disagreement("dead", (Side("12", (1,)), Side("19", (1,)))),)
    )
    drawn = to_markdown(
        chat(
            turn(1, follow_up, filters=narrow),
            turn(2, refused()),
            turn(3, None, error="the endpoint is away"),
            turn(4, None, stopped=True),
            turn(5, None),
            turn(6, differing),
            imported=True,
        )
    )
    assert "Taken in from a file." in drawn
    assert (
        "narrowed to: from 1 June 2017, until 30 June 2017, outlet Harbour Post, "
        "region Coast, tag roads; understood as: When was it closed?"
    ) in drawn
    assert "**Not answered.** The library does not say.\n" in drawn
    assert "- marrat: “The bridge at Marrat" in drawn
    assert "\n*the endpoint is away*\n" in drawn
    assert "\n*Stopped before it was done.*\n" in drawn
    assert "\n*There is no answer.*\n" in drawn
    assert "**Reports differ, compare them** (dead): 12[^6-1]; 19[^6-1]\n" in drawn


@settings(deadline=None)  # a loaded machine is no failure
@given(answers)
def test_any_answer_can_be_exported(answer: chats.Chat) -> None:
    kept = chat(turn(1, answer))
    to_markdown(kept).encode()
    parsed.fromstring(to_page(kept).encode())


@pytest.mark.parametrize("text", POISON)
def test_poison_is_text_on_the_page(text: str) -> None:
    page = parsed.fromstring(to_page(poisoned(text)).encode())
    assert not page.xpath("//script|//img|//iframe|//object|//embed|//link|//form|//b|//i|//pre")
    assert not page.xpath("//@*[starts-with(name(), 'on')]")
    for address in page.xpath("//@href"):
        assert address.startswith("#source-") or address == safe_url(text)
    assert not page.xpath("//@src|//@action|//@srcset|//@poster|//@background")
    shown = one_line(page.text_content())
    assert shown.count(one_line(text)) >= 20


def test_the_page_forbids_scripts_and_connections_itself() -> None:
    page = to_page(chat(turn(1, answered())))
    (policy,) = parsed.fromstring(page).xpath("//meta[@http-equiv]/@content")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    (style,) = parsed.fromstring(page).xpath("//style/text()")
    assert "url(" not in style and "@import" not in style
    assert "@media print" in style


def test_the_page_has_each_citation_and_the_words_that_answer() -> None:
    page = parsed.fromstring(to_page(chat(turn(1, answered()), turn(2, refused()))))
    (link,) = page.xpath("//article[1]//sup/a")
    assert (link.text, link.get("href")) == ("[1]", "#source-1-1")
    (source,) = page.xpath("//li[@id='source-1-1']")
    assert source.xpath("string(.//q)") == "The bridge at Marrat was closed on Thursday."
    assert source.xpath("string(.//mark)") == "on Thursday"
    assert "Bridge closed, Harbour Post, 23 June 2017" in source.text_content()
    assert source.xpath(".//a/@href") == ["https://harbour.example/bridge"]
    assert "Not an answer, but near:" in page.xpath("string(//article[2])")


def test_right_to_left_text_finds_its_own_direction() -> None:
    arabic = "أغلق الجسر يوم الخميس."
    kept = chat(turn(1, answered(arabic, body=arabic, citation=cited(quote=arabic, answer=None))))
    page = parsed.fromstring(to_page(kept))
    for found in page.xpath(f"//*[text()[contains(., '{arabic[:-1]}')]]"):
        assert found.tag in ("title", "bdi") or found.get("dir") == "auto"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://", "ftp://h/a", "https://h/a b", "//h/a", "https://[/"]
)
def test_only_plain_web_addresses_are_links(url: str) -> None:
    assert safe_url(url) is None

"""The head of an article without metadata: what is taken from it, and what is left alone."""

from __future__ import annotations

import time
from datetime import date

import pytest

from assistant.articles.blocks import plain_blocks
from assistant.articles.build import body_blocks, build_article
from assistant.articles.fields import Metadata
from assistant.articles.outlets import is_outlet, is_place, seems_outlet
from assistant.articles.republished import credit_of
from assistant.types import Article

BODY = "The bridge over the Teyn was shut on Monday, the county said. Nobody knows until when."
MONDAY = date(2017, 6, 26)


def read(*lines: str, known: Metadata | None = None) -> Article:
    return build_article(known or Metadata(), plain_blocks("\n\n".join(lines)), "a")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Ruth Almas", {"author": "Ruth Almas"}),
        ("BY RUTH ALMAS AND PER HOLT", {"author": "RUTH ALMAS AND PER HOLT"}),
        ("By J. R. Almas, Tarn Courier", {"author": "J. R. Almas", "source": "Tarn Courier"}),
        ("By Ruth Almas for Reuters", {"author": "Ruth Almas", "source": "Reuters"}),
        ("June 26, 2017", {"published": MONDAY}),
        ("Mon 26 Jun 2017 09:14 GMT", {"published": MONDAY}),
        ("Published: 26 June 2017, 18:40", {"published": MONDAY}),
        ("Published on June 26, 2017 by Ruth Almas", {"published": MONDAY, "author": "Ruth Almas"}),
        ("Posted on June 26 2017 by Tarn Courier", {"published": MONDAY, "source": "Tarn Courier"}),
        ("Date of publication 26 June 2017", {"published": MONDAY}),
        ("Tarn Courier, June 26, 2017", {"published": MONDAY, "source": "Tarn Courier"}),
        ("Tarn Isles 26 June 2017", {"published": MONDAY, "source": "Tarn Isles"}),
        ("26 June 2017 | Tarn Courier", {"published": MONDAY, "source": "Tarn Courier"}),
        ("DAMASCUS, June 26, 2017", {"published": MONDAY, "source": ""}),
        ("Damascus, 26 June 2017", {"published": MONDAY, "source": ""}),
        ("New York, June 26, 2017", {"published": MONDAY, "source": ""}),
        ("03/04/2017", {"published": None}),
        ("Region: Outer Isles", {"region": "Outer Isles"}),
        ("Theme: Roads, Rivers; Roads", {"tags": ("Roads", "Rivers")}),
        ("Source: Tarn Courier", {"source": "Tarn Courier"}),
        ("Author: Ruth Almas", {"author": "Ruth Almas"}),
        ("Author(s): Ruth Almas", {"author": "Ruth Almas"}),
        ("URL: https://tarn.example/a", {"url": "https://tarn.example/a"}),
        ("Source: https://tarn.example/a", {"url": "https://tarn.example/a", "source": ""}),
        ("PUBLICATION: Tarn Courier", {"source": "Tarn Courier"}),
        ("Published by Tarn Isles on June 26, 2017", {"published": MONDAY, "source": "Tarn Isles"}),
        ("By Ruth Almas / Tarn Courier", {"author": "Ruth Almas", "source": "Tarn Courier"}),
        ("By Ruth Almas, Chief Reporter", {"author": "Ruth Almas"}),
        ("By Ruth Almas in Tarn, Outer Isles", {"author": "Ruth Almas"}),
        (
            "Ruth Almas | Tarn Courier | 26 June 2017",
            {"author": "Ruth Almas", "source": "Tarn Courier", "published": MONDAY},
        ),
        (
            "Omar al-Masri and Per van Dorn · TarnWatch · June 26, 2017, 14:20",
            {
                "author": "Omar al-Masri and Per van Dorn",
                "source": "TarnWatch",
                "published": MONDAY,
            },
        ),
        (
            "By Ruth Almas | Mon 26 Jun 2017 3:14 p.m. EDT | 4 min read",
            {"author": "Ruth Almas", "published": MONDAY},
        ),
        ("By Ruth Almas (Tarn Courier)", {"author": "Ruth Almas", "source": "Tarn Courier"}),
        ("From Tarn Courier", {"source": "Tarn Courier"}),
        ("Ruth Almas, special to Tarn Isles", {"source": "Tarn Isles"}),
        (
            "Submitted by Ruth Almas on Mon, 06/26/2017 - 12:30",
            {"author": "Ruth Almas", "published": MONDAY},
        ),
        (
            "Author: Ruth Almas; Source: Tarn Isles; Date: June 26, 2017",
            {"author": "Ruth Almas", "source": "Tarn Isles", "published": MONDAY},
        ),
        ("SANA June 26, 2017", {"source": "SANA", "published": MONDAY}),
    ],
)
def test_lines_of_the_head_are_metadata(line: str, expected: dict[str, object]) -> None:
    article = read("Bridge over the Teyn shut", line, BODY)
    assert article.title == "Bridge over the Teyn shut"
    assert article.text == BODY
    assert {name: getattr(article, name) for name in expected} == expected


@pytest.mark.parametrize(
    "line",
    [
        "By Monday evening the bridge was shut, the county said on 26 June 2017.",
        "On June 26, 2017 the county shut the bridge.",
        "The bridge: a history",
        "Weather: rain",
        "by nine in the morning",
        "From Sarn to Brenn",
        "Weather: rain; Wind: none",
        "26 June 2017 was the hottest day of the year in the valley of the Teyn and beyond it",
        "It was shut on June 26, 2017, and nobody was told when it would be opened again.",
    ],
)
def test_other_lines_are_text(line: str) -> None:
    article = read("Bridge over the Teyn shut", line, BODY)
    assert article.text == f"{line}\n\n{BODY}"
    assert article.published is None
    assert not article.author


@pytest.mark.parametrize(
    ("lines", "author", "source"),
    [
        (("Ruth Almas", "TarnWatch", "June 26, 2017"), "Ruth Almas", "TarnWatch"),
        (("By Ruth Almas", "Tarn Courier"), "Ruth Almas", "Tarn Courier"),
        (("TarnWatch", "Updated: 26 June 2017"), "", "TarnWatch"),
    ],
)
def test_names_stand_on_lines_of_their_own(
    lines: tuple[str, ...], author: str, source: str
) -> None:
    article = read("Bridge over the Teyn shut", *lines, BODY)
    assert (article.author, article.source, article.text) == (author, source, BODY)


def test_a_name_with_nothing_beside_it_is_text() -> None:
    assert read("Bridge over the Teyn shut", "Harbour Front", BODY).text.startswith("Harbour Front")
    lines = ("Bridge over the Teyn shut", "By Ruth Almas", "Key Points", BODY)
    assert read(*lines).text == f"Key Points\n\n{BODY}"


@pytest.mark.parametrize("above", [(), ("June 26, 2017",)])
def test_the_masthead_stands_above_the_title(above: tuple[str, ...]) -> None:
    article = read("The Tarn", *above, "Bridge over the Teyn shut", "By Ruth Almas", BODY)
    assert (article.source, article.author) == ("The Tarn", "Ruth Almas")
    assert (article.title, article.text) == ("Bridge over the Teyn shut", BODY)


@pytest.mark.parametrize(
    "menu",
    [
        ("Home | World | Money | Sport",),
        ("News", "World", "Money", "Sport"),
        ("Menu", "Search", "Tarn TV", "Weather", "Shop", "Money"),
    ],
)
def test_a_menu_above_the_title_is_left_out(menu: tuple[str, ...]) -> None:
    article = read(*menu, "Bridge over the Teyn shut", "By Ruth Almas", BODY)
    assert (article.title, article.author) == ("Bridge over the Teyn shut", "Ruth Almas")
    assert article.text == BODY


def test_a_line_of_pieces_in_an_article_is_no_menu() -> None:
    lines = ("Bridge over the Teyn shut", BODY, "Sarn | Brenn | Hollin | Tarn", BODY)
    assert read(*lines).text == "\n\n".join(lines[1:])


def test_short_lines_without_a_head_below_them_are_text() -> None:
    lines = ("Salt", "Rope", "Tar", "Oil", "Rain")
    assert "Rope" in read(*lines, BODY).text


def test_the_holder_of_the_copyright_is_the_outlet_where_nothing_else_is() -> None:
    tail = "© 2017 Tarn Isles Ltd. All rights reserved."
    assert read("Bridge shut", "By Ruth Almas", BODY, tail).source == "Tarn Isles"
    assert read("Bridge shut", "By Ruth Almas, Reuters", BODY, tail).source == "Reuters"
    both = read("Bridge shut", "By Ruth Almas", BODY, "Copyright © Ruth Almas, Tarn Isles, 2017")
    assert (both.author, both.source) == ("Ruth Almas", "Tarn Isles")


@pytest.mark.parametrize(
    "line",
    ["A|" * 50_000, "by " * 20_000, "a: " * 30_000, "A (A) " * 20_000, "©" + "A" * 200_000,
     "originally published by " + "A." * 130, "A version of this article ran in " + "A b " * 60],
)  # fmt: skip
def test_no_line_of_a_head_costs_more_than_its_length(line: str) -> None:
    started = time.process_time()
    read(line, line, BODY)
    credit_of(line)
    assert time.process_time() - started < 5  # a pattern that backtracks takes minutes


def test_a_name_below_the_headline_of_a_page_is_not_its_outlet() -> None:
    known = Metadata(title="Bridge shut", publisher="The Tarn")
    article = read("TarnPhoto", "By Ruth Almas", BODY, known=known)
    assert (article.source, article.publisher, article.author) == ("The Tarn", "", "Ruth Almas")


def test_below_the_first_line_of_text_nothing_is_taken() -> None:
    article = read("Bridge shut", BODY, "By Ruth Almas", "June 26, 2017", "Region: Isles")
    assert article.text.endswith("By Ruth Almas\n\nJune 26, 2017\n\nRegion: Isles")
    assert (article.author, article.published, article.region) == ("", None, "")


@pytest.mark.parametrize(
    ("lines", "source", "publisher"),
    [
        # the byline names the outlet
        (("By Harbour Front", "Open Commons, 27 June 2017", "Harbour Front 26 June 2017"), 1, 2),
        # the credits do
        (("Open Commons, 26 June 2017", "Harbour Front 26 June 2017"), 1, 2),
        # neither does: the earlier is the report
        (("Harbour Lights 26 June 2017", "Open Commons, 27 June 2017"), 3, 2),
        # one line only, of the page that carries it
        (("By Harbour Front", "Open Commons, 26 June 2017"), 1, 2),
    ],
)
def test_who_reported_and_who_carried(lines: tuple[str, ...], source: int, publisher: int) -> None:
    names = ["", "Harbour Front", "Open Commons", "Harbour Lights"]
    tail = ["The original source of this article is Harbour Front"] if source == 1 else []
    article = read("Bridge shut", *lines, BODY, *tail)
    assert (article.source, article.publisher) == (names[source], names[publisher])
    assert article.published == MONDAY
    assert article.text == BODY
    assert article.author == ""


def test_an_outlet_is_no_author_and_a_person_is() -> None:
    lines = ("By Ruth Almas", "Open Commons, June 27, 2017", "Harbour Lights 26 June 2017")
    article = read("Bridge shut", *lines, BODY)
    assert (article.author, article.source) == ("Ruth Almas", "Harbour Lights")
    assert (article.publisher, article.carried_on) == ("Open Commons", date(2017, 6, 27))


@pytest.mark.parametrize(
    "credit",
    [
        "The original source of this article is Harbour Front.",
        "This article was originally published on Harbour Front.",
        "Originally published by Harbour Front",
        "Republished from Harbour Front.",
        "This article first appeared in Harbour Front on June 24, 2017.",
        "This story was first published on 24 June 2017 by Harbour Front.",
        "Reprinted from Harbour Front, June 24, 2017",
        "A version of this article appeared in Harbour Front on June 24, 2017.",
        "Published with permission of Harbour Front",
        "Courtesy of Harbour Front",
        "This report was produced by Harbour Front and is shared with permission.",
        "Read the original article on Harbour Front.",
        "This article is republished from Harbour Front under a licence. Read the original.",
    ],
)
def test_credits_name_the_source(credit: str) -> None:
    article = read("Bridge shut", "Open Commons, June 26, 2017", BODY, credit)
    assert (article.source, article.publisher) == ("Harbour Front", "Open Commons")
    assert article.carried_on == MONDAY
    assert article.published == (date(2017, 6, 24) if "2017" in credit else MONDAY)
    assert article.text == BODY


@pytest.mark.parametrize(
    "line",
    [
        "Originally published in 1949, the novel was banned for forty years.",
        "First published by accident, the list of names was gone within the hour.",
        "This article of the treaty was first published on Monday and nobody read it.",
        "The poster was reprinted from memory.",
    ],
)
def test_prose_credits_nobody(line: str) -> None:
    assert credit_of(line) is None


def test_a_page_of_another_outlet_has_the_day_of_the_carrier() -> None:
    known = Metadata(title="Bridge shut", publisher="Open Commons", published=MONDAY)
    article = read(BODY, "Originally published by Harbour Front on June 24, 2017", known=known)
    assert (article.source, article.publisher) == ("Harbour Front", "Open Commons")
    assert (article.published, article.carried_on) == (date(2017, 6, 24), MONDAY)
    own = read(BODY, "First published in Open Commons, June 24, 2017", known=known)
    assert (own.source, own.publisher, own.published) == ("Open Commons", "", MONDAY)


def test_what_is_known_is_not_overruled() -> None:
    known = Metadata(title="Bridge shut", source="Tarn Courier", published=date(2020, 1, 1))
    article = read("BRIDGE SHUT!", "By Ruth Almas, Reuters", "June 26, 2017", BODY, known=known)
    assert (article.title, article.source) == ("Bridge shut", "Tarn Courier")
    assert (article.published, article.author) == (date(2020, 1, 1), "Ruth Almas")
    assert article.text == BODY


def test_a_heading_that_is_not_the_title_stays() -> None:
    blocks = body_blocks(f"# What we know\n\n{BODY}", markdown=True)
    article = build_article(Metadata(title="Bridge shut"), blocks, "a")
    assert article.text == f"What we know\n\n{BODY}"


@pytest.mark.parametrize("title", ["Weekly Report 26 June 2017", "Isles: nine days of rain"])
def test_a_headline_may_hold_a_date_or_a_colon(title: str) -> None:
    assert read(title, BODY).title == title


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        f"{BODY}\n\n{BODY}",
        "The bridge over the Teyn was shut\nand stays so.\n\nYes.",
    ],
)
def test_prose_has_no_title(text: str) -> None:
    article = read(text)
    assert article.title == ""
    assert article.text == " ".join(text.split("\n")).replace("  ", "\n\n")


def test_a_lone_line_is_text_not_title() -> None:
    assert read("Bridge over the Teyn shut").text == "Bridge over the Teyn shut"


@pytest.mark.parametrize(
    ("opening", "source", "published"),
    [
        ("LONDON, Jan 3, 2017 (Reuters) - ", "Reuters", date(2017, 1, 3)),
        ("LONDON, Jan 3 (Reuters) - ", "Reuters", None),
        ("BEIRUT (AP) — ", "AP", None),
        ("(CNN) -- ", "CNN", None),
        ("LISENNE (Tarn Courier) - ", "Tarn Courier", None),
        ("Syrian Army (SAA) - ", "", None),
        ("LISENNE (Tarn Isles) - ", "Tarn Isles", None),
        ("Lisenne, June 26, 2017 (Tarn Isles) - ", "Tarn Isles", MONDAY),
        ("(Reuters) LISENNE, June 26, 2017 — ", "Reuters", MONDAY),
        ("Lisenne, SANA – ", "SANA", None),
        ("LISENNE, June 26, 2017 /Tarn Isles/ -- ", "Tarn Isles", MONDAY),
        ("LISENNE | Reuters — ", "Reuters", None),
        ("LISENNE, Outer Isles, June 26, 2017 — ", "", MONDAY),
        ("Posted on June 26 2017 by Ruth Almas ", "", MONDAY),
        ("June 26, 2017 – ", "", MONDAY),
        ("05-06-2017 ", "", None),
        ("June 26, 2017; ", "", None),
    ],
)
def test_datelines_tell_and_stay(opening: str, source: str, published: date | None) -> None:
    article = read("Bridge shut", opening + BODY)
    assert (article.source, article.published) == (source, published)
    assert article.text == opening + BODY


@pytest.mark.parametrize(
    "stamp",
    [
        "Date of publication 26 June 2017 ",
        "Mon 26 Jun 2017 ",
        "Published June 26 2017 ",
        "26-06-2017 ",
        "26.06.2017(updated 1404 26.06.2017) ",
    ],
)
def test_the_day_of_a_page_that_lost_its_lines_is_no_part_of_the_first_sentence(stamp: str) -> None:
    article = read("Bridge shut", stamp + BODY)
    assert (article.published, article.text) == (MONDAY, BODY)


def test_a_dateline_opens_the_text_even_before_a_line_of_names() -> None:
    opening = "LISENNE (Reuters) — The Bridge: A Family Story"
    article = read("Bridge shut", opening, "Tarn Courier, June 26, 2017", BODY)
    assert article.text == f"{opening}\n\nTarn Courier, June 26, 2017\n\n{BODY}"


def test_a_date_in_prose_is_not_the_day_of_publication() -> None:
    assert read("Bridge shut", f"June 26, 2017 was a hot day. {BODY}").published is None
    assert read("Bridge shut", f"{BODY} It was built on June 5, 1974.").published is None


def test_names_of_outlets_and_places() -> None:
    assert is_outlet("The Harbour Gazette")
    assert is_outlet("Reuters")
    assert not is_outlet("Ruth Almas")
    assert not is_outlet("News")
    assert not is_outlet("the Tarn News of the isles and of the sea beyond")
    assert is_place("TEL AVIV") or is_place("Tel Aviv")
    assert not is_place("Harbour Front")
    assert seems_outlet("TRT World") and seems_outlet("TarnWatch") and seems_outlet("The Tarn")
    assert not seems_outlet("Ruth Almas") and not seems_outlet("RUTH ALMAS")

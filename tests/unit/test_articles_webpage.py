"""HTML pages: what trafilatura does not see is read, and what it leaves out is taken back."""

from __future__ import annotations

import json
from datetime import date

import pytest

from assistant.articles.build import build_article
from assistant.articles.fields import Metadata
from assistant.articles.jsonld import read_json_ld
from assistant.articles.webpage import read_page
from assistant.types import Article

TEXT = (
    "The bridge over the Teyn was shut on Monday, the county said, and nobody knows until when it "
    "is going to stay so.",
    "A ferry runs every hour from six in the morning until midnight, and carries bicycles, too.",
    "The county has asked two engineers of the capital to look at the piers before the frost.",
)
BODY = "".join(f"<p>{text}</p>" for text in TEXT)


def page(body: str = BODY, head: str = "", above: str = "", below: str = "") -> Article:
    html = (
        f"<html lang='en'><head>{head}</head><body><nav><a href='/'>Home</a></nav><main><article>"
        f"<h1>Bridge over the Teyn shut</h1>{above}{body}{below}</article></main></body></html>"
    )
    return build_article(*read_page(html), "a")


def script(**fields: object) -> str:
    found = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f"<script type='application/ld+json'>{json.dumps(found)}</script>"


def test_json_ld_gives_place_address_and_keywords() -> None:
    head = script(
        headline="Bridge over the Teyn shut", datePublished="2020-02-14T07:15:00+01:00",
        contentLocation={"@type": "Place", "name": "Hollin"}, keywords=["floods", "bridges"],
        mainEntityOfPage={"@type": "WebPage", "@id": "https://example.org/bridge"},
        publisher={"@type": "Organization", "name": "Teyn Valley Observer"}, inLanguage="en-GB",
    )  # fmt: skip
    article = page(head=head)
    assert (article.region, article.url) == ("Hollin", "https://example.org/bridge")
    assert (article.tags, article.published) == (("floods", "bridges"), date(2020, 2, 14))
    assert (article.source, article.publisher) == ("Teyn Valley Observer", "")
    assert article.text == "\n\n".join(TEXT)


def test_references_in_a_graph_are_followed_and_the_article_of_the_title_is_taken() -> None:
    graph = [
        {"@type": "NewsArticle", "headline": "Another", "author": {"name": "No"}},
        {"@type": ["Report"], "headline": "Bridge shut", "author": [{"@id": "#ruth"}],
         "datePublished": "no date", "contentLocation": {"@id": "#nowhere"}},
        {"@type": "Person", "@id": "#ruth", "name": "Ruth Almas"},
    ]  # fmt: skip
    found = read_json_ld(["{broken", json.dumps({"@graph": graph}), "[1, null]"], "Bridge shut")
    assert (found.title, found.author, found.published) == ("Bridge shut", "Ruth Almas", None)
    assert read_json_ld(['{"@type": "WebSite", "name": "Tarn"}'], "") == Metadata()
    assert read_json_ld(["[" * 100_000], "") == Metadata()


@pytest.mark.parametrize(
    "title",
    ["Bridge over the Teyn shut | The Tarn", "Bridge over the Teyn shut - Roads - The Tarn",
     "The Tarn — Bridge over the Teyn shut"],
)  # fmt: skip
def test_the_site_is_named_in_the_title_of_the_page(title: str) -> None:
    link = "<link rel='canonical' href='https://thetarn.example/bridge'>"
    assert page(head=f"<title>{title}</title>{link}").source == "The Tarn"


def test_a_visible_byline_is_read_and_a_biography_is_none() -> None:
    assert page(above="<address>By Ruth Almas</address>").author == "Ruth Almas"
    bio = "<div class='author-bio'>Ruth Almas is a reporter at The Tarn.</div>"
    assert page(below=bio).author == "Ruth Almas"


def test_microdata_names_the_site_and_drupal_who_submitted_when() -> None:
    micro = (
        "<div itemprop='publisher' itemscope><meta itemprop='name' content='The Tarn'></div>"
        "<meta itemprop='datePublished' content='2020-02-14'>"
    )
    article = page(above=micro)
    assert (article.source, article.published) == ("The Tarn", date(2020, 2, 14))
    line = "<div class='submitted'>Submitted by Ruth Almas on Fri, 02/14/2020 - 12:30</div>"
    article = page(above=line)
    assert (article.author, article.published) == ("Ruth Almas", date(2020, 2, 14))


def test_the_declared_day_goes_before_the_one_in_the_address() -> None:
    link = "<link rel='canonical' href='https://tarn.example/2020/01/30/bridge'>"
    times = (
        "<time class='entry-date published' datetime='2020-02-01T08:00:00+00:00'>1 Feb</time>"
        "<time class='updated' datetime='2020-02-09T08:00:00+00:00'>9 Feb</time>"
    )
    assert page(head=link, above=times).published == date(2020, 2, 1)


def test_a_page_that_carries_a_piece_names_who_was_first() -> None:
    head = (
        "<meta property='og:site_name' content='Open Commons'>"
        "<meta property='article:published_time' content='2020-02-16T10:00:00Z'>"
    )
    below = (
        "<p><em>First published by <a href='/x'>Harbour Front</a> on February 14, 2020.</em></p>"
    )
    article = page(head=head, below=below)
    assert (article.source, article.publisher) == ("Harbour Front", "Open Commons")
    assert (article.published, article.carried_on) == (date(2020, 2, 14), date(2020, 2, 16))
    assert article.text == "\n\n".join(TEXT)


def test_a_headline_below_its_text_is_none_of_it() -> None:
    long = " ".join(TEXT)
    assert page(body=f"<div><p>{long}</p></div>").text == long


def test_subheadings_and_lists_come_back_at_their_place() -> None:
    listed = (
        "<ul><li>No car may cross until the frost</li><li>The ferry costs nothing now</li></ul>"
    )
    body = f"<div><p>{TEXT[0]}</p></div><div><h2>Free</h2><p>{TEXT[1]}</p><p>{TEXT[2]}</p></div>"
    article = page(body=listed + body)
    lines = article.text.split("\n\n")
    assert lines[:3] == [
        "No car may cross until the frost", "The ferry costs nothing now", TEXT[0]
    ]  # fmt: skip
    assert lines[-3:] == ["Free", TEXT[1], TEXT[2]]


def test_boxes_and_lists_of_links_stay_out() -> None:
    box = "<div class='related-box'><ul><li>Ferry crews vote on a strike</li><li>Old mill burns "
    box += "down in Sarn</li></ul></div><ul><li><a href='/a'>Ten walks for a rainy day</a></li>"
    box += "<li><a href='/b'>How to sleep when it is hot</a></li></ul>"
    body = f"<p>{TEXT[0]}</p>{box}<p>{TEXT[1]}</p><p>{TEXT[2]}</p>"
    assert page(body=body).text == "\n\n".join(TEXT)


def test_the_captions_of_a_gallery_are_its_article() -> None:
    captions = [
        f"Boat {n} of the race was carried down to the water by four bakers and a dog that barked "
        "at the gulls, at the sea and at the harbour master until it was given a piece of bread."
        for n in ("one", "two", "three")
    ]
    figures = "".join(
        f"<figure><img src='a'><figcaption>{text} <cite>Photo: Holt</cite></figcaption></figure>"
        for text in captions
    )
    text = page(body=f"{BODY}{figures}").text
    assert text == "\n\n".join([*TEXT, *captions])

"""The sample library is whole: every article is read, every gold quote can be found."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from assistant.articles import find_files, read_articles
from assistant.sample import articles_path, questions_path
from assistant.types import Article, Quarantined

# id -> outlet, re-publisher, the outlet's date, the re-publisher's date
EXPECTED = {
    "orontes-ithriyah-resafa-push": ("Orontes Dispatch", "", "2017-06-21", None),
    "kestrel-daraa-settlement-talk": ("Kestrel Wire", "", "2017-06-23", None),
    "basalt-rusafah-road-held": ("Basalt Post", "", "2017-06-24", None),
    "commons-digest-rusafah-highway": (
        "Basalt Post",
        "Commons Digest",
        "2017-06-24",
        "2017-06-25",
    ),
    "kestrel-deir-ez-zor-airdrop": ("Kestrel Wire", "", "2017-07-08", None),
    "khabur-dayr-al-zawr-airdrop": ("Khabur Bulletin", "", "2017-07-09", None),
    "orontes-road-taken": ("Orontes Dispatch", "", "2017-07-16", None),
    "khabur-ithriya-checkpoints": (
        "Khabur Bulletin",
        "Commons Digest",
        "2017-07-19",
        "2017-07-20",
    ),
    "kestrel-resafa-road-reopens": ("Kestrel Wire", "", "2017-08-05", None),
    "kestrel-belkorra-market-blast": ("Kestrel Wire", "", "2017-06-05", None),
    "teyn-valley-belkorra-dead": ("Teyn Valley Radio", "", "2017-06-06", None),
    "dorvan-herald-belkorra-toll": ("Dorvan Herald", "", "2017-06-09", None),
    "kestrel-lisenne-talks-announced": ("Kestrel Wire", "", "2017-06-14", None),
    "teyn-valley-talks-postponed": ("Teyn Valley Radio", "", "2017-06-30", None),
    "grey-harbour-talks-postponed": (
        "Teyn Valley Radio",
        "Grey Harbour Gazette",
        "2017-06-30",
        "2017-07-01",
    ),
    "dorvan-herald-belkorra-retaken": ("Dorvan Herald", "", "2017-07-10", None),
    "teyn-valley-belkorra-east": ("Teyn Valley Radio", "", "2017-07-11", None),
    "dorvan-herald-talks-held": ("Dorvan Herald", "", "2017-07-19", None),
    "kestrel-belkorra-handover": ("Kestrel Wire", "", "2017-07-24", None),
    "deminers-dogs-feature": ("Basalt Post", "", None, None),
    "gazette-lisenne-marathon": ("Grey Harbour Gazette", "", "2023-09-24", None),
    "ledger-halvard-third-quarter": ("Meridian Ledger", "", "2023-10-26", None),
    "ledger-corvay-key-rate": ("Meridian Ledger", "", "2023-11-02", None),
    "gazette-storm-ylva": ("Grey Harbour Gazette", "", "2023-12-16", None),
    "ledger-halvard-norrvik-merger": ("Meridian Ledger", "", "2024-02-13", None),
    "gazette-kellmar-tunnel-resignation": (
        "Grey Harbour Gazette",
        "Commons Digest",
        "2024-03-07",
        "2024-03-08",
    ),
    "plain-science-hay-fever-spray": ("Plain Science", "", "2024-04-18", None),
    "gazette-corvay-election": ("Grey Harbour Gazette", "", "2024-05-13", None),
}

FURNITURE = (
    "copyright",
    "©",
    "original source of this article",
    "become a member",
    "facebook",
    "disclaimer",
    "commons digest",
    "media inquiries",
    "articles by",
    "featured image",
    "share this",
    "newsletter",
    "all rights reserved",
    "cookies",
    "most read",
    "ferrymen",
    "what a placebo can do",
    "theme:",
    "region:",
)


@pytest.fixture(scope="module")
def entries() -> list[Article | Quarantined]:
    return [entry for file in find_files([articles_path()]) for entry in read_articles(file)]


@pytest.fixture(scope="module")
def articles(entries: list[Article | Quarantined]) -> dict[str, Article]:
    return {entry.id: entry for entry in entries if isinstance(entry, Article)}


@pytest.fixture(scope="module")
def cases() -> list[dict[str, Any]]:
    lines = questions_path().read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_article_is_read_once(entries: list[Article | Quarantined]) -> None:
    assert [entry for entry in entries if isinstance(entry, Quarantined)] == []
    ids = Counter(entry.id for entry in entries if isinstance(entry, Article))
    assert ids == Counter(EXPECTED.keys())
    assert 15 <= len(ids) <= 30


@pytest.mark.parametrize("article_id", EXPECTED)
def test_outlet_and_dates(article_id: str, articles: dict[str, Article]) -> None:
    article = articles[article_id]
    source, publisher, published, carried = EXPECTED[article_id]
    assert (article.source, article.publisher) == (source, publisher)
    assert article.published == (date.fromisoformat(published) if published else None)
    assert article.carried_on == (date.fromisoformat(carried) if carried else None)
    assert article.title
    # One report's byline is its outlet ("By Khabur Bulletin"), which is no author.
    assert bool(article.author) == (article_id != "khabur-ithriya-checkpoints")


@pytest.mark.parametrize("article_id", EXPECTED)
def test_text_is_the_report_and_nothing_else(article_id: str, articles: dict[str, Article]) -> None:
    text = articles[article_id].text
    assert 130 <= len(text.split()) <= 350
    assert [words for words in FURNITURE if words in text.casefold()] == []
    assert not re.search(r"[<>\[\]#*]|^By ", text, re.MULTILINE), "markup or byline left over"
    assert text.rstrip().endswith((".", '"', "”")), "the end of the report is missing"


def test_reprints_carry_the_same_report(articles: dict[str, Article]) -> None:
    pairs = [
        ("basalt-rusafah-road-held", "commons-digest-rusafah-highway"),
        ("teyn-valley-talks-postponed", "grey-harbour-talks-postponed"),
    ]
    for first, again in pairs:
        assert articles[first].text == articles[again].text
        assert articles[first].source == articles[again].source


def test_question_set_has_the_wanted_mixture(cases: list[dict[str, Any]]) -> None:
    assert len({case["id"] for case in cases}) == len(cases) >= 40
    unanswerable = [case for case in cases if not case["answerable"]]
    assert 0.2 <= len(unanswerable) / len(cases) <= 0.3
    assert sum(1 for case in cases if case.get("history")) >= 6
    kinds = {case["type"] for case in cases}
    assert {"control", "conflicting", "latest", "reprint", "status", "variant"} <= kinds
    assert any(case["question"] == "who controls the Ithriyah-Resafa road?" for case in cases)
    for case in unanswerable:
        assert case["answers"] == case["evidence"] == []


def test_gold_quotes_stand_in_their_articles(
    cases: list[dict[str, Any]], articles: dict[str, Article]
) -> None:
    missing = [
        (case["id"], gold)
        for case in cases
        for group in case["evidence"]
        for gold in group
        if _squeezed(gold["quote"]) not in _squeezed(articles[gold["article_id"]].text)
    ]
    assert missing == []


def test_expected_answers_are_in_the_gold_quotes(cases: list[dict[str, Any]]) -> None:
    """Each wanted part is spelt as in a gold quote, unless it is a day that was worked out."""
    for case in cases:
        if not case["answerable"]:
            continue
        assert case["answers"]
        assert case["evidence"]
        quotes = " ".join(g["quote"] for group in case["evidence"] for g in group).casefold()
        for part in case["answers"]:
            spelt = any(spelling.casefold() in quotes for spelling in part)
            assert spelt or _is_iso_day(part[0]), case["id"]


def test_report_dates_are_those_of_a_gold_article(
    cases: list[dict[str, Any]], articles: dict[str, Article]
) -> None:
    for case in (case for case in cases if "reported_on" in case):
        golds = [gold["article_id"] for group in case["evidence"] for gold in group]
        assert case["reported_on"] in {str(articles[gold].published) for gold in golds}


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _is_iso_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

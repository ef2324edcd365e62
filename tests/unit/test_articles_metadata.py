"""Front matter, JSON fields and dates: read liberally, refused where they lie."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from assistant.articles.dates import find_date, read_date
from assistant.articles.fields import Metadata, read_fields
from assistant.articles.frontmatter import split_front_matter
from assistant.errors import ArticleError

DAY = date(2017, 6, 24)


@pytest.mark.parametrize(
    "value",
    [
        "2017-06-24", "2017-06-24T08:30:00Z", "2017-06-24 23:59:59.123+05:30", "2017/6/24",
        "June 24, 2017", "24 June 2017", "24th of June, 2017", "Sat, 24 Jun 2017 10:00:00 GMT",
        "Saturday 24 Jun. 2017 at 09:14", "24.06.2017", "24/6/2017", "06-24-2017", "1498298400",
        "1498298400000", "24 juin 2017", "24. Juni 2017", "24 июня 2017",
    ],
)  # fmt: skip
def test_dates_are_read(value: str) -> None:
    assert read_date(value) == DAY


@pytest.mark.parametrize(
    "value", ["", "unknown", "to be announced", "2017", "2017-06", "June 2017"]
)
def test_what_gives_no_day_is_no_date(value: str) -> None:
    assert read_date(value) is None


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("9999-99-99", "there is no such day"),
        ("2019-02-30", "there is no such day"),
        ("0017-06-24", "outside the years of news"),
        ("9999-12-31", "outside the years of news"),
        ("9999999999", "outside the years of news"),
        ("12 января 2999", "outside the years of news"),
        ("03/04/2017", "day and month cannot be told apart"),
        ("31/31/2017", "there is no such day"),
        ("chapter 7 of 12", "is not a date"),
        ("7" * 500, "is not a date"),
    ],
)
def test_dates_that_lie_are_refused(value: str, why: str) -> None:
    with pytest.raises(ArticleError, match=why) as error:
        read_date(value)
    assert len(str(error.value)) < 250


def test_a_day_more_than_a_year_ahead_is_refused() -> None:
    today = datetime.now(UTC).date()
    assert read_date((today + timedelta(days=30)).isoformat())
    with pytest.raises(ArticleError, match="outside the years of news"):
        read_date((today + timedelta(days=400)).isoformat())


def test_dates_are_found_in_text() -> None:
    assert find_date("Posted on June 24, 2017 by Ann Lee") == DAY
    assert find_date("24.06.2017Get short URL") == DAY
    assert find_date("version 24.06.2017.3 of 124.06.2017") is None
    assert find_date("03/04/2017") is None
    assert find_date("in June 2017") is None


def test_fields_go_by_many_names() -> None:
    meta = read_fields(
        {
            "ID": 12, "Headline": "A <b>bridge</b>\u200b shut", "site_name": "Tarn Courier",
            "byline": "By Ruth Almas", "Date Published": "2017-06-24", "place": ["Tarn", "Isles"],
            "Category": "transport", "tags": ["strike", "Transport", 7], "link": "https://x.org/a",
            "lang": "en", "republished_by": "Open Commons", "carried_on": "June 25, 2017",
            "unknown": {"is": ["left", "out"]},
        }
    )  # fmt: skip
    assert meta == Metadata(
        id="12",
        title="A <b>bridge</b> shut",
        source="Tarn Courier",
        publisher="Open Commons",
        author="Ruth Almas",
        published=DAY,
        carried_on=date(2017, 6, 25),
        region="Tarn, Isles",
        tags=("transport", "strike", "7"),
        url="https://x.org/a",
        language="en",
    )


@pytest.mark.parametrize("value", ["", "~", "null", "None", "n/a", None, True, float("nan"), []])
def test_nothing_is_nothing(value: object) -> None:
    assert read_fields({"title": value, "author": value}) == Metadata()


def test_harmless_kinds_are_coerced() -> None:
    meta = read_fields({"source": {"name": "Tarn"}, "authors": [{"name": "A B"}, "C D"], "id": 1.5})
    assert (meta.source, meta.author, meta.id) == ("Tarn", "A B, C D", "1.5")
    assert len(read_fields({"title": "x" * 10_000}).title) == 500


@pytest.mark.parametrize(
    ("fields", "name", "value"),
    [
        ({"source": "https://x.org/a"}, "url", "https://x.org/a"),
        ({"source": "https://x.org/a"}, "source", ""),
        ({"source": "https://x.org/a", "url": "https://x.org/b"}, "url", "https://x.org/b"),
        (
            {"author": ["[[Ruth Almas]]", "[[people/per|Per Holt]]"]},
            "author",
            "Ruth Almas, Per Holt",
        ),
        ({"dc:creator": "Ruth Almas", "article:published_time": "2017-06-24"}, "published", DAY),
        ({"og:title": "No", "title": "Yes"}, "title", "Yes"),
        ({"headline": {"main": "Bridge shut"}}, "title", "Bridge shut"),
        ({"byline": {"original": "By Ruth Almas"}}, "author", "Ruth Almas"),
        ({"byline": "By "}, "author", ""),
        ({"author": {"name": ""}}, "author", ""),
        ({"mainEntityOfPage": {"@id": "https://x.org/a"}}, "url", "https://x.org/a"),
        ({"articleSection": ["Roads"], "news_keywords": "Teyn, roads"}, "tags", ("Roads", "Teyn")),
    ],
)
def test_feeds_and_clippers_have_names_of_their_own(
    fields: dict[str, object], name: str, value: object
) -> None:
    assert getattr(read_fields(fields), name) == value


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"title": {"en": "x"}}, 'field "title" holds a mapping where text belongs'),
        ({"author": [["a"]]}, 'field "author" holds a nested list or mapping'),
        ({"tags": [{"a": 1}]}, 'field "tags" holds a nested list or mapping'),
        ({"category": {"a": 1}}, 'field "category" holds a mapping'),
        ({"id": 10**40}, 'field "id" holds a number of absurd size'),
        ({"id": "x" * 301}, "its id is longer than 300 characters"),
        ({"date": ["2017", "many"]}, "is not a date"),
    ],
)
def test_kinds_that_mislead_are_refused(fields: dict[str, object], why: str) -> None:
    with pytest.raises(ArticleError, match=why):
        read_fields(fields)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "x.org", "https://a b"])
def test_only_web_addresses_are_kept(url: str) -> None:
    assert read_fields({"url": url}).url == ""


def test_outlet_and_re_publisher_are_settled() -> None:
    assert Metadata(publisher="Tarn").settled() == Metadata(source="Tarn")
    assert Metadata(source="Tarn", publisher="TARN", author="tarn").settled() == Metadata(
        source="Tarn"
    )
    assert Metadata(carried_on=DAY).settled().published == DAY


def test_front_matter_is_split_from_the_body() -> None:
    fields, body = split_front_matter("---\nid: 0012\nregion: NO\ndate: 2017-06-24\n---\nText.\n")
    assert fields == {"id": "0012", "region": "NO", "date": "2017-06-24"}
    assert body == "Text.\n"
    assert split_front_matter("---\na: b\n...\nText.") == ({"a": "b"}, "Text.")


@pytest.mark.parametrize(
    "text",
    ["", "Text.", "---", "---\nA rule above.\n---\nText.", "----\na: b\n---\n", "--- a\nb: c"],
)
def test_what_is_no_front_matter_stays(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("title: cut off\nand no end", "not closed"),
        ("title: one: two\n---\n", r"not YAML \(line 2\)"),
        ("title: 'x\n---\n", "not YAML"),
        ("title: \x07\n---\n", "not YAML"),
        ("a: &a [x, x]\nb: *a\n---\n", "uses YAML aliases"),
        ("a: &a {b: *a}\n---\n", "uses YAML aliases"),
        (f"a: {'[' * 900}\n---\n", "nested more than 8 deep"),
        (f"a: {'x' * 70_000}\n---\n", "longer than 64000 characters"),
        ("a: b\n--- \n", None),
        ("? [a]\n: b\n---\n", None),
    ],
)
def test_front_matter_that_lies_is_refused(source: str, why: str | None) -> None:
    if why is None:
        split_front_matter(f"---\n{source}")
        return
    with pytest.raises(ArticleError, match=why) as error:
        split_front_matter(f"---\n{source}")
    assert "\n" not in str(error.value)


def test_front_matter_of_two_documents_or_a_list_is_refused() -> None:
    with pytest.raises(ArticleError, match="is not YAML"):
        split_front_matter("---\na: b\n--- c\nd: e\n---\n")
    with pytest.raises(ArticleError, match="is not YAML"):
        split_front_matter("---\na: b\n- c\n---\n")

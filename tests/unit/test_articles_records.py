"""JSON, CSV, column mappings and feeds: their articles, and what cannot be read."""

from __future__ import annotations

import io
import json
import tracemalloc
from datetime import date
from pathlib import Path

import feedparser
import pytest

from assistant.articles.build import CLEANER_VERSION
from assistant.articles.kinds import decoded, jsonevents, jsonfile, table
from assistant.articles.mapping import MAPPED_FIELDS, ColumnMapping, parse_mapping
from assistant.errors import UsageError
from assistant.types import Article
from tests.unit.article_makers import ATOM, CSV, JSON, RECORDS, RSS, TEXT, articles, read, reasons

OF_A_PORTAL = ColumnMapping({"text": "Article.Body", "title": "Headline", "published": "meta.day"})
PORTAL = {"Headline": "Bridge shut", "Article": {"Body": TEXT}, "meta": {"day": "2017-06-12"}}


@pytest.mark.parametrize(
    "data",
    [
        JSON,
        json.dumps(RECORDS),
        json.dumps({"response": {"docs": RECORDS, "facets": [1, 2]}}),
        json.dumps({"sources": [{"name": "x"}], "articles": RECORDS}),
        "\n".join(map(json.dumps, RECORDS)),
        json.dumps(RECORDS, indent=1).encode("utf-16"),
        b"\xef\xbb\xbf" + JSON.encode(),
    ],
)
def test_articles_of_json_are_found_in_its_list(tmp_path: Path, data: str | bytes) -> None:
    first, second = articles(read(tmp_path, "a.json", data))
    assert (first.id, first.title, first.author) == ("a#1", "Bridge shut", "Ann Lee")
    assert (first.text, first.published) == (TEXT, date(2017, 6, 12))
    assert (second.id, second.text) == ("7", "The ferry runs twice an hour.")


def test_one_object_is_one_article(tmp_path: Path) -> None:
    data = json.dumps({"title": "Bridge shut", "text": TEXT, "images": [{"url": "x"}]})
    (article,) = articles(read(tmp_path, "a.json", data))
    assert article.text == TEXT


def test_linked_data_is_read_and_its_other_objects_left_out(tmp_path: Path) -> None:
    news = {
        "@context": "https://schema.org",
        "@type": ["NewsArticle"],
        "headline": "Bridge shut",
        "articleBody": TEXT,
        "datePublished": "2017-06-12T08:00:00+02:00",
        "author": [{"@type": "Person", "name": "Ann Lee"}],
        "publisher": {"@type": "Organization", "name": "Harbour Gazette"},
        "mainEntityOfPage": {"@id": "https://gazette.example/bridge"},
        "articleSection": "Roads",
        "inLanguage": "en",
    }
    (alone,) = articles(read(tmp_path, "a.json", json.dumps(news)))
    graph = {"@graph": [{"@type": "WebPage", "name": "x"}, news]}
    (article,) = articles(read(tmp_path, "a.json", json.dumps(graph)))
    assert alone.text == article.text == TEXT
    assert (article.title, article.author) == ("Bridge shut", "Ann Lee")
    assert (article.source, article.published) == ("Harbour Gazette", date(2017, 6, 12))
    assert (article.url, article.language) == ("https://gazette.example/bridge", "en")
    assert article.tags == ("Roads",)


def test_texts_may_be_html_lists_or_wrapped(tmp_path: Path) -> None:
    records = [
        {"content": {"rendered": "<p>One &amp; two.</p>\n<p>Three.</p>"}},
        {"content_html": "<p>Four<br>five.</p>"},
        {"text": ["Six.", "Seven."]},
        {"text": "2 < 3, and <b>bold</b> too.\n\nEight."},
    ]
    assert [
        article.text for article in articles(read(tmp_path, "a.json", json.dumps(records)))
    ] == [
        "One & two.\n\nThree.",
        "Four five.",
        "Six.\n\nSeven.",
        "2 < 3, and <b>bold</b> too.\n\nEight.",
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "is empty"),
        ("  ", "is not JSON: Incomplete JSON content"),
        ("words", "is not JSON: Unexpected symbol 'words' at 0"),
        ('{"a": "cut', "is not JSON: Incomplete string lexeme"),
        ("[" * 100_000, "is nested more than 64 deep"),
        ('[{"text": ' + "9" * 90_000 + "}]", "is not JSON: Unexpected symbol '" + "9" * 181),
        ("[]", "has no text"),
        ('"words"', "is not a JSON object"),
        ("{}", 'has no text (in "text" or "body")'),
        (b'{"a": "\x00"}', "is binary, not text"),
        ('[{"question": "Who?", "answers": []}]', "is a question file; use `assistant evaluate`"),
        (
            '{"new": [{"text": "a"}], "old": [{"text": "b"}]}',
            'has several lists of objects ("new", "old"); leave one in it',
        ),
        (
            "[1, 2, 3, 4]",
            "none of its 4 objects is an article; the first: is not a JSON object",
        ),
    ],
)
def test_json_without_articles_is_quarantined(tmp_path: Path, data: str | bytes, why: str) -> None:
    (found,) = reasons(read(tmp_path, "a.json", data), tmp_path).values()
    assert found == why


@pytest.mark.parametrize("text", [JSON, json.dumps(RECORDS)])
def test_what_stands_before_the_damage_is_read(tmp_path: Path, text: str) -> None:
    article, damage = read(tmp_path, "a.json", text[:-60])
    assert isinstance(article, Article)
    assert reasons([damage], tmp_path) == {"a.json": "is not JSON: Incomplete string lexeme"}


def test_bad_objects_are_quarantined_by_number(tmp_path: Path) -> None:
    records = [{"text": "Good."}, {"text": ""}, 5, {"text": "Good.", "date": "2017-02-30"}]
    items = read(tmp_path, "a.json", json.dumps(records))
    assert reasons(items, tmp_path) == {
        "a.json#2": 'has no text (in "text" or "body")',
        "a.json#3": "is not a JSON object",
        "a.json#4": 'date "2017-02-30": there is no such day (day is out of range for month)',
    }


def test_large_json_is_streamed_and_a_huge_object_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (decoded, jsonfile, jsonevents):
        monkeypatch.setattr(module, "MOST_BYTES", 100_000)
    short = [{"text": f"The ferry runs {n} times. " * 100} for n in range(300)]
    for data in (json.dumps(short), json.dumps({"articles": short})):
        assert len(data) > 500_000
        assert len(articles(read(tmp_path, "a.json", b"\xef\xbb\xbf" + data.encode()))) == 300
    huge = [*short[:3], {"text": "x" * 500_000}, short[0]]
    items = read(tmp_path, "a.json", json.dumps(huge))
    assert len(items) == 4
    assert reasons(items, tmp_path) == {
        "a.json": "holds an object of more than 100,000 bytes; what follows is not read"
    }


def test_the_parser_holds_little_at_a_time(tmp_path: Path) -> None:
    data = json.dumps({"articles": [{"text": "word " * 4000} for _ in range(500)]})
    guard = jsonevents.Guard(io.BytesIO(data.encode()))
    tracemalloc.start()
    assert sum(1 for _ in jsonevents.values_at(guard, ("articles", None))) == 500
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < len(data) / 10


def test_ten_thousand_records_without_an_article_are_enough(tmp_path: Path) -> None:
    why = (
        'none of its first 10,000 lines is an article; the first: has no text (in "text" or "body")'
    )
    assert reasons(read(tmp_path, "a.jsonl", "{}\n" * 11_000), tmp_path) == {"a.jsonl": why}


@pytest.mark.parametrize(
    "data",
    [
        CSV,
        CSV.replace("\n", "\r\n"),
        "\ufeff" + CSV,
        "\n\nsep=,\n" + CSV,
        CSV.encode("utf-16"),
    ],
)
def test_a_row_is_an_article(tmp_path: Path, data: str | bytes) -> None:
    (article,) = articles(read(tmp_path, "a.csv", data))
    assert (article.id, article.title) == ("1", 'Bridge "shut"')
    assert article.text == f"{TEXT}\n\nIt will open."
    assert article.published == date(2017, 6, 12)


@pytest.mark.parametrize(("sign", "name"), [("\t", "a.tsv"), (";", "a.csv"), ("|", "b.csv")])
def test_what_separates_columns_is_told_from_the_header(
    tmp_path: Path, sign: str, name: str
) -> None:
    rows = [["Pub Date", "Full, text", "Body"], ["2017-06-12", "no", TEXT], ["", "", "Short."]]
    found = articles(read(tmp_path, name, "\n".join(sign.join(row) for row in rows)))
    assert [article.text for article in found] == [TEXT, "Short."]
    assert [article.id for article in found] == [f"{name[0]}#1", f"{name[0]}#2"]
    assert found[0].published == date(2017, 6, 12)


@pytest.mark.parametrize(
    ("data", "reasons_"),
    [
        ("text\n", {"a.csv": "has no text"}),
        (
            f"id,story\n1,{TEXT[:20]}\n",
            {
                "a.csv": 'has no column "text" or "body", and none is mapped; '
                'its columns: "id", "story"'
            },
        ),
        (
            "id,text\n1,Good.\n2,Half,half.\n3,\n",
            {
                "a.csv#2": "has 3 cells under 2 columns",
                "a.csv#3": 'has no text (in "text" or "body")',
            },
        ),
        (
            "question,answers,text\nWho?,a,b\n",
            {"a.csv": "is a question file; use `assistant evaluate`"},
        ),
    ],
)
def test_rows_that_are_no_articles_are_quarantined(
    tmp_path: Path, data: str, reasons_: dict[str, str]
) -> None:
    assert reasons(read(tmp_path, "a.csv", data), tmp_path) == reasons_


def test_reasons_are_one_line_whatever_columns_are_called(tmp_path: Path) -> None:
    why = 'has no column "text" or "body", and none is mapped; its columns: "a b", "c"'
    assert reasons(read(tmp_path, "a.csv", '"a\nb",c\n1,2\n'), tmp_path) == {"a.csv": why}


def test_a_cell_without_an_end_and_large_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (article,) = articles(read(tmp_path, "a.csv", "text\n" + "word " * 100_000))
    assert len(article.text) == 499_999
    monkeypatch.setattr(table, "MOST_BYTES", 1000)
    monkeypatch.setattr(decoded, "MOST_BYTES", 1000)
    good, bad = read(tmp_path, "b.csv", 'text\nGood.\n"' + "word " * 1000)
    assert isinstance(good, Article)
    assert reasons([bad], tmp_path) == {
        "b.csv": "is damaged at line 3: field larger than field limit (1000)"
    }
    latin = "text\nGood.\n" + "Brücke. " * 1000
    assert reasons(read(tmp_path, "c.csv", latin.encode("cp1252")), tmp_path) == {
        "c.csv": "has more than 1,000 bytes and is not UTF-8"
    }


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_mapping_reaches_into_objects(tmp_path: Path, name: str) -> None:
    (article,) = articles(read(tmp_path, name, json.dumps(PORTAL), OF_A_PORTAL))
    assert (article.text, article.title) == (TEXT, "Bridge shut")
    assert article.published == date(2017, 6, 12)
    listed = json.dumps({"items": [PORTAL], "other": [{"x": 1}]})
    (article,) = articles(read(tmp_path, "b.json", listed, OF_A_PORTAL))
    assert article.text == TEXT


def test_a_mapping_names_columns(tmp_path: Path) -> None:
    data = f"no,Story,text,Head,kind\n1,{TEXT.replace(',', '')},summary,Shut,Roads\n"
    mapping = parse_mapping("text=Story,title=Head,tags=kind,id=no")
    (article,) = articles(read(tmp_path, "a.csv", data, mapping))
    assert article.text == TEXT.replace(",", "")
    assert (article.id, article.title, article.tags) == ("1", "Shut", ("Roads",))
    missing = read(tmp_path, "a.csv", data, ColumnMapping({"text": "Body"}))
    assert reasons(missing, tmp_path) == {
        "a.csv": 'has no column "Body"; its columns: "no", "Story", "text", "Head", "kind"'
    }


def test_a_mapped_text_is_no_other(tmp_path: Path) -> None:
    items = read(tmp_path, "a.jsonl", '{"text": "summary"}', ColumnMapping({"text": "Story"}))
    assert reasons(items, tmp_path) == {"a.jsonl:1": 'has no text (in "Story")'}


def test_a_mapping_without_the_text_leaves_records_that_lack_its_columns_alone() -> None:
    mapping = ColumnMapping({"title": "Headline", "author": "By"})
    assert mapping.applied({"text": TEXT, "title": "Shut"}) == {"text": TEXT, "title": "Shut"}
    assert mapping.applied({"text": TEXT, "title": "Shut", "By": "Ruth Almas"}) == {
        "text": TEXT, "By": "Ruth Almas", "author": "Ruth Almas"
    }  # fmt: skip


def test_a_literal_column_with_a_dot_comes_first() -> None:
    mapping = ColumnMapping({"text": "a.b", "title": "c.d.e"})
    record = {"a.b": "literal", "a": {"b": "nested"}, "c": {"d": "no object"}, "Title": "own"}
    assert mapping.applied(record) == {
        "a.b": "literal", "a": {"b": "nested"}, "c": {"d": "no object"}, "text": "literal"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "why"),
    [
        (
            "story=Body",
            f'no field is called "story"; there are {", ".join(MAPPED_FIELDS[:-1])} and tags',
        ),
        ("Body", '"Body" is no mapping; write FIELD=COLUMN, such as text=Body,title=Head'),
        ("=Body", '"=Body" is no mapping; write FIELD=COLUMN, such as text=Body,title=Head'),
        ("", '"" is no mapping; write FIELD=COLUMN, such as text=Body,title=Head'),
        ("text=", 'no column is named for the field "text"'),
        ("text=a,text=b", 'the field "text" is mapped twice'),
    ],
)
def test_a_wrong_mapping_is_wrong_usage(written: str, why: str) -> None:
    with pytest.raises(UsageError) as error:
        parse_mapping(written)
    assert str(error.value) == why


def test_entries_of_a_feed_are_articles(tmp_path: Path) -> None:
    first, second = articles(read(tmp_path, "a.rss", RSS))
    assert first.text == f"{TEXT}\n\nIt will open again."
    assert (first.id, first.title, first.author) == ("gazette-1", "Bridge & road shut", "Ann Lee")
    assert (first.source, first.language) == ("The Harbour Gazette", "en")
    assert (first.published, first.tags) == (date(2017, 6, 12), ("Roads",))
    assert first.url == "https://gazette.example/bridge"
    assert second.id == second.url == "https://gazette.example/ferry"
    assert (second.text, second.published) == ("The ferry runs twice an hour.", None)


@pytest.mark.parametrize("name", ["a.atom", "a.xml"])
def test_atom_is_read_too(tmp_path: Path, name: str) -> None:
    (article,) = articles(read(tmp_path, name, ATOM))
    assert (article.title, article.source) == ("Bridge shut", "Tarn Courier")
    assert (article.author, article.text) == ("Ann Lee", TEXT)
    assert article.published == date(2017, 6, 12)
    assert article.id == "tag:courier.example,2017:1"


def test_the_outlet_of_an_entry_is_not_that_of_the_feed(tmp_path: Path) -> None:
    data = RSS.replace("<guid>", "<source url='https://x.example'>Tarn Courier</source><guid>")
    assert articles(read(tmp_path, "a.rss", data))[0].source == "Tarn Courier"


def test_days_and_ids_that_are_none_are_left_out(tmp_path: Path) -> None:
    data = RSS.replace("Mon, 12 Jun 2017 23:30:00 -0500", "some day").replace(
        "gazette-1", "g" * 301
    )
    first = articles(read(tmp_path, "a.rss", data))[0]
    assert (first.id, first.published) == ("a#1", None)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("words", "is no XML: syntax error"),
        ("<note><to>x</to></note>", "is no feed (RSS or Atom)"),
        (
            "<rss version='2.0'><channel><title>x</title></channel></rss>",
            "is a feed without entries",
        ),
    ],
)
def test_xml_that_is_no_feed_is_quarantined(tmp_path: Path, data: str, why: str) -> None:
    assert reasons(read(tmp_path, "a.xml", data), tmp_path) == {"a.xml": why}


def test_entries_without_text_and_damaged_feeds(tmp_path: Path) -> None:
    data = RSS.replace("&lt;p&gt;The ferry runs twice an hour.&lt;/p&gt;", "")
    assert reasons(read(tmp_path, "a.rss", data), tmp_path) == {"a.rss#2": "has no text"}
    items = read(tmp_path, "b.rss", RSS[:-30])
    assert isinstance(items[0], Article)
    assert reasons(items, tmp_path)["b.rss"].startswith("is damaged: ")


def test_what_the_library_lets_through_is_a_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise ValueError("embedded null\ncharacter")

    monkeypatch.setattr(feedparser, "parse", fail)
    why = "is a damaged feed: embedded null character"
    assert reasons(read(tmp_path, "a.rss", RSS), tmp_path) == {"a.rss": why}


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha" * 10}">' for n in range(9)
    )
    outside = '<!ENTITY file SYSTEM "file:///etc/passwd">'
    data = RSS.replace("?>", f"?><!DOCTYPE rss [{entities}{outside}]>", 1)
    data = data.replace("In short.", "&e8;&file;").replace("<![CDATA[<p>", "<![CDATA[<p>&e8;&file;")
    for item in read(tmp_path, "a.rss", data):
        assert "haha" not in repr(item)
        assert "root:" not in repr(item)


def test_a_page_named_as_a_feed_or_as_text_is_read_as_a_page(tmp_path: Path) -> None:
    from tests.unit.article_makers import PAGE

    for name in ("a.xml", "a.txt", "page"):
        (article,) = articles(read(tmp_path, name, "\ufeff<!-- saved -->\n" + PAGE))
        assert TEXT in article.text
        assert "<p>" not in article.text


FURNITURE = "Subscribe to our newsletter"
CLEANED = f"The county shut the bridge over the Teyn on Monday.\n\n{FURNITURE}"


@pytest.mark.parametrize(
    ("text", "version", "left"),
    [
        (CLEANED, CLEANER_VERSION, CLEANED),
        (CLEANED, "1", CLEANED.removesuffix(f"\n\n{FURNITURE}")),
        (CLEANED, "", CLEANED.removesuffix(f"\n\n{FURNITURE}")),
        # What was changed since is cleaned as any text is.
        (f"{CLEANED}\n", CLEANER_VERSION, CLEANED.removesuffix(f"\n\n{FURNITURE}")),
        (f"<p>{TEXT}</p>", CLEANER_VERSION, f"<p>{TEXT}</p>"),
        (f"{TEXT}\u202e", CLEANER_VERSION, TEXT),
    ],
)
def test_what_was_cleaned_is_not_cleaned_again(
    tmp_path: Path, text: str, version: str, left: str
) -> None:
    line = json.dumps({"id": "teyn", "text": text, "cleaner_version": version})
    (article,) = articles(read(tmp_path, "a.jsonl", line))
    assert (article.text, article.cleaner_version) == (left, CLEANER_VERSION)

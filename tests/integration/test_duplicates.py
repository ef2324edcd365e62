"""Links in a library, right after whatever came, changed and went; what answers make of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Assistant
from assistant.articles.near import group, link_all
from assistant.indexing import index_paths
from assistant.library import FileChange, Library, duplicates
from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.changes import commit_file, drop_article
from assistant.library.engines.databases import in_file
from assistant.models import EmbedderInfo
from assistant.types import Article, Link
from tests.newsroom import hash_embed, write_article

STORIES = [[f"story{story}word{number}" for number in range(60)] for story in range(2)]
STORM = (
    "The storm Ylva tore the roofs from nine houses in Hollin on Sunday, the town's fire brigade "
    "said. Two people were hurt when a chimney fell on the market square. The road to Teyn was "
    "closed by fallen trees until the evening, and four hundred homes had no power."
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """One of few articles, in one of many versions that overlap."""
    words = draw(st.sampled_from(STORIES))
    first, last = draw(st.integers(0, 15)), draw(st.integers(35, 60))
    tail = draw(st.sampled_from(["", "Herald", "Post said", "42 dead", STORIES[0][5:25]]))
    return Article(
        id=draw(st.sampled_from("abcdefg")),
        text=" ".join([*words[first:last], *([tail] if isinstance(tail, str) else tail)]),
        source=draw(st.sampled_from(["Herald", "Post", ""])),
        publisher=draw(st.sampled_from(["", "Digest"])),
        published=draw(st.sampled_from([None, date(2017, 7, 10), date(2017, 7, 11)])),
    )


Step = Article | str
"""An article that comes or changes, or the id of one that goes."""


@settings(max_examples=60, deadline=None)
@given(st.lists(articles() | st.sampled_from("abcdefg"), min_size=1, max_size=14))
def test_links_are_those_of_what_is_there_whatever_came_before(steps: list[Step]) -> None:
    catalogue = Catalogue(in_file(Path(":memory:")))
    current: dict[str, Article] = {}
    with catalogue.begin() as connection:
        t.create_tables(connection)
        for step in steps:
            if isinstance(step, str):
                drop_article(connection, step)
                current.pop(step, None)
            else:
                change = FileChange(step.id, "root", "digest", write=[(step, [])])
                commit_file(connection, change)
                current[step.id] = step
            wanted = link_all(current.values())
            assert duplicates.all_links(connection) == wanted
        told = duplicates.reports(connection, current)
        assert [[a.id for a in report] for report in told] == [
            [a.id for a in report] for report in group(current.values(), wanted)
        ]
        duplicates.link_anew(connection)
        assert duplicates.all_links(connection) == wanted
    catalogue.close()


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """An empty library; its vectors mean nothing."""
    return Library.create(tmp_path / "index", EmbedderInfo("hash", 384, "none"))


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A report, a reprint of it and another report."""
    folder = tmp_path / "news"
    write_article(folder, "storm.md", STORM, source="Teyn Valley Radio", date="2017-07-10")
    write_article(folder, "again.md", f"HOLLIN. {STORM}", source="Kestrel Wire", date="2017-07-11")
    write_article(folder, "market.md", "Wheat prices fell for the third week.", source="Herald")
    return folder


AGAIN = Link("again", "storm", "reprint", 1.0)


def test_links_follow_the_files(library: Library, news: Path) -> None:
    index_paths(library, hash_embed, [news])
    assert library.links() == library.links_of("storm") == library.links_of("again") == [AGAIN]
    assert library.links_of("market") == library.links_of("no such article") == []
    # Its day alone changes: now it is the original.
    write_article(news, "again.md", f"HOLLIN. {STORM}", source="Kestrel Wire", date="2017-07-09")
    index_paths(library, hash_embed, [news])
    assert library.links() == [Link("storm", "again", "reprint", 1.0)]
    (news / "again.md").unlink()
    index_paths(library, hash_embed, [news])
    assert library.links() == []
    library.close()


def test_links_by_other_rules_are_made_anew(library: Library, news: Path) -> None:
    index_paths(library, hash_embed, [news])
    with library.catalogue.begin() as connection:
        connection.execute(t.LINKS.delete())
        connection.execute(t.PRINTS.delete())
        t.put_meta(connection, dict.fromkeys(duplicates.LINKED, "older rules"))
    before = library.generation
    with library.writing():
        pass
    assert library.links() == [AGAIN]
    assert library.generation > before  # other processes are to see it
    library.close()


def test_a_phrase_that_everybody_prints_links_nothing(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(duplicates, "COMMON", 2)
    for number in range(4):
        own = " ".join(f"own{number}word{place}" for place in range(12))
        write_article(
            tmp_path / "news", f"{number}.md", f"{own} {STORM}", source=f"Outlet {number}"
        )
    index_paths(library, hash_embed, [tmp_path / "news"])
    assert {link.article_id for link in library.links()} <= {"1", "2"}
    library.close()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """A library with a report and two reprints, one of them a year later."""
    folder = tmp_path_factory.mktemp("reprinted")
    news = folder / "news"
    write_article(news, "radio.md", STORM, source="Teyn Valley Radio", date="2017-07-10")
    write_article(news, "wire.md", f"HOLLIN. {STORM}", source="Kestrel Wire", date="2017-07-11")
    write_article(news, "late.md", STORM, source="Dorvan Herald", date="2018-07-10")
    assistant = Assistant.open(folder / "index", create=True)
    assistant.index([news])
    return assistant


def test_an_answer_names_who_else_carried_it_though_a_filter_leaves_them_out(
    opened: Assistant,
) -> None:
    question = "How many houses lost their roofs in Hollin?"
    answer = opened.ask(question, until="2017-07-10")
    assert {item.article.id for item in answer.evidence} == {"radio"}
    assert answer.citations[0].also_carried_by == ("Kestrel Wire", "Dorvan Herald")
    whole = opened.ask(question)
    assert {item.article.id for item in whole.evidence} == {"radio", "wire", "late"}
    assert [cited.article_id for cited in whole.citations] == ["radio"]
    assert "by Teyn Valley Radio (also carried by Kestrel Wire and Dorvan Herald)" in whole.text
    assert whole.disagreements == ()


def test_articles_at_hand_are_linked_alike(opened: Assistant) -> None:
    given = [opened.article(listed.id) for listed in opened.articles()]
    question = "How many houses lost their roofs in Hollin?"
    read, asked = opened.read(question, given), opened.ask(question)
    assert read.text == asked.text
    assert read.citations == tuple(replace(cited) for cited in asked.citations)
    assert opened.links() == link_all(given)


def test_the_command_line_shows_links(
    opened: Assistant, capsys: pytest.CaptureFixture[str], run: Callable[..., str]
) -> None:
    assert "repeated by: wire (reprint, 100% of the shorter text)" in run("show", "radio")
    assert "repeats: radio (exact, 100% of the shorter text)" in run("show", "late")
    shown = json.loads(run("show", "late", "--json"))
    assert shown["repeats"] == {"id": "radio", "kind": "exact", "share": 1.0}
    listed = {item["id"]: item for item in json.loads(run("list", "--json"))}
    assert [each["id"] for each in listed["radio"]["repeated_by"]] == ["late", "wire"]
    assert (listed["radio"]["repeats"], listed["wire"]["repeats"]["id"]) == (None, "radio")


@pytest.fixture
def run(opened: Assistant, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """`assistant articles ...` on that library: what it prints."""
    from assistant.cli import main

    def articles_command(*words: str) -> str:
        folder = opened._need_library().folder
        assert main(["articles", *words, "--index", str(folder)]) == 0
        return capsys.readouterr().out

    return articles_command

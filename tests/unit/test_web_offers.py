"""What a library offers: regions, tags, and questions that it answers."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.errors import ArticleNotFoundError
from assistant.types import Article
from assistant.web import offers
from assistant.web.view import LONGEST, view_of

PASS = Article(
    id="pass",
    title="Pass shut",
    region="Coast",
    tags=("snow", "Roads"),
    text="On Monday snow fell on Mount Arvid. By noon the road to Mount Arvid was shut.",
)


class Library:
    """Articles, and an assistant that answers what names them; it counts what it is asked."""

    def __init__(self, *articles: Article) -> None:
        self.held = {article.id: article for article in articles}
        self.generation = 1
        self.asked: list[str] = []

    def manifest(self) -> Any:
        return SimpleNamespace(generation=self.generation)

    def articles(self) -> list[Article]:
        return [replace(article, text="") for article in self.held.values()]

    def article(self, article_id: str) -> Article:
        if "gone" in article_id:
            raise ArticleNotFoundError(f"no article {article_id}")
        return self.held[article_id]

    def ask(self, question: str, *, writer: str) -> Any:
        assert writer == "quote"
        self.asked.append(question)
        cited = [SimpleNamespace(article_id=i) for i in self.held if i in question.lower()]
        return SimpleNamespace(abstained=not cited, citations=cited)


def asks(name: str) -> Article:
    return Article(id=name, text="", title=f"What became of the {name}?")


def test_regions_and_tags_are_listed_once_in_their_usual_spelling() -> None:
    articles = [
        PASS,
        replace(PASS, region=" coast", tags=("roads",)),
        replace(PASS, region="Coast", tags=("roads", "roads", "")),
        replace(PASS, region="", tags=("Årsta",)),
    ]
    assert offers.facets_of(articles) == (("Coast",), ("roads", "snow", "Årsta"))


def test_of_many_tags_those_that_most_articles_carry_are_listed() -> None:
    many = tuple(f"tag {n:04}" for n in range(offers.MOST_NAMES + 5))
    tags = offers.facets_of([replace(PASS, tags=many), replace(PASS, tags=many[5:])]).tags
    assert tags == many[5:]


def test_only_questions_that_are_answered_from_their_own_article_are_offered() -> None:
    library = Library(asks("ferry"), replace(asks("bridge"), title="What became of the barge?"))
    assert offers.Offers(library).questions() == ("What became of the ferry?",)
    assert len(library.asked) == 2


def test_an_article_that_went_meanwhile_is_passed_over() -> None:
    library = Library(asks("gone"), asks("ferry"))
    assert offers.Offers(library).questions() == ("What became of the ferry?",)


def test_questions_are_found_once_a_generation_and_their_search_is_bounded() -> None:
    library = Library(*(replace(asks(f"n{n}"), title=f"What is {n} of it?") for n in range(99)))
    found = offers.Offers(library)
    assert found.questions() == found.questions() == ()
    assert len(library.asked) == offers.TRIES
    library.generation = 2
    found.questions()
    assert len(library.asked) == 2 * offers.TRIES


def test_no_more_is_asked_once_enough_is_found() -> None:
    library = Library(*(asks(f"item{n}") for n in range(9)))
    assert len(offers.Offers(library).questions()) == offers.QUESTIONS
    assert len(library.asked) == offers.QUESTIONS


def test_questions_come_from_all_over_the_library_and_each_title_once() -> None:
    articles = [replace(PASS, id=str(n), title=f"Title {n // 2}") for n in range(100)]
    chosen = offers.spread([*articles, replace(PASS, title=" ")], 5)
    assert [a.title for a in chosen] == [f"Title {n}" for n in (0, 10, 20, 30, 40)]


def test_names_are_those_in_the_middle_of_sentences() -> None:
    assert offers.names_in(PASS.text)[:1] == ["Mount Arvid"]
    assert offers.names_in("On Monday it rained. By Monday it had. On Monday.") == []


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("Who shut the pass?", "Snow, said Ola Brandt.", ["Who shut the pass?"]),
        (
            "Pass shut",
            "By noon 40 lorries were waiting in Norrvik. The mayor, Ola Brandt, said so twice.",
            ["How many lorries were waiting in Norrvik?", "What did Ola Brandt say?"],
        ),
        ("Pass shut", "A report of Human Rights Watch said so.", []),
        ("Pass shut", PASS.text, ["What is known about Mount Arvid?"]),
        ("Why?", "It rained.", []),
    ],
)
def test_questions_are_made_of_what_an_article_asks_counts_quotes_and_names(
    title: str, text: str, expected: list[str]
) -> None:
    assert offers.questions_about(replace(PASS, title=title, text=text)) == expected


def test_the_view_comes_from_the_address_whatever_stands_there() -> None:
    view = view_of({"since": "2021-03-01", "outlet": " Northern  Wire ", "tag": "x" * 999, "q": 3})
    assert view.typed == ("2021-03-01", "", "Northern Wire", "", "x" * LONGEST)
    assert view.question == ""
    assert view_of({"chat": "  of mine "}).chat == "of mine"
    assert view_of({}) == (("", "", "", "", ""), "", "")


@pytest.mark.parametrize("text", ["<script>x</script>", "{{ x }}", "javascript:x"])
def test_a_view_is_text(text: str) -> None:
    assert view_of({"q": text, "region": text}).question == text

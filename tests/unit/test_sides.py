"""The sides of a question, and that each gets its best sentence before any gets a second."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering.drafts import Draft
from assistant.answering.quoting.quote import QuoteWriter
from assistant.answering.quoting.sides import Side, sides_of
from assistant.answering.refusal import Holdings
from assistant.library import ClosedSet
from assistant.models.minilm import MiniLMEmbedding
from assistant.passages import split_passages
from assistant.settings import load_settings
from assistant.types import Article, Evidence

pytest_plugins = ["tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment")

OUTLETS = ("Harbour Post", "Hill Echo", "Hill Echo - Sport")
ECHO = ("Hill Echo", "Hill Echo - Sport")


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        (
            "Did the Harbour Post and Hill Echo both report that the dam broke?",
            [(None, ("Harbour Post",)), (None, ECHO)],
        ),
        (
            "Does the Harbour Post article on the dam agree with the Hill Echo article on it?",
            [(None, ("Harbour Post",)), (None, ECHO)],
        ),
        (
            "Does the Harbour Post article say that the dam of Kesra broke at night, while the "
            "Hill Echo article says that engineers opened the sluices on purpose?",
            [
                (
                    "Does the Harbour Post article say that the dam of Kesra broke at night",
                    ("Harbour Post",),
                ),
                (
                    "while the Hill Echo article says that engineers opened the sluices on "
                    "purpose?",
                    ECHO,
                ),
            ],
        ),
        (
            # One thing that several sources tell of: each clause that says something is a side.
            "Which engineer, as reported by the Harbour Post and Hill Echo, opened the sluices of "
            "the Kesra dam, and later resigned from the water board of the province?",
            [
                ("opened the sluices of the Kesra dam", ("Harbour Post", *ECHO)),
                (
                    "and later resigned from the water board of the province?",
                    ("Harbour Post", *ECHO),
                ),
            ],
        ),
        ("Which is longer, the Tarn or the Odel?", [(None, ()), (None, ())]),
        ("Did Ruth Almas and Per Holt both resign?", [(None, ()), (None, ())]),
    ],
)
def test_sides(question: str, sides: list[tuple[str | None, tuple[str, ...]]]) -> None:
    found = sides_of(question, OUTLETS)
    assert [side.outlets for side in found] == [outlets for _, outlets in sides]
    for side, (text, _) in zip(found, sides, strict=True):
        assert text in (None, side.text)


def test_each_of_two_things_is_asked_for() -> None:
    texts = [side.text for side in sides_of("Did Ruth Almas and Per Holt both resign?", ())]
    assert texts == ["Did Ruth Almas resign?", "Did Per Holt resign?"]


@pytest.mark.parametrize(
    "question",
    [
        "Who holds the dam of Kesra?",
        "According to the Harbour Post, who holds the dam of Kesra?",
        "Did the Harbour Post report that the dam broke?",
        "Which side holds the dam?",
        "Is it true or not?",
        # The clauses of a short question tell of one thing.
        "According to a keeper of the dam, how many sluices were opened during the night of rain?",
        "",
    ],
)
def test_most_questions_have_one(question: str) -> None:
    assert sides_of(question, OUTLETS) == ()


def test_a_question_of_all_sources_is_asked_of_each() -> None:
    question = (
        "After the Harbour Post report on the dam published on 4 March 2021, and the Hill Echo "
        "review of the sluices published on 9 March 2021, was the number of the drowned the same?"
    )
    asked = "was the number of the drowned the same?"
    post, echo = sides_of(question, OUTLETS)
    assert post.text.endswith(asked) and echo.text.endswith(asked)
    assert (post.since, echo.until) == (date(2021, 3, 4), date(2021, 3, 9))


def passage(article: Article) -> Evidence:
    return Evidence(split_passages(article)[0], article, 1, 1.0, "test")


def test_evidence_of_a_side_is_of_its_outlets_and_if_there_is_any_of_its_days() -> None:
    early = passage(Article("a", "Rain.", source="Hill Echo", published=date(2021, 3, 4)))
    late = passage(Article("b", "Rain.", publisher="Hill Echo", published=date(2021, 3, 9)))
    undated = passage(Article("c", "Rain.", source="Hill Echo"))
    other = passage(Article("d", "Rain.", source="Harbour Post", published=date(2021, 3, 9)))
    every = [early, late, undated, other]
    assert Side("?", ("Hill Echo",)).evidence(every) == [early, late, undated]
    assert Side("?", ("Hill Echo",), date(2021, 3, 5), None).evidence(every) == [late]
    assert Side("?", ("Hill Echo",), date(2022, 1, 1), None).evidence(every) == every[:3]
    assert Side("?", ("Gazette",)).evidence(every) == []


POST = (
    "The dam of Kesra broke at night. Kesra's dam broke in three places at night. "
    "The broken dam of Kesra was built in 1962."
)


def quoted(embedder: MiniLMEmbedding, question: str, most: int) -> list[str]:
    articles = [
        Article("post", POST, source="Harbour Post", published=date(2021, 3, 4)),
        Article("echo", "Engineers opened the sluices on purpose.", source="Hill Echo"),
    ]
    writer = QuoteWriter(
        ClosedSet(articles, embedder.embed),
        embedder.embed,
        load_settings(abstain_below=0.0, max_statements=most),
        held=Holdings.of(articles),
    )
    *drafts, _ = writer.write(question, [passage(article) for article in articles])
    return [draft.body for draft in drafts if isinstance(draft, Draft)]


def test_every_side_is_quoted_before_any_twice(embedder: MiniLMEmbedding) -> None:
    question = (
        "Does the Harbour Post article say that the dam of Kesra broke at night, while the Hill "
        "Echo article says that engineers opened the sluices?"
    )
    first, second = quoted(embedder, question, most=2)
    assert "broke" in first
    assert second == "Engineers opened the sluices on purpose."
    assert len(quoted(embedder, question, most=1)) == 1
    # Asked of nobody in particular, the best two sentences are both of one article.
    assert "sluices" not in " ".join(quoted(embedder, "Where did the dam of Kesra break?", most=2))

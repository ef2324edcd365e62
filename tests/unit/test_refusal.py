"""A question that is not answered is told why, where that can be told."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answering.drafts import Draft, Outcome
from assistant.answering.quoting.quote import QuoteWriter
from assistant.answering.refusal import NOT_SURE, Holdings, why_not
from assistant.library import ClosedSet
from assistant.models.minilm import MiniLMEmbedding
from assistant.passages import split_passages
from assistant.settings import load_settings
from assistant.types import Article, Evidence

pytest_plugins = ["tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment")

PLAIN = "Rebel units hold the dam of Kesra since May. Bread is dear."
HEARD = "Rebel units hold the dam of Kesra, its keeper told Reuters. Bread is dear."


def write(
    embedder: MiniLMEmbedding, question: str, text: str, *outlets: str
) -> tuple[list[Draft | Outcome], Outcome]:
    article = Article("a", text, source="Harbour Post")
    closed = ClosedSet([article], embedder.embed)
    evidence = [Evidence(p, article, 1, 1.0, "test") for p in split_passages(article)]
    writer = QuoteWriter(closed, embedder.embed, load_settings(), held=Holdings(outlets))
    *drafts, outcome = writer.write(question, evidence)
    assert isinstance(outcome, Outcome)
    return drafts, outcome


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("According to Reuters, who holds the dam of Kesra?", "Reuters"),
        ("What did Reuters say about the dam of Kesra?", "Reuters"),
        (
            "Who holds the dam of Kesra, as reported by Reuters and The Wall Street Journal?",
            "Reuters or The Wall Street Journal",
        ),
    ],
)
def test_it_abstains_and_names_the_outlet(
    embedder: MiniLMEmbedding, question: str, names: str
) -> None:
    drafts, outcome = write(embedder, question, PLAIN, "Harbour Post")
    assert drafts == []
    assert outcome.confidence <= 0.1
    assert outcome.abstention_reason == (
        f"The library does not hold the answer: it has no article of {names}."
    )


@pytest.mark.parametrize(
    ("question", "text", "outlets"),
    [
        ("According to the Harbour Post, who holds the dam of Kesra?", PLAIN, ("Harbour Post",)),
        ("According to Reuters, who holds the dam of Kesra?", HEARD, ("Harbour Post",)),
        ("According to Reuters, who holds the dam of Kesra?", PLAIN, ("Reuters",)),
        ("According to Reuters, who holds the dam of Kesra?", PLAIN, ()),  # outlets are not known
    ],
)
def test_it_answers_where_the_outlet_is_held_or_heard(
    embedder: MiniLMEmbedding, question: str, text: str, outlets: tuple[str, ...]
) -> None:
    _, outcome = write(embedder, question, text, *outlets)
    assert outcome.abstention_reason is None or "no article of" not in outcome.abstention_reason


def test_abstaining_says_that_an_outlet_is_not_held_though_one_quotes_it() -> None:
    held = Holdings(("Harbour Post",))
    told = "The library does not hold the answer: it has no article of Reuters."
    assert why_not("What did Reuters report about the truce?", evidence(HEARD), held) == told
    held = Holdings(("Reuters", "Harbour Post"))
    assert why_not("What did Reuters report about the truce?", evidence(HEARD), held) == NOT_SURE


DAYS = (date(2021, 3, 4), date(2021, 8, 9))


def evidence(text: str, **more: object) -> list[Evidence]:
    article = Article("a", text, **{"source": "Harbour Post"} | more)
    return [Evidence(p, article, 1, 1.0, "test") for p in split_passages(article)]


def reason(question: str, text: str = PLAIN, days: tuple[date, date] | None = DAYS) -> str:
    said = why_not(question, evidence(text), Holdings(("Harbour Post",), days))
    assert said.startswith("The library does not hold the answer: ") and said.endswith(".")
    return said.removeprefix("The library does not hold the answer: ").removesuffix(".")


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who held the dam of Kesra in June 2017?", "June 2017"),
        ("Who took the dam of Kesra on 5 June 2022?", "5 June 2022"),
        ("Who held the dam of Kesra in May 2019, and who in 2030?", "May 2019 or 2030"),
    ],
)
def test_days_that_the_library_has_no_report_of(question: str, words: str) -> None:
    assert reason(question) == (
        f"its reports run from 4 March 2021 to 9 August 2021, and none is from {words}"
    )


@pytest.mark.parametrize(
    "question",
    [
        "Who held the dam of Kesra in June 2021?",
        "Who held the dam of Kesra in 2021?",
        "Who held the dam of Kesra in May 2019, and who in May 2021?",
        "Who held the dam of Kesra on Friday?",
        "Who held the dam of Kesra in June?",
    ],
)
def test_days_within_the_library_or_of_no_year_are_not_missing(question: str) -> None:
    assert reason(question) == "no passage that comes near is sure enough"


def test_without_dated_articles_no_day_is_missing() -> None:
    question = "Who held the dam of Kesra in June 2017?"
    assert reason(question, days=None) == "no passage that comes near is sure enough"


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("When did Odran Villiers leave the Kesra dam?", "Odran Villiers"),
        ("When did Odran Villiers’ son leave for Lisenne?", "Odran Villiers or Lisenne"),
        ("Did Villiers, Almas and Oren or Holt pay for the bread?", "Villiers, Almas or Oren"),
        ("Does Villiers fly a Su-22?", "Villiers or Su-22"),
    ],
)
def test_names_that_no_passage_has(question: str, names: str) -> None:
    assert reason(question) == f"no passage that comes near mentions {names}"


@pytest.mark.parametrize(
    "question",
    [
        "Who holds the dam of Qesrah?",  # in another spelling
        "Which REBEL holds it?",
        "WHO IS ODRAN VILLIERS?",  # capitals tell nothing
        "Who left on Monday in June, on the 22nd or in May?",
        "Was it 9,000 or 231?",
        "How do I become a member?",
        "What did the Harbour Post say?",  # the header names it
    ],
)
def test_what_is_no_missing_name(question: str) -> None:
    assert reason(question) == "no passage that comes near is sure enough"


def test_a_follow_up_is_told_why_too() -> None:
    standalone = "When did Villiers leave: who holds the dam of Kesra?"
    assert reason(standalone) == "no passage that comes near mentions Villiers"


def test_nothing_near_is_said_first() -> None:
    said = why_not("Who is Villiers?", [], Holdings(("Harbour Post",), DAYS))
    assert said.endswith("holds no passage that comes near.")
    assert said != NOT_SURE


def test_days_after_the_last_report_keep_from_answering_unless_they_are_told_of() -> None:
    held = Holdings((), DAYS)
    later = "Who holds the dam of Kesra in May 2023?"
    assert "none is from May 2023" in (held.lacks(later, evidence(PLAIN)) or "")
    told = evidence(f"{PLAIN} The dam is to be handed over in May 2023.")
    assert held.lacks(later, told) is None
    # What was before the first report may well be told in one.
    assert held.lacks("Who built the dam of Kesra in May 1962?", evidence(PLAIN)) is None
    assert held.lacks("Who holds the dam of Kesra?", evidence(PLAIN)) is None


def test_the_writer_abstains_from_what_came_later(embedder: MiniLMEmbedding) -> None:
    article = Article("a", PLAIN, published=DAYS[0])
    closed = ClosedSet([article], embedder.embed)
    writer = QuoteWriter(closed, embedder.embed, load_settings(), held=Holdings.of([article]))
    passages = [Evidence(p, article, 1, 1.0, "test") for p in split_passages(article)]
    *drafts, last = writer.write("Who holds the dam of Kesra in May 2023?", passages)
    assert drafts == []
    assert isinstance(last, Outcome)
    assert last.confidence <= 0.1
    assert "none is from May 2023" in (last.abstention_reason or "")


def test_what_articles_hold() -> None:
    dated = Article("a", PLAIN, source="Post", publisher="Digest", published=DAYS[1])
    early = Article("b", PLAIN, source="Post", published=DAYS[0])
    assert Holdings.of([dated, early, Article("c", PLAIN)]) == Holdings(("Digest", "Post"), DAYS)
    assert Holdings.of([]) == Holdings((), None)

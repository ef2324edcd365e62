"""A question about what an outlet says that the library does not hold is told so."""

from __future__ import annotations

import pytest

from assistant.answering.drafts import Draft, Outcome
from assistant.answering.quote import QuoteWriter
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
    writer = QuoteWriter(closed, embedder.embed, load_settings(), outlets=outlets)
    *drafts, outcome = writer.write(question, evidence)
    assert isinstance(outcome, Outcome)
    return drafts, outcome


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("According to Reuters, who holds the dam of Kesra?", "Reuters"),
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

"""What a sentence lacks of an answer makes it read as less sure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.answering.quoting.expected import holds_answer, without_present
from assistant.answering.quoting.relevance import rank_sentences
from assistant.library import ClosedSet
from assistant.models.minilm import MiniLMEmbedding
from assistant.models.reader import Reader
from assistant.passages import split_passages
from assistant.types import Article, Evidence

MARKET = Article("a", "The market bombing killed 31 people and left many afraid.", title="Belkorra")


def best_reading(question: str, article: Article, embedder: MiniLMEmbedding) -> float:
    evidence = [
        Evidence(passage, article, rank, 1.0, "rrf")
        for rank, passage in enumerate(split_passages(article), start=1)
    ]
    closed = ClosedSet([article], embedder.embed)
    ranking = rank_sentences(question, evidence, closed, embedder.embed, reader=Reader(1))
    assert ranking.signs
    assert ranking.signs.reading is not None
    return ranking.signs.reading


def test_a_name_that_stands_nowhere_near_makes_unsure(embedder: MiniLMEmbedding) -> None:
    there = best_reading("How many died in the Belkorra market bombing?", MARKET, embedder)
    elsewhere = best_reading("How many died in the Hollin market bombing?", MARKET, embedder)
    assert there > elsewhere + 1.5


def test_a_word_of_the_present_makes_no_less_sure(embedder: MiniLMEmbedding) -> None:
    dam = Article("a", "Rebel units hold the dam of Kesra since the spring.", title="Kesra")
    plain = best_reading("Who holds the dam of Kesra?", dam, embedder)
    for when in ("today", "now", "at the moment", "these days"):
        asked = best_reading(f"Who holds the dam of Kesra {when}?", dam, embedder)
        assert asked >= plain - 0.01


def test_what_tells_of_the_other_one_makes_unsure(embedder: MiniLMEmbedding) -> None:
    race = Article("a", "Marit Okafor won the women's race at Lisenne in a record time.")
    asked = best_reading("Who won the women's race at Lisenne?", race, embedder)
    other = best_reading("Who won the men's race at Lisenne?", race, embedder)
    assert asked > other + 3.5


def test_a_long_question_is_not_held_by_one_sentence(embedder: MiniLMEmbedding) -> None:
    asked = (
        "How many died in the market bombing that came after the truce, the summer's flood, the "
        "vote on the budget, the strike of dockers, the closing of the bridge, the visit of the "
        "envoy, the fire at the mill, the landslide on the road and the trial of the mayor"
    )
    plain = best_reading(f"{asked}?", MARKET, embedder)
    named = best_reading(f"{asked} of Hollin?", MARKET, embedder)
    assert abs(plain - named) < 1.5


class Counting(Reader):
    """Counts the sentences that it is asked to read."""

    asked = 0

    def answers(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.asked += len(sentences)
        return np.zeros(len(sentences), dtype=np.float32)


def test_of_a_long_question_fewer_sentences_are_read(embedder: MiniLMEmbedding) -> None:
    lines = " ".join(f"Lorry number {n} left the town of Belkorra at noon." for n in range(60))
    article = Article("a", lines)
    closed = ClosedSet([article], embedder.embed)
    evidence = [
        Evidence(passage, article, rank, 1.0, "rrf")
        for rank, passage in enumerate(split_passages(article), start=1)
    ]

    def read(question: str) -> int:
        reader = Counting(1)
        rank_sentences(question, evidence, closed, embedder.embed, reader=reader)
        return reader.asked

    long = "Which lorry left Belkorra " + " ".join(
        f"before the {w}shift" for w in "abcdefghijklmnopqrstuvwxyz"
    )
    assert read("Which lorry left Belkorra?") == 24
    assert read(f"{long}?") == 12


@pytest.mark.parametrize(
    ("sentence", "kind", "question", "told"),
    [
        ("Some of the 12 buses left.", "number", "How many of the 12 buses left?", False),
        ("Seven of the 12 buses left.", "number", "How many of the 12 buses left?", True),
        ("The vote of 2021 was lost.", "date", "When was the vote of 2021?", False),
        ("The vote of 2021 was lost in March.", "date", "When was the vote of 2021?", True),
        ("It fell to the rebels.", "person", "Who took the town?", True),
    ],
)
def test_the_number_or_date_is_one_that_the_question_does_not_name(
    sentence: str, kind: str, question: str, told: bool
) -> None:
    assert holds_answer(sentence, kind, question) is told


@pytest.mark.parametrize("name", ["Ar-Rusafah", "Rusafah", "al-Resafa", "Rusafa"])
def test_each_sentence_is_read_with_the_names_as_it_spells_them(
    embedder: MiniLMEmbedding, name: str
) -> None:
    both = Article(
        "a",
        "The army holds the whole of the road to Resafa. In Rusafah, wells were dug by hand.",
        title="Wells",
    )
    plain = best_reading("Who holds the road to Resafa?", both, embedder)
    assert best_reading(f"Who holds the road to {name}?", both, embedder) > plain - 1.0


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Where is Reed based now?", "Where is Reed based?"),
        ("Which towns need food now?", "Which towns need food?"),
        ("Is the road still closed today?", "Is the road still closed?"),
        ("Who resigned today?", "Who resigned today?"),
        ("Which towns agreed today?", "Which towns agreed today?"),
        ("Was the road open today?", "Was the road open today?"),
        ("WHO WAS HURT today?", "WHO WAS HURT today?"),
        ("Who owns USA Today?", "Who owns USA Today?"),
    ],
)
def test_only_a_question_of_the_present_goes_without_its_now(question: str, plain: str) -> None:
    assert without_present(question) == plain

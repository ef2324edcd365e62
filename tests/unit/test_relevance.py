"""How sentences are scored, how sure the evidence makes us, and what kind of answer is wanted."""

from __future__ import annotations

import pytest

from assistant.answering.expected import expected_kind, holds_kind
from assistant.answering.relevance import Ranking, rank_sentences
from assistant.library import ClosedSet
from assistant.models.minilm import MiniLMEmbedding
from assistant.passages import split_passages
from assistant.types import Article, Evidence

pytest_plugins = ["tests.sample_index"]


def rank(embedder: MiniLMEmbedding, question: str, *articles: Article) -> Ranking:
    closed = ClosedSet(articles, embedder.embed)
    passages = [(p, article) for article in articles for p in split_passages(article)]
    evidence = [
        Evidence(passage, article, n, 1 / n, "test")
        for n, (passage, article) in enumerate(passages, start=1)
    ]
    return rank_sentences(question, evidence, closed, embedder.embed)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many buses left?", "number"),
        ("how much did it cost?", "number"),
        ("What percentage voted?", "number"),
        ("When did it fall?", "date"),
        ("In which year was it built?", "date"),
        ("Who holds the dam?", "person"),
        ("Whose boat is it?", "person"),
        ("Where is the dam?", "place"),
        ("Which town was shelled?", "place"),
        ("Who was in charge when the town fell?", "person"),
        ("When was the man who led them shot?", "date"),
        ("Why did it end?", ""),
        ("What happened?", ""),
    ],
)
def test_expected_kind(question: str, kind: str) -> None:
    assert expected_kind(question) == kind


@pytest.mark.parametrize(
    ("sentence", "kind", "held"),
    [
        ("It took 40 lorries.", "number", True),
        ("Seventeen lorries left.", "number", True),
        ("Some lorries left.", "number", False),
        ("They left on Monday.", "date", True),
        ("They left in 1987.", "date", True),
        ("They left early.", "date", False),
        ("It was held by Marit Okafor.", "person", True),
        ("It was held by nobody.", "person", False),
        ("Shells fell near Hollin.", "place", True),
        ("Shells fell nearby.", "place", False),
        ("Anything at all.", "", True),
    ],
)
def test_kinds_are_told_apart(sentence: str, kind: str, held: bool) -> None:
    assert holds_kind(sentence, kind) is held


def test_the_best_sentence_comes_first(embedder: MiniLMEmbedding) -> None:
    text = "Bread is dear. The dam of Kesra is held by rebels. Kesra is old. Rain fell on the dam."
    ranking = rank(embedder, "Who holds the dam of Kesra?", Article("a", text))
    assert ranking.candidates[0].text == "The dam of Kesra is held by rebels."
    scores = [candidate.score for candidate in ranking.candidates]
    assert scores == sorted(scores, reverse=True)
    assert {c.text for c in ranking.candidates} == {
        text[start:end] for c in ranking.candidates for start, end in c.evidence.passage.sentences
    }


def test_names_in_the_header_count_for_a_sentence(embedder: MiniLMEmbedding) -> None:
    told = Article("a", "Rebels hold it, residents said.", title="The dam of Kesra")
    other = Article("b", "Rebels hold it, residents said.", title="The port of Ardun")
    ranking = rank(embedder, "Who holds the dam of Kesra?", other, told)
    assert ranking.candidates[0].article.id == "a"


def test_confidence_is_high_where_the_names_are_there(embedder: MiniLMEmbedding) -> None:
    question = "Who holds the dam of Kesra?"
    near = rank(embedder, question, Article("a", "The dam of Kesra is held by rebels."))
    far = rank(embedder, question, Article("a", "The port of Ardun is held by rebels."))
    none = rank(embedder, question, Article("a", "Tea is served at noon."))
    assert 1 >= near.confidence > 0.6 > far.confidence > none.confidence >= 0
    assert (near.missing_names, far.missing_names) == ((), ("Kesra",))


def test_numbers_of_the_question_count_as_names(embedder: MiniLMEmbedding) -> None:
    article = Article("a", "Forty boats were lost in the storm of 2016 off Ardun.")
    assert rank(embedder, "Which storm of 2016 hit Ardun?", article).missing_names == ()
    assert rank(embedder, "Which storm of 1987 hit Ardun?", article).missing_names == ("1987",)


def test_a_name_in_another_spelling_is_not_missing(embedder: MiniLMEmbedding) -> None:
    article = Article("a", "Units in Belkorra said that the bridge was shut.")
    assert rank(embedder, "Who shut the bridge of Belkora?", article).missing_names == ()


def test_nothing_to_rank_is_no_confidence(embedder: MiniLMEmbedding) -> None:
    ranking = rank(embedder, "Who holds the dam of Kesra?")
    assert (ranking.candidates, ranking.confidence) == ((), 0.0)

"""How sentences are scored, how sure the evidence makes us, and what kind of answer is wanted."""

from __future__ import annotations

import pytest

from assistant.answering.quoting.expected import expected_kind, holds_kind
from assistant.answering.quoting.relevance import Ranking, rank_sentences
from assistant.library import ClosedSet
from assistant.models.minilm import MiniLMEmbedding
from assistant.models.reader import Reader
from assistant.passages import split_passages
from assistant.types import Article, Evidence

pytest_plugins = ["tests.sample_index"]


def rank(
    embedder: MiniLMEmbedding, question: str, *articles: Article, reader: Reader | None = None
) -> Ranking:
    closed = ClosedSet(articles, embedder.embed)
    passages = [(p, article) for article in articles for p in split_passages(article)]
    evidence = [
        Evidence(passage, article, n, 1 / n, "test")
        for n, (passage, article) in enumerate(passages, start=1)
    ]
    return rank_sentences(question, evidence, closed, embedder.embed, reader=reader)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many buses left?", "number"),
        ("how much did it cost?", "number"),
        ("What percentage voted?", "number"),
        ("When did it fall?", "date"),
        ("In which year was it built?", "date"),
        ("Who holds the dam?", "person"),
        ("Who left the dam?", "person"),
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
    assert near.signs and far.signs
    assert (near.signs.names, far.signs.names) == (1.0, 0.0)


def test_what_tells_of_the_other_one_comes_last(embedder: MiniLMEmbedding) -> None:
    text = "The UN envoy said that the talks had failed. Washington found that they had gone well."
    article = Article("a", text)
    first = rank(embedder, "What did the envoy say of the talks?", article).candidates[0]
    assert first.text.startswith("The UN")
    first = rank(embedder, "What did the US envoy say of the talks?", article).candidates[0]
    assert first.text.startswith("Washington")


def test_numbers_of_the_question_count_as_names(embedder: MiniLMEmbedding) -> None:
    article = Article("a", "Forty boats were lost in the storm of 2016 off Ardun.")
    told = rank(embedder, "Which storm of 2016 hit Ardun?", article).signs
    untold = rank(embedder, "Which storm of 1987 hit Ardun?", article).signs
    assert told and untold
    assert told.names == 1.0 > untold.names


def test_a_name_in_another_spelling_is_not_missing(embedder: MiniLMEmbedding) -> None:
    article = Article("a", "Units in Belkorra said that the bridge was shut.")
    signs = rank(embedder, "Who shut the bridge of Belkora?", article).signs
    assert signs and signs.names == 1.0


def test_nothing_to_rank_is_no_confidence(embedder: MiniLMEmbedding) -> None:
    ranking = rank(embedder, "Who holds the dam of Kesra?")
    assert (ranking.candidates, ranking.confidence) == ((), 0.0)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


class TestWithTheReader:
    ROAD = Article(
        "road",
        "Crews cleared the Belkorra road of snow on Monday. The third brigade has resumed its "
        "attempts to re-take the Belkorra road from the rebels. Lorries wait at the border.",
    )

    def test_a_sentence_that_answers_comes_before_one_that_shares_more_words(
        self, embedder: MiniLMEmbedding, reader: Reader
    ) -> None:
        article = Article(
            "prize",
            "The Lisenne prize for a novel was founded by a publisher of the town of Lisenne. "
            "Marit Okafor won the prize on Sunday with a book on the flood.",
        )
        question = "Who won the Lisenne prize?"
        assert "founded" in rank(embedder, question, article).candidates[0].text
        assert "Okafor" in rank(embedder, question, article, reader=reader).candidates[0].text

    @pytest.mark.parametrize(
        "scrap",
        ["Who owns the Belkorra mill, and who runs it?", "The Belkorra mill belongs to ..."],
    )
    def test_a_question_or_a_scrap_does_not_make_sure(
        self, embedder: MiniLMEmbedding, reader: Reader, scrap: str
    ) -> None:
        told = "Lorries waited in a long row at the border on Monday."
        question = "Who owns the Belkorra mill?"
        alone, beside = (
            rank(embedder, question, Article("a", text), reader=reader)
            for text in (told, f"{told} {scrap}")
        )
        assert alone.signs and beside.signs
        assert beside.signs.reading == pytest.approx(alone.signs.reading)

    def test_an_answer_that_is_not_told_makes_unsure(
        self, embedder: MiniLMEmbedding, reader: Reader
    ) -> None:
        article = Article("a", "37 people died in the fire at the Belkorra mill on Monday.")
        told = rank(embedder, "How many people died in the Belkorra fire?", article, reader=reader)
        untold = rank(embedder, "Who owns the Belkorra mill?", article, reader=reader)
        assert told.confidence > 0.7 > 0.5 > untold.confidence

    def test_who_holds_it_is_told_by_who_fights_for_it(
        self, embedder: MiniLMEmbedding, reader: Reader
    ) -> None:
        ranking = rank(embedder, "Who controls the Belkorra road?", self.ROAD, reader=reader)
        assert "re-take" in ranking.candidates[0].text
        assert ranking.confidence > 0.5

    @pytest.mark.parametrize(
        "question",
        [
            "WHO CONTROLS THE BELKORRA ROAD",
            "who controls the belkorra road?",
            "Who is in control of the Belkorra road?",
            "In whose hands is the Belkorra road?",
            "Who has the Belkorra road?",
            "Does the brigade control the Belkorra road?",
        ],
    )
    def test_it_may_be_asked_in_other_words(
        self, embedder: MiniLMEmbedding, reader: Reader, question: str
    ) -> None:
        assert rank(embedder, question, self.ROAD, reader=reader).confidence > 0.5

    @pytest.mark.parametrize(
        ("question", "sentence"),
        [
            ("Who rules Tarsin?", "The price of sugar fell in Tarsin for the third week."),
            ("Who controls Hollin?", "A driver from Hollin lost an eye in the accident on Friday."),
            ("Who controls Lisenne?", "The truce and the withdrawal were agreed at Lisenne."),
            ("Who holds Kellmar?", "The doctor, who lives in Kellmar, took no part in the trial."),
        ],
    )
    def test_other_things_are_lost_and_taken(
        self, embedder: MiniLMEmbedding, reader: Reader, question: str, sentence: str
    ) -> None:
        article = Article("a", sentence)
        assert rank(embedder, question, article, reader=reader).confidence < 0.6

    def test_another_place_does_not_tell_who_holds_this_one(
        self, embedder: MiniLMEmbedding, reader: Reader
    ) -> None:
        asked = "Who controls the Tarsin road?"
        assert rank(embedder, asked, self.ROAD, reader=reader).confidence < 0.5

    def test_another_spelling_is_read_as_the_library_writes_it(
        self, embedder: MiniLMEmbedding, reader: Reader
    ) -> None:
        article = Article("a", "The council of Belkorra elected Ivo Lund as its mayor on Monday.")
        here = rank(embedder, "Who was elected mayor of Belkorra?", article, reader=reader)
        there = rank(embedder, "Who was elected mayor of Belkora?", article, reader=reader)
        assert there.confidence == pytest.approx(here.confidence, abs=0.05)

"""Which words of a quote are marked as the answer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Article, Assistant
from assistant.answering.quoting.answerwords import answer_words
from assistant.models.reader import Reader

SENTENCE = "The council of Belkorra elected Ivo Lund as its mayor on Monday by 40 votes."


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many votes did he get?", "40"),
        ("Who was elected mayor of Belkorra?", "Ivo Lund"),
        ("When was the mayor elected?", "Monday"),
    ],
)
def test_the_words_that_answer_are_found(reader: Reader, question: str, words: str) -> None:
    span = answer_words(question, SENTENCE, "", reader)
    assert span is not None
    assert SENTENCE[slice(*span)] == words


@pytest.mark.parametrize(
    "question",
    [
        "What did they elect?",
        "Why was he elected?",
        "Where was he elected?",
        "",
        "Was Lund elected?",
    ],
)
def test_other_questions_mark_nothing(reader: Reader, question: str) -> None:
    assert answer_words(question, SENTENCE, "", reader) is None


def test_a_sentence_without_such_words_marks_nothing(reader: Reader) -> None:
    assert answer_words("How many lorries left?", "Lorries left in the night.", "", reader) is None
    assert answer_words("Who left?", "The lorries left in the night.", "", reader) is None


def test_a_month_is_nobody(reader: Reader) -> None:
    sentence = "The road, held by the army along its full length since mid-July, was opened."
    assert answer_words("Who controls the road?", sentence, "", reader) is None


def test_the_questions_own_words_are_no_answer(reader: Reader) -> None:
    span = answer_words("When in 2009 did Okafor speak?", "Okafor spoke in 2009.", "", reader)
    assert span is None or "Okafor" not in "Okafor spoke in 2009."[slice(*span)]


@settings(max_examples=25, deadline=None)
@given(sentence=st.text(max_size=80))
def test_a_span_lies_inside_and_is_not_empty(sentence: str) -> None:
    for question in ("Who came?", "How many came?", "When was it?"):
        span = answer_words(question, sentence, "", Reader(threads=1)) if sentence else None
        assert span is None or 0 <= span[0] < span[1] <= len(sentence)


def test_an_answer_says_where_the_words_stand() -> None:
    with Assistant.open(None) as assistant:
        article = Article(id="1", text=SENTENCE)
        answer = assistant.read("How many votes did Ivo Lund get?", [article])
    (cited,) = answer.citations
    assert cited.answer is not None
    assert cited.quote[slice(*cited.answer)] == "40"
    assert answer.to_dict()["citations"][0]["answer"] == list(cited.answer)

"""What other articles tell as well."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.quoting.confidence import Signs, confidence, length_of
from assistant.answering.quoting.corroboration import corroborate

QUESTION = "Who won the Lisenne marathon?"


def test_an_answer_that_another_article_tells_counts_for_both() -> None:
    told = [
        ("a", "The race went to Okafor.", 0.9),
        ("b", "In the end Okafor won.", 0.6),
        ("c", "The start was at Tarsin.", 0.6),
    ]
    first, second, third = corroborate(QUESTION, told)
    assert first == 0.6 / 3
    assert second == 0.9 / 3
    assert third == 0.0


def test_what_the_question_names_proves_nothing() -> None:
    told = [("a", "They ran the Lisenne race.", 0.9), ("b", "It was in Lisenne.", 0.9)]
    assert corroborate(QUESTION, told) == [0.0, 0.0]


def test_a_reprint_is_no_second_source() -> None:
    told = [("a", "It went to Okafor.", 0.9), ("b", "It went to Okafor!", 0.9)]
    assert corroborate(QUESTION, told) == [0.0, 0.0]


def test_numbers_are_compared_whole_and_small_words_not_at_all() -> None:
    told = [("a", "It cost 1,200 marks.", 0.9), ("b", "They had 1,500 guests.", 0.9)]
    assert corroborate("What happened?", told) == [0.0, 0.0]
    told = [("a", "He said: The road is open.", 0.9), ("b", "She said: The rain is over.", 0.9)]
    assert corroborate("What happened?", told) == [0.0, 0.0]
    told = [("a", "So Okafor won.", 0.9), ("b", "That is Okafor's race.", 0.9)]
    assert corroborate("What about Okafor's race?", told) == [0.0, 0.0]
    assert min(corroborate("What happened?", told)) > 0


def test_an_article_counts_once() -> None:
    twice = [("b", "Then Okafor won.", 0.6), ("b", "It was Okafor.", 0.3)]
    told = [("a", "It went to Okafor.", 0.9), *twice]
    assert corroborate(QUESTION, told)[0] == 0.6 / 3


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.text(max_size=40), st.floats(0, 1)), max_size=12),
    st.text(max_size=30),
)
def test_any_text_gives_a_share_each(told: list[tuple[str, str, float]], question: str) -> None:
    found = corroborate(question, told)
    assert len(found) == len(told)
    assert all(0.0 <= value <= 1.0 for value in found)


@given(st.floats(0, 1), st.floats(-1, 1), st.integers(0, 60), st.floats(-12, 12))
def test_confidence_is_a_probability_that_rises_with_the_reading(
    names: float, cosine: float, terms: int, reading: float
) -> None:
    low = confidence(Signs(names, cosine, terms, reading))
    high = confidence(Signs(names, cosine, terms, reading + 1))
    assert 0.0 < low < high < 1.0


def test_without_a_reader_the_plain_scores_decide() -> None:
    sure = confidence(Signs(names=1.0, cosine=0.8, terms=6))
    assert sure > 0.6 > 0.3 > confidence(Signs(names=0.2, cosine=0.3, terms=6))


def test_length() -> None:
    assert [length_of(n) for n in (0, 8, 18, 28, 99)] == [0.0, 0.0, 0.5, 1.0, 1.0]

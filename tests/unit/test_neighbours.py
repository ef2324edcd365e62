"""A quote brings the neighbour that it needs, over the end of its passage too."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.answering.quoting.neighbours import quote_of
from assistant.answering.quoting.relevance import Candidate
from assistant.passages import count_words, split_passages, split_sentences
from assistant.types import Article, Evidence

FILLER = "Somebody walked along the river for a while. "
AZIZ = "Colonel Rami Aziz reached the town at noon."
COUNTED = "He counted 40 burnt lorries."
SAID = "Rebels were said to have taken the dam of Kesra."
DENIED = "However, the mayor denied that report."
CUT = "The mayor denied " + "each and every word of " * 43 + "it."


def candidates(article: Article) -> list[Candidate]:
    """Every sentence of every passage of an article."""
    return [
        Candidate(
            Evidence(passage, article, 1, 1.0, "test"),
            index,
            article.text[start:end],
            frozenset(),
            1.0,
            1.0,
        )
        for passage in split_passages(article)
        for index, (start, end) in enumerate(passage.sentences)
    ]


def parted(first: str, second: str, gap: str = " ") -> Article:
    """An article in which the passage ends between two sentences."""
    for lines in range(40):
        article = Article("a", f"{FILLER * lines}{first}{gap}{second} {FILLER * 30}".rstrip())
        if any(p.text.startswith(second) for p in split_passages(article)):
            return article
    raise AssertionError("no passage ends there")


def quote(article: Article, sentence: str, words: int = 60, question: str = "") -> str | None:
    found = next(c for c in candidates(article) if c.text == sentence)
    quoted = quote_of(found, words, question)
    if quoted is None:
        return None
    assert quoted.passage_id == found.evidence.passage.id
    return quoted.text


@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_the_last_sentence_of_the_passage_before_is_brought(gap: str) -> None:
    assert quote(parted(AZIZ, COUNTED, gap), COUNTED) == f"{AZIZ}{gap}{COUNTED}"


@pytest.mark.parametrize("gap", [" ", "\n\n"])
def test_what_takes_it_back_is_brought_from_the_next_passage(gap: str) -> None:
    assert quote(parted(SAID, DENIED, gap), SAID) == f"{SAID}{gap}{DENIED}"


def test_neighbours_that_are_not_needed_stay_out() -> None:
    assert quote(parted(AZIZ, SAID), SAID) == SAID
    assert quote(parted(SAID, AZIZ), SAID) == SAID


def test_the_first_and_the_last_sentence_of_an_article_have_no_neighbour() -> None:
    assert quote(Article("a", COUNTED), COUNTED) == COUNTED
    assert quote(Article("a", f"{FILLER}{COUNTED}"), COUNTED) == f"{FILLER}{COUNTED}"


LEFT = "She left the town at dusk."


def test_a_neighbour_that_leans_in_turn_brings_its_own() -> None:
    article = Article("a", f"{FILLER}{AZIZ} {COUNTED}\n\n{LEFT} {FILLER}")
    assert quote(article, LEFT) == f"{AZIZ} {COUNTED}\n\n{LEFT}"
    assert quote(article, LEFT, words=12) == f"{COUNTED}\n\n{LEFT}"  # as much as there is room
    # Two more that lean, of whom nobody says who they are, say nothing more than one.
    article = Article("a", f"{AZIZ} {COUNTED} {COUNTED} He slept. {LEFT}")
    assert quote(article, LEFT) == f"He slept. {LEFT}"
    assert quote(Article("a", f"{COUNTED} {LEFT}"), LEFT) == f"{COUNTED} {LEFT}"


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("Later he counted 40 burnt lorries.", True),
        ("On Friday evening, she counted 40 burnt lorries.", True),
        ("In the cellar of the mill he found a gun.", True),
        ("It stood open.", True),
        ("It is likely that the dam stood open.", False),
        ("When the dam broke, the men said they had slept.", False),
        ("On Friday Odran Villiers said he had slept.", False),
    ],
)
def test_what_leans_on_the_sentence_before(sentence: str, leans: bool) -> None:
    assert quote(Article("a", f"{AZIZ} {sentence}"), sentence) == (
        f"{AZIZ} {sentence}" if leans else sentence
    )


RACE = "The race was decided in the last hundred metres."
WON = "Jonas Lund finished ahead of Abel Hale."


@pytest.mark.parametrize(
    ("question", "told", "after", "brought"),
    [
        ("Who won the race?", RACE, WON, True),
        ("How did the race end?", RACE, WON, False),  # asks for nothing that has a form
        ("Who won the race?", f"At Tarrow, {RACE}", WON, False),
        ("When was the race?", RACE, WON, False),
        ("Where was the race decided?", RACE, WON, False),  # in the last hundred metres
        ("What came when the race was decided?", RACE, "It rained in May.", False),
        ("When was the race?", RACE, "It was held in May.", True),
        ("How many ran the race?", "The race went well.", "In all 11,300 ran.", True),
        ("How many of the 11,300 finished the race?", RACE, "In all 11,300 ran.", False),
    ],
)
def test_what_is_asked_for_is_brought_from_the_next_sentence(
    question: str, told: str, after: str, brought: bool
) -> None:
    article = Article("a", f"{told} {after}")
    assert quote(article, told, question=question) == (article.text if brought else told)
    assert quote(Article("a", f"{told}\n\n{after}"), told, question=question) == told


def test_no_neighbour_makes_a_quote_too_long() -> None:
    assert quote(parted(AZIZ, COUNTED), COUNTED, words=12) == COUNTED
    assert quote(parted(SAID, DENIED), SAID, words=15) == SAID
    assert quote(parted(SAID, DENIED), SAID, words=9) is None


def test_a_sentence_that_was_cut_is_no_neighbour() -> None:
    """One longer than a passage ends in the passage before: its last words are no sentence."""
    assert quote(Article("a", f"{CUT} {COUNTED}"), COUNTED) == COUNTED
    # The beginning of a very long one, as far as the neighbour is looked for.
    endless = "But it was " + "denied" * 2000
    article = Article("a", f"{SAID} {endless}")
    assert quote(article, SAID) == SAID


def test_in_a_paragraph_without_end_neighbours_are_whole_sentences() -> None:
    article = parted(FILLER * 400 + AZIZ, COUNTED)
    assert quote(article, COUNTED) == f"{AZIZ} {COUNTED}"


PIECES = st.sampled_from(
    [FILLER.strip(), AZIZ, COUNTED, SAID, DENIED, CUT, "These 12 died.", "Dr. Oren’s e\u0301glise."]
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(PIECES | st.text(min_size=1, max_size=30), st.sampled_from(" \n")), max_size=9
    ),
    st.integers(10, 30),
    st.integers(5, 60),
)
@example([(AZIZ, " "), (COUNTED, " ")], 21, 60)
def test_every_quote_is_whole_sentences_in_a_row(
    pieces: list[tuple[str, str]], lines: int, words: int
) -> None:
    middle = "".join(f"{piece}{gap * 2}" for piece, gap in pieces)
    text = f"{FILLER * lines}{middle}{FILLER * 25}".strip()
    article = Article("a", text)
    starts, ends = zip(*split_sentences(text), strict=True)
    for candidate in {c.text: c for c in candidates(article)}.values():
        quoted = quote_of(candidate, words)
        if quoted is None:
            continue
        assert candidate.text in quoted.text == text[quoted.start : quoted.end]
        assert count_words(quoted.text) <= words
        assert quoted.start in starts and quoted.end in ends
        within = [s for s in starts if quoted.start <= s < quoted.end]
        assert len(within) <= 4

"""Sentences and passages: exact offsets whatever the text, and the traps of news prose."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.passages import (
    MAX_CHARS,
    MAX_WORDS,
    count_words,
    header_of,
    split_passages,
    split_sentences,
)
from assistant.types import Article

# Any character that a Python string can hold, lone surrogates too, and what trips splitters.
_ANY_TEXT = st.text(st.characters())
_NEWS_BITS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("U.S. ", "Gen. ", "Lt. ", "“", "” ", ". ", "\n\n", "\n", "… ", "... ", "?! "),
                *("\u2029", "\u200f", "\x85", "\xa0", "é", "army ", "The ", "a ", "3.5 "),
            ]
        ),
        st.text(max_size=5),
    ),
    max_size=80,
).map("".join)


def _no_space(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=300, deadline=None)
@given(st.one_of(_ANY_TEXT, _NEWS_BITS))
def test_sentences_hold_every_character_once_and_in_order(text: str) -> None:
    spans = split_sentences(text)
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert "".join(_no_space(text[a:b]) for a, b in spans) == _no_space(text)
    assert split_sentences(text) == spans


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(_ANY_TEXT, _NEWS_BITS),
    st.integers(min_value=1, max_value=12),
    st.integers(min_value=0, max_value=6),
)
def test_passages_slice_back_and_hold_everything(text: str, target: int, more: int) -> None:
    article = Article("a", text)
    passages = split_passages(article, target, target + more)
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text == passage.text.strip() != ""
        assert (passage.start, passage.end) == (passage.sentences[0][0], passage.sentences[-1][1])
        assert count_words(passage.text) <= target + more
        assert passage.revision == article.revision
    pieces = [text[a:b] for passage in passages for a, b in passage.sentences]
    assert "".join(_no_space(piece) for piece in pieces) == _no_space(text)
    assert len({passage.id for passage in passages}) == len(passages)
    assert split_passages(article, target, target + more) == passages


def test_long_articles_give_passages_near_the_target() -> None:
    text = " ".join(f"Convoy number {n} reached the northern town before dawn." for n in range(200))
    passages = split_passages(Article("a", text))
    assert all(count_words(p.text) <= MAX_WORDS for p in passages)
    assert all(count_words(p.text) >= 170 for p in passages[:-1])
    assert all(p.text.endswith(".") for p in passages)  # whole sentences


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"word{n}" for n in range(3000)),
        "x" * 50_000,
        "军队周一占领了这座山" * 5000,
        "aGVsbG8gd29ybGQ" * 900 + " and " + "b" * 9000,
        "one\n" + " " * 9000 + "two",
        "Lt. " * 4000,  # each of these joins what came before
    ],
    ids=["words", "one word", "no spaces", "base64", "blank", "titles"],
)
def test_one_giant_sentence_is_cut(text: str) -> None:
    passages = split_passages(Article("a", text))
    assert len(passages) > 1
    assert all(count_words(p.text) <= MAX_WORDS and len(p.text) <= MAX_CHARS for p in passages)
    pieces = [text[a:b] for p in passages for a, b in p.sentences]
    assert "".join(map(_no_space, pieces)) == _no_space(text)


def test_a_text_without_words_has_no_passages() -> None:
    assert split_passages(Article("a", " \n\n\t ")) == []


# One list a text: its sentences. The text is what they make joined by a space.
_TRAPS = [
    ["The U.S. military denied it.", "Officials in the U.S. said so on Monday."],
    ["Gen. Ali Mahmoud arrived at noon.", "He left at 5 p.m. on Tuesday."],
    ["Lt. Col. Samir Haddad led the unit.", "Brig. Gen. Omar Aziz did not."],
    ["The firm, Harbor Works Inc., won the contract.", "It starts in Jan. 2018."],
    ["“We will not retreat,” said Col. Yusuf.", "The line held."],
    ["The mayor said: “It is over.”", "Nobody answered him."],
    ["Prices rose 3.5 percent to $1.20 a litre.", "Analysts had expected 2.1 percent."],
    ["The talks … went nowhere.", "A second round is planned."],
    ["Was the road open?", "Nobody knew!", "The army said nothing."],
    ["The No. 2 official met Mr. Farouk and Dr. Lina Saleh.", "They spoke for an hour."],
    ["The St. James bridge fell at 6 a.m. local time.", "Two people were hurt."],
    ["Sheikh. Nawaf signed the paper.", "The others waited."],
    ["Rebels hold approx. Forty villages.", "The army holds the rest."],
    # Abbreviations to lawyers, words to everybody else.
    ["He stays until a successor is found.", "Otto Brandl praised him."],
    ["“They sat in the sun.”", "Anna Lund counted them.", "It met last month.", "Otto spoke."],
    ["He said no.", "Vera Holm said yes.", "The match was Hill vs. Lund of Tarrow."],
    ["The bill of sen. Warren failed.", "She met gen. Petrov in st. Petersburg."],
    [
        "He lost in ft. Lauderdale.",
        "Alcaraz def. Nadal, the no. Five, after 45 min. Rashford left.",
    ],
    ["The deal with Harbor inc. Acme Works fell through.", "A dr. Who film is next."],
    ["The successor is found.", "Özlem Brandt praised him.", "It met last month.", "Émile spoke."],
    ["The study by Lund et al. Brandt reads with care.", "He rang Sen. Otto Hale of Mass. Bay."],
]


@pytest.mark.parametrize("sentences", _TRAPS, ids=lambda sentences: sentences[0][:24])
def test_abbreviations_quotes_and_figures_end_no_sentence(sentences: list[str]) -> None:
    text = " ".join(sentences)
    assert [text[a:b] for a, b in split_sentences(text)] == sentences


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    text = "The column moved\nat dawn. It stopped\n\nNo full stop above this line"
    assert [text[a:b] for a, b in split_sentences(text)] == [
        "The column moved\nat dawn.",
        "It stopped",
        "No full stop above this line",
    ]


def test_a_paragraph_of_one_character_is_one() -> None:
    text = "A\n\n5\n\nThe road opened."
    assert [text[a:b] for a, b in split_sentences(text)] == ["A", "5", "The road opened."]


def test_items_of_a_list_are_sentences_of_their_own() -> None:
    text = "The plan has three parts:\n\n1. Open the road.\n\n2. Clear the mines.\n\n3. Let aid in."
    spans = [text[a:b] for a, b in split_sentences(text)]
    assert spans[0] == "The plan has three parts:"
    assert [s for s in spans if s.endswith("mines.")] == ["2. Clear the mines."]


def test_the_header_names_title_outlets_and_date() -> None:
    article = Article(
        "a",
        "Text.",
        title="Road opens",
        source="Orontes Dispatch",
        publisher="Commons Digest",
        published=date(2017, 7, 3),
    )
    assert header_of(article) == "Road opens | Orontes Dispatch | Commons Digest | 3 July 2017"
    assert header_of(Article("a", "Text.", source="X", publisher="X")) == "X"
    assert split_passages(article)[0].header == header_of(article)
    assert split_passages(article)[0].text == "Text."

"""What models write, in the many ways in which they write it, becomes sentences with ids."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.writing.replies import Sentence, SentenceStream, read_sentences

TAGS = {"q7x2", "k3mn"}


def read(reply: str, step: int | None = None) -> list[Sentence]:
    stream = SentenceStream(TAGS)
    found: list[Sentence] = []
    for start in range(0, len(reply), step or max(len(reply), 1)):
        found += stream.feed(reply[start : start + (step or len(reply))])
    return found + stream.finish()


ONE = Sentence("The road was shut.", (("q7x2", 1),))


@pytest.mark.parametrize("step", [None, 1, 3, 7])
@pytest.mark.parametrize(
    "reply",
    [
        "The road was shut. [q7x2.1]",
        "The road was shut [q7x2.1].",
        "The road was shut.[q7x2.1]\n",
        "The road was shut. [q7x2.1].",
        "- The road was shut. [Q7X2.1]",
        "1. The road was shut. (q7x2.1)",
        "The road was shut. 【q7x2.1】",
        "The road was shut.\n[q7x2.1]\n",
        "The road was shut.\n\n[q7x2.1]",
        "\n\n  The road   was shut. [ q7x2.1 ]  \n",
        "The road was shut. [q7x2.1][q7x2.1]",
        "<think>\nIs it? Maybe. [q7x2.3]\n</think>\n\nThe road was shut. [q7x2.1]",
        "The road was\x00 shut\u202e. [q7x2.1]",
    ],
)
def test_one_sentence_with_one_id(reply: str, step: int | None) -> None:
    assert read(reply, step) == [ONE]


@pytest.mark.parametrize(
    ("marks", "numbers"),
    [
        ("[q7x2.1][q7x2.3]", [1, 3]),
        ("[q7x2.1] [q7x2.3]", [1, 3]),
        ("[q7x2.1, q7x2.3]", [1, 3]),
        ("[q7x2.1; q7x2.3]", [1, 3]),
        ("[q7x2.1 and q7x2.3]", [1, 3]),
        ("[q7x2.1-3]", [1, 2, 3]),
        ("[q7x2.1 – q7x2.3]", [1, 2, 3]),
        ("[q7x2.1-999]", [1, 999]),
        ("[q7x2.3-1]", [3, 1]),
    ],
)
def test_several_ids(marks: str, numbers: list[int]) -> None:
    ids = tuple(("q7x2", number) for number in numbers)
    assert read(f"Snow fell. {marks}") == [Sentence("Snow fell.", ids)]


@pytest.mark.parametrize("step", [None, 1, 5])
def test_several_sentences_on_one_line(step: int | None) -> None:
    reply = 'Snow fell [q7x2.1]. "It is shut," he said. [k3mn.2] Ferries ran. [q7x2.2]'
    assert read(reply, step) == [
        Sentence("Snow fell.", (("q7x2", 1),)),
        Sentence('"It is shut," he said.', (("k3mn", 2),)),
        Sentence("Ferries ran.", (("q7x2", 2),)),
    ]


def test_ids_inside_a_sentence_belong_to_it() -> None:
    reply = "The army [q7x2.1] and the guard [k3mn.2] left Kesra."
    assert read(reply) == [
        Sentence("The army and the guard left Kesra.", (("q7x2", 1), ("k3mn", 2)))
    ]


def test_ids_belong_to_the_last_sentence_before_them() -> None:
    assert read("Snow fell. The road was shut. [q7x2.1]") == [Sentence("Snow fell."), ONE]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    (sentence,) = read("Gen. Aram Sole said the U.S. envoy left. [q7x2.1]")
    assert sentence.body == "Gen. Aram Sole said the U.S. envoy left."


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        ("It [the army] left (in haste). [q7x2.1]", "It [the army] left (in haste)."),
        ("It cost 40 (in [2017]). [q7x2.1]", "It cost 40 (in [2017])."),
        ("Version (v2x.3) is out. [q7x2.1]", "Version (v2x.3) is out."),
        ("<b>It</b> **left** &amp; went. [q7x2.1]", "<b>It</b> **left** &amp; went."),
        ("They left... [q7x2.1]", "They left..."),
    ],
)
def test_words_stay_as_they_are(reply: str, body: str) -> None:
    assert read(reply) == [Sentence(body, (("q7x2", 1),))]


@pytest.mark.parametrize("mark", ["[zzzz.1]", "[1]", "[^2]", "[1, 2]", "【4:0†source】"])
def test_marks_of_another_style_are_no_words(mark: str) -> None:
    (sentence,) = read(f"The road was shut. {mark}")
    assert sentence.body == "The road was shut."
    assert all(tag not in TAGS for tag, _ in sentence.ids)


@pytest.mark.parametrize(
    "reply",
    [
        "NOT IN THE LIBRARY",
        "not in the library.",
        "**NOT IN THE LIBRARY**",
        "NOT IN THE LIBRARY: no sentence says who.",
        "NOT IN THE LIBRARY. However, snow fell. [q7x2.1]",
    ],
)
def test_a_refusal_is_known(reply: str) -> None:
    assert read(reply)[0].refuses


def test_a_sentence_about_a_library_is_no_refusal() -> None:
    assert not read("The book was not in the library. [q7x2.1]")[0].refuses


@pytest.mark.parametrize(
    "reply", ["", "\n\n", "```\n```", "[q7x2.1]", "<think> [q7x2.1] Hm.\n", "<"]
)
def test_a_reply_without_words_has_no_sentences(reply: str) -> None:
    assert read(reply) == []


def test_a_sentence_comes_out_when_its_line_is_finished() -> None:
    stream = SentenceStream(TAGS)
    assert stream.feed("The road was shut. [q7x2") == []
    assert stream.feed(".1]") == []
    assert stream.feed(" F") == [ONE]
    assert stream.feed("erries ran. [q7x2.2]\n") == [Sentence("Ferries ran.", (("q7x2", 2),))]


PIECES = st.sampled_from(
    [
        "Snow fell.",
        " ",
        "\n",
        "[q7x2.1]",
        "[zzzz.9]",
        "the",
        "(",
        "]",
        "[",
        "q7x2.",
        "2]",
        "NOT IN ",
    ]
)


@given(st.lists(PIECES, max_size=12).map("".join), st.integers(2, 90))
def test_how_a_reply_is_cut_up_changes_nothing(reply: str, step: int) -> None:
    assert read(reply, step) == read(reply, 1)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for sentence in read_sentences(text, TAGS):
        assert sentence.body or sentence.ids

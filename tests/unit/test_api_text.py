"""What an API message says, and what is read from messages that come back."""

from __future__ import annotations

import doctest
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.api import conversing, wording
from assistant.api.conversing import read_messages
from assistant.api.failing import code_of, status_of
from assistant.api.kept import KeptAnswers
from assistant.api.openai_schemas import MessageIn
from assistant.api.schemas import AnswerIn, AnswerOut
from assistant.api.wording import message_of, message_pieces, plain
from assistant.errors import (
    ArticleNotFoundError,
    DatelineError,
    EndpointError,
    IndexDamagedError,
    IndexLockedError,
    IndexNotFoundError,
    ModelFileError,
    UsageError,
)
from assistant.types import Answer, Part
from tests.integration import web_double as double


def test_examples() -> None:
    for module in (wording, conversing):
        assert doctest.testmod(module).failed == 0


FULL = double._full("Where is the road open?")
ABSTAINED = double.answer(
    "the moon?",
    text="No passage speaks of it.",
    abstention_reason="No passage speaks of it.",
    evidence=double._nearest(),
)
POISONED = double.answer("poison", double.POISON_CITED)
ANSWERS = pytest.mark.parametrize("answer", [FULL, ABSTAINED, POISONED])


def test_a_message_has_its_markers_and_their_footnotes() -> None:
    message = message_of(FULL)
    said, _, notes = message.partition("\n\nReports differ")
    assert "[1]" in said and "[2]" in said
    assert notes.split("\n\n")[1].startswith("[1] Coast guard and pilots try again")
    assert "Meridian Courier (carried by Atlas Digest) · 12 March 2021" in notes
    assert "https://courier.example/norrvik-road" in notes


def test_what_the_text_does_not_name_is_told_apart() -> None:
    message = message_of(double.answer("q?", double.ROAD_CITED, double.DENIAL_CITED))
    assert "\n\n[1] " in message and "\n\n[2] " in message
    alone = replace(FULL, statements=FULL.statements[:1], disagreements=())
    assert "\n\nAlso reported: [2] County denies that the road" in message_of(alone)


def test_an_abstention_names_what_came_nearest_and_that_it_is_no_answer() -> None:
    assert message_of(ABSTAINED).startswith("No passage speaks of it.\n\nNot an answer, but near: ")


@ANSWERS
def test_the_pieces_of_a_stream_make_the_message(answer: Answer) -> None:
    items = [*(Part(statement, ()) for statement in answer.statements), answer]
    said = ""
    for item in items:
        said += message_pieces(item, first=not said)
    assert said == message_of(answer)


@ANSWERS
def test_nothing_of_an_article_is_active_in_markdown(answer: Answer) -> None:
    html = MarkdownIt("commonmark", {"html": True}).render(message_of(answer))
    assert "<img" not in html and "<script" not in html and "<iframe" not in html
    assert "<a " not in html and "javascript:alert" not in html.replace("(javascript:alert", "")


MARKUP = ["\\", "!", "[", "]", "(http://h.example/x)", ": http://h.example/x", "<", "<img src=x>"]


@settings(deadline=None)  # a loaded machine is no failure
@given(st.lists(st.sampled_from([*MARKUP, "<http://h.example>", "`", "a", " ", "\n", "\n\n"])))
@example(["\\", "<img src=x>"])
def test_nothing_that_markup_is_put_together_from_is_active(pieces: list[str]) -> None:
    html = MarkdownIt("commonmark", {"html": True}).render(plain("".join(pieces)))
    assert "<img" not in html and "<a " not in html


@ANSWERS
def test_the_schema_says_what_an_answer_is(answer: Answer) -> None:
    assert AnswerOut.model_validate(answer.to_dict())
    assert set(AnswerOut.model_fields) == set(answer.to_dict())


def test_a_whole_answer_can_be_sent_back() -> None:
    back = AnswerIn.model_validate(FULL.to_dict()).answer()
    assert (back.question, back.standalone_question) == (FULL.question, FULL.standalone_question)
    assert [c.passage_id for c in back.citations] == [c.passage_id for c in FULL.citations]
    assert [s.body for s in back.statements] == [s.body for s in FULL.statements]
    assert back.evidence == ()


def messages(*said: tuple[str, Any]) -> list[MessageIn]:
    return [MessageIn(role=role, content=content) for role, content in said]


def test_a_message_that_comes_back_is_the_answer_that_it_was() -> None:
    kept = KeptAnswers()
    kept.keep(FULL, message_of(FULL))
    question, history = read_messages(
        messages(
            ("system", "Obey."),
            ("user", FULL.question),
            ("assistant", message_of(FULL)),
            ("user", [{"type": "text", "text": "and when was that?"}]),
        ),
        kept,
    )
    assert question == "and when was that?"
    assert history == [replace(FULL, evidence=())]


def test_to_another_question_it_is_only_words() -> None:
    kept = KeptAnswers()
    kept.keep(FULL, message_of(FULL))
    _, (earlier,) = read_messages(
        messages(("user", "Another?"), ("assistant", message_of(FULL)), ("user", "and then?")), kept
    )
    assert earlier.question == "Another?"
    assert earlier.citations == ()
    assert "Reports differ" not in earlier.text and "[1] Coast" not in earlier.text


def test_the_field_goes_before_the_words() -> None:
    said = MessageIn(role="assistant", content="x", dateline=FULL.to_dict())
    first, last = messages(("user", "Was it?"), ("user", "and then?"))
    _, (earlier,) = read_messages([first, said, last], KeptAnswers())
    assert earlier.question == FULL.question


def test_the_last_message_is_the_question() -> None:
    with pytest.raises(UsageError, match="the last message must be the user's"):
        read_messages(messages(("user", "a"), ("assistant", "b")), KeptAnswers())


def test_kept_answers_are_bounded_and_expire() -> None:
    now = 0.0
    kept = KeptAnswers(most=2, seconds=10, clock=lambda: now)
    for question in ("a", "b", "c"):
        kept.keep(replace(FULL, question=question), "said")
    assert kept.find("a", "said") is None
    assert kept.find("b", " said ") and kept.find("c", "said")
    now = 11.0
    assert kept.find("c", "said") is None


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        (UsageError, 400, "invalid_value"),
        (ArticleNotFoundError, 404, "article_not_found"),
        (IndexLockedError, 409, "index_locked"),
        (EndpointError, 502, "endpoint"),
        (IndexNotFoundError, 503, "index_not_found"),
        (IndexDamagedError, 503, "index_damaged"),
        (ModelFileError, 503, "model_file"),
    ],
)
def test_errors_have_their_status(kind: type[DatelineError], status: int, code: str) -> None:
    assert (status_of(kind("x")), code_of(kind("x"))) == (status, code)

"""A browser session's conversation, without a browser."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.errors import UsageError
from assistant.types import Answer, Article, Citation, Evidence, Filters, Part, Passage, Statement
from assistant.web import talk

STATED = Statement(text="It was shut [1]", body="It was shut", markers=(1,))
CITED = Citation(1, "a", "r", "p", "t", "s", "", None, "", "It was shut", 0, 11)
NEAR = Evidence(Passage("a", "r", "It was shut", 0, 11, ((0, 11),)), Article("a", ""), 1, 1.0, "x")


def answer(question: str) -> Answer:
    return Answer(
        question=question,
        standalone_question=question,
        text=STATED.text,
        writer="quote",
        model="",
        prompt_id="",
        abstained=False,
        abstention_reason=None,
        confidence=1.0,
        dropped=0,
        statements=(STATED,),
        citations=(CITED,),
        evidence=(NEAR,),
    )


def ask(turns: talk.Turns, question: str, *typed: str) -> talk.Turns:
    """The session after a question and its whole answer."""
    asked = talk.begin(turns, question, talk.Narrowing(*typed))
    return talk.progressed(asked, answer(asked[-1].question))


PART = Part(STATED, (CITED,))


def test_each_checked_statement_is_a_step_and_the_answer_is_the_last() -> None:
    begun = talk.begin((), "  Was it\nshut? ")
    stated = talk.progressed(begun, PART)
    whole = talk.progressed(stated, answer("Was it shut?"))
    states = [begun, stated, whole]
    assert [len(s[-1].statements) for s in states] == [0, 1, 1]
    assert [s[-1].pending for s in states] == [True, True, False]
    assert begun[-1].question == "Was it shut?"
    assert stated[-1].citations == (CITED,)
    assert whole[-1].answer == answer("Was it shut?")


def test_a_place_in_the_queue_is_shown_until_something_comes() -> None:
    waiting = talk.progressed(talk.begin((), "Was it shut?"), 3)
    assert waiting[-1].waits == 3 and waiting[-1].pending
    for comes in (PART, answer("Was it shut?")):
        assert talk.progressed(waiting, comes)[-1].waits == 0
    assert talk.end_pending(waiting, "stopped")[-1].waits == 0


def test_history_is_the_earlier_whole_answers() -> None:
    turns = ask((), "Was it shut?")
    turns = talk.end_pending(talk.begin(turns, "And then?"), "no endpoint")
    assert talk.history_of(turns) == [answer("Was it shut?")]
    turns = ask(turns, "When was that?")
    assert talk.history_of(turns) == [answer("Was it shut?"), answer("When was that?")]
    assert [t.number for t in turns] == [1, 2, 3]


def test_filters_stand_with_the_turn() -> None:
    turns = ask((), "Was it shut?", " 2021-03-01 ", "", "Northern Wire", " ", "roads")
    expected = (date(2021, 3, 1), None, "Northern Wire", None, "roads")
    assert turns[-1].filters == Filters(*expected)
    fields = talk.Narrowing.of(turns[-1].filters)
    assert fields == ("2021-03-01", "", "Northern Wire", "", "roads")
    assert talk.parse_filters(fields) == turns[-1].filters


@pytest.mark.parametrize("text", ["23/06/2017", "2017-13-01", "yesterday", "x" * 5000])
def test_a_bad_day_is_one_clear_line_and_nothing_waits(text: str) -> None:
    turns = talk.begin((), "Was it shut?", talk.Narrowing("", text))
    error = turns[-1].error or ""
    assert not turns[-1].pending
    assert error.startswith("Until: ")
    assert "write it as YYYY-MM-DD" in error
    assert len(error) < 150
    with pytest.raises(UsageError):
        talk.parse_filters(talk.Narrowing(until=text))


def test_an_empty_question_changes_nothing() -> None:
    turns = ask((), "Was it shut?")
    assert talk.begin(turns, " \n ") is turns


def test_a_turn_that_was_cut_off_is_ended_by_the_next_question() -> None:
    turns = ask(talk.progressed(talk.begin((), "Was it shut?"), PART), "Was it?")
    assert [t.error for t in turns] == [talk.INTERRUPTED, None]
    assert turns[0].statements == (STATED,)


def test_a_session_is_bounded_and_numbers_go_on() -> None:
    turns: talk.Turns = ()
    for n in range(talk.MAX_TURNS + 5):
        turns = ask(turns, f"question {n}")
        assert len(turns) <= talk.MAX_TURNS
    assert len(turns) == talk.MAX_TURNS
    assert [t.number for t in turns] == list(range(6, talk.MAX_TURNS + 6))


def test_an_unfinished_turn_can_be_ended_and_a_finished_one_stays() -> None:
    stated = talk.progressed(talk.begin((), "Was it shut?"), PART)
    ended = talk.end_pending(stated, "stopped by you", stopped=True)
    assert ended[-1].error == "stopped by you" and ended[-1].stopped
    assert ended[-1].statements == (STATED,)
    whole = ask((), "Was it shut?")
    assert talk.end_pending(whole, "stopped by you") == whole
    assert talk.end_pending((), "x") == ()


def test_a_session_is_cut_before_a_turn_and_goes_on_with_its_number() -> None:
    turns: talk.Turns = ()
    for question in ("Was it shut?", "And then?", "And now?"):
        turns = ask(turns, question)
    assert [t.number for t in talk.cut_at(turns, 2)] == [1]
    assert talk.cut_at(turns, None) == turns
    again = ask(talk.cut_at(turns, 2), "Was it open?")
    assert [(t.number, t.question) for t in again] == [(1, "Was it shut?"), (2, "Was it open?")]
    assert talk.find_turn(again, 2) == again[1]
    for number in (3, "2", None, {}):
        assert talk.find_turn(again, number) is None


def test_clicks_are_found_by_turn_kind_and_number_and_nothing_else() -> None:
    turns = ask((), "Was it shut?")
    assert talk.find_opened(turns, 1, "citation", 1) == CITED
    assert talk.find_opened(turns, 1, "evidence", 1) == NEAR
    for turn, kind, number in (
        (2, "citation", 1),
        (1, "citation", 2),
        (1, "file", 1),
        (1, None, None),
        ("1", "citation", "1"),
        ({}, [], ()),
    ):
        assert talk.find_opened(turns, turn, kind, number) is None
    assert talk.find_opened((), 1, "citation", 1) is None


def test_a_session_holds_no_whole_articles() -> None:
    long = replace(NEAR, article=Article("a", "It was shut. " * 999, title="The road"))
    turns = talk.begin((), "Was it shut?")
    turns = talk.progressed(turns, replace(answer("Was it shut?"), evidence=(long,)))
    kept = talk.find_opened(turns, 1, "evidence", 1)
    assert isinstance(kept, Evidence)
    assert (kept.article.title, kept.article.text) == ("The road", "")
    assert kept.passage == NEAR.passage


def test_of_what_no_page_would_send_as_much_is_kept_as_may_be_asked() -> None:
    (turn,) = talk.begin((), "why " * 50_000, talk.Narrowing(source="x" * 50_000))
    assert len(turn.question) == talk.MAX_QUESTION
    assert turn.filters.source == "x" * talk.MAX_NAME

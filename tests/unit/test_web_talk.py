"""A browser session's conversation, without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from assistant.errors import EndpointError, UsageError
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


class Streams:
    """Gives what it was made with, and remembers how it was asked."""

    def __init__(self, *items: Part | Exception) -> None:
        self.items = items
        self.calls: list[dict[str, Any]] = []

    def stream(self, question: str, **asked: Any) -> Iterator[Part | Answer]:
        self.calls.append({"question": question, **asked})
        for item in self.items:
            if isinstance(item, Exception):
                raise item
            yield item
        yield answer(question)


def last(states: Iterator[talk.Turns]) -> talk.Turns:
    *_, final = states
    return final


def ask(streams: Streams, turns: talk.Turns, question: str, *typed: str) -> list[talk.Turns]:
    return list(talk.converse(streams, turns, question, talk.Narrowing(*typed)))


def test_each_checked_statement_is_a_step_and_the_answer_is_the_last() -> None:
    states = ask(Streams(Part(STATED, (CITED,))), (), "  Was it\nshut? ")
    assert [len(s[-1].statements) for s in states] == [0, 1, 1]
    assert [s[-1].pending for s in states] == [True, True, False]
    assert states[0][-1].question == "Was it shut?"
    assert states[1][-1].citations == (CITED,)
    assert states[2][-1].answer == answer("Was it shut?")


def test_history_is_the_earlier_whole_answers() -> None:
    streams = Streams()
    turns = ask(streams, (), "Was it shut?")[-1]
    turns = ask(Streams(EndpointError("no endpoint")), turns, "And then?")[-1]
    turns = ask(streams, turns, "When was that?")[-1]
    assert streams.calls[-1]["history"] == [answer("Was it shut?")]
    assert [t.number for t in turns] == [1, 2, 3]


def test_a_failure_is_one_line_and_keeps_what_was_checked_before_it() -> None:
    streams = Streams(Part(STATED, (CITED,)), EndpointError("the endpoint was cut off"))
    turns = ask(streams, (), "Was it shut?")[-1]
    assert turns[-1].error == "the endpoint was cut off"
    assert turns[-1].statements == (STATED,)
    assert turns[-1].answer is None
    assert ask(Streams(), turns, "Was it?")[-1][-1].answer is not None


def test_what_is_no_dateline_error_is_not_hidden() -> None:
    with pytest.raises(RuntimeError):
        ask(Streams(RuntimeError("a defect")), (), "Was it shut?")


def test_filters_reach_the_question_and_the_turn() -> None:
    streams = Streams()
    turns = ask(streams, (), "Was it shut?", " 2021-03-01 ", "", "Northern Wire", " ", "roads")[-1]
    expected = (date(2021, 3, 1), None, "Northern Wire", None, "roads")
    assert turns[-1].filters == Filters(*expected)
    call = streams.calls[-1]
    assert tuple(call[name] for name in ("since", "until", "source", "region", "tag")) == expected
    fields = talk.Narrowing.of(turns[-1].filters)
    assert fields == ("2021-03-01", "", "Northern Wire", "", "roads")
    assert talk.parse_filters(fields) == turns[-1].filters


@pytest.mark.parametrize("text", ["23/06/2017", "2017-13-01", "yesterday", "x" * 5000])
def test_a_bad_day_is_one_clear_line_and_nothing_is_asked(text: str) -> None:
    streams = Streams()
    (turns,) = ask(streams, (), "Was it shut?", "", text)
    error = turns[-1].error or ""
    assert error.startswith("Until: ")
    assert "write it as YYYY-MM-DD" in error
    assert len(error) < 150
    assert not streams.calls
    with pytest.raises(UsageError):
        talk.parse_filters(talk.Narrowing(until=text))


def test_an_empty_question_changes_nothing() -> None:
    streams = Streams()
    assert ask(streams, (), " \n ") == []
    assert not streams.calls


def test_a_turn_that_was_cut_off_is_ended_by_the_next_question() -> None:
    cut = ask(Streams(Part(STATED, (CITED,))), (), "Was it shut?")[1]
    turns = ask(Streams(), cut, "Was it?")[-1]
    assert [t.error for t in turns] == [talk.INTERRUPTED, None]


def test_a_session_is_bounded_and_numbers_go_on() -> None:
    turns: talk.Turns = ()
    for n in range(talk.MAX_TURNS + 5):
        states = ask(Streams(), turns, f"question {n}")
        assert all(len(s) <= talk.MAX_TURNS for s in states)
        turns = states[-1]
    assert len(turns) == talk.MAX_TURNS
    assert [t.number for t in turns] == list(range(6, talk.MAX_TURNS + 6))


def test_an_unfinished_turn_can_be_ended_and_a_finished_one_stays() -> None:
    states = ask(Streams(Part(STATED, (CITED,))), (), "Was it shut?")
    ended = talk.end_pending(states[1], "stopped by you")
    assert ended[-1].error == "stopped by you"
    assert ended[-1].statements == (STATED,)
    assert talk.end_pending(states[-1], "stopped by you") == states[-1]
    assert talk.end_pending((), "x") == ()


def test_a_session_is_cut_before_a_turn_and_goes_on_with_its_number() -> None:
    turns: talk.Turns = ()
    for question in ("Was it shut?", "And then?", "And now?"):
        turns = ask(Streams(), turns, question)[-1]
    assert [t.number for t in talk.cut_at(turns, 2)] == [1]
    assert talk.cut_at(turns, None) == turns
    again = ask(Streams(), talk.cut_at(turns, 2), "Was it open?")[-1]
    assert [(t.number, t.question) for t in again] == [(1, "Was it shut?"), (2, "Was it open?")]
    assert talk.find_turn(again, 2) == again[1]
    for number in (3, "2", None, {}):
        assert talk.find_turn(again, number) is None


def test_clicks_are_found_by_turn_kind_and_number_and_nothing_else() -> None:
    turns = ask(Streams(), (), "Was it shut?")[-1]
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

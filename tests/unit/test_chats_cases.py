"""Feedback as evaluation cases: what `assistant evaluate` takes, and what it is never given."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.chats import Chat, Feedback, KeptTurn, feedback_cases, to_lines
from assistant.errors import CaseError
from assistant.evaluation import load_cases
from assistant.types import Answer, EvalCase, Filters, GoldQuote, Turn
from tests.unit.made_chats import (
    QUOTE,
    answered,
    answers,
    chat,
    cited,
    feedback,
    filters,
    refused,
    texts,
    turn,
)

UP, DOWN = Feedback(1, "just so"), Feedback(-1, "that was the other bridge")


def loaded(folder: Path, kept: Chat) -> list[EvalCase]:
    path = folder / "cases.jsonl"
    path.write_text(to_lines(feedback_cases([kept]).cases), encoding="utf-8")
    return load_cases(path)


def test_a_thumbs_up_becomes_a_case_with_the_quotes_as_gold(tmp_path: Path) -> None:
    two = replace(answered(), citations=(cited(), cited(marker=2, article_id="copy", answer=None)))
    (case,) = loaded(tmp_path, chat(turn(1, two, feedback=UP), turn(2, answered())))
    assert case == EvalCase(
        id="chat-turn-1",
        question="When was the bridge closed?",
        type="chat",
        answerable=True,
        answers=(("on Thursday",),),
        evidence=((GoldQuote("marrat", QUOTE), GoldQuote("copy", QUOTE)),),
        note="just so",
    )


def test_a_good_refusal_becomes_a_case_without_an_answer(tmp_path: Path) -> None:
    (case,) = loaded(tmp_path, chat(turn(1, refused(), feedback=UP)))
    assert (case.answerable, case.answers, case.evidence) == (False, (), ())


def test_a_follow_up_brings_what_was_said_before(tmp_path: Path) -> None:
    follow_up = answered("And when?", standalone="When was the bridge closed?")
    kept = chat(
        turn(1, answered("Which bridge was closed?")),
        turn(2, None, error="away"),
        turn(3, follow_up, feedback=UP),
        turn(4, answered(), feedback=UP),
    )
    led, alone = loaded(tmp_path, kept)
    assert led.history == (Turn("Which bridge was closed?", answered().text),)
    assert alone.history == ()


def test_a_narrowed_question_says_so(tmp_path: Path) -> None:
    narrow = Filters(source="Harbour Post")
    (case,) = loaded(tmp_path, chat(turn(1, answered(), filters=narrow, feedback=UP)))
    assert case.extra == {"filters": {"source": "Harbour Post"}}


def test_a_thumbs_down_is_no_case_and_cannot_be_taken_for_one(tmp_path: Path) -> None:
    found = feedback_cases([chat(turn(1, answered(), feedback=DOWN))])
    assert not found.cases
    (apart,) = found.apart
    assert (apart["note"], apart["why"]) == ("that was the other bridge", "thumbs down")
    assert (apart["question"], apart["answer"]) == (answered().question, answered().text)
    assert apart["quotes"] == [{"article_id": "marrat", "quote": QUOTE}]
    path = tmp_path / "apart.jsonl"
    path.write_text(to_lines(found.apart))
    with pytest.raises(CaseError, match="answerable"):
        load_cases(path)


@pytest.mark.parametrize(
    ("kept", "why"),
    [
        (turn(1, None, error="away"), "no whole answer"),
        (turn(1, answered(), stopped=True), "no whole answer"),
        (turn(1, refused(), filters=Filters(source="Harbour Post")), "narrowed"),
        (turn(1, replace(answered(), citations=())), "nothing is quoted"),
    ],
)
def test_a_thumbs_up_that_cannot_be_gold_is_set_apart(kept: KeptTurn, why: str) -> None:
    found = feedback_cases([chat(replace(kept, feedback=UP))])
    assert not found.cases
    assert why in found.apart[0]["why"]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(answers, texts.filter(str.strip), filters, feedback), max_size=3))
def test_whatever_was_found_good_evaluation_takes_it(
    tmp_path: Path, rated: list[tuple[Answer, str, Filters, Feedback]]
) -> None:
    turns = [
        turn(number, answer, question=question, filters=narrowed, feedback=given)
        for number, (answer, question, narrowed, given) in enumerate(rated, start=1)
    ]
    found = feedback_cases([chat(*turns)])
    assert len(found.cases) + len(found.apart) == len(turns)
    assert all(json.loads(line) for line in to_lines(found.apart).splitlines())
    if found.cases:
        assert [c.id for c in loaded(tmp_path, chat(*turns))] == [c["id"] for c in found.cases]

"""Which questions lean on the conversation, and what they become."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.conversation import is_follow_up, resolve
from assistant.types import Answer, Citation, Statement

_FOLLOW_UPS = [
    "and when was that?",
    "And what did Turkey say?",
    "What about Homs?",
    "how about the eastern bank?",
    "But who was first?",
    "OK, and the losses?",
    "When did he arrive?",
    "Why did they leave the city?",
    "Who are its leaders?",
    "How many of them died?",
    "What did the ministry say about him?",
    "Who leads it?",
    "Did Turkey support them?",
    "Did the UN condemn it?",
    "What happened there in June?",
    "Did Turkey accept that?",
    "What did Putin say about that?",
    "How many of those were 18 or older?",
    "Who ordered that strike?",
    "Was this confirmed?",
    "Which one fell first?",
    "Who said so?",
    "Why?",
    "How many?",
    "Since when?",
    "Were there casualties?",
    "Did the same unit take both towns?",
    "Is it theirs?",
    "How many were killed?",
    "How many missiles were launched?",
    "Who were the victims?",
    "Who is the mayor?",
    "When is the next one?",
]

_STANDALONE = [
    "Who controls the Ithriyah-Resafa road?",
    "who controls the aleppo road today",
    "Which villages did the army capture on Monday?",
    "Did Lina Farouk say she would resign?",
    "Did foreign minister Lenz propose to fly to Lisenne on his own?",
    "On what date did ISIS lose its final stretch of the road?",
    "Is it true that the dam was damaged?",
    "How long did it take the brigade to reach the dam?",
    "Who said that the road was open?",
    "Are there survivors in the village near the dam?",
    "What do reports say about grain prices this week?",
    "To what gas, in the account that the ministry published, were the soldiers exposed?",
    "Which bridge were the lorries on when a shell hit two of them?",
    "So-called volunteers hold which part of the town?",
    "Then-president Almar signed which treaty?",
    "What caused the fire at the port warehouse?",
    "How many people live in the province of Raqqa?",
    "When will the ceasefire begin, and where?",
    "Why did wheat prices fall in the capital?",
    "Did the ministry deny the reports of a retreat?",
    "What is known about the crash of flight 212?",
    "Which outlets reported the loss of the eastern airfield?",
    "Has Russia commented on its losses in the east?",
    "How many lorries were burned at the port warehouse?",
    "Who is the mayor of Dorvan?",
]


@pytest.mark.parametrize("question", _FOLLOW_UPS)
def test_follow_ups_lean_on_what_was_said(question: str) -> None:
    assert is_follow_up(question)
    resolved = resolve(question, [_answer("Who held the Resafa road?", "ISIS held it.")])
    assert resolved.standalone != question
    assert "Resafa" in resolved.standalone or "Homs" in resolved.standalone


@pytest.mark.parametrize("question", _STANDALONE)
def test_other_questions_stay_as_they_are(question: str) -> None:
    assert not is_follow_up(question)
    resolved = resolve(question, [_answer("What fell in March?", "Rain.", cites="a@1:0-4")])
    assert (resolved.standalone, resolved.own, resolved.cited) == (question, "", ())


@pytest.mark.parametrize("question", _FOLLOW_UPS)
def test_without_history_every_question_stays(question: str) -> None:
    assert resolve(question, []).standalone == question


def test_the_earlier_question_its_answer_and_its_passages_are_put_beside() -> None:
    before = _answer(
        "Who holds the Resafa road?", "The northern brigade holds it.", cites="r@1:0-9"
    )
    resolved = resolve("and since when?", [before])
    assert resolved.standalone == (
        "Since when: Who holds the Resafa road? The northern brigade holds it."
    )
    assert (resolved.own, resolved.cited) == ("Since when", ("r@1:0-9",))


def test_a_long_answer_stays_out_of_the_question() -> None:
    before = _answer("Who holds the Resafa road?", "word " * 40)
    assert resolve("since when?", [before]).standalone == "Since when: Who holds the Resafa road?"


def test_a_chain_leans_on_the_question_that_began_it() -> None:
    first = _answer("Who holds the Resafa road?", "The northern brigade.", cites="r@1:0-9")
    second = resolve("and since when?", [first])
    asked = _answer("and since when?", "Since May.", second.standalone, cites="r@1:10-19")
    third = resolve("how many of them are there?", [first, asked])
    assert third.standalone == "How many of them are there: Who holds the Resafa road? " + (
        "The northern brigade. Since May."
    )
    assert third.cited == ("r@1:10-19",)


def test_a_follow_up_with_a_name_begins_a_subject_of_its_own() -> None:
    first = _answer("Who holds the Resafa road?", "The northern brigade.")
    second = resolve("And what did Turkey say?", [first])
    asked = _answer("And what did Turkey say?", "Nothing.", second.standalone)
    assert "Turkey" in resolve("why?", [first, asked]).standalone
    dated = resolve("And what happened there in June?", [first])
    asked = _answer("And what happened there in June?", "Rain.", dated.standalone)
    assert resolve("why?", [first, asked]).standalone.startswith("Why: Who holds the Resafa road?")


def test_an_abstention_gives_its_question_and_no_words() -> None:
    before = _answer("Who holds the Resafa road?", "The library does not say.", abstained=True)
    assert resolve("since when?", [before]).standalone == "Since when: Who holds the Resafa road?"
    assert resolve("since when?", [before]).cited == ()


def test_what_leans_on_a_refusal_alone_is_refused_too() -> None:
    refused = _answer("Did Corvay shoot down a jet?", "Not held.", abstained=True)
    resolved = resolve("When was that?", [refused])
    assert resolved.refused is refused
    chained = _answer("When was that?", "Not held.", resolved.standalone, abstained=True)
    assert resolve("And where?", [refused, chained]).refused is refused
    # What names something itself may be answered, and so may what leans on an answer.
    assert resolve("And what did Lisenne say of it?", [refused]).refused is None
    assert resolve("What about Lisenne?", [refused]).refused is None
    assert resolve("Who holds the Resafa road?", [refused]).refused is None
    told = _answer("Who holds the Resafa road?", "The northern brigade.")
    asked = _answer("since when?", "Not held.", resolve("since when?", [told]).standalone)
    asked = replace(asked, abstained=True)
    assert resolve("Who leads it?", [told, asked]).refused is None


def test_history_without_a_question_is_passed_over() -> None:
    blank = _answer(" ", "")
    before = _answer("Who holds the Resafa road?", "ISIS.")
    assert "Resafa" in resolve("since when?", [before, blank]).standalone
    assert resolve("since when?", [blank]).standalone == "since when?"


@pytest.mark.parametrize(
    ("question", "becomes"),
    [
        ("What about Homs?", "Who controls Homs?"),
        ("and in Deir ez-Zor?", "Who controls Deir ez-Zor?"),
        ("And Damascus?", "Who controls Damascus?"),
        ("How about the Tarn Valley then?", "Who controls Tarn Valley?"),
    ],
)
def test_what_about_changes_the_name(question: str, becomes: str) -> None:
    assert resolve(question, [_answer("Who controls Aleppo?", "The army.")]).standalone == becomes


@pytest.mark.parametrize(
    "question", ["And on Friday?", "and in June?", "What about Turkey's role?"]
)
def test_days_months_and_roles_are_no_names_to_change(question: str) -> None:
    resolved = resolve(question, [_answer("Who controls Aleppo?", "The army.")])
    assert "Who controls Aleppo?" in resolved.standalone


def test_two_names_are_left_alone() -> None:
    for asked in ("Did Russia bomb Aleppo?", "Is the road from Aleppo to Hama open?"):
        resolved = resolve("What about Homs?", [_answer(asked, "Yes.")])
        assert resolved.standalone == f"Homs: {asked} Yes."


def _answer(
    question: str,
    body: str,
    standalone: str | None = None,
    *,
    cites: str = "",
    abstained: bool = False,
) -> Answer:
    citation = Citation(1, "r", "1", cites, "", "", "", None, "", body, 0, len(body))
    return Answer(
        question=question,
        standalone_question=standalone or question,
        text=body,
        writer="quote",
        model="",
        prompt_id="",
        abstained=abstained,
        abstention_reason="none" if abstained else None,
        confidence=1.0,
        dropped=0,
        statements=() if abstained else (Statement(body, body, (1,)),),
        citations=(citation,) if cites else (),
    )


def test_a_chain_does_not_grow() -> None:
    said = "Judge Petra Nowak fined the federation four million crowns on Friday."
    asked = _answer("Who leads the federation?", said)
    first = resolve("What did he say?", [asked])
    assert first.standalone == f"What did he say: Who leads the federation? {said}"
    again = _answer("What did he say?", said, first.standalone)
    assert resolve("why?", [asked, again]).standalone == f"Why: Who leads the federation? {said}"
    other = _answer("why?", "The court had warned it twice.", f"Why: {asked.question} {said}")
    longer = resolve("how?", [asked, again, other]).standalone
    assert longer == f"How: Who leads the federation? {said} The court had warned it twice."
    last = _answer("how?", "By letter.", longer)
    assert resolve("when?", [last]).standalone == "When: Who leads the federation? By letter."


_SAID = (
    "Reported 24 June 2017 by Basalt Post: “They take a hill and lose it,” said Samer Qabbani.” [1]"
)


@pytest.mark.parametrize(
    ("question", "own"),
    [
        ("And what did he say of the tanks?", "What did Samer Qabbani say of the tanks"),
        ("How many of his men died?", "How many of Samer Qabbani's men died"),
        ("Did the army answer him?", "Did the army answer Samer Qabbani"),
        ("And what did they say?", "What did they say"),
    ],
)
def test_he_is_the_one_person_of_the_last_answer(question: str, own: str) -> None:
    last = _answer("What do the monitors say?", "It is held, said Samer Qabbani on Saturday.")
    resolved = resolve(question, [last])
    assert resolved.own == own
    assert resolved.standalone.startswith(f"{own}: What do the monitors say?")


def test_who_is_he_asks_after_him_alone() -> None:
    last = _answer("What do the monitors say?", "It is held, said Samer Qabbani.", cites="q@1:0-9")
    resolved = resolve("Who is he?", [last])
    assert (resolved.standalone, resolved.own) == ("Who is Samer Qabbani?", "")
    assert resolved.cited == ("q@1:0-9",)


def test_of_an_answer_known_by_its_text_the_frame_names_only_who_said_it() -> None:
    def told(text: str) -> Answer:
        return replace(_answer("Who says so?", ""), statements=(), text=text)

    outlet = told("Reported 16 July 2017 by Orontes Dispatch: “It is open, he said.” [1]")
    assert resolve("Did he leave?", [outlet]).own == "Did he leave"
    citing = told("Reported 16 July 2017 by Wire, citing Ann Lee: “It is open, she said.” [1]")
    assert resolve("Did she leave?", [citing]).own == "Did Ann Lee leave"


@pytest.mark.parametrize(
    ("told", "who"),
    [
        ("The opposition Civic Union won 64 seats. Its leader is Elena Voss.", "Elena Voss"),
        ("The Civic Union won. Its leader, Elena Voss, a judge of 47, smiled.", "Elena Voss"),
        ("The minister Oskar Lenz won 64 seats.", "Oskar Lenz"),
        ("The opposition Civic Union won 64 seats.", "she"),
    ],
)
def test_what_has_an_article_before_its_name_is_no_person(told: str, who: str) -> None:
    assert resolve("Where is she from?", [_answer("Who won?", told)]).own == f"Where is {who} from"


def test_two_persons_leave_the_pronoun_as_it_is() -> None:
    last = _answer("Who spoke?", "It fell, said Ann Lee, and Rika Saal said that it held.")
    assert resolve("What did she mean?", [last]).own == "What did she mean"


def test_a_chain_through_a_name_still_leans_on_its_beginning() -> None:
    first = _answer("What do the monitors say?", "It is held, said Samer Qabbani.")
    second = resolve("And what did he add?", [first])
    asked = _answer("And what did he add?", "Nothing.", second.standalone)
    third = resolve("Why?", [first, asked]).standalone
    assert third.startswith("Why: What do the monitors say?")

"""Disagreements and the timeline: who differs, who only repeats, what is superseded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.answering.answer import Asked, answer
from assistant.answering.drafts import Draft, Outcome, Quote
from assistant.answering.holders import asked_relation, find_actor
from assistant.answering.reprints import Reprints
from assistant.answering.timeline import asks_state
from assistant.passages import split_passages
from assistant.types import Answer, Article, Evidence, Timings

JULY = date(2017, 7, 10)
TAKEN = Article(
    "taken",
    "Government troops now hold the whole of Belkorra, the ministry said on Monday.",
    source="Dorvan Herald",
    published=JULY,
)
HELD = Article(
    "held",
    "The Sarn Valley Front still holds the east of Bel-Korra, its spokesman said.",
    source="Teyn Valley Radio",
    published=date(2017, 7, 11),
)
LEFT = Article(
    "left",
    "State police took charge of the whole town of Belkorra on Saturday.",
    source="Kestrel Wire",
    published=date(2017, 7, 24),
)
COUNTED = Article(
    "counted",
    "Rebels left Belkorra by bus. The army counted 640 fighters. The Front said that 900 had gone.",
    source="Kestrel Wire",
    published=date(2017, 7, 24),
)


class _QuotesFirst:
    """A writer that quotes the first sentence of each of some articles."""

    name = "quote"
    model = prompt_id = ""

    def __init__(self, sentence: int, *ids: str) -> None:
        self._sentence, self._ids = sentence, ids

    def write(self, question: str, evidence: Any, own: str = "") -> Any:
        for item in (item for item in evidence if item.article.id in self._ids):
            start, end = item.passage.sentences[self._sentence]
            quote = Quote(item.article, item.passage.id, start, end)
            yield Draft(quote.text, (quote,))
        yield Outcome(1.0)


def _answer(question: str, articles: list[Article], *cited: str, sentence: int = 0) -> Answer:
    evidence = [
        Evidence(split_passages(article)[0], article, rank, 1.0, "test")
        for rank, article in enumerate(articles, 1)
    ]
    asked = Asked(question, question, evidence, Timings(), 0.0)
    *_, last = answer(asked, _QuotesFirst(sentence, *cited))
    assert isinstance(last, Answer)
    return last


def _sides(given: Answer) -> list[tuple[str, tuple[int, ...]]]:
    return [(side.value, side.markers) for one in given.disagreements for side in one.sides]


def test_holders_of_one_time_stand_side_by_side() -> None:
    given = _answer("Who holds Belkorra?", [TAKEN, HELD], "taken")
    assert _sides(given) == [("Government troops", (1,)), ("The Sarn Valley Front", (2,))]
    second = given.citations[1]
    assert (second.article_id, second.source) == ("held", "Teyn Valley Radio")
    assert HELD.text[second.start : second.end] == second.quote


def test_a_later_holder_is_no_disagreement_and_leads_the_timeline() -> None:
    given = _answer("Who holds Belkorra?", [LEFT, HELD], "left")
    assert given.disagreements == ()
    assert [(e.reported_on.day, e.markers, e.earlier) for e in given.timeline] == [
        (24, (1,), False),
        (11, (2,), True),
    ]


def test_two_voices_of_one_report_differ() -> None:
    question = "How many fighters left Belkorra?"
    given = _answer(question, [COUNTED], "counted", sentence=1)
    assert _sides(given) == [("640", (1,)), ("900", (2,))]


def test_a_rough_number_agrees_with_one_that_bears_it_out() -> None:
    def toll(words: str, source: str) -> Article:
        return Article(source, f"A bomb in Teyn killed {words} people.", source=source)

    question = "How many people did the bomb in Teyn kill?"
    for one, other, differ in (
        ("more than 60", "63", False),
        ("about 60", "58", False),
        ("at least 58", "72", True),
        ("60", "90", True),
        ("at least 60", "60", False),
    ):
        given = _answer(question, [toll(one, "Wire"), toll(other, "Post")], "Wire")
        assert bool(given.disagreements) is differ, (one, other)


def test_an_older_report_is_told_as_earlier_where_the_question_asks_how_things_stand() -> None:
    given = _answer("Who holds Belkorra?", [LEFT, TAKEN], "left", "taken")
    first, second = given.statements
    assert first.text.startswith("Reported 24 July 2017")
    assert second.text.startswith("Earlier, reported 10 July 2017")
    given = _answer("Who held Belkorra in July 2017?", [LEFT, TAKEN], "left", "taken")
    assert not given.statements[1].text.startswith("Earlier")
    assert not any(entry.earlier for entry in given.timeline)


def test_a_reprint_is_named_and_is_no_second_source() -> None:
    text = " ".join(f"Sentence {n} tells of the road to Belkorra and of rain." for n in range(9))
    first = Article("a", f"{LEFT.text} {text}", source="Kestrel Wire", published=JULY)
    again = replace(first, id="b", publisher="Digest", text=f"{first.text} More to come.")
    other = replace(first, id="c", source="Wire", text=HELD.text)
    reprints = Reprints([again, other, first])
    assert reprints.carriers(first) == ("Digest",)
    assert (reprints.origin("b"), reprints.origin("c"), reprints.origin("?")) == ("a", "c", "?")
    assert reprints.carriers(other) == ()
    given = _answer("Who holds Belkorra?", [first, again], "a")
    assert "by Kestrel Wire (also carried by Digest)" in given.text
    assert given.to_dict()["citations"][0]["also_carried_by"] == ["Digest"]
    assert given.disagreements == ()


@pytest.mark.parametrize(
    ("sentence", "actor"),
    [
        ("ISIS still holds the road.", "ISIS"),
        ("The road, held by the army since May, was opened.", "the army"),
        ("Troops resumed attempts to re-take the road from ISIS.", "ISIS"),
        ("Salma has been under the control of the Red Star since May.", "the Red Star"),
        ("The mill is in army hands.", "army"),
        ("The army tried to hold the road.", None),
        ("The army would have held the road.", None),
        ("It rained on the road.", None),
    ],
)
def test_who_holds(sentence: str, actor: str | None) -> None:
    found = find_actor(sentence, "holds")
    assert (found.words if found else None) == actor


@pytest.mark.parametrize(
    ("sentence", "actor"),
    [
        ("ISIS has claimed responsibility for the blast.", "ISIS"),
        ("The blast was carried out by the Red Star.", "the Red Star"),
        ("The ministry blamed the Sarn Valley Front.", "the Sarn Valley Front"),
        ("Nobody has claimed the blast.", None),
    ],
)
def test_who_was_behind(sentence: str, actor: str | None) -> None:
    found = find_actor(sentence, "behind")
    assert (found.words if found else None) == actor


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("the army", "Government troops", True),
        ("ISIS", "Islamic State", True),
        ("rebels", "the Sarn Valley Front", True),
        ("rebels", "the army", False),
        ("ISIS", "the army", False),
        ("the Red Star", "the Blue Star Front", True),
        ("Hezbollah", "Turkey", False),
    ],
)
def test_names_of_one_party(one: str, other: str, same: bool) -> None:
    from assistant.answering.holders import Actor

    assert Actor(one).same(Actor(other)) is same
    assert Actor(other).same(Actor(one)) is same


@pytest.mark.parametrize(
    ("question", "state"),
    [
        ("Who controls the road?", True),
        ("How many prisoners are free by now?", True),
        ("Is the road open?", True),
        ("Has the siege been lifted?", True),
        ("Who signed the deal?", False),
        ("Who controlled the road in June 2017?", False),
        ("When was the road opened?", False),
    ],
)
def test_questions_about_a_state_of_affairs(question: str, state: bool) -> None:
    assert asks_state(question) is state


def test_what_a_question_asks_of_whom() -> None:
    assert asked_relation("Who controls the road?") == "holds"
    assert asked_relation("Which group claimed the bombing?") == "behind"
    assert asked_relation("Who is the mayor?") is None

"""Disagreements and the timeline: who differs, who only repeats, what is superseded."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from assistant.answering.answer import Asked, answer
from assistant.answering.differing.asking import asked_thing
from assistant.answering.differing.counted import number_in
from assistant.answering.differing.holders import asked_relation, find_actor
from assistant.answering.differing.reprints import Reprints
from assistant.answering.differing.timeline import asks_earlier, asks_state
from assistant.answering.drafts import Draft, Outcome, Quote
from assistant.passages import split_passages
from assistant.types import Answer, Article, Evidence, Timings
from tests.benchmarks.disagreements import HALVES, SETS, WHOLE, judge_shown

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


def test_a_later_holder_that_no_quote_tells_stands_beside() -> None:
    given = _answer("Who holds Belkorra?", [TAKEN, LEFT], "taken")
    assert [(e.reported_on.day, e.markers, e.earlier) for e in given.timeline] == [
        (24, (2,), False),
        (10, (1,), True),
    ]
    # Not what names the place nowhere near: that may be of any.
    elsewhere = replace(LEFT, text=f"{LEFT.text.replace('Belkorra', 'the town')} Belkorra is old.")
    given = _answer("Who holds Belkorra?", [TAKEN, elsewhere], "taken")
    assert [e.reported_on.day for e in given.timeline] == [10]


@pytest.mark.parametrize(
    ("sentence", "actor"),
    [
        ("Whoever holds the road can move fuel.", None),
        ("If the weather holds, a column will set out.", None),
        ("Twenty lorries held the road.", None),
        ("Earlier this month soldiers held the road.", "soldiers"),
        ("Last week the rebels held the road.", "the rebels"),
        ("Twenty soldiers held the road.", "Twenty soldiers"),
        ("Earl Brandt held the road.", "Earl Brandt"),
    ],
)
def test_words_that_open_a_sentence_hold_nothing(sentence: str, actor: str | None) -> None:
    found = find_actor(sentence, "holds")
    assert (found.words if found else None) == actor


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


MARKET = "How many people were killed in the bombing of Hollin in May 2017?"
MAY = date(2017, 5, 16)


def _report(source: str, text: str, day: date = MAY, title: str = "") -> Article:
    return Article(source, text, title=title, source=source, published=day)


FIRST = _report("Wire", "A bomb in Hollin killed 20 people on Monday.")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        # The beginning of a report says where only in its next sentence.
        (
            "At least 31 people died in a blast on Monday. The bomb went off in Hollin.",
            "at least 31",
        ),
        ("31 Dead in Market Blast A bomb killed 31 people. It hit Holin on Monday.", "31"),
        ("A bomb in Hollin killed 31 displaced people on Monday.", "31"),
        ("Mon May 15 2017 31 people killed in Hollin bombing.", "31"),
        ("In the wake of the storm, a bomb in Hollin killed 31 people.", "31"),
    ],
)
def test_a_report_of_the_same_event_differs(text: str, value: str) -> None:
    given = _answer(MARKET, [FIRST, _report("Post", text)], "Wire")
    assert _sides(given) == [("20", (1,)), (value, (2,))]


@pytest.mark.parametrize(
    "text",
    [
        "More than 4000 people have been killed since the war began, and Hollin has burnt.",
        "In Hollin 90 people have been killed since 4 January.",
        "Hollin has been bombed before. Since then 90 people have been killed in Hollin.",
        "Of those killed in the bombing of Hollin on Monday 12 people were rebels.",
        "A bomb killed 31 people at Teyn just hours after the attack on Hollin.",
        "Days after the bombing of Hollin, a raid killed 31 people at Teyn.",
        "Hollin mourns. On 2 March a bomb there had killed 31 people.",
        "A bomb in Hollin wounded 31 people on Monday.",
        "A bomb in Hollin killed 31 more people on Monday.",
        "Raids in Hollin killed 31 people in April.",
        "Bombs in Hollin killed 31 people in the last three months.",
        "A bomb killed 31 people at Teyn. " + "It rained. " * 80 + "Hollin was spared.",
        "It rained. " * 60 + "A bomb killed 31 people. " + "Snow fell. " * 40 + "Hollin is near.",
    ],
)
def test_a_number_of_something_else_is_no_disagreement(text: str) -> None:
    given = _answer(MARKET, [FIRST, _report("Post", text)], "Wire")
    assert given.disagreements == ()


def test_a_day_that_the_question_names_excludes_reports_of_another() -> None:
    question = "How many attackers struck the Hollin police station on 15 May 2017?"
    first = _report("Wire", "Two gunmen attacked the Hollin police station, the mayor said.")
    soon = _report("Post", "The Front said three of its fighters struck Hollin on Monday.")
    late = _report("Star", "Five bombers blew themselves up in Hollin.", date(2017, 5, 28))
    assert _sides(_answer(question, [first, soon], "Wire")) == [("two", (1,)), ("three", (2,))]
    assert _answer(question, [first, late], "Wire").disagreements == ()


def test_of_several_events_of_one_month_only_reports_of_one_day_are_compared() -> None:
    question = "How many people were killed by shelling in Hollin in May 2017?"
    monday = _report("Wire", "Shells killed 20 people in Hollin on Monday.")
    same = _report("Sun", "Shells killed 25 people in Hollin on Monday, and it rained.")
    tuesday = _report("Post", "Shells killed nine people in Hollin on Tuesday.")
    undated = _report("Star", "Shells killed four people in Hollin.", date(2017, 5, 28))
    assert _answer(question, [monday, tuesday, undated], "Wire").disagreements == ()
    given = _answer(question, [monday, tuesday, undated, same], "Wire")
    assert [value for value, _ in _sides(given)] == ["20", "25"]


def test_undated_figures_of_what_happens_again_and_again_must_be_of_one_day() -> None:
    question = "How many people were killed by shelling in Hollin in May 2017?"
    one = _report("Wire", "Shells killed 20 people in Hollin.", date(2017, 5, 4))
    far = _report("Post", "Shells killed nine people in Hollin.", date(2017, 5, 20))
    near = _report("Sun", "Shells killed 25 people in Hollin.", date(2017, 5, 5))
    assert [v for v, _ in _sides(_answer(question, [one, far, near], "Wire"))] == ["20", "25"]


def test_the_day_on_which_it_was_said_or_printed_is_no_other_event() -> None:
    for text in (
        "The mayor of Hollin said on Tuesday that the bombing had killed 31 people.",
        "16 May 2017 A bomb has killed 31 people in Hollin.",
    ):
        given = _answer(MARKET, [FIRST, _report("Post", text)], "Wire")
        assert [value for value, _ in _sides(given)] == ["20", "31"]


def test_an_undated_report_does_not_speak_of_a_day_that_is_asked_for() -> None:
    undated = replace(_report("Post", "A bomb in Hollin killed 31 people."), published=None)
    assert _answer(MARKET, [FIRST, undated], "Wire").disagreements == ()


def test_speakers_of_one_report_differ_though_another_report_gives_one_figure_alone() -> None:
    both = _report(
        "Post",
        "The ministry said two gunmen attacked Hollin. The Front said three of its fighters "
        "had attacked Hollin.",
    )
    first = _report("Wire", "Two gunmen attacked Hollin on Monday.")
    given = _answer("How many attackers struck Hollin?", [first, both], "Wire")
    assert _sides(given) == [("two", (1,)), ("three", (2,))]


def test_what_an_outlet_has_put_right_is_shown_only_where_others_differ() -> None:
    early = _report("Post", "A bomb in Hollin killed 12 people on Monday.")
    late = _report("Post2", "The Hollin bomb killed 31 people.", date(2017, 5, 17))
    late = replace(late, source="Post")
    assert _answer(MARKET, [late, early], "Post2").disagreements == ()
    given = _answer(MARKET, [FIRST, early, late], "Wire")
    assert sorted(value for value, _ in _sides(given)) == ["12", "20", "31"]


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
    reprints = Reprints.among([again, other, first])
    assert reprints.carriers(first, LEFT.text) == ("Digest",)
    assert reprints.carriers(first, "Nine words that the other one has left out.") == ()
    assert (reprints.origin("b"), reprints.origin("c"), reprints.origin("?")) == ("a", "c", "?")
    assert reprints.carriers(other, other.text) == ()
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
        ("Two soldiers said that they held the road.", None),
        ("Lorries crossed the rebel-held quarter.", None),
        ("Regime forces regained the road.", "Regime forces"),
        ("Snow fell in Hollin, and the state police took charge of the road.", "the state police"),
        ("Eleven lorries were burnt and three captured.", None),
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
        ("The raid was carried out by Corvayan or Talmerian jets.", None),
        ("The raid was carried out by the army and Talmerian jets.", None),
        ("The raid was carried out by the army and police.", "the army"),
        # A headline that runs into the text.
        ("The Red Star blamed Dorvan The Blue House said so.", "Dorvan"),
    ],
)
def test_who_was_behind(sentence: str, actor: str | None) -> None:
    found = find_actor(sentence, "behind")
    assert (found.words if found else None) == actor


def test_what_is_not_confirmed_names_nobody() -> None:
    question = "Who was behind the raid on Hollin?"
    one = _report("Wire", "The mayor blamed the Sarn Valley Front for the raid on Hollin.")
    text = "It was {} the raid on Hollin was carried out by Corvayan jets."
    unclear = _report("Post", text.format("unclear if"))
    assert _answer(question, [one, unclear], "Wire").disagreements == ()
    said = _report("Post", text.format("reported that"))
    assert len(_sides(_answer(question, [one, said], "Wire"))) == 2


def test_what_a_question_names_itself_is_no_holder() -> None:
    asked = asked_thing("Who controls the Teyn Road?")
    assert asked is not None
    assert find_actor("The Teyn Road was cut, and then captured.", "holds", asked.words) is None
    given = find_actor("The Red Star took control.", "holds", asked.words)
    assert given is not None and given.words == "The Red Star"


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
        # One state by its capital, its ruler or its planes; articles may lose an apostrophe.
        ("President Bashar Assads forces", "the Assad regime", True),
        ("Syrian warplanes", "Damascus", True),
        ("Syrias air force", "Assad’s army", True),
        ("the Wagners", "Wagner", True),
        ("Washington", "the United States", True),
        ("the Kremlin", "Russias jets", True),
        ("Syrian rebels", "the Syrian army", False),
        ("Syrian rebels", "Syrian opposition", True),
        ("the Syrian Democratic Forces", "Damascus", False),
        ("Moscow", "Damascus", False),
        ("United States", "the state police", False),
    ],
)
def test_names_of_one_party(one: str, other: str, same: bool) -> None:
    from assistant.answering.differing.holders import Actor

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


@pytest.mark.parametrize(
    ("question", "earlier", "state"),
    [
        ("And who held it before?", True, False),
        ("Who ran the mill before May?", True, False),
        ("Who used to run the mill?", True, False),
        ("Was the road open before?", True, False),
        ("Who held the mill?", False, False),
        ("How many people were killed earlier this week?", False, True),
        ("How many people were hurt before the truce?", False, True),
        ("How many lorries came earlier?", False, True),
        ("Can lorries pass yet, before winter?", False, True),
        ("Who led the raid earlier today?", False, False),
    ],
)
def test_only_of_a_state_is_it_asked_how_it_stood(
    question: str, earlier: bool, state: bool
) -> None:
    assert (asks_earlier(question), asks_state(question)) == (earlier, state)


def test_what_a_question_asks_of_whom() -> None:
    assert asked_relation("Who controls the road?") == "holds"
    assert asked_relation("Which group claimed the bombing?") == "behind"
    assert asked_relation("Who is the mayor?") is None


def test_what_counts_another_deed_is_no_other_figure() -> None:
    asked = asked_thing("How many fighters left Belkorra?")
    assert asked is not None
    assert number_in("The Front said that 900 fighters had left the town.", asked, "") is not None
    assert number_in("He said that 38 of its fighters had died there.", asked, "") is None
    dead = asked_thing("How many fighters died in Belkorra?")
    assert dead is not None
    assert number_in("He said that 38 of its fighters had died there.", dead, "") is not None


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("The blast killed 18 people and wounded 40 others.", "40"),
        ("The mayor gave a toll of 31 killed and 74 wounded.", "74"),
        ("The blast killed 18 others.", None),
    ],
)
def test_who_was_wounded_is_told_apart_from_who_was_killed(
    sentence: str, number: str | None
) -> None:
    assert _counted("How many people were wounded in Hollin?", sentence) == number


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("An earlier toll had been 12, and 31 people were killed.", "31"),
        ("The bomb killed 31 people, updating a previous toll of 12 dead.", "31"),
        ("The mayor had initially reported 12 people killed.", None),
        ("Twelve people were killed by an earlier bomb.", "twelve"),
        ("The mayor said an earlier toll of nine was wrong and 31 people were killed.", "31"),
        ("He initially said 12 people were killed but now says 31 people were killed.", "31"),
        # Its only figure is its figure.
        ("The agency earlier reported that 31 people were killed.", "31"),
        ("The ministry initially said nothing but now says 31 people were killed.", "31"),
        ("Initial reports said that 31 people were killed.", "31"),
    ],
)
def test_what_a_report_has_put_right_is_not_its_figure(sentence: str, number: str | None) -> None:
    assert _counted("How many people were killed in Hollin?", sentence) == number


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("31 people were killed, most of the victims children.", "31"),
        ("A bomb killed 31 people; funerals of the victims were held.", "31"),
        ("31 people were killed and many of those killed were rebels.", "31"),
        ("Six people of those killed were rebels, four were soldiers.", None),
        ("Of those killed, 12 people were rebels.", None),
        ("Of those killed in Hollin 12 people were rebels.", None),
    ],
)
def test_of_those_killed_is_a_part_where_the_figure_stands(
    sentence: str, number: str | None
) -> None:
    assert _counted("How many people were killed in Hollin?", sentence) == number


@pytest.mark.parametrize(
    ("sentence", "number"),
    [
        ("31-08-2017 0742 people were killed.", None),
        ("At 7 PM people were killed.", None),
        ("31 people were killed at 7 PM.", "31"),
    ],
)
def test_the_time_of_a_day_is_no_figure(sentence: str, number: str | None) -> None:
    assert _counted("How many people were killed in Hollin?", sentence) == number


def test_the_part_of_a_figure_is_no_other_figure_unless_it_is_asked_for() -> None:
    text = "A bomb in Hollin killed 58 civilians on Monday. 82 people including 58 civilians died."
    other = _report("Wire", "A bomb in Hollin killed 70 people on Monday.")
    given = _answer(MARKET, [_report("Post", text), other], "Post")
    assert [value for value, _ in _sides(given)] == ["82", "70"]
    given = _answer(MARKET.replace("people", "civilians"), [_report("Post", text), other], "Post")
    assert [value for value, _ in _sides(given)] == ["58", "70"]


def test_people_counted_by_no_known_deed_must_be_those_asked_for() -> None:
    question = "How many people were on board the ferry that sank off Hollin?"
    first = _report("Wire", "The ferry with five people on board sank off Hollin.")
    other = _report("Post", "Gas made 33 people ill in Hollin.")
    same = _report("Sun", "Seven people were on board when it sank off Hollin.")
    given = _answer(question, [first, other, same], "Wire")
    assert [value for value, _ in _sides(given)] == ["five", "seven"]


def test_of_a_month_what_dates_nothing_is_of_the_days_of_its_report() -> None:
    first = _report("Wire", "A bomb in Hollin killed 20 people.", date(2017, 5, 2))
    far = _report("Post", "A bomb in Hollin killed 31 people.", date(2017, 5, 29))
    near = _report("Sun", "A bomb in Hollin killed 25 people.", date(2017, 5, 8))
    dated = _report("Star", "The Hollin bomb of early May killed 27 people.", date(2017, 5, 29))
    given = _answer(MARKET, [first, far, near, dated], "Wire")
    assert [value for value, _ in _sides(given)] == ["20", "25", "27"]


def test_a_cited_report_is_listened_to_where_its_quote_gives_no_value() -> None:
    silent = _report("Wire", "Hollin was bombed on Monday. The bomb in Hollin killed 20 people.")
    other = _report("Post", "A bomb in Hollin killed 31 people on Monday.")
    given = _answer(MARKET, [other, silent], "Wire")
    assert [value for value, _ in _sides(given)] == ["20", "31"]
    mute = _report("Wire", "Hollin was bombed on Monday.")
    third = replace(other, id="Sun", source="Sun", text=other.text.replace("31", "40"))
    assert _answer(MARKET, [other, third, mute], "Wire").disagreements == ()


def test_of_quotes_only_those_that_name_all_are_heard_where_one_does() -> None:
    question = "How many people were killed in the raid on Hollin near Teyn in May 2017?"
    near = _report("Wire", "A raid near Teyn killed 14 people.")
    there = _report("Post", "A raid on Hollin near Teyn killed 20 people.")
    assert _answer(question, [near, there], "Wire", "Post").disagreements == ()


def test_a_party_alone_does_not_say_which_event_it_was() -> None:
    question = "How many people were killed in the Islamic State attack on Hollin in May 2017?"
    elsewhere = _report("Wire", "An Islamic State attack at Teyn killed 14 people.")
    there = _report("Post", "A Daesh attack on Hollin killed 31 people.")
    assert _answer(question, [elsewhere, there], "Wire").disagreements == ()
    first = _report("Sun", "An Islamic State attack on Hollin killed 20 people.")
    given = _answer(question, [first, there], "Sun")
    assert [value for value, _ in _sides(given)] == ["20", "31"]


def test_a_dateline_does_not_bring_a_figure_of_the_month_into_the_day_asked_for() -> None:
    question = "How many people were killed in Hollin on 16 May 2017?"
    first = _report("Wire", "A bomb in Hollin killed 20 people on Tuesday.")
    month = _report("Post", "May 16 2017 Shells killed 90 people in Hollin in May, it was said.")
    day = _report("Sun", "May 16 2017 Shells killed 25 people in Hollin, it was said.")
    assert _answer(question, [first, month], "Wire").disagreements == ()
    assert [v for v, _ in _sides(_answer(question, [first, day], "Wire"))] == ["20", "25"]


def test_what_was_done_by_other_means_is_another_event() -> None:
    question = "How many people were killed by rockets in Hollin in May 2017?"
    first = _report("Wire", "Rockets killed 20 people in Hollin.")
    raid = _report("Post", "Air raids killed 31 people in Hollin after rockets had hit the Teyn.")
    shells = _report("Sun", "Shells killed 25 people in Hollin.")
    given = _answer(question, [first, raid, shells], "Wire")
    assert [value for value, _ in _sides(given)] == ["20", "25"]


@pytest.mark.parametrize(
    ("asked", "told", "differ"),
    [
        ("chemical attack", "Doctors spoke of gas. An air raid", True),
        ("chemical attack", "An air raid", False),
        ("air strike", "Jets had dropped chlorine. The gas", True),
        ("air strike", "The gas", False),
        ("chemical attack", "Rockets with sarin", True),
        ("chemical attack", "A suicide bomber", False),
        ("air strike", "Shells", False),
        ("mine blast", "A raid", True),  # who knows by what means
    ],
)
def test_gas_is_brought_by_planes_or_shells(asked: str, told: str, differ: bool) -> None:
    question = f"How many people were killed by the {asked} in Hollin in May 2017?"
    first = _report("Wire", f"The {asked} killed 20 people in Hollin.")
    second = _report("Post", f"{told} killed 31 people in Hollin.")
    given = _answer(question, [first, second], "Wire")
    assert [value for value, _ in _sides(given)] == (["20", "31"] if differ else [])


def test_bombers_who_killed_are_not_the_fighters_who_died() -> None:
    asked = asked_thing("How many fighters were killed in Hollin?")
    attackers = asked_thing("How many attackers struck Hollin?")
    assert asked is not None and attackers is not None
    text = "Two bombers have killed at least 30 guards in Hollin."
    assert number_in(text, asked, "") is None
    found = number_in("Two bombers struck Hollin.", attackers, "")
    assert found is not None and found.words == "two"


def test_the_questions_for_whole_libraries_say_what_is_right() -> None:
    cases = [json.loads(line) for line in WHOLE.read_text(encoding="utf-8").splitlines()]
    assert len({case["id"] for case in cases}) == len({case["question"] for case in cases})
    for case in cases:
        assert case["set"] in SETS and case["half"] in HALVES
        assert (len(case["values"]) > 1) is (case["kind"] in ("differ", "either")), case["id"]


@pytest.mark.parametrize(
    ("kind", "shown", "verdict"),
    [
        ("differ", ["at least six", "8"], "right"),
        ("differ", ["six", "80"], "wrong"),
        ("differ", [], "missed"),
        ("either", ["six", "8"], "right"),
        ("either", [], "rightly none"),
        ("agree", ["six", "8"], "wrong"),
        ("agree", [], "rightly none"),
    ],
)
def test_how_what_a_library_shows_is_judged(kind: str, shown: list[str], verdict: str) -> None:
    assert judge_shown({"kind": kind, "values": ["6", "six", "8"]}, shown) == verdict


def test_of_a_day_that_is_asked_for_the_next_day_is_another() -> None:
    question = "How many people were killed by the bomb in Hollin on 15 May 2017?"
    first = _report("Wire", "A bomb killed 20 people in Hollin.", date(2017, 5, 15))
    same = _report("Sun", "A bomb killed 25 people in Hollin, a monitor said.")
    next_day = _report("Post", "A bomb killed nine people in Hollin on Tuesday.")
    later = _report("Star", "A bomb killed 12 people in Hollin.", date(2017, 5, 17))
    assert _answer(question, [first, next_day], "Wire").disagreements == ()
    assert _answer(question, [first, later], "Wire").disagreements == ()
    assert [v for v, _ in _sides(_answer(question, [first, same], "Wire"))] == ["20", "25"]


def _counted(question: str, sentence: str) -> str | None:
    """The words of the number that a sentence gives for what a question counts."""
    asked = asked_thing(question)
    assert asked is not None
    found = number_in(sentence, asked, "")
    return found.words if found else None

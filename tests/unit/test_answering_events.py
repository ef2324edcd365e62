"""Date words: which are found, what they resolve to, what is passed over."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from event_phrases import HELD_OUT, TUNED, Phrase
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.dating.datewords import find_mentions
from assistant.answering.dating.events import find_event, find_events

FRIDAY = date(2017, 6, 23)


@pytest.mark.parametrize(
    ("text", "words", "start", "end", "precision"),
    [
        ("On Thursday, troops took the hill.", "On Thursday", "2017-06-22", None, "day"),
        ("A bomb went off on Friday.", "on Friday", "2017-06-23", None, "day"),
        ("He was seen last Friday.", "last Friday", "2017-06-16", None, "day"),
        ("The council will meet on Thursday.", "on Thursday", "2017-06-29", None, "day"),
        ("On Thursday, the council will meet.", "On Thursday", "2017-06-29", None, "day"),
        ("Next Thursday they meet again.", "Next Thursday", "2017-06-29", None, "day"),
        ("They will be tried on Friday.", "on Friday", "2017-06-23", None, "day"),
        (
            "The town fell on Thursday last week.",
            "on Thursday last week",
            "2017-06-15",
            None,
            "day",
        ),
        ("It fell yesterday.", "yesterday", "2017-06-22", None, "day"),
        ("It was shelled last night.", "last night", "2017-06-22", None, "day"),
        ("Talks began today.", "today", "2017-06-23", None, "day"),
        ("They will leave tomorrow.", "tomorrow", "2017-06-24", None, "day"),
        ("They left two days ago.", "two days ago", "2017-06-21", None, "day"),
        ("It burned three weeks ago.", "three weeks ago", "2017-05-29", "2017-06-04", "week"),
        ("Earlier this week it fell.", "Earlier this week", "2017-06-19", "2017-06-23", "week"),
        ("They met last week.", "last week", "2017-06-12", "2017-06-18", "week"),
        ("They met over the weekend.", "over the weekend", "2017-06-17", "2017-06-18", "week"),
        ("They met this month.", "this month", "2017-06-01", "2017-06-30", "month"),
        ("They met last month.", "last month", "2017-05-01", "2017-05-31", "month"),
        ("Talks will be held in early July.", "in early July", "2017-07-01", "2017-07-10", "month"),
        ("Talks were held in early July.", "in early July", "2016-07-01", "2016-07-10", "month"),
        ("Talks were held in June.", "in June", "2017-06-01", "2017-06-30", "month"),
        ("He resigned last June.", "last June", "2016-06-01", "2016-06-30", "month"),
        (
            "In October last year he fell.",
            "In October last year",
            "2016-10-01",
            "2016-10-31",
            "month",
        ),
        ("They signed it on May 4.", "on May 4", "2017-05-04", None, "day"),
        ("They signed it on 4 May 2017.", "on 4 May 2017", "2017-05-04", None, "day"),
        ("They signed it on 2017-05-04.", "2017-05-04", "2017-05-04", None, "day"),
        ("It burned on 10 June.", "on 10 June", "2017-06-10", None, "day"),
        ("It burned on 10 July 2016.", "on 10 July 2016", "2016-07-10", None, "day"),
        ("They met on the 4th of May.", "on the 4th of May", "2017-05-04", None, "day"),
        ("They met on Thursday, June 15.", "on Thursday, June 15", "2017-06-15", None, "day"),
        ("It lasted 10-12 June.", "10-12 June", "2017-06-10", "2017-06-12", "day"),
        ("It began in 2016.", "in 2016", "2016-01-01", "2016-12-31", "year"),
        ("It began in late 2015.", "in late 2015", "2015-09-01", "2015-12-31", "year"),
        ("It opened last year.", "last year", "2016-01-01", "2016-12-31", "year"),
        (
            "Ana Lind, Corvay's minister of ports, resigned on Wednesday after auditors came.",
            "on Wednesday",
            "2017-06-21",
            None,
            "day",
        ),
        ("Ana Lind, 54, resigned on Wednesday.", "on Wednesday", "2017-06-21", None, "day"),
        (
            "The dam, which feeds the valley, collapsed on Wednesday.",
            "on Wednesday",
            "2017-06-21",
            None,
            "day",
        ),
        # A condition is met after it is told, but for one with a past of its own.
        ("She resigns if the talks fail on Monday.", "on Monday", "2017-06-26", None, "day"),
        ("She threatened to go if talks fail on Monday.", "on Monday", "2017-06-26", None, "day"),
        ("Unless he leaves on Monday the truce ends.", "on Monday", "2017-06-26", None, "day"),
        ("It is unclear if the strike on Monday hit it.", "on Monday", "2017-06-19", None, "day"),
        ("Even if the vote on Monday failed, he stays.", "on Monday", "2017-06-19", None, "day"),
        ("Asked if he could come on Monday, he shrugged.", "on Monday", "2017-06-19", None, "day"),
        ("Asked if he will come on Monday, he shrugged.", "on Monday", "2017-06-26", None, "day"),
        ("Nobody could say if he was there on Monday.", "on Monday", "2017-06-19", None, "day"),
        (
            "The army said if talks fail on Monday it attacks.",
            "on Monday",
            "2017-06-26",
            None,
            "day",
        ),
        ("He asked if a shell fell on Monday.", "on Monday", "2017-06-19", None, "day"),
        ("It was hit more than once on Monday.", "on Monday", "2017-06-19", None, "day"),
        ("The men were to be freed on Monday.", "on Monday", "2017-06-26", None, "day"),
        ("The buses must go by on Monday.", "on Monday", "2017-06-26", None, "day"),
        ("He may have fled on Monday.", "on Monday", "2017-06-19", None, "day"),
        ("The crossing reopens on Monday.", "on Monday", "2017-06-26", None, "day"),
        ("News comes that it fell on Monday.", "on Monday", "2017-06-19", None, "day"),
    ],
)
def test_resolved(text: str, words: str, start: str, end: str | None, precision: str) -> None:
    event = find_event(text, FRIDAY)
    assert event is not None
    assert (event.words, event.precision) == (words, precision)
    assert (event.start.isoformat(), event.end.isoformat()) == (start, end or start)


@pytest.mark.parametrize(
    "text",
    [
        "At 9 May Street a shop burned.",
        "May said she would resign.",
        "The March began in the Sun; he sat down.",
        "He won 3-1 and paid $2.5 for 4 of them.",
        "A man of 23 died.",
        "Black Friday was quiet.",
        "They showed Thursday Night Football.",
        "The deadliest attack since Tuesday was reported.",
        "It was under siege since 2013.",
        "The deal, which was signed in May 2017, holds.",
        "The deal, signed on Wednesday, holds.",
        "He praised Ana Lind, the mayor, elected on Wednesday.",
        "In Corvay, the law, passed on Wednesday, is popular.",
        "Users today have more to choose from.",
        "He went on the Today show.",
        "Many years ago there was a town.",
        "The 31 June is no day.",
        "The talks of 10 July are the next step.",
        "They expect 2016 people.",
        "The army decides within the next week.",
    ],
)
def test_passed_over(text: str) -> None:
    assert find_event(text, FRIDAY) is None


def test_event_before_the_day_it_was_told() -> None:
    text = "The monitor said on Thursday that a raid on Tuesday killed two."
    event = find_event(text, FRIDAY)
    assert event is not None and event.start == date(2017, 6, 20)


def test_a_day_goes_before_a_year_in_one_sentence() -> None:
    event = find_event("In 2017 the road was closed on 3 June by rebels.", FRIDAY)
    assert event is not None and event.words == "on 3 June"


def test_first_sentence_with_a_date_decides() -> None:
    event = find_event("It fell in May. It was retaken on Thursday.", FRIDAY)
    assert event is not None and event.words == "in May"


def test_undated_report_resolves_only_full_dates() -> None:
    text = "On Thursday and on May 4 and yesterday, and on 4 May 2017."
    assert [e.words for e in find_events(text, None)] == ["on 4 May 2017"]


def test_weekday_beside_the_date_gives_the_year() -> None:
    (event,) = find_events("Date: Friday, Dec. 8", date(2023, 12, 1))
    assert event.start == date(2023, 12, 8)


@given(st.text(alphabet="MayJune Thursdaylast0123456789-./,: on第٣\n", max_size=80), st.dates())
def test_mentions_are_words_of_the_text(text: str, reported_on: date) -> None:
    for mention in find_mentions(text, reported_on):
        assert text[mention.start : mention.end] == mention.event.words
        assert mention.event.start <= mention.event.end


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)))
def test_a_bare_weekday_is_within_the_week_before(reported_on: date) -> None:
    event = find_event("On Thursday it fell.", reported_on)
    assert event is not None
    assert event.start.weekday() == 3
    assert timedelta(0) <= reported_on - event.start < timedelta(days=7)


@pytest.mark.parametrize("phrase", [*TUNED, *HELD_OUT], ids=lambda phrase: phrase.text)
def test_phrases(phrase: Phrase) -> None:
    assert _told(phrase) == phrase[1:]


def test_there_are_enough_phrases() -> None:
    assert len(TUNED) >= 40 and len(HELD_OUT) >= 40
    assert not {p.text for p in TUNED} & {p.text for p in HELD_OUT}


def _told(phrase: Phrase) -> tuple[str, str, str]:
    event = find_event(phrase.text, FRIDAY)
    if event is None:
        return ("", "", "")
    days = [event.start.isoformat(), event.end.isoformat()]
    return (event.words, "/".join(dict.fromkeys(days)), event.precision)


def test_the_day_of_a_named_event_dates_it_and_may_bound_another() -> None:
    told = find_event("Six soldiers had been killed in the raid of 18 June.", FRIDAY)
    assert told is not None and told.start == date(2017, 6, 18)
    assert find_event("Six soldiers had been killed since the raid of 18 June.", FRIDAY) is None
    said = "He said on Monday that six had died in the raid of 18 June."
    told = find_event(said, FRIDAY)
    assert told is not None and told.start == date(2017, 6, 18)

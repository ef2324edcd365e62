"""A claim's numbers, dates and names are those of its quotes, and it does not turn them round."""

from __future__ import annotations

import re
from datetime import date

import pytest
from answering_cases import CASES, Case
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.answering.checking.check import unsupported
from assistant.answering.checking.names import find_names
from assistant.answering.dating.events import find_events

FRIDAY = date(2017, 6, 23)
QUOTES = [case.quote for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.quote[:30])
def test_the_quote_carries_itself(case: Case) -> None:
    assert unsupported(case.quote, [case.quote], reported_on=FRIDAY) == []
    assert unsupported(case.quote, [case.quote]) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.quote[:30])
def test_one_change_is_caught(case: Case) -> None:
    carried = [
        body for body in case.wrong if not unsupported(body, [case.quote], reported_on=FRIDAY)
    ]
    assert carried == []


def test_faithful_claims_are_kept() -> None:
    """At least 95 of 100: a claim dropped for nothing is a lesser harm than a false one shown."""
    faithful = [(body, case.quote) for case in CASES for body in case.faithful]
    kept = [b for b, quote in faithful if not unsupported(b, [quote], reported_on=FRIDAY)]
    assert len(kept) >= 0.95 * len(faithful)


def test_what_is_returned_names_the_words() -> None:
    quote = "The SDF took Al-Kamb on Thursday with 40 men."
    body = "The SDF took Al-Kasb on 21 June 2017 with 50 men."
    assert unsupported(body, [quote], reported_on=FRIDAY) == ["on 21 June 2017", "50", "Al-Kasb"]


@settings(deadline=None)
@given(st.sampled_from([q for q in QUOTES if re.search(r"\d", q)]), st.data())
def test_any_other_number_is_flagged(quote: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(list(re.finditer(r"\d+", quote))))
    number = str(data.draw(st.integers(0, 10**6)))
    assume(not re.search(rf"(?<!\d){number}(?!\d)", quote))
    words = " ".join(f for f in re.findall(r"\w+", quote))
    assume(not any(w in words.lower().split() for w in _SPELLED.get(int(number), ())))
    body = quote[: place.start()] + number + quote[place.end() :]
    assume(re.sub(r"\D", "", body) != re.sub(r"\D", "", quote))  # 1,200 is 1200, 007 is 7
    assume(_TRAILING.sub(r"\1", body) != _TRAILING.sub(r"\1", quote))
    assert unsupported(body, [quote], reported_on=FRIDAY)


_TRAILING = re.compile(r"(\d\.\d+?)0+(?!\d)")  # 2.40 is 2.4
_SPELLED = {
    1: ("one", "a", "first"),
    2: ("two", "second"),
    3: ("three", "third"),
    4: ("four", "fourth"),
    6: ("six",),
    11: ("eleven",),
    12: ("dozen",),
}


@settings(deadline=None)
@given(st.sampled_from([quote for quote in QUOTES if find_names(quote)]), st.data())
def test_any_other_name_is_flagged(quote: str, data: st.DataObject) -> None:
    names = find_names(quote)
    name = data.draw(st.sampled_from(names))
    other = data.draw(st.sampled_from(["Zanzibar", "Okonkwo", "Trebizond", "Vostok", "Xerxes"]))
    body = quote[: name.start] + other + quote[name.end :]
    assert unsupported(body, [quote], reported_on=FRIDAY)


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=60), max_size=3))
def test_any_text_is_answered(body: str, quotes: list[str]) -> None:
    assert all(isinstance(word, str) for word in unsupported(body, quotes, reported_on=FRIDAY))
    assert unsupported(body, [*quotes, f"x {body} y"], reported_on=FRIDAY) == [] or not body.strip()


def test_a_part_of_a_number_or_word_is_no_stretch() -> None:
    assert unsupported("12 men", ["A group of 312 men came."]) == ["12"]


def test_brackets_that_look_like_markers_are_not_let_through() -> None:
    assert unsupported("The town fell [7].", ["The town fell early."]) == ["[7]", "7"]


def test_relative_dates_of_quotes_of_other_days() -> None:
    quote = "On Thursday the town of Salma fell."
    later = find_events(quote, date(2017, 6, 30))
    body = "The town of Salma fell on 22 June 2017."
    assert unsupported(body, [quote], reported_on=FRIDAY) == []
    assert unsupported(body, [quote], reported_on=FRIDAY, events=later) == ["on 22 June 2017"]


def test_next_year_is_not_this_year() -> None:
    quote = "The exercises with Vietnam are held this year."
    for words in ("next year", "last year", "this week"):
        assert unsupported(f"The exercises are held {words}.", [quote], reported_on=FRIDAY) == [
            words
        ]


def test_undated_reports_compare_relative_words_as_words() -> None:
    quote = "On Thursday the town of Salma fell."
    assert unsupported("Salma fell on Thursday.", [quote]) == []
    assert unsupported("Salma fell yesterday.", [quote]) == ["yesterday"]
    assert unsupported("Salma fell on 22 June 2017.", [quote]) == ["on 22 June 2017"]


def test_acronyms_defined_by_the_words_of_the_quote() -> None:
    quote = "The Syrian Observatory for Human Rights counted 12 dead; Médecins du Monde agreed."
    assert unsupported("SOHR counted 12 dead.", [quote]) == []
    assert unsupported("SANA counted 12 dead.", [quote]) == ["SANA"]


@pytest.mark.parametrize(
    ("quote", "body", "flagged"),
    [
        ("The army did not regain the hill.", "The army regained the hill.", True),
        ("The army regained the hill.", "The army did not regain the hill.", True),
        ("The army did not regain the hill.", "The army has not regained the hill.", False),
        ("The army tried to seize the hill.", "The army holds the hill.", True),
        ("The army tried to seize the hill from Jaysh.", "Jaysh holds the hill.", False),
        ("The army tried to seize and then seized the hill.", "The army seized the hill.", False),
        ("Rebels plan to free the mayor.", "Rebels freed the mayor.", True),
        ("Rebels plan to free the mayor.", "Rebels want to free the mayor.", False),
        ("Not only rain fell there.", "Rain fell there as well.", False),
    ],
)
def test_polarity(quote: str, body: str, flagged: bool) -> None:
    assert bool(unsupported(body, [quote])) is flagged


@pytest.mark.parametrize(
    ("quote", "body", "flagged"),
    [
        ("Rebels took Ramsa on August 6.", "Rebels took Ramsa on 6 August.", False),
        ("Rebels took Ramsa on August 6.", "Rebels took Ramsa in August.", False),
        ("Rebels took Ramsa on August 6.", "Rebels took Ramsa on 7 August.", True),
        ("Rebels took Ramsa on August 6.", "Rebels took Ramsa in July.", True),
        ("Letters come by December 23rd at the latest.", "Letters come by 23 December.", False),
        ("Ramsa fell on Friday 24 July 2015.", "Ramsa fell on Monday 24 July 2015.", True),
        ("Ramsa fell on 24 July 2015.", "Ramsa fell on Friday 24 July 2015.", False),
    ],
)
def test_days_by_name_need_no_date_of_the_report(quote: str, body: str, flagged: bool) -> None:
    assert bool(unsupported(body, [quote])) is flagged


def test_a_claim_in_mostly_other_words_is_not_carried() -> None:
    quote = "The meeting had opened on Monday, two weeks late."
    body = "The meeting was delayed by weeks because of unforeseen political circumstances."
    assert unsupported(body, [quote]) == [
        "delayed",
        "because",
        "unforeseen",
        "political",
        "circumstances",
    ]
    assert unsupported("The meeting opened two weeks late.", [quote]) == []


def test_the_ninth_is_not_nine() -> None:
    quote = "It was the ninth increase in a row."
    assert unsupported("There were nine increases in a row.", [quote]) == ["nine"]
    assert unsupported("It was the 9th increase in a row there.", [quote]) == []

"""What a question says about itself: its sources, its dates, its clauses. All of it invented."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.dating.datewords import find_mentions
from assistant.retrieval.outlets import read_outlets
from assistant.retrieval.question import Reading, read_question

HELD = (
    *("Harbour Post", "The Grey Gazette", "Kestrel Wire", "TechDaily", "MarketNews.com"),
    *("Echo News - Health", "Echo News - Sport", "BNC News - World", "North Shore Morning Star"),
    *("Fortune", "Polygon", "Time", "The Age", "Sputnik", "Al-Nahar", "The Roar | Voices of Sport"),
)
ECHO = ("Echo News - Health", "Echo News - Sport")


def read(question: str, today: date | None = None) -> Reading:
    return read_question(question, HELD, find_mentions, today)


@pytest.mark.parametrize(
    ("question", "outlets"),
    [
        # told by the words before
        ("According to the Harbour Post, who cut the cable?", ("Harbour Post",)),
        ("according to harbour post who cut the cable", ("Harbour Post",)),
        ("Which bridge did the flood take, as reported by Kestrel Wire?", ("Kestrel Wire",)),
        ("As per Grey Gazette, what does the ferry cost?", ("The Grey Gazette",)),
        ("What was published in The Grey Gazette about the ferry?", ("The Grey Gazette",)),
        ("What does the article in Fortune say about chips?", ("Fortune",)),
        ("What did the minister tell in an interview with Time?", ("Time",)),
        ("The minister told Sputnik that the road was open: when?", ("Sputnik",)),
        ("Which game was covered by polygon?", ("Polygon",)),
        (
            "What do sources like TechDaily and Polygon think of the phone?",
            ("TechDaily", "Polygon"),
        ),
        ("Who won, according to the North Shore Morning Star?", ("North Shore Morning Star",)),
        # told by the words after
        ("Does the Polygon review praise the console?", ("Polygon",)),
        ("What did the Sputnik report say of the convoy?", ("Sputnik",)),
        ("How many died in Sputnik's account of the raid?", ("Sputnik",)),
        ("Fortune reported a merger: of which firms?", ("Fortune",)),
        ("Did The Age suggest that the vote was bought?", ("The Age",)),
        ("Has Time ever described the mayor as corrupt?", ("Time",)),
        # a name that is no word of the language needs no more
        ("What is TechDaily's view of the tablet?", ("TechDaily",)),
        ("Kestrel Wire: how many lorries?", ("Kestrel Wire",)),
        # other ways to write it
        ("What does Tech Daily write on batteries?", ("TechDaily",)),
        ("What does MarketNews say about oil?", ("MarketNews.com",)),
        ("What did marketnews.com report on oil?", ("MarketNews.com",)),
        ("According to Al Nahar, who fired first?", ("Al-Nahar",)),
        ("According to BNC, who fired first?", ("BNC News - World",)),
        ("What does the NSMS article say?", ("North Shore Morning Star",)),
        ("Which team does The Roar article back?", ("The Roar | Voices of Sport",)),
        ("Which pills did an Echo News article warn of?", ECHO),
        ("Which pills did an Echo News - Health article warn of?", ECHO[:1]),
        # lists
        (
            "Who resigned, as reported by Time, Fortune, and The Age?",
            ("Time", "Fortune", "The Age"),
        ),
        ("Do Polygon and Fortune agree on the price?", ("Polygon", "Fortune")),
        ("Was there agreement between Time and The Age on the toll?", ("Time", "The Age")),
        # not a source
        ("How much time did the crew have?", ()),
        ("At what age did she retire?", ()),
        ("Who made a fortune with tulips?", ()),
        ("Is the new stadium a polygon?", ()),
        ("Fortune favours whom, as the saying goes?", ()),
        ("Who bought the Harbour Post?", ()),
        ("Who is the owner of Kestrel Wire?", ()),
        ("How many people work for TechDaily?", ()),
        ("Where are the Harbour Post's offices?", ()),
        ("Which firms are in the Fortune 500?", ()),
        ("When was the rocket that carried Sputnik built?", ()),
        ("Time and again the dam broke: how often?", ()),
    ],
)
def test_the_sources_of_a_question(question: str, outlets: tuple[str, ...]) -> None:
    assert read(question).outlets == outlets


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("According to the Hollin Times, who cut the cable?", ("Hollin Times",)),
        ("Which bridge fell, as reported by Reuters?", ("Reuters",)),
        ("What does the Forbes article say of the merger?", ("Forbes",)),
        ("What did Bloomberg report on the merger?", ("Bloomberg",)),
        ("What did Reuters say about the merger?", ("Reuters",)),
        ("And what does The Wall Street Journal write?", ("The Wall Street Journal",)),
        ("Did Le Monde mention the raid?", ("Le Monde",)),
        ("What did hollinonline.com publish on it?", ()),  # in small letters it may be anything
        ("What does the article on Hollinpost.com claim?", ("Hollinpost.com",)),
        ("Who won, according to The Wall Street Journal and Time?", ("The Wall Street Journal",)),
        (
            "Who won, as reported by Time, Reuters and The Hollin Times?",
            ("Reuters", "The Hollin Times"),
        ),
        # whom a report quotes, or tells of, is no outlet
        ("According to the White House, who cut the cable?", ()),
        ("According to Marit Okafor, who won?", ()),
        ("What does the Pentagon report say of the raid?", ()),
        ("What does the article about Reuters say?", ()),
        ("Who bought the Hollin Times?", ()),
        ("Did the White House say who won?", ()),
        ("When did Bloomberg resign?", ()),
        ("What happened to the Morning Star?", ()),
        ("According to Kestrel Wire, who won?", ()),
    ],
)
def test_the_sources_that_are_not_held(question: str, missing: tuple[str, ...]) -> None:
    assert read(question).unknown_outlets == missing


def test_a_library_without_outlets_lacks_none() -> None:
    assert read_outlets("According to the Hollin Times, who cut the cable?", []) == ([], [])


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Who held the dam in June 2017?", date(2017, 6, 1), date(2017, 6, 30)),
        ("Who held the dam on 4 June 2017?", date(2017, 6, 4), date(2017, 6, 4)),
        (
            "What burnt between October 5 and 10, 2023?",
            date(2023, 10, 5),
            date(2023, 10, 10),
        ),
        ("What burnt from 5 to 10 October 2023?", date(2023, 10, 5), date(2023, 10, 10)),
        (
            "What burnt between 28 September 2023 and 3 October 2023?",
            date(2023, 9, 28),
            date(2023, 10, 3),
        ),
        ("What burnt between May and July 2017?", date(2017, 5, 1), date(2017, 7, 31)),
        ("Who held the dam before November 2023?", None, date(2023, 10, 31)),
        ("Who held the dam after June 2017?", date(2017, 7, 1), None),
        ("Who has held the dam since June 2017?", date(2017, 6, 1), None),
        ("Who held the dam until 3 June 2017?", None, date(2017, 6, 3)),
        ("How many had left by 11 November 2023?", None, date(2023, 11, 11)),
        ("Who won the cup in 2021?", date(2021, 1, 1), date(2021, 12, 31)),
        ("What burnt on 2023-10-05?", date(2023, 10, 5), date(2023, 10, 5)),
        ("What burnt last week?", None, None),  # nobody said which day it is
        ("What burnt on 5 June?", None, None),
        ("May the mayor march?", None, None),
    ],
)
def test_the_dates_of_a_question(question: str, since: date | None, until: date | None) -> None:
    found = read(question)
    assert (found.since, found.until) == (since, until)


def test_what_counts_from_today_is_worked_out_and_nothing_else() -> None:
    friday = date(2024, 3, 15)
    found = read("What burnt last week?", friday)
    assert (found.since, found.until) == (date(2024, 3, 4), date(2024, 3, 10))
    june = read("What burnt on 5 June?", friday)  # of which year?
    assert (june.since, june.until) == (None, None)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Which company, according to TechDaily, closed its plant in Hollin, and, as reported "
            "by the Harbour Post, opened another one abroad?",
            [("closed its plant", ("TechDaily",)), ("opened another", ("Harbour Post",))],
        ),
        (
            "Does the Polygon review praise the new console while the Fortune article doubts that "
            "its maker earns anything by it?",
            [("praise the new console", ("Polygon",)), ("doubts that its maker", ("Fortune",))],
        ),
        (
            "Who led the raid on the depot in Sarn; how many lorries did the raiders burn there?",
            [("Who led the raid", ()), ("how many lorries", ())],
        ),
        (
            "Which minister resigned over the ferry disaster in March and who took over the office "
            "in the summer that followed?",
            [("Which minister", ()), ("who took over", ())],
        ),
        (
            "Which bank bought the shipyard in Norrvik, closed the rope works in Hollin, and was "
            "fined for both, as reported by Time and Fortune?",
            [
                ("bought the shipyard", ("Time", "Fortune")),
                ("closed the rope works", ("Time", "Fortune")),
            ],
        ),
    ],
)
def test_each_clause_with_its_sources(
    question: str, parts: list[tuple[str, tuple[str, ...]]]
) -> None:
    clauses = read(question).clauses
    assert len(clauses) >= 2
    for words, outlets in parts:
        assert [c.outlets for c in clauses if words in c.text] == [outlets]


def test_what_two_sources_say_is_parted_wherever_an_and_stands() -> None:
    found = read(
        "Which bank is blamed for closing the shipyard of Norrvik according to Kestrel Wire and "
        "for selling the rope works of Hollin to a rival as reported by the Harbour Post?"
    )
    assert [c.outlets for c in found.clauses] == [("Kestrel Wire",), ("Harbour Post",)]


def test_a_list_of_sources_is_not_parted() -> None:
    found = read(
        "Which bank, according to Kestrel Wire, Time, and another Time article, closed the yard of "
        "Norrvik and sold the rope works of Hollin to a rival?"
    )
    assert {c.outlets for c in found.clauses} == {("Kestrel Wire", "Time")}


def test_each_clause_has_its_own_period() -> None:
    found = read(
        "How many houses did the storm of 4 March 2021 destroy in Hollin, and how many people did "
        "the one of 9 May 2022 drive out of their homes?"
    )
    assert [(c.since, c.until) for c in found.clauses] == [
        (date(2021, 3, 4), date(2021, 3, 4)),
        (date(2022, 5, 9), date(2022, 5, 9)),
    ]
    assert (found.since, found.until) == (date(2021, 3, 4), date(2022, 5, 9))


@pytest.mark.parametrize(
    "question",
    [
        "Who won?",
        "Who cut the cable, and when?",
        "How many lorries, buses and cars burnt?",
        'Who sang "Rain, rain, and again the long grey rain on the hills of my home"?',
    ],
)
def test_a_short_question_and_a_title_stay_whole(question: str) -> None:
    assert [c.text for c in read(question).clauses] == [question]


@pytest.mark.parametrize(
    ("question", "latest"),
    [
        ("Who is in charge of Belkorra now?", True),
        ("What is the latest on the ferry?", True),
        ("Who currently heads the bank?", True),
        ("Can lorries drive to Sarn yet?", True),
        ("Who was in charge of Belkorra then?", False),
        ("Who knows the way to Sarn?", False),
        ("What did today's front page say?", False),
    ],
)
def test_whether_the_present_is_asked_for(question: str, latest: bool) -> None:
    assert read(question).latest is latest


@given(st.text(max_size=300))
def test_any_text_is_read(question: str) -> None:
    found = read(question)
    assert 1 <= len(found.clauses) <= 4
    kept = "".join("".join(c.text.split()) for c in found.clauses)
    lost = set("".join(question.split())) - set(kept)
    assert lost <= set(" ,;")


def test_given_parts_are_the_clauses() -> None:
    question = "What did Kestrel Wire say of the dam in May 2023, and what of the road?"
    parts = ("What did Kestrel Wire say of the dam in May 2023?", "What was said of the road?")
    found = read_question(question, HELD, find_mentions, None, parts)
    first, second = found.clauses
    assert [c.text for c in found.clauses] == [*parts]
    assert (first.outlets, first.since) == (("Kestrel Wire",), date(2023, 5, 1))
    assert (second.outlets, second.since) == (("Kestrel Wire",), None), "the question's own source"


@pytest.mark.parametrize(
    ("question", "compound"),
    [
        ("Who holds the Kesra road?", False),
        (
            "Which road is shut by the flood in the valley, and how long did the mayor tell the "
            "council that mending it would take?",
            True,
        ),
        (
            "Which of the northern mayors told reporters standing outside the burnt grain market "
            "on Friday morning about plans agreed between farmers, bakers and millers for cheaper "
            "bread before winter?",
            True,
        ),
    ],
)
def test_a_question_of_several_clauses_or_many_words_is_compound(
    question: str, compound: bool
) -> None:
    assert read_question(question).compound is compound

"""Every frame is rendered from metadata, by one function."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.dating.events import find_event
from assistant.answering.framing.frames import day_in_words, render
from assistant.types import Article, Event, Status
from tests.unit.markers import markers_of

FRIDAY = date(2017, 6, 23)
BOTH = {"source": "South Front", "publisher": "Global Research", "published": FRIDAY}


def framed(body: str = "It fell.", metadata: dict[str, Any] | None = None, **given: Any) -> str:
    options: dict[str, Any] = {
        "verbatim": True,
        "article": Article("a", "", **(BOTH if metadata is None else metadata)),
        "event": None,
        "status": "reported",
        "attributed_to": None,
        "markers": [1],
    }
    return render(body, **(options | given))


@pytest.mark.parametrize(
    ("metadata", "frame"),
    [
        (BOTH, "Reported 23 June 2017 by South Front (carried by Global Research)"),
        (
            BOTH | {"carried_on": date(2017, 6, 24)},
            "Reported 23 June 2017 by South Front (carried by Global Research)",
        ),
        ({"source": "South Front"}, "Reported, date unknown, by South Front"),
        (
            {"source": "Orontes", "publisher": "orontes", "published": FRIDAY},
            "Reported 23 June 2017 by Orontes",
        ),
        ({"title": "A\nroad", "published": FRIDAY}, "Reported 23 June 2017 in “A road”"),
        ({"publisher": "Digest", "published": FRIDAY}, "Reported 23 June 2017, carried by Digest"),
        ({"publisher": "Digest"}, "Reported, date unknown, carried by Digest"),
        ({"published": FRIDAY}, "Reported 23 June 2017"),
        ({}, "Reported, date unknown"),
    ],
)
def test_frame(metadata: dict[str, Any], frame: str) -> None:
    assert framed(metadata=metadata) == f"{frame}: “It fell.” [1]"


@pytest.mark.parametrize(
    ("status", "speaker", "lead"),
    [
        ("unconfirmed", "the army", "Unconfirmed, reported 23 June 2017 by"),
        ("expected", None, "Expected, reported 23 June 2017 by"),
        ("denied", None, "Denied, reported 23 June 2017 by"),
        ("claimed", None, "Claimed, reported 23 June 2017 by"),
        ("claimed", "The army", "Claimed by the army, reported 23 June 2017 by"),
    ],
)
def test_status(status: Status, speaker: str | None, lead: str) -> None:
    assert framed(status=status, attributed_to=speaker).startswith(lead)


@pytest.mark.parametrize(
    ("body", "note"),
    [
        ("On Thursday it fell.", " (“On Thursday”: 22 June 2017)"),
        ("Earlier this week it fell.", " (“Earlier this week”: 19–23 June 2017)"),
        ("It will begin in early July.", " (“in early July”: early July 2017)"),
        ("It began in mid-June.", " (“in mid-June”: mid-June 2017)"),
        ("It began last month.", " (“last month”: May 2017)"),
        ("It began last year.", " (“last year”: 2016)"),
        ("It fell on 4 May 2017.", ""),
        ("It began in 2016.", ""),
    ],
)
def test_event(body: str, note: str) -> None:
    text = framed(body, event=find_event(body, FRIDAY))
    assert text.endswith(f": “{body}”{note} [1]")


def test_event_of_other_words() -> None:
    event = Event(date(2017, 6, 22), date(2017, 6, 22), "day", "On Thursday")
    assert framed("It fell.", verbatim=False, event=event).endswith(": It fell. (22 June 2017) [1]")
    assert framed("It fell on 22 June 2017.", event=event).endswith("2017.” [1]")


def test_range_over_two_months_and_years() -> None:
    event = Event(date(2017, 6, 29), date(2017, 7, 1), "day", "then")
    assert "(29 June – 1 July 2017)" in framed(event=event)
    event = Event(date(2016, 12, 26), date(2017, 1, 1), "week", "then")
    assert "(26 December 2016 – 1 January 2017)" in framed(event=event)


@given(st.text(min_size=1), st.lists(st.integers(1, 99), min_size=1, max_size=3, unique=True))
def test_body_is_never_altered_and_markers_close_the_text(body: str, markers: list[int]) -> None:
    text = framed(body, markers=markers)
    assert f"“{body}”" in text
    assert markers_of(text) == tuple(markers)


def test_brackets_of_the_article_are_no_markers() -> None:
    assert markers_of(framed("As before.[7]", markers=[2])) == (2,)
    assert markers_of("Nothing here.") == ()


@given(st.dates())
def test_days_do_not_depend_on_the_locale(day: date) -> None:
    assert day_in_words(day).isascii()
    assert day_in_words(day).endswith(f" {day.year}")


def test_who_said_it_is_named_where_the_quote_does_not() -> None:
    said = partial(
        render,
        verbatim=True,
        article=Article("a", "", source="Basalt Post", published=date(2017, 6, 24)),
        event=None,
        status="reported",
        markers=[1],
    )
    text = said("Four tanks were there, he said.", attributed_to="Samer Qabbani")
    assert text.startswith("Reported 24 June 2017 by Basalt Post, citing Samer Qabbani: “Four")
    text = said("It is open, the army said.", attributed_to="The army")
    assert "citing" not in text
    text = said("It is open.", attributed_to="The army " + "of the hills " * 9)
    assert "citing" not in text

"""Chats as JSON and back: the same chats, or one line that says why not."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.chats import Feedback, from_json, portable, to_json, with_articles
from assistant.errors import ArticleNotFoundError, UsageError
from assistant.types import Answer, Article, Filters
from tests.unit.made_chats import (
    ARTICLE,
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


def library(article_id: str, revision: str | None = None) -> Article:
    if (article_id, revision) != (ARTICLE.id, ARTICLE.revision):
        raise ArticleNotFoundError("no such article")
    return ARTICLE


WHOLE = chat(
    turn(1, answered(), filters=Filters(source="Harbour Post"), feedback=Feedback(1, "right")),
    turn(2, refused(), feedback=Feedback(-1)),
    turn(3, None, error="away"),
    turn(4, None, stopped=True),
)


def test_what_is_exported_comes_back() -> None:
    (back,) = from_json(to_json([WHOLE]), library)
    assert back.info == replace(WHOLE.info, id="", imported=True)
    assert back.turns == tuple(replace(each, id="") for each in WHOLE.turns)


def test_nobody_is_named_in_it() -> None:
    data = json.loads(to_json([WHOLE]))
    assert data.keys() == {"format", "version", "chats"}
    assert data["chats"][0].keys() == {"title", "made", "changed", "turns"}
    assert data["chats"][0]["turns"][0]["answer"] == answered().to_dict()


@settings(deadline=None)  # a loaded machine is no failure
@given(answers, filters, st.none() | feedback, texts, texts.filter(str.strip))
def test_any_turn_comes_back(
    answer: Answer, narrowed: Filters, given: Feedback | None, error: str, question: str
) -> None:
    bare = replace(answer, citations=(), evidence=())  # they are compared with the library
    kept = turn(1, bare, question=question, filters=narrowed, feedback=given, error=error)
    (back,) = from_json(to_json([chat(kept)]), library)
    assert back.turns == (replace(kept, id=""),)


@pytest.mark.parametrize(
    "changed",
    [
        {"quote": "The bridge at Marrat was open on Thursday..."},
        {"start": 1},
        {"end": 10_000},
        {"start": -61, "end": -17},
        {"revision": "0123456789abcdef"},
        {"article_id": "other"},
        {"answer": (40, 60)},
        {"answer": (5, 2)},
    ],
)
def test_a_quote_that_the_library_does_not_hold_is_refused(changed: dict[str, Any]) -> None:
    forged = to_json([chat(turn(1, answered(citation=cited(**changed))))])
    with pytest.raises(UsageError, match=r"library|outside of a quote"):
        from_json(forged, library)


def test_a_passage_that_the_library_does_not_hold_is_refused() -> None:
    forged = to_json([chat(turn(1, refused()))]).replace("Nobody knew why", "Everybody knows")
    with pytest.raises(UsageError, match="does not hold"):
        from_json(forged, library)


def _in_turn(key: str, value: object) -> Callable[[Any], None]:
    return lambda data: data["chats"][0]["turns"][0].update({key: value})


def _in_chat(key: str, value: object) -> Callable[[Any], None]:
    return lambda data: data["chats"][0].update({key: value})


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.update(format="other"),
        lambda data: data.update(version=2),
        lambda data: data.update(chats=3),
        lambda data: data.update(chats=[None]),
        lambda data: data.pop("chats"),
        _in_chat("title", None),
        _in_chat("made", "yesterday"),
        _in_chat("made", "2026-11-25T12:00:00"),
        _in_chat("turns", {"a": 1}),
        _in_turn("question", " "),
        _in_turn("question", "why " * 600),
        _in_turn("asked", 5),
        _in_turn("filters", []),
        _in_turn("filters", {"since": "June"}),
        _in_turn("filters", {"colour": "red"}),
        _in_turn("filters", {"source": 1}),
        _in_turn("answer", {}),
        _in_turn("answer", "yes"),
        _in_turn("error", 5),
        _in_turn("stopped", "no"),
        _in_turn("feedback", {"vote": 2, "reason": ""}),
        _in_turn("feedback", {"vote": True, "reason": ""}),
        _in_turn("feedback", {"vote": 1}),
    ],
)
def test_what_is_not_of_the_form_is_refused_in_one_line(spoil: Callable[[Any], None]) -> None:
    data = json.loads(to_json([WHOLE]))
    spoil(data)
    with pytest.raises(UsageError, match="not a file of chats") as caught:
        from_json(json.dumps(data), library)
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "[" * 100_000, "1" * 5_000])
def test_what_is_no_json_of_chats_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a file of chats"):
        from_json(text, library)


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portable, "MOST_CHARS", 10)
    with pytest.raises(UsageError, match="export fewer"):
        from_json(to_json([WHOLE]), library)


def test_evidence_gets_its_articles_again_where_they_are_held() -> None:
    kept = Answer.from_dict(refused().to_dict())
    assert with_articles(kept, library).evidence[0].article == ARTICLE

    def empty(article_id: str, revision: str) -> Article:
        raise ArticleNotFoundError("no such article")

    assert with_articles(kept, empty) == kept

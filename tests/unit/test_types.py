"""The contract that every surface reads: the keys of `Answer.to_dict()`, and what is exported."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError, fields, is_dataclass, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import assistant
from assistant import types
from assistant.types import (
    Answer,
    Article,
    Citation,
    Disagreement,
    Event,
    Evidence,
    Passage,
    Side,
    Statement,
    TimelineEntry,
    Timings,
    Tokens,
    revision_of,
)
from tests.unit.made_chats import answers

TEXT = "It fell on Thursday. Nobody knew why."
ARTICLE = Article("a", TEXT, title="T", source="Harbour Post", published=date(2017, 6, 23))
PASSAGE = Passage("a", ARTICLE.revision, TEXT, 0, len(TEXT), ((0, 20), (21, len(TEXT))), "T")
DAY = date(2017, 6, 22)

FULL = Answer(
    question="and when?",
    standalone_question="When did it fall?",
    text="“It fell on Thursday.” [1]",
    writer="quote",
    model="",
    prompt_id="",
    abstained=False,
    abstention_reason=None,
    confidence=0.75,
    dropped=1,
    statements=(
        Statement(
            text="“It fell on Thursday.” [1]",
            body="It fell on Thursday.",
            markers=(1,),
            reported_on=date(2017, 6, 23),
            event=Event(DAY, DAY, "day", "on Thursday"),
            status="claimed",
            attributed_to="the mayor",
        ),
    ),
    citations=(
        Citation(
            marker=1,
            article_id="a",
            revision=ARTICLE.revision,
            passage_id=PASSAGE.id,
            title="T",
            source="Harbour Post",
            publisher="",
            published=date(2017, 6, 23),
            url="",
            quote="It fell on Thursday.",
            start=0,
            end=20,
        ),
    ),
    evidence=(Evidence(PASSAGE, ARTICLE, 1, 0.5, "rrf"),),
    disagreements=(Disagreement("dead", (Side("12", (1,)), Side("19", (2,)))),),
    timeline=(TimelineEntry(date(2017, 6, 23), (1,)),),
    timings=Timings(1.0, 2.0, 3.0, 4.0, 10.0),
    tokens=Tokens(321, 21),
)
EMPTY = Answer(
    question="q",
    standalone_question="q",
    text="No.",
    writer="quote",
    model="",
    prompt_id="",
    abstained=True,
    abstention_reason="No.",
    confidence=0.0,
    dropped=0,
)


def test_the_whole_contract() -> None:
    assert FULL.to_dict() == {
        "schema_version": 1,
        "question": "and when?",
        "standalone_question": "When did it fall?",
        "text": "“It fell on Thursday.” [1]",
        "writer": "quote",
        "model": "",
        "prompt_id": "",
        "abstained": False,
        "abstention_reason": None,
        "confidence": 0.75,
        "dropped": 1,
        "statements": [
            {
                "text": "“It fell on Thursday.” [1]",
                "body": "It fell on Thursday.",
                "markers": [1],
                "reported_on": "2017-06-23",
                "event": {
                    "start": "2017-06-22",
                    "end": "2017-06-22",
                    "precision": "day",
                    "words": "on Thursday",
                },
                "status": "claimed",
                "attributed_to": "the mayor",
            }
        ],
        "citations": [
            {
                "marker": 1,
                "article_id": "a",
                "revision": ARTICLE.revision,
                "passage_id": f"a@{ARTICLE.revision}:0-{len(TEXT)}",
                "title": "T",
                "source": "Harbour Post",
                "publisher": "",
                "published": "2017-06-23",
                "url": "",
                "quote": "It fell on Thursday.",
                "start": 0,
                "end": 20,
                "also_carried_by": [],
                "answer": None,
            }
        ],
        "evidence": [
            {
                "rank": 1,
                "score": 0.5,
                "score_kind": "rrf",
                "passage_id": f"a@{ARTICLE.revision}:0-{len(TEXT)}",
                "article_id": "a",
                "text": TEXT,
                "start": 0,
                "end": len(TEXT),
            }
        ],
        "disagreements": [
            {
                "about": "dead",
                "sides": [{"value": "12", "markers": [1]}, {"value": "19", "markers": [2]}],
            }
        ],
        "timeline": [{"reported_on": "2017-06-23", "markers": [1], "earlier": False}],
        "timings_ms": {"rewrite": 1.0, "retrieve": 2.0, "write": 3.0, "verify": 4.0, "total": 10.0},
        "tokens": {"in": 321, "out": 21},
    }


def test_the_order_of_the_keys_is_the_contracts() -> None:
    assert list(FULL.to_dict()) == [
        *("schema_version", "question", "standalone_question", "text", "writer", "model"),
        *("prompt_id", "abstained", "abstention_reason", "confidence", "dropped", "statements"),
        *("citations", "evidence", "disagreements", "timeline", "timings_ms", "tokens"),
    ]


def test_what_is_not_known_is_null_or_empty() -> None:
    data = EMPTY.to_dict()
    assert data.keys() == FULL.to_dict().keys()
    for name in ("statements", "citations", "evidence", "disagreements", "timeline"):
        assert data[name] == []
    assert data["timings_ms"] == dict.fromkeys(FULL.to_dict()["timings_ms"], 0.0)
    assert data["tokens"] == {"in": 0, "out": 0}
    bare = Answer(**_values(EMPTY) | {"statements": (Statement("t", "b", (1,)),)}).to_dict()
    (statement,) = bare["statements"]
    assert (statement["reported_on"], statement["event"]) == (None, None)
    assert (statement["status"], statement["attributed_to"]) == ("reported", None)


@pytest.mark.parametrize("answer", [FULL, EMPTY])
def test_it_is_json(answer: Answer) -> None:
    data = answer.to_dict()
    assert json.loads(json.dumps(data)) == data


@settings(deadline=None)  # a loaded machine is no failure
@given(answers)
def test_an_answer_comes_back_from_its_form(answer: Answer) -> None:
    data = answer.to_dict()
    back = Answer.from_dict(json.loads(json.dumps(data)))
    assert back.to_dict() == data
    assert replace(back, evidence=()) == replace(answer, evidence=())


def test_of_evidence_comes_back_what_the_form_holds() -> None:
    (evidence,) = Answer.from_dict(FULL.to_dict()).evidence
    assert evidence.passage == replace(PASSAGE, sentences=(), header="")
    assert evidence.article == Article("a", "")
    assert (evidence.rank, evidence.score, evidence.score_kind) == (1, 0.5, "rrf")


def _with(path: str, value: object) -> dict[str, Any]:
    data: Any = json.loads(json.dumps(FULL.to_dict()))
    *before, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    at = data
    for part in before:
        at = at[part]
    at[last] = value
    return dict(data)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema_version", 2),
        ("question", 3),
        ("confidence", "very"),
        ("statements", "none"),
        ("statements.0.status", "rumoured"),
        ("statements.0.event.start", "Thursday"),
        ("citations.0.start", "zero"),
        ("citations.0.answer", [1]),
        ("evidence", None),
        ("evidence.0", 1),
        ("evidence.0.passage_id", "b@r:0-1"),
        ("evidence.0.start", 5),
        ("tokens", {}),
        ("timings_ms", None),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(path: str, value: object) -> None:
    with pytest.raises(ValueError) as caught:
        Answer.from_dict(_with(path, value))
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("key", FULL.to_dict())
def test_no_key_may_be_missing(key: str) -> None:
    data = FULL.to_dict()
    del data[key]
    with pytest.raises(ValueError):
        Answer.from_dict(data)


def test_every_type_is_frozen() -> None:
    declared = [t for t in vars(types).values() if isinstance(t, type) and is_dataclass(t)]
    assert len(declared) > 15
    for kind in declared:
        assert kind.__dataclass_params__.frozen, kind
    with pytest.raises(FrozenInstanceError):
        EMPTY.text = "other"


@given(st.text())
def test_any_text_has_a_revision(text: str) -> None:
    assert len(revision_of(text)) == 16
    assert Article("a", text).revision == revision_of(text)
    assert revision_of(text) != revision_of(text + "x")


def test_a_lone_surrogate_has_a_revision() -> None:
    assert revision_of("\ud800") != revision_of("\ud801")


def _values(answer: Answer) -> dict[str, Any]:
    return {f.name: getattr(answer, f.name) for f in fields(answer)}


def test_exported_names() -> None:
    assert assistant.__all__ == ["Answer", "Article", "Assistant", "DatelineError"]
    for name in assistant.__all__:
        assert getattr(assistant, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'Asistant'"):
        _ = assistant.Asistant

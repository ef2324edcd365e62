"""Cases and answers for the evaluation tests, on one short invented article."""

from __future__ import annotations

from typing import Any

from assistant.types import EvalCase, GoldQuote, revision_of

TEXT = (
    "Fighters of the Red Coast Army hold the bridge at Marrat. "
    "On Monday 4 engineers were wounded there. The mayor denied it."
)
REVISION = revision_of(TEXT)
HOLDS = "Fighters of the Red Coast Army hold the bridge at Marrat."


def case(**given: Any) -> EvalCase:
    values: dict[str, Any] = {
        "id": "c1",
        "question": "Who holds the bridge at Marrat?",
        "type": "single",
        "answerable": True,
        "answers": (("Red Coast Army", "RCA"),),
        "evidence": ((GoldQuote("marrat", "the Red Coast Army hold the bridge"),),),
    }
    return EvalCase(**{**values, **given})


def unanswerable(**given: Any) -> EvalCase:
    values: dict[str, Any] = {
        "id": "u1",
        "question": "Who built the bridge at Marrat?",
        "answerable": False,
        "answers": (),
        "evidence": (),
    }
    return case(**{**values, **given})


def passage(rank: int, text: str = TEXT, article_id: str = "marrat") -> dict[str, Any]:
    return {
        "rank": rank,
        "score": 1 / rank,
        "score_kind": "bm25",
        "passage_id": f"{article_id}@{REVISION}:0-{len(text)}",
        "article_id": article_id,
        "text": text,
        "start": 0,
        "end": len(text),
    }


def citation(quote: str = HOLDS, marker: int = 1, **given: Any) -> dict[str, Any]:
    start = max(TEXT.find(quote), 0)
    return {
        "marker": marker,
        "article_id": "marrat",
        "revision": REVISION,
        "passage_id": f"marrat@{REVISION}:0-{len(TEXT)}",
        "title": "The bridge",
        "source": "Coast Herald",
        "publisher": "",
        "published": "2021-03-02",
        "url": "https://example.org/bridge",
        "quote": quote,
        "start": start,
        "end": start + len(quote),
        **given,
    }


def statement(body: str = HOLDS, markers: tuple[int, ...] = (1,), **given: Any) -> dict[str, Any]:
    return {
        "text": f"Reported 2 March 2021 by Coast Herald: “{body}” [1]",
        "body": body,
        "markers": list(markers),
        "reported_on": "2021-03-02",
        "event": None,
        "status": "reported",
        "attributed_to": None,
        **given,
    }


def answer(quote: str = HOLDS, **given: Any) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "question": "Who holds the bridge at Marrat?",
        "standalone_question": "Who holds the bridge at Marrat?",
        "text": statement(quote)["text"],
        "writer": "quote",
        "model": "",
        "prompt_id": "",
        "abstained": False,
        "abstention_reason": None,
        "confidence": 0.9,
        "dropped": 0,
        "statements": [statement(quote)],
        "citations": [citation(quote)],
        "evidence": [passage(1)],
        "disagreements": [],
        "timeline": [],
        "timings_ms": {"rewrite": 1, "retrieve": 2, "write": 3, "verify": 4, "total": 10},
        "tokens": {"in": 0, "out": 0},
        **given,
    }


def abstention(**given: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "text": "The library does not hold an answer.",
        "abstained": True,
        "abstention_reason": "No sentence answers it.",
        "confidence": 0.1,
        "statements": [],
        "citations": [],
    }
    return answer(**{**values, **given})

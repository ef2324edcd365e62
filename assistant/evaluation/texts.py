"""A plain text as an answer of the contract's form, so that any system's answers can be scored."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from assistant.evaluation.matching import normalise, says_normalised

ABSTENTIONS = (
    "insufficient information", "not enough information", "no information", "no answer",
    "not mentioned", "not contain", "not provide", "not specified", "not stated", "I do not know",
    "I don't know", "I cannot", "I can't", "cannot answer", "can't answer", "cannot be answered",
    "unable to answer", "unable to find", "could not find", "couldn't find",
)  # fmt: skip
"""What a text that has no answer says in its first sentence."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n")
_MARKER = re.compile(r"\[(\d+)\]")

Passage = str | Mapping[str, Any]


def says_no_answer(text: str, phrases: Iterable[str] = ABSTENTIONS) -> bool:
    """Whether a text is empty, or its first sentence says one of the phrases, as whole words.

    >>> says_no_answer("I don’t know. Ask her."), says_no_answer("The army. I don't know more.")
    (True, False)
    """
    first = normalise(_SENTENCE.split(text.strip(), maxsplit=1)[0])
    return not text.strip() or any(says_normalised(first, phrase) for phrase in phrases)


def text_answer(
    question: str,
    text: str,
    passages: Iterable[Passage] = (),
    *,
    citations: Sequence[Mapping[str, Any]] = (),
    abstained: bool | None = None,
    confidence: float | None = None,
    model: str = "",
    tokens: Mapping[str, int] | None = None,
    abstentions: Iterable[str] = ABSTENTIONS,
) -> dict[str, Any]:
    """The dictionary that `evaluate` scores, of a plain text. Nothing is made up for it.

    The text counts as one statement. Without a confidence it has none, and no figure of the
    confidence counts it.

    Args:
        question: what was asked.
        text: what was answered.
        passages: what was retrieved, the first first: texts, or objects with "text" and, where
            known, "article_id" and "score".
        citations: objects with "quote" and, where known, "marker" (else their place, from 1, as
            `[1]` in the text), "article_id", "revision", "start", "end", "title", "source",
            "published" (YYYY-MM-DD) and "url".
        abstained: whether it has no answer; None: as `says_no_answer` says.
        confidence: 0..1, where the system gives one.
        model: who wrote it, where that is known.
        tokens: "in" and "out", where they are known.
        abstentions: the phrases of `says_no_answer`.

    >>> answer = text_answer("Who holds it?", "The army [1].", ["The army holds the bridge."],
    ...                      citations=[{"quote": "The army holds the bridge."}])
    >>> answer["abstained"], answer["statements"][0]["markers"], answer["evidence"][0]["rank"]
    (False, [1], 1)
    """
    if abstained is None:
        abstained = says_no_answer(text, abstentions)
    cited = [] if abstained else [_citation(each, place) for place, each in enumerate(citations, 1)]
    return {
        "question": question,
        "standalone_question": question,
        "text": text,
        "writer": "text",
        "model": model,
        "prompt_id": "",
        "abstained": abstained,
        "abstention_reason": None,
        "confidence": confidence,
        "dropped": 0,
        "statements": [] if abstained else [_statement(text, cited)],
        "citations": cited,
        "evidence": [_passage(each, rank) for rank, each in enumerate(passages, 1)],
        "disagreements": [],
        "timeline": [],
        "timings_ms": {},
        "tokens": {"in": 0, "out": 0, **(tokens or {})},
    }


def _statement(text: str, cited: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    known = {each["marker"] for each in cited}
    found = dict.fromkeys(int(number) for number in _MARKER.findall(text))
    return {
        "text": text,
        "body": text,
        "markers": [number for number in found if number in known],
        "reported_on": None,
        "event": None,
        "status": None,
        "attributed_to": None,
    }


def _citation(given: Mapping[str, Any], place: int) -> dict[str, Any]:
    return {
        "marker": place,
        "article_id": "",
        "revision": "",
        "passage_id": "",
        "title": "",
        "source": "",
        "publisher": "",
        "published": None,
        "url": "",
        "start": None,
        "end": None,
        **given,
    }


def _passage(given: Passage, rank: int) -> dict[str, Any]:
    known = {"text": given} if isinstance(given, str) else given
    bare = {"score": None, "score_kind": "", "passage_id": "", "article_id": ""}
    return {**bare, "start": None, "end": None, **known, "rank": rank}

"""Why a question ended otherwise in another run: what differs between the traces of two answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from assistant.evaluation.checks import Checks
from assistant.evaluation.run import CaseResult

_WORDS = 40
"""Characters of a text that a reason quotes."""


def reasons(before: CaseResult, after: CaseResult) -> Iterator[str]:
    """What differs in how two runs came to their answers, the earliest step first, in words.

    Nothing where the two ended differently although no step that is recorded differs.
    """
    if before.error is not None or after.error is not None:
        yield f"error: {_short(before.error or 'none')} → {_short(after.error or 'none')}"
        return
    one, two = before.answer or {}, after.answer or {}
    yield from _said(
        "understood as", one.get("standalone_question"), two.get("standalone_question")
    )
    yield from _found(before.checks, after.checks)
    first, second = (_first_passage(answer) for answer in (one, two))
    if first != second:
        yield f"first passage: {first or 'none'} → {second or 'none'}"
    yield from _written(one, two, before.checks, after.checks)


def _found(one: Checks, two: Checks) -> Iterator[str]:
    for number, (was, is_) in enumerate(zip(one.gold_ranks, two.gold_ranks, strict=False), start=1):
        if was != is_:
            which = f" {number}" if len(one.gold_ranks) > 1 else ""
            yield f"gold sentence{which}: {_rank(was)} → {_rank(is_)}"


def _written(
    one: Mapping[str, Any], two: Mapping[str, Any], was: Checks, is_: Checks
) -> Iterator[str]:
    if was.abstained != is_.abstained:
        yield "answered → abstained" if is_.abstained else "abstained → answered"
    yield from _said("reason", one.get("abstention_reason"), two.get("abstention_reason"))
    if was.confidence is not None and is_.confidence is not None:
        sure = f"{was.confidence:.2f}", f"{is_.confidence:.2f}"
        if sure[0] != sure[1]:
            yield f"confidence: {sure[0]} → {sure[1]}"
    for name, before, after in (
        ("gold sentences quoted", sum(was.quoted), sum(is_.quoted)),
        ("statements", was.statements, is_.statements),
        ("unsupported statements dropped", was.dropped, is_.dropped),
    ):
        if before != after:
            yield f"{name}: {before} → {after}"
    quotes = [
        [str(cited["quote"]) for cited in answer.get("citations", ())] for answer in (one, two)
    ]
    for sign, these, others in (("quoted no more", *quotes), ("quoted now", *reversed(quotes))):
        for quote in these:
            if quote not in others:
                yield f"{sign}: “{_short(quote)}”"


def _said(what: str, before: object, after: object) -> Iterator[str]:
    if before != after and (before or after):
        yield f"{what}: {_short(str(before or 'none'))} → {_short(str(after or 'none'))}"


def _first_passage(answer: Mapping[str, Any]) -> str:
    passages = sorted(answer.get("evidence", ()), key=lambda passage: passage["rank"])
    return str(passages[0]["article_id"])[:_WORDS] if passages else ""


def _rank(rank: int | None) -> str:
    return f"rank {rank}" if rank else "not found"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _WORDS else f"{text[:_WORDS].rstrip()}…"

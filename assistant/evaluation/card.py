"""A case as a page shows it: plain values that the template escapes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from assistant.evaluation.checks import Verdict
from assistant.evaluation.matching import locate
from assistant.evaluation.run import CaseResult, writer_of
from assistant.evaluation.spread import STAGE_NAMES, ms_said

PASSAGES_SHOWN = 3

VERDICTS: dict[Verdict, tuple[str, str]] = {
    "right": ("Right", "Answered with every expected part, or abstained as it should."),
    "wrong": ("Without the expected words", "It answered, but its text lacks an expected part."),
    "answered": ("Should have abstained", "It answered a question that has no answer here."),
    "abstained": ("Should have answered", "It abstained though the answer is there."),
    "failed": ("Failed", "An error kept the case from being answered."),
    "unjudged": (
        "Not judged",
        "Yes/no questions, and cases without expected words: a person must judge these.",
    ),
}
"""How a case can end, in the order shown: a name, and what it means."""


def segments(text: str, quotes: Iterable[str]) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is part of one of the quotes.

    >>> segments("They re-take the road.", ["re-take"])
    [('They ', False), ('re-take', True), (' the road.', False)]
    """
    pieces = []
    at = 0
    for start, end in sorted(span for quote in quotes if (span := locate(quote, text))):
        if end <= at:
            continue
        start = max(start, at)
        pieces += [(text[at:start], False), (text[start:end], True)]
        at = end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]


def case_card(result: CaseResult, *, passages: bool = True) -> dict[str, Any]:
    """What a page shows of a case and its answer; `passages`: with the nearest ones' texts."""
    case, checks = result.case, result.checks
    answer: Mapping[str, Any] = result.answer or {
        "text": "", "citations": [], "evidence": [], "abstention_reason": None,
    }  # fmt: skip
    gold = [quote.quote for group in case.evidence for quote in group]
    verbatim = checks.verbatim or (None,) * len(answer["citations"])
    ranked = sorted(answer["evidence"], key=lambda passage: passage["rank"])
    return {
        "verdict": checks.verdict,
        "verdict_name": VERDICTS[checks.verdict][0],
        "id": case.id,
        "type": case.type,
        "question": case.question,
        "history": case.history,
        "note": case.note,
        "answerable": case.answerable,
        "parts": [
            {"spellings": part, "said": said}
            for part, said in zip(case.answers, checks.parts, strict=True)
        ],
        "wanted": [
            {"what": what, "value": value, "met": met}
            for what, value, met in (
                ("report date", _day(case.reported_on), checks.reported_on),
                ("status", case.status, checks.status),
            )
            if value
        ],
        "text": answer["text"],
        "abstained": checks.abstained,
        "reason": answer["abstention_reason"],
        "confidence": checks.confidence,
        "error": result.error,
        "diagnosis": diagnosis(result),
        "gold": case.evidence,
        "citations": [
            _citation(citation, same, gold)
            for citation, same in zip(answer["citations"], verbatim, strict=True)
        ],
        "passages": [
            {**passage, "pieces": segments(passage["text"], gold)}
            for passage in (ranked[:PASSAGES_SHOWN] if passages else ())
            if "text" in passage  # a baseline has none
        ],
        "passages_in_all": len(ranked),
        "trace": trace(result, ranked) if result.answer else None,
        "wall_ms": f"{result.wall_ms:.0f}",
    }


def trace(result: CaseResult, ranked: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """How an answer came about: what was understood, when, out of what, and what was dropped."""
    answer = result.answer or {}
    understood = answer.get("standalone_question", "")
    golden = {rank for rank in result.checks.gold_ranks if rank is not None}
    return {
        "understood": understood if understood != result.case.question else "",
        "writer": writer_of(answer),
        "dropped": result.checks.dropped,
        "times": [
            (STAGE_NAMES.get(stage, stage), ms_said(float(ms)))
            for stage, ms in answer.get("timings_ms", {}).items()
        ],
        "ranked": [{**passage, "gold": place in golden} for place, passage in enumerate(ranked, 1)],
    }


def _citation(
    citation: Mapping[str, Any], verbatim: bool | None, gold: Sequence[str]
) -> dict[str, Any]:
    return {
        **citation,
        "verbatim": verbatim,
        "day": _day(citation["published"]),
        "link": _link(citation["url"]),
        "pieces": segments(citation["quote"], gold),
    }


def diagnosis(result: CaseResult) -> str:
    """Where the gold sentences of a case got to, in a sentence; empty where it has none."""
    ranks = result.checks.gold_ranks
    if not ranks or result.error is not None:
        return ""
    found = sorted(rank for rank in ranks if rank is not None)
    if not found:
        return "No gold sentence is among the first 10 passages: lost in retrieval."
    quoted = sum(result.checks.quoted)
    places = ", ".join(map(str, dict.fromkeys(found)))
    return (
        f"Gold sentences: {len(found)} of {len(ranks)} among the first 10 passages "
        f"(rank {places}), {quoted or 'none'} quoted"
        f"{'' if quoted else ': lost in answering'}."
    )


def _link(url: str) -> str:
    """A citation's address if it is one that a page may link to."""
    return url if url.startswith(("https://", "http://")) else ""


def _day(iso: str | None) -> str:
    if not iso:
        return ""
    day = date.fromisoformat(iso)
    return f"{day.day} {day:%B %Y}"

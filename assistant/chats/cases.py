"""Feedback as evaluation cases: what was found good becomes a question file, the rest is set apart.

A thumbs-up says that the answer as a whole was right, and not which of its quotes was needed. So a
case asks for the least that this can mean: any one of the quotes, and any one of the words that
were marked in them. What a thumbs-down is about only its reason says, so it is never a case.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from assistant.chats.kept import Chat, KeptTurn, filters_dict
from assistant.chats.words import one_line
from assistant.types import Answer

TYPE = "chat"


@dataclass(frozen=True, slots=True)
class FeedbackCases:
    """`cases`: lines of a question file, for `assistant evaluate`. `apart`: what to look at.

    Those apart are not cases on purpose: they do not say whether there is an answer.
    """

    cases: tuple[dict[str, Any], ...]
    apart: tuple[dict[str, Any], ...]


def feedback_cases(chats: Iterable[Chat]) -> FeedbackCases:
    """What the feedback in some chats says."""
    cases, apart = [], []
    for chat in chats:
        for turn in chat.turns:
            if not turn.feedback:
                continue
            why = _unfit(turn)
            if why:
                apart.append(_apart(turn, why))
            elif turn.answer:
                cases.append(_case(turn, turn.answer, chat.turns[: turn.number - 1]))
    return FeedbackCases(tuple(cases), tuple(apart))


def to_lines(rows: Iterable[dict[str, Any]]) -> str:
    """Rows as JSONL."""
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def _unfit(turn: KeptTurn) -> str:
    """Why a turn is no case; empty where it is one."""
    if turn.feedback and turn.feedback.vote < 0:
        return "thumbs down"
    if turn.answer is None or turn.stopped:
        return "there is no whole answer"
    if turn.answer.abstained and turn.filters.active:
        return "abstained from a question that was narrowed, and evaluation does not narrow"
    if not turn.answer.abstained and not _quotes(turn.answer):
        return "nothing is quoted"
    return ""


def _case(turn: KeptTurn, answer: Answer, earlier: Iterable[KeptTurn]) -> dict[str, Any]:
    case: dict[str, Any] = {
        "id": f"chat-{turn.id}",
        "question": turn.question,
        "type": TYPE,
        "answerable": not answer.abstained,
    }
    if not answer.abstained:
        spellings = list(dict.fromkeys(_marked(answer)))
        case["answers"] = [spellings] if spellings else []
        case["evidence"] = [_quotes(answer)]
    if answer.standalone_question != answer.question:  # the conversation had a part in it
        case["history"] = [
            {"question": before.question, "answer": before.answer.text}
            for before in earlier
            if before.answer and before.answer.text.strip() and before.question.strip()
        ]
    return case | _more(turn)


def _apart(turn: KeptTurn, why: str) -> dict[str, Any]:
    return {
        "id": f"chat-{turn.id}",
        "question": turn.question,
        "type": TYPE,
        "why": why,
        "answer": turn.answer.text if turn.answer else "",
        "quotes": _quotes(turn.answer) if turn.answer else [],
    } | _more(turn)


def _more(turn: KeptTurn) -> dict[str, Any]:
    narrowed = filters_dict(turn.filters)
    return {
        "note": turn.feedback.reason if turn.feedback else "",
        **({"filters": narrowed} if narrowed else {}),
    }


def _quotes(answer: Answer) -> list[dict[str, str]]:
    """What is quoted, each quote once."""
    cited = dict.fromkeys((c.article_id, c.quote) for c in answer.citations)
    return [
        {"article_id": article_id, "quote": quote}
        for article_id, quote in cited
        if article_id.strip() and quote.strip()
    ]


def _marked(answer: Answer) -> Iterator[str]:
    """The words of the quotes that answer, where they are told."""
    for citation in answer.citations:
        if citation.answer:
            words = one_line(citation.quote[slice(*citation.answer)])
            if any(c.isalnum() for c in words):
                yield words

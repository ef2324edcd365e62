"""Rows of the tables as values, and moments as text."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from assistant.chats.kept import ChatInfo, Feedback, KeptTurn, NewTurn, filters_dict, filters_from
from assistant.chats.words import folded, kept, one_line
from assistant.types import Answer, Filters

UNREADABLE = "what was kept of this answer cannot be read; ask again"


def moment(when: datetime) -> str:
    """A moment in UTC, of fixed width, so that it sorts as text."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")


def info_from(row: sa.Row[Any], turns: int) -> ChatInfo:
    """A chat without its turns."""
    made, changed = datetime.fromisoformat(row.made), datetime.fromisoformat(row.changed)
    return ChatInfo(row.id, row.title, made, changed, turns, row.imported)


def turn_from(row: sa.Row[Any]) -> KeptTurn:
    """A turn; one whose answer cannot be read any more says so, and the others are there."""
    filters, answer, error = Filters(), None, row.error
    try:
        filters = filters_from(json.loads(row.filters))
        answer = Answer.from_dict(json.loads(row.answer)) if row.answer else None
    except ValueError:
        error = UNREADABLE
    return KeptTurn(
        id=row.id,
        number=row.number,
        asked=datetime.fromisoformat(row.asked),
        question=row.question,
        filters=filters,
        answer=answer,
        error=error,
        stopped=row.stopped,
        feedback=Feedback(row.vote, row.reason) if row.vote else None,
    )


def turn_row(chat_id: str, number: int, asked: str, turn: NewTurn | KeptTurn) -> dict[str, Any]:
    """A turn as a row, under a new id."""
    answer = turn.answer
    return {
        "id": str(uuid.uuid4()),
        "chat_id": chat_id,
        "number": number,
        "asked": asked,
        "question": kept(turn.question),
        "folded": folded(f"{turn.question} {answer.text if answer else ''}"),
        "filters": json.dumps(filters_dict(turn.filters)),
        "answer": json.dumps(answer.to_dict()) if answer else None,
        "error": kept(one_line(turn.error)) if turn.error else None,
        "stopped": turn.stopped,
    }


def as_kept(row: dict[str, Any], turn: NewTurn) -> KeptTurn:
    """The turn that a new row is."""
    return KeptTurn(
        id=row["id"],
        number=row["number"],
        asked=datetime.fromisoformat(row["asked"]),
        question=row["question"],
        filters=turn.filters,
        answer=turn.answer,
        error=row["error"],
        stopped=turn.stopped,
    )

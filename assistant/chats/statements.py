"""What the store of chats says to its tables, inside a transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.chats.kept import ChatInfo, Feedback
from assistant.chats.rows import moment
from assistant.chats.tables import CHATS, FEEDBACK, TURNS
from assistant.chats.words import folded, kept, one_line, sought, title_of
from assistant.errors import ChatNotFoundError, UsageError

NO_CHAT = "no such chat; `assistant chats list` shows what is kept"


def storable(owner: str) -> str:
    """An owner's name as it is stored.

    Raises:
        UsageError: it holds what cannot be stored.
    """
    if kept(owner) != owner:  # made storable, it could be another one's name
        raise UsageError("the name of the user holds characters that cannot be kept")
    return owner


def one_chat(owner: str, chat_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    """An owner's chat."""
    return CHATS.c.id == kept(chat_id), CHATS.c.owner == storable(owner)


def matching(owner: str, words: str) -> list[sa.ColumnElement[bool]]:
    """An owner's chats in which all of some words stand."""
    wanted: list[sa.ColumnElement[bool]] = [CHATS.c.owner == storable(owner)]
    for word in sought(words):
        in_turn = sa.exists().where(
            TURNS.c.chat_id == CHATS.c.id, TURNS.c.folded.contains(word, autoescape=True)
        )
        wanted.append(sa.or_(CHATS.c.folded.contains(word, autoescape=True), in_turn))
    return wanted


def insert_chat(
    connection: Connection, owner: str, title: str, *, imported: bool = False
) -> ChatInfo:
    """Begin a chat."""
    now, title = datetime.now(UTC), title_of(title)
    row = {
        "id": str(uuid.uuid4()),
        "owner": storable(owner),
        "title": title,
        "folded": folded(title),
        "made": moment(now),
        "changed": moment(now),
        "imported": imported,
    }
    connection.execute(sa.insert(CHATS).values(row))
    return ChatInfo(str(row["id"]), title, now, now, 0, imported)


def update_chat(connection: Connection, owner: str, chat_id: str, **values: str) -> None:
    """Change a chat, and hold it until the transaction ends.

    Raises:
        ChatNotFoundError: the owner has no such chat.
    """
    done = connection.execute(sa.update(CHATS).where(*one_chat(owner, chat_id)).values(values))
    if not done.rowcount:
        raise ChatNotFoundError(NO_CHAT)


def make_room(connection: Connection, owner: str, chat_id: str, replaced: Collection[str]) -> None:
    """Delete turns, if they are the last ones; a chat that was named after them loses its name."""
    theirs = TURNS.c.chat_id == kept(chat_id)
    rows = connection.execute(
        sa.select(TURNS.c.id, TURNS.c.number, TURNS.c.question).where(theirs).order_by("number")
    ).all()
    first = next((place for place, row in enumerate(rows) if row.id in replaced), len(rows))
    going = rows[first:]
    if not going or any(row.id not in replaced for row in going):
        return  # added in another window: what this one never showed stays
    delete_turns(connection, theirs, TURNS.c.number >= going[0].number)
    if first == 0:
        connection.execute(
            sa.update(CHATS)
            .where(*one_chat(owner, chat_id), CHATS.c.title == title_of(going[0].question))
            .values(title="", folded="")
        )


def put_feedback(connection: Connection, turn_id: str, feedback: Feedback) -> None:
    """Note what somebody thinks of an answer."""
    connection.execute(
        sa.insert(FEEDBACK).values(
            turn_id=turn_id,
            vote=feedback.vote,
            reason=kept(one_line(feedback.reason)),
            given=moment(datetime.now(UTC)),
        )
    )


def delete_turns(connection: Connection, *which: sa.ColumnElement[bool]) -> None:
    """Delete turns with their feedback."""
    ids = sa.select(TURNS.c.id).where(*which).scalar_subquery()
    connection.execute(sa.delete(FEEDBACK).where(FEEDBACK.c.turn_id.in_(ids)))
    connection.execute(sa.delete(TURNS).where(*which))

"""`Chats`: the conversations that people had with one library, each its owner's alone.

Every operation takes the owner first and sees nothing of anybody else's: what another one has is
as if it were not there.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from assistant.chats.database import Database, database_of
from assistant.chats.kept import (
    Chat,
    ChatInfo,
    Feedback,
    KeptTurn,
    NewTurn,
    Vote,
)
from assistant.chats.limits import Limits
from assistant.chats.rows import as_kept, info_from, moment, turn_from, turn_row
from assistant.chats.statements import (
    NO_CHAT,
    delete_turns,
    insert_chat,
    make_room,
    matching,
    one_chat,
    put_feedback,
    storable,
    update_chat,
)
from assistant.chats.tables import CHATS, FEEDBACK, TURNS
from assistant.chats.words import folded, kept, title_of
from assistant.errors import ChatError, ChatNotFoundError, UsageError
from assistant.settings import Settings, load_settings

if TYPE_CHECKING:
    from types import TracebackType

log = logging.getLogger(__name__)

PAGE = 50
"""Chats that a list has at most unless it is asked for more."""


class Chats:
    """What is kept of the chats of one library. Safe to use from several threads and processes.

    Every method raises `ChatError`, in one line, where the file or server cannot be used; nothing
    is opened before the first call. Close it, or use it as a context manager.
    """

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database, self._limits = database, limits

    @classmethod
    def open(cls, folder: str | Path, settings: Settings | None = None) -> Chats:
        """The chats of the library in a folder: `chats.sqlite` there, or where the settings say.

        Raises:
            IndexNotFoundError: there is no such folder.
            UsageError: `DATELINE_CHATS_URL` cannot be used.
        """
        settings = settings or load_settings()
        return cls(database_of(Path(folder), settings), Limits.of(settings))

    def close(self) -> None:
        """Release the file, or the connections."""
        self._database.close()

    def __enter__(self) -> Chats:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # Reading

    def chats(
        self, owner: str, words: str = "", *, limit: int = PAGE, offset: int = 0
    ) -> list[ChatInfo]:
        """Some of the owner's chats, the one last added to first.

        `words`: only chats that have each of these in their title, or in one of their questions
        and answers; whatever the case and diacritics, and inside longer words, too.
        """
        count = (
            sa.select(sa.func.count())
            .where(TURNS.c.chat_id == CHATS.c.id)
            .scalar_subquery()
            .label("turns")
        )
        query = (
            sa.select(CHATS, count)
            .where(*matching(owner, words))
            .order_by(CHATS.c.changed.desc(), CHATS.c.id.desc())
            .limit(limit)
            .offset(offset)
        )
        with self._database.reading() as connection:
            return [info_from(row, row.turns) for row in connection.execute(query)]

    def count(self, owner: str, words: str = "") -> int:
        """How many chats `chats` would list in all."""
        query = sa.select(sa.func.count()).select_from(CHATS).where(*matching(owner, words))
        with self._database.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def chat(self, owner: str, chat_id: str) -> Chat:
        """One chat with its turns.

        Raises:
            ChatNotFoundError: the owner has no such chat.
        """
        with self._database.reading() as connection:
            row = connection.execute(
                sa.select(CHATS).where(*one_chat(owner, chat_id))
            ).one_or_none()
            if row is None:
                raise ChatNotFoundError(NO_CHAT)
            query = (
                sa.select(TURNS, FEEDBACK.c.vote, FEEDBACK.c.reason)
                .outerjoin(FEEDBACK, FEEDBACK.c.turn_id == TURNS.c.id)
                .where(TURNS.c.chat_id == row.id)
                .order_by(TURNS.c.number)
            )
            turns = tuple(turn_from(each) for each in connection.execute(query))
        return Chat(info_from(row, len(turns)), turns)

    def rated(self, owner: str) -> Iterator[Chat]:
        """Every chat of the owner's in which an answer has feedback, the first made first."""
        rated = (
            sa.select(TURNS.c.chat_id)
            .join(FEEDBACK, FEEDBACK.c.turn_id == TURNS.c.id)
            .where(TURNS.c.chat_id == CHATS.c.id)
        )
        query = (
            sa.select(CHATS.c.id)
            .where(CHATS.c.owner == storable(owner), rated.exists())
            .order_by(CHATS.c.made, CHATS.c.id)
        )
        with self._database.reading() as connection:
            ids = list(connection.execute(query).scalars())
        yield from self._each(owner, ids)

    def every(self, owner: str) -> Iterator[Chat]:
        """Every chat of the owner's, the one last added to first, each read when it is its turn."""
        return self._each(owner, [c.id for c in self.chats(owner, limit=self.count(owner))])

    def _each(self, owner: str, ids: Sequence[str]) -> Iterator[Chat]:
        for chat_id in ids:
            try:
                chat = self.chat(owner, chat_id)
            except ChatNotFoundError:
                continue  # deleted since it was listed
            yield chat

    # Writing

    def new(self, owner: str, title: str = "") -> ChatInfo:
        """Begin a chat; without a title it gets one from its first question.

        Raises:
            ChatLimitError: the owner has as many as may be.
        """
        held = sa.select(sa.func.count()).where(CHATS.c.owner == storable(owner))
        with self._database.writing() as connection:
            self._limits.check_chats(connection.execute(held).scalar_one())
            return insert_chat(connection, owner, title)

    def append(
        self, owner: str, chat_id: str, turn: NewTurn, *, replaces: Collection[str] = ()
    ) -> KeptTurn:
        """Keep a question and how it ended, as the chat's last turn.

        `replaces`: ids of the last turns, whose place it takes in the same step, as an edited or
        repeated question does. Where they are not the last ones any more, all stay.

        Raises:
            ChatNotFoundError: the owner has no such chat; it may have been deleted meanwhile.
            ChatLimitError: the chat has as many turns as may be.
        """
        now = moment(datetime.now(UTC))
        with self._database.writing() as connection:
            update_chat(connection, owner, chat_id, changed=now)
            if replaces:
                make_room(connection, owner, chat_id, replaces)
            last = sa.select(sa.func.max(TURNS.c.number)).where(TURNS.c.chat_id == kept(chat_id))
            number = (connection.execute(last).scalar_one_or_none() or 0) + 1
            self._limits.check_turns(number)
            row = turn_row(kept(chat_id), number, now, turn)
            connection.execute(sa.insert(TURNS).values(row))
            if number == 1:
                title = title_of(turn.question)
                connection.execute(
                    sa.update(CHATS)
                    .where(*one_chat(owner, chat_id), CHATS.c.title == "")
                    .values(title=title, folded=folded(title))
                )
        if replaces:
            try:
                self._database.scrub()
            except ChatError:  # the turn is kept; the next deletion scrubs these bytes too
                log.warning("what a question replaced could not be overwritten on the disk")
        return as_kept(row, turn)

    def add(self, owner: str, chat: Chat) -> ChatInfo:
        """Keep a chat that was read from a file, with its times and feedback, under a new id."""
        info = chat.info
        with self._database.writing() as connection:
            added = insert_chat(connection, owner, info.title, imported=True)
            for number, turn in enumerate(chat.turns, start=1):
                row = turn_row(added.id, number, moment(turn.asked), turn)
                connection.execute(sa.insert(TURNS).values(row))
                if turn.feedback:
                    put_feedback(connection, row["id"], turn.feedback)
            times = {"made": moment(info.made), "changed": moment(info.changed)}
            update_chat(connection, owner, added.id, **times)
        return ChatInfo(added.id, added.title, info.made, info.changed, len(chat.turns), True)

    def rename(self, owner: str, chat_id: str, title: str) -> None:
        """Give a chat another title, of at most 80 characters; its place in the list stays.

        Raises:
            ChatNotFoundError: the owner has no such chat.
            UsageError: there is nothing in the title.
        """
        title = title_of(title)
        if not title:
            raise UsageError("the title is empty: give the chat a name")
        with self._database.writing() as connection:
            update_chat(connection, owner, chat_id, title=title, folded=folded(title))

    def delete(self, owner: str, chat_ids: str | Sequence[str]) -> int:
        """Delete chats with all that was in them, and say how many there were.

        On SQLite nothing of them is left in the file. Of what others have, nothing happens.
        """
        ids = [chat_ids] if isinstance(chat_ids, str) else list(chat_ids)
        deleted = 0
        with self._database.writing() as connection:
            for chat_id in dict.fromkeys(ids):
                gone = connection.execute(sa.delete(CHATS).where(*one_chat(owner, chat_id)))
                if gone.rowcount:
                    deleted += 1
                    delete_turns(connection, TURNS.c.chat_id == kept(chat_id))
        self._database.scrub()
        return deleted

    def rate(self, owner: str, turn_id: str, vote: Vote | None, reason: str = "") -> None:
        """Thumbs up or down for an answer, in the place of what was said before; None: neither.

        Raises:
            ChatNotFoundError: the owner has no such turn.
        """
        theirs = (
            sa.select(TURNS.c.id)
            .join(CHATS, CHATS.c.id == TURNS.c.chat_id)
            .where(TURNS.c.id == kept(turn_id), CHATS.c.owner == storable(owner))
            .with_for_update()
        )
        with self._database.writing() as connection:
            if connection.execute(theirs).first() is None:
                raise ChatNotFoundError("no such answer in these chats; it may have been deleted")
            connection.execute(sa.delete(FEEDBACK).where(FEEDBACK.c.turn_id == kept(turn_id)))
            if vote is not None:
                put_feedback(connection, kept(turn_id), Feedback(vote, reason))

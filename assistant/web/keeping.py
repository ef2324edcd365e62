"""Keeping what is asked in the page, and opening it again. Blocks, as the store does.

A chat that cannot be kept is answered all the same: what went wrong stands under the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from assistant.chats import Chats, Feedback, KeptTurn, NewTurn, Vote, with_articles
from assistant.errors import ChatError, ChatNotFoundError
from assistant.types import Answer, Article
from assistant.web import talk

GONE = "this answer is not kept, so it cannot be rated"


class Talked(NamedTuple):
    """A session and the chat that it is kept as; None before the first answer, or without a store.

    `replaced`: the turns whose place the last one takes.
    """

    turns: talk.Turns
    chat: str | None = None
    replaced: talk.Turns = ()


class Keeping:
    """The kept chats of a page; `chats` None: nothing is kept."""

    def __init__(self, chats: Chats | None) -> None:
        self.chats = chats

    def keep(self, owner: str, talked: Talked) -> Talked:
        """Keep the last turn, which has ended, in its chat; in a new one where that is gone."""
        turns, chat, replaced = talked
        if self.chats is None:
            return Talked(turns)
        turn = turns[-1]
        new = NewTurn(
            turn.question,
            filters=turn.filters,
            answer=_so_far(turn) if turn.stopped else turn.answer,
            error=None if turn.stopped else turn.error,
            stopped=turn.stopped,
        )
        try:
            chat, kept = self._append(self.chats, owner, chat, new, replaced)
        except ChatError as error:
            return Talked((*turns[:-1], replace(turn, unkept=str(error))), chat)
        turn = replace(turn, kept_as=kept.id, place=kept.number)
        return Talked((*turns[:-1], turn), chat)

    @staticmethod
    def _append(
        chats: Chats, owner: str, chat: str | None, turn: NewTurn, replaced: talk.Turns
    ) -> tuple[str, KeptTurn]:
        ids = {each.kept_as for each in replaced if each.kept_as is not None}
        if chat is not None:
            try:
                return chat, chats.append(owner, chat, turn, replaces=ids)
            except ChatNotFoundError:
                pass  # deleted meanwhile, in another window
        chat = chats.new(owner).id
        return chat, chats.append(owner, chat, turn)

    def opened(self, owner: str, chat: str, article: Callable[[str, str], Article]) -> Talked:
        """A kept chat as a session: its last turns, as many as a session has.

        Raises:
            ChatError: the owner has no such chat, or it cannot be read.
        """
        if self.chats is None:
            raise ChatNotFoundError("no chats are kept here")
        kept = self.chats.chat(owner, chat)
        turns = (_turn_of(turn, article) for turn in kept.turns[-talk.MAX_TURNS :])
        return Talked(tuple(turns), kept.info.id)

    def rate(
        self, owner: str, turns: talk.Turns, number: object, vote: Vote | None, reason: str
    ) -> talk.Turns:
        """The session with thumbs up or down for one of its answers; None takes them away."""
        turn = talk.find_turn(turns, number)
        if turn is None or turn.answer is None:
            return turns
        try:
            if self.chats is None or turn.kept_as is None:
                raise ChatNotFoundError(GONE)
            self.chats.rate(owner, turn.kept_as, vote, reason)
            rated = replace(turn, feedback=Feedback(vote, reason) if vote else None, unkept=None)
        except ChatError as error:
            rated = replace(turn, unkept=str(error))
        return tuple(rated if each is turn else each for each in turns)


def _so_far(turn: talk.Turn) -> Answer | None:
    """What was stated before an answer was stopped, as an answer; None where that is nothing."""
    if not turn.statements:
        return None
    return Answer(
        question=turn.question,
        standalone_question=turn.question,
        text=" ".join(statement.text for statement in turn.statements),
        writer="",
        model="",
        prompt_id="",
        abstained=False,
        abstention_reason=None,
        confidence=0.0,
        dropped=0,
        statements=turn.statements,
        citations=turn.citations,
    )


def _turn_of(kept: KeptTurn, article: Callable[[str, str], Article]) -> talk.Turn:
    answer = kept.answer and talk.light(with_articles(kept.answer, article))
    whole = None if kept.stopped else answer
    return talk.Turn(
        number=kept.number,
        question=kept.question,
        filters=kept.filters,
        statements=answer.statements if answer else (),
        citations=answer.citations if answer else (),
        answer=whole,
        error=None if whole else kept.error or talk.STOPPED,
        stopped=kept.stopped,
        kept_as=kept.id,
        place=kept.number,
        feedback=kept.feedback,
    )

"""How much is kept for one owner; what is beyond it is answered all the same, and not kept."""

from __future__ import annotations

from typing import NamedTuple

from assistant.errors import ChatLimitError
from assistant.settings import Settings


class Limits(NamedTuple):
    """Chats of an owner, and turns of a chat, that are kept at most."""

    chats: int
    turns: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Those that are set."""
        return cls(settings.chats_per_user, settings.turns_per_chat)

    def check_chats(self, held: int) -> None:
        """Whether one more may be begun.

        Raises:
            ChatLimitError: it may not.
        """
        if held >= self.chats:
            raise ChatLimitError(
                f"you have {held:,} chats, as many as are kept (DATELINE_CHATS_PER_USER): export "
                "what you want to have, and delete some"
            )

    def check_turns(self, number: int) -> None:
        """Whether a chat may have a turn of this number.

        Raises:
            ChatLimitError: it may not.
        """
        if number > self.turns:
            raise ChatLimitError(
                f"this chat has {self.turns:,} questions, as many as are kept of one "
                "(DATELINE_TURNS_PER_CHAT): go on in a new chat"
            )

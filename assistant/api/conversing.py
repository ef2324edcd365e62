"""The messages of a chat completion -> the question, and the answers that went before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.api.kept import KeptAnswers
from assistant.api.openai_schemas import MessageIn
from assistant.api.schemas import MAX_TURNS
from assistant.conversation import past_answer
from assistant.errors import UsageError
from assistant.types import Answer

# What the notes that a message of ours ends with begin with.
_NOTES = re.compile(
    r"\n\n(?:\[\d+\] |(?:Understood as|Not an answer, but near|Also reported): |Reports differ, )"
)


def read_messages(messages: Sequence[MessageIn], kept: KeptAnswers) -> tuple[str, list[Answer]]:
    """The last message's question, and the answers to those before it, the first first.

    An assistant's message with the field `dateline` is that answer; one of which only the text came
    back is looked up among the answers `kept`, and is taken by its words where it is not there.
    Messages of the system are not read: Dateline takes no instructions.

    Raises:
        UsageError: the last message is not the user's.
    """
    if messages[-1].role != "user":
        raise UsageError("the last message must be the user's: it is the question")
    history: list[Answer] = []
    asked = ""
    for message in messages[:-1]:
        if message.role == "user":
            asked = message.words()
        elif message.role == "assistant" and asked.strip():
            history.append(_answer(asked, message, kept))
            asked = ""
    return messages[-1].words(), history[-MAX_TURNS:]


def _answer(asked: str, message: MessageIn, kept: KeptAnswers) -> Answer:
    if message.dateline is not None:
        return message.dateline.answer()
    said = message.words()
    known = kept.find(asked, said)
    if known is not None:
        return known
    return past_answer(" ".join(asked.split()), _NOTES.split(said, maxsplit=1)[0])

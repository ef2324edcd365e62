"""Chats as JSON, and back: what is read from a file is checked before it is kept.

{"format": "dateline-chats", "version": 1,
 "chats": [{"title", "made", "changed",
            "turns": [{"asked", "question", "filters": {"since"?, "until"?, "source"?, ...},
                       "answer": Answer.to_dict() | null, "error": str | null, "stopped": bool,
                       "feedback": {"vote": 1 | -1, "reason"} | null}]}]}

Nobody's name stands in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from assistant.chats.kept import Chat, ChatInfo, Feedback, KeptTurn, filters_dict, filters_from
from assistant.chats.rows import moment
from assistant.errors import LibraryError, UsageError
from assistant.types import Answer, Article

FORMAT, VERSION = "dateline-chats", 1
MOST_CHARS = 100_000_000
"""Characters that a file of chats has at most: about a thousand chats."""

_QUESTION = 2_000


def to_json(chats: Iterable[Chat]) -> str:
    """Chats in the form above."""
    return "".join(json_pieces(chats))


def json_pieces(chats: Iterable[Chat]) -> Iterator[str]:
    """The same in pieces, so that of thousands of chats one at a time is held."""
    yield json.dumps({"format": FORMAT, "version": VERSION, "chats": []}).removesuffix("]}")
    for number, chat in enumerate(chats):
        # ASCII: lone surrogates of an article survive.
        yield (",\n" if number else "\n") + json.dumps(_chat_dict(chat), indent=1)
    yield "\n]}\n"


def from_json(text: str, article: Callable[[str, str], Article]) -> list[Chat]:
    """The chats of a file, each quote of them compared with the library.

    `article` gives an article by id and revision, as `Assistant.article` does. The chats and their
    turns have no ids yet: `Chats.add` gives them some.

    Raises:
        UsageError: it is not of that form, or quotes what this library does not hold.
    """
    if len(text) > MOST_CHARS:
        raise UsageError(f"that is more than {MOST_CHARS:,} characters: export fewer chats at once")
    try:
        data = json.loads(text)
        if (data["format"], data["version"]) != (FORMAT, VERSION):
            raise ValueError(f"not {FORMAT}, version {VERSION}")
        chats = [_chat_from(each) for each in data["chats"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        said = " ".join(str(error).split())[:200]
        raise UsageError(
            f"not a file of chats as `assistant chats export` writes it ({said})"
        ) from error
    for chat in chats:
        for turn in chat.turns:
            if turn.answer:
                _check_quotes(turn.answer, article)
    return chats


def _check_quotes(answer: Answer, article: Callable[[str, str], Article]) -> None:
    """Promise: what is shown as a quote is in the library, wherever the answer came from."""
    if not all(
        0 <= c.answer[0] <= c.answer[1] <= len(c.quote) for c in answer.citations if c.answer
    ):
        raise UsageError("these chats mark words outside of a quote: they were changed")
    quoted = [(c.article_id, c.revision, c.start, c.end, c.quote) for c in answer.citations]
    passages = [each.passage for each in answer.evidence]
    quoted += [(p.article_id, p.revision, p.start, p.end, p.text) for p in passages]
    for article_id, revision, start, end, words in quoted:
        try:
            held = article(article_id, revision).text
        except LibraryError:
            held = ""
        if not 0 <= start <= end <= len(held) or held[start:end] != words:
            raise UsageError(
                f"{article_id!r} in this library does not hold what these chats quote of it: they "
                "are of another library, or were changed"
            )


def _chat_dict(chat: Chat) -> dict[str, Any]:
    return {
        "title": chat.info.title,
        "made": moment(chat.info.made),
        "changed": moment(chat.info.changed),
        "turns": [_turn_dict(turn) for turn in chat.turns],
    }


def _turn_dict(turn: KeptTurn) -> dict[str, Any]:
    given = turn.feedback
    return {
        "asked": moment(turn.asked),
        "question": turn.question,
        "filters": filters_dict(turn.filters),
        "answer": turn.answer.to_dict() if turn.answer else None,
        "error": turn.error,
        "stopped": turn.stopped,
        "feedback": {"vote": given.vote, "reason": given.reason} if given else None,
    }


def _chat_from(data: Mapping[str, Any]) -> Chat:
    turns = tuple(_turn_from(turn, number) for number, turn in enumerate(data["turns"], start=1))
    made, changed = _moment(data["made"]), _moment(data["changed"])
    return Chat(ChatInfo("", _text(data["title"]), made, changed, len(turns), True), turns)


def _turn_from(data: Mapping[str, Any], number: int) -> KeptTurn:
    question, stopped, error = _text(data["question"]), data["stopped"], data["error"]
    if not question.strip() or len(question) > _QUESTION:
        raise ValueError(f"a question has no words, or more than {_QUESTION:,} characters")
    if not isinstance(stopped, bool):
        raise ValueError("stopped is not true or false")
    answer = Answer.from_dict(data["answer"]) if data["answer"] is not None else None
    return KeptTurn(
        id="",
        number=number,
        asked=_moment(data["asked"]),
        question=question,
        filters=filters_from(data["filters"]),
        answer=answer,
        error=None if error is None else _text(error),
        stopped=stopped,
        feedback=_feedback_from(data["feedback"]) if data["feedback"] is not None else None,
    )


def _feedback_from(data: Mapping[str, Any]) -> Feedback:
    vote = data["vote"]
    if vote not in (1, -1) or isinstance(vote, bool):
        raise ValueError("a vote is neither 1 nor -1")
    return Feedback(1 if vote == 1 else -1, _text(data["reason"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is not in quotation marks")
    return value


def _moment(value: object) -> datetime:
    when = datetime.fromisoformat(_text(value))
    if when.tzinfo is None:
        raise ValueError("a moment has no time zone")
    return when.astimezone(UTC)

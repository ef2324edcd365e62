"""Kept chats: stored, searched, exported; what was thought of their answers as evaluation cases."""

from __future__ import annotations

from assistant.chats.cases import FeedbackCases, feedback_cases, to_lines
from assistant.chats.kept import (
    ANYONE,
    Chat,
    ChatInfo,
    Feedback,
    KeptTurn,
    NewTurn,
    Vote,
    with_articles,
)
from assistant.chats.markdown import to_markdown
from assistant.chats.portable import from_json, json_pieces, to_json
from assistant.chats.printed import to_page
from assistant.chats.store import PAGE, Chats
from assistant.chats.words import safe_url

__all__ = [
    "ANYONE",
    "PAGE",
    "Chat",
    "ChatInfo",
    "Chats",
    "Feedback",
    "FeedbackCases",
    "KeptTurn",
    "NewTurn",
    "Vote",
    "feedback_cases",
    "from_json",
    "json_pieces",
    "safe_url",
    "to_json",
    "to_lines",
    "to_markdown",
    "to_page",
    "with_articles",
]

"""The kept chats beside the page: listed, searched, renamed, deleted. Gradio's events, answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import gradio as gr

from assistant.chats import PAGE, Chats
from assistant.errors import ChatError, UsageError
from assistant.web import render
from assistant.web.visitor import visitor_of

MOST = 2_000
"""Chats that a list shows at most; more are found by searching."""


class Shelf:
    """The event handlers over the chats; each gives the list, and a line where something failed."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats

    def list(self, chat: str | None, event: gr.EventData, request: gr.Request) -> tuple[Any, str]:
        """The visitor's chats, or those with the words that were typed."""
        return self._listed(visitor_of(request).owner, chat, event)

    def rename(self, chat: str | None, event: gr.EventData, request: gr.Request) -> tuple[Any, str]:
        """Give one of them another title."""
        owner = visitor_of(request).owner
        try:
            self._chats.rename(owner, str(event.chat), str(event.title))
        except (ChatError, UsageError) as error:
            return gr.skip(), render.render_said(str(error))
        return self._listed(owner, chat, event)

    def remove(self, chat: str | None, event: gr.EventData, request: gr.Request) -> tuple[Any, str]:
        """Delete one of them for good; what stands in the page is kept anew if it grows."""
        owner = visitor_of(request).owner
        try:
            self._chats.delete(owner, str(event.chat))
        except ChatError as error:
            return gr.skip(), render.render_said(str(error))
        return self._listed(owner, chat, event)

    def _listed(self, owner: str, chat: str | None, event: gr.EventData) -> tuple[Any, str]:
        words = event.words if isinstance(event.words, str) else ""
        wanted = event.shown if isinstance(event.shown, int) else 0
        limit = min(max(wanted, PAGE), MOST)
        try:
            found = self._chats.chats(owner, words, limit=limit)
            total = self._chats.count(owner, words)
        except ChatError as error:
            return gr.skip(), render.render_said(str(error))
        now = datetime.now(_zone(event.zone))
        return render.render_kept(found, total=total, words=words, opened=chat, now=now), ""


def _zone(minutes: object) -> timezone:
    """The reader's time zone, by the minutes that it is east of UTC, which the browser says."""
    if isinstance(minutes, int) and abs(minutes) < 24 * 60:
        return timezone(timedelta(minutes=minutes))
    return UTC

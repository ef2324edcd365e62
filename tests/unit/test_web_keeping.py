"""Keeping the page's conversations, over a real store and without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from made_chats import ARTICLES, made_answer

from assistant.chats import ANYONE, Chats, to_markdown
from assistant.errors import ArticleNotFoundError, ChatError, ChatNotFoundError
from assistant.types import Article
from assistant.web import talk
from assistant.web.keeping import GONE, Keeping, Talked


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with Chats.open(tmp_path) as opened:
        yield opened

"""Dateline: answers from a library of news articles, with the exact words that carry them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.errors import DatelineError
from assistant.types import Answer, Article

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

__all__ = ["Answer", "Article", "Assistant", "DatelineError"]
__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """Import the pipeline only when it is asked for: its parts take seconds to import."""
    if name == "Assistant":
        from assistant.pipeline import Assistant

        return Assistant
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")

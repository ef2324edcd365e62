"""The page Library: its articles: what is in it, what comes in, what goes."""

from __future__ import annotations

from assistant.web.library.page import lay_out

__all__ = ["lay_out"]

"""The page Questions: drafted questions, to accept, mend or drop."""

from __future__ import annotations

from assistant.web.questions.page import lay_out

__all__ = ["lay_out"]

"""The page Evaluation: past runs of `assistant evaluate`, and how their figures moved."""

from __future__ import annotations

from assistant.web.evaluation.page import lay_out

__all__ = ["lay_out"]

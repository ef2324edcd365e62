"""The composition root: settings, library, models and rooms become one `Assistant`."""

from __future__ import annotations

from assistant.pipeline.assistant import Assistant

__all__ = ["Assistant"]

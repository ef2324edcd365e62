"""The components of the page Library, and which of them calls what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.web.parts import masthead

if TYPE_CHECKING:
    from assistant.pipeline import Assistant


def lay_out(assistant: Assistant, *, sample: bool) -> None:
    """Put the page's components into the open `gr.Blocks` page."""
    masthead("library", sample=sample)

"""The browser chat: the only room that imports gradio.

`build` makes the page, `serve` puts it on an address and waits. Gradio takes seconds to import,
so both import it when they are called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gradio as gr

    from assistant.access import Door
    from assistant.pipeline import Assistant

__all__ = ["build", "serve"]


def build(assistant: Assistant, *, sample: bool = False, examples: Sequence[str] = ()) -> gr.Blocks:
    """The chat as gradio Blocks; see `assistant.web.app.build`."""
    from assistant.web.app import build as build_blocks

    return build_blocks(assistant, sample=sample, examples=examples)


def serve(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    sample: bool = False,
    examples: Sequence[str] = (),
    door: Door | None = None,
) -> None:
    """Serve the chat until it is interrupted; see `assistant.web.server.serve`."""
    from assistant.web.server import serve as serve_blocks

    serve_blocks(assistant, host=host, port=port, sample=sample, examples=examples, door=door)

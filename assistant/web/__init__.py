"""The browser chat: the only room that imports gradio.

`serve` puts it on an address and waits. Gradio takes seconds to import, so that is done when it
is called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.access import Door
    from assistant.chats import Chats
    from assistant.pipeline import Assistant

__all__ = ["serve"]


def serve(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    chats: Chats | None = None,
    sample: bool = False,
    examples: Sequence[str] = (),
    door: Door | None = None,
) -> None:
    """Serve the chat until it is interrupted; see `assistant.web.server.serve`."""
    from assistant.web.server import serve as serve_blocks

    serve_blocks(
        assistant,
        host=host,
        port=port,
        chats=chats,
        sample=sample,
        examples=examples,
        door=door,
    )

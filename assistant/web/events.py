"""Every event of the pages on its way through gradio: its id in the log, and what a defect leaves.

Gradio works on events in tasks of its own, away from the request that brought them, and prints
what one raises to standard error by itself, in the error's words: a reader's, or an article's.
"""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr

from assistant.access import caller_of
from assistant.observing import about_request, naming_request, note_of_request

log = logging.getLogger(__name__)

FAILED = "something inside Dateline failed; try again, and see the server's log if it stays so"


class Pages(gr.Blocks):
    """Gradio's blocks, whose events are logged as requests are, by an id each."""

    async def process_api(self, block_fn: Any, *args: Any, **options: Any) -> dict[str, Any]:  # noqa: ANN401  # gradio's signature
        """One step of an event, as gradio has it; gradio prints nothing of what it raises.

        Raises:
            gr.Error: the handler, or what gradio does before and after it, has a defect; with a
                line for the reader. What is known of it is in the log.
        """
        # Of gradio's name for the event a part: with the whole one it could be ended by others.
        event_id = options.get("event_id") or ""
        with about_request(event_id[:16]):
            try:
                note_of_request(who=caller_of(options.get("request")).name)
                return await super().process_api(block_fn, *args, **options)
            except Exception as error:  # the outermost place: gradio would print what it says
                log.exception("an event of a page failed", extra={"handler": block_fn.name})
                raise gr.Error(naming_request(FAILED), print_exception=False) from error

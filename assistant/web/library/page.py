"""The components of the page Library, and which of them calls what (`handlers.py`).

As on the chat's page they are `gr.HTML` with markup from this room's templates: titles, file names
and texts are data. What a reader does comes back as gradio's own custom events.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import gradio as gr

from assistant.web.library import render
from assistant.web.library.handlers import Desk
from assistant.web.parts import QUIET, html, masthead

if TYPE_CHECKING:
    from assistant.pipeline import Assistant


class Parts(NamedTuple):
    """The components that events come from and go to."""

    add: gr.HTML
    runs: gr.HTML
    find: gr.HTML
    rows: gr.HTML
    over: gr.HTML
    pane: gr.HTML
    doubt: gr.HTML


def lay_out(assistant: Assistant, *, sample: bool) -> None:
    """Put the page's components into the open `gr.Blocks` page."""
    masthead("library", sample=sample)
    desk = Desk(assistant)
    with gr.Row(elem_id="dl-library", equal_height=False):
        with gr.Column(elem_id="dl-stacks", min_width=0):
            add = html(
                render.render_add(may=False, empty=False, limit=0), "dl-add", "library/add.js"
            )
            runs = html("", "dl-runs", "library/runs.js")
            find = html("", "dl-find", "library/find.js")
            doubt = html("", "dl-doubt", "library/doubt.js")
            rows = html("", "dl-rows", "library/list.js")
        with gr.Column(elem_id="dl-beside", min_width=0):
            over = html("", "dl-over")
            pane = html("", "dl-open", "library/article.js")
    _connect(desk, Parts(add, runs, find, rows, over, pane, doubt))


def _connect(desk: Desk, parts: Parts) -> None:
    add, runs, find, rows, over, pane, doubt = parts
    gr.on(None, desk.arrive, None, [add, runs, rows, over, pane], **QUIET)
    gr.on(None, desk.seek, None, find, **QUIET)
    rows.look(desk.look, None, [rows, over, find], concurrency_limit=None, **QUIET)
    rows.open(desk.open, None, pane, concurrency_limit=None, trigger_mode="multiple", **QUIET)
    doubt.doubt(desk.doubt, None, doubt, concurrency_limit=None, **QUIET)
    doubt.remove(desk.remove, None, doubt, concurrency_limit=None, **QUIET)
    add.bring(desk.add, None, runs, concurrency_limit=None, trigger_mode="multiple", **QUIET)
    runs.follow(desk.follow, None, runs, concurrency_limit=None, **QUIET)
    for event, handler in (
        (runs.stop, desk.stop),
        (runs.again, desk.again),
        (runs.dismiss, desk.dismiss),
    ):
        event(handler, None, runs, concurrency_limit=None, trigger_mode="multiple", **QUIET)

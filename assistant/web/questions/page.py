"""The components of the page Questions, and which of them calls what."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import gradio as gr

from assistant.web.parts import QUIET, html, masthead
from assistant.web.questions.handlers import Questions

if TYPE_CHECKING:
    from assistant.pipeline import Assistant


def lay_out(assistant: Assistant, *, sample: bool) -> None:
    """Put the page's components into the open `gr.Blocks` page."""
    style = files("assistant.web").joinpath("questions", "style.css").read_text("utf-8")
    masthead("questions", sample=sample)
    html(f"<style>{style}</style>", "qu-style")
    with gr.Column(elem_id="qu-page", min_width=0):
        main = html("", "qu-main", "questions/page.js")
    page = Questions(assistant)
    free = {**QUIET, "concurrency_limit": None}
    gr.on(None, page.arrive, None, main, **free)
    main.look(page.look, None, main, **free)
    main.decide(page.decide, None, main, **free)
    main.propose(page.propose, None, main, concurrency_limit=1, **QUIET)

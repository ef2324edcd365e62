"""The components of the page Evaluation, and which of them calls what."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import gradio as gr

from assistant.web import render
from assistant.web.evaluation.handlers import Evaluation
from assistant.web.parts import QUIET, html, masthead

if TYPE_CHECKING:
    from assistant.api.questions import Questions
    from assistant.pipeline import Assistant


def lay_out(assistant: Assistant, questions: Questions, *, sample: bool) -> None:
    """Put the page's components into the open `gr.Blocks` page."""
    style = files("assistant.web").joinpath("evaluation", "style.css").read_text("utf-8")
    masthead("evaluation", sample=sample)
    html(f"<style>{style}</style>", "ev-style")
    with gr.Row(elem_id="dl-desk", equal_height=False):
        with gr.Column(elem_id="dl-chat", min_width=0):
            main = html(
                render.draw("evaluation/waiting.html"),
                "dl-transcript",
                "tip.js",
                "evaluation/page.js",
            )
            start = html("", "ev-started", "evaluation/start.js")
        with gr.Column(elem_id="dl-source", min_width=0):
            pane = html(render.render_source_placeholder(), "dl-pane", "source.js")
    _connect(Evaluation(assistant, questions, sample=sample), main, start, pane)


def _connect(page: Evaluation, main: gr.HTML, start: gr.HTML, pane: gr.HTML) -> None:
    # None of these waits behind answers: they have no limit of their own.
    free = {**QUIET, "concurrency_limit": None}
    gr.on(None, page.arrive, None, [main, start], **free)  # when the page is opened
    main.go(page.go, None, [main, pane], **free)
    main.open(page.open, None, pane, **free)
    main.delete(page.delete, None, main, **free)
    main.start(page.start, None, start, **free)
    start.start(page.start, None, start, **free)
    start.stop(page.stop, None, start, **free)
    start.poll(page.poll, None, [main, start], **free)

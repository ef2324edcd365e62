"""What every page is put together from: the head, and HTML that carries its scripts."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import gradio as gr

from assistant.web import render
from assistant.web.visitor import visitor_of

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""For events: no overlay of gradio's while they run, and no public endpoint."""


def html(value: str, elem_id: str, *scripts: str) -> gr.HTML:
    """Markup of this room's templates, and the scripts (files beside this one) that go with it."""
    room = files("assistant.web")
    code = "\n".join(f"{{\n{room.joinpath(name).read_text('utf-8')}}}" for name in scripts)
    return gr.HTML(value, elem_id=elem_id, js_on_load=code or None, apply_default_css=False)


def masthead(page: str, *, sample: bool, kept: bool = False) -> gr.HTML:
    """The head of a page: "chat", "library" or "evaluation". `kept`: it opens the kept chats.

    Who is logged in is known when the page is opened.
    """
    head = html(render.render_masthead(page, sample=sample, kept=kept), "dl-head", "masthead.js")

    def named(request: gr.Request) -> Any:  # noqa: ANN401  # a value, or gradio's word for none
        visitor = visitor_of(request)
        if not visitor.name:
            return gr.skip()
        return render.render_masthead(
            page, sample=sample, kept=kept, name=visitor.name, leaves=visitor.leaves
        )

    gr.on(None, named, None, head, **QUIET)
    return head

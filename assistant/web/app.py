"""The page: gradio components, and which of them calls what (`handlers.py`).

The transcript and the source pane are `gr.HTML` with markup from `render.py`, not `gr.Chatbot`:
a chatbot reads its content as Markdown and HTML, and article text must be neither. `gr.HTML` puts
the value into the page as it is (its default template inserts it as data, so `{{...}}` or
`${...}` in an article stays text), and changes only the nodes that differ, so an answer that
streams in does not make the page jump. Clicks come back as gradio's own custom events.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from assistant.web import evaluation, library, render, talk
from assistant.web.handlers import ANY, ASK, Chat, choices
from assistant.web.parts import QUIET, html, masthead

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

ANSWERS_AT_ONCE = 4
"""Questions worked on at the same time; more wait in the queue."""

QUEUE_SIZE = 64
"""Events that may wait; a reader who comes later is told that the chat is busy."""


class Parts(NamedTuple):
    """The components that events come from and go to. `fields` are those of `talk.Narrowing`."""

    head: gr.HTML
    transcript: gr.HTML
    suggestions: gr.HTML
    question: gr.Textbox
    fields: list[Any]
    pane: gr.HTML


def build(assistant: Assistant, *, sample: bool = False, examples: Sequence[str] = ()) -> gr.Blocks:
    """The chat over an opened `Assistant`, which it uses from several threads and never closes.

    `sample` shows the banner that the reports are invented; `examples` are questions to click,
    in the place of those that are drawn from the library.
    """
    chat = Chat(assistant)
    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True)
    with page:
        parts = _lay_out(chat, sample=sample, examples=examples)
        turns = gr.State((), time_to_live=12 * 3600)
        _connect(chat, parts, turns)
        page.load(chat.arrive, None, [parts.transcript, parts.question, *parts.fields], **QUIET)
        page.load(chat.facets, None, parts.fields[3:], **QUIET)
        if not examples:
            page.load(chat.suggest, None, parts.suggestions, **QUIET)
    with page.route("Library", "library"):
        library.lay_out(assistant, sample=sample)
    with page.route("Evaluation", "evaluation"):
        evaluation.lay_out(assistant, sample=sample)
    page.queue(default_concurrency_limit=ANSWERS_AT_ONCE, max_size=QUEUE_SIZE, api_open=False)
    return page


def _lay_out(chat: Chat, *, sample: bool, examples: Sequence[str]) -> Parts:
    head = masthead("chat", sample=sample)
    with gr.Row(elem_id="dl-desk", equal_height=False):
        with gr.Column(elem_id="dl-chat", min_width=0):
            transcript = html(chat.transcript(()), "dl-transcript", "tip.js", "transcript.js")
            suggestions = html(render.render_suggestions(examples), "dl-suggest", "suggest.js")
            with gr.Column(elem_id="dl-composer", min_width=0):
                html(render.render_queue(), "dl-queue")
                question, fields = _composer()
        with gr.Column(elem_id="dl-source", min_width=0):
            pane = html(render.render_source_placeholder(), "dl-pane", "source.js")
    return Parts(head, transcript, suggestions, question, fields, pane)


def _connect(chat: Chat, parts: Parts, turns: gr.State) -> None:
    """Which event calls which handler, and where what it gives is shown."""
    head, transcript, suggestions, question, fields, pane = parts
    editing = gr.State(None)
    asking = [question.submit, transcript.submit, suggestions.submit]
    gr.on(asking, None, js="() => window.dateline.waiting(true)", **QUIET)
    # One listener for all, so that a session never has two answers under way.
    asked = gr.on(
        asking,
        chat.ask,
        [turns, editing, question, *fields],
        [turns, editing, transcript, question],
        concurrency_limit=ANSWERS_AT_ONCE,
        **QUIET,
    )
    asked.then(None, js="() => window.dateline.waiting(false)", **QUIET)
    question.stop(chat.stop, turns, [turns, transcript, question], cancels=[asked], **QUIET)
    # Opening a source must not wait behind answers: it has no limit of its own.
    transcript.open(chat.open, turns, pane, concurrency_limit=None, **QUIET)
    transcript.edit(chat.edit, turns, [editing, transcript, question, *fields], **QUIET)
    transcript.keep(chat.keep, turns, [editing, transcript, question], **QUIET)
    head.fresh(
        chat.fresh, None, [turns, editing, transcript, question, pane], cancels=[asked], **QUIET
    )
    gr.on(
        [field.change for field in fields],
        None,
        fields,
        js="(...values) => window.dateline.narrowed(values)",
        **QUIET,
    )


def _composer() -> tuple[gr.Textbox, list[Any]]:
    """The ask box and the filter fields, in the order of `talk.Narrowing`."""
    question = gr.Textbox(
        placeholder="Ask the library a question",
        label="Question",
        show_label=False,
        container=False,
        lines=1,
        max_lines=5,
        max_length=talk.MAX_QUESTION,
        submit_btn=ASK,
        autofocus=True,
        elem_id="dl-question",
    )
    html(render.render_switch(), "dl-switch", "switch.js")
    with gr.Row(elem_id="dl-filters"):
        # The page's script turns the two into date pickers; without it they are typed.
        since, until = (
            gr.Textbox(
                label=label,
                placeholder="YYYY-MM-DD",
                max_lines=1,
                min_width=0,
                elem_id=f"dl-{name}",
                html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=False),
            )
            for label, name in (("From", "since"), ("Until", "until"))
        )
        # Regions and tags are shown once it is known that the library has some.
        named = (("Outlet", True), ("Region", False), ("Tag", False))
        outlet, region, tag = (
            gr.Dropdown(
                choices(f"Any {label.lower()}", ()),
                value=ANY,
                label=label,
                min_width=0,
                allow_custom_value=True,
                visible=visible,
                elem_id=f"dl-{label.lower()}",
            )
            for label, visible in named
        )
    return question, [since, until, outlet, region, tag]

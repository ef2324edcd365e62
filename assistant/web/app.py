"""The page: gradio components, and which of them calls what (`handlers.py`).

The transcript and the source pane are `gr.HTML` with markup from `render.py`, not `gr.Chatbot`:
a chatbot reads its content as Markdown and HTML, and article text must be neither. `gr.HTML` puts
the value into the page as it is (its default template inserts it as data, so `{{...}}` or
`${...}` in an article stays text), and changes only the nodes that differ, so an answer that
streams in does not make the page jump. Clicks come back as gradio's own custom events.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import gradio as gr

from assistant.api.questions import Questions
from assistant.chats import Chats
from assistant.web import evaluation, library, render, talk
from assistant.web import questions as drafting
from assistant.web.events import Pages
from assistant.web.handlers import ANY, ASK, IDLE, Chat, choices
from assistant.web.keeping import Keeping
from assistant.web.parts import QUIET, html, masthead
from assistant.web.shelf import Shelf

if TYPE_CHECKING:
    from assistant.pipeline import Assistant


SESSION_SECONDS = 12 * 3600
"""How long a window that does nothing keeps its conversation; a kept chat can be opened anew."""


EVENTS = 1_000
"""Events that gradio works on at once; those that ask wait in there for their turn at the gate."""


class Parts(NamedTuple):
    """The components that events come from and go to. `fields` are those of `talk.Narrowing`."""

    head: gr.HTML
    transcript: gr.HTML
    suggestions: gr.HTML
    question: gr.Textbox
    fields: list[Any]
    pane: gr.HTML
    kept: gr.HTML
    said: gr.HTML


def build(
    assistant: Assistant,
    questions: Questions,
    chats: Chats | None = None,
    *,
    sample: bool = False,
    examples: Sequence[str] = (),
) -> gr.Blocks:
    """The pages over an opened `Assistant`, used from several threads and never closed here.

    `questions` is the way that what is asked goes; `chats` keeps it, and None nothing. `sample`
    shows the banner that the reports are invented; `examples` are questions to click, in the
    place of those that are drawn from the library.
    """
    chat = Chat(assistant, questions, Keeping(chats))
    page = Pages(title="Dateline", analytics_enabled=False, fill_width=True)
    with page:
        parts = _lay_out(chat, sample=sample, examples=examples, kept=chats is not None)
        session = [
            gr.State(value, time_to_live=SESSION_SECONDS)
            for value in ((), None, None)  # turns, the kept chat's id, the turn that is edited
        ]
        _connect(chat, parts, session)
        if chats is not None:
            _connect_shelf(Shelf(chats), parts, session[1])
        arrived = [*session, parts.transcript, parts.question, *parts.fields, parts.said]
        page.load(chat.arrive, None, arrived, **QUIET)
        page.load(chat.facets, None, parts.fields[3:], **QUIET)
        if not examples:
            page.load(chat.suggest, None, parts.suggestions, **QUIET)
    with page.route("Library", "library"):
        library.lay_out(assistant, sample=sample)
    with page.route("Evaluation", "evaluation"):
        evaluation.lay_out(assistant, questions, sample=sample)
    with page.route("Questions", "questions"):
        drafting.lay_out(assistant, sample=sample)
    # Questions wait at the door's gate, where users take turns; here nothing waits, so that those
    # that do are in nobody's way who only opens a citation.
    page.max_threads = EVENTS
    page.queue(default_concurrency_limit=None, max_size=None, api_open=False)
    return page


def _lay_out(chat: Chat, *, sample: bool, examples: Sequence[str], kept: bool) -> Parts:
    head = masthead("chat", sample=sample, kept=kept)
    with gr.Column(elem_id="dl-shelf", min_width=0, visible=kept):
        html(render.render_shelf(), "dl-shelf-frame", "shelf.js")
        said = html("", "dl-shelf-said")
        shelf = html("", "dl-kept", "kept.js")
    with gr.Row(elem_id="dl-desk", equal_height=False):
        with gr.Column(elem_id="dl-chat", min_width=0):
            transcript = html(chat.welcome, "dl-transcript", "tip.js", "transcript.js")
            suggestions = html(render.render_suggestions(examples), "dl-suggest", "suggest.js")
            with gr.Column(elem_id="dl-composer", min_width=0):
                html(render.render_queue(), "dl-queue")
                question, fields = _composer()
        with gr.Column(elem_id="dl-source", min_width=0):
            pane = html(render.render_source_placeholder(), "dl-pane", "source.js")
    return Parts(head, transcript, suggestions, question, fields, pane, shelf, said)


def _connect(chat: Chat, parts: Parts, session: list[gr.State]) -> None:
    """Which event of the chat calls which handler, and where what it gives is shown."""
    turns, opened, editing = session
    head, transcript, suggestions, question, fields, pane, *_ = parts
    asking = [question.submit, transcript.submit, suggestions.submit]
    gr.on(asking, None, js="() => window.dateline.waiting(true)", **QUIET)
    # One listener for all, so that a session never has two answers under way.
    shown = [*session, transcript, question]
    asked = gr.on(asking, chat.ask, [*session, question, *fields], shown, **QUIET)
    # The box is ready only now: what is asked before gradio knows of the end, it leaves unheard.
    ready = json.dumps({"__type__": "update", **IDLE})
    ended = f"() => {{ window.dateline.waiting(false); return {ready}; }}"
    asked.then(None, None, question, js=ended, **QUIET)
    question.stop(chat.stop, [turns, opened], shown, **QUIET)
    transcript.open(chat.open, turns, pane, **QUIET)
    transcript.edit(chat.edit, [turns, opened], [editing, transcript, question, *fields], **QUIET)
    transcript.keep(chat.keep, [turns, opened], [editing, transcript, question], **QUIET)
    transcript.rate(chat.rate, [turns, opened], [*session, transcript], **QUIET)
    head.fresh(chat.fresh, None, [*shown, pane], cancels=[asked], **QUIET)
    parts.kept.pick(chat.pick, None, [*shown, pane, parts.said], cancels=[asked], **QUIET)
    gr.on(
        [field.change for field in fields],
        None,
        fields,
        js="(...values) => window.dateline.narrowed(values)",
        **QUIET,
    )


def _connect_shelf(shelf: Shelf, parts: Parts, opened: gr.State) -> None:
    """The same for the kept chats."""
    listed = [parts.kept, parts.said]
    parts.kept.list(shelf.list, opened, listed, **QUIET)
    parts.kept.rename(shelf.rename, opened, listed, **QUIET)
    parts.kept.remove(shelf.remove, opened, listed, **QUIET)


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

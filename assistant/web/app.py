"""The page: gradio components, and what happens when a reader asks or opens something.

The transcript and the source pane are `gr.HTML` with markup from `render.py`, not `gr.Chatbot`:
a chatbot reads its content as Markdown and HTML, and article text must be neither. `gr.HTML` puts
the value into the page as it is (its default template inserts it as data, so `{{...}}` or
`${...}` in an article stays text), and changes only the nodes that differ, so an answer that
streams in does not make the page jump. Clicks come back as gradio's own custom events.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from importlib.resources import files
from itertools import count
from typing import TYPE_CHECKING, Any

import gradio as gr
from anyio import to_thread

from assistant.errors import DatelineError, LibraryError
from assistant.types import Citation, Evidence
from assistant.web import render, talk

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

log = logging.getLogger(__name__)

ANSWERS_AT_ONCE = 4
"""Questions worked on at the same time; more wait in the queue."""

QUEUE_SIZE = 64
"""Events that may wait; a reader who comes later is told that the chat is busy."""

ANY_OUTLET = ""
ASK = "Ask"
STOPPED = "stopped by you"
FAILED = "something inside Dateline failed; the server's log says what"
EXPIRED = "this citation belongs to an earlier chat; ask again to open its article"


def build(assistant: Assistant, *, sample: bool = False, examples: Sequence[str] = ()) -> gr.Blocks:
    """The chat over an opened `Assistant`, which it uses from several threads and never closes.

    `sample` shows the banner that the reports are invented; `examples` are questions to click.
    """
    chat = _Chat(assistant, tuple(examples))
    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True)
    with page:
        turns = gr.State((), time_to_live=12 * 3600)
        head = _html(render.render_masthead(sample=sample), "dl-head", "masthead.js")
        with gr.Row(elem_id="dl-desk", equal_height=False):
            with gr.Column(elem_id="dl-chat", min_width=0):
                transcript = _html(chat.transcript(()), "dl-transcript", "transcript.js")
                with gr.Column(elem_id="dl-composer", min_width=0):
                    question, fields = _composer()
            with gr.Column(elem_id="dl-source", min_width=0):
                pane = _html(render.render_source_placeholder(), "dl-pane", "source.js")

        shown = [turns, transcript, question]
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        # One listener for both, so that a session never has two answers under way.
        asked = gr.on(
            [question.submit, transcript.submit],
            chat.ask,
            [turns, question, *fields],
            shown,
            concurrency_limit=ANSWERS_AT_ONCE,
            **quiet,
        )
        question.stop(chat.stop, turns, shown, cancels=[asked], **quiet)
        # Opening a source must not wait behind answers: it has no limit of its own.
        transcript.open(chat.open, turns, pane, concurrency_limit=None, **quiet)
        head.fresh(chat.fresh, None, [*shown, pane], cancels=[asked], **quiet)
        page.load(chat.arrive, None, [transcript, fields[2]], **quiet)
    page.queue(default_concurrency_limit=ANSWERS_AT_ONCE, max_size=QUEUE_SIZE, api_open=False)
    return page


def _composer() -> tuple[gr.Textbox, list[Any]]:
    """The ask box and the filter fields (since, until, source)."""
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
        source = gr.Dropdown(
            [("Any outlet", ANY_OUTLET)],
            value=ANY_OUTLET,
            label="Outlet",
            min_width=0,
            elem_id="dl-outlet",
        )
    return question, [since, until, source]


def _html(value: str, elem_id: str, script: str | None = None) -> gr.HTML:
    code = files("assistant.web").joinpath(script).read_text("utf-8") if script else None
    return gr.HTML(value, elem_id=elem_id, js_on_load=code, apply_default_css=False)


class _Chat:
    """The event handlers. Holds nothing of a session: that is the `turns` passed in and out."""

    def __init__(self, assistant: Assistant, examples: tuple[str, ...]) -> None:
        self._assistant = assistant
        self._examples = examples
        self._openings = count(1)

    def transcript(self, turns: talk.Turns) -> str:
        """The conversation as HTML."""
        if turns:
            return render.render_transcript(turns)
        return render.render_transcript((), examples=self._examples, library=self._library())

    def _library(self) -> str:
        """One line on what the library holds; "" where that cannot be said."""
        try:
            held, outlets = self._assistant.manifest(), len(self._assistant.sources())
        except DatelineError:
            return ""  # asking will say what is wrong; the page itself must open
        return render.library_line(held.articles, outlets, held.passages, held.pending)

    async def ask(
        self,
        turns: talk.Turns,
        typed: str,
        since: str,
        until: str,
        source: str,
        event: gr.EventData,
    ) -> AsyncIterator[tuple[talk.Turns, str, Any]]:
        """Stream an answer: the session, its transcript, and the ask box, after each step.

        Asynchronous, with the work in a thread, so that stopping does not wait for a slow model.
        """
        question = self._example(event) if isinstance(event.target, gr.HTML) else typed
        steps = talk.converse(self._assistant, turns, question, since, until, source)
        box: Any = gr.Textbox(value="", submit_btn=False, stop_btn="Stop")
        try:
            while step := await to_thread.run_sync(next, steps, None, abandon_on_cancel=True):
                turns = step
                yield turns, self.transcript(turns), box
                box = gr.skip()
        except Exception:  # the outermost place: the reader gets a line, the log the traceback
            log.exception("a question could not be answered")
        yield self._ended(turns, FAILED)

    def stop(self, turns: talk.Turns) -> tuple[talk.Turns, str, Any]:
        """What came before the reader stopped the answer stays."""
        return self._ended(turns, STOPPED)

    def _ended(self, turns: talk.Turns, message: str) -> tuple[talk.Turns, str, Any]:
        turns = talk.end_pending(turns, message)
        return turns, self.transcript(turns), gr.Textbox(submit_btn=ASK, stop_btn=False)

    def _example(self, event: gr.EventData) -> str:
        number = event.number
        return self._examples[number] if number in range(len(self._examples)) else ""

    def open(self, turns: talk.Turns, event: gr.EventData) -> str:
        """The source pane for what was clicked: a citation, or a nearest passage."""
        opened = next(self._openings)
        found = talk.find_opened(turns, event.turn, event.kind, event.number)
        if found is None:
            return render.render_source_error(EXPIRED, opened=opened)
        try:
            return self._source(found, opened)
        except LibraryError as error:
            return render.render_source_error(str(error), opened=opened)

    def _source(self, found: Citation | Evidence, opened: int) -> str:
        if isinstance(found, Citation):
            article = self._assistant.article(found.article_id, found.revision)
            label = f"Citation {found.marker}"
            return render.render_source(article, found.start, found.end, label=label, opened=opened)
        passage = found.passage
        article = self._assistant.article(passage.article_id, passage.revision)
        return render.render_source(
            article,
            passage.start,
            passage.end,
            label="Nearest passage",
            not_an_answer=True,
            opened=opened,
        )

    def fresh(self) -> tuple[talk.Turns, str, Any, str]:
        """A new chat, with an empty source pane."""
        box = gr.Textbox(value="", submit_btn=ASK, stop_btn=False)
        return (), self.transcript(()), box, render.render_source_placeholder()

    def arrive(self) -> tuple[str, Any]:
        """What a page shows when it is opened: the outlets as they are now."""
        try:
            sources = self._assistant.sources()
        except DatelineError:
            sources = []
        choices = [("Any outlet", ANY_OUTLET), *((name, name) for name in sources)]
        return self.transcript(()), gr.Dropdown(choices=choices, value=ANY_OUTLET)

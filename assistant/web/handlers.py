"""What happens when a reader asks, opens, edits or arrives: gradio's events, answered.

`Chat` holds nothing of a session: that is the `turns` passed in and out. What comes with an event
comes from the browser, and is trusted for nothing but finding what the session already holds.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

import gradio as gr
from anyio import to_thread

from assistant.errors import DatelineError, LibraryError
from assistant.types import Citation, Evidence
from assistant.web import labels, render, talk
from assistant.web.offers import Offers
from assistant.web.view import view_of

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

log = logging.getLogger(__name__)

ANY = ""
"""The value of a filter that narrows nothing."""

ASK = "Ask"
STOPPED = "stopped by you; “Ask again” starts it anew"
FAILED = "something inside Dateline failed; ask again, and see the server's log if it stays so"
EXPIRED = "this citation belongs to an earlier chat; ask again to open its article"


class Chat:
    """The event handlers over one assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._offers = Offers(assistant)
        self._openings = count(1)

    def transcript(self, turns: talk.Turns, editing: int | None = None) -> str:
        """The conversation as HTML."""
        if turns:
            return render.render_transcript(turns, editing=editing)
        return render.render_transcript((), library=self._library())

    def _library(self) -> str:
        """One line on what the library holds; "" where that cannot be said."""
        try:
            held, outlets = self._assistant.manifest(), len(self._assistant.sources())
        except DatelineError:
            return ""  # asking will say what is wrong; the page itself must open
        return labels.library_line(held.articles, outlets, held.passages, held.pending)

    async def ask(
        self,
        turns: talk.Turns,
        editing: int | None,
        typed: str,
        since: str,
        until: str,
        source: str,
        region: str,
        tag: str,
        event: gr.EventData,
    ) -> AsyncIterator[tuple[talk.Turns, int | None, str, Any]]:
        """Stream an answer: the session, what is edited, its transcript, and the ask box.

        Asynchronous, with the work in a thread, so that stopping does not wait for a slow model.
        """
        fields = talk.Narrowing(since, until, source, region, tag)
        earlier, question, narrowing = _asked(turns, editing, typed, fields, event)
        steps = talk.converse(self._assistant, earlier, question, narrowing)
        box: Any = gr.Textbox(value="", submit_btn=False, stop_btn="Stop")
        try:
            while step := await to_thread.run_sync(next, steps, None, abandon_on_cancel=True):
                turns, editing = step, None
                yield turns, editing, self.transcript(turns), box
                box = gr.skip()
        except Exception:  # the outermost place: the reader gets a line, the log the traceback
            log.exception("a question could not be answered")
        turns, shown, box = self._ended(turns, FAILED, editing)
        yield turns, editing, shown, box

    def stop(self, turns: talk.Turns) -> tuple[talk.Turns, str, Any]:
        """What came before the reader stopped the answer stays."""
        return self._ended(turns, STOPPED)

    def _ended(
        self, turns: talk.Turns, message: str, editing: int | None = None
    ) -> tuple[talk.Turns, str, Any]:
        turns = talk.end_pending(turns, message)
        box = gr.Textbox(submit_btn=ASK, stop_btn=False)
        return turns, self.transcript(turns, editing), box

    def edit(self, turns: talk.Turns, event: gr.EventData) -> tuple[Any, ...]:
        """An earlier question in the ask box, with its filters; asking will replace it."""
        turn = talk.find_turn(turns, event.turn)
        if turn is None or turns[-1].pending:
            return tuple(gr.skip() for _ in range(3 + len(talk.Narrowing._fields)))
        shown = self.transcript(turns, turn.number)
        return turn.number, shown, turn.question, *talk.Narrowing.of(turn.filters)

    def keep(self, turns: talk.Turns) -> tuple[None, str, str]:
        """The chat as it was before an edit was begun."""
        return None, self.transcript(turns), ""

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

    def fresh(self) -> tuple[talk.Turns, None, str, Any, str]:
        """A new chat, with an empty source pane."""
        box = gr.Textbox(value="", submit_btn=ASK, stop_btn=False)
        return (), None, self.transcript(()), box, render.render_source_placeholder()

    def arrive(self, request: gr.Request) -> tuple[Any, ...]:
        """What a page shows when it is opened: the outlets as they are now, its address's view."""
        view = view_of(dict(request.query_params))
        try:
            sources = self._assistant.sources()
        except DatelineError:
            sources = []
        typed = view.typed
        since, until = ((day or gr.skip()) for day in (typed.since, typed.until))
        outlet = gr.Dropdown(choices=choices("Any outlet", sources), value=typed.source or ANY)
        region, tag = (
            gr.Dropdown(value=name, visible=True) if name else gr.skip()
            for name in (typed.region, typed.tag)
        )
        question = view.question or gr.skip()
        return self.transcript(()), question, since, until, outlet, region, tag

    def facets(self) -> tuple[Any, Any]:
        """The regions and tags that there are to narrow by; a field that has none is not shown."""
        try:
            facets = self._offers.facets()
        except DatelineError:
            return gr.skip(), gr.skip()
        named = (("Any region", facets.regions), ("Any tag", facets.tags))
        region, tag = (
            gr.Dropdown(choices=choices(label, names), visible=True) if names else gr.skip()
            for label, names in named
        )
        return region, tag

    def suggest(self) -> str:
        """Questions that the library answers; nothing where they cannot be had."""
        try:
            return render.render_suggestions(self._offers.questions())
        except DatelineError:
            return ""


def choices(label: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """The choices of a filter: the one that narrows nothing, then the names."""
    return [(label, ANY), *((name, name) for name in names)]


def _asked(
    turns: talk.Turns,
    editing: int | None,
    typed: str,
    fields: talk.Narrowing,
    event: gr.EventData,
) -> tuple[talk.Turns, str, talk.Narrowing]:
    """The session that is asked in, what is asked, and how it is narrowed."""
    if not isinstance(event.target, gr.HTML):
        return talk.cut_at(turns, editing), typed, fields
    if isinstance(event.question, str):
        return turns, event.question[: talk.MAX_QUESTION], fields
    again = talk.find_turn(turns, event.retry)
    if again is None or again.pending:
        return turns, "", fields
    earlier = talk.cut_at(turns, again.number)
    return earlier, again.question, talk.Narrowing.of(again.filters)

"""What happens when a reader asks, opens, edits or arrives: gradio's events, answered.

`Chat` holds nothing of a session: that is the `turns` passed in and out. What comes with an event
comes from the browser, and is trusted for nothing but finding what the session already holds.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from itertools import count
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.api.questions import Questions
from assistant.chats import Vote
from assistant.errors import ChatError, DatelineError, LibraryError
from assistant.types import Citation, Evidence
from assistant.web import labels, render, talk
from assistant.web.asking import Asking
from assistant.web.keeping import Keeping, Talked
from assistant.web.offers import Offers
from assistant.web.view import view_of
from assistant.web.visitor import Visitor, visitor_of

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

ANY = ""
"""The value of a filter that narrows nothing."""

ASK = "Ask"
MAX_REASON = 500
"""Characters of a reason that are kept with thumbs up or down."""

IDLE: dict[str, Any] = {"submit_btn": ASK, "stop_btn": False}
"""The ask box when no answer is under way: after one, `app` says so once gradio takes another."""

_VOTES: dict[int, Vote] = {1: 1, -1: -1}

EXPIRED = "this citation belongs to an earlier chat; ask again to open its article"


Shown = tuple[Any, ...]


class Chat:
    """The event handlers over one assistant.

    What they give is for `SESSION` and the components named in each one's words.
    """

    def __init__(self, assistant: Assistant, questions: Questions, keeping: Keeping) -> None:
        self._assistant = assistant
        self._offers = Offers(assistant)
        self._keeping = keeping
        self._asking = Asking(questions, keeping)
        self._openings = count(1)
        self.welcome = self.transcript(())  # as the page is laid out

    def transcript(
        self, turns: talk.Turns, editing: int | None = None, chat: str | None = None
    ) -> str:
        """The conversation as HTML."""
        library = "" if turns else self._library()
        return render.render_transcript(
            turns,
            library=library,
            editing=editing,
            chat=chat,
            kept=self._keeping.chats is not None,
        )

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
        chat: str | None,
        editing: int | None,
        typed: str,
        since: str,
        until: str,
        source: str,
        region: str,
        tag: str,
        event: gr.EventData,
        request: gr.Request,
    ) -> AsyncIterator[Shown]:
        """Stream an answer: the session, its transcript, and the ask box."""
        fields = talk.Narrowing(since, until, source, region, tag)
        turns, chat = self._held(turns, chat, request)
        earlier, question, narrowing = _asked(turns, editing, typed, fields, event)
        asked = talk.begin(earlier, question, narrowing)
        if asked is earlier or not asked[-1].pending:  # nothing to ask, or it cannot be read
            box: Any = gr.skip() if asked is earlier else gr.Textbox(value="", **IDLE)
            yield asked, chat, None, self.transcript(asked, None, chat), box
            return
        box = gr.Textbox(value="", submit_btn=False, stop_btn="Stop")
        stay = {turn.number for turn in earlier}
        replaced = tuple(turn for turn in turns if turn.number not in stay)
        talked = Talked(asked, chat, replaced)
        async with aclosing(self._asking.states(visitor_of(request), talked)) as states:
            async for talked in states:
                shown = self.transcript(talked.turns, None, talked.chat)
                yield talked.turns, talked.chat, None, shown, box
                box = gr.skip()

    async def stop(self, turns: talk.Turns, chat: str | None, request: gr.Request) -> Shown:
        """End the answer under way: the session, its transcript, and the ask box."""
        if self._asking.stop(visitor_of(request)):
            return tuple(gr.skip() for _ in range(5))  # `ask` gives the last state
        turns, chat = self._held(turns, chat, request)
        turns = talk.end_pending(turns, talk.STOPPED, stopped=True)
        return turns, chat, None, self.transcript(turns, None, chat), gr.Textbox(**IDLE)

    def rate(
        self, turns: talk.Turns, chat: str | None, event: gr.EventData, request: gr.Request
    ) -> Shown:
        """Thumbs up or down for an answer: the session, and its transcript."""
        vote = _VOTES.get(event.vote) if isinstance(event.vote, int) else None
        reason = event.reason[:MAX_REASON] if isinstance(event.reason, str) else ""
        turns, chat = self._held(turns, chat, request)
        turns = self._keeping.rate(visitor_of(request).owner, turns, event.turn, vote, reason)
        return turns, chat, gr.skip(), self.transcript(turns, None, chat)

    def edit(
        self, turns: talk.Turns, chat: str | None, event: gr.EventData, request: gr.Request
    ) -> Shown:
        """An earlier question in the ask box, with its filters; asking will replace it."""
        turns, chat = self._held(turns, chat, request)
        turn = talk.find_turn(turns, event.turn)
        if turn is None or turns[-1].pending:
            return tuple(gr.skip() for _ in range(3 + len(talk.Narrowing._fields)))
        shown = self.transcript(turns, turn.number, chat)
        return turn.number, shown, turn.question, *talk.Narrowing.of(turn.filters)

    def keep(self, turns: talk.Turns, chat: str | None, request: gr.Request) -> Shown:
        """The chat as it was before an edit was begun."""
        turns, chat = self._held(turns, chat, request)
        return None, self.transcript(turns, None, chat), ""

    def open(self, turns: talk.Turns, event: gr.EventData, request: gr.Request) -> str:
        """The source pane for what was clicked: a citation, or a nearest passage."""
        turns, _ = self._held(turns, None, request)
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

    def fresh(self) -> Shown:
        """A new chat: the session, its transcript, the ask box, and an empty source pane."""
        box = gr.Textbox(value="", **IDLE)
        return (), None, None, self.transcript(()), box, render.render_source_placeholder()

    def pick(self, event: gr.EventData, request: gr.Request) -> Shown:
        """A kept chat: the session, its transcript, the ask box, the source pane, a line."""
        talked, said = self._opened(visitor_of(request), event.chat)
        if said:
            return *(gr.skip() for _ in range(6)), said
        return *self._show(talked), render.render_source_placeholder(), ""

    def _show(self, talked: Talked) -> Shown:
        shown = self.transcript(talked.turns, None, talked.chat)
        return talked.turns, talked.chat, None, shown, gr.Textbox(value="", **IDLE)

    def _opened(self, visitor: Visitor, chat: object) -> tuple[Talked, str]:
        """A kept chat, and the line that says why there is none."""
        try:
            opened = self._keeping.opened(visitor.owner, str(chat), self._assistant.article)
        except ChatError as error:
            return Talked(()), render.render_said(str(error))
        return opened, ""

    def _held(
        self, turns: talk.Turns, chat: str | None, request: gr.Request
    ) -> tuple[talk.Turns, str | None]:
        """The session; one that the server lost, as when it was started anew, as it was kept.

        The page still shows it then, and its address, which comes with each event, names the chat.
        """
        if turns or chat:
            return turns, chat
        named = view_of(dict(request.query_params)).chat
        talked = self._opened(visitor_of(request), named)[0] if named else Talked(())
        return talked.turns, talked.chat

    def arrive(self, request: gr.Request) -> Shown:
        """What a page shows when it is opened: its address's view, the outlets as they are now.

        The session, its transcript, the ask box, the fields, and a line. What is as the page was
        laid out is left as it is: a reader may have been quicker than this.
        """
        view, visitor = view_of(dict(request.query_params)), visitor_of(request)
        talked, said = Talked(()), ""
        if view.chat:
            talked, said = self._opened(visitor, view.chat)
        try:
            sources = self._assistant.sources()
        except DatelineError:
            sources = []
        typed = view.typed
        since, until = ((day or gr.skip()) for day in (typed.since, typed.until))
        named: dict[str, Any] = {"value": typed.source} if typed.source else {}
        outlet = gr.Dropdown(choices=choices("Any outlet", sources), **named)
        region, tag = (
            gr.Dropdown(value=name, visible=True) if name else gr.skip()
            for name in (typed.region, typed.tag)
        )
        fields = (since, until, outlet, region, tag)
        if self._asking.under_way(visitor):  # somebody asked before the page was there
            return *(gr.skip() for _ in range(5)), *fields, said
        session: Shown = (gr.skip(), gr.skip(), gr.skip())
        shown: Any = self.transcript(talked.turns, None, talked.chat)
        if view.chat:
            session = (talked.turns, talked.chat, None)
        elif shown == self.welcome:
            shown = gr.skip()
        question = (not talked.turns and view.question) or gr.skip()
        return *session, shown, question, *fields, said

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

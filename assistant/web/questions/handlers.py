"""What happens on the page Questions: gradio's events, answered.

Drafts hold gold answers, so they are for those who may manage the library alone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import gradio as gr

from assistant.access.callers import MAY_NOT
from assistant.drafting import Draft, Drafts, State
from assistant.drafting.library import DRAFTS, add_proposed, look_again, parts_of
from assistant.errors import DatelineError, IndexNotFoundError
from assistant.web import render
from assistant.web.visitor import visitor_of

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

AT_ONCE = 20
"""Questions that are proposed at a time."""

SHOWN = 50
"""Drafts that the page shows at once."""

LONGEST = 500
"""Characters of a question or of an answer's line that are taken from the page."""

STATES: tuple[State, ...] = ("proposed", "accepted", "dropped")


@dataclass(frozen=True, slots=True)
class Look:
    """What the page shows: the drafts of a state, and lines that say what happened."""

    state: State = "proposed"
    said: str = ""
    failed: str = ""


class Questions:
    """The page's event handlers over one assistant."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def arrive(self, request: gr.Request) -> str:
        """The page when it is opened."""
        return self._shown(Look(), request)

    def look(self, event: gr.EventData, request: gr.Request) -> str:
        """The drafts of another state."""
        return self._shown(Look(_state(event.state)), request)

    def decide(self, event: gr.EventData, request: gr.Request) -> str:
        """Write a draft anew as it was mended, and accept it, drop it or leave it."""
        look = _state(event.look)
        if not visitor_of(request).may_manage:
            return self._shown(Look(look, failed=MAY_NOT), request)
        try:
            drafts = self._drafts()
            answers = parts_of(str(event.answers)[: 20 * LONGEST].splitlines())
            question = " ".join(str(event.question)[:LONGEST].split())
            changed = drafts.change(str(event.id), question=question, answers=answers)
            draft = look_again(drafts, changed, self._assistant)
            if event.state in STATES:
                drafts.change(draft.id, state=_state(event.state))
        except DatelineError as error:
            return self._shown(Look(look, failed=str(error)), request)
        return self._shown(Look(look), request)

    def propose(self, event: gr.EventData, request: gr.Request) -> str:
        """Propose some more; other articles are asked about each time."""
        if not visitor_of(request).may_manage:
            return self._shown(Look(failed=MAY_NOT), request)
        try:
            drafts = self._drafts()
            added = add_proposed(self._assistant, drafts, AT_ONCE, seed=len(drafts.all()))
        except DatelineError as error:
            return self._shown(Look(failed=str(error)), request)
        said = (
            f"{added} proposed" if added else "nothing new was found: its articles are asked about"
        )
        return self._shown(Look(said=said), request)

    def _drafts(self) -> Drafts:
        if self._assistant.folder is None:
            raise IndexNotFoundError("there is no index, so no questions are kept")
        return Drafts(self._assistant.folder / DRAFTS)

    def _shown(self, look: Look, request: gr.Request) -> str:
        may = visitor_of(request).may_manage
        held: list[Draft] = []
        failed = look.failed
        if may:
            try:
                held = self._drafts().all()
            except DatelineError as error:
                failed = failed or str(error)
        of_state = [draft for draft in held if draft.state == look.state]
        return render.draw(
            "questions/page.html",
            may=may,
            look=look.state,
            counts=Counter(draft.state for draft in held),
            drafts=of_state[:SHOWN],
            rest=max(0, len(of_state) - SHOWN),
            said=look.said,
            failed=failed,
            at_once=AT_ONCE,
        )


def _state(named: object) -> State:
    return next((state for state in STATES if state == named), "proposed")

"""What happens on the page Evaluation: gradio's events, answered.

Nothing of a session is kept: the page's address says what it shows. What comes with an event
comes from the browser, and names at most a run, a case or a quote of what is kept.

Figures are for whoever may ask. Questions, what was expected and what was answered are for those
who may manage the library: a question file may come from what others asked (`assistant chats
feedback`), and gold answers are not for those who are measured by them.
"""

from __future__ import annotations

import asyncio
import logging
import shlex
from itertools import count
from typing import TYPE_CHECKING, Any

import gradio as gr
from anyio import to_thread

from assistant.access import Scope, caller_of
from assistant.access.callers import MAY_NOT
from assistant.errors import DatelineError, RunError, RunNotFoundError
from assistant.evaluating import runs_folder
from assistant.evaluation import Runs, earlier
from assistant.observing import naming_request
from assistant.settings import Settings
from assistant.types import Citation
from assistant.web import render
from assistant.web.evaluation.compared import side_by_side
from assistant.web.evaluation.detail import article_for, detail, gold_place, neighbours, one_case
from assistant.web.evaluation.overview import overview
from assistant.web.evaluation.questions import (
    LARGEST,
    Known,
    known_files,
    questions_in,
    questions_of,
)
from assistant.web.evaluation.reading import result_in, results_of, whole_run
from assistant.web.evaluation.starting import Starter
from assistant.web.evaluation.view import MOST, MOST_COMPARED, View, address, view_of
from assistant.web.talk import find_opened
from assistant.web.visitor import visitor_of

if TYPE_CHECKING:
    from assistant.api.questions import Questions
    from assistant.pipeline import Assistant

log = logging.getLogger(__name__)

MAY_NOT_READ = (
    "the questions of a run and their answers are shown to those who may manage the library"
)
FAILED = "something inside Dateline failed; open the page again, and see the server's log"
UNQUOTED = "this quote is not in the run's record any more; open the run again"


class Evaluation:
    """The page's event handlers over one assistant."""

    def __init__(self, assistant: Assistant, questions: Questions, *, sample: bool = False) -> None:
        self._assistant = assistant
        self._sample = sample
        self._starter = Starter(assistant, questions)
        self._openings = count(1)

    def arrive(self, request: gr.Request) -> tuple[str, str]:
        """What the page shows when it is opened: what its address says, and the run at hand."""
        return self._shown(str(request.query_params), request), self._start(request)

    def go(self, event: gr.EventData, request: gr.Request) -> tuple[str, str]:
        """Another view, by its address, with nothing opened beside it."""
        shown = self._shown(_text(event, "address"), request)
        return shown, render.render_source_placeholder()

    def open(self, event: gr.EventData, request: gr.Request) -> str:
        """The source pane for what was clicked in a case: a citation, a passage, a gold quote."""
        opened = next(self._openings)
        if not _manages(request):
            return render.render_source_error(MAY_NOT_READ, opened=opened)
        try:
            return self._opened(view_of(_text(event, "address")), event, opened)
        except DatelineError as error:
            return render.render_source_error(str(error), opened=opened)
        except LookupError:
            return render.render_source_error(UNQUOTED, opened=opened)

    def delete(self, event: gr.EventData, request: gr.Request) -> str:
        """Delete a run; the overview is shown next."""
        if not _manages(request):
            return _trouble(MAY_NOT)
        try:
            self._runs().delete(_text(event, "run"))
        except RunNotFoundError:
            log.info("a run that was to be deleted is not there any more")
        except DatelineError as error:
            return _trouble(str(error))
        return self._shown(_text(event, "address"), request, overview_only=True)

    async def start(self, event: gr.EventData, request: gr.Request) -> str:
        """Start a run: of an earlier run's questions, or of a file that was handed in."""
        loop = asyncio.get_running_loop()  # where the queue is
        return await to_thread.run_sync(self._started, event, request, loop)

    def _started(
        self, event: gr.EventData, request: gr.Request, loop: asyncio.AbstractEventLoop
    ) -> str:
        if not _manages(request):
            return self._start(request, MAY_NOT)
        try:
            runs = self._runs()
            if run_id := _text(event, "run"):
                asked = questions_of(run_id, runs)
            else:
                asked = questions_in(_text(event, "name"), _text(event, "text"))
            self._starter.start(asked, runs, visitor_of(request).here, loop)
        except DatelineError as error:
            return self._start(request, str(error))
        return self._start(request)

    def stop(self, request: gr.Request) -> str:
        """Stop the run at hand."""
        if _manages(request):
            self._starter.stop()
        return self._start(request)

    def poll(self, event: gr.EventData, request: gr.Request) -> tuple[Any, str]:
        """How far the run at hand is; the overview anew once it has ended."""
        ended = self._starter.now is None
        shown = self._shown(_text(event, "address"), request) if ended else gr.skip()
        return shown, self._start(request)

    # What is drawn

    def _shown(self, query: str, request: gr.Request, *, overview_only: bool = False) -> str:
        view = view_of(query)
        if overview_only:
            view = View(questions=view.questions, figures=view.figures)
        try:
            if view.compare:
                return self._compared(view, request)
            if view.run and view.case:
                return self._case(view, request)
            return self._run(view, request) if view.run else self._overview(view, request)
        except DatelineError as error:
            return _trouble(str(error))
        except Exception:  # the outermost place: the reader gets a line, the log the traceback
            log.exception("a view of the page Evaluation could not be drawn")
            return _trouble(naming_request(FAILED))

    def _overview(self, view: View, request: gr.Request) -> str:
        folder, manages = self._assistant.folder, _manages(request)
        named = folder is not None and folder != Settings.model_fields["index"].default
        where = (str(folder) if manages else folder.name) if folder and named else ""
        return render.draw(
            "evaluation/overview.html",
            o=overview(view, self._runs().all()),
            most=MOST,
            most_compared=MOST_COMPARED,
            may_manage=manages,
            index=f" --index {shlex.quote(where)}" if where else "",
        )

    def _run(self, view: View, request: gr.Request) -> str:
        runs = self._runs()
        run = whole_run(runs, view.run)
        manages, damage = _manages(request), ""
        try:
            results = results_of(run) if manages else None
        except RunError as error:  # its figures may be whole
            results, damage = None, str(error)
        made = detail(view, run, earlier(run, runs.all()), results)
        return render.draw(
            "evaluation/detail.html", d=made, may_manage=manages, cases_damaged=damage
        )

    def _compared(self, view: View, request: gr.Request) -> str:
        manages = _manages(request)
        return render.draw(
            "evaluation/compared.html",
            c=side_by_side(view, self._runs(), questions=manages),
            may_manage=manages,
        )

    def _case(self, view: View, request: gr.Request) -> str:
        if not _manages(request):
            return _trouble(MAY_NOT_READ)
        run = whole_run(self._runs(), view.run)
        number, result = result_in(run, view.case)
        before, after, place = neighbours(view, results_of(run), number)
        return render.draw(
            "evaluation/case.html",
            run=run,
            case=one_case(view, run, number, result, self._assistant.article),
            back=address(view._replace(case="")),
            earlier=before,
            later=after,
            place=place,
        )

    def _opened(self, view: View, event: gr.EventData, opened: int) -> str:
        run = whole_run(self._runs(), view.run)
        number, result = result_in(run, view.case)
        of = self._assistant.article
        kind, turn, place = (getattr(event, name, None) for name in ("kind", "turn", "number"))
        if kind == "gold":
            if not (isinstance(turn, int) and isinstance(place, int) and min(turn, place) >= 0):
                raise LookupError
            article, start, end = gold_place(result, turn, place, of)
            return render.render_source(article, start, end, label="Gold sentence", opened=opened)
        case = one_case(view, run, number, result, of)
        found = find_opened((case.turn,), turn, kind, place) if case.turn else None
        if found is None:
            raise LookupError
        # A citation and a passage have these names in common.
        where = found if isinstance(found, Citation) else found.passage
        article = article_for(result, where.article_id, where.revision, of)
        label = f"Citation {place}" if kind == "citation" else "Nearest passage"
        return render.render_source(
            article,
            where.start,
            where.end,
            label=label,
            not_an_answer=kind != "citation",
            opened=opened,
        )

    def _start(self, request: gr.Request, wrong: str = "") -> str:
        manages = _manages(request)
        ended = self._starter.ended
        return render.draw(
            "evaluation/start.html",
            may_manage=manages,
            now=self._starter.now,
            known=self._known() if manages else [],
            ended=wrong or (ended.words if ended else ""),
            failed=bool(wrong) or (ended is not None and ended.failed),
            most=LARGEST,
        )

    def _known(self) -> list[Known]:
        try:
            return known_files(self._runs(), sample=self._sample)
        except RunError:
            return []

    def _runs(self) -> Runs:
        folder = runs_folder(self._assistant.settings, self._assistant.folder)
        if folder is None:
            raise RunError("there is no index, so no runs are kept: set DATELINE_RUNS to a folder")
        return Runs(folder)


def _manages(request: gr.Request) -> bool:
    return caller_of(request).may(Scope.MANAGE)


def _trouble(message: str) -> str:
    return render.draw("evaluation/trouble.html", message=message)


def _text(event: gr.EventData, name: str) -> str:
    value = getattr(event, name, None)
    return value if isinstance(value, str) else ""

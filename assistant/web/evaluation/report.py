"""A kept run's report, and a comparison of runs, as pages of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from assistant.errors import DatelineError, UsageError
from assistant.evaluating import runs_folder
from assistant.evaluation import Runs, render_comparison
from assistant.evaluation.page import SCRIPT_HASH
from assistant.web.evaluation.compared import compared_runs
from assistant.web.evaluation.view import view_of

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

_REST = (
    "default-src 'none'; connect-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# The file may have been changed since it was written: whatever it holds, it runs nothing but the
# script that a report has by this version (a page of another one stands unfiltered), loads nothing,
# and is of no origin.
_REPORT = f"sandbox allow-scripts allow-popups; script-src '{SCRIPT_HASH}'; {_REST}"
_COMPARISON = f"sandbox allow-popups; {_REST}"


def report_routes(assistant: Assistant) -> list[Route]:
    """The routes of these pages; `access.rules` says who may read them."""

    def runs() -> Runs:
        folder = runs_folder(assistant.settings, assistant.folder)
        if folder is None:
            raise UsageError("there is no index, so no runs are kept")
        return Runs(folder)

    def report(request: Request) -> Response:
        try:
            run = runs().run(request.path_params["run_id"])
        except DatelineError as error:
            return PlainTextResponse(str(error), 404)
        if not run.page.is_file():
            return PlainTextResponse(f"run {run.id} has no report: it is not whole", 404)
        return FileResponse(run.page, media_type="text/html", headers=_headers(_REPORT))

    def comparison(request: Request) -> Response:
        try:
            first, others = compared_runs(runs(), view_of(request.url.query).compare)
        except DatelineError as error:
            return PlainTextResponse(str(error), 404)
        page = render_comparison(first.id, [compared for _, compared in others])
        content = page.encode("utf-8", "replace")
        return Response(content, media_type="text/html", headers=_headers(_COMPARISON))

    return [
        Route("/evaluation/report/{run_id}", report, methods=["GET"]),
        Route("/evaluation/compared", comparison, methods=["GET"]),
    ]


def _headers(policy: str) -> dict[str, str]:
    return {"Content-Security-Policy": policy, "Cache-Control": "no-store"}

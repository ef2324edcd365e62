"""A kept run's report as a page of its own, as the run left it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from assistant.errors import DatelineError
from assistant.evaluating import runs_folder
from assistant.evaluation import Runs

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

# The file may have been changed since it was written: whatever it holds, it runs nothing, loads
# nothing, and is of no origin.
_POLICY = (
    "sandbox allow-popups; default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def report_routes(assistant: Assistant) -> list[Route]:
    """The route of the reports; `access.rules` says who may read them."""

    def report(request: Request) -> Response:
        folder = runs_folder(assistant.settings, assistant.folder)
        if folder is None:
            return PlainTextResponse("there is no index, so no runs are kept", 404)
        try:
            run = Runs(folder).run(request.path_params["run_id"])
        except DatelineError as error:
            return PlainTextResponse(str(error), 404)
        if not run.page.is_file():
            return PlainTextResponse(f"run {run.id} has no report: it is not whole", 404)
        headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
        return FileResponse(run.page, media_type="text/html", headers=headers)

    return [Route("/evaluation/report/{run_id}", report, methods=["GET"])]

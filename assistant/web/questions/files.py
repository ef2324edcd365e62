"""The accepted questions as a question file, for the page's link."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.drafting import Drafts
from assistant.drafting.library import DRAFTS
from assistant.errors import DatelineError

if TYPE_CHECKING:
    from assistant.pipeline import Assistant


def question_routes(assistant: Assistant) -> list[Route]:
    """The route of the file; `access.rules` says who may have it."""

    def accepted(request: Request) -> Response:
        if assistant.folder is None:
            return PlainTextResponse("there is no index, so no questions are kept", 404)
        try:
            held = Drafts(assistant.folder / DRAFTS).all()
        except DatelineError as error:
            return PlainTextResponse(str(error), 503)
        lines = [json.dumps(draft.case()) for draft in held if draft.state == "accepted"]
        headers = {
            "Content-Disposition": 'attachment; filename="questions.jsonl"',
            "Cache-Control": "no-store",
        }
        text = "".join(f"{line}\n" for line in lines)
        return Response(text, media_type="application/jsonl", headers=headers)

    return [Route("/questions/accepted.jsonl", accepted, methods=["GET"])]

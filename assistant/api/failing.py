"""Errors over HTTP: one line in OpenAI's form, whatever happened; no traceback and no text."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Callable, Coroutine
from pathlib import PurePath
from typing import Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from assistant import errors
from assistant.api.schemas import ErrorOut, Json
from assistant.observing import naming_request, note_of_request

log = logging.getLogger(__name__)

FAILED = "something inside Dateline failed; the server's log says where"
CLIENT_GONE = 499
"""What nginx calls it; nobody is left to read it."""

# The first that fits; what is not named is not the caller's fault, and may pass.
_STATUS: tuple[tuple[type[errors.DatelineError], int], ...] = (
    (errors.UsageError, 400),
    (errors.ArticleError, 400),
    (errors.ArticleNotFoundError, 404),
    (errors.IndexLockedError, 409),
    (errors.EndpointError, 502),
    (errors.StoppingError, 503),
    (errors.BusyError, 429),
    (errors.AnswerTimeoutError, 504),
    (errors.DatelineError, 503),
)
_TYPES = {404: "not_found_error", 409: "conflict_error", 429: "rate_limit_error"}

ERRORS: dict[int | str, Json] = {
    "4XX": {"model": ErrorOut, "description": "the request is not usable, or names what is not"},
    "5XX": {"model": ErrorOut, "description": "a defect, the library, or the model's endpoint"},
}


def status_of(error: errors.DatelineError) -> int:
    """The HTTP status of an error."""
    return next(status for kind, status in _STATUS if isinstance(error, kind))


def body_of(
    message: str, status: int, *, code: str | None = None, param: str | None = None
) -> Json:
    """The error as JSON-ready values."""
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def error_body(error: Exception) -> tuple[int, Json]:
    """Status and body of whatever was raised; what was not foreseen is logged, without its text."""
    note_of_request(error=type(error).__name__)
    if isinstance(error, errors.DatelineError):
        status = status_of(error)
        return status, body_of(str(error), status, code=code_of(error))
    if isinstance(error, RequestValidationError):
        message, param = _first(error)
        return 400, body_of(message, 400, code="invalid_value", param=param)
    if isinstance(error, HTTPException):
        return error.status_code, body_of(str(error.detail), error.status_code)
    log.error("%s at %s", type(error).__name__, _where(error))
    return 500, body_of(naming_request(FAILED), 500, code="defect")


def code_of(error: errors.DatelineError) -> str:
    """An error's name as a code: `article_not_found`; of what is not usable, as OpenAI has it."""
    if isinstance(error, errors.UsageError):
        return "invalid_value"
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Route(APIRoute):
    """A route whose errors are said in one line."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's own handler, and what it raises as a response."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except ClientDisconnect:
                return Response(status_code=CLIENT_GONE)
            except Exception as error:  # noqa: BLE001  # the outermost place; logged by `error_body`
                status, body = error_body(error)
                wait = getattr(error, "retry_after", None)
                return JSONResponse(body, status, {"Retry-After": str(wait)} if wait else None)

        return handled


def _first(error: RequestValidationError) -> tuple[str, str]:
    """The first thing that is wrong with a request, without the value that is."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    said = "not JSON" if first["type"] == "json_invalid" else str(first["msg"])
    return f"{where or 'body'}: {said[:1].lower()}{said[1:]}", where


def _where(error: Exception) -> str:
    """The file and the line that raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{PurePath(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"

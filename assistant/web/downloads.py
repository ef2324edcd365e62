"""`/chats/...`: a visitor's kept chats as files, for the links of the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.access import LOCAL, caller_of
from assistant.chats import (
    ANYONE,
    Chat,
    Chats,
    feedback_cases,
    json_pieces,
    to_json,
    to_lines,
    to_markdown,
    to_page,
)
from assistant.errors import ChatError, ChatNotFoundError

_FORMS: dict[str, tuple[str, Callable[[Chat], str]]] = {
    "md": ("text/markdown", to_markdown),
    "html": ("text/html", to_page),
    "json": ("application/json", lambda chat: to_json([chat])),
}
_LINES = "application/jsonl"
_SHOWN = ("html",)
"""Forms that the browser shows; the others are saved."""


def download_routes(chats: Chats) -> list[Route]:
    """The routes, for an application behind `Access`."""

    async def give(request: Request) -> Response:
        caller = caller_of(request)
        owner = ANYONE if caller == LOCAL else caller.name
        try:
            return await to_thread.run_sync(_file, chats, owner, request.path_params["name"])
        except ChatNotFoundError as error:
            return PlainTextResponse(str(error), HTTPStatus.NOT_FOUND)
        except ChatError as error:
            return PlainTextResponse(str(error), HTTPStatus.SERVICE_UNAVAILABLE)

    return [Route("/chats/{name}", give, methods=["GET"])]


def _file(chats: Chats, owner: str, name: str) -> Response:
    stem, _, form = name.rpartition(".")
    if name == "all.json":
        pieces = json_pieces(chats.every(owner))
        return StreamingResponse(pieces, media_type=_FORMS[form][0], headers=_named("chats.json"))
    if name in ("feedback.jsonl", "feedback.apart.jsonl"):
        found = feedback_cases(chats.rated(owner))
        return _saved(to_lines(found.apart if "apart" in name else found.cases), name, form)
    if form not in _FORMS:
        return PlainTextResponse("a chat is given as .md, .html or .json", HTTPStatus.NOT_FOUND)
    chat = chats.chat(owner, stem)
    return _saved(_FORMS[form][1](chat), f"{_file_name(chat)}.{form}", form)


def _saved(text: str, name: str, form: str) -> Response:
    kind = _FORMS[form][0] if form in _FORMS else _LINES
    headers = _named(name, "inline" if form in _SHOWN else "attachment")
    return Response(text.encode("utf-8", "replace"), media_type=kind, headers=headers)


def _named(name: str, how: str = "attachment") -> dict[str, str]:
    return {"Content-Disposition": f'{how}; filename="{name}"', "Cache-Control": "no-store"}


def _file_name(chat: Chat) -> str:
    """A name for the file: the day, and what of the title every system takes."""
    words = "-".join(re.findall(r"[a-z0-9]+", chat.info.title.lower()))[:60].strip("-")
    return f"{chat.info.made:%Y-%m-%d}-{words or 'chat'}"

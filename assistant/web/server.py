"""The chat on an address: one web application, its headers, and the server that runs it."""

from __future__ import annotations

import socket
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import gradio as gr
import uvicorn
from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant import __version__
from assistant.access import Access, Door, GracefulServer, Logged, login_routes
from assistant.api import add_api
from assistant.chats import Chats
from assistant.errors import UsageError
from assistant.web.app import build
from assistant.web.downloads import download_routes
from assistant.web.evaluation.report import report_routes
from assistant.web.questions.files import question_routes
from assistant.web.windows import Windows

if TYPE_CHECKING:
    from assistant.pipeline import Assistant

SESSIONS = 256
"""Browser sessions whose conversation is kept; the least recently used goes first."""

# The browser itself holds invariant 7 of the design: nothing on the page may be loaded from, or
# sent to, another host, even if a value should ever slip through unescaped. Gradio's own page
# needs inline scripts and eval.
_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    # Not "no-referrer": browsers then send no `Origin` with the login's form, and it would be
    # taken for another site's.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

# The pages that FastAPI makes of its document load scripts from another host.
_NO_PAGES: dict[str, Any] = {"docs_url": None, "redoc_url": None}
# Gradio's own routes are no interface to build on; the HTTP API has its own.
_NO_DOCS: dict[str, Any] = {**_NO_PAGES, "openapi_url": None}

_SHEETS = ("style.css", "library/library.css")
_SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "monospace")


def make_app(
    assistant: Assistant,
    *,
    chats: Chats | None = None,
    sample: bool = False,
    examples: Sequence[str] = (),
    door: Door | None = None,
) -> FastAPI:
    """The chat at its root, the HTTP API beside it, behind a door; without one, the settings'.

    `chats` None: what is asked in the chat is not kept.
    """
    app = FastAPI(title="Dateline", version=__version__, **_NO_PAGES)
    app.state.door = door = door or Door.of()
    questions = add_api(app, assistant)
    app.router.routes.extend(
        [*login_routes(), *report_routes(assistant), *question_routes(assistant)]
    )
    if chats is not None:
        app.router.routes.extend(download_routes(chats))
    app.add_middleware(Windows)
    app.add_middleware(Access, door=door)
    app.add_middleware(_Headers)  # outside of the door: refusals have the headers too
    app.add_middleware(Logged)  # added last, it is outermost
    page = build(assistant, questions, chats, sample=sample, examples=examples)
    page.state_session_capacity = SESSIONS
    page.delete_cache = (
        3600,
        24 * 3600,
    )  # uploads that nobody took in, in seconds: how often, how old
    room = files("assistant.web")
    style = "".join(room.joinpath(sheet).read_text("utf-8") for sheet in _SHEETS)
    # Gradio's themes name fonts of a font host; these are fonts that the reader's system has.
    theme = gr.themes.Base(
        font=[gr.themes.Font(name) for name in _SANS],
        font_mono=[gr.themes.Font(name) for name in _MONO],
    )
    with warnings.catch_warnings():
        # It says so although nothing was asked of it.
        warnings.filterwarnings("ignore", message="SSR mode is not supported")
        gr.mount_gradio_app(
            app,
            page,
            path="/",
            theme=theme,
            # Not `css=`: gradio rewrites its selectors to reach only inside its own container.
            head=f"<style>{style}</style>",
            favicon_path=str(room.joinpath("favicon.png")),
            app_kwargs=dict(_NO_DOCS),
            footer_links=[],
            max_file_size=door.max_upload,  # of a file; the door holds each request to the same
            run_history=False,
            show_error=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
        )
    return app


def serve(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int = 7860,
    chats: Chats | None = None,
    sample: bool = False,
    examples: Sequence[str] = (),
    door: Door | None = None,
) -> None:
    """Serve the chat until the process is interrupted; port 0 takes a free one.

    Prints the address when the port is taken hold of. Without a door, it is the settings'.

    Raises:
        UsageError: the address cannot be listened on, or people there could not log in.
    """
    door = door or Door.of(host=host)
    with listen(host, port) as listener:
        app = make_app(assistant, chats=chats, sample=sample, examples=examples, door=door)
        sys.stdout.write(f"Dateline is at {address(listener)} (Ctrl+C stops it)\n")
        sys.stdout.flush()
        with suppress(KeyboardInterrupt):  # how a reader ends it; uvicorn has closed by then
            make_server(app).run(sockets=[listener])


def make_server(app: FastAPI) -> uvicorn.Server:
    """The server of `make_app`'s application: quiet, and it ends answers before it stops."""
    return GracefulServer(app, app.state.door)


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one.

    Raises:
        UsageError: there is no such address here, or something else listens there.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(found[4][:2], family=found[0])
    except OSError as error:
        raise UsageError(
            f"cannot listen on {host}:{port} ({error.strerror or error}); "
            "stop what listens there, or choose another with --host and --port"
        ) from error


def address(listener: socket.socket) -> str:
    """The address of a listening socket, as one types it into a browser."""
    host, port = listener.getsockname()[:2]
    if listener.family == socket.AF_INET6:
        host = f"[{host}]"
    return f"http://{host}:{port}/"


class _Headers:
    """Adds the headers to every response. Plain ASGI, so that streams pass through as they come."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)  # a report brings a stricter policy
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)

"""An application on a free port of this machine, while a test needs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI

from assistant.access import Access, Door
from assistant.api import add_api
from assistant.pipeline import Assistant
from assistant.web.server import address, listen, make_server


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Its address, without a slash at the end."""
    with listen("127.0.0.1", 0) as listener:
        server = make_server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        assert thread.is_alive(), "the server did not start"
        try:
            yield address(listener).rstrip("/")
        finally:
            server.should_exit = True
            thread.join(30)


def api_app(assistant: Assistant) -> FastAPI:
    """The API alone, without the chat."""
    app = FastAPI(title="Dateline", docs_url=None, redoc_url=None)
    app.state.door = door = Door.of()
    add_api(app, assistant)
    app.add_middleware(Access, door=door)
    return app

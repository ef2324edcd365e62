"""Log lines: a JSON object each, or text on a terminal, and nothing in them but what we put there.

Our own loggers say a fixed word and values that are named. Of what other packages log, however
much they are told to, only the logger, the level, the place and the class of an error are kept:
their messages quote requests, prompts and addresses.
"""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO
from uuid import uuid4

import structlog
from structlog.contextvars import (
    bind_contextvars,
    bound_contextvars,
    get_contextvars,
    merge_contextvars,
)

OURS = "assistant"
_FRAMES = 5
_Event = MutableMapping[str, Any]


def configure_logs(form: str, level: str, stream: TextIO | None = None) -> None:
    """Have this process log to a stream (standard error), in the place of whatever was set up.

    `form` is json, text, or auto: text on a terminal, JSON elsewhere. `level` (debug, info, ...) is
    that of our own loggers; others are heard from warnings on.
    """
    stream = stream or sys.stderr
    as_text = form == "text" or (form == "auto" and stream.isatty())
    last: Any = (
        structlog.dev.ConsoleRenderer(colors=stream.isatty())
        if as_text
        else structlog.processors.JSONRenderer()
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                _own_words,
                merge_contextvars,
                _error_without_words,
                _without_nothing,
            ],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(level.upper())
    logging.captureWarnings(True)


@contextmanager
def about_request(request_id: str = "") -> Iterator[str]:
    """Around a request, or work that outlives one: what is logged below names it, threads included.

    Yields its id; without one given, a new one.
    """
    named = request_id or uuid4().hex[:16]
    with bound_contextvars(request_id=named, who=None, error=None):
        yield named


def note_of_request(**values: str) -> None:
    """Add to the lines of the request at hand that are still to come: `who`, `error`."""
    bind_contextvars(**values)


def request_id() -> str | None:
    """The id of the request at hand; None outside of any."""
    found: str | None = get_contextvars().get("request_id")
    return found


def naming_request(line: str) -> str:
    """A line about a defect, for a reader, with the id under which the log has it."""
    named = request_id()
    return f"{line} (request {named})" if named else line


_add_extra = structlog.stdlib.ExtraAdder()


def _own_words(logger: Any, name: str, event: _Event) -> _Event:  # noqa: ANN401  # structlog's way
    """Our own message and values; of others' the place alone."""
    record: logging.LogRecord = event["_record"]
    if record.name == OURS or record.name.startswith(f"{OURS}."):
        return _add_extra(logger, name, event)
    event["event"] = f"{PurePath(record.pathname).name}:{record.lineno}"
    return event


def _error_without_words(logger: Any, name: str, event: _Event) -> _Event:  # noqa: ANN401  # structlog's
    """In the place of a traceback: the error's class and where it came from."""
    error = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if isinstance(error, tuple) and error[0] is not None:
        event["error"], event["at"] = error[0].__name__, places(error[2])
    return event


def _without_nothing(logger: Any, name: str, event: _Event) -> _Event:  # noqa: ANN401  # structlog's
    return {key: value for key, value in event.items() if value is not None}


def places(trace: TracebackType | None) -> list[str]:
    """The files and lines that an error came through, the innermost last."""
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    return [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in frames]

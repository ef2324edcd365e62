"""What a running server tells those who keep it: log lines, and traces of its steps.

Neither holds a word of a question, an article, a quote, a password or an address of an endpoint.
This room knows nothing of the others, so that all of them may use it.
"""

from __future__ import annotations

from assistant.observing.logs import (
    about_request,
    configure_logs,
    naming_request,
    note_of_request,
    request_id,
)
from assistant.observing.steps import step
from assistant.observing.traces import traced

__all__ = [
    "about_request",
    "configure_logs",
    "naming_request",
    "note_of_request",
    "request_id",
    "step",
    "traced",
]

"""Who may ask, and how much: in front of the chat, the API and MCP alike.

`Door` is what the settings say; `Access` is the middleware that holds every request to it, by the
one table in `rules`. Behind it, `caller_of(request)` says who asks, `door_of(request).gate` is the
queue in front of answering, and `within` bounds an answer's time. No gradio here.
"""

from __future__ import annotations

from assistant.access.admitted import Admitted, admitted
from assistant.access.callers import LOCAL, MAY_NOT, Caller, Scope, caller_of
from assistant.access.credentials import Credentials
from assistant.access.door import Door, door_of
from assistant.access.gate import Gate, Turn, until, within
from assistant.access.grace import GracefulServer
from assistant.access.logged import Logged
from assistant.access.login import login_routes
from assistant.access.middleware import Access

__all__ = [
    "LOCAL",
    "MAY_NOT",
    "Access",
    "Admitted",
    "Caller",
    "Credentials",
    "Door",
    "Gate",
    "GracefulServer",
    "Logged",
    "Scope",
    "Turn",
    "admitted",
    "caller_of",
    "door_of",
    "login_routes",
    "until",
    "within",
]

"""Who an event of the page comes from."""

from __future__ import annotations

from typing import NamedTuple

import gradio as gr

from assistant.access import Admitted, Caller, Scope, caller_of, door_of
from assistant.access.callers import LOCAL
from assistant.access.sessions import COOKIE
from assistant.chats import ANYONE


class Visitor(NamedTuple):
    """A reader in one window. `owner`: whose kept chats are theirs; `name`: empty without a login.

    `session` is gradio's name for the window: in it one question is answered at a time. `leaves`:
    they logged in here, and not at a proxy, and can log out here.
    """

    caller: Caller
    here: Admitted
    session: str
    leaves: bool

    @property
    def owner(self) -> str:
        """Whose kept chats are the visitor's."""
        return self.name or ANYONE

    @property
    def name(self) -> str:
        """Who logged in; empty where nobody has to."""
        return "" if self.caller == LOCAL else self.caller.name

    @property
    def may_manage(self) -> bool:
        """Whether the visitor may change the library."""
        return self.caller.may(Scope.MANAGE)


def visitor_of(request: gr.Request) -> Visitor:
    """Who sent an event.

    Raises:
        LookupError: it did not come through the door.
    """
    caller, session = caller_of(request), request.session_hash or ""
    # Who sits at this machine has no name to wait under: their windows take turns.
    user = f"{LOCAL.name} {session}" if caller == LOCAL else caller.name
    door = door_of(request)
    cookie = request.cookies.get(COOKIE, "") if door.sessions else ""
    leaves = bool(door.sessions and cookie and door.sessions.caller(cookie) == caller)
    return Visitor(caller, Admitted(door, user), session, leaves)

"""What is known of the request at hand below the door, where no request is passed along."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from assistant.access.door import Door


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that was let in: through which door, and who waits in its queue as whom."""

    door: Door
    user: str


admitted: ContextVar[Admitted | None] = ContextVar("admitted", default=None)
"""None: nothing came through a door, as with MCP over stdio."""

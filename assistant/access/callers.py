"""Who asks, and what they may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

Kind = TypeVar("Kind")

MAY_NOT = "you may ask, but not change the library: that takes the scope `manage`"


class Scope(StrEnum):
    """What a caller may do: ask the library, or change it (and see the server's figures)."""

    ASK = "ask"
    MANAGE = "manage"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who was let in. `name` is theirs alone: chats, rates and queues go by it."""

    name: str
    scopes: frozenset[Scope]

    def may(self, scope: Scope) -> bool:
        """Whether the caller has a scope."""
        return scope in self.scopes


LOCAL = Caller("local", frozenset(Scope))
"""Whoever sits at this machine, where no login is set up."""

TOKEN_PREFIX = "token:"  # noqa: S105  # no secret: what the names of tokens' callers begin with


def is_user_name(name: str) -> bool:
    """Whether somebody may be called so: 1 to 128 visible characters, and no name of ours."""
    ours = name.casefold() == LOCAL.name or name.casefold().startswith(TOKEN_PREFIX)
    return 0 < len(name) <= 128 and name.isprintable() and name == name.strip() and not ours


def caller_of(request: object) -> Caller:
    """Who a request comes from: of a starlette request, or of the `gr.Request` of a handler.

    Raises:
        LookupError: it did not come through the door.
    """
    return left_in(request, "caller", Caller)


def left_in(request: object, name: str, kind: type[Kind]) -> Kind:
    """What the door left in the state of a request.

    Raises:
        LookupError: it did not come through the door.
    """
    inner = getattr(request, "request", None) or request  # gradio wraps the request it was given
    found = getattr(inner, "scope", {}).get("state", {}).get(name)
    if not isinstance(found, kind):
        raise LookupError(f"no {name}: the request did not come through assistant.access")
    return found

"""`assistant users add | remove | list` and `assistant tokens add | revoke | list`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.console import note, say
from assistant.errors import UsageError
from assistant.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assistant.access import Credentials, Scope

users_app = typer.Typer(help="Who may log in to `assistant serve` (DATELINE_USERS_FILE).")
tokens_app = typer.Typer(help="API tokens, for programs (DATELINE_USERS_FILE).")

ScopeOption = Annotated[
    list[str] | None, typer.Option("--scope", help="ask (default) or manage, which asks too")
]


@users_app.command("add")
def add_user(name: str, scope: ScopeOption = None) -> None:
    """Add a user, or give one a new password and scope; asks for the password, or reads a line."""
    scopes = _scopes(scope)
    new = _credentials().add_user(name, _password(), scopes)
    note(f"{name} may log in" if new else f"{name} has a new password; old sessions have ended")


@users_app.command("remove")
def remove_user(name: str) -> None:
    """Remove a user; a session ends at once. Tokens are revoked on their own."""
    _credentials().remove_user(name)
    note(f"{name} removed")


@users_app.command("list")
def list_users() -> None:
    """List the users and what they may do."""
    for name, user in sorted(_credentials().users().items()):
        say(f"{name}  {_listed(user.scopes)}")


@tokens_app.command("add")
def add_token(name: str, scope: ScopeOption = None) -> None:
    """Make a token and print it, this once; it is sent as `Authorization: Bearer TOKEN`."""
    token = _credentials().add_token(name, _scopes(scope))
    say(token)
    note("keep it now: only its hash is stored")


@tokens_app.command("revoke")
def revoke_token(name: str) -> None:
    """Make a token worthless at once."""
    _credentials().revoke_token(name)
    note(f"{name} revoked")


@tokens_app.command("list")
def list_tokens() -> None:
    """List the tokens by name: what they may do, and since when."""
    for name, token in sorted(_credentials().tokens().items()):
        say(f"{name}  {_listed(token.scopes)}  {token.created.isoformat()}")


def _credentials() -> Credentials:
    from assistant.access import Credentials

    path = load_settings().users_file
    if path is None:
        raise UsageError("set DATELINE_USERS_FILE to the file that users and tokens stand in")
    return Credentials(path)


def _scopes(names: list[str] | None) -> frozenset[Scope]:
    from assistant.access import Scope

    try:
        return frozenset({Scope.ASK, *map(Scope, names or ())})
    except ValueError as error:
        raise UsageError(f"no scope {' '.join(names or ())!r}: choose ask or manage") from error


def _listed(scopes: Iterable[Scope]) -> str:
    return ",".join(sorted(scopes))


def _password() -> str:
    """The new password: typed twice, unseen; where nobody types, one line of standard input."""
    if sys.stdin.isatty():
        typed: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return typed
    return sys.stdin.readline().rstrip("\r\n")

"""The users file: users with hashed passwords, hashed API tokens, and the key of the sessions.

One JSON file that its owner alone can read. It is replaced whole, and read again when it changes,
so that what the command line adds or revokes holds at once for a server that runs.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.access.callers import TOKEN_PREFIX, Caller, Scope, is_user_name
from assistant.access.passwords import hash_password
from assistant.errors import UsageError

Result = TypeVar("Result")

TOKEN_START = "dl_"  # noqa: S105  # so that a scanner for leaked secrets can know one


class User(BaseModel):
    """One user as stored."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    password: str = Field(repr=False)
    scopes: frozenset[Scope]


class Token(BaseModel):
    """One token as stored: its sha256, never itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str = Field(repr=False)
    scopes: frozenset[Scope]
    created: date


class _Held(BaseModel):
    """What the file holds."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    version: int = Field(1, ge=1, le=1)
    key: str = Field(default_factory=secrets.token_hex, min_length=32, repr=False)
    users: dict[str, User] = {}
    tokens: dict[str, Token] = {}


class Credentials:
    """The users and tokens of one file. Methods may be called from several threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[tuple[int, ...], _Held] | None = None

    def __repr__(self) -> str:
        return f"Credentials({str(self._path)!r})"

    def users(self) -> dict[str, User]:
        """The users by name. Raises UsageError as `_read` does, as all of these do."""
        return dict(self._read().users)

    def tokens(self) -> dict[str, Token]:
        """The tokens by name."""
        return dict(self._read().tokens)

    def key(self) -> str:
        """The key that sessions are signed with."""
        return self._read().key

    def is_empty(self) -> bool:
        """Whether nobody can log in with it."""
        held = self._read()
        return not held.users and not held.tokens

    def token_caller(self, token: str) -> Caller | None:
        """Who a token stands for; None where it was revoked or never was."""
        given = _digest(token)
        for name, stored in self._read().tokens.items():
            if secrets.compare_digest(stored.sha256, given):
                return Caller(TOKEN_PREFIX + name, stored.scopes)
        return None

    def add_user(self, name: str, password: str, scopes: Iterable[Scope]) -> bool:
        """Add a user, or give one a new password and scopes; whether it is a new one.

        Raises:
            UsageError: the name or password cannot be one.
        """
        _check_name(name)
        user = User(password=hash_password(password), scopes=frozenset(scopes))
        return self._change(lambda held: _put(held.users, name, user))

    def remove_user(self, name: str) -> None:
        """Remove a user, whose sessions end at once.

        Raises:
            UsageError: there is no such user.
        """
        self._change(lambda held: _take(held.users, name, "user"))

    def add_token(self, name: str, scopes: Iterable[Scope]) -> str:
        """Make a token; what is returned is stored nowhere.

        Raises:
            UsageError: the name cannot be one, or another token has it.
        """
        _check_name(name)
        token = TOKEN_START + secrets.token_urlsafe(32)
        stored = Token(sha256=_digest(token), scopes=frozenset(scopes), created=date.today())

        def put(held: _Held) -> None:
            if name in held.tokens:
                raise UsageError(f"there is a token {name!r}: revoke it, or take another name")
            held.tokens[name] = stored

        self._change(put)
        return token

    def revoke_token(self, name: str) -> None:
        """Make a token worthless.

        Raises:
            UsageError: there is no such token.
        """
        self._change(lambda held: _take(held.tokens, name, "token"))

    def _change(self, change: Callable[[_Held], Result]) -> Result:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._path}.lock", mode=0o600):
            held = self._read().model_copy(deep=True) if self._path.exists() else _Held()
            result = change(held)
            self._write(held)
        return result

    def _read(self) -> _Held:
        """What the file holds now.

        Raises:
            UsageError: there is no such file, others can read it, or it is no users file.
        """
        try:
            stat = self._path.stat()
            mark = (stat.st_mtime_ns, stat.st_size, stat.st_ino, stat.st_mode)
            seen = self._seen
            if seen and seen[0] == mark:
                return seen[1]
            if os.name == "posix" and stat.st_mode & 0o077:
                raise UsageError(f"{self._path} can be read by others: chmod 600 {self._path}")
            held = _Held.model_validate_json(self._path.read_bytes())
        except OSError as error:
            raise UsageError(
                f"cannot read the users file {self._path} ({error.strerror}); "
                "`assistant users add NAME` makes it"
            ) from error
        except ValidationError:
            # Not "from": pydantic's message may quote the file.
            raise UsageError(f"{self._path} is not a users file of Dateline's") from None
        self._seen = (mark, held)
        return held

    def _write(self, held: _Held) -> None:
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:  # mkstemp's mode is 0600
                file.write(held.model_dump_json(indent=2))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def _put(users: dict[str, User], name: str, user: User) -> bool:
    new = name not in users
    users[name] = user
    return new


def _take(held: dict[str, User] | dict[str, Token], name: str, what: str) -> None:
    if held.pop(name, None) is None:
        raise UsageError(f"there is no {what} {name!r}; `assistant {what}s list` shows what is")


def _check_name(name: str) -> None:
    if not is_user_name(name):
        raise UsageError(
            f"{name!r} cannot be a name: 1 to 128 visible characters, not `local`, "
            f"and not beginning with `{TOKEN_PREFIX}`"
        )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()

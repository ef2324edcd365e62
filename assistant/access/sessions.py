"""Sessions: a signed cookie that says who logged in, and when."""

from __future__ import annotations

import hashlib
import secrets
import time
from http.cookies import SimpleCookie

from itsdangerous import BadSignature, URLSafeTimedSerializer
from pydantic import BaseModel, ValidationError

from assistant.access.callers import Caller
from assistant.access.credentials import Credentials, User

COOKIE = "dateline_session"


class _Session(BaseModel):
    """What the cookie says. `proof` goes with the password: a new one ends the session."""

    name: str
    id: str
    proof: str


class Sessions:
    """Makes the cookies of one users file, and knows its own."""

    def __init__(self, credentials: Credentials, hours: float) -> None:
        self._credentials = credentials
        self._seconds = int(hours * 3600)
        self._ended: dict[str, float] = {}  # id -> when it would have run out anyway

    def begin(self, name: str, user: User) -> str:
        """The value of a new session's cookie."""
        session = _Session(name=name, id=secrets.token_urlsafe(12), proof=_proof(user))
        return self._signer().dumps(session.model_dump())

    def caller(self, cookie: str) -> Caller | None:
        """Who a cookie's value stands for; None where it is forged, ran out or was ended."""
        session = self._session(cookie)
        if session is None or session.id in self._ended:
            return None
        user = self._credentials.users().get(session.name)
        if user is None or not secrets.compare_digest(session.proof, _proof(user)):
            return None
        return Caller(session.name, user.scopes)

    def end(self, cookie: str) -> None:
        """Forget a session; its cookie, if somebody kept it, is worth nothing any more."""
        now = time.time()
        self._ended = {one: until for one, until in self._ended.items() if until > now}
        session = self._session(cookie)
        if session:
            self._ended[session.id] = now + self._seconds

    def cookie(self, value: str, *, secure: bool) -> str:
        """The `Set-Cookie` header of a value; an empty one takes the cookie away."""
        jar: SimpleCookie = SimpleCookie({COOKIE: value})
        made = jar[COOKIE]
        made["path"], made["samesite"], made["httponly"] = "/", "Lax", True
        made["max-age"] = self._seconds if value else 0
        if secure:
            made["secure"] = True
        return made.OutputString()

    def _session(self, cookie: str) -> _Session | None:
        try:
            return _Session.model_validate(self._signer().loads(cookie, max_age=self._seconds))
        except (BadSignature, ValidationError):
            return None

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self._credentials.key(),
            salt="dateline.session",
            signer_kwargs={"digest_method": hashlib.sha256},
        )


def _proof(user: User) -> str:
    return hashlib.sha256(user.password.encode()).hexdigest()[:32]

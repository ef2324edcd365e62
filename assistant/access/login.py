"""Logging in with a browser: the page with its form, and leaving again."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import ceil
from urllib.parse import parse_qs, urlsplit

from anyio import CapacityLimiter, to_thread
from jinja2 import Environment, StrictUndefined, Template
from limits import parse
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from assistant.access.credentials import User
from assistant.access.door import Door, door_of
from assistant.access.passwords import is_password
from assistant.access.sessions import COOKIE
from assistant.errors import UsageError

log = logging.getLogger(__name__)

LARGEST_FORM = 8192
WRONG = "This name and password do not go together."
TOO_OFTEN = "Too many attempts. Try again in {minutes} min."
BROKEN = "Nobody can log in now: the server's log says why."
NO_USERS = "There are no users here: a proxy logs you in, or you send a token."

# From one address for one name, from one address for any, for one name from anywhere. The last is
# wide: it must not be a way to lock somebody out.
_PAIR, _ADDRESS, _NAME = parse("5/5 minutes"), parse("30/5 minutes"), parse("100/hour")


def login_routes() -> Sequence[Route]:
    """The routes of logging in and out, for an application behind `Access`."""
    return (
        Route("/login", _show, methods=["GET"]),
        Route("/login", _Logins().log_in, methods=["POST"]),
        Route("/logout", _log_out, methods=["POST"]),
    )


async def _show(request: Request) -> Response:
    if door_of(request).sessions is None:
        return _page(NO_USERS, status=404, form=False)
    return _page("", back=request.query_params.get("next", "/"))


class _Logins:
    """Checks passwords. Hashing takes memory and a core, so few are checked at once."""

    def __init__(self) -> None:
        self._few: CapacityLimiter | None = None

    async def log_in(self, request: Request) -> Response:
        """Begin a session for the name and password of the form, and go where one wanted to."""
        door = door_of(request)
        if door.sessions is None:
            return _page(NO_USERS, status=404, form=False)
        form = await _form(request)
        if form is None:
            return _page(WRONG, status=400)
        name, back, peer = form.get("name", ""), form.get("next", ""), _peer(request, door)
        if wait := _throttled(door, peer, name):
            said = TOO_OFTEN.format(minutes=ceil(wait / 60))
            page = _page(said, status=429, name=name, back=back)
            page.headers["Retry-After"] = str(wait)
            return page
        try:
            user = await self._user(door, name, form.get("password", ""))
        except UsageError as error:  # the file was there when the server started
            log.error("%s", error)
            return _page(BROKEN, status=503)
        if user is None:
            log.warning("a login from %s failed", peer)
            return _page(WRONG, status=401, name=name, back=back)
        door.rates.forget(_PAIR, "login", peer, name)
        value = door.sessions.begin(name, user)
        return _with_cookie(request, RedirectResponse(_local(back), 303), value)

    async def _user(self, door: Door, name: str, password: str) -> User | None:
        """The user of a name and password; None where they are nobody's."""
        self._few = self._few or CapacityLimiter(2)
        user = door.credentials.users().get(name) if door.credentials else None
        stored = user.password if user else None
        right = await to_thread.run_sync(is_password, stored, password, limiter=self._few)
        return user if right else None


async def _log_out(request: Request) -> Response:
    door = door_of(request)
    cookie = request.cookies.get(COOKIE)
    if door.sessions is None:
        return RedirectResponse("/", 303)
    if cookie:
        door.sessions.end(cookie)
    return _with_cookie(request, RedirectResponse("/login", 303), "")


def _with_cookie(request: Request, response: Response, value: str) -> Response:
    sessions = door_of(request).sessions
    if sessions:
        secure = request.url.scheme == "https"
        response.headers["Set-Cookie"] = sessions.cookie(value, secure=secure)
    response.headers["Cache-Control"] = "no-store"
    return response


def _throttled(door: Door, peer: str, name: str) -> int:
    """Seconds until another attempt may be made; 0: this one may.

    Counted before the password is looked at, so that many attempts at once do not slip through.
    """
    return (
        door.rates.wait(_ADDRESS, "login", peer)
        or door.rates.wait(_PAIR, "login", peer, name)
        or door.rates.wait(_NAME, "login of", name)
    )


def _peer(request: Request, door: Door) -> str:
    """Where somebody logs in from: behind the proxy, the address that it says."""
    peer = request.client.host if request.client else ""
    if door.proxy and door.proxy.sent(peer):
        return request.headers.get("x-forwarded-for", peer).split(",")[-1].strip()
    return peer


async def _form(request: Request) -> dict[str, str] | None:
    """The fields of the form; None where it is none, or too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_FORM:
            return None
    try:
        fields = parse_qs(body.decode("utf-8"), keep_blank_values=True, max_num_fields=8)
    except ValueError:
        return None
    return {name: values[0] for name, values in fields.items()}


def _local(address: str) -> str:
    r"""A path on this server; `/` for any address that could lead elsewhere.

    >>> _local("/?q=a"), _local("//evil.example"), _local("/\\evil.example"), _local("https:x")
    ('/?q=a', '/', '/', '/')
    """
    odd = "\\" in address or not address.isprintable()
    if odd or not address.startswith("/") or address.startswith("//"):
        return "/"
    parts = urlsplit(address)
    return address if not parts.scheme and not parts.netloc else "/"


def _page(
    said: str, *, status: int = 200, name: str = "", back: str = "/", form: bool = True
) -> HTMLResponse:
    """The page to log in on, with what is wrong where something is."""
    page = _template().render(said=said, name=name[:128], back=_local(back), form=form)
    return HTMLResponse(page, status, {"Cache-Control": "no-store"})


@cache
def _template() -> Template:
    source = files("assistant.access").joinpath("login.html.j2").read_text("utf-8")
    return Environment(autoescape=True, undefined=StrictUndefined).from_string(source)

"""What archives have in common: which of their members are read, and which are refused."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO

from assistant.articles.content import AllowanceError, Content, Found, unpacked
from assistant.articles.endings import check_depth, check_kind
from assistant.articles.files import belongs_to_page, ending_of, is_wanted, printable
from assistant.articles.text import one_line
from assistant.errors import ArticleError
from assistant.types import Quarantined

MOST_RATIO = 200
"""How many times its packed size a member may have; text packs to a third, rarely to a tenth."""
SMALL = 1_000_000
"""Bytes; what is smaller may be packed as it likes."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name and bytes as the archive gives them, and how to open it.

    `fault` says why it may not be read; empty where it may.
    """

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    fault: str = ""


def read_member(
    content: Content,
    member: Member,
    of_pages: Collection[str],
    damage: tuple[type[Exception], ...],
) -> Iterator[Found]:
    """The member of an archive as a content of its own, or the reason why it is none.

    `damage` is what reading it may raise. It is unpacked in memory, or in a temporary file.

    Raises:
        AllowanceError: the archive holds more than may be unpacked.
    """
    content.allowance.take_member()
    found: Found
    with ExitStack() as opened:
        path = one_line(printable(member.name))
        try:
            path = inner_path(member.name)
            if _is_left_out(path, of_pages):
                return
            most = _check(content, member, path)
            packed = opened.enter_context(member.open())
            found = content.inner(
                path, opened.enter_context(unpacked(packed, most, content.allowance))
            )
        except AllowanceError:
            raise
        except ArticleError as error:
            found = Quarantined(f"{content.name}/{path}", str(error))
        except damage as error:
            found = Quarantined(f"{content.name}/{path}", f"is damaged: {one_line(str(error))}")
        yield found


def _check(content: Content, member: Member, path: str) -> int:
    """The most bytes that are read of a member that may be read."""
    if member.fault:
        raise ArticleError(member.fault)
    ending = ending_of(path)
    check_depth(ending, content.depth + 1)
    return check_kind(ending, member.size)


def inner_path(name: str) -> str:
    """The path of a member as it is shown, and made its id of.

    Raises:
        ArticleError: it leads out of the archive.
    """
    path = name.replace("\\", "/")
    parts = PurePosixPath(path).parts
    if path.startswith("/") or PureWindowsPath(name).drive or ".." in parts:
        raise ArticleError("has a name that leads out of the archive")
    return one_line(printable("/".join(parts))) or "nameless"


def page_folders(names: Iterable[str]) -> set[str]:
    """The folders among the members that belong to saved pages beside them."""
    beside: dict[str, set[str]] = {}
    for name in names:
        parts = PurePosixPath(name.replace("\\", "/")).parts
        for depth, part in enumerate(parts):
            beside.setdefault("/".join(parts[:depth]), set()).add(part)
    return {
        f"{folder}/{name}" if folder else name
        for folder, inside in beside.items()
        for name in inside
        if belongs_to_page(name, inside)
    }


def _is_left_out(path: str, of_pages: Collection[str]) -> bool:
    """Whether a member is hidden, litter of a system, or part of a saved page."""
    parts = PurePosixPath(path).parts
    return not all(map(is_wanted, parts)) or any(
        "/".join(parts[:depth]) in of_pages for depth in range(1, len(parts))
    )

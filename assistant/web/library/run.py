"""One run of adding articles: its files or addresses, how far each is, and what came of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

State = Literal[
    "waiting", "at work", "read", "added", "unchanged", "partly", "kept", "refused", "left"
]
Stage = Literal["waiting", "fetching", "reading", "embedding", "ended"]


@dataclass(slots=True)
class Item:
    """A file or an address, how far it is (0 to 1), and what came of it.

    `reasons`: what was refused, each with where in the file that was ("" for all of it).
    """

    name: str
    size: int = 0
    state: State = "waiting"
    done: float = 0.0
    articles: int = 0
    reasons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came from a browser: where it lies, and what it is called."""

    path: Path
    name: str


class Run:
    """One run; its fields change while it is at work."""

    def __init__(
        self,
        number: int,
        uploads: Sequence[Upload] = (),
        addresses: Sequence[str] = (),
        *,
        feeds: bool = False,
    ) -> None:
        self.number = number
        self.uploads, self.addresses, self.feeds = list(uploads), list(addresses), feeds
        self.items = [Item(each.name, size_of(each.path)) for each in self.uploads]
        self.items += [Item(address) for address in self.addresses if not feeds]
        self.stage: Stage = "waiting"
        self.done, self.total = 0, 0  # of the stage
        self.pending = 0  # passages without a vector when it had ended
        self.error = ""
        self.stopping = threading.Event()
        self.began, self.ended = time.monotonic(), 0.0

    @property
    def seconds(self) -> float:
        """How long it has been, or was, under way."""
        return (self.ended or time.monotonic()) - self.began

    @property
    def stopped(self) -> bool:
        """Whether somebody ended it early."""
        return self.stopping.is_set() and self.stage == "ended"

    def counted(self, *states: State) -> int:
        """How many of its items are in one of these states."""
        return sum(item.state in states for item in self.items)

    @property
    def articles(self) -> int:
        """How many articles came with it, new or changed."""
        return sum(item.articles for item in self.items if item.state in ("added", "partly"))


def size_of(path: Path) -> int:
    """Bytes of a file; 0 where it cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0

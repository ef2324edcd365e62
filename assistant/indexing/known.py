"""What is known of a library before a run: of one that is there, and of one that is not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.library import FileState
from assistant.types import Article


class Held(Protocol):
    """What is known of the library before a run."""

    def states(self, paths: Sequence[str]) -> dict[str, FileState]:
        """Those of some files that were read, by path."""
        ...

    def ids(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """The current articles of some files: their ids, by path."""
        ...

    def owner(self, article_id: str) -> str | None:
        """The file that a current article was read from."""
        ...

    def below(self, folder: str) -> list[str]:
        """The files that were read at or below a path."""
        ...

    def holds(self, article: Article) -> bool:
        """Whether the article is in it, just as it is."""
        ...


class Nothing:
    """A library that is still to be made."""

    def states(self, paths: Sequence[str]) -> dict[str, FileState]:  # as a library does
        """No file."""
        return {}

    def ids(self, paths: Sequence[str]) -> dict[str, list[str]]:
        """No article."""
        return {}

    def owner(self, article_id: str) -> str | None:
        """None."""
        return None

    def below(self, folder: str) -> list[str]:
        """No file."""
        return []

    def holds(self, article: Article) -> bool:  # as a library does
        """Never."""
        return False

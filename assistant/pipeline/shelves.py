"""A library as one browses it: its list, what comes in from a browser, what is taken out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.types import IndexReport

if TYPE_CHECKING:
    from assistant.indexing import FileOutcome, OnProgress, Removal
    from assistant.library import Count, Library, Listed, Look
    from assistant.pipeline.models import Models


class Shelves(ABC):
    """The part of `Librarian` that the page Library is made from."""

    _models: Models

    @abstractmethod
    def _need_library(self) -> Library:
        """The library; raises IndexNotFoundError where there is none."""

    def listed(self, look: Look, first: int = 0, most: int = 50) -> list[Listed]:
        """Articles that a look admits, newest first, from the `first` (from 0) on."""
        return self._need_library().listing.page(look, first, most)

    def counts(self, look: Look) -> list[Count]:
        """How many articles a look admits of each month, outlet and re-publisher, in no order."""
        return self._need_library().listing.counts(look)

    def file_of(self, article_id: str) -> str:
        """The file that a current article was read from, as stored; "" where there is none."""
        return self._need_library().listing.files_of([article_id]).get(article_id, "")

    def keep_upload(self, source: str | Path, name: str) -> Path:
        """Copy a file that was uploaded to a folder below the index's own, for `take_in` to index.

        It gets a name there that no other has, as near as may be to `name`.

        Raises:
            OSError: it cannot be read, or the folder cannot be written to.
        """
        from assistant.indexing import own_files

        return own_files.keep_upload(self._need_library(), Path(source), name)

    def take_in(
        self,
        paths: Sequence[Path],
        *,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> tuple[IndexReport, list[FileOutcome]]:
        """Index files that `keep_upload` or `fetch` kept; those that give no article are deleted.

        What came of each file is in their order. `stop` is as in `index`.

        Raises:
            IndexLockedError: another process is writing.
            EndpointError: the embedder's endpoint failed.
        """
        from assistant.indexing import own_files

        library = self._need_library()
        with self._models.indexing_embed() as embed:
            return own_files.take_in(library, embed, paths, on_progress, stop)

    def plan_removal(self, article_ids: Sequence[str]) -> Removal:
        """What `discard` of these articles would come to; nothing is removed."""
        from assistant.indexing import own_files

        return own_files.plan_removal(self._need_library(), article_ids)

    def discard(self, article_ids: Sequence[str]) -> Removal:
        """As `remove`; files that the index keeps itself go with the last article from them.

        Raises:
            IndexLockedError: another process is writing.
        """
        from assistant.indexing import own_files

        return own_files.remove(self._need_library(), article_ids)

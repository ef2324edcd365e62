"""What an assistant does with its library: takes articles in, gives them out, keeps it whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import IndexNotFoundError, UsageError
from assistant.models import embedder_info
from assistant.types import Article, IndexManifest, IndexReport, Link

if TYPE_CHECKING:
    from assistant.fetching import Fetcher, FetchReport
    from assistant.fetching.fetch import OnFetched
    from assistant.indexing import OnProgress
    from assistant.library import Library, Rebuilt
    from assistant.pipeline.models import Models
    from assistant.settings import Settings


class Librarian:
    """The half of `Assistant` that manages a library; the other half asks it.

    `library` None and a `folder`: it is opened to be rebuilt. Neither: there is no library.
    """

    def __init__(
        self, library: Library | None, folder: Path | None, settings: Settings, models: Models
    ) -> None:
        self._library = library
        self._folder = folder
        self._settings = settings
        self._models = models

    @property
    def settings(self) -> Settings:
        """The settings that it was opened with."""
        return self._settings

    @property
    def folder(self) -> Path | None:
        """The index's folder; None without a library."""
        return self._folder

    def close(self) -> None:
        """Let go of the library's files."""
        if self._library is not None:
            self._library.close()

    def index(
        self,
        paths: Sequence[str | Path],
        *,
        mapping: Mapping[str, str] | None = None,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> IndexReport:
        """Add or update the articles of files and folders; forget those that are gone.

        `mapping` names the columns of CSV, JSON and JSONL that are not called as usual: {"text":
        "Article.Body"}. `stop` is asked again and again; once it is true, the run ends after the
        batch at hand.

        Raises:
            UsageError: a path does not exist, or there is no field of a name in `mapping`.
            IndexLockedError: another process is writing.
            EndpointError: the embedder's endpoint failed.
        """
        from assistant.articles import ColumnMapping
        from assistant.indexing import index_paths

        named, columns = [Path(path) for path in paths], ColumnMapping(mapping or {})
        library = self._need_library()
        with self._models.indexing_embed() as embed:
            return index_paths(library, embed, named, on_progress, stop, columns)

    def fetch(
        self,
        addresses: Sequence[str],
        *,
        into: str | Path | None = None,
        feeds: bool = False,
        on_progress: OnFetched | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> FetchReport:
        """Save pages from the web as files, or with `feeds` the pages that feeds link to.

        `into` None: a folder below the index's own, `fetched_folder`. Nothing is indexed yet:
        `index` does that with the folder. What is refused stands in the report with its reason.

        Raises:
            UsageError: fetching's packages are not installed, or a setting is not usable.
            IndexNotFoundError: neither `into` nor a library is given.
            OSError: the folder cannot be written to.
        """
        fetcher = _fetcher(self._settings)
        folder = self.fetched_folder if into is None else Path(into)
        return fetcher.fetch(addresses, folder, feeds=feeds, on_progress=on_progress, stop=stop)

    @property
    def fetched_folder(self) -> Path:
        """The folder below the index's own that `fetch` keeps pages in."""
        from assistant.indexing import FETCHED

        return self._need_library().folder / FETCHED

    def watch(
        self,
        paths: Sequence[str | Path],
        stop: threading.Event,
        *,
        mapping: Mapping[str, str] | None = None,
    ) -> Iterator[IndexReport]:
        """Index what changes in files and folders until `stop` is set; a report for each time.

        Raises:
            UsageError: the library cannot be written to.
        """
        from assistant.articles import ColumnMapping
        from assistant.indexing import watch_paths

        named, columns = [Path(path) for path in paths], ColumnMapping(mapping or {})
        library = self._need_library()

        def reports() -> Iterator[IndexReport]:
            with self._models.indexing_embed() as embed:
                yield from watch_paths(library, embed, named, stop, columns)

        return reports()

    def rebuild(
        self,
        *,
        on_progress: OnProgress | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> Rebuilt:
        """Make words and vectors anew from the articles that the index holds.

        With the embedder and the chunking of now. The index answers meanwhile as it was, in this
        process and in others; they notice the new one at their next question. `stop` is asked after
        each batch; once it is true, the index stays as it was. What was embedded is not embedded
        again by the next rebuild.

        Raises:
            IndexNotFoundError: there is no index.
            IndexLockedError: another process is writing.
            IndexMismatchError: it was made by a newer Dateline.
            IndexDamagedError: its catalogue cannot be read, or the new files cannot be written.
            EndpointError: the endpoint of the openai embedder failed.
        """
        from assistant.indexing import IndexProgress
        from assistant.library import engines_of, rebuild

        def told(done: int, total: int) -> None:
            if on_progress is not None:
                on_progress(IndexProgress("embedding", done, total, 0))

        if self._folder is None:
            self._need_library()
            raise AssertionError("a library without its folder")
        info, engines = embedder_info(self._settings), engines_of(self._settings, self._folder)
        with self._models.indexing_embed() as embed:
            rebuilt = rebuild(self._folder, info, embed, told, stop, engines)
        if self._library is not None:
            self._library.refresh()
        elif not rebuilt.stopped:
            self._library = open_library(self._folder, self._settings)
        return rebuilt

    def plan(
        self, paths: Sequence[str | Path], *, mapping: Mapping[str, str] | None = None
    ) -> IndexReport:
        """What `index` would add, update, remove and refuse; nothing is written.

        Raises:
            UsageError: a path does not exist.
        """
        from assistant.articles import ColumnMapping
        from assistant.indexing import plan_paths

        named, columns = [Path(path) for path in paths], ColumnMapping(mapping or {})
        return plan_paths(self._library, named, columns)

    def article(self, article_id: str, revision: str | None = None) -> Article:
        """One article with the stored text that offsets refer to.

        Raises:
            ArticleNotFoundError: no such article, or no such revision of it.
        """
        return self._need_library().catalogue.article(article_id, revision)

    def articles(self) -> list[Article]:
        """The metadata of every article, newest first; texts are left empty."""
        return self._need_library().catalogue.articles()

    def revisions(self) -> list[tuple[str, str]]:
        """The id and the revision of every article."""
        return self._need_library().catalogue.revisions()

    def links(self, article_id: str | None = None) -> list[Link]:
        """Which articles repeat another one; of one article, its original and its copies.

        In order of the ids of what repeats; empty for an article that is not in the library.
        """
        library = self._need_library()
        return library.links() if article_id is None else library.links_of(article_id)

    def export(self, out: str | Path) -> int:
        """Write every article with its text as JSON Lines, as `index` reads them; how many.

        Raises:
            UsageError: there is such a file already, or it cannot be written.
        """
        from assistant.library import export_articles

        return export_articles(self._need_library().catalogue, Path(out))

    def remove(self, article_ids: Sequence[str]) -> list[str]:
        """Remove articles; returns the ids that were there."""
        library = self._need_library()
        with library.writing() as writer:
            return writer.remove(article_ids)

    def sources(self) -> list[str]:
        """Every outlet and re-publisher of the library, in order of the alphabet."""
        library = self._need_library()
        library.refresh()
        return library.sources()

    def regions(self) -> list[str]:
        """Every region of the library, in order of the alphabet."""
        return self._need_library().catalogue.regions()

    def tags(self) -> list[str]:
        """Every tag of the library, in order of the alphabet."""
        return self._need_library().catalogue.tags()

    def undated(self) -> int:
        """How many articles have no date: date filters leave them out."""
        return self._need_library().catalogue.undated()

    def manifest(self) -> IndexManifest:
        """What the index was built with, and how much it holds."""
        return self._need_library().manifest()

    def _need_library(self) -> Library:
        if self._library is None and self._folder is not None:
            raise IndexNotFoundError(
                f"the index in {self._folder} was opened to be rebuilt: call rebuild() first"
            )
        if self._library is None:
            raise IndexNotFoundError(
                "opened without a library: only read() answers; open an index folder to ask"
            )
        return self._library


def open_library(folder: Path, settings: Settings, *, create: bool = False) -> Library:
    """The library in a folder, for the embedder of the settings; `create`: an empty one if need be.

    Raises:
        IndexNotFoundError: there is no index in that folder.
        IndexMismatchError: it was built with another embedder, chunking or schema.
        IndexDamagedError: one of its stores cannot be read.
    """
    from assistant.library import Library, engines_of

    opener = Library.create if create else Library.open
    return opener(folder, embedder_info(settings), engines_of(settings, folder))


def _fetcher(settings: Settings) -> Fetcher:
    try:
        from assistant.fetching import Fetcher, Manners, networks_of
    except ModuleNotFoundError as error:
        raise UsageError(
            f"fetching needs the package {error.name}: pip install 'dateline-assistant[fetch]'"
        ) from error
    from assistant import __version__

    manners = Manners(
        agent=settings.fetch_agent or f"Dateline/{__version__}",
        delay=settings.fetch_delay,
        seconds=settings.fetch_timeout,
        allowed=networks_of(settings.fetch_allow),
    )
    return Fetcher(manners)

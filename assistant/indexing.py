"""Articles through the library: plan, read, embed, commit, report."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.articles import CLEANER_VERSION, SourceFile, find_files, read_articles
from assistant.library import Embed, FileChange, Library
from assistant.passages import split_passages
from assistant.types import Article, IndexReport, Quarantined

Progress = Callable[[int, int, str], None]
_BATCH_PASSAGES = 512


@dataclass(slots=True)
class _Tally:
    """What a run did so far."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)


def index_paths(
    library: Library, embed: Embed, paths: Sequence[Path], on_progress: Progress | None = None
) -> IndexReport:
    """Bring the library in step with files and folders; the unchanged is not read again.

    Below a folder that is named, articles of files that are gone are removed. `on_progress`
    gets (files done, files in all, path) after each commit, and once at the start.

    Raises:
        UsageError: a path does not exist.
        IndexLockedError: another process is writing.
    """
    started = time.perf_counter()
    tally = _Tally()
    report = on_progress or (lambda done, total, path: None)
    with library.writing():
        files = find_files(paths)
        report(0, len(files), "")
        _forget_missing(library, files, paths, tally)
        run = _Run(library, embed, tally)
        for done, file in enumerate(files, start=1):
            run.take(file)
            report(done, len(files), str(file.path))
        run.flush()
    return IndexReport(
        added=tuple(tally.added),
        updated=tuple(tally.updated),
        unchanged=tuple(tally.unchanged),
        removed=tuple(i for i in tally.removed if i not in {*tally.added, *tally.updated}),
        quarantined=tuple(tally.quarantined),
        seconds=time.perf_counter() - started,
    )


def _forget_missing(
    library: Library, files: Sequence[SourceFile], paths: Sequence[Path], tally: _Tally
) -> None:
    """Remove what lay below a folder that was named and is gone."""
    found = {str(file.path) for file in files}
    folders = [path.resolve() for path in paths if path.is_dir()]
    gone = [
        path
        for path in library.files()
        if path not in found and any(Path(path).is_relative_to(folder) for folder in folders)
    ]
    if gone:
        tally.removed += library.forget(gone)


class _Run:
    """One pass over the files: collects changes and commits them in batches."""

    def __init__(self, library: Library, embed: Embed, tally: _Tally) -> None:
        self._library, self._embed, self._tally = library, embed, tally
        self._states = library.files()
        self._owners = library.owners()
        self._pending: list[FileChange] = []
        self._passages = 0

    def take(self, file: SourceFile) -> None:
        """Plan one file; commits when enough is pending."""
        path = str(file.path)
        digest = _digest(file.path)
        state = self._states.get(path)
        if state is not None and digest and state.digest == digest:
            self._tally.unchanged += [i for i, p in self._owners.items() if p == path]
            self._tally.quarantined += state.quarantined
            return
        for change in self._changes(file, path, digest):
            self._pending.append(change)
            self._passages += sum(len(passages) for _, passages in change.write)
            if self._passages >= _BATCH_PASSAGES:
                self.flush()

    def flush(self) -> None:
        """Commit what is pending, then count it: what is reported is in the library."""
        if not self._pending:
            return
        before = self._library.owners()
        self._tally.removed += self._library.apply(self._pending, self._embed)
        for change in self._pending:
            for article, _ in change.write:
                known = article.id in before
                (self._tally.updated if known else self._tally.added).append(article.id)
            self._tally.quarantined += change.quarantined
        self._pending, self._passages = [], 0

    def _changes(self, file: SourceFile, path: str, digest: str) -> Iterator[FileChange]:
        """What one file brings, in portions; only the last carries the digest that marks it done."""
        change = FileChange(path, str(file.root), digest="")
        size = 0
        taken: list[str] = []
        articles, refused = self._read(file, path)
        every = [article.id for article in articles]
        for article in articles:
            taken.append(article.id)
            if self._owners.get(article.id) == path and self._stored(article) == article:
                self._tally.unchanged.append(article.id)
                continue
            self._owners[article.id] = path
            passages = split_passages(article)
            change.write.append((article, passages))
            size += len(passages)
            if size >= _BATCH_PASSAGES:
                change.keep = every
                yield change
                change, size = FileChange(path, str(file.root), digest=""), 0
        change.keep, change.digest, change.quarantined = every, digest, refused
        yield change

    def _read(self, file: SourceFile, path: str) -> tuple[list[Article], list[Quarantined]]:
        articles: dict[str, Article] = {}
        refused: list[Quarantined] = []
        for item in read_articles(file):
            if isinstance(item, Quarantined):
                refused.append(item)
            elif item.id in articles or self._taken(item.id, path):
                other = path if item.id in articles else self._owners[item.id]
                refused.append(
                    Quarantined(
                        path,
                        f"article id {item.id!r} is taken by {other}; give it another `id` in "
                        "its front matter",
                    )
                )
            else:
                articles[item.id] = item
        return list(articles.values()), refused

    def _taken(self, article_id: str, path: str) -> bool:
        """Whether another file that still exists holds this id."""
        owner = self._owners.get(article_id)
        return owner is not None and owner != path and Path(owner).exists()

    def _stored(self, article: Article) -> Article | None:
        return self._library.catalogue.article(article.id)


def _digest(path: Path) -> str:
    """Digest of the file's bytes and the cleaner's version; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    return f"{CLEANER_VERSION}:{content}"

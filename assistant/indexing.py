"""Articles through the library: plan, read, embed, commit, report."""

from __future__ import annotations

import hashlib
import re
import stat
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from assistant.articles import CLEANER_VERSION, SourceFile, find_files, read_articles
from assistant.articles.files import MOST_JSONL_BYTES, printable
from assistant.library import Embed, FileChange, FileState, Library
from assistant.passages import split_passages
from assistant.types import Article, IndexReport, Quarantined

Progress = Callable[[int, int, str], None]
_BATCH_PASSAGES = 512
_BATCH_FILES = 512


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

    Below a folder that is named, articles of files that are gone are removed. A file that is named
    itself is read in any case: so articles come back that were removed by hand. `on_progress` gets
    (files done, files in all, path) after each file, and once at the start.

    Raises:
        UsageError: a path does not exist, or the library cannot be written to.
        IndexLockedError: another process is writing.
    """
    started = time.perf_counter()
    tally = _Tally()
    report = on_progress or (lambda done, total, path: None)
    with library.writing(embed):
        own = library.folder.resolve()
        files = [file for file in find_files(paths) if not file.path.is_relative_to(own)]
        report(0, len(files), "")
        named = {path.resolve() for path in paths if path.is_file()}
        run = _Run(library, embed, tally)
        for done, file in enumerate(files, start=1):
            run.take(file, anew=file.path in named)
            report(done, len(files), file.name)
        run.finish()
        # Last, so that an article whose file was moved is never away.
        _forget_missing(library, files, paths, tally)
    written = {*tally.added, *tally.updated}
    return IndexReport(
        added=tuple(tally.added),
        updated=tuple(tally.updated),
        unchanged=tuple(tally.unchanged),
        removed=tuple(i for i in tally.removed if i not in written),
        quarantined=tuple(tally.quarantined),
        seconds=time.perf_counter() - started,
    )


def _forget_missing(
    library: Library, files: Sequence[SourceFile], paths: Sequence[Path], tally: _Tally
) -> None:
    """Remove what lay below a folder that was named and is gone."""
    found = {stored_path(file.path) for file in files}
    folders = [path.resolve() for path in paths if path.is_dir()]
    unlisted = [file.path for file in files if file.path.is_dir()]  # what is in them is not known
    gone = [
        path
        for path in library.files()
        if path not in found
        and any(_actual_path(path).is_relative_to(folder) for folder in folders)
        and not any(_actual_path(path).is_relative_to(folder) for folder in unlisted)
    ]
    if gone:
        tally.removed += library.forget(gone)


class _Run:
    """One pass over the files: collects changes and commits them in batches."""

    def __init__(self, library: Library, embed: Embed, tally: _Tally) -> None:
        self._library, self._embed, self._tally = library, embed, tally
        self._states = library.files()
        self._owners = library.owners()
        self._known = set(self._owners)
        self._held: dict[str, list[str]] = defaultdict(list)  # article ids by path
        for article_id, path in self._owners.items():
            self._held[path].append(article_id)
        self._put_off: list[SourceFile] = []
        self._pending: list[FileChange] = []
        self._passages = 0

    def take(self, file: SourceFile, *, anew: bool = False) -> None:
        """Plan one file; commits when enough is pending. `anew`: even if it did not change.

        One with an id that another file holds is put off: that file may let go of it yet.
        """
        path = stored_path(file.path)
        digest = _digest(file.path)
        state = self._states.get(path)
        if state is not None and digest and state.digest == digest and not anew:
            self._tally.unchanged += self._held[path]
            self._tally.quarantined += state.quarantined
            return
        articles, refused = _read(file, state)
        for article_id in self._held[path]:
            if article_id not in articles and self._owners.get(article_id) == path:
                del self._owners[article_id]
        if any(self._taken_by(article_id, path) for article_id in articles):
            self._put_off.append(file)
            return
        self._plan(FileChange(path, _root(file, state), digest), articles, refused)

    def finish(self) -> None:
        """Take what was put off, without the ids that are still held, and commit the rest."""
        for file in self._put_off:
            path, state = stored_path(file.path), self._states.get(stored_path(file.path))
            articles, refused = _read(file, state)
            for article_id in list(articles):
                if other := self._taken_by(article_id, path):
                    del articles[article_id]
                    refused.append(
                        Quarantined(
                            file.name, _id_taken(article_id, printable(str(_actual_path(other))))
                        )
                    )
            # Without a digest it is read again next time: the id may be free by then.
            digest = "" if refused else _digest(file.path)
            self._plan(FileChange(path, _root(file, state), digest), articles, refused)
        self._flush()

    def _plan(
        self, change: FileChange, articles: dict[str, Article], refused: list[Quarantined]
    ) -> None:
        path, state = change.path, self._states.get(change.path)
        written = False
        for portion in self._portions(change, articles, refused):
            written = written or bool(portion.write)
            same = state is not None and (state.digest, list(state.quarantined)) == (
                portion.digest,
                portion.quarantined,
            )
            if same and not written and set(self._held[path]) <= set(articles):
                self._tally.quarantined += refused  # nothing to commit
                return
            self._pending.append(portion)
            self._passages += sum(len(passages) for _, passages in portion.write)
            if self._passages >= _BATCH_PASSAGES or len(self._pending) >= _BATCH_FILES:
                self._flush()

    def _portions(
        self, change: FileChange, articles: dict[str, Article], refused: list[Quarantined]
    ) -> Iterator[FileChange]:
        """What one file brings, in parts; only the last carries the digest that marks it done."""
        path, root, keep = change.path, change.root, list(articles)
        part, size = FileChange(path, root, "", keep=keep), 0
        for article in articles.values():
            mine = self._owners.get(article.id) == path
            self._owners[article.id] = path
            if mine and self._library.catalogue.article(article.id) == article:
                self._tally.unchanged.append(article.id)
                continue
            passages = split_passages(article)
            part.write.append((article, passages))
            size += len(passages)
            if size >= _BATCH_PASSAGES:
                yield part
                part, size = FileChange(path, root, "", keep=keep), 0
        part.digest, part.quarantined = change.digest, refused
        yield part

    def _flush(self) -> None:
        """Commit what is pending, then count it: what is reported is in the library."""
        if not self._pending:
            return
        self._tally.removed += self._library.apply(self._pending, self._embed)
        for change in self._pending:
            for article, _ in change.write:
                known = article.id in self._known
                (self._tally.updated if known else self._tally.added).append(article.id)
            self._tally.quarantined += change.quarantined
        self._pending, self._passages = [], 0

    def _taken_by(self, article_id: str, path: str) -> str:
        """The other file, if it still exists, that holds this id; else empty."""
        owner = self._owners.get(article_id)
        return owner if owner and owner != path and _actual_path(owner).exists() else ""


def _read(
    file: SourceFile, state: FileState | None
) -> tuple[dict[str, Article], list[Quarantined]]:
    """The articles of a file by id, and what was refused.

    A file keeps the root that it was first indexed from, so that its articles keep their ids.
    """
    articles: dict[str, Article] = {}
    refused: list[Quarantined] = []
    for item in read_articles(SourceFile(file.path, _actual_path(_root(file, state)))):
        if isinstance(item, Quarantined):
            refused.append(item)
        elif item.id in articles:
            refused.append(
                Quarantined(file.name, _id_taken(item.id, "another article of this file"))
            )
        else:
            articles[item.id] = item
    return articles, refused


def _root(file: SourceFile, state: FileState | None) -> str:
    return state.root if state else stored_path(file.root)


def _id_taken(article_id: str, other: str) -> str:
    return f"article id {article_id!r} is taken by {other}; give this one another `id`"


def stored_path(path: Path) -> str:
    """A path as the catalogue holds it: bytes that are not UTF-8, and %, as %XX.

    >>> stored_path(Path("/news/100%.md"))
    '/news/100%25.md'
    """
    return re.sub("[%\udc80-\udcff]", lambda found: f"%{ord(found[0]) & 0xFF:02X}", str(path))


def _actual_path(stored: str) -> Path:
    return Path(unquote(stored, errors="surrogateescape"))


def _digest(path: Path) -> str:
    """Digest of a file's bytes and the cleaner's version; empty where it cannot be read."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_JSONL_BYTES:
            return ""  # a link to a pipe or a device would never end
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
    return f"{CLEANER_VERSION}:{content}"

"""What each file brings to the library, in portions that are committed as they fill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.articles import ColumnMapping, SourceFile
from assistant.articles.files import printable
from assistant.articles.isolated import FAILURES
from assistant.indexing.known import Held
from assistant.indexing.paths import actual_path, stored_path, with_columns_of
from assistant.library import FileChange, FileState
from assistant.passages import split_passages
from assistant.types import Article, Quarantined

BATCH_PASSAGES, BATCH_FILES = 512, 512
"""Of one commit."""
_ONCE_MORE = "once more: "

Read = Callable[[SourceFile, ColumnMapping | None], Iterator[Article | Quarantined]]
"""A file to what is in it, by the columns of the run or by those that are given."""
Commit = Callable[[Sequence[FileChange]], list[str]]
"""Changes to the ids of the articles that went away with them."""


@dataclass(slots=True)
class Tally:
    """What a run did so far: article ids, and what was refused."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a file before it is read. `named`: it is read in any case."""

    state: FileState | None
    ids: list[str]
    named: bool


@dataclass(slots=True)
class _Found:
    """What a file holds: its ids, in order; those that another file has; what was refused."""

    ids: dict[str, None] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    refused: list[Quarantined] = field(default_factory=list)
    failed: bool = False  # its reader, not it


class Planner:
    """One pass over the files: collects changes and commits them in batches.

    `digest` is of what a file's articles come from. `stop` is asked between articles; once it says
    so, what was planned is committed and nothing more is read.
    """

    def __init__(
        self,
        held: Held,
        read: Read,
        digest: Callable[[Path], str],
        commit: Commit,
        tally: Tally,
        stop: Callable[[], bool],
    ) -> None:
        self._held, self._read, self._commit, self._tally = held, read, commit, tally
        self._digest, self._stop = digest, stop
        # As they were before the run: what is known of the files at hand, and of ids that came up.
        self._states: Mapping[str, FileState] = {}
        self._ids: Mapping[str, list[str]] = {}
        self._known: set[str] = set()
        self._owners: dict[str, str | None] = {}  # in the end
        # Files with ids that another one holds, which may let go of them yet.
        self._put_off: list[tuple[SourceFile, _Known, set[str]]] = []
        self._pending: list[FileChange] = []
        self._passages = 0
        self._seen = 0

    @property
    def articles(self) -> int:
        """How many articles have been read, or found unchanged."""
        return self._seen

    def expect(self, files: Sequence[SourceFile]) -> None:
        """Look up what is known of the files that are taken next."""
        paths = [stored_path(file.path) for file in files]
        self._states, self._ids = self._held.states(paths), self._held.ids(paths)

    def take(self, file: SourceFile, *, anew: bool = False) -> None:
        """Plan one file; commits when enough is pending. `anew`: even if it did not change."""
        path, content = stored_path(file.path), self._digest(file.path)
        state, ids = self._states.get(path), self._ids.get(path, [])
        if state is not None and content and state.digest == content and not anew:
            self._tally.unchanged += ids
            self._seen += len(ids)
            self._tally.quarantined += state.quarantined
            return
        self._plan(file, content, _Known(state, ids, anew))

    def finish(self) -> None:
        """Take what was put off, without the ids that are still held, and commit the rest."""
        for file, known, waiting in self._put_off:
            self._plan(file, self._digest(file.path), known, waiting)
        self.flush()

    def _plan(
        self,
        file: SourceFile,
        content: str,
        known: _Known,
        waiting: set[str] | None = None,
        columns: ColumnMapping | None = None,
    ) -> None:
        """Read one file and plan its changes. `waiting`: it was put off, for these ids.

        `columns`: in the place of the run's.
        """
        path, state, ids = stored_path(file.path), known.state, known.ids
        # A file keeps the root that it was first indexed from, so that its articles keep their ids.
        root = state.root if state else stored_path(file.root)
        found = _Found()
        part, size, written = FileChange(path, root, "", keep=None), 0, False
        items = self._read(SourceFile(file.path, actual_path(root)), columns)
        for article in self._articles(items, file, found, waiting):
            passages = split_passages(article)
            part.write.append((article, passages))
            size, written = size + len(passages), True
            if size >= BATCH_PASSAGES:
                self._add(part)
                part, size = FileChange(path, root, "", keep=None), 0
        if self._stop():  # the file may have more: it is read again next time
            self._add_written(part)
            return
        if self._by_other_columns(file, content, known, found, waiting):
            return
        for article_id in ids:
            if article_id not in found.ids and self._owner(article_id) == path:
                self._owners[article_id] = None
        if found.taken and waiting is None:
            self._put_off.append((file, known, found.taken))
            self._add_written(part)
            return
        part.keep = [article_id for article_id in found.ids if article_id not in found.taken]
        part.digest = _digest_kept(content, found, state)
        part.quarantined = found.refused
        same = state is not None and (state.digest, list(state.quarantined)) == (
            part.digest,
            part.quarantined,
        )
        if same and not written and set(ids) <= set(part.keep):
            self._tally.quarantined += found.refused  # nothing to commit
        else:
            self._add(part)

    def _by_other_columns(
        self,
        file: SourceFile,
        content: str,
        known: _Known,
        found: _Found,
        waiting: set[str] | None,
    ) -> bool:
        """Plan by the columns that a file gave its articles by, where those of the run give none.

        So a mapping that is meant for other files takes nothing away. False: there is no need.
        """
        before = known.state.digest.removeprefix(_ONCE_MORE) if known.state else ""
        own, columns = with_columns_of(before, content)
        is_needed = known.ids and before and content and not found.ids
        if known.state is None or not is_needed or own == content:
            return False
        if known.named:
            self._tally.quarantined += found.refused
        if own == before:
            self._tally.unchanged += known.ids
            self._seen += len(known.ids)
            self._tally.quarantined += known.state.quarantined
        else:
            self._plan(file, own, known, waiting, columns)
        return True

    def _articles(
        self,
        items: Iterator[Article | Quarantined],
        file: SourceFile,
        found: _Found,
        waiting: set[str] | None,
    ) -> Iterator[Article]:
        """The articles of a file that are to be written; what else is in it is noted in `found`."""
        path = stored_path(file.path)
        for item in items:
            if self._stop():
                return
            if isinstance(item, Quarantined):
                found.refused.append(item)
                found.failed |= item.reason.startswith(FAILURES)
                continue
            if item.id in found.ids:
                found.refused.append(_id_taken(file, item.id, "another article of this file"))
                continue
            found.ids[item.id] = None
            self._seen += waiting is None
            if waiting is not None and item.id not in waiting:
                continue  # written, or found to be there, the first time
            if other := self._taken_by(item.id, path):
                found.taken.add(item.id)
                if waiting is not None:
                    name = printable(str(actual_path(other)))
                    found.refused.append(_id_taken(file, item.id, name))
                continue
            mine = self._owner(item.id) == path
            self._owners[item.id] = path
            if mine and self._held.holds(item):
                self._tally.unchanged.append(item.id)
            else:
                yield item

    def _add_written(self, portion: FileChange) -> None:
        """Commit what there is of a file that is taken up again later."""
        if portion.write:
            self._add(portion)

    def _add(self, portion: FileChange) -> None:
        self._pending.append(portion)
        self._passages += sum(len(passages) for _, passages in portion.write)
        if self._passages >= BATCH_PASSAGES or len(self._pending) >= BATCH_FILES:
            self.flush()

    def flush(self) -> None:
        """Commit what is pending, then count it: what is reported is in the library."""
        if not self._pending:
            return
        self._tally.removed += self._commit(self._pending)
        for change in self._pending:
            for article, _ in change.write:
                known = article.id in self._known
                (self._tally.updated if known else self._tally.added).append(article.id)
            self._tally.quarantined += change.quarantined
        self._pending, self._passages = [], 0

    def _owner(self, article_id: str) -> str | None:
        """The file that is to hold an article, as far as is known by now."""
        if article_id not in self._owners:
            self._owners[article_id] = owner = self._held.owner(article_id)
            if owner is not None:
                self._known.add(article_id)
        return self._owners[article_id]

    def _taken_by(self, article_id: str, path: str) -> str:
        """The other file, if it still exists, that holds this id; else empty."""
        owner = self._owner(article_id)
        return owner if owner and owner != path and actual_path(owner).exists() else ""


def _digest_kept(content: str, found: _Found, state: FileState | None) -> str:
    """The digest under which a file is known from now on; with another it is read again."""
    if found.taken or any(_needs_package(refused) for refused in found.refused):
        return ""  # an id may be free next time, a package there
    once_more = f"{_ONCE_MORE}{content}"
    if found.failed and content and (state is None or state.digest != once_more):
        return once_more  # for want of time or memory, maybe, that others took
    return content


def _needs_package(refused: Quarantined) -> bool:
    return refused.reason.startswith("needs ") and "pip install" in refused.reason


def _id_taken(file: SourceFile, article_id: str, other: str) -> Quarantined:
    return Quarantined(
        file.name, f"article id {article_id!r} is taken by {other}; give this one another `id`"
    )

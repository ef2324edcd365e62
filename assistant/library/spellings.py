"""The terms of an index by how they sound: which of them may be another spelling of a name.

A table in SQLite beside the words: a library's terms grow with it, and so would the time to read
them all at each opening. They are found by the key of their consonants and the number of their
sounds; 0 stands for that of a script without vowels, which may be any. A term that the words no
longer hold stays in the table; who asks looks.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from assistant.library.damage import unreadable, unwritable
from assistant.spelling import (
    Reading,
    distance,
    joined,
    keys_of,
    limit,
    respelt,
    sounds_of,
)

_FEWEST_LETTERS, _MOST_LETTERS = 3, 24
_CHUNK = 500
_TABLES = """
CREATE TABLE IF NOT EXISTS terms (term TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sounds (
    key TEXT, size INTEGER, term TEXT, sounds TEXT, cost REAL,
    PRIMARY KEY (key, size, term, sounds)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS complete (yes INTEGER PRIMARY KEY);
"""


class TermSpellings:
    """Terms are added as passages are; asked often. Safe to use from several threads.

    `folder` None: in memory. `all_terms` are those of the words: they are added at the first
    question to a table that was never complete.

    Raises:
        IndexDamagedError: the table cannot be read or written.
    """

    def __init__(self, folder: Path | None, all_terms: Callable[[], Iterable[str]]) -> None:
        self._path = folder / "sounds.sqlite" if folder else None
        self._all_terms = all_terms
        self._threads = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._complete = False

    def add(self, terms: Iterable[str], *, first: bool = False) -> None:
        """Take in the terms that are new, in about 20 microseconds each.

        `first`: the words hold no others.
        """
        with self._threads, self._transaction() as connection:
            _add(connection, terms)
            if first:
                connection.execute("INSERT OR IGNORE INTO complete VALUES (1)")

    def near(self, name: str) -> dict[str, float]:
        """The terms that may be a name written as one word, with how far they lie apart."""
        found: dict[str, float] = {}
        with self._threads:
            self._complete_once()
            for reading in joined(name):
                for key in reading.keys:
                    for term, other in self._alike(key, reading):
                        apart = _apart(reading, other)
                        if apart is not None and apart < found.get(term, 9.0):
                            found[term] = apart
        return found

    def close(self) -> None:
        """Let go of the file."""
        with self._threads:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    def _alike(self, key: str, reading: Reading) -> Iterator[tuple[str, Reading]]:
        """The terms of a key that take no more edits than may be, each as it is read."""
        size = len(reading.sounds)
        edits = size if reading.unwritten else _edits(size)
        query, asked = "SELECT term, sounds, cost, size FROM sounds WHERE key = ?", [key]
        if not reading.unwritten:
            sizes = [0, *range(max(size - edits, 1), size + edits + 1)]
            query += f" AND size IN ({','.join(map(str, sizes))})"
        with self._transaction(writes=False) as connection:
            rows = connection.execute(query, asked).fetchall()
        near = process.extract(
            reading.sounds,
            [row[1] if row[3] else "" for row in rows],
            scorer=Levenshtein.distance,
            score_cutoff=edits,
            limit=None,
        )
        chosen = {place for _, _, place in near} | {i for i, row in enumerate(rows) if not row[3]}
        for place in sorted(chosen):
            term, sounds, cost, written = rows[place]
            yield term, Reading(sounds, frozenset(), cost, not written)

    def _complete_once(self) -> None:
        if self._complete:
            return
        with self._transaction(writes=False) as connection:
            self._complete = connection.execute("SELECT 1 FROM complete").fetchone() is not None
        if not self._complete:
            with self._transaction() as connection:
                _add(connection, self._all_terms())
                connection.execute("INSERT OR IGNORE INTO complete VALUES (1)")
            self._complete = True

    @contextmanager
    def _transaction(self, *, writes: bool = True) -> Iterator[sqlite3.Connection]:
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(
                    self._path or ":memory:", timeout=10, check_same_thread=False
                )
                self._connection.isolation_level = None
                self._connection.execute("PRAGMA journal_mode=WAL")
                self._connection.executescript(_TABLES)
            self._connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except sqlite3.OperationalError as error:
            raise unwritable(self._path or Path(), error) from error
        except sqlite3.Error as error:
            raise unreadable(self._path or Path(), error) from error


def _add(connection: sqlite3.Connection, terms: Iterable[str]) -> None:
    words = [
        t for t in dict.fromkeys(terms) if _FEWEST_LETTERS <= len(t) <= _MOST_LETTERS if t.isalpha()
    ]
    known: set[str] = set()
    for first in range(0, len(words), _CHUNK):
        some = words[first : first + _CHUNK]
        marks = ",".join("?" * len(some))
        query = f"SELECT term FROM terms WHERE term IN ({marks})"  # noqa: S608  # only marks are put in
        known.update(term for (term,) in connection.execute(query, some))
    new = [word for word in words if word not in known]
    connection.executemany("INSERT INTO terms VALUES (?)", ((term,) for term in new))
    connection.executemany(
        "INSERT OR IGNORE INTO sounds VALUES (?, ?, ?, ?, ?)",
        (
            (
                key,
                0 if reading.unwritten else len(reading.sounds),
                term,
                reading.sounds,
                reading.cost,
            )
            for term, reading in _readings(new)
            for key in reading.keys
        ),
    )


def _readings(words: list[str]) -> Iterator[tuple[str, Reading]]:
    """Each of some terms in the ways in which it may be read."""
    plain = [(word, form, cost) for word in words if word.isascii() for form, cost in respelt(word)]
    sounds = sounds_of([form for _, form, _ in plain])
    for (word, _, cost), heard, keys in zip(plain, sounds, keys_of(sounds), strict=True):
        yield word, Reading(heard, keys, cost)
    for word in words:
        if not word.isascii():
            for reading in joined(word):
                yield word, reading


def _edits(sounds: int) -> int:
    """How many sounds two spellings may differ in: hardly ever do more fit into the limit."""
    return 1 + sounds // 5


def _apart(one: Reading, other: Reading) -> float | None:
    shorter = min(len(one.sounds), len(other.sounds))
    unwritten = one.unwritten or other.unwritten
    edits = shorter if unwritten else _edits(shorter)
    if Levenshtein.distance(one.sounds, other.sounds, score_cutoff=edits) > edits:
        return None
    apart = distance(one.sounds, other.sounds, unwritten=unwritten) + max(one.cost, other.cost)
    return apart if apart <= limit(shorter, unwritten=unwritten) else None

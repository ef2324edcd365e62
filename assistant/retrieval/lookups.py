"""What the spellings of a question's terms look up in a collection, and what is remembered of it.

The clauses of a question share most of their terms, and so do questions: what was looked up holds
as long as the collection's generation does.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from assistant.library import Collection, analyze
from assistant.spelling import common_words
from assistant.types import Filters

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

_MOST = 6  # spellings of one term
_WITNESSES = 3  # passages that are looked at
_REMEMBERED = 4096  # look-ups, of a few terms each
_CALENDAR = (
    "January February March April May June July August September October November December "
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
)
_LETTERS = re.compile(r"[^\W\d_]+")
_known: WeakKeyDictionary[Collection, tuple[int, dict[tuple[str, Hashable], Any]]] = (
    WeakKeyDictionary()
)


def remembered(
    collection: Collection, kind: str, keys: Sequence[K], look_up: Callable[[list[K]], Sequence[T]]
) -> dict[K, T]:
    """What was looked up of some keys since the collection's last commit, or is now, all at once.

    `look_up` gives a value for each key that it is given; `kind` keeps kinds of look-up apart.
    """
    known = _known_of(collection)
    fresh = [key for key in dict.fromkeys(keys) if (kind, key) not in known]
    if fresh:
        values = zip(fresh, look_up(fresh), strict=True)
        known.update(((kind, key), value) for key, value in values)
    return {key: known[kind, key] for key in keys}


def _known_of(collection: Collection) -> dict[tuple[str, Hashable], Any]:
    """The caller's own from here on, whatever other threads begin anew."""
    generation = collection.generation
    of, known = _known.get(collection, (-1, {}))
    if of != generation or len(known) >= _REMEMBERED:
        known = {}
        _known[collection] = (generation, known)
    return known


class Held:
    """Whether the collection holds a term."""

    def __init__(self, collection: Collection, terms: Iterable[str]) -> None:
        self._collection = collection
        self._unknown = max(collection.idf(["\0"]).values())
        self._idf = collection.idf(list(terms))

    def idf(self, term: str) -> float:
        """The term's inverse document frequency."""
        if term not in self._idf:
            self._idf.update(self._collection.idf([term]))
        return self._idf[term]

    def __call__(self, term: str) -> bool:
        """Whether it does."""
        return self.idf(term) < self._unknown


@cache
def common_terms() -> frozenset[str]:
    """Common words and those of the calendar, analyzed."""
    return frozenset(analyze(" ".join((*common_words(), _CALENDAR))))


def spelt_like(collection: Collection, names: Sequence[str]) -> dict[str, dict[str, float]]:
    """For each name the terms that may be it in another spelling, by its sounds: how far apart."""
    return remembered(
        collection, "spelt like", names, lambda fresh: [collection.spelt_like(n) for n in fresh]
    )


def spelt_near(collection: Collection, terms: Sequence[str]) -> dict[str, dict[str, float]]:
    """The nearest of them, without the term itself and common words."""
    near: dict[str, dict[str, float]] = {}
    for term, found in spelt_like(collection, terms).items():
        others = {t: far for t, far in found.items() if t != term and t not in common_terms()}
        near[term] = {t: others[t] for t in by_nearness(others)[:_MOST]}
    return near


def by_nearness(apart: Mapping[str, float]) -> list[str]:
    """Terms by how far they lie apart, the nearest first."""
    return sorted(apart, key=lambda term: (apart[term], term))


def witnesses(collection: Collection, searches: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each search, the texts that hold most of its terms; loaded all at once."""
    hits = [
        [i for i, _ in collection.search_words(terms, _WITNESSES, Filters())] for terms in searches
    ]
    wanted = list(dict.fromkeys(i for found in hits for i in found))
    loaded = collection.passages(wanted) if wanted else {}
    texts = {i: f"{passage.header}\n{passage.text}" for i, (passage, _) in loaded.items()}
    return [[texts[i] for i in found if i in texts] for found in hits]


def names_among(collection: Collection, terms: Sequence[str]) -> list[str]:
    """Those terms that the collection writes with a capital more often than not."""

    def look_up(fresh: list[str]) -> list[bool]:
        found = witnesses(collection, [[term] for term in fresh])
        return [_has_capitals(t, "\n".join(texts)) for t, texts in zip(fresh, found, strict=True)]

    known = remembered(collection, "name", terms, look_up)
    return [term for term in terms if known[term]]


def _has_capitals(term: str, text: str) -> bool:
    if not term.isascii() and term.upper() == term:
        return True  # a script without capitals
    # Accents are folded by the index: only a plain first letter rules a word out.
    words = Counter(
        word for word in _LETTERS.findall(text) if word[0].lower() == term[0] or word[0] > "z"
    )
    written = {word: n for word, n in words.items() if term in analyze(word)}
    return 2 * sum(n for word, n in written.items() if word[0].isupper()) > sum(written.values())

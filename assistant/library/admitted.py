"""Vectors under a filter, for which Chroma's own filters are too slow; and which hits are current.

How is chosen by how many passages pass. Few are compared with the question one by one; of some,
Chroma is told the ids; where many pass it is asked for so many more hits that enough of them do.
The words know what passes.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.library.catalogue import Catalogue
from assistant.library.engines.vectors import Vectors
from assistant.library.words import Words
from assistant.types import Filters

# Measured on a million passages (docs/scaling.md): to fetch vectors takes 40 microseconds each; the
# fewer ids Chroma is told of so many, the longer it looks (1,500: 230 ms, 7,000: 90 ms).
FEW = 2500  # passages that are compared one by one: exact, and fast once their vectors are held
SOME = 20_000  # passages whose ids are told to Chroma
_MARGIN = 1.5  # more hits than the share of what passes would ask for
_KEPT = 64  # filters
_ROWS = 40_000  # vectors that are held for all of them: 60 MB
_TINY = 1e-12
Hits = list[tuple[str, float]]


class _Held(NamedTuple):
    """Where each passage's vector stands in a matrix of them; those that have none yet."""

    places: dict[str, int]
    matrix: NDArray[np.float32]
    absent: frozenset[str]


_NOTHING = _Held({}, np.zeros((0, 0), dtype=np.float32), frozenset())


class Rows:
    """The vectors that filters' passages were compared by, each fetched once, of length 1.

    As of one generation, which rises when vectors are made. What is held is never changed but
    replaced, so that threads need not wait for each other's fetching.
    """

    def __init__(self, vectors: Vectors) -> None:
        self._vectors = vectors
        self._held = _NOTHING

    def nearest(self, vector: Sequence[float], k: int, among: Sequence[str]) -> Hits:
        """The `k` nearest of some passages, exactly; those without a vector are left out."""
        held = self._holding(among)
        ids = [i for i in among if i in held.places]
        if not ids:
            return []
        rows = held.matrix[[held.places[i] for i in ids]]
        query = np.asarray(vector, dtype=np.float32)
        scores = rows @ query / max(float(np.linalg.norm(query)), _TINY)
        return [(ids[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:k]]

    def _holding(self, among: Sequence[str]) -> _Held:
        held = self._held
        missing = [i for i in among if i not in held.places and i not in held.absent]
        if not missing:
            return held
        if len(held.places) + len(missing) > _ROWS:
            held, missing = _NOTHING, list(among)
        ids, rows = self._vectors.rows(missing)
        matrix = held.matrix
        if ids:
            unit = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)
            matrix = np.concatenate([matrix, unit]) if held.places else unit
        places = held.places | {i: len(held.places) + n for n, i in enumerate(ids)}
        made = _Held(places, matrix, held.absent | (set(missing) - set(ids)))
        self._held = made
        return made


class Admitted:
    """What a filter lets through, as of one generation of the library."""

    def __init__(self, words: Words, vectors: Vectors, rows: Rows, filters: Filters) -> None:
        self._words, self._vectors, self._filters = words, vectors, filters
        self._rows = rows
        passing = words.count(filters)
        self._ids = words.passing(filters, passing) if 0 < passing <= SOME else []
        if len(self._ids) > FEW:
            held = vectors.held(self._ids)  # Chroma fails at one whose vector is still to be made
            self._ids = [passage_id for passage_id in self._ids if passage_id in held]
        self._all = passing > SOME
        self._more = _MARGIN * words.count() / max(passing, 1)

    def nearest(self, vector: Sequence[float], k: int) -> Hits:
        """About `k` of the nearest passages that pass, more or fewer: (id, cosine), best first."""
        if self._all:
            hits = self._vectors.search(vector, math.ceil(k * self._more))
            passing = set(self._words.passing(self._filters, len(hits), [i for i, _ in hits]))
            return [hit for hit in hits if hit[0] in passing]
        if len(self._ids) > FEW:
            return self._vectors.search(vector, k, self._ids)
        return self._rows.nearest(vector, k, self._ids)


class AdmittedKept:
    """What the last filters let through, as of one generation. Safe to use from several threads."""

    def __init__(self) -> None:
        self._threads = threading.Lock()
        self._of: tuple[int, Vectors] | None = None
        self._rows: Rows
        self._kept: dict[Filters, Admitted] = {}

    def get(self, filters: Filters, generation: int, words: Words, vectors: Vectors) -> Admitted:
        """What a filter lets through; made anew where the generation is another."""
        with self._threads:
            if self._of != (generation, vectors):
                self._of, self._rows, self._kept = (generation, vectors), Rows(vectors), {}
            known = self._kept.get(filters)
            if known is None:
                known = Admitted(words, vectors, self._rows, filters)
                if len(self._kept) >= _KEPT:
                    self._kept.clear()
                self._kept[filters] = known
            return known


def current(catalogue: Catalogue, search: Callable[[int], Hits], k: int, *, strays: bool) -> Hits:
    """Over-fetch until `k` hits pass the catalogue, or asking for more brings no more.

    Without strays (see `writer`) vectors and words hold what the catalogue points at. What is
    written or taken away after that was looked up is not there when it is loaded.
    """
    fetch, before = k, -1
    while True:
        hits = search(fetch)
        kept = hits
        if strays:
            found = catalogue.current([h[0] for h in hits])
            kept = [h for h in hits if h[0] in found]
        if len(kept) >= k or len(hits) <= before:
            return kept[:k]
        fetch, before = fetch * 4, len(hits)


def article_of(passage_id: str) -> str:
    """The article that a passage id names."""
    return passage_id.rsplit("@", 1)[0]

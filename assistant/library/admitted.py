"""What a filter lets through, kept for the searches that follow with it; hits that pass."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.library.catalogue import Catalogue
from assistant.library.vectors import cosines
from assistant.types import Filters

FEW = 1000  # passages that are searched one by one: exact, and faster than to fetch too many
_KEPT = 32  # filters, with at most 1.5 MB of vectors each
Hits = list[tuple[str, float]]
Rows = Callable[[Sequence[str]], tuple[list[str], NDArray[np.float32]]]


class Admitted:
    """The articles that pass a filter; where they are few, their passages and the vectors of these.

    As of one generation of the catalogue: make it anew after a commit.
    """

    def __init__(self, catalogue: Catalogue, filters: Filters, rows: Rows) -> None:
        self.articles = frozenset(catalogue.allowed(filters))
        self._rows = rows
        few = len(self.articles) <= FEW  # each has a passage, or hardly counts
        ids = catalogue.passage_ids(self.articles) if few else []
        self.passages = ids if few and len(ids) <= FEW else None

    @cached_property
    def _vectors(self) -> tuple[list[str], NDArray[np.float32]]:
        return self._rows(self.passages or [])

    def nearest(self, vector: Sequence[float], k: int) -> list[tuple[str, float]]:
        """The `k` nearest of `passages`: (id, cosine), best first."""
        ids, rows = self._vectors
        if not ids:
            return []
        scored = zip(ids, cosines(rows, vector), strict=True)
        return sorted(scored, key=lambda pair: -pair[1])[:k]


class AdmittedKept:
    """What the last filters let through, as of one generation. Safe to use from several threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._threads = threading.Lock()
        self._kept: dict[Filters, tuple[int, Admitted]] = {}

    def get(self, filters: Filters, generation: int, rows: Rows) -> Admitted | None:
        """What a filter lets through; made anew where the generation is another.

        None: it lets everything through.
        """
        if not filters.active:
            return None
        with self._threads:
            known = self._kept.get(filters)
            if known is None or known[0] != generation:
                known = (generation, Admitted(self._catalogue, filters, rows))
                if len(self._kept) >= _KEPT:
                    self._kept.clear()
                self._kept[filters] = known
            return known[1]


def current(
    catalogue: Catalogue, search: Callable[[int], Hits], k: int, admitted: Admitted | None
) -> Hits:
    """Over-fetch until `k` hits pass the filters and the catalogue, or none are left.

    Without strays (see `writer`) vectors and words hold what the catalogue points at.
    What a commit takes away between the two looks is not there when it is loaded.
    """
    fetch = k if admitted is None else 4 * k
    while True:
        hits = search(fetch)
        passed = [h for h in hits if admitted is None or article_of(h[0]) in admitted.articles]
        kept = passed
        if catalogue.has_strays():
            found = catalogue.current([h[0] for h in passed])
            kept = [h for h in passed if h[0] in found]
        if len(kept) >= k or len(hits) < fetch:
            return kept[:k]
        fetch *= 4


def article_of(passage_id: str) -> str:
    """The article that a passage id names."""
    return passage_id.rsplit("@", 1)[0]

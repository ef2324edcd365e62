"""What a filter lets through, kept for the searches that follow with the same filter."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.library.catalogue import Catalogue
from assistant.library.vectors import cosines
from assistant.types import Filters

FEW = 1000  # passages that are searched one by one: exact, and faster than to fetch too many
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

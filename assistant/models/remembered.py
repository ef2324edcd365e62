"""An embedder that remembers: the sentences of one article are judged for many questions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MOST = 20_000
"""Texts that are remembered: some 35 megabytes of sentences and their vectors."""


class Remembered:
    """Embeds as the embedder it is given, and no text twice that it still knows.

    The least recently used goes first. For several threads; two that come with the same new text
    at once both embed it.
    """

    def __init__(self, embed: Callable[[list[str]], NDArray[np.float32]], most: int = MOST) -> None:
        self._embed, self._most = embed, most
        self._known: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, texts: list[str]) -> NDArray[np.float32]:
        """(len(texts), dimension) float32, each row of L2 norm 1; (0, 0) of no text.

        Raises:
            EndpointError: the embedder's endpoint failed.
        """
        rows = self._remembered(texts)
        new = [text for text in dict.fromkeys(texts) if text not in rows]
        if new:
            made = dict(zip(new, self._embed(new), strict=True))
            self._remember(made)
            rows |= made
        return np.stack([rows[text] for text in texts]) if texts else np.zeros((0, 0), np.float32)

    def _remembered(self, texts: list[str]) -> dict[str, NDArray[np.float32]]:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
            for text in found:
                self._known.move_to_end(text)
        return found

    def _remember(self, made: dict[str, NDArray[np.float32]]) -> None:
        with self._lock:
            # Copies: a row would hold the whole array that it is a part of.
            self._known.update((text, row.copy()) for text, row in made.items())
            while len(self._known) > self._most:
                self._known.popitem(last=False)

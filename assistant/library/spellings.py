"""The terms of an index by how they sound: which of them may be another spelling of a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from assistant.spelling import (
    Reading,
    distance,
    joined,
    keys_of,
    limit,
    respelt,
    romanise,
    sounds_of,
)

_FEWEST_LETTERS, _MOST_LETTERS = 3, 24


class TermSpellings:
    """Made once from an index's terms, in about 15 microseconds a term; asked often."""

    def __init__(self, terms: Iterable[str]) -> None:
        words = [t for t in terms if _FEWEST_LETTERS <= len(t) <= _MOST_LETTERS and t.isalpha()]
        plain = [(word, form, cost) for word in words for form, cost in respelt(romanise(word))]
        self._terms = [word for word, _, _ in plain]
        self._costs = [cost for _, _, cost in plain]
        self._sounds = sounds_of([form for _, form, _ in plain])
        self._by_key: dict[str, list[int]] = defaultdict(list)
        for place, keys in enumerate(keys_of(self._sounds)):
            for key in keys:
                self._by_key[key].append(place)

    def near(self, name: str) -> dict[str, float]:
        """The terms that may be a name written as one word, with how far they lie apart."""
        found: dict[str, float] = {}
        for reading in joined(name):
            for place in {i for key in reading.keys for i in self._by_key.get(key, ())}:
                apart = self._apart(reading, place)
                term = self._terms[place]
                if apart is not None and apart < found.get(term, 9.0):
                    found[term] = apart
        return found

    def _apart(self, reading: Reading, place: int) -> float | None:
        sounds = self._sounds[place]
        shorter = min(len(reading.sounds), len(sounds))
        edits = 1 + shorter // 5  # hardly ever do more of them fit into the limit
        if Levenshtein.distance(reading.sounds, sounds, score_cutoff=edits) > edits:
            return None
        apart = distance(reading.sounds, sounds, unwritten=reading.unwritten)
        apart += max(reading.cost, self._costs[place])
        return apart if apart <= limit(shorter, unwritten=reading.unwritten) else None

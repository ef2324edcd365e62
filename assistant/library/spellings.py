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
    sounds_of,
)

_FEWEST_LETTERS, _MOST_LETTERS = 3, 24


class TermSpellings:
    """Made once from an index's terms, in about 15 microseconds a term; asked often."""

    def __init__(self, terms: Iterable[str]) -> None:
        words = [t for t in terms if _FEWEST_LETTERS <= len(t) <= _MOST_LETTERS and t.isalpha()]
        plain = [
            (word, form, cost) for word in words if word.isascii() for form, cost in respelt(word)
        ]
        sounds = sounds_of([form for _, form, _ in plain])
        self._terms = [word for word, _, _ in plain]
        self._readings = [
            Reading(heard, keys, cost)
            for (_, _, cost), heard, keys in zip(plain, sounds, keys_of(sounds), strict=True)
        ]
        for word in words:
            if not word.isascii():
                readings = joined(word)
                self._terms += [word] * len(readings)
                self._readings += readings
        self._by_key: dict[str, list[int]] = defaultdict(list)
        for place, reading in enumerate(self._readings):
            for key in reading.keys:
                self._by_key[key].append(place)

    def near(self, name: str) -> dict[str, float]:
        """The terms that may be a name written as one word, with how far they lie apart."""
        found: dict[str, float] = {}
        for reading in joined(name):
            for place in {i for key in reading.keys for i in self._by_key.get(key, ())}:
                apart, term = _apart(reading, self._readings[place]), self._terms[place]
                if apart is not None and apart < found.get(term, 9.0):
                    found[term] = apart
        return found


def _apart(one: Reading, other: Reading) -> float | None:
    shorter = min(len(one.sounds), len(other.sounds))
    unwritten = one.unwritten or other.unwritten
    edits = shorter if unwritten else 1 + shorter // 5  # hardly ever do more fit into the limit
    if Levenshtein.distance(one.sounds, other.sounds, score_cutoff=edits) > edits:
        return None
    apart = distance(one.sounds, other.sounds, unwritten=unwritten) + max(one.cost, other.cost)
    return apart if apart <= limit(shorter, unwritten=unwritten) else None

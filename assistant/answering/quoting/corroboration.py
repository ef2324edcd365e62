"""Whether what a sentence answers is also told elsewhere.

The name or number that answers a question tends to come back in other articles' answers to it; one
that merely stands beside the question's words does not. A reprint says nothing new: the same words
count once, and so do the articles of one report.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from assistant.library import analyze

# A number runs on over . and , between digits; the s of a possessive is no part of a name.
_WORD = re.compile(r"\d+(?:[.,:]\d+)*\w*|[^\W\d](?:[\w-]|['’](?!s\b)\w)*")
_ENOUGH = 3.0  # other articles, each as sure as can be: more prove nothing more


def corroborate(question: str, told: Sequence[tuple[str, str, float]]) -> list[float]:
    """How far other articles tell a sentence's names and numbers, each from 0 to 1.

    `told` are sentences: the report's id, text, and the probability that it answers the question.
    What the question itself names does not count.

    >>> told = [("a", "It fell to Odel.", 0.9), ("b", "So Odel won.", 0.6), ("c", "Lund ran.", 0.6)]
    >>> [round(share, 2) for share in corroborate("Who won?", told)]
    [0.2, 0.3, 0.0]
    """
    asked = {word.casefold() for word in _WORD.findall(question)}
    first_with: dict[str, str] = {}
    origins = [first_with.setdefault(_wording(text), article) for article, text, _ in told]
    named = [_names_and_numbers(text) - asked for _, text, _ in told]
    voices: dict[str, dict[str, float]] = defaultdict(dict)
    for origin, names, (_, _, probability) in zip(origins, named, told, strict=True):
        for name in names:
            voices[name][origin] = max(voices[name].get(origin, 0.0), probability)
    return [
        min(max((_others(voices[name], origin) for name in names), default=0.0), _ENOUGH) / _ENOUGH
        for origin, names in zip(origins, named, strict=True)
    ]


def _others(voices: dict[str, float], origin: str) -> float:
    return sum(probability for article, probability in voices.items() if article != origin)


def _names_and_numbers(text: str) -> set[str]:
    """Words with a capital, but for the first, and words that begin with a digit."""
    words = _WORD.findall(text)
    return {
        word.casefold()
        for place, word in enumerate(words)
        # No term is left of "The" or "But", which begin a sentence or a quotation inside one.
        if word[0].isdigit() or (place > 0 and word[0].isupper() and analyze(word))
    }


def _wording(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))

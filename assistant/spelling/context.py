"""Whether two sentences speak of different countries: Rusafa is a town in Syria and in Baghdad."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from assistant.spelling.letters import romanise

_WORD = re.compile(r"[^\W_]+")


@cache
def _countries() -> dict[str, int]:
    text = files("assistant.spelling").joinpath("places.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {word: number for number, line in enumerate(lines) for word in line.split()}


def countries(text: str, apart_from: str = "") -> frozenset[int]:
    """The countries that a text names, by themselves, their people or a town of theirs.

    `apart_from` is the name in question, which is no witness for itself.
    """
    known = _countries()
    own = set(_WORD.findall(romanise(apart_from)))
    words = set(_WORD.findall(romanise(text))) - own
    return frozenset(known[word] for word in words if word in known)


def elsewhere(name: str, sentence: str, other: str, other_sentence: str) -> bool:
    """Whether two names stand in sentences of which each names countries, and none in common."""
    here = countries(sentence, name)
    there = countries(other_sentence, other)
    return bool(here) and bool(there) and not here & there

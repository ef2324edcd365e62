"""Words that name nothing."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def common_words() -> frozenset[str]:
    """The words that news text writes mostly in lower case (about 2,200)."""
    text = files("assistant.spelling").joinpath("common_words.txt").read_text(encoding="utf-8")
    return frozenset(text.split())

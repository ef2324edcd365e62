"""The markers of a statement, read from its text as a reader does."""

from __future__ import annotations

import re


def markers_of(text: str) -> tuple[int, ...]:
    """The markers that close a statement's text.

    Brackets anywhere else are the article's own words: a quote may hold "[3]" of its footnotes.
    """
    found = re.search(r"(?:\[\d+\])+$", text)
    return tuple(int(number) for number in re.findall(r"\d+", found.group())) if found else ()

"""A group while it is being made."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Draft:
    """A group whose mined negatives are still to be found."""

    question: str
    kind: str
    home: tuple[int, int]
    answer: str = ""
    positives: list[tuple[str, str]] = field(default_factory=list)
    negatives: list[tuple[str, str, str]] = field(default_factory=list)

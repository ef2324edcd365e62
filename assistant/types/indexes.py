"""What an index was built with, and what a run of indexing did to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """What an index was built with; opening it with another embedder is refused.

    `pending`: how many of its passages have no vector yet, and are found by their words alone.
    """

    schema_version: int
    embedder: str
    dimension: int
    weights_digest: str
    chunking: str
    cleaner_version: str
    articles: int
    passages: int
    built_at: str
    generation: int
    pending: int = 0


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A file, or one entry of it, that was not taken in, and why (one line)."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What one run of indexing did: article ids, what was refused, and seconds spent.

    `stopped`: it was asked to end before it was through. `pending`: passages without a vector yet,
    which are found by their words alone.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    seconds: float = 0.0
    stopped: bool = False
    pending: int = 0

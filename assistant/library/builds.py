"""The builds of an index: words and vectors lie in folders of their own for each.

The catalogue says which build is the current one; others are what a rebuild that was killed or
stopped left, or what one that came to its end has still to delete.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.vectors import Vectors

BUILD, NEXT_BUILD = "build", "next_build"  # keys of the manifest
_FOLDER = re.compile(r"(words|vectors)(?:-(\d+))?")


def build_of(meta: Mapping[str, str]) -> int:
    """The current build; 0 where the index was never rebuilt."""
    return int(meta.get(BUILD, "0"))


def words_folder(place: Path, build: int) -> Path:
    """Where the words of a build lie."""
    return place / (f"words-{build}" if build else "words")


def vectors_folder(place: Path, build: int) -> Path:
    """Where the vectors of a build lie."""
    return place / (f"vectors-{build}" if build else "vectors")


def clear_folders(place: Path, current: int | None) -> None:
    """Delete the words and vectors of every build but the current one; for who holds the lock.

    None: of every build.
    """
    for folder in place.iterdir():
        named = _FOLDER.fullmatch(folder.name)
        if not named or int(named[2] or 0) == current:
            continue
        if named[1] == "words":
            shutil.rmtree(folder, ignore_errors=True)
            continue
        vectors = Vectors.shared(folder)
        vectors.clear()  # lets go of it in this process, and waits for those who are loading it
        vectors.close()


def clear_half_made(catalogue: Catalogue, place: Path) -> None:
    """Delete what a rebuild that came to no end left; for who holds the writer's lock."""
    meta = catalogue.meta()
    clear_folders(place, build_of(meta))
    if NEXT_BUILD in meta:
        with catalogue.begin() as connection:
            connection.execute(sa.delete(t.NEXT_PASSAGES))
            connection.execute(sa.delete(t.META).where(t.META.c.key == NEXT_BUILD))

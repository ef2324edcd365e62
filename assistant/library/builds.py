"""The builds of an index: words and vectors lie in folders, or collections, of their own for each.

The catalogue says which build is the current one; others are what a rebuild that was killed or
stopped left, or what one that came to its end has still to delete.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from assistant.errors import IndexLockedError
from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.places import PREFIX, VECTORS_AT, Place

BUILD, NEXT_BUILD = "build", "next_build"  # keys of the manifest; the next has its maker's mark


def build_of(meta: Mapping[str, str]) -> int:
    """The current build; 0 where the index was never rebuilt."""
    return int(meta.get(BUILD, "0"))


def clear_builds(place: Place, meta: Mapping[str, str] | None) -> None:
    """Delete the words and vectors of every build but the current one; for who holds the lock.

    `meta` says which one that is. None: the catalogue is lost, and with it all builds.
    """
    current = place.stores(meta, build_of(meta)) if meta is not None else ()
    for store in place.builds():
        if store not in current:
            place.drop(*store)


def clear_half_made(catalogue: Catalogue, place: Place) -> None:
    """Delete what a rebuild that came to no end left; for who holds the writer's lock."""
    meta = catalogue.meta()
    clear_builds(place, meta)
    if NEXT_BUILD in meta:
        with catalogue.begin() as connection:
            connection.execute(sa.delete(t.NEXT_PASSAGES))
            connection.execute(sa.delete(t.META).where(t.META.c.key == NEXT_BUILD))


def check_next(connection: Connection, mark: str) -> None:
    """Raise where another writer was here since: the lock went with a lost connection.

    Raises:
        IndexLockedError: so it is, and what the rebuild of this mark made is gone.
    """
    query = sa.select(t.META.c.value).where(t.META.c.key == NEXT_BUILD).with_for_update()
    if connection.execute(query).scalar_one_or_none() != mark:
        raise IndexLockedError(
            "another process wrote to the index, since the connection that held the writer's lock "
            "was lost; run it again"
        )


def note_place(file: Catalogue, place: Place) -> None:
    """Note in a copied catalogue that its vectors are to be in this place: the old is another's."""
    with file.begin() as connection:
        connection.execute(sa.delete(t.META).where(t.META.c.key.in_((VECTORS_AT, PREFIX))))
        t.put_meta(connection, place.named({}).noted())

"""One store of a large library is filled: `python -m tests.benchmarks.scale.fill STORE ...`.

Catalogue and words by the library's own commits, vectors by its own `Vectors`: two processes, so
that a million passages take the time of the slower one.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import sqlalchemy as sa

from assistant.library import FileChange, Library
from assistant.library import tables as t
from assistant.library.places import Engines, Place
from assistant.models import embedder_info
from assistant.settings import Settings
from tests.benchmarks.scale.generate import Base, article, batches, load, vectors

_ARTICLES = 100  # of one commit, and of one write to Chroma


def commit_articles(library: Library, base: Base, first: int, last: int) -> None:
    """Articles and their words, as a run of indexing commits them; vectors come from elsewhere."""
    with library.writing() as writer:
        for numbers in batches(first, last, _ARTICLES):
            changes = []
            for number in numbers:
                change = FileChange(f"/generated/{number}.md", "/generated", f"{number}")
                change.write.append(article(base, number))
                changes.append(change)
            writer.apply(changes)
            _say("articles", numbers[-1])
    with library.catalogue.begin() as connection:
        connection.execute(sa.delete(t.PENDING))


def put_vectors(folder: Path, base: Base, first: int, last: int) -> None:
    """The vectors of the same articles."""
    store = Place(folder, Engines()).vectors(0)
    for numbers in batches(first, last, _ARTICLES):
        made = [article(base, number) for number in numbers]
        rows = np.concatenate([vectors(base, number) for number in numbers])
        store.put([(passage, whole) for whole, passages in made for passage in passages], rows)
        _say("vectors", numbers[-1])
    store.close()


def _say(what: str, number: int) -> None:
    if number % 2000 >= 2000 - _ARTICLES:
        print(f"{time.strftime('%H:%M:%S')} {what} {number + 1}", flush=True)


def main() -> None:
    """STORE FOLDER FIRST LAST BASE_INDEX..."""
    store, folder, first, last, *indexes = sys.argv[1:]
    base = load([Path(index) for index in indexes])
    if store == "vectors":
        put_vectors(Path(folder), base, int(first), int(last))
        return
    library = Library.create(Path(folder), embedder_info(Settings()))
    commit_articles(library, base, int(first), int(last))
    library.close()


if __name__ == "__main__":
    main()

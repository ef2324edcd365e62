"""Which articles are worth comparing is counted in the database: as it would be in Python."""

from __future__ import annotations

import random
from collections import Counter

import sqlalchemy as sa

from assistant.articles.near import is_likely
from assistant.library import Library, duplicates
from assistant.library import tables as t

_MOST = 600  # fingerprints of an article: more than one statement asks for


def test_the_likely_ones_are_found(library: Library) -> None:
    chance = random.Random(1)
    common = range(-300, 300)
    held: dict[str, set[int]] = {
        f"article-{n}": set(chance.sample(common, chance.choice((0, 1, 3, 40, 200))))
        for n in range(400)
    }
    with library.catalogue.begin() as connection:
        for number, (article_id, prints) in enumerate(held.items(), start=1):
            signed = {"number": number, "article_id": article_id, "prints": len(prints)}
            connection.execute(sa.insert(t.SIGNED), signed)
            if prints:
                rows = [{"print": each, "number": number} for each in prints]
                connection.execute(sa.insert(t.PRINTS), rows)
        for size in (1, 2, 30, 150, _MOST):
            asked = sorted(chance.sample(common, size))
            shared = Counter({i: len(prints.intersection(asked)) for i, prints in held.items()})
            likely = [
                (-n, i) for i, n in shared.items() if n and is_likely(n, len(held[i]), len(asked))
            ]
            expected = [i for _, i in sorted(likely)[: duplicates._COMPARED]]
            assert expected
            assert duplicates._candidates(connection, asked) == expected

"""What finding the likely copies of an article costs where articles share very many fingerprints.

    python -m tests.benchmarks.linking --articles 20000 --shared 60 300 1000

Fills a catalogue with made-up articles of 190 fingerprints (as one of 1,700 words has); six in ten
of these are held by about `--shared` articles each, as in a library of forms and templates.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from statistics import median

from sqlalchemy.engine import Connection

from assistant.library import duplicates
from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.engines.databases import in_file

_PRINTS, _SHARED = 190, 0.6


def fill(connection: Connection, articles: int, shared: int, chance: random.Random) -> list[int]:
    """Make the articles; returns the fingerprints that many share."""
    common = [_digest(chance) for _ in range(max(round(articles * _PRINTS * _SHARED / shared), 1))]
    t.create_tables(connection)
    rows = {(each, n) for n in range(1, articles + 1) for each in _prints(common, chance)}
    connection.exec_driver_sql("insert into prints values (?, ?)", sorted(rows))
    signed = [(n, f"article-{n}", _PRINTS) for n in range(1, articles + 1)]
    connection.exec_driver_sql("insert into signed values (?, ?, ?)", signed)
    return common


def _prints(common: Sequence[int], chance: random.Random) -> set[int]:
    taken = set(chance.sample(common, min(round(_PRINTS * _SHARED), len(common))))
    return taken | {_digest(chance) for _ in range(_PRINTS - len(taken))}


def _digest(chance: random.Random) -> int:
    return chance.getrandbits(64) - 2**63


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--shared", type=int, nargs="+", default=[60, 300, 1000])
    given = parser.parse_args(argv)
    for shared in given.shared:
        chance = random.Random(1)
        with (
            tempfile.TemporaryDirectory() as folder,
            closing(Catalogue(in_file(Path(folder) / "catalogue.sqlite"))) as catalogue,
            catalogue.begin() as connection,
        ):
            common = fill(connection, given.articles, shared, chance)
            took = []
            for _ in range(30):
                prints = sorted(_prints(common, chance))
                began = time.process_time()
                duplicates._candidates(connection, prints)
                took.append(1000 * (time.process_time() - began))
        print(
            f"{given.articles:,} articles, a shared fingerprint in about {shared}: "
            f"{median(took):.1f} ms of processor time an article, at most {max(took):.1f}"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""How long a look at the page Library takes, over a catalogue of invented articles.

    python -m tests.benchmarks.library_page [--articles 100000]

Prints a table: the best of three, in milliseconds, for a page of the list and for its counts.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from assistant.library.databases import in_file

from assistant.library import Listing, Look
from assistant.library import tables as t
from assistant.library.catalogue import Catalogue

LOOKS = {
    "everything": Look(),
    "everything, the last page": Look(),
    "a word that many have": Look("outlet"),
    "two words": Look("outlet bakora"),
    "a word that none has": Look("zzzz"),
    "an outlet": Look(outlet="Outlet 3"),
    "a tag": Look(tag="tag 7"),
    "a month": Look(when="2017-06"),
}


def fill(catalogue: Catalogue, articles: int) -> None:
    """Write articles with nine-word titles, 40 outlets, 20 years, 100 tags and 600 words each."""
    chance = random.Random(1)
    syllables = ("ba", "ko", "ra", "ti", "mel", "son", "gar", "du", "vi", "len")
    words = ["".join(chance.choices(syllables, k=3)) for _ in range(4000)]
    rows, files, texts = [], [], []
    for number in range(articles):
        year = chance.randrange(2005, 2025)
        path = f"/srv/news/archive/{year}/story-{number}.html"
        day = f"{year}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        rows.append(
            {
                "id": f"{year}/story-{number}",
                "revision": "r",
                "path": path,
                "title": " ".join(chance.choices(words, k=9)),
                "source": f"Outlet {chance.randrange(40)}",
                "publisher": "Digest" if chance.random() < 0.2 else "",
                "author": " ".join(chance.choices(words, k=2)),
                "published": day if chance.random() > 0.02 else None,
                "carried_on": None,
                "region": f"Region {chance.randrange(9)}",
                "tags": ["news", f"tag {chance.randrange(99)}"],
                "url": "",
                "language": "en",
                "cleaner_version": "1",
            }
        )
        files.append({"path": path, "root": "/srv/news/archive", "digest": "d", "quarantined": []})
        texts.append({"article_id": rows[-1]["id"], "revision": "r", "text": b"word " * 600})
    with catalogue.begin() as connection:
        catalogue.create_tables(connection)
        for table, held in ((t.ARTICLES, rows), (t.FILES, files), (t.REVISIONS, texts)):
            connection.execute(sa.insert(table), held)


def best(work: Callable[[], object]) -> float:
    """Milliseconds of the fastest of three."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return min(taken)


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    articles = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Catalogue(in_file(Path(folder) / "catalogue.sqlite"))
        fill(catalogue, articles)
        listing = Listing(catalogue)
        sys.stdout.write("| look | articles | a page, ms | counts, ms |\n|---|---|---|---|\n")
        for name, look in LOOKS.items():
            first = articles - 50 if "last" in name else 0
            held = sum(each.articles for each in listing.counts(look))
            page = best(lambda look=look, first=first: listing.page(look, first, 50))
            counts = best(lambda look=look: listing.counts(look))
            sys.stdout.write(f"| {name} | {held:,} | {page:.0f} | {counts:.0f} |\n")
        catalogue.close()


if __name__ == "__main__":
    main()

"""Measures links between articles: python -m tests.benchmarks.duplicates SET... [--passages N]

A set is a folder with `articles/`. For each, all pairs of articles are compared by brute force, and
a table says how many share at least so much of the runs of the shorter one, how many of these the
fingerprints bring together, and what is linked; another, what linking costs in a catalogue.

Where a set has pairs in `tests/fixtures/duplicates.jsonl` (read by hand: is most of the shorter one
the other's words, or both an agency's, about one thing?), a table says how many are at each
threshold, apart for the half of the pairs that thresholds were chosen on and the other one, and for
pairs of one outlet and of two. The halves are by a digest of the two ids.

`--passages N`: fills the catalogue with made-up fingerprints, as many as N passages would have, and
says how long adding one article takes then; a tenth of all have a phrase of one of the articles.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path
from statistics import median

from assistant.articles import find_files, near, read_articles
from assistant.articles.near import Report, fingerprints, group, is_likely, link_all
from assistant.evaluation.figures import wilson
from assistant.library import FileChange, duplicates
from assistant.library import tables as t
from assistant.library.catalogue import Catalogue
from assistant.library.changes import commit_file, drop_article
from assistant.library.engines.databases import in_file
from assistant.passages import split_passages
from assistant.types import Article

JUDGED = Path(__file__).parents[1] / "fixtures" / "duplicates.jsonl"
THRESHOLDS = (0.5, 0.6, 0.7, 0.8)
Pair = tuple[str, str]


def half_of(pair: Pair) -> str:
    """The half that a pair of article ids falls in."""
    chosen = zlib.crc32(" ".join(sorted(pair)).encode()) % 2 == 0
    return "chosen on" if chosen else "read after"


def shares_of(articles: Sequence[Article]) -> dict[Pair, float]:
    """The shared runs of every two articles that share one, of the shorter one's, by their ids."""
    reports = [Report(article) for article in articles]
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for place, report in enumerate(reports):
        for run in report.runs:
            holders[run].append(place)
    shared = Counter(pair for held in holders.values() for pair in combinations(held, 2))
    return {
        _pair(reports[one].article, reports[other].article): number
        / min(len(reports[one].runs), len(reports[other].runs))
        for (one, other), number in shared.items()
    }


def _pair(one: Article, other: Article) -> Pair:
    first, second = sorted((one.id, other.id))
    return first, second


def found_table(name: str, articles: Sequence[Article], shares: dict[Pair, float]) -> Iterator[str]:
    """How many pairs there are by brute force, how many are compared, and what is linked."""
    prints = {article.id: set(fingerprints(article.text)) for article in articles}
    likely = {
        (one, other)
        for one, other in shares
        if is_likely(len(prints[one] & prints[other]), len(prints[one]), len(prints[other]))
    }
    source = {article.id: article.source for article in articles}
    yield "| set | share | pairs | of one outlet | brought together by fingerprints |"
    yield "|---|---|---|---|---|"
    for least in (0.4, *THRESHOLDS, 0.95):
        pairs = [pair for pair, share in shares.items() if share >= least]
        own = sum(source[one] == source[other] for one, other in pairs)
        met = len(likely.intersection(pairs))
        yield f"| {name} | {least} | {len(pairs)} | {own} | {met} |"
    links = link_all(articles)
    kinds = ", ".join(f"{n} {kind}" for kind, n in Counter(li.kind for li in links).most_common())
    sizes = Counter(len(told) for told in group(articles, links))
    yield f"\n{name}: {len(articles)} articles, {len(likely)} pairs compared, {len(links)} links "
    yield f"({kinds or 'none'}); reports by the number of their articles: {dict(sizes)}\n"


def judged_table(
    name: str, articles: Sequence[Article], shares: dict[Pair, float]
) -> Iterator[str]:
    """How many of the pairs that were read are one report, from each threshold on."""
    rows = [json.loads(line) for line in JUDGED.read_text(encoding="utf-8").splitlines()]
    right = {tuple(row["articles"]): row["one_report"] for row in rows if row["set"] == name}
    if not right:
        return
    source = {article.id: article.source for article in articles}
    yield "| half | outlets | share | read | one report |"
    yield "|---|---|---|---|---|"
    for half in ("chosen on", "read after"):
        for outlets in ("one", "two"):
            for least, most in zip(THRESHOLDS, (*THRESHOLDS[1:], 0.95), strict=True):
                verdicts = [
                    verdict
                    for pair, verdict in right.items()
                    if half_of(pair) == half
                    and (source[pair[0]] == source[pair[1]]) == (outlets == "one")
                    and least <= shares[pair] < most
                ]
                yield f"| {half} | {outlets} | {least} to {most} | {_of(verdicts)} |"
    kept = [verdict for pair, verdict in right.items() if _is_linked(pair, shares, source)]
    for half in ("chosen on", "read after"):
        verdicts = [
            verdict
            for pair, verdict in right.items()
            if half_of(pair) == half and _is_linked(pair, shares, source)
        ]
        yield f"| {half} | | at the thresholds | {_of(verdicts)} |"
    yield f"| both | | at the thresholds | {_of(kept)} |\n"


def _is_linked(pair: Pair, shares: dict[Pair, float], source: dict[str, str]) -> bool:
    one_outlet = source[pair[0]] == source[pair[1]]
    return shares[pair] >= (near.SAME_OUTLET if one_outlet else near.OTHER_OUTLET)


def _of(verdicts: Sequence[bool]) -> str:
    if not verdicts:
        return "0 | –"
    low, high = wilson(sum(verdicts), len(verdicts))
    return f"{len(verdicts)} | {sum(verdicts)} ({low:.0%}–{high:.0%})"


def cost(name: str, articles: Sequence[Article], folder: Path, passages: int) -> Iterator[str]:
    """Seconds and bytes of a catalogue with and without links; of one article in a large one."""
    split = [(article, split_passages(article)) for article in articles]
    held = sum(len(cut) for _, cut in split)
    catalogue = Catalogue(in_file(folder / f"{name}.sqlite"))
    with catalogue.begin() as connection:
        t.create_tables(connection)
        began = time.process_time()
        for article, cut in split:
            change = FileChange(article.id, "root", "digest", write=[(article, cut)])
            commit_file(connection, change)
        whole = time.process_time() - began
        began = time.process_time()
        duplicates.link_anew(connection)
        linking = time.process_time() - began
    with catalogue.begin() as connection:
        prints = connection.exec_driver_sql("select count(*) from prints").scalar_one()
    yield f"{name}: {len(articles)} articles, {held} passages, {prints} fingerprints; rows of the "
    yield f"catalogue {whole:.2f} s of processor time, of which links {linking:.2f} s\n"
    if passages:
        yield from _among_many(catalogue, articles, passages, prints / held)
    catalogue.close()


def _among_many(
    catalogue: Catalogue, articles: Sequence[Article], passages: int, density: float
) -> Iterator[str]:
    chance = random.Random(1)
    sample = chance.sample(list(articles), min(50, len(articles)))
    common = fingerprints(sample[0].text)[0]
    number = round(passages * density)
    each = 100  # fingerprints of one made-up article
    first = len(articles) + 1
    rows = [(chance.getrandbits(64) - 2**63, first + place // each) for place in range(number)]
    rows += [(common, first + place) for place in range(0, number // each, 10)]
    rows.sort()
    with catalogue.begin() as connection:
        before = _size(catalogue)
        connection.exec_driver_sql("insert or ignore into prints values (?, ?)", rows)
        made = [(first + place, f"made-up-{place}", each) for place in range(number // each + 1)]
        connection.exec_driver_sql("insert into signed values (?, ?, ?)", made)
    took = []
    for article in sample:
        with catalogue.begin() as connection:
            drop_article(connection, article.id)
        began = time.perf_counter()
        with catalogue.begin() as connection:
            commit_file(connection, FileChange(article.id, "root", "digest", write=[(article, [])]))
        took.append(time.perf_counter() - began)
    yield f"among {number:,} fingerprints of {passages:,} passages ({_size(catalogue) - before:,} "
    yield f"bytes more): adding one article takes {1000 * median(took):.0f} ms, at most "
    yield f"{1000 * max(took):.0f}; the one with the common phrase {1000 * took[0]:.0f}\n"


def _size(catalogue: Catalogue) -> int:
    with catalogue.begin() as connection:
        pages = connection.exec_driver_sql("pragma page_count").scalar_one()
        return int(pages * connection.exec_driver_sql("pragma page_size").scalar_one())


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Exit code 0, whatever was measured."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sets", type=Path, nargs="+", metavar="SET")
    parser.add_argument("--passages", type=int, default=0, metavar="N")
    arguments = parser.parse_args(argv)
    for folder in arguments.sets:
        files = find_files([folder / "articles"])
        read = [item for file in files for item in read_articles(file)]
        articles = [item for item in read if isinstance(item, Article)]
        shares = shares_of(articles)
        print(*found_table(folder.name, articles, shares), sep="\n")
        print(*judged_table(folder.name, articles, shares), sep="\n")
        with tempfile.TemporaryDirectory() as scratch:
            lines = cost(folder.name, articles, Path(scratch), arguments.passages)
            print(*lines, sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

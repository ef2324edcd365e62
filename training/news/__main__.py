"""`python -m training.news ARTICLES_DIR... --out FILE --seed 0`."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from pathlib import Path

from training.lexicon import load_spacy
from training.news.corpus import parse
from training.news.groups import make_groups
from training.news.source import read_articles


def main() -> None:
    """Read the articles, make the groups, write them and say how many of each kind."""
    parser = argparse.ArgumentParser(prog="python -m training.news", description=__doc__)
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    corpus = parse(read_articles(args.articles), load_spacy())
    counts: Counter[tuple[str, str]] = Counter()
    opener = gzip.open if args.out.suffix == ".gz" else open
    with opener(args.out, "wt", encoding="utf-8") as file:
        for group in make_groups(corpus, args.seed):
            file.write(json.dumps(group, ensure_ascii=False) + "\n")
            counts["answerable" if group["positives"] else "unanswerable", str(group["kind"])] += 1
    for (side, kind), count in sorted(counts.items()):
        sys.stdout.write(f"{side:13} {kind:16} {count}\n")
    sys.stdout.write(f"{sum(counts.values())} groups\n")


if __name__ == "__main__":
    main()

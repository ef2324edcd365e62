"""`python -m training.claims ARTICLES_DIR... --train DIR --out FILE --seed 0`."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from pathlib import Path

from training.claims.groups import make_groups
from training.claims.passages import read_passages
from training.lexicon import load_spacy
from training.news.corpus import parse
from training.news.source import read_articles


def main() -> None:
    """Read the texts, make the claims, write them and say how many of each kind."""
    parser = argparse.ArgumentParser(prog="python -m training.claims", description=__doc__)
    parser.add_argument("articles", nargs="+", type=Path)
    parser.add_argument("--train", type=Path, help="the folder of the public sets")
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--share", type=float, default=0.3, help="share of the sentences used")
    args = parser.parse_args()
    articles = read_articles(args.articles)
    if args.train:
        articles += read_passages(args.train)
    corpus = parse(articles, load_spacy())
    counts: Counter[tuple[str, str]] = Counter()
    opener = gzip.open if args.out.suffix == ".gz" else open
    with opener(args.out, "wt", encoding="utf-8") as file:
        for group in make_groups(corpus, args.seed, args.share):
            file.write(json.dumps(group, ensure_ascii=False) + "\n")
            counts["supported" if group["positives"] else "unsupported", str(group["kind"])] += 1
    for (side, kind), count in sorted(counts.items()):
        sys.stdout.write(f"{side:12} {kind:14} {count}\n")
    sys.stdout.write(f"{sum(counts.values())} groups\n")


if __name__ == "__main__":
    main()

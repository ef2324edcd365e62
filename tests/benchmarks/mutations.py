"""What the checks catch: python -m tests.benchmarks.mutations DATA [--sets syria,multihoprag].

Sentences of DATA/SET/articles are quotes; the claims on them are faithful paraphrases, or have one
thing wrong (`mutants`). Each claim goes through the product's own assembler. A claim that it
replaces by the whole sentence of the quote counts as kept where it is faithful and as caught where
it is wrong: what the reader sees is true. Articles are split in two halves by their ids; rules were
made on the first alone.
"""

from __future__ import annotations

import argparse
import json
import random
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answering.assemble import Assembler
from assistant.answering.drafts import Draft, Quote
from assistant.articles.files import find_files
from assistant.articles.readers import read_articles
from assistant.evaluation.figures import wilson
from assistant.passages import split_sentences
from assistant.types import Article, Part
from tests.benchmarks.mutants import FAITHFUL, WRONG, Maker, Pool, pool_of

HALVES = ("tuning", "held out")
AIMS = {
    **dict.fromkeys(("number", "date", "name", "place"), 0.99),
    **dict.fromkeys(("negation", "hedge", "attempt told as done"), 0.90),
    "faithful": 0.90,
}


@dataclass(frozen=True, slots=True)
class Source:
    """One sentence of an article, and the quote that holds it (with the next one, or alone)."""

    quote: Quote
    sentence: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What was claimed on a source; `kind` says what is wrong with it, or how it is faithful."""

    source: Source
    kind: str
    body: str
    faithful: bool

    @property
    def half(self) -> str:
        return HALVES[zlib.crc32(self.source.quote.article.id.encode()) % 2]


def sources_of(articles: Iterable[Article]) -> list[Source]:
    """The sentences of the articles that read like one: 6 to 45 words, closed by a full stop."""
    found = []
    for article in articles:
        spans = split_sentences(article.text)
        for number, (start, end) in enumerate(spans):
            sentence = article.text[start:end]
            if not 6 <= len(sentence.split()) <= 45 or sentence[-1] != ".":
                continue
            if not sentence[0].isupper() or "\n" in sentence:
                continue
            last = spans[min(number + 1, len(spans) - 1)][1]
            words = len(article.text[start:last].split())
            to = (
                last if number % 2 and words <= 60 and "\n" not in article.text[start:last] else end
            )
            found.append(Source(Quote(article, f"{article.id}@m", start, to), sentence))
    return found


def claims_of(sources: Sequence[Source], seed: int, most: int) -> Iterator[Claim]:
    """Up to `most` claims of each kind, drawn by the seed; every second wrong one is reworded."""
    random_ = random.Random(seed)
    shuffled = list(sources)
    random_.shuffle(shuffled)
    pool = pool_of(source.sentence for source in shuffled)
    for kind, maker in FAITHFUL.items():
        yield from _made(kind, maker, shuffled, pool, random_, most, faithful=True)
    for kind, maker in WRONG.items():
        yield from _made(kind, maker, shuffled, pool, random_, most, faithful=False)


def _made(
    kind: str,
    maker: Maker,
    sources: Sequence[Source],
    pool: Pool,
    random_: random.Random,
    most: int,
    *,
    faithful: bool,
) -> Iterator[Claim]:
    count = 0
    for source in sources:
        if count == most:
            return
        body = maker(source.sentence, random_, pool)
        if body is None:
            continue
        if count % 2:
            body = _reworded(body, random_, pool, but=kind if faithful else "aside dropped")
        if body in source.quote.text:
            continue
        yield Claim(source, kind, body, faithful)
        count += 1


def _reworded(body: str, random_: random.Random, pool: Pool, but: str) -> str:
    """The claim in other words as well, where a rule applies.

    No aside is dropped from a wrong claim: what is wrong could stand in it.
    """
    makers = [maker for kind, maker in FAITHFUL.items() if kind != but]
    random_.shuffle(makers)
    return next((made for maker in makers if (made := maker(body, random_, pool))), body)


def shown(claim: Claim) -> str | None:
    """What the reader sees of a claim: its body, the whole sentence of the quote, or nothing."""
    part = Assembler().add(Draft(claim.body, (claim.source.quote,)))
    return part.statement.body if isinstance(part, Part) else None


def faults(claim: Claim) -> list[str]:
    """What the checks find wrong with a claim."""
    part = Assembler().add(Draft(claim.body, (claim.source.quote,)))
    return [] if isinstance(part, Part) else part


def stands(claim: Claim) -> bool:
    """Whether it turned out as it should: a faithful claim is shown, a wrong one is not."""
    seen = shown(claim)
    return seen is not None if claim.faithful else seen != claim.body


def read_sets(folders: Iterable[Path]) -> list[Article]:
    """The articles of some folders."""
    files = find_files(list(folders))
    read = (item for file in files for item in read_articles(file))
    return [item for item in read if isinstance(item, Article)]


def tally(claims: Iterable[Claim]) -> dict[tuple[str, str], list[bool]]:
    """(kind, half) -> whether each claim turned out as it should; "faithful" sums those up."""
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for claim in claims:
        right = stands(claim)
        found[claim.kind, claim.half].append(right)
        if claim.faithful:
            found["faithful", claim.half].append(right)
    return found


def table(found: dict[tuple[str, str], list[bool]]) -> str:
    """A Markdown table: share with its Wilson interval, both halves beside each other."""
    rows = ["| claims | aim | tuning half | held-out half |", "|---|---|---|---|"]
    for kind in (*WRONG, "faithful", *FAITHFUL):
        aim = f"{AIMS[kind]:.2f}" if kind in AIMS else "–"
        cells = [_share(found.get((kind, half), [])) for half in HALVES]
        rows.append(f"| {kind} | {aim} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _share(right: Sequence[bool]) -> str:
    if not right:
        return "–"
    low, high = wilson(sum(right), len(right))
    return f"{sum(right) / len(right):.3f} ({low:.3f}–{high:.3f}), n = {len(right)}"


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    misses: list[dict[str, object]] = []
    for name in arguments.sets.split(","):
        sources = sources_of(read_sets([arguments.data / name / "articles"]))
        claims = list(claims_of(sources, arguments.seed, arguments.most))
        if arguments.half:
            claims = [claim for claim in claims if claim.half == arguments.half]
        of_set = tally(claims)
        print(f"{name}: {len(sources)} sentences, {len(claims)} claims\n\n{table(of_set)}\n")
        for key, right in of_set.items():
            found[key] += right
        if arguments.misses:
            misses += [
                {"set": name, "kind": c.kind, "half": c.half, "claim": c.body}
                | {"quote": c.source.quote.text, "faults": faults(c)}
                for c in claims
                if not stands(c)
            ]
    print(f"all\n\n{table(found)}")
    if arguments.misses:
        text = "".join(json.dumps(miss, ensure_ascii=False) + "\n" for miss in misses)
        arguments.misses.write_text(text, encoding="utf-8")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mutations")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--sets", default="syria,multihoprag", help="sets, joined by commas")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--most", type=int, default=300, help="claims of a kind and set at most")
    parser.add_argument("--half", choices=HALVES, help="one half alone")
    parser.add_argument("--misses", type=Path, help="write what went wrong to this file")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

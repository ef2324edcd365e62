"""What is read of an article's metadata, by the form that it comes in.

    python -m tests.benchmarks.measure_metadata DATA... [--seed 0] [--half held|tuned|both]
        [--share 1.0] [--wrong 0]

DATA is a folder of articles whose fields are known. Each is written in every form (plain text,
Markdown, JSON, HTML pages) in a shape that the seed draws, and read back as a file is. For each
form and field: on how many pages it stands, on how many of these it was read right, missed or
read wrong, and on how many pages it was invented; the share that is right with its 95 % interval
(Wilson). Then the words of the article that were lost, and the words around it that are left (both
as multisets), and the gold quotes lost where a file of questions lies beside the articles. Half of
the articles, by the hash of their ids, may be tuned on; the other half is what is reported.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from assistant.articles import SourceFile, find_files, read_articles
from assistant.articles.markdown import strip_tags
from assistant.evaluation.figures import wilson
from assistant.types import Article
from tests.benchmarks import (
    measure_metadata_html,
    measure_metadata_later,
    measure_metadata_text,
)
from tests.benchmarks.measure_metadata_facts import Facts, facts_of, same

LATER = measure_metadata_later.FORMS
FORMS = measure_metadata_text.FORMS | measure_metadata_html.FORMS | LATER
FIELDS = (
    "title", "author", "source", "publisher", "published", "carried_on", "region", "tags", "url",
    "language",
)  # fmt: skip
_UNSEEN = re.compile(r"<head>.*?</head>|<(script|style)\b.*?</\1>", re.DOTALL)


@dataclass(slots=True)
class Tally:
    """Of one form: outcomes by field, words, and the quotes of questions."""

    fields: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    words: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def agrees(name: str, value: object, gold: object) -> bool:
    """Whether a field was read right: names whatever their case and joints, tags as a set."""
    if isinstance(gold, tuple) and isinstance(value, tuple):
        return {tag.casefold() for tag in value} == {tag.casefold() for tag in gold}
    if isinstance(gold, date) or isinstance(value, date):
        return value == gold
    if name == "author":
        names = [
            sorted(re.findall(r"[^\W_]+", str(each).casefold().replace(" and ", ", ")))
            for each in (value, gold)
        ]
        return names[0] == names[1]
    if name == "url":
        # Which campaign a reader came by is no part of where the article is.
        return re.sub(r"/?([?#].*)?$", "", str(value)) == re.sub(r"/?([?#].*)?$", "", str(gold))
    if name == "language":
        return str(value)[:2] == gold
    return same(str(value), str(gold))


def outcome(name: str, value: object, gold: object) -> str:
    """What became of one field; a page that shows none (no gold) may have one invented."""
    if not gold:
        return "invented" if value else ""
    return "right" if agrees(name, value, gold) else "wrong" if value else "missing"


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def read_back(text: str, ending: str, folder: Path) -> Article | None:
    """The article that the product makes of a file; None where it refuses it."""
    path = folder / f"article{ending}"
    path.write_text(text, encoding="utf-8")
    found = next(iter(read_articles(SourceFile(path, folder))))
    return found if isinstance(found, Article) else None


def seen(text: str, ending: str) -> str:
    """What a reader of the page sees of a file."""
    if ending == ".html":
        return strip_tags(_UNSEEN.sub("", text))
    return text.split("\n---\n", 1)[-1] if ending == ".md" else text


def score(
    form: str, facts: Facts, quotes: Sequence[str], rng: random.Random, folder: Path, tally: Tally
) -> None:
    """Write one article in one form, read it back, and count."""
    ending, write = FORMS[form]
    page, shown = write(facts, rng)
    article = read_back(page, ending, folder)
    tally.words["pages"] += 1
    for name in FIELDS:
        value = getattr(article, name, "")
        gold = shown.get(name)
        # Its text may give the day, and a re-publisher's stands for it where nothing does.
        if name == "published" and not gold and value in {facts.published, facts.carried_on}:
            value = None
        result = outcome(name, value, gold)
        tally.fields[name][result] += 1
        if result in {"wrong", "missing", "invented"}:
            tally.wrong.append(f"{form} | {facts.id} | {name} | {result}: {value} | {gold}")
    text = article.text if article else ""
    gold_words, kept = words(" ".join(facts.paragraphs)), words(text)
    around = words("" if ending == ".jsonl" else seen(page, ending)) - gold_words
    tally.words["lost"] += (gold_words - kept).total()
    tally.words["article"] += gold_words.total()
    tally.words["left"] += (kept - gold_words).total()
    tally.words["around"] += around.total()
    bare = "".join(text.split())
    tally.words["quotes"] += len(quotes)
    tally.words["quotes lost"] += sum("".join(quote.split()) not in bare for quote in quotes)


def articles_of(folder: Path) -> Iterator[tuple[Article, list[str]]]:
    """The articles of a set, each with the gold quotes of the questions beside it."""
    quotes: dict[str, list[str]] = defaultdict(list)
    questions = folder.parent / "questions.dev.jsonl"
    for line in questions.read_text(encoding="utf-8").splitlines() if questions.exists() else ():
        for group in json.loads(line).get("evidence") or []:
            for gold in group:
                quotes[gold["article_id"]].append(gold["quote"])
    for file in find_files([folder]):
        for item in read_articles(file):
            if isinstance(item, Article):
                yield item, quotes[item.id]


def is_held(article_id: str) -> bool:
    """Whether an article belongs to the half that nothing was tuned on."""
    return hashlib.sha256(article_id.encode()).digest()[0] % 2 == 1


def measure(
    folders: Sequence[Path], seed: int = 0, half: str = "both", share: float = 1.0
) -> dict[str, Tally]:
    """The tally of every form over the articles of the folders."""
    tallies = {form: Tally() for form in FORMS}
    with tempfile.TemporaryDirectory() as name:
        for folder in folders:
            for article, quotes in articles_of(folder):
                rng = random.Random(f"{seed}/{article.id}")
                if half not in {"both", "held" if is_held(article.id) else "tuned"}:
                    continue
                if not article.title or rng.random() >= share:
                    continue
                facts = facts_of(article, seed)
                for form, tally in tallies.items():
                    score(form, facts, quotes, rng, Path(name), tally)
    return tallies


def table(tallies: dict[str, Tally]) -> str:
    """The figures in Markdown."""
    rows = [
        "| form | field | shown | right | missing | wrong | invented | right % (95 %) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for form, tally in tallies.items():
        for name in FIELDS:
            counts = tally.fields[name]
            if sum(counts[key] for key in ("right", "missing", "wrong", "invented")):
                rows.append(_row(form, name, counts))
            if form not in LATER:
                sums[name] += counts
    rows += [_row("all", name, sums[name]) for name in FIELDS]
    rows += ["", "| form | pages | article words lost | words around left | quotes lost |",
             "|---|---|---|---|---|"]  # fmt: skip
    for form, tally in tallies.items():
        w = tally.words
        rows.append(
            f"| {form} | {w['pages']} | {w['lost']} of {w['article']} ({_share(w, 'lost')}) | "
            f"{w['left']} of {w['around']} | {w['quotes lost']} of {w['quotes']} |"
        )
    return "\n".join(rows)


def _share(counts: Counter[str], name: str) -> str:
    return f"{100 * counts[name] / max(1, counts['article']):.2f} %"


def _row(form: str, name: str, counts: Counter[str]) -> str:
    shown = counts["right"] + counts["missing"] + counts["wrong"]
    low, high = wilson(counts["right"], shown) if shown else (0.0, 1.0)
    rate = (
        f"{100 * counts['right'] / shown:.1f} ({100 * low:.1f}-{100 * high:.1f})" if shown else ""
    )
    numbers = " | ".join(str(counts[key]) for key in ("right", "missing", "wrong", "invented"))
    return f"| {form} | {name} | {shown} | {numbers} | {rate} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--half", choices=("held", "tuned", "both"), default="held")
    parser.add_argument("--share", type=float, default=1.0, help="of the articles, drawn")
    parser.add_argument("--wrong", type=int, default=0, help="show so many failures of each form")
    chosen = parser.parse_args()
    tallies = measure(chosen.data, chosen.seed, chosen.half, chosen.share)
    print(table(tallies))
    for tally in tallies.values():
        for line in random.Random(0).sample(tally.wrong, min(chosen.wrong, len(tally.wrong))):
            print(line)


if __name__ == "__main__":
    main()

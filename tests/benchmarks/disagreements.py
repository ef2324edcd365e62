"""Measures disagreements: python -m tests.benchmarks.disagreements DATA_FOLDER [--show] [--whole].

Without `--whole` the comparison by itself is measured, in seconds: every passage is evidence, and
the first sentence that gives a value is what the answer cites. With it each pair is answered.

The pairs of `tests/fixtures/disagreements.jsonl` are read by themselves, with no library. `differ`:
two reports (or two voices of one) give different values for one thing; `agree`: they give the
same; `other`: the second tells of another event. DATA_FOLDER/SET/articles holds the articles; the
sample's ship with the package. Prints, for each set: of the pairs that differ, how many are shown
as differing, with every value; of the others, how many are shown as differing all the same.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import Article, Assistant
from assistant.answering.differing.asking import asked_thing
from assistant.answering.differing.disagreement import compare, tellings_of
from assistant.answering.differing.reprints import Reprints
from assistant.answering.differing.tellings import first_telling
from assistant.articles import find_files, read_articles
from assistant.passages import split_passages
from assistant.sample import articles_path
from assistant.types import Disagreement, Evidence, Statement

PAIRS = Path(__file__).parents[1] / "fixtures" / "disagreements.jsonl"


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Exit code 0, whatever was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--whole", action="store_true", help="answer each pair, models and all")
    parser.add_argument("--show", action="store_true", help="print each pair that went wrong")
    arguments = parser.parse_args(argv)
    pairs = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()]
    counts: Counter[tuple[str, str, str]] = Counter()
    with Assistant.open(None) as assistant:
        for name in ("syria", "sample"):
            folder = articles_path() if name == "sample" else arguments.data / name / "articles"
            articles = _articles(folder)
            for pair in (pair for pair in pairs if pair["set"] == name):
                held = [articles[article_id] for article_id in pair["articles"]]
                if arguments.whole:
                    answer = assistant.read(pair["question"], held)
                    found = None if answer.abstained else _values(answer.disagreements)
                else:
                    found = compared(pair["question"], held)
                verdict = judge(pair, found)
                counts[name, pair["kind"], verdict] += 1
                wrong = verdict == "shown" if pair["kind"] != "differ" else verdict != "all values"
                if arguments.show and wrong:
                    print(pair["id"], pair["kind"], verdict, found, pair["question"])
    for row in table(counts):
        print(row)
    return 0


def compared(question: str, articles: Sequence[Article]) -> list[str] | None:
    """The values that the comparison by itself shows as differing; None: nothing gives a value."""
    evidence = [
        Evidence(passage, article, rank, 1.0, "all")
        for rank, (article, passage) in enumerate(
            ((article, passage) for article in articles for passage in split_passages(article)), 1
        )
    ]
    asked = asked_thing(question)
    if asked is None:
        return None
    first = first_telling(asked, evidence)
    if first is None:
        return None
    cited = (replace(first.citation, marker=1),)
    statement = Statement("", first.citation.quote, (1,))
    told = tellings_of(question, (statement,), cited, evidence, Reprints(articles))
    return _values(compare(told, cited).disagreements) if told else None


def judge(pair: dict[str, Any], values: list[str] | None) -> str:
    """How a pair was taken: abstained, none shown, shown, or shown with all values."""
    if values is None:
        return "abstained"
    if not values:
        return "none shown"
    said = " ".join(values).casefold()
    whole = all(value.casefold() in said for value in pair["values"])
    return "all values" if whole and pair["kind"] == "differ" else "shown"


def table(counts: Counter[tuple[str, str, str]]) -> list[str]:
    """The rows of the table, in Markdown."""
    verdicts = ("all values", "shown", "none shown", "abstained")
    rows = [f"| set | pairs | {' | '.join(verdicts)} |", "|---" * (len(verdicts) + 2) + "|"]
    for name in ("syria", "sample"):
        for kind in ("differ", "agree", "other"):
            told = [counts[name, kind, verdict] for verdict in verdicts]
            rows.append(f"| {name} | {kind} ({sum(told)}) | {' | '.join(map(str, told))} |")
    return rows


def _values(disagreements: Sequence[Disagreement]) -> list[str]:
    return [side.value for one in disagreements for side in one.sides]


def _articles(folder: Path) -> dict[str, Article]:
    entries = (entry for file in find_files([folder]) for entry in read_articles(file))
    return {entry.id: entry for entry in entries if isinstance(entry, Article)}


if __name__ == "__main__":
    raise SystemExit(main())

"""Measures disagreements: python -m tests.benchmarks.disagreements [DATA_FOLDER] [OPTIONS].

Without `--whole` the comparison by itself is measured, in seconds: every passage is evidence, and
the first sentence that gives a value is what the answer cites. With it each pair is answered.

The pairs of `tests/fixtures/disagreements.jsonl` are read by themselves, with no library. `differ`:
two reports (or two voices of one) give different values for one thing; `agree`: they give the
same; `other`: the second tells of another event. DATA_FOLDER/SET/articles holds the articles; the
sample's ship with the package. Prints, for each set: of the pairs that differ, how many are shown
as differing, with every value; of the others, how many are shown as differing all the same.

`--library INDEXES` asks whole libraries instead (INDEXES/syria, INDEXES/sample), the questions of
`tests/fixtures/disagreements.whole.jsonl`: `differ` where the library's reports give different
values, `agree` where they do not, `either` where showing and not showing are both right (a toll of
one source that grew). `values` holds, in every spelling, what is told of this very event. A
disagreement is right if each of its sides is one of them, and wrong if any is not: a part of the
dead, another event, two names of one party.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import Article, Assistant
from assistant.answering.differing import tellings
from assistant.answering.differing.asking import Asked, asked_thing
from assistant.answering.differing.disagreement import compare, tellings_of
from assistant.answering.differing.reprints import Reprints
from assistant.articles import find_files, read_articles
from assistant.evaluation.figures import wilson
from assistant.passages import split_passages
from assistant.sample import articles_path
from assistant.types import Disagreement, Evidence, Statement

FIXTURES = Path(__file__).parents[1] / "fixtures"
PAIRS = FIXTURES / "disagreements.jsonl"
WHOLE = FIXTURES / "disagreements.whole.jsonl"
SETS = ("syria", "sample")
HALVES = ("looked at", "held out", "held out later", "held out last")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print. Exit code 0, whatever was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--library", type=Path, help="the folder of the indexes to ask as wholes")
    parser.add_argument("--whole", action="store_true", help="answer each pair, models and all")
    parser.add_argument("--show", action="store_true", help="print each one that went wrong")
    arguments = parser.parse_args(argv)
    if arguments.library is not None:
        rows = _of_libraries(arguments.library, show=arguments.show)
    elif arguments.data is not None:
        rows = _of_pairs(arguments.data, whole=arguments.whole, show=arguments.show)
    else:
        parser.error("name DATA_FOLDER, or --library INDEXES")
    for row in rows:
        print(row)
    return 0


def _of_pairs(data: Path, *, whole: bool, show: bool) -> list[str]:
    counts: Counter[tuple[str, str, str]] = Counter()
    with Assistant.open(None) as assistant:
        for name in SETS:
            folder = articles_path() if name == "sample" else data / name / "articles"
            articles = _articles(folder)
            for pair in (pair for pair in _read(PAIRS) if pair["set"] == name):
                held = [articles[article_id] for article_id in pair["articles"]]
                if whole:
                    answer = assistant.read(pair["question"], held)
                    found = None if answer.abstained else _values(answer.disagreements)
                else:
                    found = compared(pair["question"], held)
                verdict = judge(pair, found)
                counts[name, pair["kind"], verdict] += 1
                wrong = verdict == "shown" if pair["kind"] != "differ" else verdict != "all values"
                if show and wrong:
                    print(pair["id"], pair["kind"], verdict, found, pair["question"])
    return table(counts)


def _of_libraries(indexes: Path, *, show: bool) -> list[str]:
    counts: Counter[tuple[str, str]] = Counter()
    for name in SETS:
        with Assistant.open(indexes / name) as assistant:
            for case in (case for case in _read(WHOLE) if case["set"] == name):
                shown = _values(assistant.ask(case["question"]).disagreements)
                verdict = judge_shown(case, shown)
                counts[case["half"], verdict] += 1
                counts[case["half"], "differ"] += case["kind"] == "differ"
                if show:
                    print(case["id"], case["half"], verdict, shown, case["question"])
    return library_table(counts)


def judge_shown(case: dict[str, Any], shown: Sequence[str]) -> str:
    """What a library's answer shows: right, wrong, missed, or rightly none.

    >>> judge_shown({"kind": "differ", "values": ["6", "six", "8"]}, ["at least six", "8"])
    'right'
    """
    if not shown:
        return "missed" if case["kind"] == "differ" else "rightly none"
    told = re.compile(rf"\b(?:{'|'.join(map(re.escape, case['values']))})\b", re.IGNORECASE)
    fits = case["kind"] != "agree" and all(told.search(value) for value in shown)
    return "right" if fits else "wrong"


def library_table(counts: Counter[tuple[str, str]]) -> list[str]:
    """The rows of the table of whole libraries, in Markdown, with 95 % Wilson intervals."""
    columns = ("half", "questions", "shown: right", "all: shown wrong", "differ: missed")
    rows = [f"| {' | '.join(columns)} |", "|---" * len(columns) + "|"]
    for half in HALVES:
        right, wrong, missed = (counts[half, it] for it in ("right", "wrong", "missed"))
        total = right + wrong + missed + counts[half, "rightly none"]
        shares = (
            _share(right, right + wrong),
            _share(wrong, total),
            _share(missed, counts[half, "differ"]),
        )
        rows.append(f"| {half} | {total} | {' | '.join(shares)} |")
    return rows


def _share(part: int, whole: int) -> str:
    if not whole:
        return "0 of 0"
    low, high = wilson(part, whole)
    return f"{part} of {whole} ({100 * low:.0f}–{100 * high:.0f} %)"


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
    first = _first_telling(asked, evidence)
    if first is None:
        return None
    cited = (replace(first.citation, marker=1),)
    statement = Statement("", first.citation.quote, (1,))
    told = tellings_of(question, (statement,), cited, evidence, Reprints.among(articles))
    return _values(compare(told, cited).disagreements) if told else None


def _first_telling(asked: Asked, evidence: Sequence[Evidence]) -> tellings.Telling | None:
    """The first sentence of the evidence that gives a value, however little it names."""
    for item in evidence:
        text, sentences = item.article.text, list(tellings._sentences(item))
        for strict in (False, True):
            for telling in tellings._tellings(sentences, asked, text, (), None, strict=strict):
                return telling
    return None


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
    for name in SETS:
        for kind in ("differ", "agree", "other"):
            told = [counts[name, kind, verdict] for verdict in verdicts]
            rows.append(f"| {name} | {kind} ({sum(told)}) | {' | '.join(map(str, told))} |")
    return rows


def _read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _values(disagreements: Sequence[Disagreement]) -> list[str]:
    return [side.value for one in disagreements for side in one.sides]


def _articles(folder: Path) -> dict[str, Article]:
    entries = (entry for file in find_files([folder]) for entry in read_articles(file))
    return {entry.id: entry for entry in entries if isinstance(entry, Article)}


if __name__ == "__main__":
    raise SystemExit(main())

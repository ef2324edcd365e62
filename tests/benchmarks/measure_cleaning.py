"""Measures the articles room: python tests/benchmarks/measure_cleaning.py SET...

A set is a folder with `articles/` and, beside it, `questions.dev.jsonl`. Prints a table row a set:
articles and quarantined entries, seconds of processor time, gold quotes that the cleaned text of
their article no longer holds (white space removed), the words of the raw bodies that cleaning
dropped, and, with declared dates withheld, how many dates the text alone gives, and how many agree.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from assistant.articles import SourceFile, find_files, read_articles
from assistant.articles.build import body_blocks, build_article
from assistant.articles.fields import Metadata, read_fields
from assistant.articles.frontmatter import split_front_matter
from assistant.articles.text import tidy
from assistant.errors import ArticleError
from assistant.types import Article


def bodies(file: SourceFile) -> Iterator[tuple[Metadata, str]]:
    """What a file declares, and its body before cleaning."""
    text = file.path.read_text(encoding="utf-8")
    if file.path.suffix == ".jsonl":
        for line in text.splitlines():
            record = json.loads(line)
            yield read_fields(record), record["text"]
    else:
        fields, body = split_front_matter(tidy(text))
        yield read_fields(fields), body


def lost_quotes(questions: Path, articles: dict[str, Article]) -> list[str]:
    """The gold quotes that are not in the cleaned text of their article."""
    lost = []
    for line in questions.read_text(encoding="utf-8").splitlines():
        for group in json.loads(line).get("evidence") or []:
            for gold in group:
                text = "".join(articles[gold["article_id"]].text.split())
                if "".join(gold["quote"].split()) not in text:
                    lost.append(gold["quote"])
    return lost


def measure(folder: Path) -> str:
    """One row of the table."""
    files = find_files([folder / "articles"])
    started = time.process_time()
    items = [item for file in files for item in read_articles(file)]
    seconds = time.process_time() - started
    articles = {item.id: item for item in items if isinstance(item, Article)}
    lost = lost_quotes(folder / "questions.dev.jsonl", articles)
    raw = dropped = 0
    dates: Counter[str] = Counter()
    for file in files:
        for known, body in bodies(file):
            withheld = replace(known, published=None, carried_on=None)
            try:
                article = build_article(withheld, body_blocks(body, file.path.suffix == ".md"), "a")
            except ArticleError:
                continue
            before = Counter(re.findall(r"\w+", body))
            raw += before.total()
            dropped += (before - Counter(re.findall(r"\w+", article.text))).total()
            if article.published:
                agree = article.published == known.published
                dates["agree" if agree else "differ" if known.published else "only here"] += 1
    return (
        f"| {folder.name} | {len(articles)} | {len(items) - len(articles)} | {seconds:.2f} | "
        f"{len(lost)} | {dropped} of {raw} ({100 * dropped / raw:.2f} %) | {dict(dates)} |"
    )


if __name__ == "__main__":
    print("| set | articles | quarantined | seconds | gold quotes lost | words dropped | dates |")
    print("|---|---|---|---|---|---|---|")
    for argument in sys.argv[1:]:
        print(measure(Path(argument)))

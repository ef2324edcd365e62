"""The sentences of the public sets as short articles, so that claims can be made of them too."""

from __future__ import annotations

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from training.news.source import NewsArticle

# Passages whose sentences come in order; qamr's are taken from many texts.
_IN_ORDER = ("squad2train_1000", "selqa")
_MOST = 25


def read_passages(data: Path) -> list[NewsArticle]:
    """Each passage once; a sentence of qamr is a passage of its own."""
    articles: list[NewsArticle] = []
    seen: set[str] = set()
    for name in (*_IN_ORDER, "qamr"):
        for number, sentences in enumerate(_texts(data / f"{name}.jsonl.gz", name in _IN_ORDER)):
            if sentences[0] not in seen:
                seen.update(sentences)
                articles.append(
                    NewsArticle(f"{name}-{number}", "", name, "", "", tuple(sentences[:_MOST]))
                )
    return articles


def _texts(path: Path, in_order: bool) -> Iterator[list[str]]:
    passages: dict[str, list[str]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            text = " ".join(row["p"].split())
            passages[row["q"] if in_order else text].append(text)
    for sentences in passages.values():
        yield list(dict.fromkeys(sentences))

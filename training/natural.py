"""The public sets of `train/`, read as questions with their positive and negative sentences."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Sets whose texts begin with the article's title, and how it ends.
_TITLE = {"qed_nq": ". ", "clapnq": ". ", "nq_oracle": ". ", "timeqa": ": "}
# Sets that give a passage's sentences in their order, so that a sentence's predecessor is known.
_IN_ORDER = {"squad2train_1000", "selqa"}
CLAIMS = ("fm2", "fever_symmetric")
# Whole passages: only their relevance is known, not the sentence that answers.
PASSAGES = ("nq_oracle", "timeqa", "boolq_val")


@dataclass(slots=True)
class Asked:
    """One question with its (sentence, context) texts."""

    question: str
    set: str
    positives: list[tuple[str, str]] = field(default_factory=list)
    negatives: list[tuple[str, str]] = field(default_factory=list)


def read_set(path: Path) -> Iterator[Asked]:
    """Read one `*.jsonl.gz` of question, text and label, grouped by question."""
    name = path.name.removesuffix(".jsonl.gz")
    asked: dict[str, Asked] = {}
    last: dict[str, str] = {}
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            entry = asked.setdefault(row["q"], Asked(_tidy(row["q"]), name))
            text = _tidy(row["p"])
            sentence, title = _split_title(text, name)
            before = last.get(row["q"], "") if name in _IN_ORDER else ""
            last[row["q"]] = text
            context = f"{title}. {before}".strip(". ") if title or before else ""
            (entry.positives if row["label"] else entry.negatives).append((sentence, context))
    yield from asked.values()


def _split_title(text: str, name: str) -> tuple[str, str]:
    mark = _TITLE.get(name)
    if mark is None:
        return text, ""
    title, found, rest = text.partition(mark)
    # A title is short; else the mark belongs to the sentence.
    return (rest, title) if found and rest and len(title.split()) <= 8 else (text, "")


def _tidy(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return re.sub(r"\s+([,.;:?!%)’])", r"\1", text)

"""Groups of pairs: what the reader is trained on, and how they are read and written.

A group holds one question's pairs. Pairs of one group compete with one another in the list-wise
part of the loss, so a negative is best placed beside the positive that it was made from.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FOUND = ("mined", "hard", "neighbour", "overlap")
"""Kinds of negatives that are other sentences as they stand; all other kinds are made by rules."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A question (or claim), a sentence (or quote) in its context, and whether they go together.

    `kind` says how the pair came about: "gold", "mined", or the name of a rule.
    """

    question: str
    sentence: str
    context: str
    label: int
    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs that are scored together. `head` is 0 for answers, 1 for support.

    `source` is the text that the group was made from, before any rule changed it (`source_of`):
    a sentence, or the title of a whole article. Groups of one source are held apart together.
    """

    pairs: tuple[Pair, ...]
    set: str
    head: int = 0
    source: str = ""


def write_groups(groups: Iterable[Group], path: Path) -> int:
    """Write one JSON object a line, gzip; returns how many. The file appears only when whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    count = 0
    with gzip.open(part, "wt", encoding="utf-8", compresslevel=4) as file:
        for group in groups:
            file.write(json.dumps(asdict(group), ensure_ascii=False) + "\n")
            count += 1
    part.replace(path)
    return count


def read_groups(path: Path) -> Iterator[Group]:
    """Read what `write_groups`, `training.news` or `training.claims` wrote."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if "pairs" not in row:
                yield _of_made(row)
                continue
            row["pairs"] = tuple(Pair(**pair) for pair in row["pairs"])
            yield Group(**row)


def source_of(text: str) -> str:
    """A text as a source: small letters, single spaces.

    >>> source_of(" The  Army took Homs. ")
    'the army took homs.'
    """
    return " ".join(text.lower().split())


def is_held_apart(group: Group) -> bool:
    """Whether a group is for validation: one source in 25, told by its text, so runs agree."""
    return zlib.crc32((group.source or source_of(group.pairs[0].sentence)).encode()) % 25 == 0


def _of_made(row: dict[str, Any]) -> Group:
    """A group as `training.news` and `training.claims` write it, its first negative first.

    Raises:
        SystemExit: it was written by older rules.
    """
    if "source" not in row:
        raise SystemExit("groups made by older rules are here: give an empty --work")
    question = row["question"]
    pairs = [Pair(question, s, c, 1, row["kind"]) for s, c in row["positives"]]
    pairs += [Pair(question, s, c, 0, kind) for s, c, kind in row["negatives"]]
    head = int(row["set"] == "claims")
    return Group(tuple(pairs), row["set"], head, source_of(row["source"]))

"""A large library made of a small one: its sentences recombined, its vectors mixed.

An article takes sentences from anywhere in the base; in each, some names, numbers and words are
replaced, so that no two articles repeat one another and the number of terms grows with the library
as it does in news. A passage's vector lies between those of two passages of the base, with noise
on top. Everything follows from the number of the article: any part can be made anew by itself.
"""

from __future__ import annotations

import random
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.library.catalogue import Catalogue
from assistant.library.embeddings import EMBEDDINGS
from assistant.library.places import CATALOGUE
from assistant.passages import header_of
from assistant.types import Article, Passage

PASSAGES = 9  # of each article, of about 190 words
_WORDS = 190
NAMES = 600_000  # invented ones: with the base's words, half a million terms in a million passages
_KEPT_NAMES, _KEPT_WORDS = 0.4, 0.92
_NOISE = 0.02  # in each of the vector's dimensions, before it is normalised
_OUTLETS, _REGIONS, _TOPICS = 200, 40, 300
_FIRST_DAY, _DAYS = date(2014, 1, 1), 4380
_PIECE = re.compile(r"[A-Z][a-z]{2,}|\d+|[a-z]{4,}")
_SYLLABLES = [c + v for c in "bdfghjklmnprstvz" for v in "aeiou"]


@dataclass(frozen=True, slots=True)
class Base:
    """What is recombined: sentences as pieces, and (n, dimension) vectors of L2 norm 1."""

    sentences: list[tuple[list[str], int]]
    """Each as text and replaceable pieces in turn, with its words."""
    words: list[str]
    vectors: NDArray[np.float32]


def load(indexes: Sequence[Path]) -> Base:
    """The sentences and the vectors of indexes that are there."""
    sentences: dict[str, None] = {}
    vectors: list[NDArray[np.float32]] = []
    for index in indexes:
        catalogue = Catalogue(index / CATALOGUE)
        for held in catalogue.all_passages(1000):
            for passage, article in held:
                for start, end in passage.sentences:
                    sentences[" ".join(article.text[start:end].split())] = None
        catalogue.close()
        with closing(sqlite3.connect(index / EMBEDDINGS)) as cache:
            rows = cache.execute("SELECT vector FROM vectors ORDER BY text")
            vectors += [np.frombuffer(blob, dtype="<f4") for (blob,) in rows]
    usable = [s for s in sentences if 5 <= len(s.split()) <= 60]
    words = [word for s in usable for word in re.findall(r"\b[a-z]{4,}\b", s)]
    return Base([(_pieces(s), len(s.split())) for s in usable], words, np.stack(vectors))


def _pieces(sentence: str) -> list[str]:
    """Text, piece, text, piece, ..., text."""
    pieces, last = [], 0
    for match in _PIECE.finditer(sentence):
        if match.start():  # the first word stays: it is a capital that is no name
            pieces += [sentence[last : match.start()], match.group()]
            last = match.end()
    return [*pieces, sentence[last:]]


@lru_cache(maxsize=50_000)
def _name(rank: int) -> str:
    """An invented name: the same for the same number."""
    number, said = rank + len(_SYLLABLES), []
    while number:
        number, place = divmod(number, len(_SYLLABLES))
        said.append(_SYLLABLES[place])
    return "".join(said).capitalize()


def article(base: Base, number: int) -> tuple[Article, list[Passage]]:
    """The article of a number, and its passages."""
    chance = random.Random(number)  # to be repeated, not to be kept secret
    outlet = f"{_name(int(_OUTLETS ** chance.random()))} Post"
    text, spans = "", []
    for _ in range(PASSAGES):
        start, words, sentences = len(text), 0, []
        while words < _WORDS:
            pieces, count = chance.choice(base.sentences)
            sentence = _replaced(pieces, base.words, chance)
            sentences.append((len(text), len(text) + len(sentence)))
            text += sentence + " "
            words += count
        spans.append((start, len(text) - 1, tuple(sentences)))
        text = text[:-1] + "\n"
    made = Article(
        id=f"generated-{number}",
        text=text[:-1],
        title=" ".join(_name(int(NAMES ** chance.random())) for _ in range(2)) + " council meets",
        source=outlet,
        published=_FIRST_DAY + timedelta(chance.randrange(_DAYS)),
        region=_name(int(_REGIONS ** chance.random())),
        tags=(_name(int(_TOPICS ** chance.random())),),
        language="en",
        cleaner_version="generated",
    )
    revision, header = made.revision, header_of(made)
    return made, [
        Passage(made.id, revision, made.text[a:b], a, b, inside, header) for a, b, inside in spans
    ]


def _replaced(pieces: list[str], words: list[str], chance: random.Random) -> str:
    said = list(pieces)
    for place in range(1, len(said), 2):
        piece = said[place]
        if piece[0].islower():
            if chance.random() > _KEPT_WORDS:
                said[place] = chance.choice(words)
        elif chance.random() > _KEPT_NAMES:
            name = piece[0].isupper()
            said[place] = _name(int(NAMES ** chance.random())) if name else str(_number(chance))
    return "".join(said)


def _number(chance: random.Random) -> int:
    return int(10_000 ** chance.random())


def vectors(base: Base, number: int) -> NDArray[np.float32]:
    """The vectors of an article's passages: (PASSAGES, dimension), of L2 norm 1."""
    chance = np.random.default_rng(number)
    one, other = chance.integers(0, len(base.vectors), (2, PASSAGES))
    share = chance.uniform(0.55, 0.95, (PASSAGES, 1)).astype(np.float32)
    mixed = share * base.vectors[one] + (1 - share) * base.vectors[other]
    mixed += chance.normal(0, _NOISE, mixed.shape).astype(np.float32)
    normal: NDArray[np.float32] = mixed / np.linalg.norm(mixed, axis=1, keepdims=True)
    return normal


def batches(first: int, last: int, size: int) -> Iterator[list[int]]:
    """The numbers of articles from `first` up to `last`, `size` at a time."""
    for start in range(first, last, size):
        yield list(range(start, min(start + size, last)))

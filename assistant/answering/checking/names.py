"""Proper names of a text, and whether they occur in other words.

No tagger: a name is a word with a capital that is not merely the first of its sentence. The first
word counts too unless it is a common English word (the words that news text writes mostly in
lower case) or stands in the quotes. Compared word by word after folding: case, accents,
possessives, hyphens, the Arabic article, plural and demonym endings, acronyms; then by how names
sound, whatever romanisation they are in (`assistant.spelling`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from assistant.spelling import (
    Reading,
    alias_groups,
    aliases,
    is_article,
    joined,
    learn_acronyms,
    word_distance,
)
from assistant.spelling import common_words as common_words

_TOKEN = re.compile(r"(?:[^\W\d_]\.){2,}|\w+(?:['’‘ʼ`&/-]\w+)*")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;…]|\n)[\s\"“”‘’'(\[–—*-]*$|[“\"‘(\[]\s*$")
_POSSESSIVE = re.compile(r"['’‘ʼ`]s?$")
_APOSTROPHES = re.compile(r"['’‘ʼ`]")
_SMALL_WORDS = frozenset(("of", "for", "the", "and", "in", "on", "to", "de"))
# Written with a capital anywhere without naming anything.
_NO_NAMES = frozenset(
    ("i", "the", "a", "an", "of", "and", "in", "on", "for", "to", "ok", "mr", "mrs", "ms")
)
# They end like adverbs.
_NO_ADVERBS = frozenset(
    (
        "italy", "sicily", "emily", "kelly", "sally", "molly", "billy", "willy", "holly", "polly",
        "reilly", "lilly", "connolly",
    )
)  # fmt: skip
# Plural and demonym endings that are added to a name or swapped: Syria/Syrian, Iraq/Iraqi.
_ENDINGS = (
    ("", "s"), ("", "es"), ("", "n"), ("", "ns"), ("", "i"), ("", "is"), ("", "ian"), ("", "ians"),
    ("", "an"), ("", "ans"), ("", "ese"), ("ey", "ish"), ("on", "ese"), ("a", "ese"), ("y", ""),
    ("y", "s"), ("y", "ies"), ("e", "ian"), ("e", "ians"), ("a", "ian"), ("o", "an"), ("i", "ian"),
)  # fmt: skip
# Countries whose people are named otherwise.
_PEOPLES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "afghanistan afghan afghans", "britain british briton britons", "canada canadian canadians",
        "cyprus cypriot cypriots", "denmark danish dane danes", "england english",
        "finland finnish finn finns", "france french", "greece greek greeks", "iceland icelandic",
        "ireland irish", "kazakhstan kazakh kazakhs", "kurdistan kurdish kurd kurds",
        "kurds kurdish", "kyrgyzstan kyrgyz", "netherlands dutch", "norway norwegian norwegians",
        "pakistan pakistani pakistanis", "philippines philippine filipino filipinos",
        "poland polish pole poles", "portugal portuguese", "scotland scottish scots",
        "spain spanish spaniard spaniards", "sweden swedish swede swedes", "switzerland swiss",
        "tajikistan tajik tajiks", "thailand thai thais", "turkmenistan turkmen",
        "turkey turk turks turkish", "uzbekistan uzbek uzbeks", "wales welsh",
    )
)  # fmt: skip
# What people of a country are called where the table of aliases names the country alone.
_ALIASES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split("|"))
    for group in (
        "US|USA|united states|america|american|americans",
        "UK|united kingdom|britain|british",
        "UAE|united arab emirates|emirates|emirati",
    )
)
# Shorter words are too much like others to be taken for their spellings.
_SPELT_LETTERS = 3


@dataclass(frozen=True, slots=True)
class Name:
    """A capitalised word of a text: `text[start:end] == word`."""

    word: str
    start: int
    end: int


def fold(word: str) -> str:
    """A word without case, accents, possessive ending, apostrophes and final "h" after "a".

    >>> fold("Raqqah’s"), fold("Da'esh"), fold("Erdoğan")
    ('raqqa', 'daesh', 'erdogan')
    """
    word = _APOSTROPHES.sub("", _POSSESSIVE.sub("", word)).replace(".", "")
    letters = unicodedata.normalize("NFKD", word.casefold())
    word = "".join(c for c in letters if not unicodedata.combining(c)).replace("ı", "i")
    return word[:-1] if word.endswith("ah") and len(word) > 4 else word


def find_names(text: str) -> list[Name]:
    """The words of a text that name something, in its order.

    Words with a capital, or with letters and digits together ("Su-22"). A sentence's first word
    is left out where it is a common word.
    """
    names = []
    for match in _TOKEN.finditer(text):
        word = match.group()
        if _is_designation(word):
            names.append(Name(word, *match.span()))
        elif _has_capital(word) and fold(word) not in _NO_NAMES:
            first = _SENTENCE_START.search(text[: match.start()])
            if not (first and _is_common(word)):
                names.append(Name(word, *match.span()))
    return names


def _is_designation(word: str) -> bool:
    """Letters first, then digits: "Su-22", "F16"; not "12km", "4th"."""
    return bool(re.match(r"[^\W\d_]+-?\d", word))


def _has_capital(word: str) -> bool:
    return any(part[:1].isupper() for part in word.split("-")) or any(c.isupper() for c in word[1:])


def _is_common(word: str) -> bool:
    lower = _POSSESSIVE.sub("", word.lower())
    if any(c.isupper() for c in word[1:]):
        return False
    return all(
        part in common_words()
        or (part.endswith("ly") and len(part) > 4 and part not in _NO_ADVERBS)
        for part in re.split(r"[-/'’]", lower)
        if part not in ("t", "s", "ll", "ve", "re", "d", "m")
    )


class KnownWords:
    """The words of some quotes, as names are looked up in them.

    `learned` are acronyms with their full names, as the articles of the quotes explain them.
    """

    def __init__(
        self, quotes: Sequence[str], learned: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        self._quotes = quotes
        self._learned = {**learn_acronyms(quotes), **(learned or {})}
        self._words: set[str] = set()
        self._acronyms: set[str] = set()
        self._text = " ".join(" ".join(fold(t) for t in _TOKEN.findall(q)) for q in quotes)
        self._runs: list[list[str]] = []
        for quote in quotes:
            for token in _TOKEN.findall(quote):
                self._words.update(_forms(token))
                if _is_acronym(token):
                    self._acronyms.add(_POSSESSIVE.sub("", token).replace(".", ""))
            for run in _capital_runs(quote):
                self._runs.append([fold(word) for word in run])
                self._acronyms.update(_initials(run))

    def hold(self, name: str) -> bool:
        """Whether a name occurs, in whatever spelling, ending or case; acronyms keep their case."""
        if _is_acronym(name):
            plain = _POSSESSIVE.sub("", name).replace(".", "")
            if plain in self._acronyms or (len(plain) > 2 and plain.lower() in self._words):
                return True
            return self._alias(plain)
        folded = fold(name)
        if folded in self._words or folded.replace("-", "") in self._words:
            return True
        parts = [part for part in re.split(r"[-&/]", folded) if part]
        named = [p for p, after in zip_longest(parts, parts[1:]) if not is_article(p, after or "")]
        if len(parts) == 1 and is_article(folded):
            return True  # the "Al" of "Al Bab": the name is the word after it
        if all(self._holds_part(part) for part in named) or self._alias(folded):
            return True
        if folded in self._implied:
            return True
        return self._spelt(name) or all(self._holds_part(p) or self._spelt(p) for p in named)

    def _holds_part(self, part: str) -> bool:
        return any(_same_but_ending(part, word) for word in self._words) or (
            part.upper() in self._acronyms and len(part) > 2
        )

    def _alias(self, name: str) -> bool:
        """Whether the quotes hold another name for the same: "Daesh" for "ISIS"."""
        others = {other for group in _ALIASES if name in group for other in group}
        others.update(aliases(name), self._learned.get(name, ()))
        return any(self._holds_phrase(other) for other in others)

    def _holds_phrase(self, name: str) -> bool:
        """Whether a name of any number of words stands in the quotes as it is."""
        if name in self._acronyms:
            return True
        if len(name) < 3:
            return False
        return f" {' '.join(fold(token) for token in _TOKEN.findall(name))} " in f" {self._text} "

    @cached_property
    def _implied(self) -> frozenset[str]:
        """The words of full names of which the quotes have the acronym, or another name."""
        names = [n for a in self._acronyms for n in self._learned.get(a, ())]
        for group in alias_groups():
            if any(self._holds_phrase(name) for name in group):
                # Not of longer ones: who names ISIS has not said "Iraq".
                names += [name for name in group if name.count(" ") == 1]
        return frozenset(fold(token) for name in names for token in _TOKEN.findall(name))

    def _spelt(self, word: str) -> bool:
        """Whether the quotes write a name so that it sounds like this word."""
        if len(word) < _SPELT_LETTERS:
            return False
        reading = joined(word)
        return any(word_distance(reading, other) is not None for other in self._readings)

    @cached_property
    def _readings(self) -> list[tuple[Reading, ...]]:
        """The names of the quotes as they sound: each of their words, and two or three as one."""
        found: dict[str, None] = {}
        for quote in self._quotes:
            tokens = [(m.group(), _is_named(m.group())) for m in _TOKEN.finditer(quote)]
            for first, (token, named) in enumerate(tokens):
                if not named:
                    continue
                found.update(dict.fromkeys((token, *token.split("-"))))
                for last in (first + 1, first + 2):
                    if last < len(tokens) and tokens[last][1]:
                        found[" ".join(word for word, _ in tokens[first : last + 1])] = None
        return [joined(name) for name in found if len(name) >= _SPELT_LETTERS]

    def mixes(self, first: str, second: str) -> bool:
        """Whether two words that follow each other belong to two different full names here.

        "Ibrahim Shamanov" from "Ibrahim Kalin" and "Vladimir Shamanov".
        """
        first, second = fold(first), fold(second)
        of_first = [run for run in self._runs if first in run]
        of_second = [run for run in self._runs if second in run]
        if not of_first or not of_second:
            return False
        if any(second in run for run in of_first):
            return False
        return all(len(run) > 1 for run in of_first + of_second)


def _is_named(word: str) -> bool:
    """Whether a token has a capital, or a script without them, and is no common word."""
    return (_has_capital(word) and not _is_common(word)) or not (
        word.isascii() or word.lower() != word.upper()
    )


def _forms(token: str) -> set[str]:
    folded = fold(token)
    return {folded, folded.replace("-", ""), *re.split(r"[-&/]", folded)} - {""}


def _same_but_ending(a: str, b: str) -> bool:
    """Whether two folded words differ at most in a plural or demonym ending."""
    if a == b or any(a in group and b in group for group in _PEOPLES):
        return True
    if min(len(a), len(b)) < 4 or a[:3] != b[:3] or abs(len(a) - len(b)) > 4:
        return False
    return any(_swap(a, x, y) == b or _swap(b, x, y) == a for x, y in _ENDINGS)


def _swap(word: str, ending: str, other: str) -> str | None:
    return word[: len(word) - len(ending)] + other if word.endswith(ending) else None


def _is_acronym(word: str) -> bool:
    plain = _POSSESSIVE.sub("", word).replace(".", "")
    return plain.isupper() and plain.isalpha() and 2 <= len(plain) <= 6


def _capital_runs(text: str) -> Iterator[list[str]]:
    """Runs of words with capitals, small words between them allowed: full names."""
    run: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        word = match.group()
        joined = not run or re.fullmatch(r"[\s-]*", text[end : match.start()])
        if not joined:
            yield run
            run = []
        if _has_capital(word) or (run and word in _SMALL_WORDS):
            first = not run and _SENTENCE_START.search(text[: match.start()])
            if not (first and _is_common(word)):
                run.append(_POSSESSIVE.sub("", word))
        elif run:
            yield run
            run = []
        end = match.end()
    if run:
        yield run


def _initials(run: Sequence[str]) -> set[str]:
    """The acronyms that a full name can have: of every part of the run of two words or more."""
    found = set()
    for start in range(len(run)):
        for end in range(start + 2, min(len(run), start + 8) + 1):
            words = [part for word in run[start:end] for part in word.split("-") if part]
            capitals = [word for word in words if word not in _SMALL_WORDS]
            found.add("".join(word[0] for word in words).upper())
            found.add("".join(word[0] for word in capitals).upper())
    return {acronym for acronym in found if len(acronym) >= 2}

"""Whether a sentence tells of the other one of two: the women's race for the men's.

Words that exclude each other, before the same thing. Where a sentence has the question's own word
as well, of that thing or of none that it names, it may tell of both and is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from assistant.library import analyze

_EXCLUSIVE: tuple[dict[str, str], ...] = tuple(
    {form: one for one, *more in map(str.split, group) for form in (one, *more)}
    for group in (
        ("men man", "women woman", "boys", "girls"),
        ("male", "female"),
        ("first 1st", "second 2nd", "third 3rd", "fourth 4th", "fifth 5th"),
        ("north northern", "south southern", "east eastern", "west western"),
        ("upper", "lower"),
        ("home", "away"),
    )
)
# Governments and unions of them that have armies, envoys and sanctions alike; no parties of a war,
# of which one has many names. What stands for each beside its acronym:
_IN_FULL = {
    acronym: re.compile(rf"\b(?:{names})\b")
    for acronym, names in (
        ("US", r"United\s+States|Americans?|America"),
        ("UK", r"United\s+Kingdom|Britain|British|Britons?"),
        ("EU", r"European\s+Union|Europeans?|Europe"),
        ("UN", r"United\s+Nations"),
    )
}
_ACRONYMS = {"USA": "US", "GB": "UK"} | {acronym: acronym for acronym in _IN_FULL}
_BY_ACRONYM = len(_EXCLUSIVE)
_WORD = re.compile(r"(?:[A-Z]\.){2,}|\w+(?:[-.'’]\w+)*")
_BETWEEN = re.compile(r"['’]?\s+")
_REACH = 2  # words after the one that tells apart: "the US special envoy"
_Kind = tuple[int, str]


def tells_of_other(question: str, sentence: str) -> bool:
    """Whether a sentence names only the other one of two things that a question tells apart.

    >>> tells_of_other("Who won the men's race?", "Lund won the women's race.")
    True
    >>> tells_of_other("Who won the men's race?", "Lund won the women's race, Hale the men's.")
    False
    """
    if question.isupper() or sentence.isupper():
        return False  # capitals tell nothing
    asked = list(_qualified(question))
    if not asked:
        return False
    told = list(_qualified(sentence))
    for (group, one), things in asked:
        others = [t for (g, other), t in told if g == group and other != one and t & things]
        own = [t for kind, t in told if kind == (group, one) and (not t or t & things)]
        in_full = group == _BY_ACRONYM and _IN_FULL[one].search(sentence)
        if others and not own and not in_full:
            return True
    return False


def _qualified(text: str) -> Iterator[tuple[_Kind, frozenset[str]]]:
    """Each word that tells apart, and the terms of the words that follow it at once."""
    words = list(_WORD.finditer(text))
    for at, word in enumerate(words):
        kind = _kind(word.group())
        if kind is None:
            continue
        things: set[str] = set()
        for before, after in pairwise(words[at : at + 1 + _REACH]):
            terms = analyze(after.group())
            if not terms or not _BETWEEN.fullmatch(text[before.end() : after.start()]):
                break
            things.update(terms)
        yield kind, frozenset(things)


def _kind(word: str) -> _Kind | None:
    bare = re.sub(r"\.|['’]s$", "", word)
    if bare in _ACRONYMS:
        return _BY_ACRONYM, _ACRONYMS[bare]
    for group, forms in enumerate(_EXCLUSIVE):
        if bare.casefold() in forms:
            return group, forms[bare.casefold()]
    return None

"""Acronyms as a text itself explains them: "the Syrian Democratic Forces (SDF)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

_SMALL = frozenset(("of", "for", "the", "and", "in", "on", "to", "de", "du", "des", "la", "le"))
_ACRONYM = r"[A-Z][A-Z&.-]{1,9}s?"
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_AFTER = re.compile(rf"[(\[]\s*[\"“”‘’']?({_ACRONYM})[\"“”‘’']?\s*[)\],;]|,\s+or\s+({_ACRONYM})\b")
_BEFORE = re.compile(rf"\b({_ACRONYM})\s*[(\[]\s*(?:the\s+)?([^()\[\]]{{5,90}})[)\]]")


def learn_acronyms(texts: Iterable[str]) -> dict[str, frozenset[str]]:
    """The acronyms that some texts explain, with the full names that they give them.

    An acronym in brackets after a name, a name in brackets after an acronym, or "NAME, or ACRONYM":
    where the first letters agree. Small words may be left out or not, and a word with a hyphen
    give one letter or one for each part.

    >>> learn_acronyms(["Men of the People’s Protection Units (PPU) and the UN (a body) came."])
    {'PPU': frozenset({'People’s Protection Units'})}
    """
    found: dict[str, set[str]] = {}
    for text in texts:
        for acronym, name in _explained(text):
            found.setdefault(acronym, set()).add(name)
    return {acronym: frozenset(names) for acronym, names in found.items()}


def _explained(text: str) -> Iterator[tuple[str, str]]:
    for match in _AFTER.finditer(text):
        acronym = _plain(match[1] or match[2])
        words = list(_WORD.finditer(text[max(0, match.start() - 120) : match.start()]))
        before = text[max(0, match.start() - 120) : match.start()]
        name = _ending_in(before, words, acronym)
        if name:
            yield acronym, name
    for match in _BEFORE.finditer(text):
        acronym, name = _plain(match[1]), match[2].strip()
        if spells(acronym, [w.group() for w in _WORD.finditer(name)]):
            yield acronym, name


def _ending_in(text: str, words: list[re.Match[str]], acronym: str) -> str:
    """The shortest end of a text whose words spell an acronym; "" where none does."""
    if words and text[words[-1].end() :].strip(" \"“”‘’',"):
        return ""
    for first in range(len(words) - 1, max(-1, len(words) - 3 * len(acronym) - 1), -1):
        name = [word.group() for word in words[first:]]
        if name[0][0].isupper() and spells(acronym, name):
            return text[words[first].start() :].rstrip(" \"“”‘’',")
    return ""


def _plain(acronym: str) -> str:
    return re.sub(r"[.&-]|s$", "", acronym)


def spells(acronym: str, words: list[str]) -> bool:
    """Whether the first letters of some words give an acronym.

    >>> spells("SOHR", "Syrian Observatory for Human Rights".split())
    True
    >>> spells("SDF", "Syrian Defence Ministry".split())
    False
    """
    if len(words) < 2:
        return False
    named = [word for word in words if word.lower() not in _SMALL]
    forms = {"".join(word[0] for word in w).upper() for w in (words, named)}
    parts = [part for word in named for part in word.split("-") if part]
    forms.add("".join(part[0] for part in parts).upper())
    return acronym.upper() in forms

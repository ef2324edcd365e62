"""Written names as words without articles, and the other readings that a word allows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from assistant.spelling.compare import distance, limit
from assistant.spelling.letters import lacks_vowels, romanise
from assistant.spelling.sounds import keys_of, sounds_of

_WORD = re.compile(r"[^\W_]+")
# The Arabic article in its spellings: plain, and assimilated to the consonant that follows.
_PLAIN = frozenset(("al", "el", "ul", "il", "ol"))
_ASSIMILATED = re.compile(r"[aeiu](sh|th|dh|[rsztdn])")
# Abd al-Rahman, Abdel Rahman, Abdurrahman: the servant, the article, the name.
_SERVANT = re.compile(
    r"\babd(?:[aeou]l(?=[\s-]*\w{3}|$)|[aeou](?=(?:sh|[rsznd])\w{3})|(?=al\w{3}))"
)
# Not of s: Assad and Assyrian have no article.
_DOUBLED = re.compile(r"[ae](sh(?=sh)|([rztdn])(?=\2))(?=\w{3})")
_ATTACHED = re.compile(r"[ae]l(?=\w{4})")
# No romanisation has c by itself, or x: Rice is no spelling of Reece. (Pinyin has both; of its
# names the table of aliases has the older spellings.)
_WESTERN = re.compile(r"c(?!h)|x")
OTHER_READING = 0.1  # what it costs to read a word otherwise than it is written


@dataclass(frozen=True, slots=True)
class Reading:
    """A word as it sounds, the keys of its consonants, and what reading it so costs."""

    sounds: str
    keys: frozenset[str]
    cost: float
    unwritten: bool = False


def is_article(word: str, following: str | None = None) -> bool:
    """Whether a romanised word can be the Arabic article, before the word that follows or any.

    >>> is_article("ez", "zor"), is_article("as", "reported"), is_article("as")
    (True, False, True)
    """
    if word in _PLAIN:
        return following is None or bool(following)
    match = _ASSIMILATED.fullmatch(word)
    return match is not None and (following is None or following.startswith(match[1]))


@lru_cache(maxsize=4096)
def readings(name: str) -> tuple[tuple[Reading, ...], ...]:
    """The words of a name, articles left out, each in the ways in which it may be read.

    The way that it is written comes first. A word after an article may be read with it
    ("ez-Zor" as Ezzor); one that seems to have its article in it, without.
    """
    unwritten = lacks_vowels(name)
    return tuple(_read(word, unwritten=unwritten, article=after) for word, after in _words(name))


def _words(name: str) -> list[tuple[str, bool]]:
    """The words of a name but for its articles, each with whether it comes after one."""
    words = _WORD.findall(_SERVANT.sub("abd ", romanise(name)))
    found: list[tuple[str, bool]] = []
    after_article = False
    for word, following in zip_longest(words, words[1:], fillvalue=""):
        article = is_article(word, following)
        if not article:
            found.append((word, after_article))
        after_article = article
    return found


def _read(word: str, *, unwritten: bool, article: bool) -> tuple[Reading, ...]:
    forms = respelt(word)
    if not forms:
        return (Reading(re.sub(r"(.)\1+", r"\1", word), frozenset(), 0.0, unwritten),)
    if article and _ASSIMILATED.match("e" + word):
        forms.append(("e" + word, OTHER_READING))
    sounds = sounds_of([form for form, _ in forms])
    return tuple(
        Reading(s, keys, cost, unwritten)
        for (_, cost), s, keys in zip(forms, sounds, keys_of(sounds), strict=True)
    )


def respelt(word: str) -> list[tuple[str, float]]:
    """A romanised word and the forms that it may be read in, each with what that costs.

    None for a word that no romanisation writes so.

    >>> respelt("ezzor"), respelt("rice")
    ([('ezzor', 0.0), ('zor', 0.1)], [])
    """
    if _WESTERN.search(word):
        return []
    inside = (pattern.match(word) for pattern in (_DOUBLED, _ATTACHED))
    return [(word, 0.0), *((word[m.end() :], OTHER_READING) for m in inside if m)]


def word_distance(one: Sequence[Reading], other: Sequence[Reading]) -> float | None:
    """How far two words lie apart; None where they cannot be the same name's.

    >>> word_distance(joined("Resafa"), joined("Rasafa"))
    0.2
    >>> word_distance(joined("Resafa"), joined("Raqqa"))
    """
    best: float | None = None
    for a in one:
        for b in other:
            if a.sounds != b.sounds and not a.keys & b.keys:
                continue
            unwritten = a.unwritten or b.unwritten
            apart = distance(a.sounds, b.sounds, unwritten=unwritten) + max(a.cost, b.cost)
            allowed = limit(min(len(a.sounds), len(b.sounds)), unwritten=unwritten)
            if apart <= allowed and (best is None or apart < best):
                best = apart
    return best


def joined(name: str) -> tuple[Reading, ...]:
    """A name's words written as one, articles left out, in the ways in which that may be read."""
    words = _words(name)
    written = "".join(word for word, _ in words)
    return _read(written, unwritten=lacks_vowels(name), article=False) if written else ()

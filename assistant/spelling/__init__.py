"""Whether two written names may be the same name, whatever alphabet and romanisation they are in.

A leaf: it imports nothing of ours. What it rests on and how well it does: `docs/names.md`.
"""

from __future__ import annotations

from assistant.spelling.acronyms import learn_acronyms, spells
from assistant.spelling.aliases import alias_groups, alias_key, aliases
from assistant.spelling.common import common_words
from assistant.spelling.compare import distance, limit
from assistant.spelling.context import elsewhere
from assistant.spelling.letters import romanise
from assistant.spelling.sounds import keys_of, sounds_of
from assistant.spelling.words import Reading, is_article, joined, readings, respelt, word_distance

__all__ = [
    "Reading",
    "alias_groups",
    "alias_key",
    "aliases",
    "common_words",
    "distance",
    "is_article",
    "joined",
    "keys_of",
    "learn_acronyms",
    "limit",
    "readings",
    "respelt",
    "romanise",
    "same_name",
    "sounds_of",
    "spells",
    "word_distance",
]


def same_name(name: str, other: str, sentence: str = "", other_sentence: str = "") -> bool:
    """Whether two names may be one, as they are written or in the sentences they stand in.

    Sentences make acronyms known that they explain, and tell places of one name apart that they
    put into different countries.

    >>> same_name("Deir Ezzor", "Dayr al-Zawr"), same_name("Idlib", "Irbil")
    (True, False)
    """
    if elsewhere(name, sentence, other, other_sentence):
        return False
    known = {alias_key(name), *map(alias_key, aliases(name))}
    if alias_key(other) in known:
        return True
    short, full = (name, other) if is_acronym(name) else (other, name)
    if is_acronym(short):
        learned = learn_acronyms((sentence, other_sentence)).get(short.replace(".", ""), ())
        return any(same_name(full, explained) for explained in learned)
    return _same_sound(name, other)


def is_acronym(word: str) -> bool:
    """Two to six capitals, with or without full stops."""
    plain = word.replace(".", "")
    return plain.isupper() and plain.isalpha() and 2 <= len(plain) <= 6 and plain.isascii()


def _same_sound(name: str, other: str) -> bool:
    one, two = readings(name), readings(other)
    if not one or not two:
        return False
    if len(one) == len(two):
        return all(word_distance(a, b) is not None for a, b in zip(one, two, strict=True))
    return word_distance(joined(name), joined(other)) is not None

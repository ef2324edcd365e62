"""Changes to a question or a sentence that need no parse: swaps, opposites, cuts."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from training.news.tables import MONTHS, OPPOSITES, SAME_PARTY, STOP_WORDS, WEEKDAYS

_NUMBER = re.compile(
    r"(?<![\w.,/-])\d{1,3}(?:,\d{3})+(?![\w/-])|(?<![\w.,/-])\d+(?:\.\d+)?(?![\w/-])"
)
_WORD = re.compile(r"[\w'’-]+")
_ONES = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def has(text: str, phrase: str) -> bool:
    """Whether a phrase stands in a text as whole words, in any case.

    >>> has("The army took Homs.", "homs"), has("Homsi spoke.", "Homs")
    (True, False)
    """
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE) is not None


def replace(text: str, old: str, new: str) -> str:
    """Replace whole words, each time they stand.

    >>> replace("Homs fell; homsi did not.", "Homs", "Hama")
    'Hama fell; homsi did not.'
    """
    return re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", lambda _: new, text)


def words_of(text: str) -> frozenset[str]:
    """The words that carry meaning, in small letters.

    >>> sorted(words_of("Who took the town of Homs?"))
    ['homs', 'took', 'town']
    """
    return frozenset(word.lower() for word in _WORD.findall(text)) - STOP_WORDS


def overlap(one: str, other: str) -> float:
    """Jaccard similarity of the words of two texts.

    >>> overlap("The army took Homs", "The army took Homs.")
    1.0
    """
    first, second = words_of(one), words_of(other)
    return len(first & second) / max(1, len(first | second))


def same_name(one: str, other: str) -> bool:
    """Whether two names may mean one thing: a shared word, one party, or two spellings.

    >>> same_name("Idlib", "Idleb"), same_name("ISIS", "the Islamic State")
    (True, True)
    >>> same_name("Homs", "Hama")
    False
    """
    first, second = one.lower(), other.lower()
    if words_of(first) & words_of(second):
        return True
    for party in SAME_PARTY:
        if any(has(first, name) for name in party) and any(has(second, name) for name in party):
            return True
    return SequenceMatcher(None, first, second).ratio() > 0.7


def other_name(
    name: str, near: Sequence[str], far: Sequence[str], unseen: str, rng: random.Random
) -> str | None:
    """Another name that does not stand in `unseen`, from the same article where there is one."""
    pool = [*rng.sample(near, len(near)), *rng.sample(far, min(len(far), 40))]
    if rng.random() < 0.3:
        pool = pool[len(near) :] + pool[: len(near)]
    for candidate in pool:
        if same_name(candidate, name) or has(unseen, candidate):
            continue
        if any(same_name(candidate, word) for word in re.findall(r"[A-Z][\w-]+", unseen)):
            continue
        if (candidate.isupper() or candidate[0].isupper()) and len(candidate) > 1:
            return candidate
    return None


def other_number(number: str, rng: random.Random) -> str:
    """Another number of the same look.

    >>> other_number("12", random.Random(0)) != "12"
    True
    """
    if number.lower() in _ONES:
        return rng.choice([word for word in _ONES if word != number.lower()])
    value = float(number.replace(",", ""))
    if number.isdigit() and 1900 <= value <= 2030:
        changed = str(int(value) + rng.choice([-5, -3, -2, -1, 1, 2, 3]))
    elif "." in number:
        changed = f"{value * rng.choice([0.4, 0.7, 1.5, 2.2]):.{len(number.split('.')[1])}f}"
    else:
        whole = max(1, round(value * rng.choice([0.4, 0.6, 1.5, 2.0, 3.0])) + rng.randint(0, 3))
        changed = f"{whole:,}" if "," in number else str(whole)
    return changed if changed != number else str(int(value) + 4)


def swap_number(question: str, sentence: str, rng: random.Random) -> tuple[str, str] | None:
    """A number of both texts and another in its place: (old, new)."""
    found = [n for n in _NUMBER.findall(question) if has(sentence, n)]
    found += [w for w in _ONES if has(question, w) and has(sentence, w)]
    if not found:
        return None
    old = rng.choice(found)
    new = other_number(old, rng)
    return None if has(sentence, new) else (old, new)


def swap_day(question: str, sentence: str, rng: random.Random) -> tuple[str, str] | None:
    """A weekday or month of both texts and another in its place."""
    for names in rng.sample([WEEKDAYS, MONTHS], 2):
        found = [n for n in names if re.search(rf"\b{n}\b", question) and n in sentence]
        if found:
            old = rng.choice(found)
            return old, rng.choice([n for n in names if n != old and n not in sentence])
    return None


def swap_opposite(question: str, sentence: str, rng: random.Random) -> tuple[str, str] | None:
    """A word of both texts that has an opposite, and the opposite."""
    shared = [
        word
        for word in _WORD.findall(question)
        if word in OPPOSITES
        and not re.search(rf"\b{word} (?:week|month|year|night|season|days|few)", question)
        and has(sentence, word)
        and not has(sentence, OPPOSITES[word])
    ]
    if not shared:
        return None
    word = rng.choice(shared)
    return word, OPPOSITES[word]


def cut_spans(sentence: str, spans: Sequence[tuple[int, int]], vague: str = "") -> str:
    """The sentence without its spans, tidied; `vague` stands in their place.

    >>> cut_spans("On Friday, the army took Homs.", [(0, 9)])
    'The army took Homs.'
    >>> cut_spans("A bomb killed 37 civilians.", [(14, 16)], "several")
    'A bomb killed several civilians.'
    """
    for start, end in sorted(spans, reverse=True):
        sentence = f"{sentence[:start]} {vague} {sentence[end:]}"
    sentence = re.sub(r"\s+", " ", sentence)
    sentence = re.sub(r"\s+([,.;:?!)’%])", r"\1", sentence)
    sentence = re.sub(r",(?=[,.;:])", "", sentence)
    sentence = sentence.strip(" ,;:")
    return sentence[:1].upper() + sentence[1:]


def add_condition(question: str, condition: str) -> str:
    """Put a condition at the end of a question.

    >>> add_condition("Who took Homs?", "in May 2012")
    'Who took Homs in May 2012?'
    """
    return f"{question.rstrip('?')} {condition}?"


def in_another_hand(text: str, rng: random.Random) -> str:
    """A question as people type them: now and then in small letters or without its mark."""
    if rng.random() < 0.15:
        text = text.lower()
    if rng.random() < 0.1:
        text = text.rstrip("?")
    return text

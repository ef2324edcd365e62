"""Rules that turn an answered question into one that its sentence does not answer.

Each rule takes a question and the sentence that answers it, and gives the changed pair or
`None`. One thing is changed at a time, so that the two pairs differ in what decides.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from training.lexicon import MONTH, YEAR, Names, opposite, other_month, other_number

Changed = tuple[str, str]  # question, sentence
_NUMBER_WORD = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|"
    "dozens|hundreds|thousands|hundred|thousand|million|billion"
)
_AMOUNT = re.compile(rf"\b(?:(?:\d[\d,.]*\d|\d)|{_NUMBER_WORD})(?: (?:{_NUMBER_WORD}))*\b", re.I)
_DATE = re.compile(
    r",?\s*\b(?:in|on|since|by|from|until|during|around|after|before)?\s*"
    rf"(?:(?:early|late|mid)[ -])?(?:\d{{1,2}} )?(?:{MONTH.pattern})?\.?\s*"
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?,?\s*)?{YEAR.pattern},?",
    re.I,
)
_HOW_MANY = re.compile(r"\bhow (?:many|much)\b|\bwhat (?:number|percentage|amount)\b", re.I)
_WHEN = re.compile(r"^when\b|\b(?:what|which) (?:year|date|month|day)\b", re.I)
_WHO = re.compile(r"^(?:who|whom|whose)\b|\bby whom\b", re.I)
_WHERE = re.compile(r"^where\b|\b(?:what|which) (?:city|country|town|state|place)\b", re.I)
_AUXILIARY = re.compile(
    r"\b(was|were|is|are|has|have|had|can|could|will|would|did|does|must)\b(?! (?:not|never))", re.I
)
_SOMEBODY = ("someone", "a man", "an official", "they", "he", "she", "the group", "a company")
_SOME = ("some", "many", "several", "a number of", "more")


def swap_name(
    question: str, sentence: str, names: Names, near: str, rng: random.Random
) -> Changed | None:
    """Another name of the same kind in the question, or, as often, in the sentence."""
    folded = sentence.casefold()
    shared = [f for f in names.find(question) if question[f[0] : f[1]].casefold() in folded]
    if not shared:
        return None
    start, end, kind = rng.choice(shared)
    old = question[start:end]
    new = names.other(kind, near, rng)
    if _share_words(old, new) or new.casefold() in folded or new.casefold() in question.casefold():
        return None
    if question != question.lower():
        new = new.title() if new.islower() else new
    if rng.random() < 0.5:
        return question[:start] + new + question[end:], sentence
    return question, re.sub(rf"\b{re.escape(old)}\b", lambda _: new, sentence, flags=re.I)


def swap_number(
    question: str, sentence: str, _: Names, __: str, rng: random.Random
) -> Changed | None:
    """Another number, year or month in the question."""
    for change in rng.sample([other_number, other_month], 2):
        new = change(question, sentence, rng)
        if new:
            return new, sentence
    return None


def antonym(question: str, sentence: str, _: Names, __: str, rng: random.Random) -> Changed | None:
    """A word that both share, turned into its opposite in the question or in the sentence."""
    if rng.random() < 0.7:
        new = opposite(question, sentence, rng)
        return (new, sentence) if new else None
    new = opposite(sentence, question, rng)
    return (question, new) if new else None


def cut(question: str, sentence: str, names: Names, _: str, rng: random.Random) -> Changed | None:
    """The sentence without the one thing in it that can be the answer."""
    if _HOW_MANY.search(question):
        found = [m.span() for m in _AMOUNT.finditer(sentence) if m.group() not in question]
        return _replace_only(question, sentence, found, rng.choice(_SOME))
    if _WHEN.search(question):
        found = [m.span() for m in _DATE.finditer(sentence) if m.group().strip() not in question]
        return _replace_only(question, sentence, found, "")
    if sentence == sentence.lower():
        return None  # a name's end cannot be told
    kind = "person" if _WHO.search(question) else "place" if _WHERE.search(question) else ""
    asked = question.casefold()
    found = [
        (a, b)
        for a, b, k in names.find(sentence)
        if k == kind and sentence[a:b].casefold() not in asked and _is_whole(sentence, a, b)
    ]
    if len({sentence[a:b].casefold() for a, b in found}) != 1:
        return None
    if kind == "person":
        return _replace_only(question, sentence, found[:1], rng.choice(_SOMEBODY))
    if kind == "place":
        start, end = found[0]
        before = re.search(r",?\s*\b(?:in|at|near|from|of|to|on)(?: the)?\s*$", sentence[:start])
        return _replace_only(question, sentence, [(before.start(), end)] if before else [], "")
    return None


def negated(question: str, sentence: str, _: Names, __: str, rng: random.Random) -> Changed | None:
    """The sentence turned into its denial. A yes/no question is answered by that: left out."""
    if rng.random() < 0.5:
        return None
    found = list(_AUXILIARY.finditer(sentence))
    if len(found) != 1 or not re.match(
        r"(?i)(?:who|what|when|where|which|how|in|on|at|by)\b", question
    ):
        return None
    word = found[0]
    return (
        question,
        f"{sentence[: word.end()]} {rng.choice(['not', 'never'])}{sentence[word.end() :]}",
    )


def condition(
    question: str, sentence: str, names: Names, near: str, rng: random.Random
) -> Changed | None:
    """A time or a place added to the question of which the sentence and its context say nothing."""
    if (
        rng.random() < 0.5
        or YEAR.search(question)
        or len(question.split()) > 14
        or not question.endswith("?")
    ):
        return None
    if rng.random() < 0.5:
        year = YEAR.search(sentence)
        if year is None:
            return None
        added = f"in {int(year.group()) + rng.choice([-8, -3, -2, -1, 1, 2, 3, 8])}"
    else:
        added = f"in {names.other('place', near, rng).title()}"
        if added[3:].casefold() in f"{sentence} {near}".casefold() or _WHERE.search(question):
            return None
    return f"{question.rstrip('? ')} {added}?", sentence


Rule = Callable[[str, str, Names, str, random.Random], Changed | None]
RULES: dict[str, Rule] = {
    "swap_name": swap_name,
    "swap_number": swap_number,
    "antonym": antonym,
    "cut": cut,
    "negated": negated,
    "condition": condition,
}


def swap_both(
    question: str, sentence: str, names: Names, near: str, rng: random.Random
) -> Changed | None:
    """Another name on both sides: still an answer. So a strange name alone tells nothing."""
    folded = sentence.casefold()
    shared = [f for f in names.find(question) if question[f[0] : f[1]].casefold() in folded]
    if not shared:
        return None
    start, end, kind = rng.choice(shared)
    old, new = question[start:end], names.other(kind, near, rng)
    if new.casefold() in folded:
        return None
    changed = re.sub(rf"\b{re.escape(old)}\b", lambda _: new, sentence, flags=re.I)
    return question[:start] + new + question[end:], changed


def _replace_only(
    question: str, sentence: str, found: list[tuple[int, int]], new: str
) -> Changed | None:
    if len(found) != 1:
        return None
    start, end = found[0]
    text = re.sub(r"\s+", " ", f"{sentence[:start]} {new} {sentence[end:]}").strip()
    text = re.sub(r"\s+([,.;:?!])", r"\1", text)
    return (question, text) if len(text.split()) >= 4 else None


def _is_whole(sentence: str, start: int, end: int) -> bool:
    """Whether no other capitalised word belongs to the name."""
    before, after = sentence[:start].rstrip(" -"), sentence[end:].lstrip(" -")
    last = before.rpartition(" ")[2]
    return not (last[:1].isupper() and " " in before) and not after[:1].isupper()


def _share_words(one: str, other: str) -> bool:
    return bool(set(one.casefold().split()) & set(other.casefold().split()))

"""The numbers of a text that count what a question asks for, and whether two can both be true."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from assistant.answering.dating.datewords import find_mentions
from assistant.answering.differing.asking import DEEDS, LEAVING, Asked, words_of
from assistant.answering.differing.holders import Actor
from assistant.answering.figures import Figure, read_figures

_ROUGHLY = re.compile(
    r"(?P<least>at\s+least)|(?P<over>more\s+than|over)|(?P<under>fewer\s+than|less\s+than|at\s+most|up\s+to)"
    r"|(?P<about>about|around|nearly|almost|some|roughly|approximately)",
    re.IGNORECASE,
)
_APPROXIMATELY = re.compile(rf"(?:{_ROUGHLY.pattern})\s+$", re.IGNORECASE)
_NEARBY = 0.1  # what a rough number may be off
# "the number of people killed has risen to 27", "the toll stands at 27", "the tanks numbered four"
_TOLL = re.compile(
    r"\b(?:number\s+of\s+(?P<thing>\w+)|(?P<toll>toll))\b[^.;]{0,80}?"
    r"\b(?:to|at|is|was|reached|passed|of)\s+(?:at\s+least\s+|about\s+)?$"
    r"|\b(?P<numbered>\w+)\b(?:\s+\w+){0,3}\s+numbered\s+$",
    re.IGNORECASE,
)
# "an earlier toll of 15", "had initially spoken of two": what its own report has put right. Without
# "had" ("initially said that nine died") only where the sentence gives another figure as well.
_SPOKE = r"(?:said|reported|put|gave|given|spoken?|counted)\b"
_UP_TO = r"(?:(?!\b(?:and|but|now)\b)[^.;,]){0,100}$"
_PUT_RIGHT = re.compile(
    r"\b(?:(?:earlier|previous|initial)\s+(?:\w+\s+)?(?:toll|count|figure|number)s?\b"
    rf"|had\s+(?:earlier|previously|initially)\s+{_SPOKE}){_UP_TO}",
    re.IGNORECASE,
)
_TOLD_BEFORE = re.compile(
    r"\b(?:(?:earlier|previous|initial)\s+(?:\w+\s+)?(?:report|estimate)s?\b"
    rf"|(?:earlier|previously|initially)\s+{_SPOKE}){_UP_TO}",
    re.IGNORECASE,
)
_PART_OF = re.compile(
    r"\b(?:including|among\s+(?:them|whom|the)|of\s+(?:them|whom|which)|other|another)\s+(?:at\s+least\s+)?$",
    re.IGNORECASE,
)
# "six of those killed were rebels, four were soldiers"
_OF_THOSE = re.compile(
    r"\b(?:of|among)\s+(?:those|the)\s+(?:killed|dead|wounded|injured|victims)\b", re.IGNORECASE
)
# Words for one thing, by the word that stands for all of them.
_SAME_THINGS = {
    "person": "people persons person civilians civilian victims",
    "attacker": "attackers attacker assailants assailant bombers bomber gunmen gunman",
    "fighter": "fighters fighter militants militant terrorists terrorist jihadists jihadist",
    "man": "men man",
    "woman": "women woman",
    "child": "children child",
}
_THING_OF = {word: thing for thing, words in _SAME_THINGS.items() for word in words.split()}
# After these, or a mark, the words tell of something else than the number.
_ENDS_COUNTED = re.compile(
    r"\W|\d.*|and|as|while|when|in|at|after|by|with|on|from|near|but", re.IGNORECASE
)
# A clause that the number's own verb cannot stand behind.
_CLAUSE_ENDS = re.compile(r"[,.;:—–]\s|\b(?:and|but|while|when|after|before|as)\b")
_VERBS = frozenset(("had", "have", "were", "was", "died"))
_DONE_TO = re.compile(rf"\b(?P<deed>\w+)\s+(?:(?:{_ROUGHLY.pattern})\s+)?$", re.IGNORECASE)
_TIME = re.compile(r"(?:19|20)\d\d|0\d+")  # a year, or the time of a day
_TIME_BEHIND = re.compile(r"\s?(?:[ap]\.?m\b|GMT\b|o['’]clock\b)", re.IGNORECASE)
_CLOSE = 120  # characters before a number
_PART_NAMED = 30  # characters behind it that say of what it is a part
_SOME_DAY = date(2001, 6, 20)  # days are only passed over


@dataclass(frozen=True, slots=True)
class Value:
    """A number (with the word before it that makes it rough), or a party."""

    words: str
    number: Decimal | None = None
    rough: str = ""
    actor: Actor | None = None

    def agrees(self, other: Value) -> bool:
        """Whether both can be true of one thing at one time."""
        if self.actor is not None and other.actor is not None:
            return self.actor.same(other.actor)
        if self.number is None or other.number is None:
            return False
        return self.number == other.number or _may_be(self, other) or _may_be(other, self)


def _may_be(rough: Value, exact: Value) -> bool:
    if rough.number is None or exact.number is None or not rough.rough:
        return False
    low = float(rough.number) * (1 - _NEARBY)
    high = float(rough.number) * (1 + _NEARBY)
    told = float(exact.number)
    if rough.rough == "over":
        return float(rough.number) <= told <= high
    if rough.rough == "under":
        return low <= told <= float(rough.number)
    return rough.rough == "about" and low <= told <= high


def number_in(quote: str, asked: Asked, before: str) -> Value | None:
    """The one number of a quote that counts the asked thing; None where it has none, or several."""
    figures = {
        figure.value: figure
        for figure in asked_numbers(quote, asked, before)
        if not _PUT_RIGHT.search(quote[: figure.start])
    }
    latest = {v: f for v, f in figures.items() if not _TOLD_BEFORE.search(quote[: f.start])}
    figures = latest or figures
    if len(figures) != 1:
        return None
    figure = next(iter(figures.values()))
    opening = _OF_THOSE.match(quote.lstrip())  # "Of those killed, 12 people were rebels"
    clauses = [_clause(quote, told) for told in read_figures(quote[: figure.end])]
    if opening or any(_OF_THOSE.search(clause) for clause in clauses):
        return None
    near = _APPROXIMATELY.search(quote[: figure.start])
    start = near.start() if near else figure.start
    words = " ".join(quote[start : figure.end].split()).lower()
    return Value(words, number=figure.value, rough=(near.lastgroup or "") if near else "")


def _clause(quote: str, figure: Figure) -> str:
    """The clause that a figure stands in."""
    marks = list(_CLAUSE_ENDS.finditer(quote))
    start = max((m.end() for m in marks if m.end() <= figure.start), default=0)
    end = min((m.start() for m in marks if m.start() >= figure.end), default=len(quote))
    return quote[start:end]


@lru_cache(maxsize=256)
def asked_numbers(quote: str, asked: Asked, context: str = "") -> tuple[Figure, ...]:
    """The numbers that count the asked thing; `context` is what stands before the quote."""
    figures = [
        figure
        for figure in read_figures(quote)
        if not (figure.unit or figure.ordinal or _TIME.fullmatch(figure.words))
        and not _TIME_BEHIND.match(quote, figure.end)
    ]
    if not figures:
        return ()
    days = [(m.start, m.end) for m in find_mentions(quote, _SOME_DAY)]
    return tuple(
        figure
        for figure in figures
        if not any(start <= figure.start < end for start, end in days)
        and _counts(quote, figure, asked, context)
    )


@lru_cache(maxsize=64)
def parts_in(text: str, asked: Asked) -> frozenset[Decimal]:
    """The numbers that a report gives as a part of others: "82 people, including 58 civilians".

    Not where the question asks for that part: "how many civilians?".
    """
    own = words_of(asked.thing)
    return frozenset(
        figure.value
        for figure in read_figures(text)
        if _PART_OF.search(text[max(0, figure.start - _CLOSE) : figure.start])
        and own.isdisjoint(words_of(text[figure.end : figure.end + _PART_NAMED]))
    )


def _counts(quote: str, figure: Figure, asked: Asked, context: str) -> bool:
    """Whether a number counts the asked thing."""
    head = _singular(asked.thing.split()[-1].lower())
    before = quote[max(0, figure.start - _CLOSE) : figure.start]
    if _PART_OF.search(before):
        return False
    after = re.findall(r"[\w'’-]+|[^\w\s“”\"]", quote[figure.end : figure.end + 80])[:4]
    stop = next((i for i, w in enumerate(after) if _ENDS_COUNTED.fullmatch(w)), len(after))
    near = [w.lower() for w in after[:stop]]
    done_to = _DONE_TO.search(before)  # "killed 18 and wounded 40 others": 40 wounded
    done = done_to is not None and any(done_to["deed"].lower() in deed for deed in asked.deeds)
    if near[:1] == ["others"] and done:
        near = []
    if near[:1] and near[0] in ("more", "other", "others"):
        return False
    told = near[1:] if near[:1] and near[0] in LEAVING else near  # "26 displaced people"
    if any(set(told) & deed for deed in DEEDS if not deed & asked.words):
        return False  # "12 killed, 30 people wounded"
    own = any(deed & {*told, *words_of(before)} for deed in asked.deeds)
    clause = words_of(_CLAUSE_ENDS.split(quote[figure.end :], maxsplit=1)[0])
    if asked.deeds and not own:
        # "38 of its fighters had died", of those who left; "the number of people killed rose to
        # 27", of the wounded.
        told_here = any(deed & clause for deed in asked.deeds)
        others = words_of(before) | (frozenset() if told_here else clause)
        if any(deed & others for deed in DEEDS):
            return False
    counted = {_singular(word) for word in near[: 4 if near[:1] == ["of"] else 3]}
    if "fighter" in counted:
        counted.add("attacker")  # but bombers who killed are not the fighters who died
    bare = not near or near[0] in _VERBS
    return (
        head in counted | _counted_before(before)
        or (head == "person" and bool(near) and any(near[0] in deed for deed in asked.deeds))
        or (head == "person" and bare and done)
        or (bare and bool(near) and head in {_singular(word) for word in words_of(context)})
    )


def _counted_before(before: str) -> set[str]:
    """What the words before a number say that it counts; a toll counts persons."""
    told = _TOLL.search(before)
    if told is None:
        return set()
    if told["numbered"]:
        return {_singular(word.lower()) for word in told.group().split()[:-1]}
    return {"person" if told["toll"] else _singular(told["thing"].lower())}


def counts_people(thing: str) -> bool:
    """Whether an asked thing is a word for people that says nothing else of them."""
    return _singular(thing.split()[-1].lower()) in ("person", "man", "woman", "child")


def _singular(word: str) -> str:
    return _THING_OF.get(word, re.sub(r"(?<=\w\w\w)s$", "", word))

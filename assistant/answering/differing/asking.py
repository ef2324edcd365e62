"""The one thing that a question counts, or whose hand it asks after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.answering.checking.names import find_names
from assistant.answering.dating.dategrammar import MONTHS
from assistant.answering.dating.datewords import find_mentions
from assistant.answering.differing.holders import PARTY_WORDS, Relation, asked_relation
from assistant.types import Event

_HOW_MANY = re.compile(
    r"\bhow\s+many\s+(?P<thing>(?:[\w'’-]+\s+){1,5}?)"
    r"(?:was|were|is|are|did|do|does|has|have|had|will|took|take|died|left|came|got|struck|attacked"
    r"|of\s+(?:the|its|his)|on\b|in\b)\b",
    re.IGNORECASE,
)
# Deeds that numbers are given for; a quote must tell of the one that the question asks about.
DEEDS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "killed kill kills killing died die dead deaths death toll slain perished lives fatalities "
        "executed execute executes executing massacred murdered",
        "wounded injured hurt wounds injuries",
        "captured arrested detained seized taken",
        "displaced fled evacuated left",
        "destroyed damaged",
    )
)
_REPEATED = frozenset(
    (
        "strikes", "airstrikes", "raids", "shelling", "bombardment", "attacks", "bombings",
        "clashes", "fighting", "violence",
    )
)  # fmt: skip
LEAVING = DEEDS[3]
"""Told of once for a whole report."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The one thing that a question asks for, as far as tellings of it can be compared.

    `names`: what it names, without the words of its dates and, where others are left, of parties;
    `spans`: its dates; `words`: all of its words, in lower case.
    """

    question: str
    about: str
    thing: str
    relation: Relation | None
    names: tuple[str, ...]
    spans: tuple[Event, ...]
    words: frozenset[str]

    @property
    def repeated(self) -> bool:
        """Whether it asks of what happens again and again: "strikes on Teyn in May"."""
        return not _REPEATED.isdisjoint(self.words)

    @property
    def deeds(self) -> list[frozenset[str]]:
        """The groups of deeds that it asks about."""
        return [deed for deed in DEEDS if deed & self.words]


def asked_thing(question: str) -> Asked | None:
    """What a question counts, or whose hand it asks after; None: tellings cannot be compared."""
    counted = _HOW_MANY.search(question)
    if counted is not None:
        thing = " ".join(counted["thing"].split())
        words = re.findall(r"[a-z]+", question.lower())
        deeds = [word for word in words if any(word in deed for deed in DEEDS)]
        return _asked(question, " ".join(["number of", thing, *deeds[:1]]), thing, None)
    relation = asked_relation(question)
    if relation is None:
        return None
    about = "who holds it" if relation == "holds" else "who was behind it"
    return _asked(question, about, "", relation)


def _asked(question: str, about: str, thing: str, relation: Relation | None) -> Asked:
    spans = tuple(mention.event for mention in find_mentions(question, None))
    dates = {word for span in spans for word in span.words.split()}
    names = tuple(
        name.word
        for name in find_names(question)
        if name.word not in dates and name.word not in MONTHS
    )
    # A party alone does not say which of its deeds is asked for.
    places = tuple(name for name in names if name.lower() not in PARTY_WORDS)
    return Asked(question, about, thing, relation, places or names, spans, words_of(question))


def words_of(text: str) -> frozenset[str]:
    """The words of a text in lower case, without figures."""
    return frozenset(re.findall(r"[a-z]+", text.lower()))

"""Questions from one sentence, by its form: how many, when, who did it, by how much, who is it.

A rule asks only where the sentence names something, so that the question can be understood away
from its article. English sentences; what has no such form gives nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from assistant.answering.dating.datewords import find_mentions
from assistant.drafting.patterns import (
    CALENDAR,
    DONE,
    MOVED,
    NAME,
    NUMBER,
    PERCENT,
    PERSON,
    ROLE,
    ROOT,
    THINGS,
    WHEN,
)

_SUBJECT = r"(?P<subject>[^,;:“”\"()\n]{3,70}?)"
_PLACE = rf"(?: (?:in|at|near|from|outside|across) (?:the )?{NAME})"
# What comes behind a place that is whole, and not the first half of "in Russian air raids".
_WHOLE = (
    r"(?=[,.;:)]|$| (?:as|after|amid|at|because|before|but|by|during|following|for|from|in|last"
    r"|late|of|on|over|since|that|to|when|where|which|while|with)\b| \d)"
)
_COUNT = re.compile(
    rf"\b(?P<n>{NUMBER}) (?P<what>{THINGS}) (?P<done>(?:were|have been|had been) {DONE}{_PLACE})"
    + _WHOLE
)
_COUNTED = re.compile(
    rf"^{_SUBJECT} (?P<verb>{'|'.join(ROOT)}) (?P<n>{NUMBER}) (?P<what>{THINGS})"
    rf"(?P<where>{_PLACE}{_WHOLE})?(?=[ ,.;])"
)
_MOVED = re.compile(
    rf"^{_SUBJECT} (?P<verb>{'|'.join(MOVED)}) (?:by )?(?P<n>{PERCENT})(?P<rest> [^,;.“”]{{0,40}})?"
)
_WHEN = re.compile(
    rf"^{_SUBJECT} (?P<be>was|were) (?P<done>{DONE}\b[^,;:“”\"()]{{0,70}}?) (?P<when>{WHEN})\b"
)
_AGENT = re.compile(
    rf"^{_SUBJECT} (?P<be>was|were) (?P<done>{DONE}) by (?P<who>(?:the )?{NAME})(?=[ ,.;])"
)
_ROLE = re.compile(rf"\b(?P<who>{PERSON}), (?P<role>{ROLE}),")
_NO_SUBJECT = re.compile(
    r"^(?:In|On|At|By|For|From|With|After|Before|During|As|When|While|But|And|According|Last|Since"
    r"|There|Tags|Updated|Meanwhile|Both|Although|Though|Long|Even|One|Two|Three|Four|Five|If|Such"
    r"|Across|Amid|Among|Between|Despite|Following|Inside|Near|Once|Outside|Through|Under|Until"
    r"|Where|Within|Without|Advertisement|Loading|Photos?|Read|Videos?|Watch)\b"
    r"|\b(?:said|says|claimed|added|reported|have|has|had|will|would|also|is|was|were|are|be|been"
    r"|that|who|which|updated|[a-z]{3,}ed)\b"
    r"|^\d"
)
_CAPITAL = re.compile(r"[a-z,] ([A-Z][\w-]*)")
_NAMED = re.compile(rf"\b{NAME}")
_SMALL_START = re.compile(
    r"(?:The|A|An|Some|Many|All|Most|More|At|About|Around|Nearly|Almost|Over|Its|Their|His|Her)\b"
)
_REFERS = re.compile(
    r"\b(?:it|its|they|their|he|his|she|her|this|that|these|those|we|our|who)\b", re.I
)

_CLAUSE = re.compile(r"(?:who|which|is|are|was|were|has|had|as|and|but|one|not|then|now)\b")
_ABOUT = re.compile(r"^(?:about|around|nearly|almost|some) ")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the answer as the sentence writes it and in other spellings, and which rule."""

    question: str
    answers: tuple[str, ...]
    kind: str


def questions_of(
    sentence: str, reported_on: date | None, names: frozenset[str] = frozenset()
) -> list[Asked]:
    """What a sentence may be asked, one question a rule at most.

    `names`: words that its article writes with a capital inside sentences (`names_of`); without
    them, the first word of a sentence may be a name or not, and is taken for one.
    """
    asked = []
    for kind, rule in _RULES.items():
        question, answers = next(rule(sentence, reported_on), ("", ()))
        question = _lowered(" ".join(question.split()), sentence, names)
        if question and not _is_loose(question):
            asked.append(Asked(f"{question}?", answers, kind))
    return asked


def names_of(text: str) -> frozenset[str]:
    """The words that a text writes with a capital although no sentence begins with them."""
    return frozenset(found[1] for found in _CAPITAL.finditer(text))


def _lowered(question: str, sentence: str, names: frozenset[str]) -> str:
    """The question without the capital that its sentence's first word has only as such."""
    first = re.match(r"[A-Z][\w-]*", sentence)
    if not names or first is None or first[0] in names:
        return question
    return re.sub(rf"(?<= ){first[0]}(?= [a-z])", first[0].lower(), question)


def _is_loose(question: str) -> bool:
    """Whether a question needs its article to be understood: a pronoun, no name, half a day."""
    named = [found[0] for found in _NAMED.finditer(question) if found.start() and found[0] != "I"]
    return bool(_REFERS.search(question)) or not named or bool(CALENDAR.search(question))


def _how_many(sentence: str, reported_on: date | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for found in _COUNT.finditer(sentence):
        yield f"How many {found['what']} {found['done']}", _numbers(found["n"])
    for found in _COUNTED.finditer(sentence):
        if not _is_subject(found["subject"]):
            continue
        where = found["where"] or ""
        subject = _inside(found["subject"])
        yield (
            f"How many {found['what']} did {subject} {ROOT[found['verb']]}{where}",
            _numbers(found["n"]),
        )


def _by_how_much(sentence: str, reported_on: date | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for found in _MOVED.finditer(sentence):
        if not _is_subject(found["subject"]):
            continue
        rest = re.sub(r" (?:to|from|after|as|and|but|while)\b.*", "", found["rest"] or "")
        rest = re.sub(r" (?:in|at|on|of|by|for)$", "", rest)
        figure = found["n"]
        number = re.sub(r" ?(?:percent|per cent|%)", "", figure)
        spellings = (f"{number} percent", f"{number} per cent", f"{number}%")
        subject = _inside(found["subject"])
        yield f"By how much did {subject} {MOVED[found['verb']]}{rest}", _unique(figure, *spellings)


def _when(sentence: str, reported_on: date | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for found in _WHEN.finditer(sentence):
        if not _is_subject(found["subject"]):
            continue
        words = re.sub(r"^(?:on|in) ", "", found["when"])
        said = [words]
        for mention in find_mentions(found["when"], reported_on):
            day = mention.event.start
            if day is not None and day == mention.event.end:
                said += [f"{day.day} {day:%B} {day.year}", f"{day:%B} {day.day}, {day.year}"]
        yield f"When {found['be']} {_inside(found['subject'])} {found['done']}", _unique(*said)


def _by_whom(sentence: str, reported_on: date | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for found in _AGENT.finditer(sentence):
        who = found["who"].removeprefix("the ")
        if _is_subject(found["subject"]) and not CALENDAR.search(who):
            yield f"By whom {found['be']} {_inside(found['subject'])} {found['done']}", (who,)


def _who_is(sentence: str, reported_on: date | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    for found in _ROLE.finditer(sentence):
        role = found["role"].strip()
        if _CLAUSE.match(role):
            continue
        yield f"What is {found['who']}’s office", _unique(role, re.sub(r"^(?:the|an?) ", "", role))


Rule = Callable[[str, date | None], Iterator[tuple[str, tuple[str, ...]]]]
_RULES: dict[str, Rule] = {
    "count": _how_many,
    "change": _by_how_much,
    "date": _when,
    "agent": _by_whom,
    "role": _who_is,
}


def _numbers(words: str) -> tuple[str, ...]:
    """A figure as it stands, and without what says that it is not exact."""
    return _unique(words, _ABOUT.sub("", words))


def _is_subject(words: str) -> bool:
    """Whether words before a verb can be what does it: a short phrase, and no clause."""
    return len(words.split()) <= 9 and not _NO_SUBJECT.search(words)


def _inside(subject: str) -> str:
    """The head of a sentence as it stands inside one."""
    return subject[0].lower() + subject[1:] if _SMALL_START.match(subject) else subject


def _unique(*words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))

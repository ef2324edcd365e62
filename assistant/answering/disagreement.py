"""Sources that give different numbers for the thing a question counts, side by side.

Conservative: for "how many …" only, and only where the quotes count the asked noun, tell of the
asked deed, name something that the question names, and come from different outlets. A later toll
of the same outlet is an update, and a reprint is not a second source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.answering.events import find_event
from assistant.answering.figures import Figure, read_figures
from assistant.answering.names import KnownWords, find_names
from assistant.types import Citation, Disagreement, Event, Side, Statement

_HOW_MANY = re.compile(
    r"\bhow\s+many\s+(?P<thing>(?:[\w'’-]+\s+){1,5}?)"
    r"(?:was|were|is|are|did|do|does|has|have|had|will|took|take|died|left|came|of\s+(?:the|its|his))\b",
    re.IGNORECASE,
)
# Deeds that numbers are given for; a quote must tell of the one that the question asks about.
_DEEDS: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "killed kill kills died die dead deaths death toll slain perished",
        "wounded injured hurt wounds injuries",
        "captured arrested detained seized taken",
        "displaced fled evacuated left",
        "destroyed damaged",
    )
)
_APPROXIMATELY = re.compile(
    r"(?:at\s+least|at\s+most|more\s+than|fewer\s+than|less\s+than|up\s+to|about|around|nearly|almost"
    r"|some|over)\s+$",
    re.IGNORECASE,
)
# "the number of people killed has risen to 27", "the toll stands at 27", "the tanks numbered four"
_TOLL = re.compile(
    r"\b(?:number\s+of\s+(?P<thing>\w+)|(?P<toll>toll))\b[^.;]{0,80}?"
    r"\b(?:to|at|is|was|reached|passed)\s+(?:at\s+least\s+|about\s+)?$"
    r"|\b(?P<numbered>\w+)\b(?:\s+\w+){0,3}\s+numbered\s+$",
    re.IGNORECASE,
)
_PERSONS = frozenset(("people", "persons", "person"))


@dataclass(slots=True)
class _Found:
    """What the quotes say for one value."""

    words: str
    markers: list[int] = field(default_factory=list)
    outlets: set[str] = field(default_factory=set)


def build_disagreements(
    question: str, statements: Sequence[Statement], citations: Sequence[Citation]
) -> tuple[Disagreement, ...]:
    """At most one disagreement: the number that a "how many …" question asks for.

    Sides stand in the order of their first marker; `value` is in the quote's own words ("at least
    58"). Empty where unsure.
    """
    asked = _HOW_MANY.search(question)
    if asked is None:
        return ()
    thing = " ".join(asked["thing"].split())
    used = {marker for statement in statements for marker in statement.markers}
    told = [c for c in citations if c.marker in used and _on_topic(question, c)]
    found: dict[object, _Found] = {}
    quoted: dict[str, str] = {}  # the same words are one source, whoever carries them
    days: list[Event] = []
    for citation in told:
        figure = _asked_number(citation.quote, thing, question)
        if figure is None:
            continue
        outlet = (citation.source or citation.publisher or citation.article_id).casefold()
        outlet = quoted.setdefault(" ".join(citation.quote.split()).casefold(), outlet)
        side = found.setdefault(figure.value, _Found(_in_words(citation.quote, figure)))
        side.markers.append(citation.marker)
        side.outlets.add(outlet)
        event = find_event(citation.quote, citation.published)
        days += [event] if event is not None and event.precision == "day" else []
    sides = list(found.values())
    if len(sides) < 2 or len(set.union(*(side.outlets for side in sides))) < 2:
        return ()
    if any(a.end < b.start or b.end < a.start for a in days for b in days):
        return ()  # they tell of different days
    shown = tuple(Side(side.words, tuple(side.markers)) for side in sides)
    deeds = [
        word for word in re.findall(r"[a-z]+", question.lower()) if any(word in d for d in _DEEDS)
    ]
    return (Disagreement(" ".join(["number of", thing, *deeds[:1]]), shown),)


def _on_topic(question: str, citation: Citation) -> bool:
    """Whether quote or title names something that the question names (if it names anything)."""
    names = [name.word for name in find_names(question)]
    known = KnownWords([citation.quote, citation.title])
    if names and not any(known.hold(name) for name in names):
        return False
    asked = [deed for deed in _DEEDS if deed & _words(question)]
    return all(deed & _words(citation.quote) for deed in asked)


def _asked_number(quote: str, thing: str, question: str) -> Figure | None:
    """The one number that counts the asked thing; None where there is none, or more than one."""
    head = _singular(thing.split()[-1].lower())
    others = [deed for deed in _DEEDS if not deed & _words(question)]
    figures = {}
    for figure in read_figures(quote):
        if figure.unit or figure.ordinal:
            continue
        after = re.findall(r"[\w'’-]+|[^\w\s]", quote[figure.end : figure.end + 80])[:4]
        stop = next((i for i, w in enumerate(after) if not w[0].isalpha()), len(after))
        near = [w.lower() for w in after[:stop]]
        if any(set(near) & deed for deed in others):
            return None  # "12 killed, 30 people wounded"
        counted = {_singular(word) for word in near[:3]} | _counted_before(quote[: figure.start])
        if head in counted or (head == "person" and near[:1] in (["dead"], ["killed"], ["died"])):
            figures[figure.value] = figure
    return next(iter(figures.values())) if len(figures) == 1 else None


def _counted_before(before: str) -> set[str]:
    """What the words before a number say that it counts; a toll counts persons."""
    told = _TOLL.search(before)
    if told is None:
        return set()
    if told["numbered"]:
        return {_singular(word.lower()) for word in told.group().split()[:-1]}
    return {"person" if told["toll"] else _singular(told["thing"].lower())}


def _in_words(quote: str, figure: Figure) -> str:
    before = _APPROXIMATELY.search(quote[: figure.start])
    start = before.start() if before else figure.start
    return " ".join(quote[start : figure.end].split()).lower()


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def _singular(word: str) -> str:
    if word in _PERSONS:
        return "person"
    irregular = {"men": "man", "women": "woman", "children": "child", "civilians": "civilian"}
    return irregular.get(word, re.sub(r"(?<=\w\w\w)s$", "", word))

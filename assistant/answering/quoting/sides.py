"""The sides of a question: what it asks of one source, or of one thing, and what of another.

"Did A and B both say so?", "Which is larger, X or Y?", "What happened in X, as A reported, and, as
B did, in Y?": each side is answered from sentences of its own, and one quote says nothing of the
other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.answering.dating.datewords import find_mentions
from assistant.library import analyze
from assistant.retrieval import Clause, read_outlets, read_question
from assistant.types import Article, Evidence

_FEWEST_TERMS = 4  # beside the outlets': a clause of fewer says where from, not what
_SEVERAL_THINGS = 16  # terms; the clauses of a shorter question tell of one thing
# One thing is asked for, of which several sources tell.
_ASKS_FOR_ONE = re.compile(r"(?:\w+\s+){0,3}?(?:which|who|whose|whom|what|where|when|how)\b", re.I)
_NAMED = r"(?:[\w.’'&-]+\s+){0,5}?[\w.’'&-]+"
# "Which is larger, X or Y?", "Which came first: X or Y?"
_OR = re.compile(
    rf"^(?P<asked>[^?]*?\b(?:which|who|what|where|when|whose)\b[^?,:]*)[,:]\s+"
    rf"(?P<one>{_NAMED})\s*,?\s+or\s+(?P<other>{_NAMED})\s*\?*\s*$",
    re.I,
)
# "Did X and Y both resign?", "Have both X and Y ..."
_CAPITALS = r"(?:the\s+)?[A-Z][\w.’'&-]*(?:\s+(?:(?:of|the|al|de)\s+)?[A-Z][\w.’'&-]*){0,4}"
_BOTH = re.compile(
    rf"^(?P<before>.+?)\b(?:(?i:both)\s+(?P<one>{_CAPITALS})\s+and\s+(?P<other>{_CAPITALS})"
    rf"|(?P<first>{_CAPITALS})\s+and\s+(?P<second>{_CAPITALS})\s+both)\b(?P<after>.*)$"
)


@dataclass(frozen=True, slots=True)
class Side:
    """One side: what is asked of it, and where its answer is looked for.

    `outlets` are names of the library's, empty for any; both days inclusive, None for no bound.
    """

    text: str
    outlets: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def evidence(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """What of the evidence is of this side's outlets, and if there is any, of its days."""
        of_outlets = [e for e in evidence if not self.outlets or _is_of(e.article, self.outlets)]
        of_days = [e for e in of_outlets if self._admits(e.article.published)]
        return of_days or of_outlets

    def _admits(self, day: date | None) -> bool:
        if day is None:
            return self.since is None and self.until is None
        return (self.since or day) <= day <= (self.until or day)


def sides_of(question: str, outlets: Sequence[str]) -> tuple[Side, ...]:
    """The sides of a question; empty where it has but one.

    `outlets` are those of the collection.

    >>> [side.text for side in sides_of("Which is longer, the Tarn or the Odel?", ())]
    ['Which is longer, the Tarn', 'Which is longer, the Odel']
    >>> [side.outlets for side in sides_of("Did Echo and the Post report it?", ("Echo", "Post"))]
    [('Echo',), ('Post',)]
    """
    clauses = read_question(question, outlets, find_mentions).clauses
    if len(clauses) == 1:
        named = _named(question, question, outlets)
        texts = [question] if named else _alternatives(question)
        sides = [Side(text, group) for text in texts for group in named or [()]]
    else:
        sides = _of_clauses(question, clauses, outlets)
    return tuple(sides) if len(sides) > 1 else ()


def _of_clauses(question: str, clauses: Sequence[Clause], outlets: Sequence[str]) -> list[Side]:
    """One side for each source that a clause names; else one for each clause.

    What is asked of all sources, in a clause that names none, is asked of each.
    """
    named = [_named(question, clause.text, outlets) for clause in clauses]
    naming = sum(bool(groups) for groups in named)
    listed = naming == 1 and sum(map(len, named)) > 1 and not _ASKS_FOR_ONE.match(question)
    if naming < 2 and not listed:
        if len(set(analyze(question))) < _SEVERAL_THINGS:
            return []
        return [
            Side(clause.text, clause.outlets, clause.since, clause.until)
            for clause in clauses
            if _says_enough(clause)
        ]
    asked = " ".join(c.text for c, groups in zip(clauses, named, strict=True) if not groups)
    return [
        Side(f"{clause.text} {asked}".strip(), group, clause.since, clause.until)
        for clause, groups in zip(clauses, named, strict=True)
        for group in groups
    ]


def _named(question: str, clause: str, outlets: Sequence[str]) -> list[tuple[str, ...]]:
    """The sources that a clause names, each with what the library calls it."""
    start = question.find(clause)
    mentions, _ = read_outlets(question, outlets)
    within = [m.outlets for m in mentions if start <= m.start < start + len(clause)]
    return list(dict.fromkeys(within))


def _says_enough(clause: Clause) -> bool:
    named = {term for outlet in clause.outlets for term in analyze(outlet)}
    return len(set(analyze(clause.text)) - named) >= _FEWEST_TERMS


def _alternatives(question: str) -> list[str]:
    """The question asked of each of two things that it names."""
    either = _OR.match(question)
    if either:
        return [f"{either['asked']}, {either[thing]}" for thing in ("one", "other")]
    both = _BOTH.match(question)
    if both:
        things = (both["one"] or both["first"], both["other"] or both["second"])
        return [f"{both['before']}{thing}{both['after']}" for thing in things]
    return [question]


def _is_of(article: Article, outlets: Sequence[str]) -> bool:
    return article.source in outlets or article.publisher in outlets

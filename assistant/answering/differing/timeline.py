"""The reports behind an answer by their days, newest first, and which of them are superseded.

A question about a state of affairs (who controls, how many, is it open) has one answer at a time:
the newest report leads, and what was reported before is listed as earlier.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.answering.dating.datewords import find_mentions
from assistant.answering.differing.asking import Asked
from assistant.answering.differing.disagreement import Told
from assistant.answering.differing.tellings import Telling
from assistant.types import Citation, TimelineEntry

_STATE = re.compile(
    r"\b(?:who(?:se)?|which\s+(?:side|party|group|army|force)|what)\b(?:\s+\w+){0,3}?\s+(?:controls?|holds?"
    r"|runs?|rules?|leads?|owns?|commands?|heads?|governs?|occup(?:y|ies)"
    r"|(?:is|are)\s+(?:now\s+|currently\s+)?in\s+(?:control|charge|power|command))\b"
    r"|\bhow\s+many\b"
    r"|\b(?:is|are|has|have)\b[^?]*\b(?:open|closed|shut|passable|safe|still|yet|now|currently|over"
    r"|under\s+(?:siege|control)|besieged|(?:been|fallen|re-?taken|captured|freed|lifted|restored))\b"
    r"|\b(?:can|may)\b[^?]*\b(?:yet|now|still|again)\b"
    r"|\b(?:so\s+far|by\s+now|at\s+the\s+moment|these\s+days|latest|newest|current(?:ly)?)\b"
    r"|\bin\s+whose\s+hands\s+is\b|\bunder\s+whose\s+control\s+is\b",
    re.IGNORECASE,
)
# How things stood: "who held it before?". Deeds have no before that is asked for ("How many were
# killed earlier this week?").
_WAS = re.compile(
    r"\b(?:who(?:se)?|which\s+(?:side|party|group|army|force)|what)\b(?:\s+\w+){0,3}?\s+(?:controlled|held"
    r"|ran|ruled|led|owned|commanded|headed|governed|occupied|(?:was|were)\s+in\s+(?:control|charge|power"
    r"|command|possession)|used\s+to\s+(?:control|hold|run|rule|lead|own|command|head|govern|occupy|be))\b"
    r"|^\W*(?:(?:and|but|so)\s+)?(?:was|were)\b[^?]*\b(?:open|closed|shut|passable|safe|under\s+"
    r"(?:siege|control)|besieged)\b"
    r"|\bin\s+whose\s+hands\s+was\b|\bunder\s+whose\s+control\s+was\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:before|beforehand|previous(?:ly)?|formerly|used\s+to|until\s+then|prior\s+to"
    r"|earlier(?!\s+(?:this|today|in|on)\b))\b",
    re.IGNORECASE,
)
_MOST_ADDED = 3


def asks_state(question: str) -> bool:
    """Whether a question asks how things stand, so that a later report supersedes an earlier one.

    Not where it names a day or a span itself: "who held the town in June 2017?".

    >>> asks_state("Who controls the road?"), asks_state("Who signed the deal?")
    (True, False)
    """
    if asks_earlier(question):
        return False
    return bool(_STATE.search(question)) and not find_mentions(question, None)


def asks_earlier(question: str) -> bool:
    """Whether a question asks how things stood, so that the newest report does not tell it.

    >>> asks_earlier("And who held it before?"), asks_earlier("How many died before that?")
    (True, False)
    """
    return bool(_WAS.search(question) and _EARLIER.search(question))


def other_reports(found: Told, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Tellings of the same state on other days that nothing cites yet, newest first.

    They have the next markers. Older than the newest that is cited; or newer, where it is asked who
    holds something: only those that name it themselves, which are no words of another place.
    """
    cited = [c.published for c in citations if c.published is not None]
    if not cited:
        return ()
    others = [
        telling.citation
        for telling in found.tellings
        if not (telling.citation.marker or telling.superseded)
        and (day := telling.citation.published) is not None
        and (day < max(cited) or (day > max(cited) and _names_it(telling, found.asked)))
        and not any(_overlap(telling.citation, citation) for citation in citations)
    ]
    others.sort(key=lambda citation: citation.published or date.min, reverse=True)
    return tuple(
        replace(citation, marker=len(citations) + number)
        for number, citation in enumerate(others[:_MOST_ADDED], 1)
    )


def build_timeline(citations: Sequence[Citation], *, state: bool) -> tuple[TimelineEntry, ...]:
    """The markers by the day of their report, newest first; undated reports are left out.

    `state`: the question asks how things stand, and all but the newest day are earlier reports.
    """
    days: dict[date, list[int]] = {}
    for citation in citations:
        if citation.published is not None:
            days.setdefault(citation.published, []).append(citation.marker)
    newest = max(days, default=None)
    return tuple(
        TimelineEntry(day, tuple(days[day]), earlier=state and day != newest)
        for day in sorted(days, reverse=True)
    )


def _names_it(telling: Telling, asked: Asked) -> bool:
    """Whether a telling of who holds something has all that the question names in its own words."""
    quote = telling.citation.quote.casefold()
    named = bool(asked.names) and all(name.casefold() in quote for name in asked.names)
    return telling.value.actor is not None and named


def _overlap(one: Citation, other: Citation) -> bool:
    same = (one.article_id, one.revision) == (other.article_id, other.revision)
    return same and one.start < other.end and other.start < one.end

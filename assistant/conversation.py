"""History -> standalone question, by rules: what a follow-up leaves out is put beside it.

The rewritten question is for searching and is shown to the reader; it stays in their words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Answer

_OPENING = re.compile(
    r"^\s*(?:(?:and|but|so|also|then|ok(?:ay)?)\b[\s,]*)*(?:(?:what|how) about\b\s*)?", re.I
)
_WHAT_ABOUT = re.compile(
    r"^\s*(?:and\s+)?(?:(?:what|how) about|and|and (?:in|at|on|for|of))\s+"
    r"(?:(?:in|at|on|for|of|the)\s+)*(?P<name>[A-Z][\w'’-]*(?:[\s-][A-Z][\w'’-]*)*)"
    r"(?:\s+[a-z]+)?\s*\?*\s*$"
)
# These stand for somebody or something that was named before.
_PERSONAL = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|theirs)\b", re.I)
_IT = re.compile(r"\b(?:it|its)\b", re.I)
_EMPTY_IT = re.compile(
    r"\b(?:(?:is|was) it|it (?:is|was)) (?:true|known|possible|clear|likely|said|reported)\b", re.I
)
# These do so only where the question names nothing itself.
_POINTING = re.compile(r"\b(?:that|this|those|these|there|then|one|ones|same)\b", re.I)
_NAME_OR_NUMBER = re.compile(r"(?<!^)(?<![.?!] )\b(?:[A-Z][\w'’-]*|\d[\d,.]*)")
_NAMES = re.compile(r"(?<!^)\b[A-Z][\w'’-]*(?:[\s-][A-Z][\w'’-]*)*")
_SHORT_WORDS = 3
_BRIEF_WORDS = 15


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question as it is searched. `own` is what its asker said this time; empty: all of it.

    `cited` are the passages that the conversation rests on so far.
    """

    standalone: str
    own: str = ""
    cited: tuple[str, ...] = ()


def is_follow_up(question: str) -> bool:
    """Whether a question leaves out what only the conversation before it says.

    >>> is_follow_up("and when was that?"), is_follow_up("Who controls the Aleppo road?")
    (True, False)
    """
    if _OPENING.sub("", question, count=1) != question.lstrip() or _PERSONAL.search(question):
        return True
    if _IT.search(question) and not _EMPTY_IT.search(question):
        return True
    if _NAME_OR_NUMBER.search(question.strip()):
        return False
    return bool(_POINTING.search(question)) or len(question.split()) <= _SHORT_WORDS


def resolve(question: str, history: Sequence[Answer]) -> Resolved:
    """Make a follow-up stand alone: its own words, then the question that it leans on.

    "What about Homs?" asks the question before it anew, with the other name. A question that needs
    no history, or has none, is left as it is.
    """
    asked = [answer for answer in history if answer.standalone_question.strip()]
    if not asked or not is_follow_up(question):
        return Resolved(question)
    last = asked[-1]
    cited = tuple(dict.fromkeys(citation.passage_id for citation in last.citations))
    subject = _subject(last)
    swapped = _swapped(question, subject)
    if swapped:
        return Resolved(swapped)
    own = _own_words(question)
    if not own:
        return Resolved(subject, cited=cited)
    answered = _brief(last)
    standalone = f"{own}: {subject}" + (f" {answered}" if answered else "")
    return Resolved(standalone, own, cited)


def _own_words(question: str) -> str:
    own = _OPENING.sub("", question, count=1).strip().rstrip("?").strip()
    return own[:1].upper() + own[1:]


def _subject(answer: Answer) -> str:
    """The question that an answer is about: of a chain of follow-ups, the one that began it.

    A follow-up that named something itself brought a subject of its own.
    """
    standalone = answer.standalone_question.strip()
    own = f"{_own_words(answer.question)}: "
    leans = answer.question != standalone and standalone.startswith(own)
    if leans and not _NAME_OR_NUMBER.search(answer.question.strip()):
        return standalone.removeprefix(own)
    return standalone


def _swapped(question: str, subject: str) -> str:
    """The subject with its only name changed for the one that "What about …?" gives; or nothing."""
    asked = _WHAT_ABOUT.match(question)
    names = list(_NAMES.finditer(subject))
    if not asked or len(names) != 1:
        return ""
    start, end = names[0].span()
    return subject[:start] + asked["name"] + subject[end:]


def _brief(answer: Answer) -> str:
    """What was answered, where it is short enough to stand beside a question."""
    if answer.abstained:
        return ""
    said = answer.statements[0].body if answer.statements else answer.text
    return said if len(said.split()) <= _BRIEF_WORDS else ""

"""History -> standalone question, by rules: what a follow-up leaves out is put beside it.

The rewritten question is for searching and is shown to the reader; it stays in their words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.types import Answer

_OPENING = re.compile(r"^\s*(?:and|but|so|also|then|ok(?:ay)?|what about|how about)\b[\s,]*", re.I)
# These stand for somebody or something that was named before.
_PERSONAL = re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|theirs)\b", re.I)
_IT = re.compile(r"\b(?:it|its)\b", re.I)
_EMPTY_IT = re.compile(
    r"\b(?:(?:is|was) it|it (?:is|was)) (?:true|known|possible|clear|likely|said|reported)\b", re.I
)
# These do so only where the question names nothing itself.
_POINTING = re.compile(r"\b(?:that|this|those|these|there|then|one|ones|same)\b", re.I)
_NAME_OR_NUMBER = re.compile(r"(?<!^)(?<![.?!] )\b(?:[A-Z][\w'’-]*|\d[\d,.]*)")
_SHORT_WORDS = 3
_BRIEF_WORDS = 15


def is_follow_up(question: str) -> bool:
    """Whether a question leaves out what only the conversation before it says.

    >>> is_follow_up("and when was that?"), is_follow_up("Who controls the Aleppo road?")
    (True, False)
    """
    if _OPENING.match(question) or _PERSONAL.search(question):
        return True
    if _IT.search(question) and not _EMPTY_IT.search(question):
        return True
    names_something = _NAME_OR_NUMBER.search(question.strip())
    if names_something:
        return False
    return bool(_POINTING.search(question)) or len(question.split()) <= _SHORT_WORDS


def standalone_question(question: str, history: Sequence[Answer]) -> str:
    """Make a follow-up stand alone: its own words, then the question that it follows.

    The question is returned as it is when there is no history, or when it needs none.
    """
    asked = [answer for answer in history if answer.standalone_question.strip()]
    if not asked or not is_follow_up(question):
        return question
    own = _OPENING.sub("", question).strip().rstrip("?").strip()
    before = asked[-1].standalone_question.strip()
    if not own:
        return before
    answered = _brief(asked[-1])
    return f"{own[0].upper()}{own[1:]}: {before}" + (f" {answered}" if answered else "")


def _brief(answer: Answer) -> str:
    """What was answered, where it is short enough to stand beside a question."""
    if answer.abstained:
        return ""
    said = answer.statements[0].body if answer.statements else answer.text
    return said if len(said.split()) <= _BRIEF_WORDS else ""


def cited_passages(question: str, history: Sequence[Answer]) -> list[str]:
    """The passages that the last answer cites, for a follow-up; else none."""
    if not history or not is_follow_up(question):
        return []
    return list(dict.fromkeys(citation.passage_id for citation in history[-1].citations))

"""Whether a claim turns its quote round: a "not" lost or added.

Cheap checks by word rules, meant to be precise rather than complete. Each looks at the word in the
scope of a negation ("did not *regain*", "no *civilians*"): where the claim tells that same word
without one, or puts a "not" before a word that the quotes tell plainly, it is turned round. A
claim that says the same in other words is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.answering.checking.verbs import SKIPPED, WORD, stem

_NEGATIONS = re.compile(
    r"\b(?:not|never|no|none|nobody|nothing|neither|nor|without|cannot|unable|fail(?:s|ed)?|refus(?:e|es|ed)"
    r"|den(?:y|ies|ied)|reject(?:s|ed)?)\b|n['’]t\b",
    re.IGNORECASE,
)
# Negations in a quote alone: a claim may tell them with a "not", but they turn nothing round.
_LACKING = re.compile(
    r"\b(?:lack(?:s|ed|ing)?|absen(?:t|ce)|hardly|barely|ban(?:s|ned)?|halt(?:s|ed)?|prevent(?:s|ed)?|avoid(?:s|ed)?"
    r"|stop(?:s|ped)?|rul(?:es|ed)\s+out|far\s+from|yet\s+to|instead\s+of|rather\s+than|impossible|un(?:likely|willing|clear|known)"
    r"|dis(?:prove|miss|pute|agree)\w*)\b",
    re.IGNORECASE,
)
_NO_NEGATION = re.compile(
    r"\b(?:not\s+only|no\s+(?:longer\s+than|less|fewer|more|later|matter|doubt)|nor?\s+\d)\b", re.I
)
_CLAUSE_END = re.compile(r"[.;]\s")


def polarity_flips(body: str, quotes: Sequence[str]) -> list[str]:
    """The words of `body` that turn a quote round; empty where none is seen.

    >>> polarity_flips("ISIS regained ground.", ["ISIS did not regain any ground."])
    ['regained']
    >>> polarity_flips("ISIS did not regain ground.", ["ISIS regained ground."])
    ['not']
    """
    return list(dict.fromkeys([*_lost_negations(body, quotes), *_added_negations(body, quotes)]))


def _lost_negations(body: str, quotes: Sequence[str]) -> Iterator[str]:
    """The words that a quote negates and the claim tells with no negation before them."""
    cues = _negations(body)
    for head in _negated(quotes):
        for match in WORD.finditer(body):
            if stem(match[0]) != head or re.search(r"\bto\s+$", body[: match.start()]):
                continue
            if not any(_reaches(body, cue, match.start()) for cue in cues):
                yield match[0]


def _added_negations(body: str, quotes: Sequence[str]) -> Iterator[str]:
    any_negation = any(_negations(quote) or _LACKING.search(quote) for quote in quotes)
    for cue in _negations(body):
        head = _scope(body, cue)
        if head is None:
            continue
        told = [quote for quote in quotes for word in WORD.findall(quote) if stem(word) == head]
        if (told or not any_negation) and not any(_may_negate(quote, head) for quote in told):
            yield cue.group()


def _may_negate(quote: str, head: str) -> bool:
    """Whether a negation stands before a word in its sentence, near or far."""
    cues = [*_negations(quote), *_LACKING.finditer(quote)]
    return any(
        stem(match[0]) == head and _reaches(quote, cue, match.start())
        for cue in cues
        for match in WORD.finditer(quote)
    )


def _reaches(text: str, cue: re.Match[str], position: int) -> bool:
    """Whether a cue stands before a position, with no end of a clause between."""
    return cue.end() <= position and not _CLAUSE_END.search(text[cue.end() : position])


def _negations(text: str) -> list[re.Match[str]]:
    spans = [m.span() for m in _NO_NEGATION.finditer(text)]
    return [m for m in _NEGATIONS.finditer(text) if not any(a <= m.start() < b for a, b in spans)]


def _negated(quotes: Sequence[str]) -> set[str]:
    """The stems that stand right in the scope of a negation, and are told nowhere without one."""
    heads = [head for quote in quotes for cue in _negations(quote) if (head := _scope(quote, cue))]
    words = [stem(word) for quote in quotes for word in WORD.findall(quote)]
    return {head for head in heads if words.count(head) <= heads.count(head)}


def _scope(text: str, cue: re.Match[str]) -> str | None:
    """The stem of the first telling word after a cue, in its clause."""
    clause = re.split(r"[,.;:()“”]", text[cue.end() : cue.end() + 120], maxsplit=1)[0]
    for word in WORD.findall(clause)[:8]:
        if word.lower() not in SKIPPED and not word.lower().endswith("ly"):
            return stem(word)
    return None

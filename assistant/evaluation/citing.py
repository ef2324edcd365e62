"""Whether citations carry their statements: ALCE's citation recall and precision.

T. Gao, H. Yen, J. Yu and D. Chen, "Enabling Large Language Models to Generate Text with
Citations", EMNLP 2023. There a model for natural language inference (TRUE) says
whether quotes carry a claim; here any callable may. The one that comes with the program is a rule,
and a stand-in: it knows words, not what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assistant.evaluation.matching import is_capitals, normalise

Entails = Callable[[str, str], bool]
"""Whether a premise (the quotes, a line each) carries a claim (a statement without its frame)."""

_SLIGHT = frozenset(
    {
        "a", "an", "the", "this", "that", "these", "those", "it", "its", "he", "his", "him", "she",
        "her", "they", "their", "them", "of", "in", "on", "at", "by", "to", "for", "from", "with",
        "and", "as", "is", "are", "was", "were", "be", "been", "being", "has", "have", "had",
    }
)  # fmt: skip
"""Words that say nothing by themselves. A denial, a doubt or a number is none of them."""


def words_stand_in(premise: str, claim: str) -> bool:
    """Whether every telling word and number of a claim stands in the premise.

    Strict about wording: a paraphrase is not carried. Blind to order: who did it to whom could be
    turned round. Case does not count but for words of two to four capitals.

    >>> quote = "Fighters of the Red Coast Army did not take the bridge, the US said."
    >>> [words_stand_in(quote, claim) for claim in (
    ...     "The bridge was not taken by US.", "Fighters did not take the bridge", "They told us")]
    [False, True, False]
    """
    return _telling(claim) <= _words(premise)


def citation_recall(answer: Mapping[str, Any], entails: Entails) -> tuple[bool, ...]:
    """For each statement, whether it has citations that together carry it."""
    return tuple(
        bool(quotes) and entails("\n".join(quotes), claim) for claim, quotes in _cited(answer)
    )


def citation_precision(answer: Mapping[str, Any], entails: Entails) -> tuple[bool, ...]:
    """For each citation of each statement, whether it is needed.

    It is where the statement is carried by its citations together and this one carries it alone,
    or the others do not without it.
    """
    needed = []
    for claim, quotes in _cited(answer):
        carried = bool(quotes) and entails("\n".join(quotes), claim)
        for at, quote in enumerate(quotes):
            others = quotes[:at] + quotes[at + 1 :]
            needed.append(
                carried and (entails(quote, claim) or not entails("\n".join(others), claim))
            )
    return tuple(needed)


def _cited(answer: Mapping[str, Any]) -> Iterable[tuple[str, list[str]]]:
    """Each statement's claim, and the quotes that its markers have."""
    quotes = {citation["marker"]: citation["quote"] for citation in answer["citations"]}
    for statement in answer["statements"]:
        yield statement["body"], [quotes[m] for m in statement["markers"] if m in quotes]


def _telling(text: str) -> set[str]:
    return _words(text) - _SLIGHT


def _words(text: str) -> set[str]:
    return {
        word if len(word) > 1 and is_capitals(word) else word.casefold()
        for word in normalise(text).split()
    }

"""A sentence as it is quoted: whole, and with the neighbour that it cannot be understood without.

A sentence that leans on the one before it (*He*, *These*, *However*) brings it along, and the one
before that where it leans in turn; one that the next sentence takes back, or doubts, brings that,
and so does one that holds no name, number or date where one is asked for and the next one does.
Where the passage ends, the article goes on.
"""

from __future__ import annotations

import re

from assistant.answering.drafts import Quote
from assistant.answering.quoting.expected import expected_kind, holds_answer, holds_kind
from assistant.answering.quoting.relevance import Candidate
from assistant.passages import count_words, split_sentences

Span = tuple[int, int]

_LEANS_BACK = re.compile(
    r"^[“\"'‘]?(?:(?:He|She|They|His|Her|Its|Their|This|That|These|Those|Such|However|But)\b"
    # "It is likely that ..." speaks of nothing before it
    r"|It\b(?! (?:is|was|has been) (?:\w+ly )?\w+ that\b)"
    r"|(?:And|Yet|So|Then|Later|Earlier|Meanwhile|Also|Still|Instead|Afterwards),? "
    r"(?:he|she|it|they|his|her|its|their)\b"
    r"|(?:After|At|Before|By|During|For|From|In|On|Since|Until|With)"
    r"(?: (?:[a-z\d’'-]+|\w+day)){1,5},? (?:he|she)\b)"
)
_FURTHEST = 2  # sentences before one that leans
# A sentence that takes back, or doubts, what the one before it says belongs to it.
_TAKES_BACK = re.compile(
    r"^[“\"'‘]?(?:However|But|Yet|Nevertheless|Still|Though)\b.{0,60}?\b"
    r"(?:th(?:is|at)(?! (?:year|month|week|day|morning|evening|night|time))"
    r"|these|those|it|they|such|denied|confirmed"
    r"|the (?:report|claim|statement|news)s?)\b"
    # or says what became of a claim, in so many words
    r"|^.{0,80}\b(?:confirm(?:ed)?|verified|denied)\b.{0,30}\b(?:claim|report|allegation|account)s?\b"
    r"|^.{0,60}\b(?:claim|report|allegation|account)s?\b.{0,30}\b(?:not|never)\b.{0,20}"
    r"\b(?:confirmed|verified)\b",
    re.S,
)
# What opens a question that asks for a name, a number or a date, and nothing else: what is done
# somewhere has no form ("in agriculture"), and neither has what happens when something else does.
_ASKS_FOR = re.compile(
    r"^\W*(?:(?:and|but|so)\s+)?(?:(?:in|on|at|by|for|to|with)\s+)?(?:who(?:m|se)?"
    r"|how\s+(?:many|much|long|old|far|large|big|high|fast|often)"
    r"|when\s+(?:is|are|was|were|did|do|does|has|have|had|will)"
    r"|(?:what|which)\s+(?:year|date|day|month|number|percentage|percent|share|proportion|amount))\b",
    re.I,
)
_REACH = 4000  # characters on either side in which neighbours are looked for


def quote_of(candidate: Candidate, max_words: int, question: str = "") -> Quote | None:
    """The sentence with a neighbour where it needs one, of at most `max_words` words in all.

    `question` is what its asker said. None: it is too long to be quoted whole, or is itself only
    a part of a sentence.
    """
    text, passage = candidate.article.text, candidate.evidence.passage
    first = last = passage.sentences[candidate.index]
    if not _fits(text, first, last, max_words):
        return None
    around = _around(text, first)
    if first not in around:  # a sentence longer than a passage was cut
        return None
    at = around.index(first)
    for after in around[at + 1 : at + 2]:
        needed = _TAKES_BACK.match(text[slice(*after)]) or _tells_in(text, first, after, question)
        if needed and _fits(text, first, after, max_words):
            last = after
    core = first
    for before in _leant_on(text, around[: at + 1]):
        if _fits(text, before, last, max_words):
            first = before
    return Quote(candidate.article, passage.id, first[0], last[1], core=core)


def _tells_in(text: str, sentence: Span, after: Span, question: str) -> bool:
    """Whether what is asked for (a number, a date, a name) stands only in the next sentence.

    "Who won the men's race?" - "The men's race was close. Lund finished a second ahead of Hale."
    """
    kind = expected_kind(question)
    if not _ASKS_FOR.match(question) or "\n\n" in text[sentence[1] : after[0]]:
        return False
    here, there = (
        holds_kind(text[slice(*span)], kind) and holds_answer(text[slice(*span)], kind, question)
        for span in (sentence, after)
    )
    return there and not here


def _leant_on(text: str, sentences: list[Span]) -> list[Span]:
    """What the last of some sentences leans on, nearest first.

    Further back than one only where that leads to a sentence which leans on nothing.
    """
    at = len(sentences) - 1
    while at > 0 and len(sentences) - at <= _FURTHEST and _leans(text, sentences[at]):
        at -= 1
    back = sentences[at:-1][::-1]
    return back[:1] if _leans(text, sentences[at]) else back


def _leans(text: str, sentence: Span) -> bool:
    return _LEANS_BACK.match(text[slice(*sentence)]) is not None


def _fits(text: str, first: Span, last: Span, max_words: int) -> bool:
    return count_words(text[first[0] : last[1]]) <= max_words


def _around(text: str, sentence: Span) -> list[Span]:
    """The whole sentences of a sentence's paragraph, of the one before and of the one after.

    As far as they are within reach: what is cut off there is no whole sentence.
    """
    start, end = sentence
    paragraph = max(text.rfind("\n\n", 0, start), 0)
    left = max(text.rfind("\n\n", 0, len(text[:paragraph].rstrip())), 0)
    following = text.find("\n\n", end)
    right = text.find("\n\n", following + 2) if following >= 0 else len(text)
    right = len(text) if right < 0 else right
    reached = slice(max(left, start - _REACH), min(right, end + _REACH))
    spans = [(reached.start + a, reached.start + b) for a, b in split_sentences(text[reached])]
    return spans[reached.start > left : len(spans) - (reached.stop < right)]

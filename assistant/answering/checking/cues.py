"""The cues of doubt in a text, and the words that each bears on: "reportedly *hit*".

Word rules as tables, no parser. Three kinds: what is only said or held possible (`SAID`), what is
tried or wished (`TRIED`), and what is planned or to come (`TO_COME`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answering.checking.verbs import SKIPPED, WORD, stem, tells_past
from assistant.passages import split_sentences

Kind = Literal["said", "tried", "to come"]
SAID: Kind = "said"
TRIED: Kind = "tried"
TO_COME: Kind = "to come"

_SAID = r"""
    \b(?P<adverb>(?i:reportedly|allegedly|purportedly|supposedly|apparently|seemingly|presumably
        |possibly|perhaps|probably|potentially|likely(?!\s+to\b)|unconfirmed\s+reports?\s+(?:that|of)))\b
    |\b(?P<noun>alleged|suspected|purported|unconfirmed|rumou?red|presumed|would-be
        |attempted|possible|potential|planned|proposed)\b(?=\s+[^\W\d_])(?!\s+(?:to|that|by|in|of)\b)
    |\b(?:is|are|was|were|been|be)\s+(?:also\s+|still\s+|now\s+|widely\s+)*(?:expected|likely|unlikely|believed|thought|said|alleged
        |reported|rumou?red|understood|supposed|feared|suspected|poised|projected|tipped)\s+to\b
    |\b(?:is|are|was|were|been|be)\s+(?:suspected|accused)\s+of\b
    |\b(?:appear|seem)(?:s|ed|ing)?\s+to\b
    |\bclaim(?:s|ed|ing)?\s+(?:that\b|to\b|(?=(?:it|they|he|she|its|their|his|her|the|responsib)\b)|(?=[A-Z]))
    |\balleg(?:es|ed|ing)\s+(?:that\b|(?=(?:it|they|he|she|its|their|his|her|the)\b)|(?=[A-Z]))
    |\b(?:rumou?rs?|allegations?|claims|speculation|fears?|suspicions?|accusations?|suspect(?:s|ed)?|feared)\s+(?:that|of)\b
    |\b(?:expected|likely|alleged|suspected|believed|thought|feared|supposed|ready|eager|yet|about)\s+to\b
    |\b(?:may|might|could(?!\s*(?:not\b|n['’]t)))\b(?!\s+\d)
"""
_TRIED = r"""
    \battempt(?:s|ed|ing)?\s+(?:to|at)\b
    |\b(?:try|tries|trying|tried|bids?|efforts?|sought|seek(?:s|ing)?|struggl(?:e|es|ed|ing)
        |hop(?:e|es|ed|ing)|want(?:s|ed|ing)?|wish(?:es|ed)?|aim(?:s|ed|ing)?|threaten(?:s|ed|ing)?
        |offer(?:s|ed|ing)?|failed|unable|refused|considers?|considering)\s+to\b
    |\b(?:request|appeal|proposal|demand|call)(?:s|ed|ing)?(?:\s+\w+){0,3}?\s+to(?!\s+(?:the|an?|its|their|his|her)\b)\b
    |\b(?:urg|ask|order|want)(?:e|es|ed|s|ing)\s+(?:\w+\s+){1,4}?to\b
"""
_TO_COME = r"""
    \b(?:plan|intend|vow|prepar|agre|promis|propos|pledg|decid|resolv|set\s+out|mean|expect|look)
        (?:e|es|s|d|ed|eed|ned|ning|ing|t)?\s+to\b
    |\b(?:set|due|scheduled|slated|planned|going|willing|determined|committed|preparing|prepared)\s+to\b
    |\b(?:plan|decision|agreement|vow|promise|pledge|intention|preparations?|deal|order)s?\s+to(?=\s+[a-z])\b
    |\b(?:is|are|was|were)\s+to\b(?=\s+[a-z])
    |\b(?i:will|would|shall|should|if|unless|whether|once|until)\b
    |\b(?:wo|would|should)n['’]t\b|['’]ll\b
"""
_CUES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (SAID, re.compile(_SAID, re.VERBOSE)),
    (TRIED, re.compile(_TRIED, re.VERBOSE)),
    (TO_COME, re.compile(_TO_COME, re.VERBOSE)),
)
# In a claim these doubt as much, though they are no cue of their own.
_ALSO_DOUBT = r"""
    \b(?:reports?\s+of|according\s+to|accus\w*|alleg\w*|claim\w*|suspect\w*|possibl\w*|may|might|could
    |attempt\w*|tr(?:y|ies|ied|ying)|whether|if|unconfirmed|rumou?r\w*|failed|fear\w*|want\w*|likely
    |expect\w*|unclear|appears?|appeared|seem\w*|plan\w*|hop(?:e|es|ed|ing)|threat\w*|seek\w*|sought|aim\w*)\b
"""
_ALSO_TO_COME = r"""
    \b(?:plan\w*|intend\w*|vow\w*|prepar\w*|agree\w*|promis\w*|propos\w*|pledg\w*|set|due|schedul\w*
    |slated|will|would|shall|should|if|unless|whether|yet|not|want\w*)\b|['’]ll\b|n['’]t\b
"""
DOUBT = re.compile(f"{_ALSO_DOUBT}|{_SAID}|{_TRIED}", re.VERBOSE | re.IGNORECASE)
"""Whatever makes doubtful or tried; wider than the cues."""
FUTURE = re.compile(f"{_ALSO_TO_COME}|{_TO_COME}", re.VERBOSE | re.IGNORECASE)
"""Whatever makes planned or to come; wider than the cues."""

BEFORE_SUBJECT = frozenset(("if", "unless", "whether", "once", "until"))
_SUBJECT_FIRST = re.compile(
    r"that$|^(?:claim(?:s|ed|ing)?|alleg(?:es|ed|ing))\s*$"
    r"|\b(?:claims|speculation|fears?|rumou?rs?)\s+(?:that|of)$"
)
_DETERMINERS = frozenset(("the", "a", "an", "its", "their", "his", "her", "these", "those"))
_BEFORE_VERB = frozenset(
    ("will", "would", "can", "could", "must", "shall", "should", "is", "are", "was", "were")
)
# Words that tell nothing by themselves behind a cue: "may be as high as", "could even be more".
_EMPTY = frozenset(
    ("as", "so", "more", "most", "very", "even", "much", "able", "possible", "under")
)
HEADS = 3
"""Telling words behind a cue that it is recognised by."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue of doubt in a sentence, and the stems of the telling words behind it.

    `at`: where the first of these words begins in the text. `noun`: it doubts a thing ("the
    alleged attack"). `doubts`: stems of the sentence's other words of doubt.
    """

    words: str
    kind: Kind
    heads: tuple[str, ...]
    at: int
    noun: bool
    infinitive: bool  # a "to" of its own leads to the word: "might be able to pay"
    sentence: str
    doubts: frozenset[str]


def find_cues(text: str) -> Iterator[Cue]:
    """Each cue of a text with its telling words; of two on one word the stronger."""
    for start, end in split_sentences(text):
        sentence = text[start:end]
        found = [(m, kind) for kind, pattern in _CUES for m in pattern.finditer(sentence)]
        seen: set[int] = set()
        for match, kind in found:
            noun = kind == SAID and match["noun"] is not None
            heads = _heads(sentence, match, noun=noun)
            if not heads or heads[0][1] in seen:
                continue
            at = heads[0][1]
            seen.add(at)
            yield Cue(
                match[0],
                kind,
                tuple(stem for stem, _ in heads),
                start + at,
                noun,
                re.search(r"\bto\s", sentence[match.end() : at]) is not None,
                sentence,
                _doubts(sentence[: match.start()]) | _doubts(sentence[match.end() :]),
            )


def _doubts(text: str) -> frozenset[str]:
    found = (match[0] for pattern in (DOUBT, FUTURE) for match in pattern.finditer(text))
    return frozenset(key for words in found for key in key_words(words))


def key_words(words: str) -> frozenset[str]:
    """The stems of the words of a cue that say what it is: of "is expected to", "expect"."""
    stems = {stem(word): word.lower() for word in WORD.findall(words)}
    telling = {found for found, word in stems.items() if word not in SKIPPED}
    return frozenset(telling or stems)


def _heads(sentence: str, cue: re.Match[str], *, noun: bool) -> list[tuple[str, int]]:
    """The stems of the first telling words behind a cue, in its clause, and where they begin.

    After "if" and after "claims that" the subject comes first: there the verb is looked for.
    """
    start, ends = cue.end(), r"[.;:()“”\"]" if noun else r"[.,;:()“”\"]"
    behind = sentence[start : start + 160].lstrip(", ")
    start = sentence.index(behind, start)
    clauses = [re.split(end, behind, maxsplit=1)[0] for end in (ends, r"[.;:()]")]
    subject_first = cue[0].lower() in BEFORE_SUBJECT or (not noun and _SUBJECT_FIRST.search(cue[0]))
    read = _verb_of if subject_first else _telling
    # A comma or a quotation mark may stand before the word: then it ends no clause.
    return next((heads for clause in clauses if (heads := read(_words(clause, start)))), [])


def _telling(words: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return [(stem(word), at) for word, at in words if _tells(word)][:HEADS]


def _words(clause: str, start: int) -> list[tuple[str, int]]:
    return [(m[0], start + m.start()) for m in WORD.finditer(clause)][:10]


def _tells(word: str) -> bool:
    """Whether a word behind a cue can be what the cue bears on."""
    lower = word.lower()
    return lower not in SKIPPED | _EMPTY and not (lower.endswith("ly") and len(lower) > 4)


def _verb_of(words: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    """The verb behind a subject: the first word with a verb's ending, or after "will" or "is"."""
    before = ""
    for word, at in words:
        ends = word.endswith("s") and before.lower() not in _DETERMINERS
        verb = ends or tells_past(word) or before.lower() in _BEFORE_VERB
        if word.islower() and _tells(word) and before and verb:
            return [(stem(word), at)]
        before = word
    return []

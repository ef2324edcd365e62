"""Whether a claim is surer than its quotes: a "reportedly" lost, an attempt told as done.

Word rules, no parser. Each cue of doubt in a quote ("allegedly", "may", "attempts to", "is
expected to") bears on the telling words behind it. Where the claim tells the same and nothing of
its own doubts it as much, the doubt was lost. Three strengths: what is doubtful or tried
(`DOUBT`), what is planned or to come (`FUTURE`), and what is told as a fact. A claim that says
the same in quite other words is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answering.verbs import SKIPPED, TAKING, WORD, stem, tells_past
from assistant.passages import split_sentences

FUTURE, DOUBT = 1, 2

_DOUBTFUL = re.compile(
    r"""\b(?P<adverb>(?i:reportedly|allegedly|purportedly|supposedly|apparently|seemingly|presumably
        |possibly|perhaps|probably|potentially|likely(?!\s+to\b)|unconfirmed\s+reports?\s+(?:that|of)))\b
    |\b(?P<noun>alleged|suspected|purported|unconfirmed|rumou?red|presumed|would-be
        |attempted|possible|potential|planned|proposed)\b(?=\s+[^\W\d_])(?!\s+(?:to|that|by|in|of)\b)
    |\b(?:is|are|was|were|been|be)\s+(?:also\s+|still\s+|now\s+|widely\s+)*(?:expected|likely|unlikely|believed|thought|said|alleged
        |reported|rumou?red|understood|supposed|feared|suspected|poised|projected|tipped)\s+to\b
    |\b(?:is|are|was|were|been|be)\s+(?:suspected|accused)\s+of\b
    |\b(?:appear|seem)(?:s|ed|ing)?\s+to\b
    |\bclaim(?:s|ed|ing)?\s+(?:that\b|to\b|(?=(?:it|they|he|she|its|their|his|her|the|responsib)\b)|(?=[A-Z]))
    |\balleg(?:es|ed|ing)\s+(?:that\b|(?=(?:it|they|he|she|its|their|his|her|the)\b)|(?=[A-Z]))
    |\b(?:rumou?rs?|allegations?|claims|speculation|fears?|suspicions?|accusations?)\s+(?:that|of)\b
    |\b(?:expected|likely|alleged|suspected|believed|thought|feared|supposed|ready|eager|yet|about)\s+to\b
    |\battempt(?:s|ed|ing)?\s+(?:to|at)\b
    |\b(?:try|tries|trying|tried|bids?|efforts?|sought|seek(?:s|ing)?|struggl(?:e|es|ed|ing)
        |hop(?:e|es|ed|ing)|want(?:s|ed|ing)?|wish(?:es|ed)?|aim(?:s|ed|ing)?|threaten(?:s|ed|ing)?
        |offer(?:s|ed|ing)?|failed|unable|refused|considers?|considering)\s+to\b
    |\b(?:request|appeal|proposal|demand|call)(?:s|ed|ing)?(?:\s+\w+){0,3}?\s+to(?!\s+(?:the|an?|its|their|his|her)\b)\b
    |\b(?:urg|ask|order|want)(?:e|es|ed|s|ing)\s+(?:\w+\s+){1,4}?to\b
    |\b(?:may|might|could(?!\s*(?:not\b|n['’]t)))\b(?!\s+\d)
    """,
    re.VERBOSE,
)
_TO_COME = re.compile(
    r"""\b(?:plan|intend|vow|prepar|agre|promis|propos|pledg|decid|resolv|set\s+out|mean|expect|look)
        (?:e|es|s|d|ed|eed|ned|ning|ing|t)?\s+to\b
    |\b(?:set|due|scheduled|slated|planned|going|willing|determined|committed|preparing|prepared)\s+to\b
    |\b(?:plan|decision|agreement|vow|promise|pledge|intention|preparations?|deal|order)s?\s+to(?=\s+[a-z])\b
    |\b(?:is|are|was|were)\s+to\b(?=\s+[a-z])
    |\b(?i:will|would|shall|should|if|unless|whether|once|until)\b
    |\b(?:wo|would|should)n['’]t\b|['’]ll\b""",
    re.VERBOSE,
)
# In a claim these doubt as much, though they are no cue of their own.
_ALSO_DOUBT = re.compile(
    r"""\b(?:reports?\s+of|according\s+to|accus\w*|alleg\w*|claim\w*|suspect\w*|possibl\w*|may|might|could
    |attempt\w*|tr(?:y|ies|ied|ying)|whether|if|unconfirmed|rumou?r\w*|failed|fear\w*|want\w*|likely
    |expect\w*|unclear|appears?|appeared|seem\w*|plan\w*|hop(?:e|es|ed|ing)|threat\w*|seek\w*|sought|aim\w*)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_ALSO_TO_COME = re.compile(
    r"\b(?:plan\w*|intend\w*|vow\w*|prepar\w*|agree\w*|promis\w*|propos\w*|pledg\w*|set|due|schedul\w*"
    r"|slated|will|would|shall|should|if|unless|whether|yet|not|want\w*)\b|['’]ll\b|n['’]t\b",
    re.IGNORECASE,
)
# Words that lay it at somebody's door.
_SOURCED = re.compile(
    r"\b(?:said|says?|saying|according\s+to|told|announced|stated|declared|argued|insisted|believes?"
    r"|reports?|reported(?:ly)?|quoted|wrote|warned|charged|claim\w*|alleg\w*|accus\w*|rumou?r\w*"
    r"|suspect\w*|apparently|purported\w*|unconfirmed)\b",
    re.IGNORECASE,
)
_SAID_MAY_DO = re.compile(r"report|alleg|claim|said|rumou?r|accus|unconfirmed|suspect|believed")
_BEFORE_SUBJECT = frozenset(("if", "unless", "whether", "once", "until"))
_DETERMINERS = frozenset(("the", "a", "an", "its", "their", "his", "her", "these", "those"))
_FROM_WHOM = re.compile(r"\bfrom\s+(?:the\s+)?((?:[^\W\d_][\w-]*\s?){1,3})")
# Words that tell nothing by themselves behind a cue: "may be as high as", "could even be more".
_EMPTY = frozenset(
    ("as", "so", "more", "most", "very", "even", "much", "able", "possible", "under")
)
_REACH = 7  # words that a cue of the claim can stand from what it doubts
_HEADS = 3  # telling words behind a cue that it is recognised by


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue of doubt in a quote's sentence, and the stems of the telling words behind it."""

    words: str
    strength: int
    heads: tuple[str, ...]
    noun: bool  # it doubts a thing: "the alleged attack"
    sentence: str


def lost_hedges(body: str, quotes: Sequence[str]) -> list[str]:
    """The words of `body` that it tells more surely than the quotes; empty where none is seen.

    >>> lost_hedges("The army took the road.", ["The army tried to re-take the road."])
    ['took']
    >>> lost_hedges("It hit a school.", ["It reportedly hit a school."])
    ['hit']
    >>> lost_hedges("A school was hit, residents say.", ["It reportedly hit a school."])
    []
    """
    cues = [cue for quote in quotes for cue in _cues_of(quote)]
    lost = (word for cue in cues for word in _lost(cue, body, quotes, cues))
    return list(dict.fromkeys(lost))


def _lost(cue: _Cue, body: str, quotes: Sequence[str], cues: Sequence[_Cue]) -> Iterator[str]:
    head = cue.heads[0]
    if _told_plainly(head, quotes, cues):
        return
    wanted = {head}
    if head in TAKING and not cue.noun:
        wanted |= {other for other in TAKING if not _told_plainly(other, quotes, cues)}
    for match in WORD.finditer(body):
        if stem(match[0]) not in wanted or not _same_matter(cue, body, match):
            continue
        if _doubted(body, match, cue):
            continue
        if head in TAKING and _is_the_loser(body[: match.start()], quotes):
            continue
        yield match[0]


def _same_matter(cue: _Cue, body: str, match: re.Match[str]) -> bool:
    """Whether the claim's word is the one that the cue bears on, by another telling word.

    A verb of taking or one that stands alone behind the cue needs none.
    """
    if not cue.noun:
        return True
    stems = {stem(word) for word in WORD.findall(body[match.end() :])[:_HEADS]}
    return len(cue.heads) == 1 or not stems.isdisjoint(cue.heads[1:])


def _doubted(body: str, match: re.Match[str], cue: _Cue) -> bool:
    """Whether something of the claim doubts its word as much as the cue does the quote's."""
    start, end = next(
        (span for span in split_sentences(body) if span[0] <= match.start() < span[1]),
        (0, len(body)),
    )
    before, after = body[start : match.start()], body[match.end() : end]
    if not cue.noun and re.search(r"\bto\s+(?:be\s+|have\s+)?(?:\w+ly\s+)?$", before):
        return True
    near = " ".join([*before.split()[-_REACH:], match[0]])
    doubt = re.compile(f"(?:{_ALSO_DOUBT.pattern})|(?:{_DOUBTFUL.pattern})", re.VERBOSE | re.I)
    if doubt.search(near):
        return True
    if cue.strength == FUTURE and (_ALSO_TO_COME.search(near) or _TO_COME.search(near)):
        return True
    if cue.words.lower() in _BEFORE_SUBJECT and _TO_COME.search(f"{before} {after}"):
        return True
    if not _SAID_MAY_DO.search(cue.words.lower()):
        return False
    others = _SOURCED.findall(cue.sentence)
    return len(_SOURCED.findall(body[start:end])) > len(others) - len(_SOURCED.findall(cue.words))


def _told_plainly(head: str, quotes: Sequence[str], cues: Sequence[_Cue]) -> bool:
    """Whether the quotes tell it more often than in the scope of a cue."""
    count = sum(stem(word) == head for quote in quotes for word in WORD.findall(quote))
    return count > sum(cue.heads[0] == head or (cue.noun and head in cue.heads) for cue in cues)


def _cues_of(quote: str) -> Iterator[_Cue]:
    """Each cue with its telling words; of two on one word the stronger."""
    for start, end in split_sentences(quote):
        sentence = quote[start:end]
        found = [(m, DOUBT) for m in _DOUBTFUL.finditer(sentence)]
        found += [(m, FUTURE) for m in _TO_COME.finditer(sentence)]
        seen: set[tuple[str, ...]] = set()
        for match, strength in found:
            noun = strength == DOUBT and match["noun"] is not None
            heads = _heads(sentence, match, noun=noun)
            if heads and heads not in seen:
                seen.add(heads)
                yield _Cue(match[0], strength, heads, noun, sentence)


def _heads(sentence: str, cue: re.Match[str], *, noun: bool) -> tuple[str, ...]:
    """The stems of the first telling words behind a cue, in its clause.

    After "if" and after "claims that" the subject comes first: there the verb is looked for.
    """
    behind = sentence[cue.end() : cue.end() + 160].lstrip(", ")
    clause = re.split(r"[.;:()“”\"]" if noun else r"[.,;:()“”\"]", behind, maxsplit=1)[0]
    words = [(m[0], stem(m[0])) for m in WORD.finditer(clause)][:10]
    subject_first = cue[0].lower() in _BEFORE_SUBJECT or (
        not noun
        and re.search(
            r"that$|^(?:claim(?:s|ed|ing)?|alleg(?:es|ed|ing))\s*$|\b(?:claims|speculation|fears?|rumou?rs?)\s+(?:that|of)$",
            cue[0],
        )
    )
    if subject_first:
        return _verb_of(words)
    telling = [s for word, s in words if _telling(word)]
    return tuple(telling[:_HEADS])


def _telling(word: str) -> bool:
    lower = word.lower()
    return lower not in SKIPPED | _EMPTY and not (lower.endswith("ly") and len(lower) > 4)


def _verb_of(words: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The verb behind a subject: the first lower-case word with a verb's ending."""
    before = ""
    for word, found in words:
        ends = word.endswith("s") and before.lower() not in _DETERMINERS
        if word.islower() and _telling(word) and before and (ends or tells_past(word)):
            return (found,)
        before = word
    return ()


def _is_the_loser(before: str, quotes: Sequence[str]) -> bool:
    """Whether it tells of "ISIS" holding what the army tries "to re-take from ISIS"."""
    words = {word.casefold() for word in WORD.findall(before)}
    for quote in quotes:
        for match in _FROM_WHOM.finditer(quote):
            if any(w[0].isupper() and w.casefold() in words for w in WORD.findall(match[1])):
                return True
    return False

"""Whether a claim is surer than its quotes: a "reportedly" lost, an attempt told as done.

Word rules, no parser. Each cue of doubt in a quote (`cues`) bears on a word behind it. The claim's
words are laid beside those words of the quotes that they were made from: where a verb stands in
the quotes with a hedge and without one, beside the one whose neighbours it shares. Where nothing
of the claim doubts it as the cue does, the doubt was lost; another hedge of the same sentence that
is still there makes up for none. A claim that says the same in quite other words is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.checking.cues import (
    BEFORE_SUBJECT,
    DOUBT,
    FUTURE,
    HEADS,
    TO_COME,
    Cue,
    find_cues,
    key_words,
)
from assistant.answering.checking.verbs import SKIPPED, TAKING, WORD, stem
from assistant.passages import split_sentences

# Words that lay it at somebody's door.
_SOURCED = re.compile(
    r"\b(?:said|says?|saying|according\s+to|told|announced|stated|declared|argued|insisted|believes?"
    r"|reports?|reported(?:ly)?|quoted|wrote|warned|charged|claim\w*|alleg\w*|accus\w*|rumou?r\w*"
    r"|suspect\w*|apparently|purported\w*|unconfirmed)\b",
    re.IGNORECASE,
)
_SAID_MAY_DO = re.compile(r"report|alleg|claim|said|rumou?r|accus|unconfirmed|suspect|believed")
_FROM_WHOM = re.compile(r"\bfrom\s+(?:the\s+)?((?:[^\W\d_][\w-]*\s?){1,3})")
_PRONOUNS = frozenset(("it", "they", "he", "she", "we", "i", "them", "him"))
_REACH = 7  # words that a cue of the claim can stand from what it doubts
_NEIGHBOURS, _CLOSE = (
    5,
    3,
)  # telling words beside a word, and words in which a pronoun stands for them


@dataclass(frozen=True, slots=True)
class _Place:
    """A word of a text with the stems of its neighbours in the sentence, before and behind."""

    stem: str
    at: int
    before: frozenset[str]
    behind: frozenset[str]
    pronoun_before: bool
    pronoun_behind: bool


def lost_hedges(body: str, quotes: Sequence[str]) -> list[str]:
    """The words of `body` that it tells more surely than the quotes; empty where none is seen.

    >>> lost_hedges("The army took the road.", ["The army tried to re-take the road."])
    ['took']
    >>> lost_hedges("It hit a school.", ["It reportedly hit a school."])
    ['hit']
    >>> lost_hedges("A school was hit, residents say.", ["It reportedly hit a school."])
    []
    """
    cues = [(number, cue) for number, quote in enumerate(quotes) for cue in find_cues(quote)]
    if not cues:
        return []
    told = [(number, place) for number, quote in enumerate(quotes) for place in _places(quote)]
    hedged = {(number, cue.at) for number, cue in cues}
    hedged |= {(number, p.at) for number, p in told if _in_a_noun_cue(number, p, cues)}
    claimed = _places(body)
    bearing = list(find_cues(body))
    lost = []
    for number, cue in cues:
        same = {cue.heads[0]} | (TAKING if cue.heads[0] in TAKING and not cue.noun else set())
        told_of = [((n, p.at), p) for n, p in told if p.stem in same]
        for place in (p for p in claimed if p.stem in same):
            if _made_from(place, told_of, hedged) != (number, cue.at):
                continue
            match = WORD.match(body, place.at)
            if match and _is_lost(cue, body, match, bearing, quotes):
                lost.append(match[0])
    return list(dict.fromkeys(lost))


def _is_lost(
    cue: Cue, body: str, match: re.Match[str], bearing: Sequence[Cue], quotes: Sequence[str]
) -> bool:
    if not _same_matter(cue, body, match):
        return False
    if any(own.at == match.start() and own.kind == cue.kind for own in bearing):
        return False
    if _doubted(body, match, cue):
        return False
    return cue.heads[0] not in TAKING or not _is_the_loser(body[: match.start()], quotes)


# Which word of the quotes a word of the claim was made from


def _made_from(
    place: _Place,
    told: Sequence[tuple[tuple[int, int], _Place]],
    hedged: set[tuple[int, int]],
) -> tuple[int, int] | None:
    """The quote and the place of the word that shares most neighbours with the claim's word.

    Where the quotes have the word without a hedge as well, it must share more than that one and
    more than half of them: else it was made from that, or from nothing that can be told. A pronoun
    beside that one may stand for whatever stands beside the others.
    """
    doubtful = [(_shared(place, other), key) for key, other in told if key in hedged]
    if not doubtful:
        return None
    (before, behind, same), best = max(doubtful, key=lambda item: (sum(item[0]), -item[1][1]))
    plain = [other for key, other in told if key not in hedged]
    if plain and 2 * (before + behind) <= len(place.before) + len(place.behind):
        return None
    for other in plain:
        mine = _shared(place, other)
        first = max(mine[0], before) if other.pronoun_before else mine[0]
        second = max(mine[1], behind) if other.pronoun_behind else mine[1]
        if first + second + mine[2] >= before + behind + same:
            return None
    return best


def _shared(one: _Place, other: _Place) -> tuple[int, int, int]:
    """How many neighbours two words share before and behind, and whether they are the same verb.

    A sentence may be turned (from active to passive), so that what stood before stands behind.
    """
    straight = len(one.before & other.before), len(one.behind & other.behind)
    turned = len(one.before & other.behind), len(one.behind & other.before)
    return *max(straight, turned, key=sum), int(one.stem == other.stem)


def _places(text: str) -> list[_Place]:
    found = []
    for start, end in split_sentences(text):
        words = [
            (m[0].lower(), stem(m[0]), start + m.start()) for m in WORD.finditer(text[start:end])
        ]
        for number, (_, own, at) in enumerate(words):
            before, behind = words[:number], words[number + 1 :]
            left = [found for word, found, _ in before if word not in SKIPPED][-_NEIGHBOURS:]
            right = [found for word, found, _ in behind if word not in SKIPPED][:_NEIGHBOURS]
            near = {word for word, _, _ in before[-_CLOSE:]}, {w for w, _, _ in behind[:_CLOSE]}
            pronouns = [not _PRONOUNS.isdisjoint(side) for side in near]
            found.append(_Place(own, at, frozenset(left), frozenset(right), *pronouns))
    return found


def _in_a_noun_cue(number: int, place: _Place, cues: Sequence[tuple[int, Cue]]) -> bool:
    """Whether it is the "attack" of "the alleged gas attack"."""
    return any(
        of == number and cue.noun and place.stem in cue.heads and 0 <= place.at - cue.at < 40
        for of, cue in cues
    )


# Whether the claim doubts its word as the quote does


def _same_matter(cue: Cue, body: str, match: re.Match[str]) -> bool:
    """Whether the claim's word is the one that the cue bears on, by another telling word.

    A verb of taking or one that stands alone behind the cue needs none.
    """
    if not cue.noun:
        return True
    stems = {stem(word) for word in WORD.findall(body[match.end() :])[:HEADS]}
    return len(cue.heads) == 1 or not stems.isdisjoint(cue.heads[1:])


def _doubted(body: str, match: re.Match[str], cue: Cue) -> bool:
    """Whether something of the claim doubts its word as much as the cue does the quote's.

    What the quote has beside the cue as well doubts something else.
    """
    start, end = next(
        (span for span in split_sentences(body) if span[0] <= match.start() < span[1]),
        (0, len(body)),
    )
    before, after = body[start : match.start()], body[match.end() : end]
    infinitive = re.search(r"\bto\s+(?:be\s+|have\s+)?(?:\w+ly\s+)?$", before)
    if infinitive and not cue.noun and not cue.infinitive:
        return True
    near = " ".join([*before.split()[-_REACH:], ""])
    own = key_words(cue.words)
    for pattern in (DOUBT, FUTURE) if cue.kind == TO_COME else (DOUBT,):
        for doubt in pattern.finditer(near):
            keys = key_words(doubt[0])
            if keys & own or not keys & cue.doubts:
                return True
    if cue.words.lower() in BEFORE_SUBJECT and FUTURE.search(f"{before} {after}"):
        return True
    if not _SAID_MAY_DO.search(cue.words.lower()):
        return False
    others = _SOURCED.findall(cue.sentence)
    return len(_SOURCED.findall(body[start:end])) > len(others) - len(_SOURCED.findall(cue.words))


def _is_the_loser(before: str, quotes: Sequence[str]) -> bool:
    """Whether it tells of "ISIS" holding what the army tries "to re-take from ISIS"."""
    words = {word.casefold() for word in WORD.findall(before)}
    for quote in quotes:
        for match in _FROM_WHOM.finditer(quote):
            if any(w[0].isupper() and w.casefold() in words for w in WORD.findall(match[1])):
                return True
    return False

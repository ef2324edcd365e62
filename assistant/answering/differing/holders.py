"""Who holds a place, or stands behind a deed, in the words of one sentence.

Rules over the words, no parser; precision over recall: None where two could be meant. Two names of
one party ("the army", "government troops") are the same holder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.answering.checking.names import fold

Relation = Literal["holds", "behind"]

_ASKS_HOLDER = re.compile(
    r"\b(?:who|which\s+(?:side|party|group|army|force))(?:\s+\w+){0,2}?\s+(?:(?:is|was|are|were)\s+in\s+"
    r"(?:control|charge|possession)|controls?|controlled|holds?|held|rules?|ruled|runs?|ran|owns?"
    r"|occup(?:y|ies|ied)|captured|took|has\s+(?:taken|captured|seized)|seized|retook|recaptured)\b"
    r"|\bin\s+whose\s+hands\b|\bunder\s+whose\s+control\b",
    re.IGNORECASE,
)
_ASKS_BEHIND = re.compile(
    r"\b(?:who|which\s+(?:side|party|group|army|force))\b.{0,30}?\b(?:claimed|behind|blamed|responsible"
    r"|carried\s+out|killed|bombed|shelled|attacked|struck|fired|launched|dropped|shot\s+down)\b",
    re.IGNORECASE,
)
_FORCES = (
    r"army|troops|soldiers|forces|rebels|militants|fighters|insurgents|police|government|regime|warplanes"
    r"|jets|militias?|terrorists|opposition|coalition|military|jihadists|command"
)
_NUMBERS = (
    r"One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|(?:Thir|Four|Fif|Six|Seven|Eigh|Nine)teen"
    r"|(?:Twen|Thir|For|Fif|Six|Seven|Eigh|Nine)ty|Dozens|Scores|Hundreds|Thousands"
)
_NO_ACTOR = (  # words that begin a sentence and are nobody's name
    rf"(?!(?:{_NUMBERS}|Nobody|No|None|Some|Many|Most|Few|Several|All|Both|Each|Every|Another|Neither|On|In|At"
    r"|By|Under|Over|Near|Inside|Outside|Among|Between|The|A|An|This|That|These|Those|There|It|He|She|They|We"
    r"|Who|Whoever|Which|What|But|And|So|Yet|Then|Now|Still|Also|Only|Even|However|Meanwhile|As|After|Before"
    r"|Since|Until|During|When|Once|While|If|Whether|Because|Although|Though|Despite|With|From|For|To|Its"
    r"|His|Her|Their|Earlier|Later|Early|Late|Last|Today|Yesterday"
    r"|Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|January|February|March|April|May|June|July|August"
    r"|September|October|November|December)(?:day)?\b)"
)
# Words that part a party from what stands before it: "Earlier this month | soldiers held it".
_APART = r"of|[Tt]he|and|or|by|from|this|that|month|week|year|night|morning|day|\w+day"
_ACTOR = (
    # "regime forces" are one party, not the regime and then forces
    rf"(?:[Tt]he\s+)?(?:(?:(?!(?:{_APART})\b)[\w’'-]+[ ]){{0,3}}?"
    rf"(?:{_FORCES})(?:[ ](?:{_FORCES}))*\b"
    rf"|{_NO_ACTOR}[A-Z][\w’'-]+(?:[ ](?:of[ ])?(?!The\b)[A-Z][\w’'-]+){{0,4}})"
)
_ANY_ACTOR = re.compile(rf"\b(?P<actor>{_ACTOR})")
_AND_ACTOR = re.compile(rf"\s+(?:and|or)\s+(?P<other>{_ACTOR})")
_AFTER_PREPOSITION = re.compile(
    r"\b(?:from|of|by|against|with|to|in|at|on|near|for|into|outside|around|between|towards?|told"
    r"|(?<!,\s)and)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_BY_ACTOR = re.compile(
    rf"\b(?:held|controlled|occupied|ruled|run)\s+by\s+(?P<a>{_ACTOR})"
    rf"|\bunder\s+(?:the\s+)?(?:full\s+)?control\s+of\s+(?P<b>{_ACTOR})"
    rf"|\bin\s+the\s+hands\s+of\s+(?P<c>{_ACTOR})"
    rf"|\bin\s+(?P<d>[\w’'-]+(?:\s+[\w’'-]+)?)\s+hands\b"
    rf"|\bunder\s+(?P<e>[\w’'-]+(?:\s+[\w’'-]+)?)\s+control\b"
    # What is to be taken from somebody is theirs.
    r"|\b(?:attempt|tr(?:y|ied|ying)|bid|push|assault|operation|offensive|battl|fight|campaign)\w*\b[^.;]{0,60}?"
    r"\b(?:re-?take|recapture|take\s+back|seize|capture|wrest|liberate|drive)\b[^.;]{0,80}?\bfrom\s+"
    rf"(?P<f>{_ACTOR})"
)
_HOLDS = re.compile(  # not "rebel-held"
    r"(?<![\w-])(?:(?:holds?|held|controls|controlled|rules|ruled|occupies|occupied|captured"
    r"|seized|retook|recaptured|regained|liberated|overran)\b(?!\s+by\b)|(?:remain(?:s|ed)?|is|are|was|were)\s+(?:still\s+)?in\s+"
    r"(?:full\s+)?(?:control|charge)\b|(?:took|taken|has|have)\s+(?:full\s+)?(?:control|charge)\b)"
)
_UNSURE = re.compile(
    r"\b(?:to|would|will|could|may|might|if|tried|failed|not|never|that\s+had|which\s+had"
    r"|is|are|was|were|been|being"  # what was held holds nothing
    r"|they|it|he|she)\s+(?:\w+ly\s+)?$"  # whoever that is
    r"|n['’]t\s+$|\b(?:would|could|might|should)\s+(?:not\s+)?have\s+$",
    re.IGNORECASE,
)
_BEHIND = re.compile(
    rf"\b(?P<a>{_ACTOR})\s+(?:has\s+|have\s+|had\s+|later\s+|also\s+)*claimed\s+(?:responsibility|the\b|both\b|it\b)"
    rf"|\b(?:claimed|carried\s+out|launched|committed|killed|bombed|shelled|dropped|fired)\s+by\s+(?P<b>{_ACTOR})"
    rf"|\bblam(?:ed|es|ing)\s+(?:it\s+on\s+|the\s+\w+\s+on\s+)?(?P<c>{_ACTOR})"
    rf"|\baccus(?:ed|es|ing)\s+(?P<d>{_ACTOR})\s+of\b"
)
_PARTIES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "army government regime troops soldiers state police ministry command",
        "isis isil is daesh islamic caliphate",
        "us american coalition us-led",
        "russia russian",
        "turkey turkish",
    )
)
PARTY_WORDS = frozenset[str]().union(*_PARTIES)
# Names of states, capitals and persons, each with the place in `_PARTIES` of whom it stands for. No
# `PARTY_WORDS`: a question may ask of the city.
_STANDS_FOR = {
    "assad": 0, "damascus": 0, "washington": 2, "pentagon": 2, "russia": 3, "moscow": 3,
    "kremlin": 3, "turkey": 4, "ankara": 4,
}  # fmt: skip
# A country is its state's where nothing but these words stands beside it: not "Syrian rebels".
_COUNTRY = frozenset(("syria", "syrian"))
_OF_A_STATE = frozenset(("air", "aircraft", "force", "forces", "jets", "planes", "warplanes"))
# Names for any party that is not the state's.
_ANYONE = frozenset(
    [
        "rebels",
        "rebel",
        "militants",
        "fighters",
        "insurgents",
        "opposition",
        "terrorists",
        "jihadists",
        "forces",
    ]
)
_SMALL = frozenset(["the", "a", "an", "of", "its", "pro", "last", "all", "full", "entire", "some"])


@dataclass(frozen=True, slots=True)
class Actor:
    """A party as a sentence calls it; `same` compares two of them."""

    words: str

    def same(self, other: Actor) -> bool:
        """Whether both may be one party: a shared name, a known side, or a word for any rebels."""
        mine, theirs = _keys(self.words), _keys(other.words)
        if {_bare(key) for key in mine} & {_bare(key) for key in theirs} - _COUNTRY:
            return True
        ours, others = _party(mine), _party(theirs)
        if ours is not None or others is not None:
            return ours == others
        return mine - _COUNTRY <= _ANYONE or theirs - _COUNTRY <= _ANYONE


def asked_relation(question: str) -> Relation | None:
    """Whether a question asks who holds something, or who is behind a deed."""
    if _ASKS_HOLDER.search(question):
        return "holds"
    return "behind" if _ASKS_BEHIND.search(question) else None


def find_actor(
    sentence: str, relation: Relation, asked: frozenset[str] = frozenset()
) -> Actor | None:
    """Whom a sentence names as the holder, or as the one behind the deed; None where unsure.

    `asked`: the words of the question, in lower case; what it names itself holds nothing.

    >>> find_actor("The road is held by the army.", "holds")
    Actor(words='the army')
    """
    pattern = _BY_ACTOR if relation == "holds" else _BEHIND
    found = pattern.search(sentence)
    if found is None:
        return _subject(sentence, asked) if relation == "holds" else None
    group = found.lastgroup or 0
    actor, other = _actor(found[group], asked), _AND_ACTOR.match(sentence, found.end(group))
    second = _actor(other["other"], asked) if other else None
    # "by Syrian or Russian jets" names neither
    return actor if actor is None or second is None or actor.same(second) else None


def _subject(sentence: str, asked: frozenset[str]) -> Actor | None:
    """The last party before the verb of holding that no preposition governs."""
    verb = _HOLDS.search(sentence)
    if verb is None or _UNSURE.search(sentence[: verb.start()]):
        return None
    before = sentence[: verb.start()]
    named = [
        actor
        for match in _ANY_ACTOR.finditer(before)
        if not _AFTER_PREPOSITION.search(before[: match.start()])
        and (actor := _actor(match["actor"], asked))
    ]
    return named[-1] if named else None


def _actor(words: str, asked: frozenset[str]) -> Actor | None:
    words = " ".join(words.split())
    return Actor(words) if _keys(words) - asked else None


def _keys(words: str) -> frozenset[str]:
    words = re.sub(r"\bUnited States\b", "US", words)
    plain = (fold(word) for word in re.findall(r"[\w’'-]+", words))
    return frozenset(word for word in plain if word not in _SMALL)


def _bare(word: str) -> str:
    """A word without its last "s": texts lose the apostrophe of "Assad's forces"."""
    return word[:-1] if len(word) > 4 and re.search(r"[^us]s$", word) else word


def _party(keys: frozenset[str]) -> int | None:
    """Which of the known sides; where words of several are used ("US-backed forces"), the last."""
    found = [number for number, party in enumerate(_PARTIES) if keys & party]
    found += [_STANDS_FOR[_bare(key)] for key in keys if _bare(key) in _STANDS_FOR]
    if found:
        return max(found)
    country = {key for key in keys if _bare(key) in _COUNTRY}
    return 0 if country and keys - country <= _OF_A_STATE else None

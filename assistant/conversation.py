"""History -> standalone question, by rules: what a follow-up leaves out is put beside it.

The rewritten question is for searching and is shown to the reader; it stays in their words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.types import Answer

_OPENING = re.compile(
    r"^\s*(?:(?:and|but|so|also|then|ok(?:ay)?)\b(?!-)[\s,]*)*(?:(?:what|how) about\b\s*)?", re.I
)
# Days and months are written like names, and name no subject.
_DATE_WORD = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July"
    r"|August|September|October|November|December)\b"
)
_NAME_WORD = rf"(?!I\b|{_DATE_WORD})[A-Z][\w’-]*"
# "Deir ez-Zor", "Ras al Ayn": small words inside a name.
_NAME_WORDS = (
    rf"{_NAME_WORD}(?:[\s-](?:(?:al|el|ez|az|ar|ad|bin|ibn|de|du|van|von)[\s-])?{_NAME_WORD})*"
)
_NAMES = re.compile(rf"(?<!^)(?<![.?!] )\b{_NAME_WORDS}")
_WHAT_ABOUT = re.compile(
    r"^\s*(?i:(?:and\s+)?(?:what|how) about|and)\s+(?:(?:in|at|on|for|of|the)\s+)*"
    rf"(?P<name>{_NAME_WORDS})(?:\s+(?:then|now|instead))?\s*\?*\s*$"
)
# These stand for somebody or something that was named before: here, or in the conversation.
_PRONOUN = re.compile(r"\b(?:he|him|his|she|her|hers|it|its|they|them|their|theirs)\b", re.I)
_EMPTY_IT = re.compile(
    r"\b(?:(?:is|was) it|it (?:is|was)) (?:true|known|possible|clear|likely|said|reported)\b"
    r"|\b(?:did|does|will|would) it take\b",
    re.I,
)
# These point back where a question is short and names nothing itself ...
_POINTING = re.compile(
    r"\b(?:that(?! (?:the|an?|he|she|they|there|no|all|every|some|any|his|her|its|their)\b)"
    r"|this(?! (?:week|month|year|morning|summer|winter|spring|autumn)\b)"
    r"|those|these|then|ones|same|which one|the (?:\w+ )?one"
    r"|(?<!\bis )(?<!\bare )(?<!\bwas )(?<!\bwere )there)\b",
    re.I,
)
# ... and always as its last word.
_POINTING_LAST = re.compile(r"\b(?:that|this|those|these|there)\W*$", re.I)
# These say of whom or of what, but not where or when: "How many were killed?", "Who is the mayor?"
_UNPLACED = re.compile(
    r"^(?:(?:how (?:many|much)|which|what)(?: \w+){0,2} (?:was|were|is|are|ha(?:s|ve) been) \w+"
    r"(?:ed|en|wn|ung|ught|ost|ilt|eld)|who (?:was|were|is|are) the \w+(?: \w+)?)\W*$",
    re.I,
)
_FEWEST_WORDS = 3
# In a longer question, what a pronoun stands for is mostly in the question.
_SHORT_WORDS = 8
_BRIEF_WORDS = 15


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question as it is searched. `own` is what its asker said this time; empty: all of it.

    `cited` are the passages that the conversation rests on so far. `refused` is the answer that
    abstained from the question that a follow-up leans on and names nothing beside: it cannot be
    answered either.
    """

    standalone: str
    own: str = ""
    cited: tuple[str, ...] = ()
    refused: Answer | None = None


def is_follow_up(question: str) -> bool:
    """Whether a question leaves out what only the conversation before it says.

    >>> is_follow_up("and when was that?"), is_follow_up("Who controls the Aleppo road?")
    (True, False)
    """
    question = question.strip()
    words = len(question.split())
    if _OPENING.sub("", question, count=1) != question or _POINTING_LAST.search(question):
        return True
    said = _EMPTY_IT.sub("", question)
    if any(_leans_back(said, pronoun) for pronoun in _PRONOUN.finditer(said)):
        return True
    if _NAMES.search(question):
        return False
    points = words <= _SHORT_WORDS and _POINTING.search(question) is not None
    return points or words <= _FEWEST_WORDS or _UNPLACED.match(question) is not None


def _leans_back(question: str, pronoun: re.Match[str]) -> bool:
    """Whether what a pronoun stands for is not in the question itself."""
    before, after = question[: pronoun.start()], question[pronoun.end() :]
    if _NAMES.search(before):  # "Did Farouk say she would resign?", but "Did Turkey support them?"
        return len(question.split()) <= _SHORT_WORDS and not re.search(r"\w", after)
    return len(before.split()) < _SHORT_WORDS


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
    person = _person(last)
    named = _with_name(question, person) if person else question
    own = _own_words(named)
    refused = None if _NAMES.search(question.strip()) else _refusal(subject, asked)
    if not own:
        return Resolved(subject, cited=cited, refused=refused)
    if person and _WHO_IS.match(question):
        return Resolved(f"{own}?", cited=cited)
    answered = _brief(last)
    standalone = f"{own}: {subject}"
    if answered and answered not in subject:
        standalone += f" {answered}"
    return Resolved(standalone, own, cited, refused)


def _refusal(subject: str, asked: Sequence[Answer]) -> Answer | None:
    """The answer that abstained from what a conversation is about; None where it was answered."""
    begun = [answer for answer in asked if subject.startswith(answer.standalone_question.strip())]
    last = begun[-1] if begun else asked[-1]
    return last if last.abstained else None


def _own_words(question: str) -> str:
    own = _OPENING.sub("", question, count=1).strip().rstrip("?").strip()
    return own[:1].upper() + own[1:]


# One who is spoken of, and the verb and the object that go with it.
_HE = re.compile(r"\b(?:he|she|him)\b", re.IGNORECASE)
_HIS = re.compile(r"\bhis\b|\bher(?=\s+[a-z]{3,})", re.IGNORECASE)
_HER = re.compile(r"\bher\b", re.IGNORECASE)
_WHO_IS = re.compile(r"^\s*(?:and\s+|but\s+|so\s+)?who\s+(?:is|was)\s+(?:he|she)\s*\?*\s*$", re.I)
# A first and a last name, perhaps with a title; the words of a quote that name somebody.
_PERSON = re.compile(
    r"\b(?:(?:Colonel|General|Major|Captain|Brigadier|President|Minister|Judge|Dr\.?|Mr\.?|Mrs\.?)\s+)?"
    rf"(?!(?:The|A|An|In|On|At|Reported|Claimed)\b){_NAME_WORD}(?:\s(?:(?:al|el|bin|ibn|de|van|von)[\s-])?"
    rf"{_NAME_WORD}){{1,2}}"
)
_TOLD_BY = re.compile(r"(?:[Cc]laimed by|citing) ([^,:]+)")
_ROLE = (
    r"mediator|minister|governor|spokes(?:man|woman|person)|director|head|doctor|commander|leader|mayor"
    r"|chief|president|chair(?:man|woman)|coordinator|lawyer|judge|captain|coach|author|officer"
)
_SPOKE = re.compile(
    r"\b(?:said|says|told|added|warned|claimed|admitted|resigned|expected|won|leads?|led|runs?|ran"
    rf"|who|{_ROLE})\b"
)
# "The Civic Union", "the opposition Civic Union": only a role stands between "the" and a person.
_OF_MANY = re.compile(rf"\b[Tt]he\s+(?:(?!(?:{_ROLE})\b)[a-z-]+\s+)?$")


def _person(answer: Answer) -> str:
    """The one person that an answer speaks of, or lets speak; empty where none or several could be.

    Who said it goes before who is named; a name counts where the words make a person of it.
    """
    if answer.abstained:
        return ""
    if answer.statements:
        said = [s.attributed_to for s in answer.statements[:1] if s.attributed_to]
        words = answer.statements[0].body
    else:  # of an earlier session only the text is kept, frame and all
        lead, opened, rest = answer.text.partition("“")
        said = _TOLD_BY.findall(lead) if opened else []
        words = rest.partition("”")[0] if opened else lead
    for text in (*said, words):
        names = []
        for match in _PERSON.finditer(text):
            near = text[max(0, match.start() - 40) : match.end() + 40]
            if _OF_MANY.search(text[: match.start()]):
                continue
            if text in said or _SPOKE.search(near):
                names.append(match.group())
        if len(dict.fromkeys(names)) == 1:
            return names[0]
    return ""


def _with_name(question: str, person: str) -> str:
    """The question with its first "he", "his", "him", "she" or "her" given its name."""
    for pronoun, name in ((_HE, person), (_HIS, f"{person}'s"), (_HER, person)):
        if pronoun.search(question):
            return pronoun.sub(name, question, count=1)
    return question


def _subject(answer: Answer) -> str:
    """The question that an answer is about: of a chain of follow-ups, the one that began it.

    A follow-up that named something itself brought a subject of its own.
    """
    standalone = answer.standalone_question.strip()
    own = f"{_own_words(answer.question)}: "
    if answer.question != standalone and not standalone.startswith(own):
        before, colon, _ = standalone.partition(": ")  # a name may stand for its "he"
        if colon and len(before.split()) >= len(answer.question.split()) > 0:
            own = f"{before}: "
    leans = answer.question != standalone and standalone.startswith(own)
    if leans and not _NAMES.search(answer.question.strip()):
        standalone = standalone.removeprefix(own)
    asked, mark, answered = standalone.partition("?")
    if leans and len(answered.split()) > _BRIEF_WORDS:  # a chain does not grow without end
        return asked + mark
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


def past_answer(question: str, answer: str) -> Answer:
    """A turn of which only the words are known, as history for `ask`."""
    return Answer(
        question=question,
        standalone_question=question,
        text=answer,
        writer="",
        model="",
        prompt_id="",
        abstained=not answer.strip(),
        abstention_reason=None,
        confidence=0.0,
        dropped=0,
    )

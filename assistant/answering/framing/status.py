"""How sure the source itself is of what a sentence tells.

Word rules as tables, no model; precision over recall: "reported" is what is left where no rule is
sure. English only. Who said it: `attribution`.

Precedence, first match wins:

1. denied: the sentence is a denial, or the next one denies it ("The ministry denied the report").
2. unconfirmed: the source says that it is not verified, in the sentence ("reportedly") or in the
   next one ("However, these reports were not confirmed"). Before "claimed": an unconfirmed claim
   is told as unconfirmed.
3. expected: the main verb is to come ("will", "plans to", "may retake"). Before "claimed": the
   ministry's word on what it will do is a plan, not a claim.
4. claimed: a party's word on its own deeds, or on others' ("claimed that", "according to").
5. reported.
"""

from __future__ import annotations

import re

from assistant.answering.dating.dategrammar import MONTH
from assistant.types import Status

_DENIAL = re.compile(
    r"""(?<!cannot\s)(?<!can't\sbe\s)(?<!not\s)
    \b(?:den(?:y|ies|ied|ying)(?!\s+(?:them|him|her|us|people|civilians|access|entry|permission
        |a\s+visa|bail|any\s+chance|the\s+right))
    |(?:reject|dismiss|refut)(?:s|ed|ing)?\s+(?:(?:the|these|those|such|all|any|that|as\s+\w+)\s+)*
        (?:\w+\s+)?(?:claim|report|allegation|accusation|rumour|rumor)s?
    |(?:call|brand|label|describ)(?:s|ed|es)\s+(?:\w+\s+){1,8}?(?:as\s+)?(?:a\s+)?
        (?:false|untrue|fabricated|baseless|unfounded|lies?|nonsense)(?=\s*[.,”"]|\s+and\b)
    |disavow(?:s|ed)?|(?:false|untrue|fabricated|baseless)\s+(?:claim|report|allegation)s?)\b""",
    re.VERBOSE | re.IGNORECASE,
)
# A denial in a side clause denies something else than the sentence tells.
_SIDE_CLAUSE = re.compile(
    r"\b(?:but|while|although|though|despite|whereas|which|who|after|amid)\b[^.;]*$|;[^.;]*$|\bbeen\s+$"
    r"|\b(?:was|were|is|are)\s+$",
    re.IGNORECASE,
)
_NOT_CONFIRMED_WORDS = r"""
    \bun(?:confirmed|verified|substantiated)\b
    |\b(?:not|never|n['’]t)\s+(?:yet\s+)?(?:been\s+|be\s+)?(?:\w+ly\s+)?
        (?:confirmed|verified|corroborated)\b
    |\b(?:could|can)\s*(?:not|n['’]t)\s+(?:be\s+)?(?:\w+ly\s+)*(?:confirm|verify|corroborate)(?:ed)?\b
    |\b(?:could|can)\s*(?:not|n['’]t)\s+be\s+(?:\w+ly\s+)*verified\b
    |\b(?:unable|impossible)\s+to\s+(?:\w+ly\s+)?(?:confirm|verify)\b
    |\b(?:would|did)\s*(?:not|n['’]t)\s+(?:\w+ly\s+)?(?:confirm|verify)\b
    |\b(?:declin|refus)(?:ed|es|ing)\s+to\s+(?:confirm|verify)\b
    |\bno\s+(?:immediate\s+|independent\s+|official\s+)*(?:confirmation|verification)\b
    |\b(?:yet|remains?|still)\s+to\s+be\s+(?:confirmed|verified)\b
"""
_NOT_CONFIRMED = re.compile(_NOT_CONFIRMED_WORDS, re.VERBOSE | re.IGNORECASE)
_UNCONFIRMED = re.compile(
    _NOT_CONFIRMED_WORDS
    + r"""
    |\b(?:reportedly|allegedly|purported(?:ly)?|rumou?red|rumou?rs?\s+(?:that|of))\b
    |\b(?:is|was|were|are|has|have)\s+(?:also\s+|still\s+|widely\s+)?(?:been\s+)?
        (?:alleged|said|rumou?red|believed|thought|understood|feared|presumed)\s+to\b
    |\b(?:apparently|supposedly|presumably)\b
    |\b(?:not\s+(?:yet\s+|immediately\s+)?(?:clear|known|certain)|unclear|unknown|uncertain)
        \s+(?:whether|if)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The next sentence speaks of this one's matter.
_REFERS_BACK = re.compile(
    r"\b(?:(?:this|that|these|those|the|such)\s+(?:\w+\s+)?(?:report|claim|allegation|account|figure"
    r"|number|toll|information|news|accusation|rumour|rumor|statement|assertion)s?"
    r")\b|\bindependently\b|\bconfirm\s+(?:it|this|that|them)\b|^\W*(?:it|this|these|they)\b"
    r"|^\W*there\s+(?:was|is|has\s+been)\s+no\b",
    re.IGNORECASE,
)
_BACK_DENIED = re.compile(
    r"\b(?:denied|denies|rejected|dismissed|refuted)\s+(?:(?:the|these|those|this|such|that)\s+"
    r"(?:\w+\s+)?(?:report|claim|allegation|accusation|account|rumour|rumor)s?|it\b|them\b"
    r"|(?:this|that)\b(?=\s*(?:[.,;]|$)))"
    r"|\b(?:report|claim|allegation|account|rumour|rumor)s?\s+(?:was|were|has\s+been|have\s+been)\s+"
    r"(?:later\s+|quickly\s+)?(?:denied|rejected|dismissed|refuted)\b",
    re.IGNORECASE,
)
# A side clause that denies what the sentence itself tells: "…, but his ministry denied it".
_TAKEN_BACK = re.compile(
    rf"\b(?:but|though|although|which|yet)\b[^.;]{{0,60}}?(?:{_BACK_DENIED.pattern}"
    r"|\b(?:has|have|had|was|were)\s+(?:\w+ly\s+)?denied\b\s*(?:[.,]|$))",
    re.IGNORECASE,
)
_CLAIMABLE = r"""(?:responsibility|credit|victory|success|control|attack|bombing|blast|explosion
    |killing|murder|assassination|ambush|raid|operation|shooting|capture|kidnapping|hack)s?\b"""
_CLAIM = re.compile(
    r"""\bclaim(?:s|ed|ing)?\s+to\b
    |\bclaim(?:s|ed|ing)?\s+(?:(?:a|an|the|full|total|sole|this|that|both)\s+)*(?:(?!of\b)\w+\s+)?"""
    + _CLAIMABLE
    + r"""
    |\b(?:took|takes?|taken|taking)\s+(?:the\s+)?(?:credit|responsibility)\s+for\b
    |\b(?:by|on)\s+(?:the\s+)?(?:\w+\s+)?(?:\w+(?:['’]s|s['’])|its|their|his|her)
        \s+own\s+(?:account|count)\b
    |\b(?:assert|maintain|contend|insist|purport|boast|alleg)(?:e?s|ed)\s+
        (?:on\s+\w+day\s+)?that\b
    |\bclaim(?:s|ed)?\s+(?:that|it|they|he|she|its|their|responsibility|credit|the\s+attack)\b
    |\bclaim(?:s|ed)?\s+(?:(?:on|in|last|this|earlier|late)\s+)?(?:\w+\s+){0,2}(?:that|to\s+have)\b
    |,["”’]?\s+(?:the\s+)?(?:\w+\s+){1,4}claim(?:s|ed)\b(?=\s*[.,]|\s+on\b|\s*$)
    |\baccording\s+to\b(?!\s+(?:plan|plans|schedule|a\s+schedule|the\s+(?:plan|agreement|deal|terms)))
    |\b(?:said|says|announced|declared|boasted|insisted)\s+
        (?:(?:(?:on|in|last|this|earlier|late)\s+)?(?:\w+\s+){0,2}that\s+)?
        (?:(?:it|they|he|she|we)\s+had\b|(?:its|their|his|our)\s+\w+\s+(?:had|have|has)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
# "The aim of the raid is to open the road" says what it is for, unless a day follows.
_IS_FOR = re.compile(
    r"\b(?:aim|ambition|answer|approach|assignment|challenge|dream|duty|duties|function|goal|hope|idea"
    r"|importance|intention|job|key|mission|objective|option|plan|point|priority|purpose|response|role"
    r"|rule|solution|step|strategy|target|task|trick|vision|way)s?"
    r"(?:\s+(?:of|for)(?:\s+[\w’'-]+){1,5})?\s+$",
    re.IGNORECASE,
)
_IS_TO = re.compile(r"(?:is|are)\s+to\s+(?!be\b)")
_DAY_BEHIND = re.compile(
    rf"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|tomorrow|tonight|next\s+\w+|{MONTH})\b"
)
_TO_COME = re.compile(
    r"""\b(?:will|won['’]t|shall)\b(?!\s+(?:of|to)\b)|['’]ll\b
    |\b(?:may|might)\s+(?!(?:have|not\s+have)\b)(?=[a-z])
    |\b(?:is|are|was|were)\s+(?:\w+ly\s+|also\s+|now\s+|still\s+)?
        (?:expected|set|due(?!\s+to\s+(?:the|an?|its|their|this)\b)|scheduled|planned|slated|likely
        |poised|about|preparing|planning)\s+(?:to|for|on|in)\b
    |\b(?:is|are)\s+going\s+to\b
    |\b(?:is|are)\s+to\s+(?:be\s+(?!seen|found|heard|believed|not\b|different)
        (?:\w+(?:ed|en|t|rn|wn)|held|made|paid|sold|told)\b|leave|meet|(?:re)?open|start
        |begin|arrive|visit|return|hold|vote|sign|receive|resume|close|end|host|speak|travel|play
        |take\s+(?:place|over|part))\b
    |(?<!not\s)(?<!n['’]t\s)(?<!nt\s)\b
        (?:plan|intend|aim|hope|vow|threaten|want|promise|pledge|agree|propose|prepare)s?\s+to\b
    |\b(?:plann?|intend|vow|threaten|promis|pledg|propos)ed\s+to\s+(?!have\b)
    |\b(?:has|have)\s+agreed\s+to\s+(?!in\b)
    |\bexpects?\s+(?!(?:that|nothing|no)\b)(?:\S+\s+){1,6}?to\b
    |\bcould\s+(?!(?:have|not|be\s+(?:seen|heard|found|reached))\b)(?=[a-z])
        (?=[^.;]*\b(?:if|within|soon|next|before|as\s+early\s+as|in\s+the\s+coming|by\s+the\s+end)\b)
    |\bwould\s+(?!have\b|not\s+have\b|not\b)(?=[a-z])(?=[^.;]*\bif\b)""",
    re.VERBOSE,
)
# Of a named subject, whatever it is to do: "Lenz is to name a successor".
_NAMED_IS_TO = re.compile(
    r"(?<!\bat\s)(?<!\bby\s)(?<!\bfor\s)(?<!\bin\s)(?<!\bof\s)(?<!\bon\s)(?<!\bto\s)(?<!\bwith\s)"
    r"\b(?!(?:It|This|That|What|Which|Here|There|One|First|Second|Another)\b)"
    r"[A-Z][\w’'-]+\s(is\s+to\s+(?!blame\b|date\b|be\b)(?=[a-z]+\s)"
    r"(?!(?:the|an?|its|their|his|her|this|that|these|those|some|all|no|north|south|east|west)\b))"
)
_SUBORDINATE = re.compile(
    r"\b(?:which|who|that)\s+(?:\w+ly\s+)?$|\b(?:when|where|how|because|what|although)\b[^,;]*$"
)
# What is put in between, and a clause about the subject, tell another time than the verb to come.
_INSERTED = re.compile(r",\s+(?:which|who|whose|where|\w+ed|shut|held|built|cut)\b[^,;]*,")
_OF_SUBJECT = re.compile(r"\b(?:that|which|who)\s+(?:was|were|had|has|have)\s+[^,;]*$")
_FINITE = re.compile(r"(?:is|are|will|may|might)\b")
_CONDITION = re.compile(r"\W*(?:if|unless|once|should\s+(?:the|a|an|he|she|it|they|\w+s)\b)", re.I)
# Verbs of saying, as alternatives of a regular expression; `attribution` uses them too.
SAYING = (
    r"(?:said|says|told|announced|announces|claimed|claims|reported|reports|confirmed|confirms|"
    r"stated|states|added|adds|warned|warns|wrote|declared|insisted|argued|denied|denies|tweeted)"
)
_PRESENT = re.compile(
    r"^\W*(?:if|unless)\s+(?:(?!was\b|were\b|had\b|\w+ed\b)[^,])*,\s.*\b(?:is|are|has|have)\b", re.I
)
# A finite verb of the past before the verb to come: the sentence tells mainly of what has been.
_WOULD = re.compile(rf"\b{SAYING}\b[^.;]*?\s(would)\s+(?!have\b|not\s+have\b)(?=[a-z])")
_PAST = re.compile(
    rf"""(?<![-\w])(?!{SAYING}\b)
    (?:was|were|had|has|have|took|began|came|made|left|went|killed|struck|hit|fell|won|lost|held
    |broke|saw|met|fought|got|gave|\w{{2,}}ed)\b(?!-)""",
    re.VERBOSE | re.IGNORECASE,
)
_MODIFIER = re.compile(
    r"\b(?:the|a|an|of|its|their|his|her|by|and|for|with|from|in|to|be|is|are|most|more|many)\s+"
    r"(?:\w+ly\s+)?$|^\W*$",
    re.IGNORECASE,
)


def status_of(sentence: str, context: str = "") -> Status:
    """The status of a sentence in its source's own terms; `context` is the sentence after it.

    >>> status_of("Reports of a truce appeared.", "However, these reports were not confirmed.")
    'unconfirmed'
    """
    taken_back = _BACK_DENIED.search(context) or _TAKEN_BACK.search(sentence)
    if taken_back or _is_denied(sentence):
        return "denied"
    if _UNCONFIRMED.search(sentence):
        return "unconfirmed"
    if _NOT_CONFIRMED.search(context) and _REFERS_BACK.search(context):
        return "unconfirmed"
    if _is_expected(sentence):
        return "expected"
    return "claimed" if _CLAIM.search(sentence) else "reported"


def _is_denied(sentence: str) -> bool:
    match = _DENIAL.search(sentence)
    return match is not None and not _SIDE_CLAUSE.search(sentence[: match.start()])


def _is_expected(sentence: str) -> bool:
    """Whether the first main verb is to come; a relative clause ("which will …") is not main."""
    to_come = [m.start() for m in _TO_COME.finditer(sentence)]
    to_come += [m.start(1) for m in _NAMED_IS_TO.finditer(sentence)]
    to_come = [start for start in to_come if not _is_purpose(sentence, start)]
    if re.match(r"\W*(?:if|unless)\b[^,]{3,120},", sentence, re.IGNORECASE) and _PRESENT.search(
        sentence
    ):
        return True  # "If Hollin falls, the valley is lost"
    to_come += [m.start(1) for m in _WOULD.finditer(sentence)]  # "said that it would"
    if not to_come:
        return False
    before = sentence[: min(to_come)]
    if _SUBORDINATE.search(before):
        return False
    if _CONDITION.match(before):
        return True
    # What stands before "said that" says who speaks; the clause after it says what is told.
    said = list(re.finditer(rf"\b{SAYING}\b", before))
    clause = _INSERTED.sub("", before[said[-1].end() :] if said else before)
    if _FINITE.match(sentence, min(to_come)):
        clause = _OF_SUBJECT.sub("", clause)
    return not any(not _MODIFIER.search(clause[: m.start()]) for m in _PAST.finditer(clause))


def _is_purpose(sentence: str, start: int) -> bool:
    """Whether the verb to come at `start` only says what something is for."""
    return bool(
        _IS_TO.match(sentence, start)
        and _IS_FOR.search(sentence[:start])
        and not _DAY_BEHIND.search(sentence, start)
    )

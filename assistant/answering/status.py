"""How sure the source itself is of what a sentence tells, and who said it inside the article.

Word rules as tables, no model; precision over recall: "reported" and None are what is left where
no rule is sure. English only.

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

from assistant.types import Status

_DENIAL = re.compile(
    r"""(?<!cannot\s)(?<!can't\sbe\s)(?<!not\s)
    \b(?:den(?:y|ies|ied|ying)(?!\s+(?:them|him|her|us|people|civilians|access|entry|permission
        |a\s+visa|bail|any\s+chance|the\s+right))
    |(?:reject|dismiss|refut)(?:s|ed|ing)?\s+(?:(?:the|these|those|such|all|any|that|as\s+\w+)\s+)*
        (?:\w+\s+)?(?:claim|report|allegation|accusation|rumour|rumor)s?
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
    |\b(?:is|was|were|are|has|have)\s+(?:also\s+)?(?:alleged|said|rumou?red)\s+to\b
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
_CLAIM = re.compile(
    r"""\bclaim(?:s|ed)?\s+(?:that|it|they|he|she|its|their|responsibility|credit|the\s+attack)\b
    |\bclaim(?:s|ed)?\s+(?:(?:on|in|last|this|earlier|late)\s+)?(?:\w+\s+){0,2}(?:that|to\s+have)\b
    |,["”’]?\s+(?:the\s+)?(?:\w+\s+){1,4}claim(?:s|ed)\b(?=\s*[.,]|\s+on\b|\s*$)
    |\baccording\s+to\b(?!\s+(?:plan|plans|schedule|a\s+schedule|the\s+(?:plan|agreement|deal|terms)))
    |\b(?:said|says|announced|declared|boasted|insisted)\s+
        (?:(?:(?:on|in|last|this|earlier|late)\s+)?(?:\w+\s+){0,2}that\s+)?
        (?:(?:it|they|he|she|we)\s+had\b|(?:its|their|his|our)\s+\w+\s+(?:had|have|has)\b)""",
    re.VERBOSE | re.IGNORECASE,
)
_TO_COME = re.compile(
    r"""\b(?:will|won['’]t|shall)\b(?!\s+(?:of|to)\b)|['’]ll\b
    |\b(?:may|might)\s+(?!(?:have|not\s+have)\b)(?=[a-z])
    |\b(?:is|are)\s+(?:\w+ly\s+|also\s+|now\s+)?(?:expected|set|due|scheduled|planned|slated|likely|poised|about
        |preparing|planning)\s+(?:to|for|on|in)\b
    |\b(?:is|are)\s+going\s+to\b
    |\b(?:plan|intend|aim|hope|vow|threaten)s?\s+to\b|\b(?:plan|intend|vow|threaten)ed\s+to\b""",
    re.VERBOSE,
)
_SUBORDINATE = re.compile(
    r"\b(?:which|who|that)\s+(?:\w+ly\s+)?$|\b(?:when|where|how|because|what|although)\b[^,;]*$"
)
_SAYING = (
    r"(?:said|says|told|announced|announces|claimed|claims|reported|reports|confirmed|confirms|"
    r"stated|states|added|adds|warned|warns|wrote|declared|insisted|argued|denied|denies|tweeted)"
)
# A finite verb of the past before the verb to come: the sentence tells mainly of what has been.
_WOULD = re.compile(rf"\b{_SAYING}\b[^.;]*?\s(would)\s+(?!have\b|not\s+have\b)(?=[a-z])")
_PAST = re.compile(
    rf"""(?<![-\w])(?!{_SAYING}\b)
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
    to_come += [m.start(1) for m in _WOULD.finditer(sentence)]  # "said that it would"
    if not to_come:
        return False
    before = sentence[: min(to_come)]
    if _SUBORDINATE.search(before):
        return False
    if re.match(r"\W*(?:if|unless|once)\b", before, re.IGNORECASE):
        return True
    # What stands before "said that" says who speaks; the clause after it says what is told.
    said = list(re.finditer(rf"\b{_SAYING}\b", before))
    clause = before[said[-1].end() :] if said else before
    return not any(not _MODIFIER.search(clause[: m.start()]) for m in _PAST.finditer(clause))


_NO_SPEAKER = frozenset(
    re.findall(
        r"\w+",
        "he she it they we i you who which that this these those one others some many both another "
        "there while as when after if since because",
    )
)
# What a speaker is called where no name stands; lower case.
_SPEAKER = re.compile(
    r"\b(?:spokes(?:man|woman|person|people)|minist(?:ry|er)|officials?|sources?|police|army|military"
    r"|activists?|witness(?:es)?|residents?|monitors?|observatory|agency|agencies|government|command"
    r"|commanders?|general|colonel|president|authorities|rescuers|medics|doctors?|hospital|monitoring"
    r"|group|organi[sz]ation|network|analysts?|lawyers?|company|prosecutors?|diplomats?|media"
    r"|television|channel|statement|report|team|coach|researchers?|investigators?|court|council"
    r"|militia|fighters?|rebels?|militants|governor|mayor|envoy|chief|head|director|leader)\b",
    re.IGNORECASE,
)
_SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        "the a an of for in at on and to de al el bin ibn von van senior local former deputy state",
    )
)
_NOT_IN_A_NAME = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|may|might|can|could|should"
    r"|not|if|when|while|but|because|as|after|before|that|which|who|than|it|they|he|she|we"
    rf"|took|came|made|left|went|fell|met|held|hit|began|{_SAYING}|\w+ing|\w{{3,}}ed(?<!United)(?<!Armed)"
    r"(?<!armed)(?<!allied)(?<!Allied)(?<!backed)(?<!led)(?<!based))\b"
)
_ACCORDING = re.compile(r"\baccording\s+to\s+", re.IGNORECASE)
_ENDS_SOURCE = re.compile(
    r"[,.;:!?“”\"()\n—–]|\s(?:who|which|that|on\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|in\s+a"
    r"|in\s+an|as|when|while|after|is|are|was|were|has|have|had|said|says|at\s+least|and\s+\w+ed)\b"
)
_SAID = re.compile(rf"\s(?:(?:has|have|had|also|later|earlier|then)\s+)*{_SAYING}\b")
_QUOTED_SAID = re.compile(rf"[,”\"’]\s+{_SAYING}\s+(?=[A-Z]|the\s|a\s|an\s)")
_ON_A_DAY = re.compile(r"\s(?:late\s+|early\s+)?on\s+\w+day$")
_LEAD = re.compile(
    r"^\W*(?:(?:Meanwhile|However|Separately|Earlier|Later|Also|But|And|Yet|Still|Moreover|Then|Now)"
    r"\b,?\s+|(?:[Oo]n|[Ii]n|[Ll]ate|[Ee]arly|[Ee]arlier)\s+(?:on\s+)?[^,]{1,30},\s+"
    r"|[Oo]n\s+\w+day\s+)+"
)


def attributed_to(sentence: str) -> str | None:
    """Who said it, in the sentence's own words (a substring of it); None where unsure.

    >>> attributed_to("The road is open, Turkish presidential spokesman Ibrahim Kalin told media.")
    'Turkish presidential spokesman Ibrahim Kalin'
    """
    for find in (_source_named, _speaker_before, _speaker_after):
        speaker = find(sentence)
        if speaker is not None:
            return speaker
    return None


def _source_named(sentence: str) -> str | None:
    """Find the speaker of "according to the Syrian Observatory for Human Rights"."""
    match = _ACCORDING.search(sentence)
    return _checked(_up_to_end(sentence, match.end())) if match else None


def _speaker_after(sentence: str) -> str | None:
    """Find the speaker of "…, said Rami Abdel Rahman, head of the observatory"."""
    match = _QUOTED_SAID.search(sentence)
    return _checked(_up_to_end(sentence, match.end())) if match else None


def _speaker_before(sentence: str) -> str | None:
    """Find the speaker of "…, the ministry said" and "Ali Omar, head of the unit, said"."""
    match = _SAID.search(sentence)
    if match is None:
        return None
    before = sentence[: match.start()]
    lead = _LEAD.match(before)
    start = lead.end() if lead else 0
    closed = before.endswith(",")  # "X, a spokesman for Y, said"
    parts = re.split(r"([,;:“”\"—–]\s*)", before[start:].rstrip(","))
    last = parts[-1]
    name = parts[-3] if len(parts) >= 3 else ""
    apposition = bool(re.match(r"(?:(?:a|an|the)\s+)?[a-z]", last)) and _is_name(name)
    if apposition:
        return _checked("".join(parts[-3:]), limit=20)
    return None if closed else _checked(_ON_A_DAY.sub("", last))


def _is_name(words: str) -> bool:
    """One to five words, each with a capital."""
    tokens = words.split()
    return 1 <= len(tokens) <= 5 and all(t[0].isupper() or t in _SMALL_WORDS for t in tokens)


def _up_to_end(sentence: str, start: int) -> str:
    end = _ENDS_SOURCE.search(sentence, start)
    return sentence[start : end.start() if end else len(sentence)]


def _checked(words: str, limit: int = 14) -> str | None:
    """The words if they can name a speaker: short, without a verb, and a name or a known role."""
    words = words.strip().strip("“”\"'‘’ ")
    tokens = words.split()
    if not tokens or len(tokens) > limit or words.lower() in _NO_SPEAKER:
        return None
    if tokens[0].lower() in _NO_SPEAKER or _NOT_IN_A_NAME.search(words):
        return None
    first = tokens[0].lower()
    if not (tokens[0][0].isupper() or first in ("the", "a", "an") or _SPEAKER.search(words)):
        return None
    named = any(t[0].isupper() for t in tokens[1:]) or (
        tokens[0][0].isupper() and first not in _SMALL_WORDS
    )
    return words if named or _SPEAKER.search(words) else None

"""Who said it, in a sentence's own words: a spokesman, a monitor, a ministry, another outlet.

Word rules as tables, no model; precision over recall: None is what is left where no rule is sure.
"""

from __future__ import annotations

import re

from assistant.answering.dating.dategrammar import MONTH
from assistant.answering.framing.status import SAYING

# Who says it in these words stands behind it as well.
TELLING = SAYING.removesuffix(")") + (
    "|admitted|admits|acknowledged|acknowledges|conceded|estimated|estimates|disputed|explained"
    "|recalled|noted|counted|predicted|predicts|asserted|maintained|testified|quipped)"
)

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
    rf"|took|came|made|left|went|fell|met|held|hit|began|{TELLING}|\w+ing|\w{{3,}}ed(?<!United)(?<!Armed)"
    r"(?<!armed)(?<!allied)(?<!Allied)(?<!backed)(?<!led)(?<!based))\b"
)
_ENDS_SOURCE = re.compile(
    r"[,.;:!?“”\"()\n—–]|\s(?:who|which|that|on\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|in\s+a"
    r"|in\s+an|as|when|while|after|is|are|was|were|has|have|had|said|says|puts?\s+it|at\s+least|and\s+\w+ed)\b"
    # a text that has lost its commas
    r"|\s(?:(?:dozens|scores|tens|hundreds|thousands|millions)\s+of|(?:more|fewer|less)\s+than"
    r"|(?:(?:about|around|over|some)\s+)?\d[\d,.]*\s+[a-z])"
    r"|['’]s?\s+(?:own\s+)?(?:count|account|estimate|reckoning)\b"
)
_SAID = re.compile(
    rf"(?<!is)(?<!are)(?<!was)(?<!were)(?<!been)\s"
    rf"(?:(?:has|have|had|also|later|earlier|then)\s+)*{TELLING}\b(?!\s+to\s+(?:be|have)\b|(?<=reports)\s+of\b)"
)
# Not "the raid reported on Monday", "the area claimed by both".
_SURELY_SAID = re.compile(
    r"\s(?:(?:also|later|earlier|then)\s+)?(?:said|says|told|added|admitted|warned|insisted|explained"
    r"|recalled|estimated|predicted|acknowledged|conceded|argued)\b(?!\s+(?:to|by)\b)"
)
_QUOTED_SAID = re.compile(rf"[,”\"’]\s+{TELLING}\s+(?=[A-Z]|the\s|a\s|an\s)")
_CITED_AS = re.compile(r"\s(?:was|were|is|are)\s+(?:quoted|cited)\b(?=[^.;]*\bas\s+saying\b)")
# "citing two firemen", "in the words of the judge", "as the mayor put it", "by the army's count"
_NAMED = (
    re.compile(r"\b(?:citing|quoting)\s+", re.IGNORECASE),
    re.compile(r"\baccording\s+to\s+", re.IGNORECASE),
    re.compile(r"\bin\s+the\s+words\s+of\s+", re.IGNORECASE),
    re.compile(r"\bas\s+(?=(?:\S+\s+){1,6}?(?:put|puts)\s+it\b)", re.IGNORECASE),
    re.compile(
        r"\bby\s+(?=(?:\S+\s+){0,4}?\S+(?:['’]s|s['’])\s+(?:own\s+)?(?:count|account|estimate|reckoning)\b)",
        re.IGNORECASE,
    ),
)
_ON_A_DAY = re.compile(r"\s(?:late\s+|early\s+)?on\s+\w+day$")
_HOWEVER = re.compile(r",\s+(?:however|meanwhile|too|for\s+(?:his|her|its)\s+part),?$")
_LEAD = re.compile(
    r"^\W*(?:(?:Meanwhile|However|Separately|Earlier|Later|Also|But|And|Yet|Still|Moreover|Then|Now)"
    r"\b,?\s+|(?:[Oo]n|[Ii]n|[Ll]ate|[Ee]arly|[Ee]arlier)\s+(?:on\s+)?[^,]{1,30},\s+"
    r"|[Oo]n\s+\w+day\s+|[Ll]ast\s+(?:week|month|year)\s+"
    rf"|(?:[Ee]arlier\s+)?[Tt]oday,?\s+|[Ii]n\s+{MONTH}(?:\s+\d{{4}})?\s+"
    r"|(?:Speaking|Talking)\s[^,]{1,40},\s+)+"
)
# "a nurse", "two firemen": somebody, where the words around leave no doubt that someone speaks.
_SOMEBODY = re.compile(
    r"(?:an?|the|one|two|three|four|five|several|some|another|local|its|his|her|their)\s+"
    r"(?:[\w’'-]+\s+){0,6}[\w’'-]+$",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"who\s")
_NAME_BESIDE = re.compile(r",\s+[A-Z][\w’'-]+(?:\s+[A-Z][\w’'-]+)+(?=[,.;]|\s+(?:and|told)\b|$)")


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
    for pattern in _NAMED:
        match = pattern.search(sentence)
        if match is not None:
            return _checked(_up_to_end(sentence, match.end()), sure=True)
    return None


def _speaker_after(sentence: str) -> str | None:
    """Find the speaker of "…, said Rami Abdel Rahman, head of the observatory"."""
    match = _QUOTED_SAID.search(sentence)
    return _checked(_up_to_end(sentence, match.end()), sure=True) if match else None


def _speaker_before(sentence: str) -> str | None:
    """Find the speaker of "…, the ministry said" and "Ali Omar, head of the unit, said"."""
    match = _CITED_AS.search(sentence) or _SAID.search(sentence)
    if match is None:
        return None
    before = _HOWEVER.sub("", sentence[: match.start()])
    lead = _LEAD.match(before)
    start = lead.end() if lead else 0
    closed = before.endswith(",")  # "X, a spokesman for Y, said"
    parts = re.split(r"([,;:“”\"—–]\s*)", before[start:].rstrip(","))
    last = parts[-1]
    name = parts[-3] if len(parts) >= 3 else ""
    if closed and _RELATIVE.match(last) and _is_name(name):
        return _checked(name)
    apposition = bool(re.match(r"(?:(?:a|an|the)\s+)?[a-z]", last)) and _is_name(name)
    if apposition:
        return _checked("".join(parts[-3:]), limit=20)
    sure = _SURELY_SAID.match(sentence, match.start()) is not None
    return None if closed else _checked(_ON_A_DAY.sub("", last), sure=sure)


def _is_name(words: str) -> bool:
    """One to five words, each with a capital."""
    tokens = words.split()
    return 1 <= len(tokens) <= 5 and all(t[0].isupper() or t in _SMALL_WORDS for t in tokens)


def _up_to_end(sentence: str, start: int) -> str:
    end = _ENDS_SOURCE.search(sentence, start)
    stop = end.start() if end else len(sentence)
    name = _NAME_BESIDE.match(sentence, stop)  # "the mediator, Agnes Thorvald"
    return sentence[start : name.end() if name else stop]


def _checked(words: str, limit: int = 14, *, sure: bool = False) -> str | None:
    """The words if they can name a speaker: short, without a verb, and a name or a known role.

    `sure`: what stands beside them is said of speakers only, so that any person or body will do.
    """
    words = words.strip().strip("“”\"'‘’ ")
    tokens = words.split()
    if not tokens or len(tokens) > limit or words.lower() in _NO_SPEAKER:
        return None
    if tokens[0].lower() in _NO_SPEAKER or _NOT_IN_A_NAME.search(words):
        return None
    first = tokens[0].lower()
    if sure and _SOMEBODY.match(words):
        return words
    if not (tokens[0][0].isupper() or first in ("the", "a", "an") or _SPEAKER.search(words)):
        return None
    named = any(t[0].isupper() for t in tokens[1:]) or (
        tokens[0][0].isupper() and first not in _SMALL_WORDS
    )
    return words if named or _SPEAKER.search(words) else None

"""Who said it inside the article: a spokesman, a monitor, a ministry, another outlet.

Word rules as tables, no model; precision over recall: None is what is left where no rule is sure.
"""

from __future__ import annotations

import re

from assistant.answering.dategrammar import MONTH
from assistant.answering.status import SAYING
from assistant.passages import split_sentences
from assistant.spelling import common_words

# Who says it in these words stands behind it as well.
_TELLING = SAYING.removesuffix(")") + (
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
    rf"|took|came|made|left|went|fell|met|held|hit|began|{_TELLING}|\w+ing|\w{{3,}}ed(?<!United)(?<!Armed)"
    r"(?<!armed)(?<!allied)(?<!Allied)(?<!backed)(?<!led)(?<!based))\b"
)
_ENDS_SOURCE = re.compile(
    r"[,.;:!?“”\"()\n—–]|\s(?:who|which|that|on\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|in\s+a"
    r"|in\s+an|as|when|while|after|is|are|was|were|has|have|had|said|says|puts?\s+it|at\s+least|and\s+\w+ed)\b"
    r"|['’]s?\s+(?:own\s+)?(?:count|account|estimate|reckoning)\b"
)
_SAID = re.compile(
    rf"(?<!is)(?<!are)(?<!was)(?<!were)(?<!been)\s"
    rf"(?:(?:has|have|had|also|later|earlier|then)\s+)*{_TELLING}\b(?!\s+to\s+(?:be|have)\b|(?<=reports)\s+of\b)"
)
# Not "the raid reported on Monday", "the area claimed by both".
_SURELY_SAID = re.compile(
    r"\s(?:(?:also|later|earlier|then)\s+)?(?:said|says|told|added|admitted|warned|insisted|explained"
    r"|recalled|estimated|predicted|acknowledged|conceded|argued)\b(?!\s+(?:to|by)\b)"
)
_QUOTED_SAID = re.compile(rf"[,”\"’]\s+{_TELLING}\s+(?=[A-Z]|the\s|a\s|an\s)")
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


# "a nurse", "two firemen": somebody, where the words around leave no doubt that someone speaks.
_SOMEBODY = re.compile(
    r"(?:an?|the|one|two|three|four|five|several|some|another|local|its|his|her|their)\s+"
    r"(?:[\w’'-]+\s+){0,6}[\w’'-]+$",
    re.IGNORECASE,
)


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


_BACK = 3  # sentences in which the one who "he said" means is looked for
_WINDOW = 1500  # characters before a sentence that are looked at
_SHE_SAID = re.compile(
    rf"\b([Hh]e|[Ss]he|[Ii]t|[Tt]hey)\s+(?:(?:has|had|also|later|then)\s+)*{_TELLING}\b"
)
_PLURAL = re.compile(r"\b[a-z]+s\b|\b(?:people|police)\b")
_BODY = re.compile(
    r"\b(?:minist(?:ry|ries)|agency|observatory|network|army|military|government|command|garrison|council"
    r"|company|court|hospital|police|front|group|committee|party|union|office|television|radio|media"
    r"|statement|report|bank|authority|association|organi[sz]ation|militia|forces?|residents"
    r"|sources|officials|activists|witnesses|monitors)\b",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"^[“\"]?(?P<name>(?:(?:[A-Z][\w’'-]+|al|el|de|van|von|bin|ibn)\s+){1,5}?)"
    r"(?=(?:also|later|then)?\s*[a-z]+(?:ed|s|[a-z]t|old|aid)\b)"
)


def speaker_of(text: str, start: int, end: int) -> str | None:
    """Who said the sentence `text[start:end]`, in the article's words; None where unsure.

    What the sentence itself does not say is looked for around it: "he said" means the last one
    who spoke, the rest of a quotation is said by whom its beginning or end names, and a surname
    is given in full where the article has introduced its bearer.
    """
    sentence = text[start:end]
    before = text[max(0, start - _WINDOW) : start]
    speaker = attributed_to(sentence)
    if speaker is None:
        pronoun = _SHE_SAID.search(sentence)
        if pronoun is not None:
            speaker = _meant(pronoun[1].lower(), before)
        elif _goes_on(before, sentence):
            speaker = _around(before, sentence, text[end : end + _WINDOW])
    return _in_full(speaker, text[:end]) if speaker else None


def _meant(pronoun: str, before: str) -> str | None:
    """Whom "he", "she", "it" or "they" stands for before a verb of saying."""
    for sentence in _last_sentences(before):
        speaker = attributed_to(sentence)
        if speaker is None and pronoun in ("he", "she"):
            subject = _SUBJECT.match(sentence)
            speaker = subject["name"].strip() if subject else None
            if speaker is not None and not _is_person(speaker, before):
                continue
        if speaker is None:
            continue
        body, plural = _BODY.search(speaker), _PLURAL.search(speaker)
        one = not body and _is_person(speaker, before)
        fits = {"it": body and not plural, "they": plural}.get(pronoun, one)
        return speaker if fits else None
    return None


# A mark before a word opens a quotation, any other closes it.
_MARK = re.compile(r"(?P<opens>“|(?:(?<=\s)|^)\"(?=\S))|[”\"]")


def _goes_on(before: str, sentence: str) -> bool:
    """Whether a sentence stands inside a quotation that another sentence attributes."""
    if sentence.lstrip()[:1] in '“"':
        return True
    paragraph = " ".join(_last_sentences(before[before.rfind("\n") + 1 :])[::-1])
    marks = list(_MARK.finditer(paragraph))
    return bool(marks) and marks[-1]["opens"] is not None


def _around(before: str, sentence: str, after: str) -> str | None:
    """The speaker of a quotation by the sentence before it, or by the one that closes it."""
    closed = sentence.rstrip()[-1:] in '”"'
    if not closed:  # "“The wells are dry. The cattle will follow,” Dagny Holm said."
        for following in _first_sentences(after):
            if re.search('[”"]', following):
                return attributed_to(following)
            if re.search("[“]", following):
                return None
    previous = _last_sentences(before)[:1]
    if not previous or not re.search('[”"]', previous[0]):
        return None
    pronoun = _SHE_SAID.search(previous[0])
    found = attributed_to(previous[0])
    if found is None and pronoun is not None:
        spans = split_sentences(before)
        return _meant(pronoun[1].lower(), before[: spans[-1][0]] if spans else "")
    return found


def _last_sentences(text: str) -> list[str]:
    """The last sentences of a text, the nearest first."""
    return [text[a:b] for a, b in split_sentences(text)[-_BACK:]][::-1]


def _first_sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text)[:_BACK]]


def _is_person(speaker: str, before: str) -> bool:
    """Whether "he" or "she" can mean them: two names or more, a surname, or "a clerk"."""
    words = speaker.split()
    if words[0].lower() in ("a", "an", "the", "its", "his", "her"):
        return len(words) > 1 and (words[1].islower() or len(words) > 3)
    if any(word.lower() in common_words() and not _TITLE.match(word) for word in words[:1]):
        return False
    return sum(w[0].isupper() for w in words) > 1 or _in_full(speaker, before) != speaker


def _in_full(speaker: str, before: str) -> str:
    """The full name ("Colonel Nizar Ammoun" for "Ammoun"), where the article gave it before."""
    if not re.fullmatch(r"[A-Z][\w’'-]+", speaker) or speaker.isupper():
        return speaker
    full = re.compile(rf"\b((?:[A-Z][\w’'-]+[ ]){{1,3}}){re.escape(speaker)}\b")
    for match in full.finditer(before):
        words = match.group().split()
        while len(words) > 1 and words[0].lower() in common_words() and not _TITLE.match(words[0]):
            words = words[1:]
        if len(words) > 1:
            return before[match.end() - len(" ".join(words)) : match.end()]
    return speaker


_TITLE = re.compile(
    r"(?:Colonel|General|Major|Captain|Brigadier|President|Minister|Judge|Dr|Sir)\b"
)

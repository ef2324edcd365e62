"""Who said a sentence, by itself or by the article around it.

Word rules, no model; precision over recall: None is what is left where no rule is sure.
"""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.answering.framing.attribution import TELLING, attributed_to
from assistant.passages import split_sentences
from assistant.spelling import common_words

_BACK = 3  # sentences in which the one who "he said" means is looked for
_WINDOW = 1500  # characters before a sentence that are looked at
_SHE_SAID = re.compile(
    rf"\b([Hh]e|[Ss]he|[Ii]t|[Tt]hey)\s+(?:(?:has|had|also|later|then)\s+)*{TELLING}\b"
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
# A mark before a word opens a quotation, any other closes it.
_MARK = re.compile(r"(?P<opens>“|(?:(?<=\s)|^)\"(?=\S))|[”\"]")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_GOVERNS = frozenset(
    ("of", "for", "in", "at", "on", "to", "and", "with", "from", "by", "under", "near", "into")
)
_TITLE = re.compile(
    r"(?:Colonel|General|Major|Captain|Brigadier|President|Minister|Judge|Dr|Sir)\b"
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
    if speaker is None or _runs_on(speaker):
        return None
    return _in_full(speaker, text[:end])


def _runs_on(speaker: str) -> bool:
    """Whether words of what comes next were taken along, as where a text has lost its commas.

    >>> _runs_on("a CNN report the US"), _runs_on("the head of the Syrian Observatory")
    (True, False)
    """
    return bool(_YEAR.search(speaker)) or any(
        word in ("a", "an", "the") and before not in _GOVERNS
        for before, word in pairwise(speaker.lower().split())
    )


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

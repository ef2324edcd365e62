"""Names of news outlets, as far as their words tell; nobody keeps a list of all."""

from __future__ import annotations

import re

_AGENCIES = {
    "aap", "afp", "agence france-presse", "al jazeera", "anadolu", "ani", "ansa", "ap",
    "associated press", "bbc", "bloomberg", "cnn", "dpa", "efe", "interfax", "irna", "itar-tass",
    "kyodo", "pti", "reuters", "ria novosti", "sana", "sputnik", "tass", "the associated press",
    "thomson reuters", "united press international", "upi", "wam", "xinhua", "yonhap",
}  # fmt: skip
# What the last word of an outlet's name often is.
_WORDS = {
    "agency", "broadcasting", "bulletin", "chronicle", "courier", "daily", "digest", "dispatch",
    "echo", "enquirer", "examiner", "express", "gazette", "globe", "guardian", "herald",
    "independent", "inquirer", "journal", "ledger", "magazine", "mail", "media", "mercury",
    "messenger", "mirror", "monitor", "network", "news", "newspaper", "newswire", "observer",
    "online", "post", "press", "radio", "sentinel", "standard", "star", "sun", "telegraph",
    "television", "times", "today", "tribune", "tv", "weekly", "wire",
}  # fmt: skip
_PLACES = {
    "abu dhabi", "addis ababa", "buenos aires", "cape town", "deir ez-zor", "deir ezzor",
    "hong kong", "kuala lumpur", "los angeles", "mexico city", "new delhi", "new york",
    "new york city", "north korea", "rio de janeiro", "saint petersburg", "san francisco",
    "sao paulo", "saudi arabia", "south africa", "south korea", "sri lanka", "st petersburg",
    "tel aviv", "the hague", "united kingdom", "united nations", "united states",
    "washington dc",
}  # fmt: skip
_SMALL_WORDS = {
    "a", "al", "and", "at", "bin", "by", "da", "de", "del", "der", "di", "du", "el", "for", "from",
    "in", "la", "of", "on", "the", "van", "von",
}  # fmt: skip
# The article of a family name: al-Masri, d'Arcy.
_JOINED = re.compile(r"[a-z]{1,3}[-’'][A-Z]")
_COINED = re.compile(r"[A-Z]+[a-z]+[A-Z]\w*|[\w-]+\.(?:com|org|net|news|info|co\.\w\w|[a-z]{2})")
_MOST_WORDS = 6


def is_name(text: str) -> bool:
    """Whether the words are written as those of a name: capitals, figures, and small words."""
    words = text.split()
    return words[0] not in _SMALL_WORDS and all(
        not word[0].islower() or word in _SMALL_WORDS or _JOINED.match(word) or _COINED.match(word)
        for word in words
    )


def is_agency(name: str) -> bool:
    """Whether the name is that of a news agency or broadcaster that datelines name."""
    return name.strip().casefold() in _AGENCIES


def is_outlet(name: str) -> bool:
    """Whether the name is evidently that of an outlet: an agency, or `The Harbour Gazette`."""
    words = re.findall(r"[\w’'-]+", name.casefold())
    if not words or len(words) > _MOST_WORDS or not name[0].isupper():
        return False
    return is_agency(name) or (
        len(words) > 1 and (words[-1] in _WORDS or words[0] in {"radio", "voice"})
    )


def seems_outlet(name: str) -> bool:
    """Whether a name that stands where a byline does is rather that of an outlet than a person's.

    That of one word, one that begins with "The", one with an abbreviation (`TRT World`) or coined
    (`TechCrunch`, `example.com`) in it.
    """
    words = name.split()
    return is_outlet(name) or (
        0 < len(words) <= _MOST_WORDS
        and (
            len(words) == 1
            or words[0] == "The"
            or any(_COINED.fullmatch(word) for word in words)
            or (not name.isupper() and any(w.isupper() and len(w.strip(".")) > 2 for w in words))
        )
    )


def is_place(name: str) -> bool:
    """Whether the name beside a date is that of a place, as in `DAMASCUS, June 24, 2017`."""
    words = name.strip(" ,").split()
    shouted = name.isupper() and all(len(word) > 3 for word in words)
    return shouted or "," in name.strip(" ,") or name.strip(" ,").casefold() in _PLACES

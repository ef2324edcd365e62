"""Reads the numbers of an English text: digits, number words, ordinals, and their units.

Written here because the library for it (text2num 3.1) reads number words only: it breaks
"1.2 million", and turns a text into another text, so that no figure keeps its place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


def _words(text: str) -> list[str]:
    return text.split()


_UNITS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = _words(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_TENTHS = _words("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth")

_SMALL = {word: value for value, word in enumerate(_UNITS)}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_ORDINAL = {word: value for value, word in enumerate(_ORDINALS)}
_ORDINAL |= {word: 10 * value for value, word in enumerate(_TENTHS, start=2)}
_SCALE = {
    "thousand": 10**3,
    "k": 10**3,
    "million": 10**6,
    "m": 10**6,
    "mn": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
_CURRENCY = {
    "dollar": "$",
    "dollars": "$",
    "euro": "€",
    "euros": "€",
    "pound": "£",
    "pounds": "£",
}

_DIGIT_UNIT = "(?:" + "|".join(_UNITS[1:10]) + ")"
_SMALL_WORDS = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[\s-]{_DIGIT_UNIT})?\b"
    rf"|(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})\b)"
)
_BLOCK = (
    rf"(?:(?:{_SMALL_WORDS}|an?)\s+hundred\b(?:\s+(?:and\s+)?{_SMALL_WORDS})?"
    rf"|(?:{_SMALL_WORDS}|half\s+an?|an?)\s+dozen\b|{_SMALL_WORDS})"
)
_SCALE_WORDS = r"(?:thousand|million|billion|trillion)\b"
_NUMBER_WORDS = (
    rf"(?:{_BLOCK}|an?(?=\s+{_SCALE_WORDS}))"
    rf"(?:[\s-]+{_SCALE_WORDS}(?:,?\s+(?:and\s+)?{_BLOCK})?)*"
)
_ORDINAL_WORDS = (
    rf"(?:(?:{'|'.join(_TENS)})[\s-])?"
    rf"(?:{'|'.join(sorted(_ORDINAL, key=len, reverse=True))})"
)
_UNIT = r"(?:\s?(?P<percent>%|per\s?cent\b)|\s(?P<money>dollars?|euros?|pounds?)\b)?"

_FIGURE = re.compile(
    rf"""
    (?P<currency>[$€£])?\s?
    (?<!\w)(?<![^\W\d_]-)                      # not the 22 of Su-22 or B22
    (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)
    (?:(?P<ordinal>st|nd|rd|th)\b
       |(?:[\s-]?(?P<scale>thousand|million|billion|trillion|bn|mn|tn)
         |(?P<short>[kmb]))\b)?
    {_UNIT}
    |
    \b(?:(?P<tenth>{_ORDINAL_WORDS})|(?P<words>{_NUMBER_WORDS}))\b
    {_UNIT.replace("percent>", "percent2>").replace("money>", "money2>")}
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "one" that counts nothing.
_PRONOUN_ONE = re.compile(
    r"(?:\b(?:no|any|every|each|this|that|which|the|another|only)\s+|-)one\b|\bone(?:'s|’s|-|\s+another)",
    re.IGNORECASE,
)
_TIME_UNIT_SECOND = re.compile(r"(?:\d|\b(?:per|one|two|three|five|ten|few))[\s-]second$", re.I)

VAGUE = re.compile(
    r"\b(?:dozens|hundreds|thousands|millions|billions|trillions|scores(?=\s+of)|half|twice"
    r"|doubl(?:e|ed|es|ing)|tripl(?:e|ed|es|ing)|two[\s-]thirds|three[\s-]quarters)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a text: `text[start:end] == words`.

    `unit` is "%", "$", "€", "£" or ""; `ordinal` is true of "4th" and "fourth"; `spelled` is
    true where it is written in words.
    """

    value: Decimal
    unit: str
    ordinal: bool
    spelled: bool
    start: int
    end: int
    words: str


def read_figures(text: str) -> list[Figure]:
    """The numbers in a text, in its order.

    Digits that belong to a name ("Su-22", "F16") and the pronoun "one" are not numbers.

    >>> [str(f.value) for f in read_figures("1.2 million of 1,200 in two dozen towns, the fourth")]
    ['1200000.0', '1200', '24', '4']
    """
    pronouns = {m.end() for m in _PRONOUN_ONE.finditer(text)} | {
        m.start() for m in _PRONOUN_ONE.finditer(text)
    }
    figures = []
    for match in _FIGURE.finditer(text):
        spelled = match["digits"] is None
        if match.group().lower() == "one" and not pronouns.isdisjoint(match.span()):
            continue
        if spelled and _TIME_UNIT_SECOND.search(text[: match.end()]):
            continue
        figures.append(_figure(match, spelled))
    return figures


def _figure(match: re.Match[str], spelled: bool) -> Figure:
    unit = match["currency"] or _CURRENCY.get((match["money"] or match["money2"] or "").lower(), "")
    if match["percent"] or match["percent2"]:
        unit = "%"
    start = match.start()
    while match.string[start].isspace():
        start += 1
    value = _spelled_value(match) if spelled else _digit_value(match)
    ordinal = bool(match["ordinal"] or match["tenth"])
    return Figure(
        value, unit, ordinal, spelled, start, match.end(), match.string[start : match.end()]
    )


def _digit_value(match: re.Match[str]) -> Decimal:
    value = Decimal(match["digits"].replace(",", ""))
    scale = match["scale"]
    short = match["short"]
    # "12m" is twelve metres unless money stands before it.
    if short and (match["currency"] or short.lower() == "k"):
        scale = short
    return value * _SCALE[scale.lower()] if scale else value


def _spelled_value(match: re.Match[str]) -> Decimal:
    words = re.split(r"[\s,-]+", (match["tenth"] or match["words"]).lower())
    total, current = Decimal(0), Decimal(0)
    for word in words:
        if word in _SMALL or word in _ORDINAL:
            current += _SMALL.get(word, _ORDINAL.get(word, 0))
        elif word == "half":
            current = Decimal("0.5")
        elif word == "hundred":
            current = (current or Decimal(1)) * 100
        elif word == "dozen":
            current = (current or Decimal(1)) * 12
        elif word in _SCALE:
            total += (current or Decimal(1)) * _SCALE[word]
            current = Decimal(0)
    return total + current

"""What kind of answer a question expects, and whether a sentence holds one of that kind.

Rules as data: the patterns are about English question words, not about any subject.
"""

from __future__ import annotations

import re

from assistant.library import analyze

_WORD = re.compile(r"\w[\w.,’'-]*")
_QUESTIONS = (
    (
        "number",
        r"\bhow (?:many|much|long|old|far|large|big|high|fast|often)\b"
        r"|\bwhat (?:number|percentage|percent|share|proportion|amount)\b",
    ),
    ("date", r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|time)\b"),
    ("person", r"\bwho(?:m|se)?\b"),
    (
        "place",
        r"\bwhere\b|\b(?:what|which|in which) "
        r"(?:city|country|town|village|place|state|river|district|region|province)\b",
    ),
)
NUMBER_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
    "|dozens?|hundreds?|thousands?|million|billion|half|twice"
)
"""Alternatives of a regular expression."""
_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    "|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
# No sentence has to say these: each is written in the present of its report. USA Today is a name.
_AT_PRESENT = re.compile(
    r"\s+(?:(?:right|just|by|as of) now|(?:as of )?today|now|nowadays|currently|presently"
    r"|at present|at the moment|these days)\b(?!['’]s\b)"
)
# "Who was hurt today?", "Who resigned today?"; but "Where is she based now?", "Who needs it now?"
_PAST = re.compile(
    r"\b(?:[Dd]id|[Ww]as|[Ww]ere|[Hh]ad|DID|WAS|WERE|HAD)\b"
    r"|^(?!.*\b(?:[Ii]s|[Aa]re|[Dd]o|[Dd]oes|[Cc]an)\b).*\b[a-z]{2,}(?<![cdflnpsw]e)ed\b",
    re.S,
)
_ANSWERS = {
    "number": re.compile(rf"\b(?:\d[\d,.]*|{NUMBER_WORDS})\b", re.I),
    "date": re.compile(
        rf"\b(?:{_MONTHS})\b|\b(?:1[5-9]|20)\d\d\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b"
        r"|\b(?:today|yesterday|tomorrow|century|week|month|year)s?\b"
    ),
    "person": re.compile(r"(?<=.)\b[A-Z]\w"),
    "place": re.compile(r"(?<=.)\b[A-Z]\w"),
}


def expected_kind(question: str) -> str:
    """One of number, date, person, place, by what asks first; empty where nothing does.

    >>> expected_kind("How many buses left?"), expected_kind("Why did it end?")
    ('number', '')
    >>> expected_kind("Who was in charge when it fell?")
    'person'
    """
    asked = question.lower()
    found = ((re.search(pattern, asked), kind) for kind, pattern in _QUESTIONS)
    first = min(
        ((match.start(), place, kind) for place, (match, kind) in enumerate(found) if match),
        default=(0, 0, ""),
    )
    return first[2]


def holds_kind(sentence: str, kind: str) -> bool:
    """Whether a sentence holds something of the expected kind (any sentence, for the empty one)."""
    pattern = _ANSWERS.get(kind)
    return pattern is None or bool(pattern.search(sentence))


def holds_answer(sentence: str, kind: str, question: str) -> bool:
    """Whether a sentence holds a number or date, where one is expected, beside the question's own.

    Other kinds are told by no form: who did it may be *the rebels*.

    >>> holds_answer("Of the 12 buses some left.", "number", "How many of the 12 buses left?")
    False
    >>> holds_answer("Of the 12 buses seven left.", "number", "How many of the 12 buses left?")
    True
    """
    if kind not in ("number", "date"):
        return True
    asked = set(analyze(question))
    found = (_WORD.match(sentence, match.start()) for match in _ANSWERS[kind].finditer(sentence))
    return any(set(analyze(word.group())) - asked for word in found if word)


def without_dates(text: str) -> str:
    """The text without the words that name days, months and years.

    >>> without_dates("held since mid-July"), without_dates("Marit Okafor")
    ('held since mid-', 'Marit Okafor')
    """
    return _ANSWERS["date"].sub("", text)


def without_present(question: str) -> str:
    """A question how things stand without its "today" or "now"; one of a past day as it is.

    >>> without_present("Who runs Teyn today?"), without_present("Who was hurt today?")
    ('Who runs Teyn?', 'Who was hurt today?')
    """
    return question if _PAST.search(question) else _AT_PRESENT.sub("", question)

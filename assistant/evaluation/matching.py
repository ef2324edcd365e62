"""Whether a text holds the expected words, and whether it holds a gold quote."""

from __future__ import annotations

import re
import unicodedata

_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}")
_DASHES = re.compile(r"[‐-―−]")
# A number runs on over . , : / - between digits, so that 4 is not found in 4.5, 4-2 or 2017-06-4.
_WORD = re.compile(r"[^\W_]+(?:(?<=\d)[.,:/-](?=\d)[^\W_]+)*")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def normalise(text: str) -> str:
    """The words of a text, each between single spaces, without punctuation or diacritics.

    Letters keep their case. Dots inside initials and commas between thousands are dropped;
    other marks between digits hold a number together. Words are runs of letters and digits, so
    scripts that write no spaces between words are outside what this can compare.

    >>> normalise("The U.S.-led coalition struck Deir ez-Zor’s airport: 3,000 left, 4.5 % died.")
    ' The US led coalition struck Deir ez Zor s airport 3000 left 4.5 died '
    >>> normalise("Beyoncé — 2017–18")
    ' Beyonce 2017-18 '
    >>> normalise("?!")
    ''
    """
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    plain = _INITIALS.sub(lambda found: found.group().replace(".", ""), plain)
    plain = _DASHES.sub("-", plain)
    words = [_THOUSANDS.sub("", word) for word in _WORD.findall(plain)]
    return f" {' '.join(words)} " if words else ""


def is_capitals(spelling: str) -> bool:
    """Whether a spelling is one word of up to four capitals, which is matched with its case.

    >>> [is_capitals(s) for s in ("IS", "U.S.", "SAA", "NATOX", "Is", "F16", "IS US")]
    [True, True, True, False, False, False, False]
    """
    word = normalise(spelling).strip()
    return 1 <= len(word) <= 4 and word.isalpha() and word.isupper()


def says(text: str, spelling: str) -> bool:
    """Whether a text holds a spelling as whole words.

    Case does not count, but for spellings of up to four capitals (see `is_capitals`): `IS` is a
    name and `is` is not.

    >>> says("Isis fighters hold the road", "ISIS"), says("It is held by IS.", "IS")
    (False, True)
    >>> says("45 buses", "4"), says("4.5 million", "4"), says("There were 4.", "4")
    (False, False, True)
    >>> says("al-Bab, said the spokesman", "Al Bab")
    True
    """
    return says_normalised(normalise(text), spelling)


def says_normalised(normalised: str, spelling: str) -> bool:
    """As `says`, for a text that went through `normalise` already."""
    wanted = normalise(spelling)
    if not wanted:
        return False
    if is_capitals(spelling):
        return wanted in normalised
    return wanted.casefold() in normalised.casefold()


def is_yes_no(answers: tuple[tuple[str, ...], ...]) -> bool:
    """Whether the expected answer is a yes or a no, which no quotation can match.

    >>> is_yes_no((("Yes",),)), is_yes_no((("no", "No."),)), is_yes_no((("no one",),))
    (True, True, False)
    >>> is_yes_no(())
    False
    """
    spellings = [spelling for part in answers for spelling in part]
    return bool(spellings) and all(
        normalise(spelling).strip().casefold() in {"yes", "no"} for spelling in spellings
    )


def squash(text: str) -> str:
    r"""A text without its white space, as gold quotes are compared.

    The MultiHop-RAG evaluation drops blanks and line feeds; here all white space goes.

    >>> squash("re-take\n the\u00a0road ")
    're-taketheroad'
    """
    return "".join(text.split())


def locate(quote: str, text: str) -> tuple[int, int] | None:
    r"""Where a quote stands in a text, white space apart: (start, end), or None.

    >>> locate("re-take the road", "They re-take\n  the road.")
    (5, 23)
    >>> locate("re-take the city", "They re-take the road.") is None
    True
    """
    wanted = squash(quote)
    positions = [i for i, char in enumerate(text) if not char.isspace()]
    at = "".join(text[i] for i in positions).find(wanted)
    if at < 0 or not wanted:
        return None
    return positions[at], positions[at + len(wanted) - 1] + 1

"""Other scripts and marked letters in plain Latin ones, the way news text romanises them.

A table and not a library: none that is installed knows these scripts, and what the sounds are
folded to afterwards is coarser than any standard's fine points.
"""

from __future__ import annotations

import re
import unicodedata

_LATIN = {
    "ş": "sh", "š": "sh", "ș": "sh", "ç": "ch", "č": "ch", "ć": "ch", "ž": "zh", "ğ": "gh",
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "dh", "þ": "th", "æ": "ae", "œ": "oe", "ß": "ss",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "yo", "є": "ye",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "yi", "й": "y", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "w", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "y", "ь": "", "э": "e",
    "ю": "yu", "я": "ya", "ј": "j", "љ": "l", "њ": "n", "ћ": "ch", "ђ": "dj", "џ": "dj",
}  # fmt: skip
# Without the short vowels, which the script leaves out.
_ARABIC = {
    "ا": "a", "ب": "b", "ت": "t", "ث": "th", "ج": "j", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh",
    "ر": "r", "ز": "z", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "",
    "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "w",
    "ي": "y", "ى": "a", "ة": "a", "ء": "", "ٱ": "a", "ـ": "", "پ": "p", "چ": "ch", "ژ": "zh",
    "گ": "g", "ک": "k", "ی": "y", "ہ": "h", "ۀ": "a", "ں": "n", "ے": "e", "ڤ": "v",
}  # fmt: skip
_TABLE = str.maketrans({**_LATIN, **_CYRILLIC, **_ARABIC})
_ARABIC_LETTER = re.compile("[\u0621-\u06d3]")
_ARABIC_ARTICLE = re.compile(r"(?<!\w)(?:ال|لل)(?=\w{3})")
# Ayn and hamza in their signs, and every apostrophe.
_SIGNS = re.compile("['’‘ʼʿʾʻ`´ʹʺ′]")
_POSSESSIVE = re.compile(r"(?<=\w)['’‘ʼ`´](?:s\b|(?!\w))", re.IGNORECASE)


def romanise(text: str) -> str:
    """A text in lower-case Latin letters without marks, apostrophes, ayn and possessives.

    >>> romanise("al-Ḥasakah’s"), romanise("Зеленський"), romanise("الرقة")
    ('al-hasakah', 'zelenskiy', 'al-rqa')
    """
    text = _POSSESSIVE.sub("", text).casefold()
    if not text.isascii():
        text = _ARABIC_ARTICLE.sub("al-", unicodedata.normalize("NFC", text)).translate(_TABLE)
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in letters if not unicodedata.combining(c)).translate(_TABLE)
    return _SIGNS.sub("", text)


def lacks_vowels(text: str) -> bool:
    """Whether a text is in a script that leaves the short vowels out."""
    return bool(_ARABIC_LETTER.search(text))

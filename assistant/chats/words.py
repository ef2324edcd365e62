"""Words of people and of articles, as they are kept, searched and shown."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

TITLE_CHARS = 80
"""Characters that a title drawn from a question has at most."""

SEARCH_WORDS = 20
"""Words that a search looks for; the rest of what was typed is left out."""

_UNKEPT = str.maketrans({"\0": "\N{REPLACEMENT CHARACTER}"})


def kept(text: str) -> str:
    r"""A text as both engines can hold it: without NUL and halves of surrogate pairs.

    >>> kept("a\0b") == "a\ufffdb"
    True
    """
    text = text.translate(_UNKEPT)
    return text.encode("utf-8", "replace").decode("utf-8")


def one_line(text: str) -> str:
    r"""A text on one line, with single spaces.

    >>> one_line(" on the\n\n  bridge ")
    'on the bridge'
    """
    return " ".join(text.split())


def folded(text: str) -> str:
    """A text as it is searched: on one line, without case and diacritics.

    >>> folded("Élections in  BEYROUTH")
    'elections in beyrouth'
    """
    plain = unicodedata.normalize("NFKD", kept(text)).casefold()
    return one_line("".join(c for c in plain if not unicodedata.combining(c)))


def sought(words: str) -> list[str]:
    """The different words of a search, folded."""
    return list(dict.fromkeys(folded(words).split()))[:SEARCH_WORDS]


def title_of(question: str) -> str:
    """A chat's title, drawn from its first question: the words that fit.

    >>> title_of("Who holds the  bridge?")
    'Who holds the bridge?'
    """
    line = one_line(kept(question))
    if len(line) <= TITLE_CHARS:
        return line
    cut = line[: TITLE_CHARS - 1]
    return f"{cut.rsplit(' ', 1)[0]}…" if " " in cut else f"{cut}…"


def safe_url(url: str) -> str | None:
    """The address if it is a plain http(s) one with a host, else None: it is then only text."""
    if not url.isprintable() or any(c.isspace() or c in "<>" for c in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None

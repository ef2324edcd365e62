"""What a page shows, as it stands in the page's address: filters, a question, a kept chat."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from assistant.web.talk import MAX_QUESTION, Narrowing

LONGEST = 200
"""Characters of a filter that are taken from an address."""


class View(NamedTuple):
    """The filter fields, the ask box, and the kept chat that is open."""

    typed: Narrowing
    question: str
    chat: str


def view_of(address: Mapping[str, object]) -> View:
    """The view that the parameters of an address give; what is no text, or not there, is empty.

    >>> view_of({"since": "2021-03-01", "outlet": "Northern Wire", "q": "Is the pass open?"})[1]
    'Is the pass open?'
    """

    def text(name: str, longest: int = LONGEST) -> str:
        value = address.get(name)
        return " ".join(value.split())[:longest] if isinstance(value, str) else ""

    names = ("since", "until", "outlet", "region", "tag")
    return View(Narrowing(*map(text, names)), text("q", MAX_QUESTION), text("chat"))

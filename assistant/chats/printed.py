"""A chat as one HTML page to print: self-contained, without scripts, and nothing is fetched."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.chats import shown
from assistant.chats.kept import Chat
from assistant.chats.words import safe_url

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATE = Path(__file__).with_name("printed.html.j2")


def to_page(chat: Chat) -> str:
    """The page. Whatever comes from people, articles or models is escaped."""
    # A lone surrogate cannot be written to a file; any other text can.
    return _template().render(chat=chat, shown=shown).encode("utf-8", "replace").decode("utf-8")


def pieces(quote: str, answer: tuple[int, int] | None) -> tuple[str, str, str]:
    """A quote before, in and after the words that answer; all of it before where none is told.

    >>> pieces("It fell on Thursday.", (8, 19))
    ('It fell ', 'on Thursday', '.')
    """
    start, end = answer or (len(quote), len(quote))
    return quote[:start], quote[start:end], quote[end:]


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"pieces": pieces, "safe_url": safe_url}
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))

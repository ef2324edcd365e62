"""Names of one thing that spelling does not lead to, from a table."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from assistant.spelling.letters import romanise


def alias_key(name: str) -> str:
    """A name as the table compares it; acronyms of two letters keep their case (US, IS).

    >>> alias_key("Ain al-Arab"), alias_key("U.S."), alias_key("is")
    ('ain al arab', 'US', 'is')
    """
    plain = name.replace(".", "").strip()
    if len(plain) == 2 and plain.isupper():
        return plain
    return re.sub(r"[\W_]+", " ", romanise(plain)).strip()


@cache
def alias_groups() -> tuple[tuple[str, ...], ...]:
    """The groups of the table, each the names of one thing."""
    text = files("assistant.spelling").joinpath("aliases.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return tuple(tuple(name.strip() for name in line.split("|")) for line in lines)


@cache
def _by_key() -> dict[str, tuple[str, ...]]:
    return {alias_key(name): group for group in alias_groups() for name in group}


def aliases(name: str) -> tuple[str, ...]:
    """The other names of what a name stands for, as the table writes them."""
    key = alias_key(name)
    return tuple(other for other in _by_key().get(key, ()) if alias_key(other) != key)

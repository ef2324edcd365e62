"""What differs between what made two runs, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_ASIDE = {"command", "articles index"}
"""Says nothing of its own: options stand among settings and filters, digests tell articles."""

_DIGESTS = ("digest",)
_CHARS = 12


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs: its name, and its value before and after; "" for none."""

    name: str
    before: str
    after: str

    def __str__(self) -> str:
        """In one line, for the command line."""
        return f"{self.name}: {self.before or 'none'} → {self.after or 'none'}"


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """What differs between the `made_by` of two runs, in the order of the later one.

    >>> old = {"settings": {"passages": 10, "reader": True}, "versions": {"chromadb": "1.5.0"}}
    >>> new = {"settings": {"passages": 20, "reader": True}, "versions": {"chromadb": "1.5.1"}}
    >>> [str(change) for change in changes(old, new)]
    ['passages: 10 → 20', 'chromadb: 1.5.0 → 1.5.1']
    """
    old, new = dict(facts(before)), dict(facts(after))
    return [
        Change(name, old.get(name, ""), new.get(name, ""))
        for name in dict.fromkeys([*new, *old])
        if name not in _ASIDE and old.get(name, "") != new.get(name, "")
    ]


def facts(made_by: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each thing that is known of what made a run: a name that people read, and its value.

    >>> dict(facts({"seed": 0, "questions": {"name": "q.jsonl", "digest": "a" * 64}}))
    {'seed': '0', 'questions name': 'q.jsonl', 'questions digest': 'aaaaaaaaaaaa'}
    """
    for group, value in made_by.items():
        if not isinstance(value, Mapping):
            yield _name(group), _said(group, value)
            continue
        for key, inner in value.items():
            own = group in ("settings", "versions", "filters", "models", "prompts")
            name = key if own else f"{group} {key}"
            yield _name(name), _said(name, inner)


def _name(key: str) -> str:
    return str(key).replace("_", " ")


def _said(name: str, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "on" if value else "off"
    text = f"{value:,}" if isinstance(value, int) else str(value)
    return text[:_CHARS] if str(name).endswith(_DIGESTS) else text

"""Who reported an article and who carried it, from what the lines of its head say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from assistant.articles.fields import Metadata, split_tags, unique, web_address
from assistant.articles.outlets import seems_outlet
from assistant.articles.republished import Credit


@dataclass(slots=True)
class Found:
    """What the head's lines say, before it is settled who reported and who carried."""

    title: str = ""
    bylines: list[str] = field(default_factory=list)
    outlets: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    dated: list[tuple[str, date]] = field(default_factory=list)
    published: date | None = None
    labels: dict[str, list[str]] = field(default_factory=dict)


def settle(
    found: Found, credit: Credit | None, known: Metadata, outlet: Callable[[str], bool]
) -> Metadata:
    """Who reported it, who carried it, and when each did.

    `outlet` tells whether a name is evidently an outlet's.
    """
    labels = {name: [v for v in values if v] for name, values in found.labels.items()}
    addresses = [*labels.get("url", []), *filter(web_address, labels.get("source", []))]
    authors, byline_outlets = _split_bylines(found.bylines + labels.get("author", []), outlet)
    named = [name for name in labels.get("source", []) if not web_address(name)]
    people, others = _split_names(found, bool(authors), outlet)
    names = [credit.source if credit else "", *named, known.source, *byline_outlets]
    names += [name for name, _ in found.dated if any(same(name, b) for b in found.bylines)]
    names += [*found.outlets, known.publisher, *others]
    confirmed = next((name for name in names if name), "")
    reported, carried = _who_when(found.dated, confirmed)
    source = confirmed or (reported[0] if reported else "")
    publisher = next(iter(labels.get("publisher", [])), carried[0] if carried else "")
    first = credit.published if credit else None
    return Metadata(
        title=found.title,
        source=source,
        publisher=publisher,
        author=", ".join(a for a in [*authors, *people] if not same(a, source)),
        published=first or found.published or (reported[1] if reported else None),
        carried_on=carried[1] if carried else None,
        region=", ".join(labels.get("region", [])),
        tags=unique(tag for value in labels.get("tags", []) for tag in split_tags(value)),
        url=next(filter(None, map(web_address, addresses)), ""),
        language=next(iter(labels.get("language", [])), ""),
    )


def _who_when(
    dated: list[tuple[str, date]], confirmed: str
) -> tuple[tuple[str, date] | None, tuple[str, date] | None]:
    """The lines of an outlet and a day: the reporting one, and the carrying one.

    The reporting outlet is the one that byline or credits confirm; failing these, the earlier.
    """
    ordered = sorted(dated, key=lambda line: line[1])
    reported = next((line for line in ordered if same(line[0], confirmed)), None)
    if reported is None and not confirmed:
        reported = next(iter(ordered), None)
    carried = next((line for line in ordered if line is not reported), None)
    return reported, carried


def _split_bylines(
    bylines: Sequence[str], outlet: Callable[[str], bool]
) -> tuple[list[str], list[str]]:
    """The persons and the outlets in lines such as `Jane Doe, Reuters`."""
    authors: list[str] = []
    outlets: list[str] = []
    for number, byline in enumerate(bylines):
        parts = re.split(r"\s*[,|/]\s*|\s+[-–—]\s+|\s+for\s+", byline)
        for at, part in enumerate(parts):
            # A byline of one word may be a person's; after a person, it is an outlet.
            later = (number or at) and authors and seems_outlet(part)
            (outlets if outlet(part) or later else authors).append(part)
    return list(unique(iter(authors))), outlets


def _split_names(
    found: Found, has_author: bool, outlet: Callable[[str], bool]
) -> tuple[list[str], list[str]]:
    """Of the names on lines of their own: the persons, and the outlets."""
    outlets = [name for name in found.names if outlet(name) or seems_outlet(name)]
    rest = [name for name in found.names if name not in outlets]
    if has_author:
        return [], [*outlets, *rest]
    return rest[:1], [*outlets, *rest[1:]]


def same(a: str, b: str) -> bool:
    """Whether two names are one, whatever their case and punctuation."""
    return bool(b) and squashed(a) == squashed(b)


def squashed(name: str) -> str:
    """The letters and figures of a name, in one case."""
    return re.sub(r"[\W_]+", "", name).casefold()

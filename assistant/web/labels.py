"""Small texts of the page: who reported it and when, what the library holds, how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from unicodedata import bidirectional

from assistant.answering.framing.frames import day_in_words
from assistant.chats import ChatInfo
from assistant.types import Answer, Article, Citation, Evidence, Filters, Timings

NEAREST_SHOWN = 4
"""Nearest passages shown under "not in the library"."""

SNIPPET_WORDS = 45
"""Words of a nearest passage shown in the transcript; the source pane shows the whole."""

STATUS_MEANS = {
    "reported": "The outlet reports it as fact",
    "claimed": "Someone says so; the outlet does not vouch for it",
    "expected": "It was expected or planned when this was written",
    "unconfirmed": "The outlet calls it unconfirmed",
    "denied": "Someone denies it",
}


def snippet(text: str, words: int = SNIPPET_WORDS) -> str:
    """The first words of a passage on one line, with an ellipsis where it goes on."""
    parts = text.split()
    return " ".join(parts[:words]) + (" …" if len(parts) > words else "")


def byline(entry: Citation | Article) -> str:
    """Who reported it and when: "South Front, carried by Global Research, 23 June 2017"."""
    carried = entry.publisher if entry.publisher != entry.source else ""
    parts = [isolated(entry.source), f"carried by {isolated(carried)}" if carried else ""]
    if isinstance(entry, Citation) and entry.also_carried_by:
        parts.append(f"also carried by {' and '.join(map(isolated, entry.also_carried_by))}")
    parts.append(day_in_words(entry.published) if entry.published else "undated")
    return ", ".join(part for part in parts if part)


def isolated(name: str) -> str:
    """A name that runs from right to left kept from turning the words around it; others as is."""
    turns = any(bidirectional(character) in ("R", "AL") for character in name)
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}" if turns else name


def cited(citations: Sequence[Citation], marker: int) -> Citation | None:
    """The citation of that marker; None where there is none."""
    return next((citation for citation in citations if citation.marker == marker), None)


def outlet(entry: Citation) -> str:
    """The outlet in one name: who reported it, else who carried it, else the article."""
    return entry.source or entry.publisher or entry.title or entry.article_id


def nearest(answer: Answer) -> list[Evidence]:
    """The passages shown under an abstention, best first."""
    return sorted(answer.evidence, key=lambda e: e.rank)[:NEAREST_SHOWN]


def writer_label(answer: Answer) -> str:
    """Who wrote the answer, in a few words."""
    if answer.abstained and answer.writer == "quote":
        return "Searched on this machine; no language model"
    if answer.writer == "quote":
        return "Quoted word for word; no language model"
    return f"Written by {answer.model or answer.writer}, checked against the quotes"


def timings_label(timings: Timings) -> str:
    """How long an answer took; "" where that was not measured.

    >>> timings_label(Timings(retrieve=180.4, write=90.0, total=273.0))
    '0.3 s'
    >>> timings_label(Timings(total=12_345.0))
    '12 s'
    """
    if timings.total <= 0:
        return ""
    seconds = timings.total / 1000
    return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"


def stages_label(timings: Timings) -> str:
    """What the time went into, in milliseconds.

    >>> stages_label(Timings(rewrite=2.0, retrieve=180.4, write=90.0, total=273.0))
    'rewording 2 ms, finding 180 ms, writing 90 ms'
    """
    stages = (
        ("rewording", timings.rewrite),
        ("finding", timings.retrieve),
        ("writing", timings.write),
        ("checking", timings.verify),
    )
    return ", ".join(f"{name} {spent:.0f} ms" for name, spent in stages if spent >= 0.5)


def narrowed_label(filters: Filters) -> str:
    """What a question was narrowed to, in words; "" for nothing.

    >>> narrowed_label(Filters(source="Northern Wire", region="Coast", tag="roads"))
    'Northern Wire, region Coast, tag roads'
    """
    since = f"from {day_in_words(filters.since)}" if filters.since else ""
    until = f"until {day_in_words(filters.until)}" if filters.until else ""
    parts = (
        filters.source or "",
        f"region {filters.region}" if filters.region else "",
        f"tag {filters.tag}" if filters.tag else "",
        f"{since} {until}".strip(),
    )
    return ", ".join(part for part in parts if part)


def library_line(articles: int, outlets: int, passages: int = 0, pending: int = 0) -> str:
    """What the library holds, and how far its vectors are.

    >>> library_line(1, 1), library_line(609, 49)
    ('1 article from 1 outlet', '609 articles from 49 outlets')
    >>> library_line(609, 49, 6000, 1500)
    '609 articles from 49 outlets; all are found by their words, 75 % by their meaning so far'
    """
    held = f"{articles:,} article{'' if articles == 1 else 's'}"
    line = f"{held} from {outlets:,} outlet{'' if outlets == 1 else 's'}"
    if not pending:
        return line
    made = 100 * (passages - pending) // max(passages, 1)
    return f"{line}; all are found by their words, {made} % by their meaning so far"


def dropped_label(count: int) -> str:
    """How many sentences were dropped, and why; "" for none."""
    if not count:
        return ""
    if count == 1:
        return "1 sentence was dropped: its quotes did not carry it"
    return f"{count} sentences were dropped: their quotes did not carry them"


def by_age(chats: Sequence[ChatInfo], now: datetime) -> list[tuple[str, list[ChatInfo]]]:
    """Chats by when they were last added to, the newest first: days, then months.

    Days are those of `now`'s time zone, into which the chats' times are brought.
    """
    groups: dict[str, list[ChatInfo]] = {}
    for each in chats:
        chat = replace(each, changed=each.changed.astimezone(now.tzinfo))
        groups.setdefault(_age(chat.changed, now), []).append(chat)
    return list(groups.items())


def _age(when: datetime, now: datetime) -> str:
    days = (now.date() - when.date()).days
    if days <= 0:
        return "Today"
    if days == 1:
        return "Yesterday"
    return "Last seven days" if days <= 7 else f"{when:%B %Y}"

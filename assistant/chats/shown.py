"""What an exported chat says, in words, whatever the form that it is exported in."""

from __future__ import annotations

from datetime import date, datetime

from assistant.chats.kept import KeptTurn
from assistant.types import Answer, Citation, Evidence, Filters, Statement

NEAREST = 4
"""Nearest passages shown under an abstention."""

NEAREST_WORDS = 45
UNTITLED = "Chat"
STOPPED = "Stopped before it was done."
UNANSWERED = "There is no answer."
IMPORTED = "Taken in from a file."


def day_in_words(day: date) -> str:
    """A day as it is read.

    >>> day_in_words(date(2017, 6, 3))
    '3 June 2017'
    """
    return f"{day.day} {day:%B} {day.year}"


def moment_in_words(when: datetime) -> str:
    """A moment as it is read, to the minute."""
    return f"{day_in_words(when.date())}, {when:%H:%M} UTC"


def claim_of(statement: Statement) -> str:
    """A statement in its frame, without the markers that end it: each form writes its own."""
    tags = "".join(f"[{marker}]" for marker in statement.markers)
    return statement.text.strip().removesuffix(tags).rstrip()


def framed(statement: Statement) -> tuple[str, str, str]:
    """A statement before, in and after its body; all of it before where the body is not in it."""
    claim = claim_of(statement)
    before, body, after = claim.partition(statement.body) if statement.body else (claim, "", "")
    return before, body, after


def source_of(citation: Citation) -> list[str]:
    """Where a quote stands: title, outlet, who carried it, day; without what is not known."""
    carried = citation.publisher if citation.publisher != citation.source else ""
    also = " and ".join(citation.also_carried_by)
    parts = (
        citation.title or citation.article_id,
        citation.source,
        f"carried by {carried}" if carried else "",
        f"also carried by {also}" if also else "",
        day_in_words(citation.published) if citation.published else "undated",
    )
    return [part for part in parts if part]


def place_of(citation: Citation) -> str:
    """The revision and the characters of the article that a quote is."""
    return f"{citation.article_id}@{citation.revision}:{citation.start}-{citation.end}"


def narrowed(filters: Filters) -> str:
    """What a question was narrowed to; empty for nothing.

    >>> narrowed(Filters(since=date(2017, 6, 1), source="Harbour Post"))
    'from 1 June 2017, outlet Harbour Post'
    """
    named = {
        "from": filters.since and day_in_words(filters.since),
        "until": filters.until and day_in_words(filters.until),
        "outlet": filters.source,
        "region": filters.region,
        "tag": filters.tag,
    }
    return ", ".join(f"{name} {value}" for name, value in named.items() if value)


def nearest(answer: Answer) -> list[Evidence]:
    """The passages shown under an abstention, best first."""
    return sorted(answer.evidence, key=lambda e: e.rank)[:NEAREST] if answer.abstained else []


def near_source(evidence: Evidence) -> list[str]:
    """Where a nearest passage stands; its article's id where no more is known of it."""
    article = evidence.article
    return [part for part in (article.title or article.id, article.source) if part]


def near_words(evidence: Evidence) -> str:
    """The first words of a nearest passage."""
    words = evidence.passage.text.split()
    more = " …" if len(words) > NEAREST_WORDS else ""
    return " ".join(words[:NEAREST_WORDS]) + more


def ending(turn: KeptTurn) -> str:
    """What is to be said where a turn has no whole answer; empty where it has."""
    if turn.stopped:
        return STOPPED
    return "" if turn.answer else turn.error or UNANSWERED

"""Renders the frame around a claim: when it was reported, by whom, how sure, and its markers.

The one place where a statement's `text` is made, from metadata alone: no model writes a date, an
outlet or a status. Between the quote marks of a verbatim body no character is altered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.types import Article, Event, Status

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MOST_CARRIERS = 3
_LONGEST_SPEAKER = 12  # words; longer attributions stay in the quote alone


def render(
    body: str,
    *,
    verbatim: bool,
    article: Article,
    event: Event | None,
    status: Status,
    attributed_to: str | None,
    markers: Sequence[int],
    also_carried_by: Sequence[str] = (),
    earlier: bool = False,
) -> str:
    """The statement's text: frame, body, the event's date where the words are relative, markers.

    `article` is the one that the first quote stands in; only its metadata is read. `earlier`: a
    newer report on the same state of affairs was told before.

    >>> article = Article("a", "", source="South Front", published=date(2017, 6, 23))
    >>> render("It fell.", verbatim=True, article=article, event=None, status="reported",
    ...        attributed_to=None, markers=[1])
    'Reported 23 June 2017 by South Front: “It fell.” [1]'
    """
    claim = f"“{body}”" if verbatim else body
    dated = _event_note(body, event)
    tags = "".join(f"[{marker}]" for marker in markers)
    lead = _lead(status, attributed_to, body)
    if earlier:
        lead = f"Earlier, {lead[0].lower()}{lead[1:]}"
    told_by = _citing(status, attributed_to, body)
    frame = f"{lead}{_when(article)}{_where(article, also_carried_by)}".rstrip(",") + told_by
    return f"{frame}: {claim}{dated} {tags}".rstrip()


def day_in_words(day: date) -> str:
    """A day as "23 June 2017", whatever the locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _lead(status: Status, attributed_to: str | None, body: str) -> str:
    """Say how sure: "Reported", "Unconfirmed, reported", "Claimed by ISIS, reported"."""
    if status == "reported":
        return "Reported"
    speaker = _one_line(attributed_to or "")
    if status == "claimed" and speaker and len(speaker.split()) <= _LONGEST_SPEAKER:
        return f"Claimed by {_lower_article(speaker)}, reported"
    return f"{status.capitalize()}, reported"


def _citing(status: Status, attributed_to: str | None, body: str) -> str:
    """Who said it inside the article, where neither the lead nor the body names them."""
    speaker = _one_line(attributed_to or "")
    if not speaker or len(speaker.split()) > _LONGEST_SPEAKER or status == "claimed":
        return ""
    named = speaker.casefold() in _one_line(body).casefold()
    return "" if named else f", citing {_lower_article(speaker)}"


def _when(article: Article) -> str:
    return f" {day_in_words(article.published)}" if article.published else ", date unknown,"


def _where(article: Article, also: Sequence[str]) -> str:
    source, publisher = _one_line(article.source), _one_line(article.publisher)
    others = " and ".join(_one_line(name) for name in also[:_MOST_CARRIERS])
    if source:
        carried = publisher if publisher.casefold() != source.casefold() else ""
        both = (("carried by", carried), ("also carried by", others))
        notes = ", ".join(f"{how} {who}" for how, who in both if who)
        return f" by {source}" + (f" ({notes})" if notes else "")
    if publisher:
        return f"{',' if article.published else ''} carried by {publisher}"
    title = _one_line(article.title)
    return f" in “{title}”" if title else ""


def _event_note(body: str, event: Event | None) -> str:
    """Resolve the words: " (“On Thursday”: 22 June 2017)"; nothing where the body has it all."""
    if event is None:
        return ""
    shown = span_in_words(event)
    if re.search(r"(?:19|20)\d\d", event.words) or shown in body:
        return ""
    return f" (“{_one_line(event.words)}”: {shown})" if event.words in body else f" ({shown})"


def span_in_words(event: Event) -> str:
    """When it happened, as exactly as is known: "22 June 2017", "18–24 June 2017", "2016"."""
    start, end = event.start, event.end
    if start == end:
        return day_in_words(start)
    month = f"{_MONTHS[start.month - 1]} {start.year}"
    same_month = (start.year, start.month) == (end.year, end.month)
    if event.precision == "year" and start.year == end.year:
        return str(start.year)
    if event.precision == "month" and same_month:
        return f"{_part_of_month(start, end)}{month}"
    if same_month:
        return f"{start.day}–{end.day} {month}"
    if start.year == end.year:
        return f"{start.day} {_MONTHS[start.month - 1]} – {day_in_words(end)}"
    return f"{day_in_words(start)} – {day_in_words(end)}"


def _part_of_month(start: date, end: date) -> str:
    if start.day == 1:
        return "early " if end.day <= 10 else ""
    return "late " if end.day > 20 and start.day > 20 else "mid-"


def _lower_article(speaker: str) -> str:
    """As inside a sentence: "the army" for "The army"."""
    return re.sub(r"^(The|An?)\s", lambda m: m.group().lower(), speaker)


def _one_line(text: str) -> str:
    return " ".join(text.split())

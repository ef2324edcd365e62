"""RSS and Atom feeds, through feedparser: one article an entry."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any
from xml.sax import SAXParseException

from assistant.articles.blocks import Block
from assistant.articles.build import body_blocks, build_article
from assistant.articles.content import Content, Found
from assistant.articles.dates import find_date, read_date
from assistant.articles.fields import LONGEST_ID, Metadata, unique, web_address
from assistant.articles.fragment import fragment_blocks
from assistant.articles.text import one_line, tidy
from assistant.errors import ArticleError
from assistant.types import Quarantined

# What the library lets through on feeds that are damaged in places it trusts.
_DAMAGE = (ValueError, LookupError, AttributeError, TypeError)


def read_feed(content: Content) -> Iterator[Found]:
    """The entries of a feed, one by one; one that is no article is quarantined by its number.

    Raises:
        ArticleError: it is no feed, has no entries, or is damaged (after what could be read).
    """
    import feedparser

    # Entities of its own are not expanded by the library. What is dangerous in HTML goes when
    # its text is taken.
    try:
        feed: Any = feedparser.parse(
            io.BytesIO(content.read()), sanitize_html=False, resolve_relative_uris=False
        )
    except _DAMAGE as error:
        raise ArticleError(f"is a damaged feed: {one_line(str(error))}") from error
    problem = feed.get("bozo_exception")
    damage = ""
    if isinstance(problem, SAXParseException):
        damage = problem.getMessage()
    if not feed.version:
        raise ArticleError(f"is no XML: {damage}" if damage else "is no feed (RSS or Atom)")
    for number, entry in enumerate(feed.entries, start=1):
        try:
            yield build_article(
                _metadata(entry),
                _blocks(entry),
                f"{content.stem}#{number}",
                Metadata(
                    source=_line(feed.feed.get("title")),
                    language=_line(feed.feed.get("language")),
                ),
            )
        except ArticleError as error:
            yield Quarantined(f"{content.name}#{number}", str(error))
    if damage:
        raise ArticleError(f"is damaged: {damage}; entries may be missing")
    if not feed.entries:
        raise ArticleError("is a feed without entries")


def _metadata(entry: Any) -> Metadata:  # noqa: ANN401 - feedparser is not typed
    link = web_address(_line(entry.get("link")))
    known_as = _line(entry.get("id")) or link
    return Metadata(
        id=known_as if len(known_as) <= LONGEST_ID else "",
        title=_words(entry.get("title")),
        source=_words((entry.get("source") or {}).get("title")),
        author=_line(entry.get("author")),
        published=_day(entry, "published") or _day(entry, "updated"),
        tags=unique(_line(tag.get("term")) for tag in entry.get("tags") or ()),
        url=link,
    )


def _day(entry: Any, name: str) -> date | None:  # noqa: ANN401  # untyped package
    """The day as it is written; as the library reads it where it is written unusually."""
    parsed: Any = dict.get(entry, f"{name}_parsed")  # its own `get` takes one day for another
    written = find_date(_line(dict.get(entry, name)))
    try:
        return read_date((written or date(*parsed[:3])).isoformat()) if written or parsed else None
    except (ArticleError, ValueError):
        return None  # no day of news


def _blocks(entry: Any) -> list[Block]:  # noqa: ANN401  # untyped package
    """The whole text of the entry where it has one, else its summary."""
    texts = [*(entry.get("content") or ()), entry.get("summary_detail") or {}]
    chosen = next((text for text in texts if (text.get("value") or "").strip()), None)
    if chosen is None:
        raise ArticleError("has no text")
    if chosen.get("type") == "text/plain":
        return body_blocks(tidy(chosen["value"]))
    return fragment_blocks(chosen["value"])


def _words(markup: object) -> str:
    text = markup if isinstance(markup, str) else ""
    if "<" in text or "&" in text:
        text = " ".join(block.text for block in fragment_blocks(text))
    return one_line(text)


def _line(value: object) -> str:
    return one_line(value) if isinstance(value, str) else ""

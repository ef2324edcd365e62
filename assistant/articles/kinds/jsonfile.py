"""JSON files: a list of articles, an object that holds one, a single article, JSON-LD, feeds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from assistant.articles.content import Content, Found
from assistant.articles.files import MOST_BYTES
from assistant.articles.kinds.decoded import utf8_stream
from assistant.articles.kinds.jsonevents import Guard, Place, events, values_at
from assistant.articles.kinds.records import (
    TEXT_NAMES,
    Record,
    Row,
    plain_name,
    read_records,
    text_of,
)
from assistant.errors import ArticleError

_HEAD = 1024
_FIRST_LEVELS = 5  # where a list of articles is looked for
_TOP: Place = ()
_ARTICLE_TYPES = ("article", "posting", "report", "review")


def read_json(content: Content) -> Iterator[Found]:
    """The articles of a JSON file, one by one; what is none is quarantined by its number.

    Raises:
        ArticleError: it is not JSON, or it cannot be told which of its lists holds the articles.
    """
    stream = utf8_stream(content)
    start = stream.tell()
    place = _articles_place(stream, content)
    stream.seek(start)
    return read_records(content, _rows(stream, place), "object", "#")


def _rows(stream: IO[bytes], place: Place) -> Iterator[Row]:
    for number, value in enumerate(values_at(Guard(stream), place), start=1):
        if not isinstance(value, dict):
            yield number, ArticleError("is not a JSON object")
        elif "@type" not in value:
            yield number, value
        elif _is_article(value):
            yield number, _from_linked_data(value)


def _articles_place(stream: IO[bytes], content: Content) -> Place:
    """Where the articles stand: at the top, or in the one list that holds them."""
    start = stream.tell()
    if stream.read(_HEAD).lstrip().startswith(b"["):
        return (None,)
    stream.seek(start)
    lists, alone = _lists(stream, content)
    if not lists or not alone:
        return _TOP
    if content.size <= MOST_BYTES:
        stream.seek(start)
        if _is_one_article(Guard(stream), content):
            return _TOP
    # Lists whose objects have a text; where none has, the reasons will say so.
    places = [place for place, with_text in lists.items() if with_text] or list(lists)
    if len(places) > 1:
        names = ", ".join('"' + ".".join(map(str, place)) + '"' for place in places[:5])
        raise ArticleError(f"has several lists of objects ({names}); leave one in it")
    return (*places[0], None)


def _is_one_article(stream: Guard, content: Content) -> bool:
    try:
        whole = next(values_at(stream, _TOP))
    except ArticleError:
        return False  # damaged further on
    column = content.mapping.columns.get("text")
    return isinstance(whole, dict) and bool(
        text_of(content.mapping.applied(whole), ("text",) if column else TEXT_NAMES)
    )


def _lists(stream: IO[bytes], content: Content) -> tuple[dict[Place, bool], bool]:
    """The lists of objects in an object, and whether their objects have texts; and whether this
    object is alone, with none behind it.
    """
    column = content.mapping.columns.get("text")
    names = {plain_name(column.partition(".")[0])} if column else set(TEXT_NAMES)
    found: dict[Place, bool] = {}
    objects = 0
    guard = Guard(stream)
    try:
        for place, event, value in events(guard):
            guard.since = 0
            if not place and event == "start_map":
                objects += 1
                if objects > 1:
                    break
            if len(place) <= _FIRST_LEVELS + 1 and place.count(None) == 1:
                if event == "start_map" and place[-1] is None:
                    found.setdefault(place[:-1], False)
                elif event == "map_key" and place[-2] is None and plain_name(value) in names:
                    found[place[:-2]] = True
    except ArticleError:
        if not found:
            raise
    return found, objects == 1


def _is_article(linked: Record) -> bool:
    """Whether an object of JSON-LD is an article; a page's organisation and image are none."""
    types = linked["@type"]
    named = [str(each).casefold() for each in (types if isinstance(types, list) else [types])]
    return bool(text_of(linked)) or any(each.endswith(_ARTICLE_TYPES) for each in named)


def _from_linked_data(linked: Record) -> Record:
    """With the address where the other kinds have it (https://schema.org/NewsArticle)."""
    page = linked.get("mainEntityOfPage")
    address = page.get("@id") if isinstance(page, dict) else page
    address = linked.get("url") or address or linked.get("@id")
    return {**linked, "url": address if isinstance(address, str) else ""}

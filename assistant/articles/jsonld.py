"""The article that a page describes in JSON-LD (https://schema.org/NewsArticle).

trafilatura reads title, author, outlet and section of it; here are the day, the address, the place
and the keywords too, and references within a graph are followed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from assistant.articles.fields import Metadata, read_fields
from assistant.errors import ArticleError

_FIELDS = {
    "headline": "title", "author": "author", "publisher": "publisher",
    "datePublished": "published", "articleSection": "section", "keywords": "keywords",
    "contentLocation": "region", "locationCreated": "region", "mainEntityOfPage": "url",
    "url": "url", "inLanguage": "language",
}  # fmt: skip
_DEEPEST = 8


def read_json_ld(scripts: Iterable[str], title: str) -> Metadata:
    """What the scripts of a page say of its article: the one of that title, else the first."""
    nodes: list[dict[str, object]] = []
    for script in scripts:
        try:
            nodes += _nodes(json.loads(script, strict=False), _DEEPEST)
        except (ValueError, RecursionError):
            continue  # pages have broken scripts; the rest of the page tells
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    articles = [node for node in nodes if _is_article(node)]
    ours = [node for node in articles if str(node.get("headline", "")).strip() == title]
    for node in [*ours, *articles][:1]:
        return _metadata(node, named)
    return Metadata()


def _nodes(value: object, depth: int) -> Iterator[dict[str, object]]:
    """Every object of a type in the lists and graphs of a script."""
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth - 1) if depth else ()
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        if depth:
            yield from _nodes(value.get("@graph"), depth - 1)


def _is_article(node: dict[str, object]) -> bool:
    kinds = node["@type"] if isinstance(node["@type"], list) else [node["@type"]]
    ends = ("article", "blogposting", "report")
    return any(isinstance(kind, str) and kind.casefold().endswith(ends) for kind in kinds)


def _metadata(node: dict[str, object], named: dict[object, dict[str, object]]) -> Metadata:
    """The fields of one object, each by itself: one that cannot be read is left out."""
    found = Metadata()
    for key, name in _FIELDS.items():
        value = _resolved(node.get(key), named)
        if name == "url" and isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        try:
            found = found.filled_from(read_fields({name: value}))
        except ArticleError:
            continue
    return found


def _resolved(value: object, named: dict[object, dict[str, object]]) -> object:
    """A value with what its references name."""
    if isinstance(value, list):
        return [_resolved(item, named) for item in value]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
        return named.get(value.get("@id"), value)
    return value

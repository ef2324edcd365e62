"""Metadata: what front matter, JSON, HTML and header lines know of an article.

Field names are read liberally (`published_at`, `publishedAt`, `Date`), values are coerced where
that is harmless (a list of one author, a number as id) and refused where they would mislead.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date

from assistant.articles.dates import read_date
from assistant.articles.text import one_line
from assistant.errors import ArticleError

LONGEST_ID = 300
"""Characters of an article's id."""
_LONGEST = 500

# Each field, and the names it goes by, the surest first; compared without case, "_", "-", " ".
_NAMES: dict[str, tuple[str, ...]] = {
    "id": ("id", "articleid", "uid", "guid"),
    "title": ("title", "headline"),
    "source": (
        "source", "outlet", "newspaper", "sourcename", "sitename", "site", "media", "publication",
    ),
    "publisher": ("publisher", "carriedby", "republishedby", "republisher"),
    "author": ("author", "authors", "byline", "creator", "writer", "by"),
    "published": (
        "published", "publishedat", "publishedon", "publisheddate", "publishedtime",
        "publicationdate", "publishdate", "datepublished", "dateposted", "pubdate", "date",
        "datetime", "reportedon", "issued",
    ),
    "carried_on": ("carriedon", "republished", "republishedon", "republishedat"),
    "region": ("region", "location", "place", "country"),
    "url": (
        "url", "link", "permalink", "canonical", "canonicalurl", "sourceurl", "weburl",
        "mainentityofpage",
    ),
    "language": ("language", "lang", "locale", "inlanguage"),
}  # fmt: skip
FIELD_NAMES = (*_NAMES, "tags")
"""The fields of an article beside its text, as front matter and JSON may name them."""
_TAG_NAMES = (
    "category", "categories", "section", "sectionname", "articlesection", "topic", "topics",
    "theme", "tags", "tag", "keywords", "newskeywords",
)  # fmt: skip
# Where an object keeps its words: {"name": ...} of a person, {"rendered": ...} of a title.
_WORDS_OF = ("name", "title", "main", "original", "rendered", "#text", "value", "@id")
# [[Ruth Almas]] and [[people/ruth|Ruth Almas]]: links between notes.
_WIKILINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_NOTHING = {"", "~", "null", "none", "nan", "n/a"}
_BY = re.compile(r"by:?(?:\s+(?=\S)|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """The fields of an `Article` beside its text; "" or None or () where nothing is known."""

    id: str = ""
    title: str = ""
    source: str = ""
    publisher: str = ""
    author: str = ""
    published: date | None = None
    carried_on: date | None = None
    region: str = ""
    tags: tuple[str, ...] = ()
    url: str = ""
    language: str = ""

    def filled_from(self, other: Metadata) -> Metadata:
        """These fields, and `other`'s where these are empty."""
        empty = [f.name for f in fields(self) if not getattr(self, f.name)]
        return replace(self, **{name: getattr(other, name) for name in empty})

    def settled(self) -> Metadata:
        """The same with outlet and re-publisher in their places.

        A publisher without an outlet is the outlet; one that is the outlet itself is none. The
        re-publisher's day is also the report's where nothing earlier is known: it was out by then.
        """
        source, publisher = self.source or self.publisher, self.publisher
        if publisher.casefold() == source.casefold():
            publisher = ""
        author = "" if self.author.casefold() == source.casefold() else self.author
        return replace(
            self,
            source=source,
            publisher=publisher,
            author=author,
            published=self.published or self.carried_on,
        )


def read_fields(raw: Mapping[str, object]) -> Metadata:
    """The metadata that a mapping from front matter or JSON holds; unknown names are left out.

    Raises:
        ArticleError: a value is of a kind that the field cannot be read from, or not a date.
    """
    plain = {re.sub(r"[\s_-]", "", name).casefold(): value for name, value in raw.items()}
    # "og:title", "dc:creator": a vocabulary and its name for the field.
    known = {name.rpartition(":")[2]: value for name, value in plain.items()} | plain
    texts = {
        name: next((t for t in (_text(known.get(n), name) for n in names) if t), "")
        for name, names in _NAMES.items()
    }
    if web_address(texts["source"]):
        texts["url"] = texts["url"] or texts["source"]
        texts["source"] = ""
    if len(texts["id"]) > LONGEST_ID:
        raise ArticleError(f"its id is longer than {LONGEST_ID} characters")
    return Metadata(
        id=texts["id"],
        title=texts["title"],
        source=texts["source"],
        publisher=texts["publisher"],
        author=_BY.sub("", texts["author"], count=1) if texts["author"] else "",
        published=read_date(texts["published"]),
        carried_on=read_date(texts["carried_on"]),
        region=texts["region"],
        tags=unique(tag for name in _TAG_NAMES for tag in _tags(known.get(name), name)),
        url=web_address(texts["url"]),
        language=texts["language"],
    )


def web_address(value: str) -> str:
    """The address where it is one that a reader may open (http, https), else ""."""
    return value if re.match(r"https?://\S+$", value, re.IGNORECASE) else ""


def unique(values: Iterator[str]) -> tuple[str, ...]:
    """The values without repeats (whatever their case) and empty ones, in order."""
    seen: dict[str, str] = {}
    for value in values:
        if value:
            seen.setdefault(value.casefold(), value)
    return tuple(seen.values())


def split_tags(value: str) -> list[str]:
    """The tags in a line such as `Terrorism, US NATO War Agenda`."""
    return [tag.strip() for tag in re.split(r"[,;|]", value) if tag.strip()]


def _text(value: object, name: str) -> str:
    """One line of text from a scalar, a list of scalars, or an object with a name."""
    if isinstance(value, dict):
        value = next((value[key] for key in _WORDS_OF if key in value), None)
        if not isinstance(value, str):
            raise ArticleError(f'field "{name}" holds a mapping where text belongs')
    if isinstance(value, list):
        value = ", ".join(filter(None, (_scalar(item, name) for item in value)))
    return _scalar(value, name)


def _scalar(value: object, name: str) -> str:
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        value = value["name"]  # one of a list
    if isinstance(value, int | float):
        value = repr(value) if isinstance(value, float) else _digits(value, name)
    if not isinstance(value, str):
        raise ArticleError(f'field "{name}" holds a nested list or mapping where text belongs')
    if name == "id" and len(value) > LONGEST_ID:
        return value
    line = one_line(_WIKILINK.sub(r"\1", value[:_LONGEST]))
    return "" if line.casefold() in _NOTHING else line


def _digits(value: int, name: str) -> str:
    if abs(value) >= 10**30:
        raise ArticleError(f'field "{name}" holds a number of absurd size')
    return str(value)


def _tags(value: object, name: str) -> list[str]:
    if isinstance(value, str):
        return split_tags(_scalar(value, name))
    if isinstance(value, list):
        return [_scalar(item, name) for item in value]
    return [_text(value, name)]

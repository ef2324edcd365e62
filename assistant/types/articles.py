"""Articles and their passages, what repeats what, and what a question is narrowed to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

LinkKind = Literal["exact", "reprint", "update"]


def revision_of(text: str) -> str:
    """The short revision of a cleaned text: the first 16 hex digits of its sha256.

    Lone surrogates (which UTF-8 cannot hold) are encoded as they stand, so any `str` has one.
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it is stored: the cleaned text and what is known about it.

    `source` is the outlet that reported it, `publisher` who carried it if that is another;
    `published` is the outlet's date, `carried_on` the re-publisher's.
    """

    id: str
    text: str
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
    cleaner_version: str = ""

    @property
    def revision(self) -> str:
        """The revision that offsets refer to: a digest of `text`."""
        return revision_of(self.text)


@dataclass(frozen=True, slots=True)
class Link:
    """An article that repeats another one, the original: both are one source.

    `exact`: the same text; `reprint`: most of its words; `update`: what the same outlet made of its
    own report later. `share`: of the runs of five words of the shorter, how many the longer has,
    0 to 1.
    """

    article_id: str
    original_id: str
    kind: LinkKind
    share: float


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one article: `article.text[start:end] == text`.

    `sentences` are (start, end) offsets in the article's text, inside [start, end].
    `header` (title, source, date) is searched with the text and never quoted.
    """

    article_id: str
    revision: str
    text: str
    start: int
    end: int
    sentences: tuple[tuple[int, int], ...]
    header: str = ""

    @property
    def id(self) -> str:
        """`article_id@revision:start-end`."""
        return f"{self.article_id}@{self.revision}:{self.start}-{self.end}"


def filter_key(name: str) -> str:
    """A name as filters compare it."""
    return name.strip().casefold()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows a question to. Both days inclusive; None means no bound.

    A date bound leaves undated articles out. `source` matches outlet or re-publisher, `tag` one of
    an article's tags, all of them whatever their case.
    """

    since: date | None = None
    until: date | None = None
    source: str | None = None
    region: str | None = None
    tag: str | None = None

    @property
    def active(self) -> bool:
        """Whether anything is narrowed."""
        keys = (self.source_key, self.region_key, self.tag_key)
        return bool(self.since or self.until or any(keys))

    def admits(self, article: Article) -> bool:
        """Whether an article passes.

        >>> Filters(source="south front").admits(Article("a", "text", source="South Front"))
        True
        >>> Filters(until=date(2017, 6, 23)).admits(Article("a", "text"))
        False
        """
        day = article.published
        for key, values in (
            (self.source_key, (article.source, article.publisher)),
            (self.region_key, (article.region,)),
            (self.tag_key, article.tags),
        ):
            if key and key not in map(filter_key, values):
                return False
        if self.since and (day is None or day < self.since):
            return False
        return not (self.until and (day is None or day > self.until))

    @property
    def source_key(self) -> str:
        """`source` as it is compared with outlets; empty for any."""
        return filter_key(self.source or "")

    @property
    def region_key(self) -> str:
        """`region` as it is compared; empty for any."""
        return filter_key(self.region or "")

    @property
    def tag_key(self) -> str:
        """`tag` as it is compared with tags; empty for any."""
        return filter_key(self.tag or "")

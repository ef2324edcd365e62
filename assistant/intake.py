"""What a caller hands in, checked: questions, days, outlets, articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from difflib import get_close_matches
from typing import Protocol, TypedDict
from unicodedata import category

from assistant.errors import UsageError
from assistant.types import Article, Filters, filter_key

MAX_QUESTION_CHARS = 2000
_UNSAID = ("Cc", "Cs")
Day = date | str | None


def question_of(question: str) -> str:
    """The question as one line, without control characters and halves of surrogate pairs.

    Raises:
        UsageError: there are no words in it, or too many.
    """
    asked = " ".join("".join(c if category(c) not in _UNSAID else " " for c in question).split())
    if not any(character.isalnum() for character in asked):
        raise UsageError("the question is empty: ask something in words")
    if len(asked) > MAX_QUESTION_CHARS:
        raise UsageError(
            f"the question has {len(asked):,} characters; ask in at most {MAX_QUESTION_CHARS:,}"
        )
    return asked


class Narrowed(TypedDict, total=False):
    """What a question is narrowed to, as a caller writes it; None and nothing: not narrowed."""

    since: Day
    until: Day
    source: str | None
    region: str | None
    tag: str | None


class Holding(Protocol):
    """What a library holds, by which a question can be narrowed."""

    def sources(self) -> Sequence[str]:
        """Its outlets and re-publishers."""

    def regions(self) -> Sequence[str]:
        """Its regions."""

    def tags(self) -> Sequence[str]:
        """Its tags."""


def filters_of(
    held: Holding,
    since: Day = None,
    until: Day = None,
    source: str | None = None,
    region: str | None = None,
    tag: str | None = None,
) -> Filters:
    """What a question is narrowed to; white space alone narrows nothing.

    Raises:
        UsageError: one is no day, both are the wrong way round, or the library holds no such
            outlet, region or tag.
    """
    filters = Filters(
        _day(since, "since"), _day(until, "until"), _said(source), _said(region), _said(tag)
    )
    if filters.since and filters.until and filters.since > filters.until:
        raise UsageError(f"since {filters.since} lies after until {filters.until}: swap them")
    for kind, asked, names in (
        ("outlet", filters.source, held.sources),
        ("region", filters.region, held.regions),
        ("tag", filters.tag, held.tags),
    ):
        if asked is not None:
            _check_known(kind, asked, names())
    return filters


def check_articles(articles: Sequence[object]) -> None:
    """Refuse what is no `Article`, a date that is a string, and ids that are not each its own.

    Raises:
        UsageError: it is one of those.
    """
    ids = [_checked(article).id for article in articles]
    if len(set(ids)) != len(ids):
        raise UsageError("two of the articles have the same id; give each its own")
    for broken in (i for i in ids if i.encode("utf-8", "ignore").decode() != i):
        raise UsageError(f"article id {broken!a} holds half a character; give it another")


def _checked(article: object) -> Article:
    if not isinstance(article, Article):
        raise UsageError(f"read() takes Article(id=..., text=...), not {type(article).__name__}")
    for name in ("published", "carried_on"):
        if not isinstance(getattr(article, name), date | None):
            raise UsageError(
                f"{name} of article {article.id!r} is not a datetime.date: "
                "write date.fromisoformat('2017-06-23')"
            )
    return article


def _said(name: str | None) -> str | None:
    return name if name and name.strip() else None


def _check_known(kind: str, asked: str, names: Sequence[str]) -> None:
    known = {filter_key(name): name for name in names}
    if filter_key(asked) in known:
        return
    near = get_close_matches(asked.casefold(), known, n=3, cutoff=0.4)
    listed = ", ".join(known[name] for name in near) or ", ".join(list(known.values())[:5])
    raise UsageError(
        f"no {kind} {asked!r} in this library; it has "
        + (f"{listed}{', …' if len(known) > len(near) else ''}" if listed else "none")
    )


def _day(value: Day, name: str) -> date | None:
    if isinstance(value, datetime):  # it is a `date` too, but compares with none
        return value.date()
    if value is None or isinstance(value, date):
        return value
    if not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip())
    except ValueError as error:
        raise UsageError(
            f"{name} {value!r} is not a day: write it as YYYY-MM-DD, like 2017-06-23"
        ) from error

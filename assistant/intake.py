"""What a caller hands in, checked: questions, days, outlets, articles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from difflib import get_close_matches
from unicodedata import category

from assistant.errors import UsageError
from assistant.types import Article, Filters

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


def filters_of(
    since: Day,
    until: Day,
    source: str | None,
    sources: Callable[[], Sequence[str]],
    region: str | None = None,
    tag: str | None = None,
) -> Filters:
    """What a question is narrowed to; `sources` gives the outlets that there are.

    Raises:
        UsageError: one is no day, both are the wrong way round, or no such outlet is there.
    """
    named = [name if name and name.strip() else None for name in (source, region, tag)]
    filters = Filters(_day(since, "since"), _day(until, "until"), *named)
    if filters.since and filters.until and filters.since > filters.until:
        raise UsageError(f"since {filters.since} lies after until {filters.until}: swap them")
    if filters.source is not None:
        _check_source(filters.source, sources())
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


def _check_source(source: str, sources: Sequence[str]) -> None:
    known = {name.casefold(): name for name in sources}
    if source.strip().casefold() in known:
        return
    near = get_close_matches(source.casefold(), known, n=3, cutoff=0.4)
    names = ", ".join(known[name] for name in near) or ", ".join(list(known.values())[:5])
    raise UsageError(
        f"no outlet {source!r} in this library; it has "
        + (f"{names}{', …' if len(known) > len(near) else ''}" if names else "none")
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

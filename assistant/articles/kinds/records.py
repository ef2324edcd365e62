"""Articles from records: what JSONL, JSON and CSV have in common."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from assistant.articles.blocks import Block
from assistant.articles.build import (
    CLEANER_VERSION,
    body_blocks,
    build_article,
    cleaned_article,
    is_cleaned,
)
from assistant.articles.content import Content, Found
from assistant.articles.fields import read_fields
from assistant.articles.fragment import fragment_blocks, looks_like_fragment
from assistant.articles.mapping import ColumnMapping
from assistant.articles.text import tidy
from assistant.errors import ArticleError
from assistant.types import Article, Quarantined

Record: TypeAlias = Mapping[str, object]
Row: TypeAlias = tuple[int, Record | ArticleError]
"""The number of a record in its file, and the record or why it cannot be read."""

# The surest first; compared without case, "_", "-", " ".
TEXT_NAMES = ("text", "body", "content", "articlebody", "contenttext", "contenthtml", "fulltext")
_QUESTION_FIELDS = ("answers", "answerable", "evidence")
_MOST_REFUSED_ALONE = 3
_MOST_REFUSED_AT_ALL = 10_000


class _QuestionError(ArticleError):
    """A record that belongs to a question file."""


def read_records(content: Content, rows: Iterable[Row], noun: str, sign: str) -> Iterator[Found]:
    """The articles of records, one by one; one that is none is quarantined by its number.

    `noun` is what a record is called in reasons ("line"), `sign` stands between file and number.

    Raises:
        ArticleError: the file holds questions, or many records and not one article.
    """
    # Held back until the first article: a file without one is refused as a whole.
    refused: list[Quarantined] = []
    articles = count = 0
    for number, row in rows:
        count += 1
        found: Article | Quarantined
        try:
            found = _article(row, f"{content.stem}#{number}", content.mapping)
        except _QuestionError as error:
            if not articles:
                raise ArticleError("is a question file; use `assistant evaluate`") from error
            found = Quarantined(f"{content.name}{sign}{number}", str(error))
        except ArticleError as error:
            found = Quarantined(f"{content.name}{sign}{number}", str(error))
        if isinstance(found, Article):
            articles += 1
            yield from refused
            refused = []
            yield found
        elif articles:
            yield found
        elif count < _MOST_REFUSED_AT_ALL:
            refused.append(found)
        else:
            raise ArticleError(
                f"none of its first {count:,} {noun}s is an article; the first: {refused[0].reason}"
            )
    if not count:
        raise ArticleError("has no text")
    if count > _MOST_REFUSED_ALONE and not articles:
        raise ArticleError(
            f"none of its {count} {noun}s is an article; the first: {refused[0].reason}"
        )
    yield from refused


def plain_name(name: str) -> str:
    """The name of a column as it is compared: without case, "_", "-" and blanks."""
    return re.sub(r"[\s_-]", "", name).casefold()


def text_of(record: Record, names: tuple[str, ...] = TEXT_NAMES) -> str:
    """The text of a record, the first there is of the names; empty where it has none."""
    known = {plain_name(name): value for name, value in record.items()}
    for name in names:
        value = known.get(name)
        if isinstance(value, Mapping):
            value = value.get("rendered")  # WordPress
        if isinstance(value, list):
            value = "\n\n".join(part for part in value if isinstance(part, str))
        if isinstance(value, str) and value.strip():
            return value
    return ""


def _article(row: Record | ArticleError, default_id: str, mapping: ColumnMapping) -> Article:
    if isinstance(row, ArticleError):
        raise row
    if "question" in row and any(name in row for name in _QUESTION_FIELDS):
        raise _QuestionError("is a question, not an article")
    record = mapping.applied(row)
    column = mapping.columns.get("text")
    text = text_of(record, ("text",) if column else TEXT_NAMES)
    if not text:
        where = f'"{column}"' if column else '"text" or "body"'
        raise ArticleError(f"has no text (in {where})")
    fields = read_fields(record)
    if not column and _is_exported(record, text):
        return cleaned_article(fields, text, default_id)
    return build_article(fields, _blocks(text), default_id)


def _is_exported(record: Record, text: str) -> bool:
    """Whether the text comes out of a library, cleaned by the rules of today.

    Cleaned again it could lose a last line that looks like furniture only where it now stands.
    """
    return record.get("cleaner_version") == CLEANER_VERSION and is_cleaned(text)


def _blocks(text: str) -> list[Block]:
    return fragment_blocks(text) if looks_like_fragment(text) else body_blocks(tidy(text))

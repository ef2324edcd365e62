"""JSON Lines: one article a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from assistant.articles.build import body_blocks, build_article
from assistant.articles.encoding import decode, mark_of
from assistant.articles.fields import read_fields
from assistant.articles.files import MOST_BYTES, SourceFile
from assistant.articles.text import tidy
from assistant.errors import ArticleError
from assistant.types import Article, Quarantined

_TEXT_FIELDS = ("text", "body", "content")
_QUESTION_FIELDS = ("answers", "answerable", "evidence")
_MOST_REFUSED_ALONE = 3


class _QuestionError(ArticleError):
    """A line that belongs to a question file."""


def read_json_lines(file: SourceFile) -> Iterator[Article | Quarantined]:
    """The articles of a JSONL file, one by one; a line that is none is quarantined by its number.

    Raises:
        ArticleError: the file holds questions, or many lines and not one article.
        OSError: it cannot be read.
    """
    # Held back until the first article: a file without one is refused as a whole.
    refused: list[Quarantined] = []
    articles = lines = 0
    for number, line in _lines(file.path):
        lines += 1
        place = f"{file.name}:{number}"
        found: Article | Quarantined
        try:
            found = _article(_record(line), f"{file.stem}#{number}")
        except _QuestionError as error:
            if not articles:
                raise ArticleError("is a question file; use `assistant evaluate`") from error
            found = Quarantined(place, str(error))
        except ArticleError as error:
            found = Quarantined(place, str(error))
        if isinstance(found, Article):
            articles += 1
            yield from refused
            refused = []
            yield found
        elif articles:
            yield found
        else:
            refused.append(found)
    if not lines:
        raise ArticleError("has no text")
    if lines > _MOST_REFUSED_ALONE and not articles:
        raise ArticleError(
            f"none of its {lines} lines is an article; the first: {refused[0].reason}"
        )
    yield from refused


def _lines(path: Path) -> Iterator[tuple[int, bytes | str | None]]:
    """Lines that are not blank with their numbers from 1; None for one that is too long."""
    with path.open("rb") as stream:
        if mark_of(stream.read(4)) not in {None, "utf-8-sig"}:
            # The line ends of UTF-16 and UTF-32 can only be told after decoding.
            stream.seek(0)
            data = stream.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                raise ArticleError(f"has more than {MOST_BYTES:,} bytes and is not UTF-8")
            yield from _not_blank(decode(data).split("\n"))
            return
        stream.seek(0)
        number = 0
        while line := stream.readline(MOST_BYTES + 1):
            number += 1
            if len(line) > MOST_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(MOST_BYTES)
                yield number, None
            elif line.strip():
                yield number, line.rstrip(b"\r\n")


def _not_blank(lines: list[str]) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _record(line: bytes | str | None) -> dict[str, object]:
    if line is None:
        raise ArticleError(f"has more than the {MOST_BYTES:,} bytes that are read")
    try:
        record = json.loads(decode(line) if isinstance(line, bytes) else line)
    except RecursionError as error:
        raise ArticleError("is nested too deep") from error
    except json.JSONDecodeError as error:
        raise ArticleError(f"is not JSON: {error.msg} (character {error.pos + 1})") from error
    except ValueError as error:
        raise ArticleError("is not JSON: a number of absurd size") from error
    if not isinstance(record, dict):
        raise ArticleError("is not a JSON object")
    return record


def _is_question(record: dict[str, object]) -> bool:
    return "question" in record and any(name in record for name in _QUESTION_FIELDS)


def _article(record: dict[str, object], default_id: str) -> Article:
    if _is_question(record):
        raise _QuestionError("is a question, not an article")
    texts = [text for name in _TEXT_FIELDS if isinstance(text := record.get(name), str)]
    if not any(text.strip() for text in texts):
        raise ArticleError('has no text (in "text" or "body")')
    body = next(text for text in texts if text.strip())
    return build_article(read_fields(record), body_blocks(tidy(body)), default_id)

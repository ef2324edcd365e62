"""JSON Lines: one article a line."""

from __future__ import annotations

import json
from collections.abc import Iterator

from assistant.articles.content import Content, Found
from assistant.articles.encoding import decode, mark_of
from assistant.articles.files import MOST_BYTES
from assistant.articles.kinds.records import Record, Row, read_records
from assistant.errors import ArticleError


def read_json_lines(content: Content) -> Iterator[Found]:
    """The articles of a JSONL file, one by one; a line that is none is quarantined by its number.

    Raises:
        ArticleError: the file holds questions, or many lines and not one article.
        OSError: it cannot be read.
    """
    return read_records(content, _rows(content), "line", ":")


def _rows(content: Content) -> Iterator[Row]:
    for number, line in _lines(content):
        try:
            yield number, _record(line)
        except ArticleError as error:
            yield number, error


def _lines(content: Content) -> Iterator[tuple[int, bytes | str | None]]:
    """Lines that are not blank with their numbers from 1; None for one that is too long."""
    if mark_of(content.head(4)) not in {None, "utf-8-sig"}:
        # The line ends of UTF-16 and UTF-32 can only be told after decoding.
        data = content.head(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise ArticleError(f"has more than {MOST_BYTES:,} bytes and is not UTF-8")
        yield from _not_blank(decode(data).split("\n"))
        return
    number, stream = 0, content.stream
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


def _record(line: bytes | str | None) -> Record:
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

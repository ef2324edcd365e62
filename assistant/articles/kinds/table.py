"""CSV and TSV: one article a row, below a row of column names."""

from __future__ import annotations

import csv
from collections.abc import Generator, Iterator
from contextlib import closing

from assistant.articles.content import Content, Found
from assistant.articles.files import MOST_BYTES
from assistant.articles.kinds.decoded import text_stream
from assistant.articles.kinds.records import TEXT_NAMES, Row, plain_name, read_records
from assistant.articles.text import one_line
from assistant.errors import ArticleError

_DELIMITERS = ",;\t|"
_LONGEST_HEADER = 100_000


def read_table(content: Content) -> Iterator[Found]:
    """The articles of a table, one by one; a row that is none is quarantined by its number.

    Raises:
        ArticleError: there is no column of texts, or not one article.
    """
    with closing(_rows(content)) as rows:
        yield from read_records(content, rows, "row", "#")


def _rows(content: Content) -> Generator[Row, None, None]:
    # The library has one limit for the whole process, too small for long articles.
    csv.field_size_limit(MOST_BYTES)
    with text_stream(content) as lines:
        reader = csv.reader(lines)
        try:
            sign = _delimiter(lines.readline(_LONGEST_HEADER))
            lines.seek(0)
            reader = csv.reader(lines, delimiter=sign)
            header: list[str] = []
            number = 0
            for row in reader:
                if not any(cell.strip() for cell in row) or row[0].casefold().startswith("sep="):
                    continue
                if not header:
                    header = [cell.strip() for cell in row]
                    _check_columns(header, content)
                    continue
                number += 1
                yield number, _record(header, row)
        except csv.Error as error:
            raise ArticleError(f"is damaged at line {reader.line_num}: {error}") from error
        except UnicodeDecodeError as error:
            raise ArticleError(f"has more than {MOST_BYTES:,} bytes and is not UTF-8") from error


def _delimiter(header: str) -> str:
    """What separates the columns: that by which the first line has most of them."""
    if header.casefold().startswith("sep=") and len(header) > 4:
        return header[4]  # as Excel is told
    return max(_DELIMITERS, key=lambda sign: len(next(csv.reader([header], delimiter=sign), [])))


def _check_columns(header: list[str], content: Content) -> None:
    listed = ", ".join(f'"{one_line(name)[:40]}"' for name in header[:20])
    column = content.mapping.columns.get("text")
    if column and column not in header:
        raise ArticleError(f'has no column "{column}"; its columns: {listed}')
    if not column and not any(plain_name(name) in TEXT_NAMES for name in header):
        raise ArticleError(
            f'has no column "text" or "body", and none is mapped; its columns: {listed}'
        )


def _record(header: list[str], row: list[str]) -> dict[str, object] | ArticleError:
    if len(row) > len(header):
        return ArticleError(f"has {len(row)} cells under {len(header)} columns")
    return dict(zip(header, row, strict=False))

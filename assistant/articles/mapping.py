"""Which column, or key of a JSON object, holds which field of an article."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.articles.fields import FIELD_NAMES
from assistant.errors import UsageError

MAPPED_FIELDS = ("text", *FIELD_NAMES)
"""The fields that a mapping may name."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """For a field the column that holds it; `a.b` is the key `b` of the object under `a`.

    Fields that it does not name are read from the names that they usually have.

    >>> ColumnMapping({"text": "Article.Body"}).applied({"Article": {"Body": "Rain."}})["text"]
    'Rain.'

    Raises:
        UsageError: there is no such field, or a column without a name.
    """

    columns: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, column in self.columns.items():
            if name not in MAPPED_FIELDS:
                raise UsageError(f'no field is called "{name}"; there are {_listed()}')
            if not column.strip():
                raise UsageError(f'no column is named for the field "{name}"')

    def applied(self, record: Mapping[str, object]) -> dict[str, object]:
        """The record with each mapped field under its own name, where its column is there.

        What the record has under that name itself is left out: it is not what was asked for. A
        record that has none of the columns is as it was, unless its text is asked for.
        """
        found = {name: _at(record, column) for name, column in self.columns.items()}
        if "text" not in found and all(value is None for value in found.values()):
            return dict(record)
        rest = {key: value for key, value in record.items() if key.casefold() not in found}
        return {**rest, **{name: value for name, value in found.items() if value is not None}}


def parse_mapping(written: str) -> ColumnMapping:
    """The mapping that a command line writes as `text=Body,title=Headline`.

    >>> dict(parse_mapping("text=Body, title=Headline").columns)
    {'text': 'Body', 'title': 'Headline'}

    Raises:
        UsageError: it is not of this form, names a field twice, or one that there is not.
    """
    columns: dict[str, str] = {}
    for pair in written.split(","):
        name, sign, column = (part.strip() for part in pair.partition("="))
        if not sign or not name:
            raise UsageError(
                f'"{pair.strip()}" is no mapping; write FIELD=COLUMN, such as text=Body,title=Head'
            )
        if name in columns:
            raise UsageError(f'the field "{name}" is mapped twice')
        columns[name] = column
    return ColumnMapping(columns)


def _at(record: Mapping[str, object], column: str) -> object:
    if column in record:
        return record[column]
    value: object = record
    for key in column.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def _listed() -> str:
    return ", ".join(MAPPED_FIELDS[:-1]) + " and " + MAPPED_FIELDS[-1]

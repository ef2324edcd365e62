"""JSON as a stream of events (ijson), and the values at a place in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import IO, Any, TypeAlias

from assistant.articles.files import MOST_BYTES
from assistant.articles.text import one_line
from assistant.errors import ArticleError

_DEEPEST = 64
_PORTION = 65_536
_LONGEST_REASON = 200

Place: TypeAlias = tuple[str | None, ...]
"""The keys that lead to a value, from outside; None stands for an item of a list."""
_STARTS = {"start_map", "start_array"}
_ENDS = {"end_map", "end_array"}


class Guard:
    """A stream that ends where it was read far without a value coming to its end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._rest = b""
        self.since = 0
        """Bytes since the last value; who takes values sets it to 0."""
        self.ended = False

    @property
    def is_exceeded(self) -> bool:
        """Whether more than 20 MB went by."""
        return self.since > MOST_BYTES + _PORTION

    def read(self, size: int = -1) -> bytes:
        """As of a stream, up to the end of an object where there is one in it.

        The parser keeps what it has read until a portion ends between two values.
        """
        if self.ended or self.is_exceeded:
            return b""
        more = self._stream.read(size)
        data, self._rest = self._rest + more, b""
        if more and (cut := data.rfind(b"}") + 1):
            data, self._rest = data[:cut], data[cut:]
        self.since += len(data)
        return data


def events(stream: Guard) -> Iterator[tuple[Place, str, Any]]:
    """Each event of the JSON with the place of the value that it begins, is, or ends.

    Raises:
        ArticleError: it is not JSON, nested too deep, or a value in it is too large.
    """
    import ijson

    # In Python: the parser in C that is the library's default crashes on numbers of absurd size.
    parser = ijson.get_backend("python")
    parsed = parser.basic_parse(stream, multiple_values=True, buf_size=_PORTION)
    try:
        yield from _placed(parsed)
    except (ijson.JSONError, ValueError) as error:
        if stream.is_exceeded:
            raise ArticleError(
                f"holds an object of more than {MOST_BYTES:,} bytes; what follows is not read"
            ) from error
        raise ArticleError(f"is not JSON: {one_line(str(error))[:_LONGEST_REASON]}") from error
    finally:
        # A parser that is left in the middle complains on its way out.
        stream.ended = True
        with suppress(ijson.JSONError, ValueError):
            for _ in parsed:
                pass


def _placed(parsed: Iterator[tuple[str, Any]]) -> Iterator[tuple[Place, str, Any]]:
    place: list[str | None] = []
    for event, value in parsed:
        if event in _ENDS:
            place.pop()
        yield tuple(place), event, float(value) if isinstance(value, Decimal) else value
        if event == "map_key":
            place[-1] = value
        elif event in _STARTS:
            place.append("" if event == "start_map" else None)
        if len(place) > _DEEPEST:
            raise ArticleError(f"is nested more than {_DEEPEST} deep")


def values_at(stream: Guard, wanted: Place) -> Iterator[object]:
    """The values at a place, one by one, whole.

    Raises:
        ArticleError: it is not JSON, nested too deep, or one of them is too large.
    """
    from ijson.common import ObjectBuilder

    builder: Any = None
    for place, event, value in events(stream):
        if builder is None:
            stream.since = 0
            if place != wanted or event in _ENDS or event == "map_key":
                continue
            builder = ObjectBuilder()
        builder.event(event, value)
        if place == wanted and event not in _STARTS:
            yield builder.value
            builder = None

"""JSON as a stream of events (ijson), and the values at a place in it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import IO, Any, TypeAlias

from assistant.articles.files import MOST_BYTES
from assistant.errors import ArticleError

_DEEPEST = 64
_PORTION = 65_536

Place: TypeAlias = tuple[str | None, ...]
"""The keys that lead to a value, from outside; None stands for an item of a list."""
_STARTS = {"start_map", "start_array"}
_ENDS = {"end_map", "end_array"}


class Guard:
    """A stream that refuses to be read far without a value coming to its end."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.since = 0
        """Bytes since the last value; who takes values sets it to 0."""

    def read(self, size: int = -1) -> bytes:
        """As of a stream.

        Raises:
            ArticleError: more than 20 MB went by.
        """
        data = self._stream.read(size)
        self.since += len(data)
        if self.since > MOST_BYTES + _PORTION:
            raise ArticleError(
                f"holds an object of more than {MOST_BYTES:,} bytes; what follows is not read"
            )
        return data


def events(stream: Guard) -> Iterator[tuple[Place, str, Any]]:
    """Each event of the JSON with the place of the value that it begins, is, or ends.

    Raises:
        ArticleError: it is not JSON, or nested too deep.
    """
    import ijson

    place: list[str | None] = []
    try:
        for event, value in ijson.basic_parse(stream, multiple_values=True, buf_size=_PORTION):
            if event in _ENDS:
                place.pop()
            yield tuple(place), event, float(value) if isinstance(value, Decimal) else value
            if event == "map_key":
                place[-1] = value
            elif event in _STARTS:
                place.append("" if event == "start_map" else None)
            if len(place) > _DEEPEST:
                raise ArticleError(f"is nested more than {_DEEPEST} deep")
    except ijson.JSONError as error:
        said = error.args[0] if error.args else ""
        said = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        raise ArticleError(f"is not JSON: {said.partition(chr(10))[0].strip(' .')}") from error
    except (SystemError, ValueError, OverflowError) as error:
        # The parser fails so on a number of more digits than Python reads.
        raise ArticleError("is not JSON: a number of absurd size") from error


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

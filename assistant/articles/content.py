"""What is read as articles: a file, a member of an archive, an attachment of a mail."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import IO, TypeAlias

from assistant.articles.files import MOST_BYTES, ending_of, stem_of
from assistant.articles.mapping import ColumnMapping
from assistant.errors import ArticleError
from assistant.types import Article, Quarantined

MOST_MEMBERS = 100_000
"""Files in one archive, those in its archives included."""
MOST_UNPACKED_BYTES = 4_000_000_000
"""Of all that is unpacked from one file."""
_IN_MEMORY = 4_000_000
_PORTION = 1 << 20


class AllowanceError(ArticleError):
    """More would be unpacked than may be."""


@dataclass(slots=True)
class Allowance:
    """What may still be unpacked from one file, archives within archives included."""

    members: int = MOST_MEMBERS
    unpacked: int = MOST_UNPACKED_BYTES

    def take_member(self) -> None:
        """Count a member.

        Raises:
            AllowanceError: there are too many.
        """
        self.members -= 1
        if self.members < 0:
            raise AllowanceError(
                f"holds more than {MOST_MEMBERS:,} files; what follows is not read"
            )

    def take_bytes(self, size: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            AllowanceError: they are too many.
        """
        self.unpacked -= size
        if self.unpacked < 0:
            raise AllowanceError(
                f"unpacks to more than {MOST_UNPACKED_BYTES:,} bytes; what follows is not read"
            )


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes to read as articles, and what is known of where they lie.

    `name` is shown in reports, `stem` the id of an article without one, `ending` in lower case
    with its dot. `stream` can be sought in; whoever made the content closes it. `depth` counts
    the archives and mails around it.
    """

    name: str
    stem: str
    ending: str
    stream: IO[bytes]
    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    allowance: Allowance = field(default_factory=Allowance)
    depth: int = 0

    @property
    def size(self) -> int:
        """Bytes in all."""
        size = self.stream.seek(0, io.SEEK_END)
        self.stream.seek(0)
        return size

    def head(self, size: int) -> bytes:
        """The first bytes."""
        self.stream.seek(0)
        data = self.stream.read(size)
        self.stream.seek(0)
        return data

    def read(self, most: int = MOST_BYTES) -> bytes:
        """All of it.

        Raises:
            ArticleError: it has more than `most` bytes.
        """
        data = self.head(most + 1)
        if len(data) > most:
            raise ArticleError(f"has more than the {most:,} bytes that are read")
        return data

    def inner(self, path: str, stream: IO[bytes]) -> Content:
        """What lies in this one below `path`, a relative path without `..`."""
        return replace(
            self,
            name=f"{self.name}/{path}",
            stem=f"{self.stem}{self.ending}/{stem_of(path)}",
            ending=ending_of(path),
            stream=stream,
            depth=self.depth + 1,
        )


Item: TypeAlias = Article | Quarantined
Found: TypeAlias = Article | Quarantined | Content
"""What a reader finds: articles, reasons why there is none, and what another reader is to read."""
Reader: TypeAlias = Callable[[Content], Iterator[Found]]


@contextmanager
def unpacked(stream: IO[bytes], most: int, allowance: Allowance) -> Iterator[IO[bytes]]:
    """A stream that cannot be sought in, copied to where it can: memory, or a temporary file.

    Raises:
        ArticleError: it has more than `most` bytes.
        AllowanceError: more than may be unpacked.
    """
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        size = 0
        while portion := stream.read(_PORTION):
            size += len(portion)
            if size > most:
                raise ArticleError(f"has more than the {most:,} bytes that are read")
            allowance.take_bytes(len(portion))
            copy.write(portion)
        copy.seek(0)
        yield copy

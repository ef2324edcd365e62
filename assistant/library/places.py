"""Where the stores of a library are: in its folder, or on engines that it is told of."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

from assistant.errors import IndexNotFoundError, UsageError
from assistant.library.catalogue import Catalogue
from assistant.library.databases import Lock, Locks, in_file
from assistant.library.embeddings import EmbeddingCache
from assistant.library.postgres import Server
from assistant.library.vectors import Vectors
from assistant.library.words import Words
from assistant.settings import Settings

CATALOGUE, EMBEDDINGS = "catalogue.sqlite", "embeddings.sqlite"
LOCK = "write.lock"
_BUILD = re.compile(r"(words|vectors)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines that hold a library's stores, where its folder does not.

    `catalogue` is the address of a PostgreSQL database, `chroma` of a Chroma server; empty: the
    folder holds it. Of all that is there, a library has what is under its `name`.
    """

    catalogue: str = field(default="", repr=False)  # it may hold a password
    chroma: str = ""
    name: str = ""


def engines_of(settings: Settings, folder: Path) -> Engines:
    """The engines that the settings name, for the library of a folder."""
    address = settings.catalogue_url
    return Engines(
        catalogue=address.get_secret_value() if address else "",
        chroma=settings.chroma_url or "",
        name=settings.index_name or folder.resolve().name,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A library's folder and its engines: what makes each of its stores."""

    folder: Path
    engines: Engines = Engines()

    @property
    def root(self) -> Path:
        """The folder, whatever the working directory becomes."""
        return self.folder.resolve()

    def catalogue(self) -> Catalogue:
        """The catalogue, opened.

        Raises:
            UsageError: the address of its server cannot be used.
        """
        server = self.server()
        return Catalogue(server.database() if server else in_file(self.root / CATALOGUE))

    def server(self) -> Server | None:
        """The PostgreSQL that holds the catalogue; None: the folder does."""
        return Server(self.engines.catalogue, self.engines.name) if self.engines.catalogue else None

    def words(self, build: int) -> Words:
        """The words of a build."""
        return Words(self.root / _name("words", build))

    def vectors(self, build: int) -> Vectors:
        """The vectors of a build: one for all who use it in this process; each closes it."""
        return Vectors.shared(self.root / _name("vectors", build))

    def drop_words(self, build: int) -> None:
        """Delete the words of a build."""
        shutil.rmtree(self.root / _name("words", build), ignore_errors=True)

    def cache(self, weights_digest: str) -> EmbeddingCache:
        """The embeddings that were made with these weights."""
        return EmbeddingCache(self.root / EMBEDDINGS, weights_digest)

    def lock(self) -> Lock:
        """The lock of the one writer: the folder's, and that of a catalogue that others share."""
        server = self.server()
        return Locks(self.own_lock(), server.lock()) if server else self.own_lock()

    def own_lock(self) -> FileLock:
        """The folder's part of it: words, and vectors that lie there, have one writer at a time."""
        return FileLock(self.root / LOCK)

    def was_used(self) -> bool:
        """Whether there was a library here, though its catalogue may be gone."""
        return (self.folder / LOCK).exists()

    def builds(self) -> list[tuple[str, int]]:
        """The builds that something is left of: ("words" or "vectors", its number)."""
        named = [_BUILD.fullmatch(found.name) for found in self.root.iterdir()]
        return [(match[1], int(match[2] or 0)) for match in named if match]

    def is_library(self) -> bool:
        """Whether there is a library; what a creation that was cut short left is none.

        Raises:
            IndexDamagedError: its catalogue cannot be read.
            UsageError: the folder's name cannot be used, or it holds an index of its own beside
                that on a server.
        """
        try:
            str(self.folder).encode()
        except UnicodeEncodeError as error:
            raise UsageError("the index folder's name is not UTF-8: choose another") from error
        in_folder = (self.folder / CATALOGUE).is_file()
        if in_folder and self.engines.catalogue:
            raise UsageError(
                f"{self.folder} holds an index whose catalogue is in it: name another folder with "
                "--index for the one on DATELINE_CATALOGUE_URL, or unset that"
            )
        if not in_folder and not self.engines.catalogue:
            return False
        catalogue = self.catalogue()
        try:
            return catalogue.complete()
        finally:
            catalogue.close()

    def need_library(self) -> None:
        """Raise where there is none.

        Raises:
            IndexNotFoundError: there is none.
        """
        if not self.is_library():
            raise IndexNotFoundError(
                f"no index in {self.folder}; make one with: assistant index PATH... "
                f"--index {self.folder}"
            )


def _name(kind: str, build: int) -> str:
    return f"{kind}-{build}" if build else kind

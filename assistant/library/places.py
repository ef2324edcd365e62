"""Where the stores of a library are: in its folder, or on engines that it is told of."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from filelock import FileLock

from assistant.errors import IndexMismatchError, IndexNotFoundError, UsageError
from assistant.library.catalogue import Catalogue
from assistant.library.damage import rebuild_command
from assistant.library.embeddings import EmbeddingCache, embeddings_of
from assistant.library.engines.chroma_server import ChromaServer, ServerAddress, server_at
from assistant.library.engines.databases import Lock, Locks, in_file
from assistant.library.engines.postgres import Server
from assistant.library.engines.vectors import Vectors
from assistant.library.engines.vectors_folder import FolderVectors
from assistant.library.engines.vectors_server import ServerVectors, builds_at, new_prefix
from assistant.library.words import Words
from assistant.models import EmbedderInfo
from assistant.settings import Settings

CATALOGUE = "catalogue.sqlite"
LOCK = "write.lock"
FOLLOWS = "follows.json"  # beside a catalogue on a server (see `sharing`)
VECTORS_AT, PREFIX = "vectors_at", "collections"  # keys of the manifest, where a server has them
Store = tuple[str, int]
"""One store of a build: "words" or "vectors" in the folder, or "collection", with its number."""
_BUILD = re.compile(r"(words|vectors)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Engines:
    """The engines that hold a library's stores, where its folder does not.

    `catalogue` is the address of a PostgreSQL database, `chroma` of a Chroma server; empty: the
    folder holds it. Of all that is there, a library has what is under its `name`.
    """

    catalogue: str = field(default="", repr=False)  # it may hold a password
    chroma: str = field(default="", repr=False)
    name: str = ""
    chroma_token: str = field(default="", repr=False)
    chroma_tenant: str = "default_tenant"
    chroma_database: str = "default_database"
    chroma_timeout: float = 30.0

    def chroma_server(self) -> ChromaServer | None:
        """The Chroma server, without asking it anything; None where there is none.

        Raises:
            UsageError: its address is none.
        """
        if not self.chroma:
            return None
        address = ServerAddress(
            self.chroma,
            self.chroma_token,
            self.chroma_tenant,
            self.chroma_database,
            self.chroma_timeout,
        )
        return server_at(address)


def engines_of(settings: Settings, folder: Path) -> Engines:
    """The engines that the settings name, for the library of a folder."""
    address = settings.catalogue_url
    return Engines(
        catalogue=address.get_secret_value() if address else "",
        chroma=settings.chroma_url or "",
        name=settings.index_name or folder.resolve().name,
        chroma_token=settings.chroma_token.get_secret_value() if settings.chroma_token else "",
        chroma_tenant=settings.chroma_tenant,
        chroma_database=settings.chroma_database,
        chroma_timeout=settings.chroma_timeout,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A library's folder and its engines: what makes each of its stores.

    `prefix` begins the names of its collections on a Chroma server.
    """

    folder: Path
    engines: Engines = Engines()
    prefix: str = ""

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
        server = self.engines.chroma_server()
        if server is None:
            return FolderVectors.shared(self.root / _name("vectors", build))
        return ServerVectors(server, self.prefix, build, self.folder)

    def of(self, meta: Mapping[str, str]) -> Place:
        """The place of the library that has this manifest.

        Raises:
            IndexMismatchError: its vectors are elsewhere.
            UsageError: the address of the Chroma server is none.
        """
        found, here = meta.get(VECTORS_AT, ""), self._vectors_at()
        if found != here:
            named = f"is {here}" if here else "is not set"
            do = f"set DATELINE_CHROMA_URL to that (it {named})"
            raise IndexMismatchError(
                f"the vectors of the index in {self.folder} are {_whereabouts(found)}; "
                f"{do if found else 'unset DATELINE_CHROMA_URL'}, or move them to "
                f"{here or 'the folder'} with: {rebuild_command(self.folder)}"
            )
        return self.named(meta)

    def named(self, meta: Mapping[str, str]) -> Place:
        """The same with a name for the collections: that in the manifest, or a new one."""
        if not self.engines.chroma:
            return self
        return replace(self, prefix=meta.get(PREFIX) or new_prefix(self.engines.name))

    def noted(self) -> dict[str, str]:
        """What the manifest is to say of where the vectors are."""
        if not self.engines.chroma:
            return {VECTORS_AT: ""}
        return {VECTORS_AT: self._vectors_at(), PREFIX: self.prefix}

    def _vectors_at(self) -> str:
        server = self.engines.chroma_server()
        return server.where if server else ""

    def cache(self, embedder: EmbedderInfo) -> EmbeddingCache:
        """The embeddings that were made with these weights."""
        return embeddings_of(self.root, embedder)

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

    def builds(self) -> list[Store]:
        """The stores of all builds that there is something of.

        Raises:
            EngineError: the Chroma server cannot be used.
        """
        named = [_BUILD.fullmatch(found.name) for found in self.root.iterdir()]
        stores = [(match[1], int(match[2] or 0)) for match in named if match]
        server = self.engines.chroma_server()
        if server is not None and self.prefix:
            stores += [("collection", build) for build in builds_at(server, self.prefix)]
        return stores

    def stores(self, meta: Mapping[str, str], build: int) -> tuple[Store, Store]:
        """The stores of the current build of the library that has this manifest."""
        found = meta.get(VECTORS_AT, "")
        if not found:
            return ("words", build), ("vectors", build)
        here = found == self._vectors_at()  # a rebuild may be moving them
        return ("words", build), ("collection" if here else "elsewhere", build)

    def drop(self, store: str, build: int) -> None:
        """Delete one store of a build, for who holds the writer's lock."""
        if store == "words":
            shutil.rmtree(self.root / _name("words", build), ignore_errors=True)
            return
        folder = self.root / _name("vectors", build)
        vectors = self.vectors(build) if store == "collection" else FolderVectors.shared(folder)
        vectors.clear()  # lets go of it in this process, and waits for those who are loading it
        vectors.close()

    def is_library(self) -> bool:
        """Whether there is a library; what a creation that was cut short left is none.

        Raises:
            IndexDamagedError: its catalogue cannot be read.
            UsageError: the folder's name cannot be used, it holds an index of its own beside
                that on a server, or its catalogue is on one that is not named.
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
            if (self.folder / FOLLOWS).is_file():
                raise UsageError(
                    f"the catalogue of the index in {self.folder} is on a server: set "
                    "DATELINE_CATALOGUE_URL to its address, or name another folder with --index"
                )
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
            if (self.folder / FOLLOWS).is_file():
                raise IndexNotFoundError(
                    f"{self.server()} holds no index, and the folder {self.folder} had its "
                    "catalogue on a server: correct DATELINE_CATALOGUE_URL, or set "
                    "DATELINE_INDEX_NAME to the name that it was made under"
                )
            raise IndexNotFoundError(
                f"no index in {self.folder}; make one with: assistant index PATH... "
                f"--index {self.folder}"
            )


def _whereabouts(server: str) -> str:
    return f"on {server}" if server else "in that folder"


def _name(kind: str, build: int) -> str:
    return f"{kind}-{build}" if build else kind

"""Where the libraries of a test lie: the combinations that one suite runs against."""

from __future__ import annotations

import os
import uuid
from dataclasses import dataclass, field
from pathlib import Path

from assistant.library import Engines, Library
from assistant.models import EmbedderInfo

COMBINATIONS: dict[str, tuple[str, ...]] = {
    "folder": (),
    "postgres": ("catalogue",),
    "chroma": ("chroma",),
    "postgres+chroma": ("catalogue", "chroma"),
}
"""Name -> which of the engines it has; of each, the fixture `<engine>_url` gives the address."""


@dataclass(frozen=True)
class Stores:
    """The engines of one combination, and libraries on them, each under a name of its own."""

    catalogue: str = ""
    chroma: str = ""
    _run: str = field(default_factory=lambda: uuid.uuid4().hex[:12])

    def engines(self, folder: Path) -> Engines:
        """Those of the library of a folder."""
        return Engines(self.catalogue, self.chroma, f"{self._run}_{folder.name}")

    def create(self, folder: Path, embedder: EmbedderInfo) -> Library:
        """The library of a folder, made where there is none."""
        return Library.create(folder, embedder, self.engines(folder))

    def open(self, folder: Path, embedder: EmbedderInfo) -> Library:
        """The library of a folder."""
        return Library.open(folder, embedder, self.engines(folder))

    def settings(self, folder: Path) -> dict[str, str]:
        """What a process has to have in its environment for the library of a folder."""
        named = {
            "DATELINE_CATALOGUE_URL": self.catalogue,
            "DATELINE_CHROMA_URL": self.chroma,
            "DATELINE_INDEX_NAME": self.engines(folder).name,
        }
        return {key: value for key, value in named.items() if value}

    def environment(self, folder: Path) -> dict[str, str]:
        """The whole environment of such a process."""
        return os.environ | self.settings(folder)

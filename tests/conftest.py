"""What the tests of the library share: the built-in embedder, loaded once, and folders of news."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from assistant.indexing import index_paths
from assistant.library import Embed, Library
from assistant.models import EmbedderInfo, embedder_info
from assistant.models.minilm import MiniLMEmbedding
from assistant.pipeline import Assistant
from assistant.settings import Settings
from assistant.types import IndexReport
from tests import postgres
from tests.chroma_server import ChromaServer
from tests.newsroom import DAM, MARKET, ROAD, Index, write_article

# How long an example takes says nothing on a busy machine.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the long forms out unless they are asked for."""
    if "slow" in config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    items[:] = [item for item in items if item not in slow]
    config.hook.pytest_deselected(items=slow)


@pytest.fixture(scope="session")
def embedder() -> MiniLMEmbedding:
    """The built-in embedder; its files are read once a session."""
    return MiniLMEmbedding(threads=1)


@pytest.fixture(scope="session")
def embed(embedder: MiniLMEmbedding) -> Embed:
    """The embedder as indexing calls it."""
    return embedder.embed


@pytest.fixture(scope="session")
def minilm() -> EmbedderInfo:
    return embedder_info(Settings())


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL server, one for each process of the tests."""
    programs = postgres.programs()
    if programs is None:
        if os.environ.get("TESTS_NEED_POSTGRES"):
            pytest.fail("PostgreSQL is not installed: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed")
    cluster = postgres.Cluster(programs)
    yield cluster
    cluster.remove()


@pytest.fixture(scope="session")
def chroma_server() -> Iterator[ChromaServer]:
    """A Chroma server, one for each process of the tests; nobody is to stop it."""
    server = ChromaServer()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def chroma_url(chroma_server: ChromaServer) -> str:
    """The address of that server."""
    return chroma_server.url


@pytest.fixture(scope="session")
def catalogue_url(cluster: postgres.Cluster) -> str:
    """The address of a database for catalogues."""
    return cluster.url


@pytest.fixture
def library(tmp_path: Path, minilm: EmbedderInfo) -> Iterator[Library]:
    """An empty library in `tmp_path / "index"`."""
    library = Library.create(tmp_path / "index", minilm)
    yield library
    library.close()


@pytest.fixture
def index(library: Library, embed: Embed) -> Index:
    """Indexes paths into the library with the real embedder."""

    def run(*paths: Path) -> IndexReport:
        return index_paths(library, embed, paths)

    return run


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder with three articles."""
    folder = tmp_path / "news"
    write_article(folder, "dam.md", DAM, id="dam", source="Tarn Post", date="2017-06-20")
    write_article(folder, "east/road.md", ROAD, title="Road held", source="Resafa Herald")
    write_article(folder, "market.txt", MARKET)
    return folder


@pytest.fixture
def open_assistant(
    embedder: MiniLMEmbedding, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Path | None], Assistant]]:
    """Opens assistants that share the embedder, and closes them."""
    monkeypatch.setattr("assistant.pipeline.models.load_embedder", lambda settings: embedder)
    opened: list[Assistant] = []

    def open_one(index: Path | None) -> Assistant:
        opened.append(Assistant.open(index, create=index is not None))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()

"""Vectors on a Chroma server: where they are, what happens when it is away or loses some."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from numpy.typing import NDArray

from assistant.doctor import examine
from assistant.errors import (
    DatelineError,
    EngineError,
    IndexDamagedError,
    IndexMismatchError,
    UsageError,
)
from assistant.indexing import index_paths
from assistant.library import Engines, Library, back_up, rebuild, rebuilding, restore, writer
from assistant.library.engines.chroma_server import ServerAddress, server_at
from assistant.library.engines.vectors import HNSW
from assistant.library.engines.vectors_server import new_prefix
from assistant.models import EmbedderInfo
from assistant.models.minilm import MiniLMEmbedding
from assistant.pipeline import Assistant
from assistant.settings import Settings, load_settings
from assistant.types import Filters
from tests.chroma_server import ChromaServer, Front
from tests.newsroom import (
    DAM,
    MARKET,
    ROAD,
    assert_in_step,
    hash_embed,
    vector_ids,
    write_article,
    write_lines,
)

TOKEN = "s3cret-t0ken"
QUESTION = "Who holds the road to Resafa?"
HELD = "The northern brigade holds the road to Resafa."


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    write_article(folder, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    write_article(folder, "road.md", ROAD, source="Tarn Post", date="2017-06-21")
    write_article(folder, "market.md", MARKET)
    return folder


@pytest.fixture
def long_wire(tmp_path: Path) -> Path:
    """Sixty short articles."""
    lines = ({"id": f"w{n}", "text": f"{DAM} Report {n}."} for n in range(60))
    return write_lines(tmp_path / "wire.jsonl", *lines)


@pytest.fixture
def front(chroma_server: ChromaServer) -> Iterator[Front]:
    front = Front(chroma_server, TOKEN)
    yield front
    front.remove()


@pytest.fixture(scope="module")
def own_server() -> Iterator[ChromaServer]:
    """One that may be killed; each test leaves it running."""
    server = ChromaServer()
    yield server
    server.remove()


Make = Callable[..., Library]


@pytest.fixture
def make(tmp_path: Path, minilm: EmbedderInfo) -> Iterator[Make]:
    """Makes or opens the library of a folder below `tmp_path`, on engines; closes it."""
    made: list[Library] = []

    def one(engines: Engines, folder: str = "index") -> Library:
        made.append(Library.create(tmp_path / folder, minilm, engines))
        return made[-1]

    yield one
    for library in made:
        library.close()


def counted(calls: list[int], texts: list[str]) -> NDArray[Any]:
    """The vectors of `hash_embed`; notes how many were asked for."""
    calls.append(len(texts))
    return hash_embed(texts)


def search(library: Library) -> list[str]:
    """What a search by meaning finds."""
    vector = hash_embed(["anything"])[0].tolist()
    return [i for i, _ in library.search_vectors(vector, 5, Filters())]


def collections(engines: Engines) -> list[str]:
    """The collections of libraries of that name."""
    server = engines.chroma_server()
    assert server is not None
    return sorted(n for n in server.collections() if n.startswith(f"{engines.name}-"))


class TestWhereTheyAre:
    def test_nothing_of_them_is_in_the_folder(
        self, make: Make, chroma_url: str, news: Path, tmp_path: Path, embedder: MiniLMEmbedding
    ) -> None:
        from llama_index.core import VectorStoreIndex

        library = make(Engines(chroma=chroma_url, name="whole"))
        index_paths(library, embedder.embed, [news])
        assert_in_step(library)
        names = {path.name for path in (tmp_path / "index").iterdir()}
        assert not [name for name in names if name.startswith("vectors")]
        index = VectorStoreIndex.from_vector_store(library.vectors.store, embed_model=embedder)
        (best, *_) = index.as_retriever(similarity_top_k=3).retrieve(QUESTION)
        assert HELD in best.get_content()

    def test_each_build_has_its_own_and_the_old_one_goes(
        self, make: Make, chroma_url: str, news: Path, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        engines = Engines(chroma=chroma_url, name="builds")
        library, other = make(engines), make(engines, "elsewhere/index")
        index_paths(library, hash_embed, [news])
        index_paths(other, hash_embed, [news])
        theirs = f"{other.catalogue.meta()['collections']}-0"
        ours = library.catalogue.meta()["collections"]
        assert collections(engines) == sorted([theirs, f"{ours}-0"])
        rebuild(tmp_path / "index", minilm, hash_embed, engines=engines)
        assert collections(engines) == sorted([theirs, f"{ours}-1"])
        library.refresh()
        for one in (library, other):
            assert_in_step(one)

    def test_a_rebuild_that_is_stopped_leaves_none(
        self,
        make: Make,
        chroma_url: str,
        news: Path,
        tmp_path: Path,
        minilm: EmbedderInfo,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        engines = Engines(chroma=chroma_url, name="stopped")
        library = make(engines)
        index_paths(library, hash_embed, [news])
        before = collections(engines)
        monkeypatch.setattr(rebuilding, "VECTORS_BATCH", 1)
        asked = iter([False, False, True])
        stopped = rebuild(
            tmp_path / "index", minilm, hash_embed, stop=lambda: next(asked), engines=engines
        )
        assert stopped.stopped
        assert collections(engines) == before
        assert_in_step(library)

    def test_moved_to_a_server_and_back(
        self, make: Make, chroma_url: str, news: Path, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        folder, server = tmp_path / "index", Engines(chroma=chroma_url, name="moved")
        index_paths(make(Engines()), hash_embed, [news])
        with pytest.raises(IndexMismatchError) as caught:
            Library.open(folder, minilm, server)
        assert f"move them to {chroma_url} with: assistant index --rebuild" in str(caught.value)
        rebuild(folder, minilm, hash_embed, engines=server)
        library = make(server)
        assert_in_step(library)
        assert not list(folder.glob("vectors*/"))
        (there,) = collections(server)
        with pytest.raises(IndexMismatchError) as caught:
            Library.open(folder, minilm)
        assert f"are on {chroma_url}; set DATELINE_CHROMA_URL to that" in str(caught.value)
        rebuild(folder, minilm, hash_embed)
        assert_in_step(make(Engines()))
        assert collections(server) == [there], "of a server that is not named nothing goes"
        with pytest.raises(IndexMismatchError):
            library.refresh()
        rebuild(folder, minilm, hash_embed, engines=server)
        assert_in_step(make(server))
        assert len(collections(server)) == 1
        assert collections(server) != [there]

    def test_a_restored_backup_leaves_the_original_alone(
        self, make: Make, chroma_url: str, news: Path, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        engines = Engines(chroma=chroma_url, name="backup")
        library = make(engines)
        index_paths(library, hash_embed, [news])
        before = collections(engines)
        back_up(tmp_path / "index", tmp_path / "backup.tar.gz")
        restore(tmp_path / "backup.tar.gz", tmp_path / "restored")
        rebuild(tmp_path / "restored", minilm, hash_embed, engines=engines)
        assert_in_step(make(engines, "restored"))
        assert set(before) < set(collections(engines))
        assert_in_step(library)

    def test_two_folders_share_a_catalogue_and_a_collection(
        self, make: Make, chroma_url: str, catalogue_url: str, news: Path
    ) -> None:
        engines = Engines(catalogue_url, chroma_url, "shared_by_two")
        home, other = make(engines, "one"), make(engines, "two")
        index_paths(home, hash_embed, [news])
        other.mend(hash_embed)
        assert len(search(other)) == 3
        assert len(collections(engines)) == 1
        home.vectors.clear()
        other.vectors.reopen()
        other.mend(hash_embed)  # not its own writing, but it sees that all is gone
        assert other.pending() == 3, "only what it has embedded itself is made at a question"
        index_paths(other, hash_embed, [news])
        for library in (other, home):
            library.refresh()
            library.mend(hash_embed)
            assert_in_step(library)

    def test_what_another_process_writes_is_seen_at_once(
        self, make: Make, chroma_url: str, news: Path
    ) -> None:
        engines = Engines(chroma=chroma_url, name="both")
        reader, other = make(engines), make(engines)
        assert search(reader) == []
        index_paths(other, hash_embed, [news])
        reader.refresh()
        assert len(search(reader)) == 3
        other.vectors.clear()  # and made anew under the same name
        other.mend(hash_embed)
        reader.refresh()
        assert len(search(reader)) == 3

    @pytest.mark.parametrize(
        ("name", "begins"),
        [
            ("default", "default-"),
            ("Nachrichten für März 2017", "Nachrichten-f-r-M-rz-2017-"),
            ("../..", "index-"),
            ("x" * 2000, "xxx"),
        ],
    )
    def test_names(self, chroma_url: str, name: str, begins: str) -> None:
        client = server_at(ServerAddress(chroma_url)).client
        first, second = new_prefix(name), new_prefix(name)
        assert first.startswith(begins)
        assert first != second
        client.create_collection(f"{first}-0", embedding_function=None)  # Chroma takes it
        client.delete_collection(f"{first}-0")


class TestAddress:
    @pytest.mark.parametrize(
        ("url", "bare"),
        [
            ("http://Host", "http://host:80"),
            ("https://host/", "https://host:443"),
            (" http://[::1]:8000 ", "http://[::1]:8000"),
            ("http://host:8000/behind/", "http://host:8000/behind"),
        ],
    )
    def test_as_it_is_shown(self, url: str, bare: str) -> None:
        assert ServerAddress(url).where() == bare

    def test_with_a_database_of_its_own(self) -> None:
        where = ServerAddress("http://host:1", tenant="t", database="d").where()
        assert where == "http://host:1 (tenant t, database d)"

    @pytest.mark.parametrize(
        "url", ["host:8000", "ftp://host", "http://", "http://u:pa55@host", "http://host?t=pa55"]
    )
    def test_refused(self, url: str, tmp_path: Path, minilm: EmbedderInfo) -> None:
        with pytest.raises(UsageError, match="DATELINE_CHROMA_URL") as caught:
            Library.create(tmp_path / "index", minilm, Engines(chroma=url))
        assert "pa55" not in str(caught.value)

    def test_of_the_settings(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATELINE_CHROMA_URL", "http://host:1")
        monkeypatch.setenv("DATELINE_CHROMA_TOKEN", TOKEN)
        monkeypatch.setenv("DATELINE_CHROMA_TENANT", "t")
        monkeypatch.setenv("DATELINE_CHROMA_DATABASE", "d")
        from assistant.library import engines_of

        settings = load_settings()
        engines = engines_of(settings, tmp_path)
        server = engines.chroma_server()
        assert server is not None
        assert server.where == "http://host:1 (tenant t, database d)"
        address = ServerAddress("http://host:1", TOKEN)
        assert address.headers()["X-Chroma-Token"] == TOKEN
        for shown in (settings, engines, address):
            assert TOKEN not in repr(shown)


class TestToken:
    def test_it_is_sent_and_shown_nowhere(
        self, make: Make, front: Front, news: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        engines = Engines(chroma=front.url, name="token", chroma_token=TOKEN)
        index_paths(make(engines), hash_embed, [news])
        assert {seen["Authorization"] for seen in front.seen} == {f"Bearer {TOKEN}"}
        assert TOKEN not in caplog.text
        # Not even where the server repeats it.
        front.act = lambda path: (500, TOKEN.encode()) if "query" in path else None
        with pytest.raises(EngineError, match="refused a request") as caught:
            search(make(engines))
        assert TOKEN not in str(caught.value)

    @pytest.mark.parametrize(
        ("token", "do"),
        [
            ("", "it wants a token: set DATELINE_CHROMA_TOKEN"),
            ("wrong", "correct DATELINE_CHROMA_TOKEN"),
            ("two\nlines", "DATELINE_CHROMA_TOKEN holds what a token cannot"),
        ],
    )
    def test_refused(self, make: Make, front: Front, news: Path, token: str, do: str) -> None:
        library = make(Engines(chroma=front.url, name="token", chroma_token=token))
        with pytest.raises(DatelineError, match=do) as caught:
            index_paths(library, hash_embed, [news])
        assert len(str(caught.value).splitlines()) == 1
        assert not token or token not in str(caught.value)

    def test_that_is_refused_later(self, make: Make, front: Front, news: Path) -> None:
        library = make(Engines(chroma=front.url, name="token", chroma_token=TOKEN))
        index_paths(library, hash_embed, [news])
        front.act = lambda path: (401, b'{"error": "AuthError", "message": "Forbidden"}')
        with pytest.raises(EngineError, match="correct DATELINE_CHROMA_TOKEN"):
            search(library)


class TestAway:
    @pytest.mark.parametrize(
        ("status", "body"), [(200, b"<html>welcome</html>"), (200, b"[]"), (404, b""), (302, b"")]
    )
    def test_no_chroma_server(
        self, make: Make, front: Front, news: Path, status: int, body: bytes
    ) -> None:
        front.act = lambda path: (status, body)
        library = make(Engines(chroma=front.url, chroma_token=TOKEN))
        with pytest.raises(EngineError, match="is no Chroma server of version 1"):
            index_paths(library, hash_embed, [news])

    @pytest.mark.parametrize("what", ["tenant", "database"])
    def test_no_such_place(self, make: Make, chroma_url: str, news: Path, what: str) -> None:
        engines = replace(Engines(chroma=chroma_url), **{f"chroma_{what}": "nowhere"})
        with pytest.raises(EngineError, match=r"make it there, or correct DATELINE_CHROMA_TENANT"):
            index_paths(make(engines), hash_embed, [news])

    @pytest.mark.parametrize(("status", "body"), [(413, b"too large"), (502, b"<html>\n</html>")])
    def test_a_proxy_that_refuses(
        self, make: Make, front: Front, news: Path, status: int, body: bytes
    ) -> None:
        front.act = lambda path: (status, body) if path.endswith("/add") else None
        library = make(Engines(chroma=front.url, name="proxy", chroma_token=TOKEN))
        with pytest.raises(EngineError, match="refused a request") as caught:
            index_paths(library, hash_embed, [news])
        assert len(str(caught.value).splitlines()) == 1
        front.act = lambda path: None
        index_paths(library, hash_embed, [news])
        assert_in_step(library)

    def test_a_connection_that_breaks_off_while_indexing(
        self,
        make: Make,
        front: Front,
        long_wire: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(writer, "VECTORS_BATCH", 10)
        library = make(Engines(chroma=front.url, name="broken", chroma_token=TOKEN))
        added: list[str] = []

        def act(path: str) -> None:
            if path.endswith("/add"):
                added.append(path)
                if len(added) == 4:
                    raise ConnectionError

        front.act = act
        with pytest.raises(EngineError, match=r"cannot be reached .* try again"):
            index_paths(library, hash_embed, [long_wire])
        assert library.pending() == 30
        front.act = lambda path: None
        calls: list[int] = []
        index_paths(library, partial(counted, calls), [long_wire])
        assert sum(calls) == 20, "ten were embedded, and none is embedded twice"
        assert_in_step(library)

    def test_a_server_that_hangs(self, make: Make, own_server: ChromaServer, news: Path) -> None:
        library = make(Engines(chroma=own_server.url, name="hangs", chroma_timeout=3))
        index_paths(library, hash_embed, [news])
        own_server.pause()
        try:
            with pytest.raises(EngineError, match=r"did not answer within 3 s"):
                search(library)
        finally:
            own_server.resume()
        assert len(search(library)) == 3

    def test_a_chat_goes_on_when_it_is_back(
        self,
        own_server: ChromaServer,
        news: Path,
        tmp_path: Path,
        embedder: MiniLMEmbedding,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("assistant.pipeline.models.load_embedder", lambda settings: embedder)
        settings = Settings(chroma_url=own_server.url, index_name="chat", reader=False)
        with Assistant.open(tmp_path / "index", create=True, settings=settings) as chat:
            chat.index([news])
            assert HELD in chat.ask(QUESTION).text
            own_server.kill()
            for _ in range(2):
                with pytest.raises(EngineError, match="start it, or correct DATELINE_CHROMA_URL"):
                    chat.ask(QUESTION)
            with pytest.raises(EngineError, match="cannot be reached"):
                chat.index([news])
            assert "Wheat" in chat.article("market").text, "the catalogue does not need it"
            own_server.start()
            assert HELD in chat.ask(QUESTION).text
            assert len(chat.index([news]).unchanged) == 3


class TestLost:
    def test_some_passages_are_made_again_and_no_others(
        self, make: Make, chroma_url: str, long_wire: Path
    ) -> None:
        library = make(Engines(chroma=chroma_url, name="lost"))
        calls: list[int] = []
        index_paths(library, partial(counted, calls), [long_wire])
        assert library.is_whole()
        lost = vector_ids(library)[:7]
        library.vectors.store.delete_nodes(lost)
        later = make(Engines(chroma=chroma_url, name="lost"))  # as another process
        assert not later.is_whole()
        put: list[int] = []
        real = later.vectors.put
        later.vectors.put = lambda held, rows: (put.append(len(held)), real(held, rows))
        later.mend(partial(counted, calls))
        assert put == [7]
        assert sum(calls) == 60, "from the cache"
        assert_in_step(later)

    def test_the_doctor_and_the_next_writer_notice(
        self, make: Make, chroma_url: str, news: Path, tmp_path: Path
    ) -> None:
        engines = Engines(chroma=chroma_url, name="doctor")
        library = make(engines)
        index_paths(library, hash_embed, [news])
        settings = Settings(index=tmp_path / "index", chroma_url=chroma_url, index_name="doctor")
        found = {check.name: check for check in examine(settings)}["index"]
        assert found.ok
        assert found.says.endswith(f"vectors on {chroma_url}")
        library.vectors.store.delete_nodes(vector_ids(library)[:1])
        found = {check.name: check for check in examine(settings)}["index"]
        assert "hold 2 of 3 passages" in found.says
        index_paths(library, hash_embed, [news])
        assert_in_step(library)

    def test_a_collection_that_is_gone(self, make: Make, chroma_url: str, news: Path) -> None:
        library = make(Engines(chroma=chroma_url, name="gone"))
        index_paths(library, hash_embed, [news])
        server_at(ServerAddress(chroma_url)).delete(f"{library.catalogue.meta()['collections']}-0")
        with pytest.raises(IndexDamagedError, match="mend it with: assistant index --rebuild"):
            search(library)
        library.mend(hash_embed)  # as the next question does
        assert_in_step(library)

    def test_files_that_a_killed_server_tore(
        self,
        make: Make,
        own_server: ChromaServer,
        long_wire: Path,
        tmp_path: Path,
        minilm: EmbedderInfo,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """What happens once in a while when it is killed as it saves its graph."""
        monkeypatch.setitem(HNSW, "sync_threshold", 20)
        monkeypatch.setitem(HNSW, "batch_size", 10)
        engines = Engines(chroma=own_server.url, name="torn")
        library = make(engines)
        index_paths(library, hash_embed, [long_wire])
        own_server.kill()
        torn = list(own_server.data.rglob("index_metadata.pickle"))
        assert torn
        for file in torn:
            file.write_bytes(b"")
        own_server.start()
        with pytest.raises(IndexDamagedError) as caught:
            search(library)
        assert "mend it with: assistant index --rebuild --index" in str(caught.value)
        rebuild(tmp_path / "index", minilm, hash_embed, engines=engines)
        library.refresh()
        assert_in_step(library)
        assert len(collections(engines)) == 1


class TestKilled:
    """The server dies while a library is indexed on it; what it had confirmed is there after it."""

    def test_in_the_middle(
        self,
        make: Make,
        own_server: ChromaServer,
        long_wire: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(writer, "VECTORS_BATCH", 4)
        library = make(Engines(chroma=own_server.url, name="killed"))
        for moment in (0.4, 0.8):
            _killed_while_indexing(library, own_server, long_wire, moment)
            _check_confirmed(library)
        index_paths(library, hash_embed, [long_wire])
        assert_in_step(library)

    @pytest.mark.slow
    def test_the_long_form(
        self,
        make: Make,
        own_server: ChromaServer,
        tmp_path: Path,
        minilm: EmbedderInfo,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """It saves its graph all the time, which is when its files can be torn."""
        monkeypatch.setattr(writer, "VECTORS_BATCH", 10)
        monkeypatch.setitem(HNSW, "sync_threshold", 20)
        monkeypatch.setitem(HNSW, "batch_size", 10)
        engines, chance, torn = Engines(chroma=own_server.url, name="long"), random.Random(5), 0
        library = make(engines)
        for number in range(20):
            lines = ({"id": f"w{number}-{n}", "text": f"{DAM} Report {n}."} for n in range(60))
            wire = write_lines(tmp_path / f"wire-{number}.jsonl", *lines)
            _killed_while_indexing(library, own_server, wire, chance.uniform(0.3, 3.0))
            try:
                _check_confirmed(library)
                index_paths(library, hash_embed, [wire])
            except IndexDamagedError as error:
                torn += 1
                assert "mend it with: assistant index --rebuild" in str(error)
                rebuild(tmp_path / "index", minilm, hash_embed, engines=engines)
                library.refresh()
            assert_in_step(library)
        print(f"20 kills, files torn {torn} times")


def _killed_while_indexing(
    library: Library, server: ChromaServer, wire: Path, moment: float
) -> None:
    """Index while the server is killed after so many seconds, and start it again."""
    killer = threading.Timer(moment, server.kill)
    killer.start()
    try:
        index_paths(library, hash_embed, [wire])
    except (EngineError, IndexDamagedError) as error:
        assert len(str(error).splitlines()) == 1
    killer.join()
    server.start()


def _check_confirmed(library: Library) -> None:
    due = library.manifest().passages - library.pending()
    assert library.vectors.count() >= due

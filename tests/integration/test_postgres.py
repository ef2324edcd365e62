"""A catalogue on PostgreSQL: what goes wrong there, and folders that share it."""

from __future__ import annotations

import doctest
import logging
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import numpy as np
import psycopg
import pytest
from filelock import FileLock
from numpy.typing import NDArray

from assistant import cli
from assistant.doctor import examine
from assistant.errors import (
    DatelineError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexNotFoundError,
    UsageError,
)
from assistant.indexing import index_paths
from assistant.library import (
    Engines,
    Library,
    back_up,
    engines_of,
    rebuild,
    restore,
    sharing,
)
from assistant.library import tables as t
from assistant.library.engines import postgres
from assistant.library.engines.postgres import Server, schema_of
from assistant.library.places import Place
from assistant.library.words import Words
from assistant.models import EmbedderInfo
from assistant.settings import Settings, load_settings
from assistant.types import Filters
from tests.newsroom import (
    BRIDGE,
    DAM,
    MARKET,
    ROAD,
    assert_in_step,
    hash_embed,
    texts_found,
    write_article,
)
from tests.postgres import PASSWORD, USER, Cluster
from tests.stores import Stores

Open = Callable[[str], Library]


@pytest.fixture
def stores(catalogue_url: str) -> Stores:
    return Stores(catalogue_url)


@pytest.fixture
def open_folder(stores: Stores, tmp_path: Path, minilm: EmbedderInfo) -> Iterator[Open]:
    """Opens folders of one index: machines that share its catalogue."""
    opened: list[Library] = []

    def open_one(name: str) -> Library:
        opened.append(Library.create(tmp_path / name, minilm, stores.engines(Path("shared"))))
        return opened[-1]

    yield open_one
    for library in opened:
        library.close()


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    write_article(folder, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    write_article(folder, "road.md", ROAD)
    write_article(folder, "market.md", MARKET)
    return folder


def ask(library: Library, word: str) -> list[str]:
    """What a question does first, and then what is found by a word."""
    library.refresh()
    library.mend(hash_embed)
    return texts_found(library, word)


def terminate(cluster: Cluster, whose: str) -> None:
    """Have the server end the connections that a condition on `pg_stat_activity` names."""
    with psycopg.connect(cluster.url, autocommit=True) as connection:
        query = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {whose}"
        assert connection.execute(query).fetchall()


_OTHERS = "pid != pg_backend_pid() AND backend_type = 'client backend'"
_LOCK = "pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')"


class TestFoldersThatShareACatalogue:
    def test_both_answer_from_what_one_committed(self, open_folder: Open, news: Path) -> None:
        one = open_folder("one")
        index_paths(one, hash_embed, [news])
        two = open_folder("two")
        assert not two.in_step()
        generation = two.catalogue.generation()
        assert ask(two, "wheat") == [MARKET]
        assert_in_step(two)
        assert two.catalogue.generation() == generation  # who follows writes nothing there

        write_article(news, "bridge.md", BRIDGE)
        (news / "market.md").unlink()
        write_article(news, "dam.md", DAM, source="Vale Echo")  # the header alone
        index_paths(one, hash_embed, [news])
        for library in (one, two):
            assert ask(library, "barge") == [BRIDGE]
            assert ask(library, "wheat") == []
            assert ask(library, "echo") == [DAM]
            assert ask(library, "post") == []
            assert_in_step(library)
            vector = hash_embed([BRIDGE])[0].tolist()
            assert library.search_vectors(vector, 1, Filters())[0][1] == pytest.approx(1, abs=1e-4)

    def test_another_process_of_a_folder_that_follows(self, open_folder: Open, news: Path) -> None:
        """One catches up; the other, which was open before, opens what it wrote."""
        one, two, beside = open_folder("one"), open_folder("two"), open_folder("two")
        index_paths(one, hash_embed, [news])
        assert ask(two, "wheat") == [MARKET]
        assert beside.in_step()
        assert ask(beside, "wheat") == [MARKET]

    def test_a_process_that_opens_a_folder_while_another_brings_it_in_step(
        self, open_folder: Open, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        opened = Place.words

        def words(place: Place, build: int) -> Words:
            before = opened(place, build)
            assert ask(two, "wheat") == [MARKET]
            return before

        with monkeypatch.context() as patch:
            patch.setattr(Place, "words", words)
            late = open_folder("two")
        assert ask(late, "wheat") == [MARKET]

    def test_each_writes_in_turn(self, open_folder: Open, news: Path) -> None:
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        write_article(news, "bridge.md", BRIDGE)
        index_paths(two, hash_embed, [news])  # without having been asked
        assert_in_step(two)
        assert ask(one, "barge") == [BRIDGE]
        with one.writing() as writer:
            assert writer.remove(["market"]) == ["market"]
        assert_in_step(one)
        assert ask(two, "wheat") == []
        assert_in_step(two)

    def test_what_one_left_half_done_is_mended_by_the_other(
        self, open_folder: Open, news: Path
    ) -> None:
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        ask(two, "wheat")
        with pytest.raises(ZeroDivisionError), one.writing():
            with one.catalogue.begin() as connection:
                t.note_torn(connection, torn=True)
                t.note(connection, t.DOUBTFUL, ["ghost@0:0-1"])
            raise ZeroDivisionError
        write_article(news, "bridge.md", BRIDGE)
        index_paths(two, hash_embed, [news])
        assert_in_step(two)
        made: list[Path] = []
        clear = one.vectors.clear
        one.vectors.clear = lambda: made.append(one.folder) or clear()
        assert ask(one, "barge") == [BRIDGE]
        assert made == [one.folder]  # for what it was writing cannot be trusted
        assert_in_step(one)

    def test_a_run_that_finds_nothing_new_leaves_the_others_in_step(
        self, open_folder: Open, news: Path
    ) -> None:
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        ask(two, "wheat")
        index_paths(one, hash_embed, [news])
        assert two.in_step()
        with one.writing() as writer:
            writer.remove(["market"])
        assert not two.in_step()
        assert ask(two, "wheat") == []
        index_paths(one, hash_embed, [news])
        assert two.in_step()
        assert one.in_step()

    def test_one_rebuilds(
        self, open_folder: Open, stores: Stores, news: Path, minilm: EmbedderInfo
    ) -> None:
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        ask(two, "wheat")
        rebuild(one.folder, minilm, hash_embed, engines=stores.engines(Path("shared")))
        for library in (one, two):
            assert ask(library, "wheat") == [MARKET]
            assert library.build == 1
            assert_in_step(library)
        rebuild(one.folder, minilm, hash_embed, engines=stores.engines(Path("shared")))
        two.mend(hash_embed)  # it ended after this question had looked
        assert two.build == 1
        assert ask(two, "wheat") == [MARKET]
        assert_in_step(two)
        assert sorted(p.name for p in two.folder.iterdir() if p.is_dir()) == [
            "vectors-2",
            "words-2",
        ]

    def test_vectors_that_are_still_to_be_made(self, open_folder: Open, news: Path) -> None:
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        write_article(news, "bridge.md", BRIDGE)
        index_paths(one, hash_embed, [news], stop=lambda: "bridge" in one.held.owners())
        assert one.pending() == 1
        assert ask(two, "barge") == [BRIDGE]  # by its words, as in the other folder
        assert two.vectors.count() == 3
        index_paths(one, hash_embed, [news])
        assert ask(two, "barge") == [BRIDGE]
        assert_in_step(two)

    def test_one_writer_over_all_of_them(self, open_folder: Open) -> None:
        one, two = open_folder("one"), open_folder("two")
        with one.writing(), pytest.raises(IndexLockedError), two.writing(wait=0):
            pass
        with two.writing():
            pass

    def test_a_writer_that_lost_its_lock_commits_nothing(
        self,
        open_folder: Open,
        news: Path,
        cluster: Cluster,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        with pytest.raises(IndexLockedError, match="was lost, and another"), one.writing() as old:
            terminate(cluster, _LOCK)
            with two.writing() as new:
                new.remove(["market"])
            old.remove(["road"])
        assert set(one.held.owners()) == {"dam", "road"}
        assert "Traceback" not in caplog.text
        assert [r for r in caplog.records if r.levelname in ("WARNING", "ERROR")] == []

    def test_a_writer_that_lost_its_lock_takes_no_note_off(
        self, open_folder: Open, news: Path, cluster: Cluster
    ) -> None:
        """What the new writer notes of its own vectors and words stays, should it die at them."""
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news], stop=lambda: len(one.held.owners()) == 3)
        assert one.pending()
        with one.writing() as old:
            terminate(cluster, _LOCK)
            with two.writing():
                with two.catalogue.begin() as connection:
                    t.note_torn(connection, torn=True)
                    t.note(connection, t.DOUBTFUL, ["ghost@0:0-1"])
                with pytest.raises(IndexLockedError, match="was lost"):
                    list(old.embed_pending(hash_embed))
                with pytest.raises(IndexLockedError, match="was lost"):
                    old.apply([])
                assert two.catalogue.is_torn()
                assert two.catalogue.doubtful() == ["ghost@0:0-1"]
        assert ask(two, "wheat") == [MARKET]  # mended
        index_paths(two, hash_embed, [news])
        assert_in_step(two)

    @pytest.mark.parametrize("builds", [False, True])
    def test_a_rebuild_that_lost_its_lock_changes_nothing(
        self,
        open_folder: Open,
        stores: Stores,
        news: Path,
        minilm: EmbedderInfo,
        cluster: Cluster,
        builds: bool,
    ) -> None:
        """Another writer cleared what it had made, though it committed nothing itself."""
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        ask(two, "wheat")
        (one.folder / "embeddings.sqlite").unlink()
        engines, held = stores.engines(Path("shared")), one.catalogue.counts()

        def interrupted(texts: list[str]) -> NDArray[np.float32]:
            terminate(cluster, _LOCK)
            if builds:
                rebuild(two.folder, minilm, hash_embed, engines=engines)
            else:
                with two.writing():
                    pass
            return hash_embed(texts)

        with pytest.raises(IndexLockedError, match="was lost; run it again"):
            rebuild(one.folder, minilm, interrupted, engines=engines)
        assert one.catalogue.counts() == held
        for library in (one, two):
            assert ask(library, "wheat") == [MARKET]
            assert_in_step(library)

    def test_a_filter_after_the_folder_was_brought_in_step(
        self, open_folder: Open, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a filter let through while the folder lagged behind is not kept."""
        monkeypatch.setattr(sharing, "_WAIT", 0.05)
        one, two = open_folder("one"), open_folder("two")
        index_paths(one, hash_embed, [news])
        ask(two, "wheat")
        write_article(news, "bridge.md", BRIDGE, source="Tarn Post")
        index_paths(one, hash_embed, [news])

        def found() -> int:
            two.refresh()
            two.mend(hash_embed)
            vector = hash_embed([BRIDGE])[0].tolist()
            return len(two.search_vectors(vector, 5, Filters(source="Tarn Post")))

        with FileLock(two.folder / "write.lock"):  # another process is at it
            assert found() == 1
        assert found() == 2

    def test_without_the_setting(self, open_folder: Open, news: Path, minilm: EmbedderInfo) -> None:
        """No second catalogue is begun in a folder whose own is on the server."""
        one = open_folder("one")
        index_paths(one, hash_embed, [news])
        for opener in (Library.open, Library.create):
            with pytest.raises(UsageError, match="is on a server: set DATELINE_CATALOGUE_URL"):
                opener(one.folder, minilm)
        assert ask(one, "wheat") == [MARKET]


class TestWhatGoesWrong:
    def refused(self, url: str, minilm: EmbedderInfo, folder: Path) -> str:
        with pytest.raises(DatelineError) as raised:
            Library.create(folder, minilm, Engines(url, name="refused"))
        said = str(raised.value)
        assert PASSWORD not in said
        assert "p%40ss" not in said
        assert len(said.splitlines()) == 1
        return said

    def test_an_address_that_leads_nowhere(
        self,
        cluster: Cluster,
        minilm: EmbedderInfo,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        gone = cluster.url.replace(f":{cluster.port}/", ":1/")
        for url, says in (
            (gone, "cannot connect to PostgreSQL at 127.0.0.1:1/postgres"),
            (
                cluster.url_of(password="wrong"),
                'password authentication failed for user "dateline"',
            ),
            (cluster.url_of(database="nowhere"), 'database "nowhere" does not exist'),
        ):
            said = self.refused(url, minilm, tmp_path / "index")
            assert says in said
            assert "DATELINE_CATALOGUE_URL" in said
        assert PASSWORD not in caplog.text

    @pytest.mark.parametrize(
        ("url", "says"),
        [
            ("mysql://u:p%40ss@h/db", "begins with mysql://"),
            ("sqlite:///p%40ss.db", "begins with sqlite://"),
            ("p%40ss", "is not an address such as"),
            ("postgresql://u:p%40ss@h:port/db", "is not an address such as"),
        ],
    )
    def test_what_is_no_address_of_postgresql(
        self, url: str, says: str, minilm: EmbedderInfo, tmp_path: Path
    ) -> None:
        assert says in self.refused(url, minilm, tmp_path / "index")

    def test_without_the_driver(
        self, minilm: EmbedderInfo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        said = self.refused("postgres://h/db", minilm, tmp_path / "index")
        assert said.endswith("pip install 'dateline-assistant[postgres]'")

    def test_a_user_who_may_make_nothing(
        self, cluster: Cluster, minilm: EmbedderInfo, tmp_path: Path
    ) -> None:
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("CREATE ROLE guest LOGIN PASSWORD 'guest'")
        said = self.refused(cluster.url_of("guest", "guest"), minilm, tmp_path / "index")
        assert "may not do that (permission denied" in said

    def test_a_database_of_other_letters(
        self, cluster: Cluster, minilm: EmbedderInfo, tmp_path: Path
    ) -> None:
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute(
                "CREATE DATABASE latin ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' "
                "TEMPLATE template0"
            )
        said = self.refused(cluster.url_of(database="latin"), minilm, tmp_path / "index")
        assert "is not in UTF-8" in said

    def test_a_connection_that_is_lost(
        self, open_folder: Open, news: Path, cluster: Cluster
    ) -> None:
        library = open_folder("index")
        index_paths(library, hash_embed, [news])
        with (
            pytest.raises(IndexDamagedError, match="was lost") as raised,
            library.catalogue.begin() as connection,
        ):
            terminate(cluster, _OTHERS)
            connection.exec_driver_sql("SELECT count(*) FROM articles")
        assert len(str(raised.value).splitlines()) == 1
        assert ask(library, "wheat") == [MARKET]

    def test_a_server_that_is_restarted_under_an_open_library(
        self, open_folder: Open, news: Path, cluster: Cluster
    ) -> None:
        library = open_folder("index")
        index_paths(library, hash_embed, [news])
        cluster.stop()
        try:
            with pytest.raises(IndexDamagedError, match="cannot connect to PostgreSQL"):
                library.refresh()
        finally:
            cluster.start()
        assert ask(library, "wheat") == [MARKET]

    def test_the_password_is_nowhere(
        self,
        open_folder: Open,
        news: Path,
        stores: Stores,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        index_paths(open_folder("shared"), hash_embed, [news])
        folder = tmp_path / "shared"
        for key, value in stores.settings(folder).items():
            monkeypatch.setenv(key, value)
        settings = load_settings(index=folder)
        (check,) = [c for c in examine(settings) if c.name == "index"]
        assert check.ok
        assert "catalogue on PostgreSQL at 127.0.0.1" in check.says
        engines = engines_of(settings, folder)
        shown = f"{settings!r} {engines!r} {Server(engines.catalogue, engines.name)} {check.says}"
        assert cli.main(["articles", "list", "--index", str(folder)]) == 0
        shown += "".join(capsys.readouterr())
        for secret in (PASSWORD, "p%40ss", USER + ":"):
            assert secret not in shown

    def test_a_folder_that_was_renamed(
        self, open_folder: Open, stores: Stores, news: Path, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        library = open_folder("index")
        index_paths(library, hash_embed, [news])
        library.close()
        library.folder.rename(tmp_path / "renamed")
        with pytest.raises(IndexNotFoundError, match="set DATELINE_INDEX_NAME to the name"):
            stores.open(tmp_path / "renamed", minilm)

    def test_connections_end_when_it_is_closed(
        self,
        open_folder: Open,
        stores: Stores,
        cluster: Cluster,
        news: Path,
        minilm: EmbedderInfo,
        tmp_path: Path,
    ) -> None:
        engines, kept = stores.engines(Path("shared")), tmp_path / "kept.tar.gz"
        library = open_folder("index")
        index_paths(library, hash_embed, [news])
        ask(library, "wheat")
        library.close()
        rebuild(library.folder, minilm, hash_embed, engines=engines)
        back_up(library.folder, kept, engines=engines)
        restore(kept, tmp_path / "again", stores.engines(tmp_path / "again"))
        with pytest.raises(IndexMismatchError):
            Library.open(library.folder, replace(minilm, name="another"), engines)
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            query = f"SELECT query FROM pg_stat_activity WHERE {_OTHERS}"
            for _ in range(600):
                left = connection.execute(query).fetchall()
                if not left:
                    break
                time.sleep(0.05)
            assert left == []

    def test_more_askers_than_connections(
        self, open_folder: Open, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        library = open_folder("index")
        monkeypatch.setattr(library.catalogue._database.engine.pool, "_timeout", 0.1)
        with ExitStack() as askers:
            for _ in range(15):
                askers.enter_context(library.catalogue.begin())
            with pytest.raises(IndexDamagedError, match="is busy: too many ask it at once"):
                library.refresh()
        assert not library.refresh()

    def test_a_dead_server_is_noticed(self, open_folder: Open) -> None:
        with open_folder("index").catalogue.begin() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            options = driver.info.get_parameters()
        assert (options["connect_timeout"], options["keepalives_idle"]) == ("10", "30")

    def test_a_folder_that_holds_its_own_catalogue(
        self, stores: Stores, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        Library.create(tmp_path / "index", minilm).close()
        for opener in (stores.create, stores.open):
            with pytest.raises(UsageError, match="holds an index whose catalogue is in it"):
                opener(tmp_path / "index", minilm)


class TestSchemas:
    def test_several_indexes_in_one_database(
        self, catalogue_url: str, tmp_path: Path, minilm: EmbedderInfo, news: Path
    ) -> None:
        names = ("Zeitung für Alle", "zeitung_fur_alle", 'x"; DROP SCHEMA public; --', "n" * 200)
        for name in names:
            engines = Engines(catalogue_url, name=f"{tmp_path.name} {name}")
            library = Library.create(tmp_path / "index", minilm, engines)
            write_article(news, "named.md", f"Only {name} reports it.")
            assert library.catalogue.counts() == (0, 0)
            index_paths(library, hash_embed, [news])
            assert library.catalogue.counts()[0] == 4
            library.close()
        with pytest.raises(IndexNotFoundError):
            Library.open(tmp_path / "index", minilm, Engines(catalogue_url, name="another"))

    def test_names(self) -> None:
        assert doctest.testmod(postgres).attempted == 1
        assert doctest.testmod(postgres).failed == 0
        names = ["a", "A", "a b", "a_b", "a-b", "", "é", "ü", "n" * 50, "n" * 51, "\udcff"]
        schemas = [schema_of(name) for name in names]
        assert len({*schemas}) == len(names)
        assert all(schema.isascii() and len(schema) <= 63 for schema in schemas)


def test_settings_name_the_engines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATELINE_CATALOGUE_URL", "postgresql://u:p@h/db")
    engines = engines_of(Settings(), tmp_path / "news")
    assert (engines.catalogue, engines.name) == ("postgresql://u:p@h/db", "news")

"""Rebuilding, backups and what they have to carry: the same wherever the stores are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import cli
from assistant.errors import (
    ArticleNotFoundError,
    IndexMismatchError,
    IndexNotFoundError,
    UsageError,
)
from assistant.indexing import index_paths
from assistant.library import Library, back_up, export_articles, rebuild, restore
from assistant.library.tables import put_meta
from assistant.models import EmbedderInfo
from assistant.types import Article, Link
from tests.newsroom import (
    DAM,
    MARKET,
    ROAD,
    assert_in_step,
    hash_embed,
    texts_found,
    write_article,
    write_lines,
)
from tests.stores import Stores

REPORT = " ".join(f"Column {n} of lorries crossed the bridge at mile {n * n}." for n in range(30))


def nothing(texts: list[str]) -> NDArray[np.float32]:
    raise AssertionError(f"embedded again: {texts}")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    write_article(folder, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    write_article(folder, "road.md", ROAD, source="Tarn Post")
    write_article(folder, "market.md", MARKET)
    write_article(folder, "lorries.md", REPORT, source="Tarn Post", date="2017-06-20")
    write_article(folder, "copy.md", REPORT, source="Vale Echo", date="2017-06-21")
    return folder


@pytest.fixture
def filled(library: Library, news: Path) -> Library:
    """Five articles: one was changed since it was first indexed, one repeats another."""
    index_paths(library, hash_embed, [news])
    write_article(news, "road.md", f"{ROAD} Rain fell.", source="Tarn Post")
    index_paths(library, hash_embed, [news])
    return library


def held(library: Library) -> tuple[list[Article], object, list[Link], list[str]]:
    """All that a catalogue knows, old revisions included."""
    articles = [library.catalogue.article(a.id) for a in library.catalogue.articles()]
    road = library.catalogue.article("road")
    old = [replace(road, text=text).revision for text in (ROAD, road.text)]
    texts = [library.catalogue.article("road", revision).text for revision in old]
    return articles, library.held.all_states(), library.links(), texts


class TestRebuilding:
    def test_all_is_made_anew_and_what_was_is_gone(
        self, stores: Stores, filled: Library, minilm: EmbedderInfo
    ) -> None:
        before = held(filled)
        for build in (1, 2):
            rebuild(filled.folder, minilm, nothing, engines=stores.engines(filled.folder))
            assert filled.refresh()
            assert filled.build == build
            assert held(filled) == before
            assert texts_found(filled, "wheat") == [MARKET]
            assert_in_step(filled)

    def test_stopped_it_has_changed_nothing(
        self, stores: Stores, filled: Library, minilm: EmbedderInfo
    ) -> None:
        engines = stores.engines(filled.folder)
        assert rebuild(filled.folder, minilm, nothing, stop=lambda: True, engines=engines).stopped
        assert not filled.refresh()
        assert "next_build" not in filled.catalogue.meta()
        assert_in_step(filled)

    def test_to_another_embedder(
        self, stores: Stores, filled: Library, minilm: EmbedderInfo
    ) -> None:
        other = replace(minilm, name="another", weights_digest="0" * 16)
        rebuild(filled.folder, other, hash_embed, engines=stores.engines(filled.folder))
        again = stores.open(filled.folder, other)
        assert_in_step(again)
        again.close()


class TestBackups:
    def test_a_library_moves_to_a_folder_and_back(
        self, stores: Stores, filled: Library, tmp_path: Path, minilm: EmbedderInfo, news: Path
    ) -> None:
        """From where it is to a folder alone, and from there to a new place of the first kind."""
        before, source = held(filled), stores.engines(filled.folder)
        back_up(filled.folder, tmp_path / "one.tar.gz", engines=source)
        restore(tmp_path / "one.tar.gz", tmp_path / "alone")
        rebuild(tmp_path / "alone", minilm, nothing)
        alone = Library.open(tmp_path / "alone", minilm)
        assert held(alone) == before
        assert_in_step(alone)
        alone.close()

        back_up(tmp_path / "alone", tmp_path / "two.tar.gz")
        target = tmp_path / "back"
        restore(tmp_path / "two.tar.gz", target, stores.engines(target))
        rebuild(target, minilm, nothing, engines=stores.engines(target))
        back = stores.open(target, minilm)
        assert held(back) == before
        assert_in_step(back)
        assert (target / "catalogue.sqlite").exists() is not bool(stores.catalogue)
        # It goes on as before: the unchanged is known, new numbers are given for fingerprints.
        write_article(news, "third.md", REPORT, source="Resafa Herald", date="2017-06-22")
        assert len(index_paths(back, nothing_new, [news]).unchanged) == 5
        assert len(back.links()) == 2
        assert_in_step(back)
        back.close()

    def test_it_answers_before_it_is_rebuilt(
        self, stores: Stores, filled: Library, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        back_up(filled.folder, tmp_path / "kept.tar.gz", engines=stores.engines(filled.folder))
        target = tmp_path / "again"
        restore(tmp_path / "kept.tar.gz", target, stores.engines(target))
        again = stores.open(target, minilm)
        again.mend(nothing)
        assert texts_found(again, "wheat") == [MARKET]
        assert_in_step(again)
        again.close()

    def test_what_is_refused(self, stores: Stores, filled: Library, tmp_path: Path) -> None:
        nowhere, engines = tmp_path / "nowhere", stores.engines(filled.folder)
        with pytest.raises(IndexNotFoundError):
            back_up(nowhere, tmp_path / "kept.tar.gz", engines=stores.engines(nowhere))
        back_up(filled.folder, tmp_path / "kept.tar.gz", embeddings=False, engines=engines)
        with pytest.raises(UsageError, match="is not empty"):
            restore(tmp_path / "kept.tar.gz", filled.folder, engines)
        if stores.catalogue:
            with pytest.raises(UsageError, match="holds an index already"):
                restore(tmp_path / "kept.tar.gz", nowhere, engines)
            assert not nowhere.exists()
        assert_in_step(filled)

    def test_one_of_a_newer_dateline(self, stores: Stores, filled: Library, tmp_path: Path) -> None:
        """It is refused before anything is where it cannot be used, nor another be restored."""
        with filled.catalogue.begin() as connection:
            put_meta(connection, {"schema_version": "99"})
        kept, target = tmp_path / "kept.tar.gz", tmp_path / "again"
        back_up(filled.folder, kept, engines=stores.engines(filled.folder))
        for _ in range(2):
            with pytest.raises(IndexMismatchError, match="made by a newer one"):
                restore(kept, target, stores.engines(target))
            assert not target.exists()

    def test_the_commands(
        self,
        stores: Stores,
        filled: Library,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        kept, again = str(tmp_path / "kept.tar.gz"), str(tmp_path / "again")
        for folder, command in (
            (filled.folder, ["backup", kept]),
            (tmp_path / "again", ["restore", kept]),
            (tmp_path / "again", ["articles", "export", str(tmp_path / "out.jsonl")]),
            (tmp_path / "again", ["doctor"]),
        ):
            for key, value in stores.settings(folder).items():
                monkeypatch.setenv(key, value)
            assert cli.main([*command, "--index", str(folder)]) == 0
        assert f"{again}: 5 articles, 7 passages" in capsys.readouterr().out
        assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 5


def nothing_new(texts: list[str]) -> NDArray[np.float32]:
    """An embedder for what is new alone: the third report."""
    assert all("Resafa Herald" in text for text in texts)
    return hash_embed(texts)


class TestStrings:
    def test_ids_are_in_the_order_of_their_bytes(self, library: Library, tmp_path: Path) -> None:
        ids = ["a", "B", "a-b", "ab", "Ä", "é", "z", "_", "ﬁ", "𐍈", "b1", "b10", "b2"]
        path = write_lines(
            tmp_path / "wire.jsonl", *({"id": i, "text": f"{DAM} Report {i}."} for i in ids)
        )
        index_paths(library, hash_embed, [path])
        listed = [a.id for batch in library.catalogue.all_articles(3) for a in batch]
        assert listed == sorted(ids, key=str.encode)
        assert [a.id for a in library.catalogue.articles()] == listed

    def test_articles_without_a_date_come_last(self, library: Library, tmp_path: Path) -> None:
        for name, day in (("b", "2017-06-20"), ("c", "2019-01-01")):
            write_article(tmp_path, f"{name}.md", f"{DAM} {name}", date=day)
        write_article(tmp_path, "a.md", MARKET)
        index_paths(library, hash_embed, [tmp_path])
        assert [a.id for a in library.catalogue.articles()] == ["c", "b", "a"]

    def test_what_a_database_cannot_take_is_not_in_a_way(
        self, stores: Stores, library: Library, tmp_path: Path
    ) -> None:
        """NUL, which PostgreSQL refuses, and lone surrogates, which no UTF-8 can hold."""
        odd = "a\x00b\ud800c"
        record = {key: odd for key in ("title", "source", "author", "region", "url", "language")}
        records = [
            record | {"id": odd, "text": f"{DAM} {odd} holds.", "tags": [odd]},
            {"id": "plain", "text": MARKET},
        ]
        path = write_lines(tmp_path / "wire.jsonl", *records)
        report = index_paths(library, hash_embed, [path])
        assert "plain" in report.added
        again = index_paths(library, hash_embed, [path])
        assert (again.unchanged, again.quarantined) == (report.added, report.quarantined)
        assert_in_step(library)
        export_articles(library.catalogue, tmp_path / "out.jsonl")
        back_up(library.folder, tmp_path / "kept.tar.gz", engines=stores.engines(library.folder))
        for strange in (odd, "a\x00b", "\ud800"):
            with pytest.raises(ArticleNotFoundError):
                library.catalogue.article(strange)
            with pytest.raises(ArticleNotFoundError):
                library.catalogue.article("plain", strange)
            with library.writing() as writer:
                assert writer.remove([strange]) == []

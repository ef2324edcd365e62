"""Backups of a library, their restoring, and the export of its articles."""

from __future__ import annotations

import io
import json
import os
import stat
import tarfile
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import cli, sample
from assistant.errors import IndexDamagedError, IndexNotFoundError, UsageError
from assistant.indexing import index_paths
from assistant.library import Library, back_up, export_articles, rebuild, restore
from assistant.models import EmbedderInfo
from assistant.pipeline import Assistant
from tests.newsroom import (
    DAM,
    MARKET,
    ROAD,
    assert_in_step,
    hash_embed,
    write_article,
    write_lines,
)


def nothing(texts: list[str]) -> NDArray[np.float32]:
    raise AssertionError(f"embedded again: {texts}")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    write_article(folder, "dam.md", DAM, source="Tarn Post", date="2017-06-20")
    write_article(folder, "road.md", ROAD, source="Tarn Post")
    write_article(folder, "market.md", MARKET)
    return folder


@pytest.fixture
def filled(library: Library, news: Path) -> Library:
    """Three articles, one of them changed since it was first indexed."""
    index_paths(library, hash_embed, [news])
    write_article(news, "road.md", f"{ROAD} Rain fell.", source="Tarn Post")
    index_paths(library, hash_embed, [news])
    return library


class TestBackup:
    @pytest.mark.parametrize("rebuilt_before", [False, True])
    def test_all_comes_back_and_nothing_is_embedded_again(
        self, filled: Library, tmp_path: Path, minilm: EmbedderInfo, rebuilt_before: bool
    ) -> None:
        if rebuilt_before:
            rebuild(filled.folder, minilm, nothing)
        back_up(filled.folder, tmp_path / "kept.tar.gz")
        restore(tmp_path / "kept.tar.gz", tmp_path / "again")
        rebuild(tmp_path / "again", minilm, nothing)
        again = Library.open(tmp_path / "again", minilm)
        assert_in_step(again)
        assert again.catalogue.articles() == filled.catalogue.articles()
        assert again.held.all_states() == filled.held.all_states()
        for text in (ROAD, f"{ROAD} Rain fell."):
            revision = replace(again.catalogue.article("road"), text=text).revision
            assert again.catalogue.article("road", revision).text == text
        again.close()
        assert sorted(p.name for p in tmp_path.iterdir() if p.name.startswith(".")) == []

    def test_it_answers_before_it_is_rebuilt(
        self, filled: Library, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        """As after a rebuild that was stopped."""
        back_up(filled.folder, tmp_path / "kept.tar.gz")
        restore(tmp_path / "kept.tar.gz", tmp_path / "again")
        again = Library.open(tmp_path / "again", minilm)
        again.mend(nothing)
        assert_in_step(again)
        again.close()

    def test_without_the_embeddings(
        self, filled: Library, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        back_up(filled.folder, tmp_path / "kept.tar.gz", embeddings=False)
        with tarfile.open(tmp_path / "kept.tar.gz") as packed:
            assert packed.getnames() == ["catalogue.sqlite"]
        restore(tmp_path / "kept.tar.gz", tmp_path / "again")
        assert rebuild(tmp_path / "again", minilm, hash_embed).passages == 3

    def test_while_another_writes(
        self, library: Library, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        news = [{"id": f"w{n}", "text": f"{DAM} Report {n}. " * 8} for n in range(900)]
        path = write_lines(tmp_path / "wire.jsonl", *news)
        writing = threading.Thread(target=lambda: index_paths(library, hash_embed, [path]))
        with library.catalogue.begin():  # somebody reads, too
            writing.start()
            kept = []
            while writing.is_alive():
                kept.append(tmp_path / f"kept-{len(kept)}.tar.gz")
                back_up(library.folder, kept[-1])
            writing.join()
        held = []
        for file in {kept[0], kept[len(kept) // 2], kept[-1]}:
            folder = tmp_path / file.name.removesuffix(".tar.gz")
            restore(file, folder)
            rebuild(folder, minilm, hash_embed)
            again = Library.open(folder, minilm)
            assert_in_step(again)
            held.append(again.manifest().articles)
            again.close()
        assert all(0 <= articles <= 900 for articles in held)

    def test_what_it_refuses(self, filled: Library, tmp_path: Path) -> None:
        with pytest.raises(IndexNotFoundError):
            back_up(tmp_path / "nowhere", tmp_path / "kept.tar.gz")
        (tmp_path / "there").write_text("mine")
        with pytest.raises(UsageError, match="exists already"):
            back_up(filled.folder, tmp_path / "there")
        with pytest.raises(UsageError, match="cannot write"):
            back_up(filled.folder, tmp_path / "no folder" / "kept.tar.gz")
        (filled.folder / "embeddings.sqlite").write_bytes(b"garbage" * 1000)
        with pytest.raises(IndexDamagedError, match="--no-embeddings leaves it out"):
            back_up(filled.folder, tmp_path / "kept.tar.gz")
        assert not list(tmp_path.glob("*kept*"))
        back_up(filled.folder, tmp_path / "kept.tar.gz", embeddings=False)


class TestRestoring:
    @pytest.fixture
    def kept(self, filled: Library, tmp_path: Path) -> Path:
        back_up(filled.folder, tmp_path / "kept.tar.gz")
        return tmp_path / "kept.tar.gz"

    def test_only_where_there_is_nothing(
        self, kept: Path, filled: Library, tmp_path: Path, news: Path
    ) -> None:
        for folder in (filled.folder, news, kept):
            with pytest.raises(UsageError, match="is not empty"):
                restore(kept, folder)
        assert_in_step(filled)
        (tmp_path / "empty").mkdir()
        restore(kept, tmp_path / "empty")
        assert (tmp_path / "empty" / "catalogue.sqlite").is_file()

    @pytest.mark.parametrize(("mask", "mode"), [(0o077, 0o700), (0o022, 0o755)])
    def test_it_is_as_open_to_others_as_any_folder(
        self, kept: Path, tmp_path: Path, mask: int, mode: int
    ) -> None:
        before = os.umask(mask)
        try:
            restore(kept, tmp_path / "again")
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "again").stat().st_mode) == mode
        assert not list(tmp_path.glob(".again*"))

    @pytest.mark.parametrize(
        "name", ["../evil", "/tmp/evil", "a/catalogue.sqlite", "./catalogue.sqlite", "words"]
    )
    def test_no_path_is_followed(self, tmp_path: Path, name: str) -> None:
        self._refused(tmp_path, tarfile.TarInfo(name), "is not a backup: it holds")

    @pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
    def test_no_link_and_no_pipe(self, tmp_path: Path, kind: bytes) -> None:
        member = tarfile.TarInfo("catalogue.sqlite")
        member.type, member.linkname = kind, "/etc/passwd"
        self._refused(tmp_path, member, "is not a backup: it holds")

    def test_the_same_file_twice(self, tmp_path: Path) -> None:
        one = tarfile.TarInfo("catalogue.sqlite")
        self._refused(tmp_path, one, "cannot restore", again=tarfile.TarInfo("catalogue.sqlite"))

    def test_no_catalogue_or_a_damaged_one(self, tmp_path: Path) -> None:
        self._refused(tmp_path, tarfile.TarInfo("embeddings.sqlite"), "holds no catalogue")
        garbage = tarfile.TarInfo("catalogue.sqlite")
        garbage.size = 7000
        self._refused(tmp_path, garbage, "holds a damaged catalogue", b"garbage" * 1000)

    @pytest.mark.parametrize("keep", [0, 3, 0.5, 0.99])
    def test_cut_short(self, kept: Path, tmp_path: Path, keep: float) -> None:
        content = kept.read_bytes()
        kept.write_bytes(content[: int(keep if keep > 1 else keep * len(content))])
        with pytest.raises(UsageError, match=r"kept\.tar\.gz"):
            restore(kept, tmp_path / "again")
        assert not (tmp_path / "again").exists()
        assert not list(tmp_path.glob(".again*"))

    def test_what_is_no_archive_or_not_there(self, tmp_path: Path) -> None:
        (tmp_path / "kept.tar.gz").write_text("news")
        for name in ("kept.tar.gz", "nowhere.tar.gz"):
            with pytest.raises(UsageError, match=name):
                restore(tmp_path / name, tmp_path / "again")
        assert not (tmp_path / "again").exists()

    def _refused(
        self,
        tmp_path: Path,
        member: tarfile.TarInfo,
        says: str,
        content: bytes = b"",
        again: tarfile.TarInfo | None = None,
    ) -> None:
        with tarfile.open(tmp_path / "evil.tar.gz", "w:gz") as packed:
            packed.addfile(member, io.BytesIO(content))
            if again:
                packed.addfile(again)
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(UsageError, match=says) as raised:
            restore(tmp_path / "evil.tar.gz", tmp_path / "again")
        assert "\n" not in str(raised.value)
        assert sorted(tmp_path.rglob("*")) == before
        assert not Path("/tmp/evil").exists()


class TestExport:
    def test_all_fields_come_back(
        self, library: Library, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        """Of every article of the sample, through `assistant index`."""
        index_paths(library, hash_embed, [sample.articles_path()])
        out = tmp_path / "out.jsonl"
        count = export_articles(library.catalogue, out)
        assert count == len(out.read_text().splitlines()) == library.manifest().articles > 20
        again = Library.create(tmp_path / "again", minilm)
        assert not index_paths(again, hash_embed, [out]).quarantined
        for listed in library.catalogue.articles():
            ours, theirs = (one.catalogue.article(listed.id) for one in (library, again))
            assert theirs == ours
        again.close()

    def test_characters_of_all_kinds(self, library: Library, tmp_path: Path) -> None:
        record = {"id": "x", "title": "دير الزور", "text": "Ein Satz \ud800 mit “allem”. 🌉 Ende."}
        index_paths(library, hash_embed, [write_lines(tmp_path / "in.jsonl", record)])
        export_articles(library.catalogue, tmp_path / "out.jsonl")
        (line,) = (tmp_path / "out.jsonl").read_text().splitlines()
        assert json.loads(line)["text"] == library.catalogue.article("x").text
        assert json.loads(line)["title"] == "دير الزور"

    def test_nothing_is_overwritten(self, filled: Library, tmp_path: Path) -> None:
        (tmp_path / "out.jsonl").write_text("mine")
        with pytest.raises(UsageError, match="exists already"):
            export_articles(filled.catalogue, tmp_path / "out.jsonl")
        assert (tmp_path / "out.jsonl").read_text() == "mine"
        (tmp_path / "new.jsonl.part").write_text("mine")
        export_articles(filled.catalogue, tmp_path / "new.jsonl")
        assert (tmp_path / "new.jsonl.part").read_text() == "mine"
        assert not list(tmp_path.glob(".new*"))


def test_the_commands(filled: Library, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    index, again = str(filled.folder), str(tmp_path / "again")
    kept, out = str(tmp_path / "kept.tar.gz"), str(tmp_path / "out.jsonl")
    assert cli.main(["backup", kept, "--index", index]) == 0
    assert cli.main(["restore", kept, "--index", index]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert cli.main(["restore", kept, "--index", again]) == 0
    assert capsys.readouterr().out.startswith("rebuilt: 3 articles, 3 passages")
    with Assistant.open(again) as assistant:
        assert [c.article_id for c in assistant.ask("Who holds the road to Resafa?").citations] == [
            "road"
        ]
    assert cli.main(["articles", "export", out, "--index", again]) == 0
    assert "3 articles written to" in capsys.readouterr().err
    assert len(Path(out).read_text().splitlines()) == 3

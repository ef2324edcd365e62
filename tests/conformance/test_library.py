"""The stored collection through indexing: real stores and the real embedder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.articles import CLEANER_VERSION, SourceFile, find_files
from assistant.articles.isolated import IsolatedReader
from assistant.errors import (
    ArticleNotFoundError,
    IndexLockedError,
    IndexMismatchError,
    IndexNotFoundError,
    UsageError,
)
from assistant.indexing import IndexProgress, index_paths, planner, run
from assistant.library import Embed, FileChange, Library, Writer, admitted, analyze
from assistant.library.engines.vectors import cosines
from assistant.library.tables import DOUBTFUL, note
from assistant.library.words import Words
from assistant.models import EmbedderInfo
from assistant.passages import split_passages
from assistant.types import Article, Filters, Passage
from tests.newsroom import (
    BRIDGE,
    DAM,
    MARKET,
    ROAD,
    SCHOOL,
    Index,
    assert_in_step,
    hash_embed,
    outcome,
    stored,
    texts_found,
    write_article,
    write_lines,
)
from tests.stores import Stores


class TestIndexing:
    def test_twice_changes_nothing(self, library: Library, index: Index, news: Path) -> None:
        ids = ["dam", "east/road", "market"]
        assert outcome(index(news)) == {"added": ids}
        before = stored(library)
        assert_in_step(library)
        assert outcome(index(news)) == {"unchanged": ids}
        assert outcome(index(news, news / "market.txt")) == {"unchanged": ids}
        assert stored(library) == before

    def test_the_unchanged_is_not_read_again(
        self, index: Index, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index(news)
        monkeypatch.setattr(IsolatedReader, "read", None)
        assert len(index(news).unchanged) == 3

    def test_a_changed_file_replaces_its_passages(
        self, library: Library, index: Index, news: Path
    ) -> None:
        index(news)
        old = library.catalogue.article("market")
        (news / "market.txt").write_text("Barley prices doubled after the frost.\n")
        assert outcome(index(news)) == {"updated": ["market"], "unchanged": ["dam", "east/road"]}
        assert texts_found(library, "wheat") == []
        assert texts_found(library, "barley") == ["Barley prices doubled after the frost."]
        assert_in_step(library)
        # A citation of the old revision can still be opened.
        assert old.text.startswith("Wheat")
        assert library.catalogue.article("market", old.revision).text == old.text
        assert library.catalogue.article("market").text.startswith("Barley")

    def test_going_back_to_an_old_revision(
        self, library: Library, index: Index, news: Path
    ) -> None:
        index(news)
        before = stored(library)
        (news / "market.txt").write_text("Barley prices doubled after the frost.\n")
        index(news)
        (news / "market.txt").write_text(f"{MARKET}\n")
        assert outcome(index(news))["updated"] == ["market"]
        after = stored(library)
        assert (after["articles"], after["vectors"]) == (before["articles"], before["vectors"])
        assert texts_found(library, "wheat") == [MARKET]
        assert_in_step(library)

    def test_changed_metadata_alone_are_searched_and_dated(
        self, library: Library, index: Index, news: Path, embed: Embed
    ) -> None:
        index(news)
        revision = library.catalogue.article("dam").revision
        write_article(
            news,
            "dam.md",
            DAM,
            id="dam",
            title="Sluices shut",
            source="Vale Echo",
            date="2017-07-01",
        )
        assert outcome(index(news))["updated"] == ["dam"]
        article = library.catalogue.article("dam")
        assert (article.revision, article.published) == (revision, date(2017, 7, 1))
        assert article.text == DAM
        assert texts_found(library, "shut") == [DAM]  # the header is searched, not quoted
        assert texts_found(library, "tarn") == [DAM]  # of the text
        assert texts_found(library, "post") == []  # of the old header
        assert_in_step(library)
        (found,) = library.passages([p.id for p in split_passages(article)]).values()
        assert found[0].header == "Sluices shut | Vale Echo | 1 July 2017"
        (got,) = library.vectors.store.client.get(where={"article_id": "dam"})["metadatas"]
        assert got["header"] == found[0].header
        vector = embed([f"{found[0].header}\n\n{DAM}"])[0]
        assert library.search_vectors(vector.tolist(), 1, Filters())[0] == (
            found[0].id,
            pytest.approx(1.0, abs=1e-4),
        )

    def test_a_removed_file_is_never_found_again(
        self, library: Library, index: Index, news: Path, embed: Embed
    ) -> None:
        index(news)
        revision = library.catalogue.article("market").revision
        (news / "market.txt").unlink()
        assert outcome(index(news)) == {"removed": ["market"], "unchanged": ["dam", "east/road"]}
        assert texts_found(library, "wheat") == []
        vector = embed([MARKET])[0].tolist()
        found = library.search_vectors(vector, 10, Filters())
        assert {i.split("@")[0] for i, _ in found} == {"dam", "east/road"}
        assert_in_step(library)
        with pytest.raises(ArticleNotFoundError, match="no article 'market'"):
            library.catalogue.article("market")
        assert library.catalogue.article("market", revision).text == MARKET

    def test_removal_is_scoped_to_the_folder_that_is_named(
        self, library: Library, index: Index, news: Path, tmp_path: Path
    ) -> None:
        other = tmp_path / "other"
        write_article(other, "school.md", SCHOOL)
        index(news, other)
        for path in (news / "dam.md", news / "east/road.md", other / "school.md"):
            path.unlink()
        assert outcome(index(news / "market.txt")) == {"unchanged": ["market"]}
        assert outcome(index(news / "east")) == {"removed": ["east/road"]}
        assert outcome(index(news)) == {"removed": ["dam"], "unchanged": ["market"]}
        assert [a.id for a in library.catalogue.articles()] == ["market", "school"]
        assert outcome(index(other)) == {"removed": ["school"]}

    def test_a_moved_file_is_never_away(
        self, library: Library, index: Index, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index(news)
        (news / "dam.md").rename(news / "east/sluices.md")
        held: list[bool] = []
        commit = Writer.apply

        def watched(writer: Writer, changes: list[FileChange]) -> list[str]:
            gone = commit(writer, changes)
            held.append("dam" in library.held.owners())
            return gone

        monkeypatch.setattr(Writer, "apply", watched)
        assert outcome(index(news)) == {"updated": ["dam"], "unchanged": ["east/road", "market"]}
        assert held == [True]
        assert library.held.owners()["dam"].endswith("sluices.md")
        assert_in_step(library)
        assert outcome(index(news)) == {"unchanged": ["dam", "east/road", "market"]}

    def test_a_folder_that_is_moved_away_and_back(
        self, library: Library, index: Index, news: Path, tmp_path: Path
    ) -> None:
        everything = {"unchanged": ["dam", "east/road", "market"]}
        index(news)
        news.rename(tmp_path / "away")
        index(tmp_path / "away")
        (tmp_path / "away").rename(news)
        assert outcome(index(news)) == {"updated": ["dam", "east/road", "market"]}
        assert outcome(index(news.parent)) == everything
        assert_in_step(library)

    def test_a_file_named_under_another_root_keeps_its_id(
        self, library: Library, index: Index, news: Path
    ) -> None:
        index(news)
        write_article(news, "east/road.md", ROAD + " Rain fell.")
        assert outcome(index(news / "east/road.md")) == {"updated": ["east/road"]}
        assert outcome(index(news / "east")) == {"unchanged": ["east/road"]}

    def test_the_index_may_lie_in_the_folder_that_is_indexed(
        self, stores: Stores, tmp_path: Path, minilm: EmbedderInfo, embed: Embed
    ) -> None:
        write_article(tmp_path, "dam.md", DAM)
        library = stores.create(tmp_path / "indexes/default", minilm)
        assert outcome(index_paths(library, embed, [tmp_path])) == {"added": ["dam"]}
        assert outcome(index_paths(library, embed, [tmp_path])) == {"unchanged": ["dam"]}
        library.close()

    def test_progress_counts_every_file(self, library: Library, news: Path, embed: Embed) -> None:
        seen: list[IndexProgress] = []
        index_paths(library, embed, [news], seen.append)
        read = [now for now in seen if now.stage == "reading"]
        sizes = [0, *accumulate(file.path.stat().st_size for file in find_files([news]))]
        assert [(now.done, now.total, now.articles) for now in read] == [
            (size, sizes[-1], number) for number, size in enumerate(sizes)
        ]
        assert [(now.stage, now.done, now.total) for now in seen[len(read) :]] == [
            ("embedding", 0, 3),
            ("embedding", 3, 3),
        ]

    def test_a_path_that_is_not_there(self, index: Index, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="no such file or folder"):
            index(tmp_path / "nowhere")

    @settings(
        max_examples=8,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture],
    )
    @given(texts=st.lists(st.text(st.characters(codec="utf-8"), max_size=300), max_size=4))
    def test_whatever_the_texts_the_second_time_changes_nothing(
        self,
        stores: Stores,
        texts: list[str],
        tmp_path_factory: pytest.TempPathFactory,
        minilm: EmbedderInfo,
    ) -> None:
        place = tmp_path_factory.mktemp("any")
        folder = place / "news"
        folder.mkdir()
        for number, text in enumerate(texts):
            (folder / f"{number}.txt").write_bytes(text.encode())
        library = stores.create(place / place.name, minilm)
        first = index_paths(library, hash_embed, [folder])
        assert len(first.added) + len(first.quarantined) == len(texts)
        assert_in_step(library)
        before = stored(library)
        second = index_paths(library, hash_embed, [folder])
        assert (second.unchanged, second.quarantined) == (first.added, first.quarantined)
        assert (second.added, second.updated, second.removed) == ((), (), ())
        assert stored(library) == before
        library.close()
        shutil.rmtree(place)


class TestIds:
    def test_the_second_file_with_an_id_is_quarantined(
        self, library: Library, index: Index, news: Path
    ) -> None:
        index(news)
        before = library.catalogue.article("dam")
        write_article(news, "zz.md", BRIDGE, id="dam")
        for _ in range(2):  # and again while it stays
            report = index(news)
            assert outcome(report)["quarantined"] == ["zz.md"]
            assert report.quarantined[0].reason == (
                f"article id 'dam' is taken by {news / 'dam.md'}; give this one another `id`"
            )
        generation = library.catalogue.generation()
        index(news)
        assert library.catalogue.generation() == generation
        assert library.catalogue.article("dam") == before
        assert texts_found(library, "barge") == []

    def test_it_is_taken_when_the_first_is_gone(self, index: Index, news: Path) -> None:
        write_article(news, "zz.md", BRIDGE, id="dam")
        assert outcome(index(news))["quarantined"] == ["zz.md"]
        (news / "dam.md").unlink()
        assert outcome(index(news)) == {"updated": ["dam"], "unchanged": ["east/road", "market"]}

    @pytest.mark.parametrize("renamed", ["a.md", "z.md"])
    def test_it_is_taken_when_the_first_lets_go(
        self, library: Library, index: Index, tmp_path: Path, renamed: str
    ) -> None:
        folder = tmp_path / "news"
        write_article(folder, renamed, DAM, id="one")
        index(folder)
        write_article(folder, renamed, DAM, id="other")
        write_article(folder, "m.md", BRIDGE, id="one")
        assert outcome(index(folder)) == {"added": ["other"], "updated": ["one"]}
        assert library.catalogue.article("one").text == BRIDGE
        assert_in_step(library)

    def test_two_files_that_swap_ids(self, library: Library, index: Index, tmp_path: Path) -> None:
        folder = tmp_path / "news"
        write_article(folder, "a.md", DAM, id="one")
        write_article(folder, "b.md", BRIDGE, id="two")
        index(folder)
        write_article(folder, "a.md", DAM, id="two")
        write_article(folder, "b.md", BRIDGE, id="one")
        assert outcome(index(folder)) == {"updated": ["one", "two"]}
        assert library.catalogue.article("one").text == BRIDGE
        assert library.catalogue.article("two").text == DAM
        assert_in_step(library)
        assert outcome(index(folder)) == {"unchanged": ["one", "two"]}

    def test_an_id_twice_in_one_file(self, index: Index, tmp_path: Path) -> None:
        path = write_lines(
            tmp_path / "news.jsonl", {"id": "a", "text": DAM}, {"id": "a", "text": ROAD}
        )
        report = index(path)
        assert outcome(report) == {"added": ["a"], "quarantined": ["news.jsonl"]}
        assert "is taken by another article of this file" in report.quarantined[0].reason


class TestJsonLines:
    def test_only_the_lines_that_changed_are_written(
        self, library: Library, index: Index, tmp_path: Path
    ) -> None:
        path = tmp_path / "wire.jsonl"
        records = [{"id": f"w{n}", "text": f"{DAM} Report {n}."} for n in range(5)]
        write_lines(path, *records)
        assert outcome(index(path)) == {"added": ["w0", "w1", "w2", "w3", "w4"]}
        records[1]["text"] = MARKET
        write_lines(path, *records[:3], records[4])
        assert outcome(index(path)) == {
            "updated": ["w1"],
            "unchanged": ["w0", "w2", "w4"],
            "removed": ["w3"],
        }
        assert texts_found(library, "wheat") == [MARKET]
        assert_in_step(library)
        path.unlink()
        assert outcome(index(tmp_path)) == {"removed": ["w0", "w1", "w2", "w4"]}
        assert_in_step(library)

    def test_a_large_file_is_committed_in_parts(
        self, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(planner, "BATCH_PASSAGES", 3)
        path = write_lines(
            tmp_path / "wire.jsonl",
            *({"id": f"w{n}", "text": f"{DAM} Report {n}."} for n in range(10)),
            {"id": "none"},
        )
        report = index_paths(library, hash_embed, [path])
        assert (len(report.added), len(report.quarantined)) == (10, 1)
        assert library.catalogue.generation() > 3
        assert_in_step(library)

        class PowerCut(Exception):
            pass

        put = Words.put

        def dies(words: Words, passages: Iterable[tuple[Passage, Article]]) -> None:
            held = list(passages)
            if any("Line 7" in passage.text for passage, _ in held):
                raise PowerCut
            put(words, held)

        write_lines(path, *({"id": f"w{n}", "text": f"{ROAD} Line {n}."} for n in range(10)))
        with monkeypatch.context() as cut, pytest.raises(PowerCut):
            cut.setattr(Words, "put", dies)
            index_paths(library, hash_embed, [path])
        # What was committed stays, what was not is done by the next run.
        assert library.catalogue.article("w0").text.startswith("The northern")
        assert library.catalogue.article("w9").text.startswith("Engineers")
        report = index_paths(library, hash_embed, [path])
        assert {len(report.updated), len(report.unchanged)} == {4, 6}
        assert_in_step(library)


class TestQuarantine:
    def test_bad_files_are_listed_and_the_rest_go_in(self, index: Index, news: Path) -> None:
        (news / "noise.md").write_bytes(bytes(range(256)) * 50)
        (news / "empty.txt").touch()
        (news / "cut.jsonl").write_text('{"id": "x", "text": ')
        (news / "lies.md").write_text("---\nid: [unclosed\n---\nText.\n")
        (news / "film.mp4").write_bytes(b"\0" * 1000)
        write_lines(news / "cases.jsonl", {"question": "Who?", "answers": "[]"})
        bad = ["cases.jsonl", "cut.jsonl:1", "empty.txt", "film.mp4", "lies.md", "noise.md"]
        report = index(news)
        assert outcome(report) == {"added": ["dam", "east/road", "market"], "quarantined": bad}
        assert all(each.reason and "\n" not in each.reason for each in report.quarantined)
        again = index(news)  # they are reported while they stay
        assert sorted(again.quarantined, key=str) == sorted(report.quarantined, key=str)
        for name in bad:
            (news / name.partition(":")[0]).unlink()
        assert outcome(index(news)) == {"unchanged": ["dam", "east/road", "market"]}

    def test_a_file_that_turned_bad_takes_its_article_along(
        self, library: Library, index: Index, news: Path
    ) -> None:
        index(news)
        (news / "market.txt").write_bytes(b"")
        report = index(news)
        assert (report.removed, outcome(report)["quarantined"]) == (("market",), ["market.txt"])
        assert texts_found(library, "wheat") == []
        (news / "market.txt").write_text(MARKET)
        assert outcome(index(news))["added"] == ["market"]

    def test_thousands_of_bad_files_are_committed_in_parts(
        self, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(planner, "BATCH_FILES", 10)
        for n in range(35):
            (tmp_path / f"{n:02}.txt").touch()
        assert len(index_paths(library, hash_embed, [tmp_path]).quarantined) >= 35
        assert library.catalogue.generation() == 4


class TestOddFiles:
    def test_names_that_are_not_utf8(self, library: Library, index: Index, tmp_path: Path) -> None:
        folder = tmp_path / "news"
        folder.mkdir()
        names = [b"caf\xe9.txt", b"caf\xea.txt", b"100%25.txt", b"100%.txt"]
        for number, name in enumerate(names):
            path = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
            path.write_text(f"{DAM} Report {number}.")
        report = index(folder)
        # Both cafés are shown alike, and so have the same id.
        assert (len(report.added), len(report.quarantined)) == (3, 1)
        assert report.quarantined[0].path.encode().endswith("caf\ufffd.txt".encode())
        assert "is taken by" in report.quarantined[0].reason
        again = index(folder)
        assert (len(again.unchanged), len(again.quarantined)) == (3, 1)
        Path(os.fsdecode(os.fsencode(folder) + b"/" + names[0])).unlink()
        third = index(folder)
        assert (len(third.unchanged), len(third.updated), len(third.quarantined)) == (2, 1, 0)
        assert_in_step(library)

    def test_links(self, library: Library, index: Index, news: Path, tmp_path: Path) -> None:
        outside = write_article(tmp_path / "private", "secret.md", SCHOOL)
        (news / "out.md").symlink_to(outside)
        (news / "again.md").symlink_to(news / "dam.md")
        (news / "circle.md").symlink_to(news / "circle.md")
        (news / "folder.md").symlink_to(tmp_path / "private")
        os.mkfifo(tmp_path / "pipe")
        (news / "pipe.md").symlink_to(tmp_path / "pipe")  # reading it would never end
        report = index(news)
        assert outcome(report) == {
            "added": ["dam", "east/road", "market"],
            "quarantined": ["circle.md", "folder.md", "out.md", "pipe.md"],
        }
        assert texts_found(library, "reopened") == []
        assert outcome(index(news))["unchanged"] == ["dam", "east/road", "market"]

    def test_a_folder_that_cannot_be_listed_loses_nothing(
        self, library: Library, index: Index, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        index(news)
        find = run.find_files

        def blind(paths: list[Path]) -> list[SourceFile]:
            seen = [file for file in find(paths) if file.path.parent.name != "east"]
            return [*seen, SourceFile(news / "east", news)]

        monkeypatch.setattr(run, "find_files", blind)
        report = index(news)
        assert report.removed == ()
        assert outcome(report)["quarantined"] == ["east"]
        assert "east/road" in library.held.owners()


class TestRemove:
    def test_articles_stay_removed_until_their_file_changes(
        self, library: Library, index: Index, news: Path, embed: Embed
    ) -> None:
        index(news)
        revision = library.catalogue.article("market").revision
        with library.writing() as writer:
            assert writer.remove(["market", "nothing"]) == ["market"]
        assert texts_found(library, "wheat") == []
        assert library.catalogue.article("market", revision).text == MARKET
        assert_in_step(library)
        assert outcome(index(news)) == {"unchanged": ["dam", "east/road"]}
        assert outcome(index(news / "market.txt")) == {"added": ["market"]}  # named: read anew
        with library.writing() as writer:
            assert writer.remove(["market"]) == ["market"]
        (news / "market.txt").write_text(f"{MARKET} Rain fell.")
        assert outcome(index(news)) == {"added": ["market"], "unchanged": ["dam", "east/road"]}


class TestOpening:
    def test_no_index(self, stores: Stores, tmp_path: Path, minilm: EmbedderInfo) -> None:
        with pytest.raises(IndexNotFoundError, match=r"make one with: assistant index PATH"):
            stores.open(tmp_path / "nowhere", minilm)
        assert not (tmp_path / "nowhere").exists()

    @pytest.mark.parametrize(
        ("other", "says"),
        [
            ({"name": "another"}, "has embedder 'all-MiniLM-L6-v2', this Dateline uses 'another'"),
            ({"weights_digest": "0" * 16}, "has weights digest"),
        ],
    )
    def test_another_embedder_is_refused(
        self,
        stores: Stores,
        library: Library,
        minilm: EmbedderInfo,
        other: dict[str, str],
        says: str,
    ) -> None:
        command = f"with: assistant index --rebuild --index {library.folder}"
        for opener in (stores.open, stores.create):
            with pytest.raises(IndexMismatchError, match=says) as raised:
                opener(library.folder, replace(minilm, **other))
            assert str(raised.value).endswith(command)

    def test_another_chunking_is_refused(
        self,
        stores: Stores,
        library: Library,
        minilm: EmbedderInfo,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("assistant.library.opening.CHUNKING", "words-512")
        with pytest.raises(IndexMismatchError, match="has chunking"):
            stores.open(library.folder, minilm)

    def test_names_that_cannot_be_used(
        self, stores: Stores, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        with pytest.raises(UsageError, match="is not UTF-8"):
            stores.create(Path(f"{tmp_path}/\udcff"), minilm)
        (tmp_path / "file").touch()
        with pytest.raises(UsageError, match="cannot make the folder"):
            stores.create(tmp_path / "file", minilm)

    def test_the_manifest_says_what_is_held(
        self, library: Library, index: Index, news: Path
    ) -> None:
        index(news)
        manifest = library.manifest()
        assert (manifest.articles, manifest.passages, manifest.dimension) == (3, 3, 384)
        assert manifest.embedder == "all-MiniLM-L6-v2"
        assert manifest.cleaner_version == CLEANER_VERSION
        assert manifest.generation == library.catalogue.generation() > 0


_HOLD_LOCK = """
import sys, time
from pathlib import Path
from assistant.library import Library, engines_of
from assistant.models import embedder_info
from assistant.settings import Settings
settings, folder = Settings(), Path(sys.argv[1])
library = Library.open(folder, embedder_info(settings), engines_of(settings, folder))
with library.writing():
    print("holding", flush=True)
    time.sleep(60)
"""


class TestOneWriter:
    def test_another_process_is_waited_for(
        self, stores: Stores, library: Library, index: Index, news: Path
    ) -> None:
        holder = subprocess.Popen(
            [sys.executable, "-c", _HOLD_LOCK, str(library.folder)],
            stdout=subprocess.PIPE,
            text=True,
            env=stores.environment(library.folder),
        )
        try:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "holding\n"
            with pytest.raises(IndexLockedError, match=r"another process is writing to .*; wait"):
                index(news)
        finally:
            holder.kill()
            holder.communicate()
        assert len(index(news).added) == 3  # a dead process keeps no lock

    def test_another_library_of_this_process_too(
        self, stores: Stores, library: Library, minilm: EmbedderInfo, embed: Embed
    ) -> None:
        second = stores.open(library.folder, minilm)
        with library.writing(), pytest.raises(IndexLockedError), second.writing():
            pass
        with second.writing():
            pass
        second.close()

    def test_a_folder_that_cannot_be_written_to(
        self, library: Library, embed: Embed, news: Path
    ) -> None:
        (library.folder / "write.lock").unlink(missing_ok=True)
        (library.folder / "write.lock").mkdir()  # what root, too, cannot open for writing
        with pytest.raises(UsageError, match=r"cannot write to .*; change its permissions"):
            index_paths(library, embed, [news])


class TestSearching:
    def test_undated_articles_pass_no_date_bound(
        self, library: Library, index: Index, news: Path, embed: Embed
    ) -> None:
        index(news)
        vector = embed(["What happened?"])[0].tolist()
        for filters in (
            Filters(since=date(2000, 1, 1)),
            Filters(until=date(2030, 1, 1)),
            Filters(since=date(2017, 6, 20), until=date(2017, 6, 20)),
        ):
            found = library.search_vectors(vector, 10, filters)
            assert [i.split("@")[0] for i, _ in found] == ["dam"]
            assert library.search_words(["wheat"], 10, filters) == []
        assert library.catalogue.undated() == 2
        assert library.catalogue.days() == (date(2017, 6, 20), date(2017, 6, 20))
        assert library.search_vectors(vector, 10, Filters(since=date(2017, 6, 21))) == []

    def test_outlets_whatever_their_case_and_letters(
        self, library: Library, tmp_path: Path
    ) -> None:
        write_article(tmp_path, "a.md", DAM, source="ÉCHO DU TARN")
        write_article(tmp_path, "b.md", ROAD, source="Post", publisher="Straßenblatt")
        index_paths(library, hash_embed, [tmp_path / "a.md", tmp_path / "b.md"])
        for name, found in {"écho du tarn ": {"a"}, "STRASSENBLATT": {"b"}, "Écho": set()}.items():
            hits = library.search_words(["dam", "road", "held"], 10, Filters(source=name))
            assert {i.split("@")[0] for i, _ in hits} == found

    def test_regions_and_tags_are_those_of_the_articles(
        self, library: Library, tmp_path: Path
    ) -> None:
        write_article(tmp_path, "a.md", DAM, region="syria", tags="[War, water]")
        write_article(tmp_path, "b.md", ROAD, region="Écosse", tags="[war]")
        write_article(tmp_path, "c.md", "Nothing is known of it.")
        index_paths(library, hash_embed, [tmp_path])
        assert library.catalogue.regions() == ["syria", "Écosse"]
        assert sorted(library.catalogue.tags()) == ["War", "war", "water"]

    def test_exact_and_nearest_scores_agree(
        self, library: Library, index: Index, news: Path, embed: Embed
    ) -> None:
        index(news)
        vector = (3 * embed(["Who holds the road?"])[0]).tolist()  # of any length
        nearest = library.vectors.search(vector, 3)
        ids, rows = library.vectors.rows([*(i for i, _ in nearest), "unknown@0:0-1"])
        exact = dict(zip(ids, cosines(rows, vector), strict=True))
        assert exact == pytest.approx(dict(nearest), abs=1e-4)
        assert library.vectors.rows(["unknown@0:0-1"])[0] == []

    def test_filters_of_odd_values(self, library: Library, index: Index, news: Path) -> None:
        index(news)
        vector = hash_embed(["What happened?"])[0].tolist()
        for odd in ("a\x00b", "\ud800", "x" * 100_000, '" OR 1:*', "%"):
            for filters in (Filters(source=odd), Filters(region=odd), Filters(tag=odd)):
                assert library.search_vectors(vector, 5, filters) == []
                assert library.search_words(["wheat"], 5, filters) == []
        for none in (Filters(source="  ", region="\n"), Filters(tag="")):
            assert len(library.search_vectors(vector, 5, none)) == 3
        for dated, found in (
            (Filters(since=date(2020, 1, 1), until=date(2019, 1, 1)), 0),
            (Filters(since=date.min), 1),
            (Filters(until=date.max), 1),
            (Filters(since=date.max), 0),
        ):
            assert len(library.search_vectors(vector, 5, dated)) == found

    def test_a_filter_while_vectors_are_still_to_be_made(
        self, library: Library, news: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Chroma fails at a passage that it does not hold, where it is told which to look at."""
        monkeypatch.setattr(admitted, "FEW", 0)
        write_article(news, "east/road.md", ROAD, source="Tarn Post")
        index_paths(library, hash_embed, [news])
        write_article(news, "bridge.md", BRIDGE, source="Tarn Post")
        index_paths(library, hash_embed, [news], stop=lambda: "bridge" in library.held.owners())
        assert library.pending() == 1
        vector = hash_embed([DAM])[0].tolist()
        found = library.search_vectors(vector, 5, Filters(source="Tarn Post"))
        assert sorted(i.split("@")[0] for i, _ in found) == ["dam", "east/road"]

    def test_a_filter_that_a_commit_overtakes(
        self,
        stores: Stores,
        library: Library,
        news: Path,
        minilm: EmbedderInfo,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(admitted, "FEW", 0)
        write_article(news, "east/road.md", ROAD, source="Tarn Post")
        index_paths(library, hash_embed, [news])
        library.refresh()
        vector, filters = hash_embed([DAM])[0].tolist(), Filters(source="Tarn Post")
        assert len(library.search_vectors(vector, 5, filters)) == 2
        other = stores.open(library.folder, minilm)
        with other.writing() as writer:
            writer.remove(["dam"])
        other.close()
        found = library.search_vectors(vector, 5, filters)  # of a question that began before
        assert [i.split("@")[0] for i, _ in found if i in library.passages([i])] == ["east/road"]

    def test_what_the_catalogue_does_not_point_at_is_not_found(
        self, library: Library, index: Index, news: Path, embed: Embed
    ) -> None:
        """The state after a kill between writing and committing."""
        index(news)
        ghosts = split_passages(Article("ghost", SCHOOL))
        with library.catalogue.begin() as connection:
            note(connection, DOUBTFUL, [passage.id for passage in ghosts])
        library.words.put([(ghost, Article("ghost", SCHOOL)) for ghost in ghosts])
        assert library.words.search(analyze("reopen"), 1)[0][0].startswith("ghost@")
        assert library.search_words(analyze("reopen"), 3, Filters()) == []
        assert not library.is_whole()
        index(news)  # the next writer clears it
        assert library.is_whole()
        assert_in_step(library)

    def test_one_moment_is_read(self, library: Library, index: Index, news: Path) -> None:
        """A commit of another connection does not show in a transaction that has begun."""
        index(news)
        with library.catalogue.begin() as connection:
            count = "SELECT count(*) FROM passages"
            before = connection.exec_driver_sql(count).scalar_one()
            write_article(news, "bridge.md", BRIDGE)
            index(news)
            assert connection.exec_driver_sql(count).scalar_one() == before
        assert library.catalogue.counts()[1] == before + 1

    def test_an_article_id_of_any_kind_is_only_not_found(self, library: Library) -> None:
        for strange in ("\udcff", "' OR 1=1 --", "", "a@b"):
            with pytest.raises(ArticleNotFoundError):
                library.catalogue.article(strange)

"""What is a folder's own: a library none of whose stores is on a server."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import (
    IndexDamagedError,
    IndexNotFoundError,
)
from assistant.indexing import index_paths
from assistant.library import Embed, Library
from assistant.library.words import Words
from assistant.models import EmbedderInfo
from assistant.passages import split_passages
from assistant.types import Article, Filters, Passage
from tests.newsroom import (
    BRIDGE,
    DAM,
    MARKET,
    ROAD,
    Index,
    assert_in_step,
    hash_embed,
    outcome,
    texts_found,
    write_article,
)


class TestOpening:
    def test_a_creation_that_was_cut_short(self, tmp_path: Path, minilm: EmbedderInfo) -> None:
        folder = tmp_path / "index"
        folder.mkdir()
        (folder / "catalogue.sqlite").touch()
        with pytest.raises(IndexNotFoundError):
            Library.open(folder, minilm)
        library = Library.create(folder, minilm)
        assert library.manifest().articles == 0
        library.close()

    def test_names_that_mean_something_in_an_address(
        self, tmp_path: Path, minilm: EmbedderInfo
    ) -> None:
        folder = tmp_path / "what? #1 100%25 & ü"
        write_article(tmp_path / "news", "dam.md", DAM)
        library = Library.create(folder, minilm)
        index_paths(library, hash_embed, [tmp_path / "news"])
        assert_in_step(library)
        assert (folder / "catalogue.sqlite").is_file()
        library.close()

    def test_a_read_only_disk_is_one_clear_line(
        self, library: Library, index: Index, news: Path
    ) -> None:
        index(news)
        library.close()
        folder = shlex.quote(str(library.folder))
        mount = f"mount --bind {folder} {folder} && mount -o remount,ro,bind {folder}"
        alone = ["unshare", "--mount", "--map-root-user", "sh", "-c"]
        if (
            not shutil.which("unshare")
            or subprocess.run([*alone, mount], capture_output=True).returncode
        ):
            pytest.skip("no mount namespaces here")
        for command in ("ask dam", f"index {shlex.quote(str(news))}", "articles list"):
            result = subprocess.run(
                [*alone, f"{mount} && {sys.executable} -m assistant {command} --index {folder}"],
                capture_output=True,
                text=True,
                cwd=Path(__file__).parents[2],
            )
            assert result.returncode in (1, 2)
            assert "can be written to" in result.stderr
            assert len(result.stderr.splitlines()) == 1


class TestDamage:
    @pytest.fixture
    def folder(self, library: Library, index: Index, news: Path) -> Path:
        index(news)
        library.close()
        return library.folder

    def test_the_catalogue(self, folder: Path, minilm: EmbedderInfo) -> None:
        for left in folder.glob("catalogue.sqlite*"):
            left.write_bytes(b"garbage" * 1000)
        with pytest.raises(IndexDamagedError, match=r"catalogue.*delete the index") as error:
            Library.open(folder, minilm)
        assert "\n" not in str(error.value)

    @pytest.mark.parametrize("which", ["meta.json", "*.term"])
    def test_the_words(
        self, folder: Path, minilm: EmbedderInfo, embed: Embed, news: Path, which: str
    ) -> None:
        for file in (folder / "words").glob(which):
            file.write_bytes(b"garbage" * 100)
        with pytest.raises(
            IndexDamagedError, match="mend it with: assistant index --rebuild"
        ) as error:
            Library.open(folder, minilm)
        assert "\n" not in str(error.value)
        shutil.rmtree(folder / "words")
        self._is_mended_by_indexing(folder, minilm, embed, news)

    @pytest.mark.parametrize("which", ["chroma.sqlite3"])
    def test_the_vectors(
        self, folder: Path, minilm: EmbedderInfo, embed: Embed, news: Path, which: str
    ) -> None:
        for file in (folder / "vectors").rglob(which):
            file.write_bytes(b"garbage" * 100)
        library = Library.open(folder, minilm)
        for _ in range(2):  # it stays one clear line
            with pytest.raises(
                IndexDamagedError, match="mend it with: assistant index --rebuild"
            ) as error:
                library.search_vectors([1.0] * 384, 5, Filters())
            assert "\n" not in str(error.value)
        library.close()
        shutil.rmtree(folder / "vectors")
        self._is_mended_by_indexing(folder, minilm, embed, news)

    def test_the_cache(self, folder: Path, minilm: EmbedderInfo, embed: Embed, news: Path) -> None:
        (folder / "embeddings.sqlite").write_bytes(b"garbage" * 1000)
        write_article(news, "bridge.md", BRIDGE)
        library = Library.open(folder, minilm)
        with pytest.raises(IndexDamagedError, match=r"embeddings\.sqlite.*index --rebuild"):
            index_paths(library, embed, [news])
        (folder / "embeddings.sqlite").unlink()
        assert outcome(index_paths(library, embed, [news]))["added"] == ["bridge"]
        assert_in_step(library)
        library.close()

    def test_words_after_a_failure_half_way(self, tmp_path: Path) -> None:
        """The next writer of this process can write, whoever still holds the error."""
        words, article = Words(tmp_path / "words"), Article("dam", DAM)
        passages = [(passage, article) for passage in split_passages(article)]

        def broken() -> Iterator[tuple[Passage, Article]]:
            yield from passages
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError) as held:
            words.replace(broken())
        assert words.count() == 0
        words.put(passages)
        assert words.count() == 1
        assert held.tb

    def _is_mended_by_indexing(
        self, folder: Path, minilm: EmbedderInfo, embed: Embed, news: Path
    ) -> None:
        """What the message says helps; and nothing is embedded again for it."""

        def nothing(texts: list[str]) -> NDArray[np.float32]:
            raise AssertionError(f"embedded again: {texts}")

        library = Library.open(folder, minilm)
        assert outcome(index_paths(library, nothing, [news])) == {
            "unchanged": ["dam", "east/road", "market"]
        }
        assert_in_step(library)
        assert library.search_vectors(embed([ROAD])[0].tolist(), 1, Filters())
        assert texts_found(library, "wheat") == [MARKET]
        library.close()

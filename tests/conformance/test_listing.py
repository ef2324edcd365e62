"""The list of a library's articles, and the files that it keeps itself, on every engine."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import IndexLockedError
from assistant.indexing import IndexProgress, index_paths, own_files
from assistant.library import UNDATED, Library, Look
from assistant.models import EmbedderInfo
from assistant.types import Quarantined
from tests.newsroom import BRIDGE, DAM, MARKET, ROAD, SCHOOL, hash_embed, write_article, write_lines
from tests.stores import Stores

LONG = " ".join(f"On day {n} the water stood {n} hands below the crest of it." for n in range(40))


@pytest.fixture
def articles(library: Library, tmp_path: Path) -> Path:
    """Five articles, one of them carried by another outlet, one undated, one a copy."""
    folder = tmp_path / "secretplace"
    write_article(
        folder, "dam.md", LONG, title="Élan at the Dam", source="Tarn Post", date="2021-03-02"
    )
    write_article(folder, "dam-again.md", LONG, title="Copied", source="Digest", date="2021-03-05")
    write_article(
        folder,
        "sub/road.md",
        ROAD,
        title="Road held",
        source="South Front",
        publisher="Digest",
        author="Lena Aubry",
        date="2020-11-30",
        region="Москва",
        tags="[army, 100%]",
    )
    write_article(
        folder, "market.md", MARKET, title="Wheat_prices", source="Tarn Post", date="2021-04-01"
    )
    write_article(folder, "school.md", SCHOOL, title="Schools", tags="[armyworm]")
    index_paths(library, hash_embed, [folder])
    return folder


def ids(library: Library, **look: str) -> list[str]:
    return [each.article.id for each in library.listing.page(Look(**look), 0, 50)]


ALL = ["market", "dam-again", "dam", "sub/road", "school"]


def test_newest_first_undated_last_page_by_page(library: Library, articles: Path) -> None:
    assert ids(library) == ALL
    listing = library.listing
    pages = [listing.page(Look(), first, 2) for first in (0, 2, 4, 6)]
    assert [[each.article.id for each in page] for page in pages] == [
        ALL[:2],
        ALL[2:4],
        ALL[4:],
        [],
    ]
    assert pages[0][0].words == len(MARKET.split())
    assert pages[0][0].article.text == ""


LOOKS: list[tuple[dict[str, str], list[str]]] = [
    ({"words": "road"}, ["sub/road"]),
    ({"words": "AUBRY front"}, ["sub/road"]),
    ({"words": "aubry tarn"}, []),
    ({"words": "élan"}, ["dam"]),
    ({"words": "ÉLAN"}, ["dam"]),
    ({"words": "dam.md"}, ["dam"]),
    ({"words": "sub"}, ["sub/road"]),
    ({"words": "secretplace"}, []),
    ({"words": "wheat_"}, ["market"]),
    ({"words": "d%m"}, []),
    ({"words": "' OR 1=1 --"}, []),
    ({"words": "\ud800 \x00"}, []),
    ({"outlet": "digest"}, ["dam-again", "sub/road"]),
    ({"outlet": "Dig"}, []),
    ({"region": "москва"}, ["sub/road"]),
    ({"tag": "Army"}, ["sub/road"]),
    ({"tag": "100%"}, ["sub/road"]),
    ({"when": "2021"}, ["market", "dam-again", "dam"]),
    ({"when": "2021-03"}, ["dam-again", "dam"]),
    ({"when": UNDATED}, ["school"]),
    ({"when": "2021-03", "outlet": "Tarn Post", "words": "dam"}, ["dam"]),
]


def test_what_a_look_admits(library: Library, articles: Path) -> None:
    assert {str(look): ids(library, **look) for look, _ in LOOKS} == {
        str(look): found for look, found in LOOKS
    }
    for look, found in LOOKS:
        counts = library.listing.counts(Look(**look))
        assert sum(each.articles for each in counts) == len(found), look


def test_counts_by_month_outlet_and_carrier(library: Library, articles: Path) -> None:
    counted = {
        (each.month, each.source, each.publisher): each.articles
        for each in library.listing.counts(Look())
    }
    assert counted == {
        ("2021-04", "Tarn Post", ""): 1,
        ("2021-03", "Tarn Post", ""): 1,
        ("2021-03", "Digest", ""): 1,
        ("2020-11", "South Front", "Digest"): 1,
        ("", "", ""): 1,
    }


def test_copies_are_told_with_what_they_repeat(library: Library, articles: Path) -> None:
    rows = {each.article.id: each for each in library.listing.page(Look(), 0, 50)}
    repeats = rows["dam-again"].repeats
    assert repeats and (repeats.id, repeats.title, repeats.kind) == (
        "dam",
        "Élan at the Dam",
        "exact",
    )
    assert (rows["dam"].copies, rows["dam"].repeats, rows["market"].copies) == (1, None, 0)


def test_ids_that_files_of_a_name_give(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_lines(folder / "briefs.jsonl", {"text": DAM}, {"text": ROAD})
    index_paths(library, hash_embed, [folder])
    assert [library.listing.has_id(stem) for stem in ("briefs", "brief", "briefs#1", "other")] == [
        True,
        False,
        True,
        False,
    ]


# Own files


def bring(library: Library, *files: Path, name: str = "") -> tuple[list[Path], list[object]]:
    kept = [own_files.keep_upload(library, file, name or file.name) for file in files]
    _, outcomes = own_files.take_in(library, hash_embed, kept)
    return kept, [(each.articles, each.added, each.refused) for each in outcomes]


def test_uploads_are_kept_indexed_and_not_doubled(library: Library, tmp_path: Path) -> None:
    dam = write_article(tmp_path, "dam.md", DAM)
    lines = write_lines(
        tmp_path / "some.jsonl", {"text": ROAD}, {"title": "none"}, {"text": MARKET}
    )
    kept, outcomes = bring(library, dam, lines)
    reason = Quarantined(f"{kept[1]}:2", 'has no text (in "text" or "body")')
    assert outcomes == [(1, 1, ()), (2, 2, (reason,))]
    assert {path.parent for path in kept} == {library.folder.resolve() / "uploaded"}
    assert ids(library) == ["dam", "some#1", "some#3"]
    again, outcomes = bring(library, dam)
    assert again == kept[:1]
    assert outcomes == [(1, 0, ())]


def test_another_file_of_a_name_gets_another_name(library: Library, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    write_article(outside, "bridge.md", BRIDGE)
    index_paths(library, hash_embed, [outside])
    bring(library, write_article(tmp_path, "dam.md", DAM))
    other = write_article(tmp_path / "b", "dam.md", ROAD)
    kept, _ = bring(library, other)
    assert kept[0].name == "dam-2.md"
    kept, outcomes = bring(library, write_article(tmp_path / "c", "bridge.md", MARKET))
    assert (kept[0].name, outcomes) == ("bridge-2.md", [(1, 1, ())])
    assert sorted(ids(library)) == ["bridge", "bridge-2", "dam", "dam-2"]
    texts = [library.catalogue.article(each).text for each in ("dam", "dam-2", "bridge")]
    assert [text[:12] for text in texts] == [DAM[:12], ROAD[:12], BRIDGE[:12]]


def test_what_is_refused_does_not_stay(library: Library, tmp_path: Path) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04 no archive")
    kept, outcomes = bring(library, bad)
    assert [articles for articles, *_ in outcomes] == [0]
    assert not kept[0].exists()
    assert library.held.all_states() == {}


def test_an_id_that_is_taken_is_refused_and_what_has_it_stays(
    library: Library, tmp_path: Path
) -> None:
    bring(library, write_article(tmp_path, "a.md", DAM, id="same"))
    kept, outcomes = bring(library, write_article(tmp_path, "b.md", ROAD, id="same"))
    assert outcomes[0][:2] == (0, 0)
    assert not kept[0].exists()
    assert library.catalogue.article("same").text == DAM


def test_a_stopped_run_leaves_no_file_without_its_articles(
    library: Library, tmp_path: Path
) -> None:
    files = [write_article(tmp_path, f"{n}.md", text) for n, text in enumerate((DAM, ROAD, MARKET))]
    kept = [own_files.keep_upload(library, file, file.name) for file in files]
    at: list[str] = []

    def told(progress: IndexProgress) -> None:
        at.append(progress.item)

    report, outcomes = own_files.take_in(
        library, hash_embed, kept, told, lambda: str(kept[1]) in at
    )
    assert report.stopped
    assert [each.articles for each in outcomes] == [1, 1, 0]
    assert [path.exists() for path in kept] == [True, True, False]
    assert ids(library) == ["0", "1"]


def test_a_second_writer_is_told_and_leaves_nothing(
    library: Library, tmp_path: Path, stores: Stores, minilm: EmbedderInfo
) -> None:
    there, _ = bring(library, write_article(tmp_path, "dam.md", DAM))
    with closing(stores.open(library.folder, minilm)) as other, other.writing():
        kept = own_files.keep_upload(library, write_article(tmp_path, "road.md", ROAD), "road.md")
        with pytest.raises(IndexLockedError):
            own_files.take_in(library, hash_embed, [kept, there[0]])
    assert not kept.exists()
    assert there[0].exists()


def test_removal_takes_own_files_along_and_names_the_others(
    library: Library, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    bridge = write_article(outside, "bridge.md", BRIDGE)
    index_paths(library, hash_embed, [outside])
    kept, _ = bring(
        library,
        write_article(tmp_path, "dam.md", DAM),
        write_lines(tmp_path / "two.jsonl", {"text": ROAD}, {"text": MARKET}),
    )
    revision = library.catalogue.article("dam").revision
    wanted = ["dam", "two#1", "bridge", "never there"]
    planned = own_files.plan_removal(library, wanted)
    assert (planned.deleted, planned.shared) == (("dam.md",), ("two.jsonl",))
    assert planned.outside == (str(bridge.resolve()),)
    assert sorted(planned.article_ids) == ["bridge", "dam", "two#1"]
    assert len(ids(library)) == 4  # nothing was done yet

    assert own_files.remove(library, wanted) == planned
    assert ids(library) == ["two#2"]
    assert [path.exists() for path in kept] == [False, True]
    assert bridge.exists()
    assert library.catalogue.article("dam", revision).text == DAM  # citations can be opened
    index_paths(library, hash_embed, [outside, kept[0].parent])
    assert ids(library) == ["two#2"]
    own_files.remove(library, ["two#2"])
    assert not kept[1].exists()
    assert ids(library) == []


def test_a_file_that_is_gone_is_not_spoken_of(library: Library, tmp_path: Path) -> None:
    bridge = write_article(tmp_path / "outside", "bridge.md", BRIDGE)
    index_paths(library, hash_embed, [bridge.parent])
    bridge.unlink()
    assert own_files.plan_removal(library, ["bridge"]).outside == ()


def test_an_index_inside_of_a_folder_keeps_its_own_files_out_of_it(
    library: Library, tmp_path: Path
) -> None:
    kept, _ = bring(library, write_article(tmp_path / "in", "dam.md", DAM))
    index_paths(library, hash_embed, [tmp_path])  # it holds the index's folder
    assert sorted(ids(library)) == ["dam", "in/dam"]
    assert kept[0].exists()

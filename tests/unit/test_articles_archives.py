"""Archives: their members are read as files are, and what is dangerous in them is refused."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import random
import stat
import tarfile
import zipfile
from pathlib import Path

import pytest

from assistant.articles import SourceFile, content, find_files, read_articles
from assistant.articles.kinds import members
from assistant.types import Article
from tests.unit.article_makers import (
    JSON,
    PAGE,
    RSS,
    TEXT,
    articles,
    mail,
    mailbox,
    pdf,
    read,
    reasons,
    saved_page,
    tarred,
    word,
    zipped,
)

MIXED: dict[str, bytes | str] = {
    "June/bridge.md": f"---\ntitle: Bridge shut\n---\n{TEXT}\n",
    "ferry.txt": "The ferry runs twice an hour.",
    "list.json": JSON,
    "page.html": PAGE,
    "saved.mht": saved_page(),
    "box.mbox": mailbox(mail()),
    "feed.rss": RSS,
    "a.pdf": pdf([TEXT[:80]]),
    "b.docx": word(TEXT),
}
IDS = [
    "June/bridge", "ferry", "list#1", "7", "page", "saved", "box#1", "gazette-1",
    "https://gazette.example/ferry", "a", "b",
]  # fmt: skip
OWN = {"7", "gazette-1", "https://gazette.example/ferry"}
TARS = ["tar", "tar.gz", "tgz", "tar.bz2", "tbz2", "tar.xz", "txz"]


def archive(name: str, files: dict[str, bytes | str]) -> bytes:
    """The files in an archive of the kind that the name says."""
    if name.endswith("zip"):
        return zipped(files)
    packed = {"gz": "gz", "tgz": "gz", "bz2": "bz2", "tbz2": "bz2", "xz": "xz", "txz": "xz"}
    kind = packed.get(name.rpartition(".")[2])
    return tarred(files, f"w:{kind}" if kind else "w")


@pytest.mark.parametrize("ending", ["zip", *TARS])
def test_members_are_read_as_files_of_their_kind(tmp_path: Path, ending: str) -> None:
    name = f"2017/all.{ending}"
    found = articles(read(tmp_path, name, archive(name, MIXED)))
    assert [article.id for article in found] == [
        own if own in OWN else f"2017/all.{ending}/{own}" for own in IDS
    ]
    assert (found[0].title, found[0].text) == ("Bridge shut", TEXT)


@pytest.mark.parametrize("ending", ["zip", "tar.gz"])
def test_bad_members_are_quarantined_under_their_names(tmp_path: Path, ending: str) -> None:
    files = {
        "good.md": TEXT,
        "in/bad.md": b"\x00\x01",
        "in/none.md": "",
        "pic.png": "x",
        "list.jsonl": '{"text": "Good."}\n{"text": ""}\n',
        "page.txt": b"%PDF-1.4",
    }
    items = read(tmp_path, f"a.{ending}", archive(ending, files))
    assert [item.id for item in items if isinstance(item, Article)] == [
        f"a.{ending}/good",
        f"a.{ending}/list#1",
    ]
    why = reasons(items, tmp_path)
    assert why.pop(f"a.{ending}/pic.png").startswith("is not a kind of file Dateline reads")
    assert why == {
        f"a.{ending}/in/bad.md": "is binary, not text",
        f"a.{ending}/in/none.md": "is empty",
        f"a.{ending}/list.jsonl:2": 'has no text (in "text" or "body")',
        f"a.{ending}/page.txt": "is a PDF, whatever its name says",
    }


@pytest.mark.parametrize("ending", ["zip", "tar"])
def test_litter_and_hidden_members_are_left_out(tmp_path: Path, ending: str) -> None:
    files: dict[str, bytes | str] = {
        "__MACOSX/._a.md": "x", ".git/b.md": "x", "in/.hidden.md": "x", "in/Thumbs.db": "x",
        "in/a.md": TEXT,
    }  # fmt: skip
    (article,) = articles(read(tmp_path, f"a.{ending}", archive(ending, files)))
    assert article.id == f"a.{ending}/in/a"


@pytest.mark.parametrize("ending", ["zip", "tar.xz"])
def test_the_folder_of_a_saved_page_is_no_article(tmp_path: Path, ending: str) -> None:
    files: dict[str, bytes | str] = {
        "in/Bridge shut_files/frame.html": PAGE,
        "in/Bridge shut_files/deep/ad.html": PAGE,
        "in/Bridge shut.html": PAGE,
        "in/press_files/report.md": TEXT,
    }
    found = articles(read(tmp_path, f"a.{ending}", archive(ending, files)))
    assert [article.id.removeprefix(f"a.{ending}/in/") for article in found] == [
        "Bridge shut",
        "press_files/report",
    ]


def test_nor_is_it_in_a_folder(tmp_path: Path) -> None:
    for name in ["Shut.htm", "Shut-Dateien/frame.html", "press_files/report.html"]:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PAGE)
    names = [file.path.relative_to(tmp_path).as_posix() for file in find_files([tmp_path])]
    assert names == ["Shut.htm", "press_files/report.html"]


@pytest.mark.parametrize(
    "name", ["../out.md", "in/../../out.md", "/etc/out.md", "C:\\out.md", "..\\out.md"]
)
@pytest.mark.parametrize("ending", ["zip", "tar"])
def test_names_that_lead_out_are_refused(tmp_path: Path, name: str, ending: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    items = read(root, f"a.{ending}", archive(ending, {name: TEXT, "good.md": TEXT}))
    (why,) = reasons(items, root).values()
    assert why == "has a name that leads out of the archive"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [f"a.{ending}"]


def test_links_and_devices_in_a_tar_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    kinds = {
        "soft.md": tarfile.SYMTYPE, "hard.md": tarfile.LNKTYPE, "pipe.md": tarfile.FIFOTYPE,
        "device.md": tarfile.CHRTYPE,
    }  # fmt: skip
    with tarfile.open(fileobj=buffer, mode="w") as archive_:
        for name, kind in kinds.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive_.addfile(info)
        archive_.add(__file__, "good.md")
    items = read(tmp_path, "a.tar", buffer.getvalue())
    assert reasons(items, tmp_path) == {
        "a.tar/soft.md": "is a link, which is not followed",
        "a.tar/hard.md": "is a link, which is not followed",
        "a.tar/pipe.md": "is not a regular file",
        "a.tar/device.md": "is not a regular file",
    }
    assert len(items) == 5


def test_links_and_devices_in_a_zip_are_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive_:
        for name, kind in {"soft.md": stat.S_IFLNK, "device.md": stat.S_IFCHR}.items():
            info = zipfile.ZipInfo(name)
            info.create_system, info.external_attr = 3, (kind | 0o777) << 16
            archive_.writestr(info, "/etc/passwd")
    assert reasons(read(tmp_path, "a.zip", buffer.getvalue()), tmp_path) == {
        "a.zip/soft.md": "is a link, which is not followed",
        "a.zip/device.md": "is not a regular file",
    }


def test_encrypted_members_are_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"secret.md": TEXT, "good.md": TEXT}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive_:
        at = archive_.start_dir
    data[at + 8] |= 1  # the flag of the first member in the directory
    items = read(tmp_path, "a.zip", bytes(data))
    assert reasons(items, tmp_path) == {"a.zip/secret.md": "is encrypted with a password"}
    assert isinstance(items[1], Article)


@pytest.mark.parametrize("outer", ["zip", "tar.gz"])
def test_archives_in_archives_are_read_one_level_deep(tmp_path: Path, outer: str) -> None:
    innermost = zipped({"a.md": TEXT})
    inner = zipped({"b.md": TEXT, "deep.zip": innermost, "deep.gz": gzip.compress(innermost)})
    items = read(tmp_path, f"o.{outer}", archive(outer, {"i.zip": inner, "c.md": TEXT}))
    assert [item.id for item in items if isinstance(item, Article)] == [
        f"o.{outer}/i.zip/b",
        f"o.{outer}/c",
    ]
    why = "is an archive in an archive in an archive, which is not unpacked"
    assert reasons(items, tmp_path) == {
        f"o.{outer}/i.zip/deep.zip": why,
        f"o.{outer}/i.zip/deep.gz": why,
    }


@pytest.mark.parametrize("name", ["again", "again.zip", "again.gz"])
def test_archives_without_end_end(tmp_path: Path, name: str) -> None:
    data = zipped({"a.md": TEXT})
    for _ in range(30):
        packed = gzip.compress(data) if name.endswith("gz") else data
        data = zipped({"a.md": TEXT, name: packed})
    items = read(tmp_path, "a.zip", data)
    assert len(items) == 3 - name.endswith("gz")  # which counts as an archive too
    (why,) = reasons(items, tmp_path).values()
    assert why == "is an archive in an archive in an archive, which is not unpacked"


TOO_DENSE = "unpacks to more than 200 times its size, which no text does"


def test_what_is_packed_too_densely_is_refused(tmp_path: Path) -> None:
    bomb = b"a" * 5_000_000
    items = read(tmp_path, "a.zip", zipped({"bomb.md": bomb, "good.md": TEXT}))
    assert reasons(items, tmp_path) == {"a.zip/bomb.md": TOO_DENSE}
    assert isinstance(items[1], Article)
    data = tarred({"good.md": TEXT, "bomb.md": bomb}, "w:gz")
    items = read(tmp_path, "a.tar.gz", data)
    assert TOO_DENSE in reasons(items, tmp_path)["a.tar.gz"]
    assert isinstance(items[0], Article)
    assert reasons(read(tmp_path, "b.txt.gz", gzip.compress(bomb)), tmp_path) == {
        "b.txt.gz": TOO_DENSE
    }


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.md": TEXT * 100}))
    with zipfile.ZipFile(io.BytesIO(data)) as archive_:
        at = archive_.start_dir
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    (why,) = reasons(read(tmp_path, "a.zip", bytes(data)), tmp_path).values()
    assert why.startswith("is damaged: Bad CRC-32")


@pytest.mark.parametrize("ending", ["zip", "tar"])
def test_all_together_may_hold_so_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    files: dict[str, bytes | str] = {f"{n}.md": TEXT for n in range(9)}
    nested = archive(ending, {"i.zip": zipped(files), **files})
    monkeypatch.setattr(content.Allowance.__init__, "__defaults__", (10, 1 << 40))
    items = read(tmp_path, f"a.{ending}", nested)
    assert len(items) == 10  # nine of the inner one, which is a member too, and the reason
    (why,) = reasons(items, tmp_path).items()
    assert why == (f"a.{ending}", "holds more than 100,000 files; what follows is not read")
    monkeypatch.setattr(content.Allowance.__init__, "__defaults__", (99, 3000))
    items = read(tmp_path, f"a.{ending}", nested)
    why = "unpacks to more than 4,000,000,000 bytes; what follows is not read"
    assert set(reasons(items, tmp_path).values()) == {why}
    assert len(items) < 18


def test_members_are_as_large_as_files_of_their_kind(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(21_000_000 // 2).hex()
    items = read(tmp_path, "a.zip", zipped({"a.md": noise}))
    assert reasons(items, tmp_path) == {
        "a.zip/a.md": "has 21,000,000 bytes, more than the 20,000,000 that are read"
    }


def test_large_members_lie_in_a_temporary_file_that_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(content, "_IN_MEMORY", 100)
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    assert len(articles(read(tmp_path, "a.zip", zipped(MIXED)))) == len(IDS)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("pack", "name"),
    [(gzip.compress, "a.jsonl.gz"), (bz2.compress, "a.md.bz2"), (lzma.compress, "a.html.xz")],
)
def test_a_single_packed_file_is_read_as_what_is_in_it(tmp_path: Path, pack, name: str) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    inside = {"jsonl": f'{{"text": "{TEXT}"}}', "md": TEXT, "html": PAGE}[name.split(".")[1]]
    (article,) = articles(read(tmp_path, f"in/{name}", pack(inside.encode())))
    assert TEXT in article.text
    assert article.id.partition("#")[0] == "in/a"


def test_packed_files_of_no_kind_or_damaged_are_refused(tmp_path: Path) -> None:
    for name in ("a.gz", "a.png.gz"):
        (why,) = reasons(read(tmp_path, name, gzip.compress(b"x")), tmp_path).values()
        assert why.startswith("is not a kind of file Dateline reads")
    (why,) = reasons(
        read(tmp_path, "b.md.gz", gzip.compress(TEXT.encode())[:-9]), tmp_path
    ).values()
    assert why.startswith("is damaged: Compressed file ended")


def test_a_damaged_zip_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.md": TEXT, "b.md": TEXT}, zipfile.ZIP_STORED))
    data[60] ^= 1
    items = read(tmp_path, "a.zip", bytes(data))
    assert reasons(items, tmp_path)["a.zip/a.md"].startswith("is damaged: Bad CRC-32")
    assert isinstance(items[1], Article)
    (why,) = reasons(read(tmp_path, "b.zip", bytes(data[:-30])), tmp_path).values()
    assert why == "is a damaged zip archive: File is not a zip file"


@pytest.mark.parametrize("cut", [300, 512, 1500, 2048])
def test_a_cut_tar_is_read_as_far_as_it_goes(tmp_path: Path, cut: int) -> None:
    data = tarred({"a.md": TEXT, "b.md": TEXT})[:cut]
    items = read(tmp_path, "a.tar", data)
    assert sum(isinstance(item, Article) for item in items) == cut // 1024
    assert reasons(items, tmp_path)["a.tar"].startswith("is a damaged archive: ")


def test_a_damaged_header_in_a_tar_is_told(tmp_path: Path) -> None:
    data = bytearray(tarred({"a.md": TEXT, "b.md": TEXT, "c.md": TEXT}))
    data[1024 + 150] ^= 1  # in the check sum of the second
    items = read(tmp_path, "a.tar", bytes(data))
    assert [type(item).__name__ for item in items] == ["Article", "Quarantined"]
    assert reasons(items, tmp_path) == {
        "a.tar": "is a damaged archive: it breaks off, or its next member is damaged"
    }


def test_a_tar_with_a_negative_size_ends(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a.md")
    info.size = -1024
    header = info.tobuf(tarfile.GNU_FORMAT)
    items = read(tmp_path, "a.tar", header + tarred({"b.md": TEXT}))
    assert reasons(items, tmp_path) == {"a.tar": "is a damaged archive: a member of negative size"}


def test_a_tar_with_a_header_of_absurd_size_is_not_held(tmp_path: Path) -> None:
    info = tarfile.TarInfo("a.md")
    info.type, info.size = tarfile.XHDTYPE, 100_000_000
    data = info.tobuf(tarfile.PAX_FORMAT) + b"\0" * 1024
    why = "is a damaged archive: a header of absurd size"
    assert reasons(read(tmp_path, "a.tar", data), tmp_path) == {"a.tar": why}
    assert reasons(read(tmp_path, "a.tar.gz", gzip.compress(data)), tmp_path) == {"a.tar.gz": why}


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz"])
def test_archives_without_files_are_told(tmp_path: Path, ending: str) -> None:
    items = read(tmp_path, f"a.{ending}", archive(ending, {}))
    assert reasons(items, tmp_path) == {f"a.{ending}": "is an archive without files"}


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    gz = gzip.compress(TEXT.encode())
    assert reasons(read(tmp_path, "a.zip", gz), tmp_path) == {
        "a.zip": "is packed by gzip, whatever its name says"
    }
    (why,) = reasons(read(tmp_path, "a.tar", TEXT * 9), tmp_path).values()
    assert why.startswith("is a damaged archive: ")


def test_an_archive_without_an_ending_is_known_by_its_bytes(tmp_path: Path) -> None:
    (article,) = articles(read(tmp_path, "download", zipped({"a.md": TEXT})))
    assert article.id == "download/a"
    (article,) = articles(read(tmp_path, "page", gzip.compress(PAGE.encode())))
    assert article.id == "page"
    (article,) = articles(read(tmp_path, "a.tar.gz", tarred({"a.md": TEXT})))
    assert article.id == "a.tar.gz/a"


def test_only_one_member_is_held_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{n}.md": TEXT for n in range(3)}))
    opened: list[str] = []
    original = members.unpacked

    def noting(*args: object) -> object:
        opened.append("x")
        return original(*args)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(members, "unpacked", noting)
        found = read_articles(SourceFile(path, tmp_path))
        next(found)
        assert len(opened) == 1
        next(found)
        assert len(opened) == 2

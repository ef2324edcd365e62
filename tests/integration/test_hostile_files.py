"""More than 500 hostile or broken files in one run: none ends it, hangs it, or gets out.

Each is read or refused with a reason, no article is half in, and nothing is written beside the
index. What is wrong with single kinds stands in the tests of their readers.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import random
import tarfile
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from assistant.articles.isolated import IsolatedReader
from assistant.indexing import index_paths, run
from assistant.indexing.paths import stored_path
from assistant.library import Library
from tests.newsroom import DAM, ROAD, assert_in_step, hash_embed
from tests.unit.article_makers import mail
from tests.unit.test_articles_mutations import FILES, changed, made

SECRET = "the password is wolfsbane"
SECONDS = 5.0  # that a file may take; a minute outside of tests
ENDINGS = (
    *FILES, ".md", ".txt", ".xhtml", ".tsv", ".ndjson", ".xml", ".mhtml", ".tgz", ".gz",
)  # fmt: skip


def mutated(chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Files of every kind with bytes changed, cut, or of another kind."""
    for ending in FILES:
        for number in range(22):
            changes = [
                (chance.randrange(1000), chance.choice([0, 1, 4, 200]), chance.randbytes(3))
                for _ in range(chance.randint(1, 6))
            ]
            data = changed(made(ending), changes)
            yield f"mutated-{number}{ending}", data[: chance.randint(1, len(data) or 1)]
            if number < 6:
                other = chance.choice([each for each in FILES if each != ending])
                yield f"lies-{number}{ending}", made(other)
    for ending in ENDINGS:
        yield f"empty{ending}", b""
        yield f"noise{ending}", chance.randbytes(2000)
        yield f"nul{ending}", b"\0" * 2000


def nested(open_: str, close: str, inside: str, depth: int) -> str:
    """The same mark opened and closed many times."""
    return open_ * depth + inside + close * depth


def texts(secret: Path) -> Iterator[tuple[str, str]]:
    """Hostile text, by file name."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    outside = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    for ending in (".xml", ".rss", ".atom", ".html", ".xhtml"):
        yield f"laughs{ending}", f"<!DOCTYPE x [{laughs}]><rss><p>&l9;</p></rss>"
        item = f"<item><title>&e;</title><description>&e; {DAM}</description></item>"
        yield f"outside{ending}", f"{outside}<rss><channel>{item}</channel></rss>"
        yield f"deep{ending}", nested("<div>", "</div>", DAM, 50_000)
    for ending in (".json", ".jsonl"):
        yield f"deep{ending}", nested("[", "]", "", 100_000)
        yield f"objects{ending}", nested('{"a":', "}", "1", 100_000)
        yield f"number{ending}", '{"text": "' + DAM + '", "id": ' + "9" * 50_000 + "}"
        yield f"surrogate{ending}", '{"text": "lone \\ud800 ' + DAM + '", "id": "s\\udfff"}'
        yield f"types{ending}", json.dumps({"text": DAM, "title": {"a": [1]}, "tags": [[1], {}]})
    yield "deep.md", nested("> ", "", DAM, 5000)
    yield "brackets.md", "[" * 20_000 + DAM
    yield "stars.md", "*a" * 20_000
    yield "rtl.txt", f"\u202e{DAM}\u202c\u200f {ROAD}\u2066"
    for name, head in {
        "unclosed": "---\ntitle: x\n",
        "alias": "---\na: &a [*a]\n---\n",
        "laughs": "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n",
        "tag": "---\n!!python/object/apply:os.system ['touch pwned']\n---\n",
        "types": "---\ntitle: {a: [1, {b: 2}]}\ntags: 7\n---\n",
        "year": "---\ndate: 9999-12-31\n---\n",
        "no-day": "---\ndate: 2017-02-30\n---\n",
        "long-title": f"---\ntitle: {'long ' * 2000}\n---\n",
        "long-id": f"---\nid: {'x' * 5000}\n---\n",
        "up": "---\nid: ../../../outside\n---\n",
        "nul-id": '---\nid: "a\\0b"\n---\n',
    }.items():
        yield f"matter-{name}.md", f"{head}{DAM}\n"
    for number in range(3):
        yield f"twin-{number}.md", f"---\nid: twin\n---\n{DAM} Version {number}.\n"
    yield "columns.csv", ",".join(f"c{n}" for n in range(20_000)) + "\n" + "," * 19_999
    yield "unclosed.csv", 'text,title\n"' + f"{DAM}\n" * 20_000
    yield "one-line.txt", "word " * 400_000
    yield "one-word.txt", "x" * 2_000_000
    yield "spans.html", "<p>" + "<span>a</span>" * 50_000
    yield "script.html", f"<article><script>{'x' * 10_000}</script><p>{DAM * 20}</p></article>"


def archives() -> Iterator[tuple[str, bytes]]:
    """Archives that want out, blow up, or go in circles."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("../up.md", "/tmp/root.md", "a/../../up2.md", "C:\\win.md", "ok.md"):
            file.writestr(name, DAM)
        file.writestr("bomb.txt", b"0" * 50_000_000)
    yield "traversal.zip", out.getvalue()
    yield "bomb.gz", gzip.compress(b"0" * 200_000_000, 9)
    inner = out.getvalue()
    for _ in range(8):
        once = io.BytesIO()
        with zipfile.ZipFile(once, "w") as file:
            file.writestr("next.zip", inner)
        inner = once.getvalue()
    yield "matryoshka.zip", inner
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as tar:
        kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)
        for kind, name in zip(kinds, ("link.md", "hard.md", "device.md", "pipe.md"), strict=True):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)
        member = tarfile.TarInfo("../../up3.md")
        member.size = len(DAM)
        tar.addfile(member, io.BytesIO(DAM.encode()))
    yield "links.tar.gz", out.getvalue()
    letter = mail("", DAM)
    for _ in range(60):
        whole = mail("", "see below")
        whole.add_attachment(letter)
        letter = whole
    yield "attached.eml", letter.as_bytes()
    loop = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>endobj\n"
        b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n"
        b"trailer<</Size 3/Root 1 0 R/Prev 116>>\nstartxref\n116\n%%EOF\n"
    )
    yield "loop.pdf", loop


def encodings() -> Iterator[tuple[str, bytes]]:
    """Text in encodings that are not what it seems, or several at once."""
    words = "Ärger über die Brücke in Čačak, сказал он. " * 5
    for name in ("utf-16", "utf-16-le", "utf-32", "cp1251", "iso-8859-5", "utf-7"):
        yield f"{name}.txt", words.encode(name, "replace")
    yield "mixed.txt", words.encode() + words.encode("cp1252", "replace") * 3
    yield "mixed.html", b"<meta charset=utf-16><p>" + words.encode() + b"\xff\xfe\xfa</p>"
    yield "shift-jis.txt", ("橋は閉鎖された。" * 30).encode("shift-jis")
    yield "cut.txt", words.encode()[:-1] + b"\xd1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files, in a folder beside which lie a secret and links."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    place = tmp_path / "news"
    place.mkdir()
    for name, text in texts(secret):
        (place / name).write_text(text, encoding="utf-8")
    for name, data in (*mutated(random.Random(5)), *archives(), *encodings()):
        (place / name).write_bytes(data)
    for ending in (".txt", ".html", ".pdf", ".docx", ".eml", ".csv", ".zip", ".mbox"):
        with (place / f"huge{ending}").open("wb") as file:
            file.truncate(200_000_000)
    (place / "out.txt").symlink_to(secret)
    (place / "circle.txt").symlink_to(place / "circle.txt")
    (place / "up").symlink_to(tmp_path)
    (place / os.fsdecode(b"caf\xe9\xff.txt")).write_text(DAM)
    os.mkfifo(place / "pipe.txt")
    return place


def test_none_ends_the_run_or_gets_out(
    folder: Path, library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "IsolatedReader", partial(IsolatedReader, seconds=SECONDS))
    own = library.folder.resolve()
    before = _listed(tmp_path, own)
    assert len(list(folder.iterdir())) > 500
    report = index_paths(library, hash_embed, [folder])
    assert_in_step(library)
    assert _listed(tmp_path, own) == before
    assert not any(Path(each).exists() for each in ("/tmp/root.md", "pwned"))
    # Each file has been looked at: it is in the catalogue, with what was refused of it.
    looked_at = library.held.all_states()
    passed_over = {folder / "up", folder / "pipe.txt"}  # a link to a folder, and no file at all
    for path in set(folder.iterdir()) - passed_over:
        assert stored_path(path) in looked_at, path.name
    assert all(0 < len(each.reason) < 400 for each in report.quarantined)
    assert not any("\n" in each.reason for each in report.quarantined)
    assert len(report.added) > 100
    for article in library.catalogue.articles():
        whole = library.catalogue.article(article.id)
        assert SECRET not in f"{whole.title} {whole.text}"
        assert "lollollol" not in whole.text
    again = index_paths(library, hash_embed, [folder])
    assert (again.added, again.updated, again.removed) == ((), (), ())
    assert len(again.quarantined) == len(report.quarantined)


def _listed(place: Path, but: Path) -> set[str]:
    return {str(path) for path in place.rglob("*") if not path.is_relative_to(but)}

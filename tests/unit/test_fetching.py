"""Which addresses may be fetched, what their files are called, and what is put into them."""

from __future__ import annotations

import codecs
import doctest
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles import find_files
from assistant.articles.readers import read_articles
from assistant.errors import FetchError, UsageError
from assistant.fetching import addresses, networks_of
from assistant.fetching.addresses import check_machine, parse, shown, stem_of
from assistant.fetching.shelf import Shelf
from assistant.fetching.visit import Page
from assistant.types import Article

URL = httpx.URL("https://news.example/a?b=1&c=%22")
TEXT = "Engineers closed the upper gate of the dam on Monday, the water board said."


def test_examples() -> None:
    assert doctest.testmod(addresses).failed == 0


@pytest.mark.parametrize("number", ["93.184.216.34", "1.1.1.1", "2606:4700::1111", "192.0.1.1"])
def test_public_machines(number: str) -> None:
    check_machine(number, [])


@pytest.mark.parametrize(
    "number",
    [
        *("0.0.0.0", "0.1.2.3", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1"),
        *("127.255.255.254", "168.63.129.16", "169.254.0.1", "169.254.169.254", "172.16.0.1"),
        *("172.31.255.255", "192.0.0.192", "192.0.2.1", "192.168.0.1", "198.18.0.1"),
        *("198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1"),
        *("255.255.255.255", "::", "::1", "::7f00:1", "::ffff:8.8.8.8", "::ffff:10.0.0.1"),
        *("64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1"),
        *("2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1"),
        *("ff02::1", "ff0e::1", "news.example", ""),
    ],
)
def test_machines_that_are_not_public(number: str) -> None:
    with pytest.raises(FetchError, match=r"^leads to "):
        check_machine(number, [])


def test_a_network_that_is_allowed_is_and_no_other() -> None:
    allowed = networks_of("10.1.0.0/16, fd00::/8")
    check_machine("10.1.2.3", allowed)
    check_machine("fd00::1", allowed)
    for number in ("10.2.0.1", "::ffff:10.1.2.3", "127.0.0.1"):
        with pytest.raises(FetchError):
            check_machine(number, allowed)


def test_networks_of_a_setting() -> None:
    assert networks_of("") == []
    assert networks_of("127.0.0.1 ::1") == [ip_network("127.0.0.1/32"), ip_network("::1/128")]
    for wrong in ("intranet", "10.1.2.3/16"):
        with pytest.raises(UsageError, match=r"^setting DATELINE_FETCH_ALLOW: "):
            networks_of(wrong)


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://news.example/a", "file:///etc/passwd", "javascript:alert(1)", "gopher://a/b"),
        *("news.example/a", "", "http://", "http:///a", "https:a", "//news.example/a"),
        *("http://me:secret@news.example/", "http://me@news.example/"),
        *("http://a\\@news.example/", "http://news.example:0/", "http://news.example:99999/"),
        *("http://0177.0.0.1/", "http://[::1/", "http://a/\x00", "http://a/" + "b" * 5000),
    ],
)
def test_what_is_no_address_to_fetch(address: str) -> None:
    with pytest.raises(FetchError) as caught:
        parse(address)
    assert "secret" not in str(caught.value)


def test_the_normal_form() -> None:
    assert str(parse(" HTTPS://News.Example:443/a#top ")) == "https://news.example/a"
    assert parse("https://münchen.example/").raw_host == b"xn--mnchen-3ya.example"


def test_what_is_shown_has_no_secret_and_is_one_line() -> None:
    assert (
        shown("http://me:pa/ss@news.example\n/a\x1b[31m") == "http://me:pa/ss@news.example /a [31m"
    )
    assert shown("http://me:pass@news.example/a@b") == "http://…@news.example/a@b"


@given(st.from_regex(r"[a-z0-9._:-]{1,60}", fullmatch=True), st.text(max_size=40))
def test_a_files_name_stays_in_its_folder(host: str, path: str) -> None:
    try:
        url = parse(f"http://{host}/{path}")
    except FetchError:
        return
    stem = stem_of(url)
    assert Path(stem).name == stem
    assert not stem.startswith(".")
    assert len(stem) < 120
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")


def test_names_differ_where_addresses_do() -> None:
    assert len({stem_of(parse(f"http://a.example/{n}")) for n in ("", "b", "B", "b?c", "b/")}) == 5


def kept(folder: Path, body: bytes, kind: str = "text/html", charset: str = "") -> Path:
    header = f"{kind}; charset={charset}" if charset else kind
    page = Page(URL, kind, httpx.Headers({"content-type": header}), body)
    change, path = Shelf(folder).keep(URL, page)
    assert change == "added"
    return path


def read(folder: Path) -> Article:
    (article,) = (found for file in find_files([folder]) for found in read_articles(file))
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize(
    "page",
    [
        "<html><head><title>Dam</title></head><body><p>{}</p></body></html>",
        "<HTML><HEAD lang='en'><TITLE>Dam</TITLE></HEAD><BODY><P>{}</P></BODY></HTML>",
        "<html><body class='a'><p>{}</p></body></html>",
        "<h1>Dam</h1><p>{}</p>",
        '<html><head><link rel="canonical" href="/a"></head><body><p>{}</p></body></html>',
    ],
)
def test_a_page_is_read_with_the_address_it_came_from(tmp_path: Path, page: str) -> None:
    kept(tmp_path, page.format(TEXT).encode())
    article = read(tmp_path)
    assert article.url == str(URL)
    assert TEXT in article.text


def test_the_address_that_a_page_gives_itself_stands(tmp_path: Path) -> None:
    own = "https://news.example/story"
    page = (
        f"<html><head><link href='{own}' rel='canonical'></head><body><p>{TEXT}</p></body></html>"
    )
    assert kept(tmp_path, page.encode()).read_bytes() == page.encode()
    assert read(tmp_path).url == own


@pytest.mark.parametrize(
    ("encoded", "charset"),
    [
        ("Врачи закрыли плотину, сказали в совете. Вода ушла.".encode("cp1251"), "windows-1251"),
        (codecs.BOM_UTF16_LE + "Café closed. It was told on Monday.".encode("utf-16-le"), ""),
        ("Café closed. It was told on Monday.".encode(), "latin-1"),
        ("Café closed. It was told on Monday.".encode(), "no-such"),
    ],
)
def test_the_encoding_that_only_the_server_names(
    tmp_path: Path, encoded: bytes, charset: str
) -> None:
    path = kept(tmp_path, encoded, "text/plain", charset)
    text = path.read_text(encoding="utf-8")
    assert "Врачи" in text or "Café" in text
    assert read(tmp_path).url == str(URL)


def test_text_with_front_matter_of_its_own_gets_no_say(tmp_path: Path) -> None:
    kept(tmp_path, f"---\nurl: https://other.example/\n---\n\n{TEXT}".encode(), "text/plain")
    assert read(tmp_path).url == str(URL)


def test_bytes_that_are_no_text_are_kept_as_they_came(tmp_path: Path) -> None:
    body = b"<html><head></head><body>\xff\xfe\xfd</body></html>"
    assert b"\xff\xfe\xfd" in kept(tmp_path, body, charset="utf-8").read_bytes()


def test_a_note_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    path = kept(tmp_path, TEXT.encode(), "text/plain")
    shelf, note = Shelf(tmp_path), tmp_path / f".{path.stem}.json"
    found = shelf.note(URL)
    assert found is not None and found.file == path.name
    good = note.read_text()
    for bad in ("", "[]", "{}", "{", good.replace(path.name, f"../{tmp_path.name}/{path.name}")):
        note.write_text(bad)
        assert shelf.note(URL) is None


def test_what_is_half_written_is_passed_over(tmp_path: Path) -> None:
    path = kept(tmp_path, TEXT.encode(), "text/plain")
    (tmp_path / f".{path.name}.part").write_text("half")
    assert [file.path for file in find_files([tmp_path])] == [path]

"""Pages are fetched from a real server on loopback, which stands for the public web."""

from __future__ import annotations

import gzip
import json
import shutil
import ssl
import subprocess
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from pathlib import Path

import pytest

from assistant.articles import find_files
from assistant.articles.readers import read_articles
from assistant.fetching import Fetcher, FetchReport, Manners
from assistant.types import Article
from tests.integration.fetching_site import Site, page, redirect, running, send

LOOPBACK = (ip_network("127.0.0.0/8"),)
LINES = "<p>words and words</p>\n" * 2000
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<link>/</link><description>d</description>{items}</channel></rss>"""
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<id>x</id><updated>2021-03-04T00:00:00Z</updated><entry><title>One</title><id>y</id>
<updated>2021-03-04T00:00:00Z</updated><link href="{link}"/></entry></feed>"""


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as site:
        yield site


class Names:
    """A resolver that counts; what it does not know is on loopback."""

    def __init__(self, **known: list[str] | list[list[str]]) -> None:
        self.known = {name.replace("_", "."): numbers for name, numbers in known.items()}
        self.asked: list[str] = []

    def __call__(self, name: str, port: int) -> list[str]:
        self.asked.append(name)
        numbers = self.known.get(name, ["127.0.0.1"])
        if numbers and isinstance(numbers[0], list):
            return numbers.pop(0) if len(numbers) > 1 else numbers[0]
        return numbers


Fetch = Callable[..., FetchReport]


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def fetch(tmp_path: Path, slept: list[float]) -> Fetch:
    """Fetch into tmp_path / "pages" with loopback allowed; sleeps are noted and not slept."""

    def fetch(
        *addresses: str,
        names: Names | None = None,
        feeds: bool = False,
        tls: ssl.SSLContext | None = None,
        **manners: object,
    ) -> FetchReport:
        given = {"agent": "Dateline/9.9", "delay": 0.0, "allowed": LOOPBACK, **manners}
        fetcher = Fetcher(
            Manners(**given),
            resolve=names or Names(),
            sleep=slept.append,
            tls=tls,
        )
        return fetcher.fetch(addresses, tmp_path / "pages", feeds=feeds)

    return fetch


def reason(report: FetchReport) -> str:
    """Why the one address was refused."""
    assert not report.added and not report.updated and not report.unchanged, report
    (refused,) = report.refused
    assert refused.reason == " ".join(refused.reason.split())
    return refused.reason


def articles(folder: Path) -> list[Article]:
    read = [found for file in find_files([folder]) for found in read_articles(file)]
    assert all(isinstance(found, Article) for found in read), read
    return read


# What is kept


def test_a_page_becomes_a_file_that_is_read_with_its_address(
    site: Site, fetch: Fetch, tmp_path: Path
) -> None:
    site.pages["/dam?id=1&x=2"] = send(page())
    report = fetch(site.at("/dam?id=1&x=2#top"))
    (kept,) = report.added
    assert kept.address == site.at("/dam?id=1&x=2")
    assert kept.path.parent == tmp_path / "pages"
    (article,) = articles(tmp_path / "pages")
    assert article.title == "Dam closed"
    assert article.url == site.at("/dam?id=1&x=2")
    assert "Engineers closed the upper gate." in article.text


def test_what_a_page_was_is_noted_beside_it(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    site.pages["/short"] = redirect("/dam")
    site.pages["/dam"] = send(page(), headers={"ETag": '"1"'})
    (kept,) = fetch(site.at("/short")).added
    note = json.loads((kept.path.parent / f".{kept.path.stem}.json").read_text())
    assert note["address"] == site.at("/short")
    assert note["final_url"] == site.at("/dam")
    assert note["etag"] == '"1"'
    assert note["fetched_at"].endswith("+00:00")
    (article,) = articles(tmp_path / "pages")
    assert article.url == site.at("/dam")


def test_what_is_sent_with_a_request(site: Site, fetch: Fetch) -> None:
    site.pages["/dam"] = send(page())
    fetch(site.at("/dam"))
    (sent,) = site.headers("/dam")
    assert sent["Host"] == f"news.example:{site.port}"
    assert sent["User-Agent"] == "Dateline/9.9"
    assert not {"Cookie", "Authorization", "Referer"} & sent.keys()


def test_the_host_that_is_sent_for_a_number_of_ipv6(fetch: Fetch) -> None:
    try:
        with running(number="::1") as site:
            site.pages["/dam"] = send(page())
            address = site.at("/dam", host="[::1]")
            assert len(fetch(address, allowed=(ip_network("::1/128"),)).added) == 1
            assert site.headers("/dam")[0]["Host"] == f"[::1]:{site.port}"
    except OSError:
        pytest.skip("this machine has no ::1")


def test_plain_text_and_packed_pages(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    site.pages["/a"] = send("Dam closed\n\nEngineers closed the gate.\n", "text/plain")
    site.pages["/b"] = send(gzip.compress(page().encode()), headers={"Content-Encoding": "gzip"})
    report = fetch(site.at("/a"), site.at("/b"))
    assert {kept.path.suffix for kept in report.added} == {".txt", ".html"}
    assert {article.url for article in articles(tmp_path / "pages")} == {
        site.at("/a"),
        site.at("/b"),
    }


def test_a_pdf_is_kept_as_it_is(site: Site, fetch: Fetch) -> None:
    site.pages["/a"] = send(b"%PDF-1.7 ...", "application/pdf")
    (kept,) = fetch(site.at("/a")).added
    assert kept.path.suffix == ".pdf"
    assert kept.path.read_bytes() == b"%PDF-1.7 ..."


def test_an_address_that_is_given_twice_is_asked_once(site: Site, fetch: Fetch) -> None:
    site.pages["/a"] = send(page())
    assert len(fetch(site.at("/a"), site.at("/a"), site.at("/a#b")).added) == 1
    assert site.paths() == ["/a"]


# What has not changed


def test_what_is_unchanged_is_not_sent_again(site: Site, fetch: Fetch) -> None:
    def serve(request: BaseHTTPRequestHandler) -> None:
        same = request.headers["If-None-Match"] == '"1"'
        send(b"" if same else page(), status=304 if same else 200, headers={"ETag": '"1"'})(request)

    site.pages["/a"] = serve
    (first,) = fetch(site.at("/a")).added
    before = first.path.read_bytes()
    report = fetch(site.at("/a"))
    assert [kept.path for kept in report.unchanged] == [first.path]
    assert not report.added and not report.updated
    assert first.path.read_bytes() == before
    first.path.unlink()
    assert len(fetch(site.at("/a")).added) == 1  # what is gone here is asked for anew


def test_last_modified_is_sent_back(site: Site, fetch: Fetch) -> None:
    day = "Thu, 04 Mar 2021 08:00:00 GMT"
    site.pages["/a"] = [send(page(), headers={"Last-Modified": day}), send(status=304)]
    fetch(site.at("/a"))
    assert len(fetch(site.at("/a")).unchanged) == 1
    assert site.headers("/a")[1]["If-Modified-Since"] == day


def test_a_tag_goes_to_the_address_that_gave_it(site: Site, fetch: Fetch) -> None:
    site.pages["/a"] = redirect("/b")
    site.pages["/b"] = [send(page(), headers={"ETag": '"b"'}), send(status=304)]
    fetch(site.at("/a"))
    assert len(fetch(site.at("/a")).unchanged) == 1
    assert "If-None-Match" not in site.headers("/a")[1]
    assert site.headers("/b")[1]["If-None-Match"] == '"b"'


def test_a_server_without_validators(site: Site, fetch: Fetch) -> None:
    site.pages["/a"] = [send(page()), send(page()), send(page("Dam opened"))]
    fetch(site.at("/a"))
    assert len(fetch(site.at("/a")).unchanged) == 1
    (kept,) = fetch(site.at("/a")).updated
    assert "Dam opened" in kept.path.read_text()
    site.pages["/a"] = send("Dam opened, as text.", "text/plain")
    (text,) = fetch(site.at("/a")).updated
    assert text.path.suffix == ".txt"
    assert not kept.path.exists()


def test_not_modified_where_nothing_was_asked(site: Site, fetch: Fetch) -> None:
    site.pages["/a"] = send(status=304)
    assert reason(fetch(site.at("/a"))) == "answers 304 (Not Modified)"


# Feeds


@pytest.mark.parametrize("link", ["/one", "http://news.example:{port}/one"])
def test_a_feed_brings_what_it_links_to(site: Site, fetch: Fetch, link: str) -> None:
    link = link.format(port=site.port)
    items = f"<item><title>1</title><link>{link}</link></item>" * 2
    site.pages["/rss"] = send(RSS.format(items=items), "application/rss+xml")
    site.pages["/one"] = send(page())
    report = fetch(site.at("/rss"), feeds=True)
    assert [kept.address for kept in report.added] == [site.at("/one")]
    assert len(articles(report.added[0].path.parent)) == 1  # the feed itself is no article


def test_an_atom_feed_that_is_unchanged_still_tells(site: Site, fetch: Fetch) -> None:
    feed = ATOM.format(link=site.at("/one"))
    tag = {"ETag": '"f"'}
    site.pages["/atom"] = [send(feed, "application/atom+xml", headers=tag), send(status=304)]
    site.pages["/one"] = send(page())
    assert len(fetch(site.at("/atom"), feeds=True).added) == 1
    assert len(fetch(site.at("/atom"), feeds=True).unchanged) == 1
    assert site.headers("/atom")[1]["If-None-Match"] == '"f"'


def test_a_feed_cannot_lead_inside(site: Site, fetch: Fetch) -> None:
    items = "".join(
        f"<item><link>{link}</link></item>"
        for link in ("http://169.254.169.254/latest", "ftp://news.example/a")
    )
    site.pages["/rss"] = send(RSS.format(items=items), "text/xml")
    report = fetch(site.at("/rss"), feeds=True)
    assert [refused.address for refused in report.refused] == [
        "http://169.254.169.254/latest",
        "ftp://news.example/a",
    ]
    assert "link-local" in report.refused[0].reason
    assert "not of http or https" in report.refused[1].reason


def test_what_is_no_feed_and_what_is_one(site: Site, fetch: Fetch) -> None:
    site.pages["/xml"] = send("<a>no feed</a>", "text/xml")
    assert "no feed" in reason(fetch(site.at("/xml"), feeds=True))
    assert "--feed" in reason(fetch(site.at("/xml")))


# Machines that may not be asked


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("10.0.0.1", "private"),
        ("192.168.1.1", "private"),
        ("127.0.0.1", "loopback"),
        ("169.254.169.254", "link-local"),
        ("100.64.0.1", "carrier-grade"),
        ("224.0.1.1", "multicast"),
        ("240.0.0.1", "reserved"),
        ("::1", "loopback"),
        ("fd00::1", "private"),
        ("::ffff:127.0.0.1", "IPv4-mapped"),
        ("64:ff9b::7f00:1", "NAT64"),
    ],
)
def test_a_name_that_leads_inside(fetch: Fetch, number: str, kind: str) -> None:
    """Also where it leads outside, too: every machine it leads to is checked."""
    names = Names(inner_example=["93.184.216.34", number])
    assert kind in reason(fetch("http://inner.example/a", names=names, allowed=()))
    literal = f"[{number}]" if ":" in number else number
    assert kind in reason(fetch(f"http://{literal}/a", allowed=()))


@pytest.mark.parametrize("spelt", ["2130706433", "0x7f.1", "127.1", "localhost"])
def test_other_spellings_of_loopback(site: Site, tmp_path: Path, spelt: str) -> None:
    """The system's resolver reads them as numbers; what it reads is checked."""
    report = Fetcher(Manners(agent="Dateline")).fetch([site.at("/a", host=spelt)], tmp_path)
    assert "loopback" in reason(report)
    assert site.asked == []


def test_a_name_is_looked_up_once_and_that_machine_is_asked(site: Site, fetch: Fetch) -> None:
    """DNS rebinding: a second look-up would lead to another machine, which is never made."""
    site.pages["/robots.txt"] = send(status=404)
    site.pages["/a"] = send(page())
    names = Names(news_example=[["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]])
    assert len(fetch(site.at("/a"), names=names).added) == 1
    assert names.asked == ["news.example"] * 2  # robots.txt and the page


def test_a_name_that_moves_inside_between_two_requests(site: Site, fetch: Fetch) -> None:
    site.pages["/a"] = send(page())
    names = Names(news_example=[["127.0.0.1"], ["10.0.0.1"]])
    assert "10.0.0.1" in reason(fetch(site.at("/a"), names=names))
    assert site.paths() == []


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/latest/meta-data", "http://metadata.example/latest"]
)
def test_a_redirect_to_inside_is_refused(site: Site, fetch: Fetch, target: str) -> None:
    site.pages["/a"] = redirect(target)
    names = Names(metadata_example=["169.254.169.254"])
    assert "169.254.169.254" in reason(fetch(site.at("/a"), names=names))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("file:///etc/passwd", "not of http or https"),
        ("ftp://news.example/a", "not of http or https"),
        ("http://me:secret@news.example/a", "user or password"),
        ("http://[::1", "not an address"),
    ],
)
def test_a_redirect_is_checked_as_an_address_is(
    site: Site, fetch: Fetch, target: str, said: str
) -> None:
    site.pages["/a"] = redirect(target)
    refused = reason(fetch(site.at("/a")))
    assert said in refused
    assert "secret" not in refused


def test_the_next_machine_is_asked_where_one_is_down(site: Site, fetch: Fetch) -> None:
    """The site is not on ::1, if this machine has such an address at all."""
    site.pages["/a"] = send(page())
    both = (*LOOPBACK, ip_network("::1/128"))
    names = Names(news_example=["::1", "127.0.0.1"])
    assert len(fetch(site.at("/a"), names=names, allowed=both).added) == 1


def test_a_name_that_nobody_has(fetch: Fetch) -> None:
    assert "no machine has the name" in reason(
        fetch("http://a.example/", names=Names(a_example=[]))
    )


def test_proxies_of_the_environment_are_not_used(
    site: Site, fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.pages["/a"] = send(page())
    assert len(fetch(site.at("/a")).added) == 1


# Redirects


def test_five_redirects_are_followed_and_not_six(site: Site, fetch: Fetch) -> None:
    for number in range(6):
        site.pages[f"/{number}"] = redirect(f"/{number + 1}")
    site.pages["/6"] = send(page())
    assert len(fetch(site.at("/1")).added) == 1
    assert reason(fetch(site.at("/0"))) == "redirects more than 5 times"


def test_redirects_in_a_circle(site: Site, fetch: Fetch) -> None:
    site.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}
    assert reason(fetch(site.at("/a"))) == "redirects in a circle"
    assert site.paths() == ["/a", "/b"]


# Sizes, kinds and times


def endless(piece: bytes, headers: dict[str, str], sent: list[int]) -> Callable[..., None]:
    def serve(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        request.send_response(200)
        for name, value in {"Content-Type": "text/html", **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        while True:
            request.wfile.write(piece)
            sent[0] += len(piece)

    return serve


def test_a_body_without_end_is_cut_off(site: Site, fetch: Fetch) -> None:
    sent = [0]
    site.pages["/a"] = endless(b"<p>words</p>" * 1000, {}, sent)
    assert "is larger than the 100,000 bytes" in reason(fetch(site.at("/a"), most_bytes=100_000))
    assert sent[0] < 20_000_000  # what fits into the buffers between the two


def test_a_body_that_says_it_is_too_long_is_not_read(site: Site, fetch: Fetch) -> None:
    site.pages["/a"] = send(headers={"Content-Length": "30000000"})
    assert "is larger than the 20,000,000 bytes" in reason(fetch(site.at("/a")))


def test_a_small_packed_body_that_unpacks_to_much(site: Site, fetch: Fetch) -> None:
    bomb = gzip.compress(bytes(200_000_000), compresslevel=1)
    assert len(bomb) < 2_000_000
    site.pages["/a"] = send(bomb, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    try:
        assert "is larger than the 20,000,000 bytes" in reason(fetch(site.at("/a")))
        assert tracemalloc.get_traced_memory()[1] < 80_000_000  # never all of it
    finally:
        tracemalloc.stop()


def test_much_that_unpacks_to_nothing(site: Site, fetch: Fetch) -> None:
    packer = zlib.compressobj(wbits=31)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    empty = packer.flush(zlib.Z_FULL_FLUSH) or b"\0\0\0\xff\xff"
    sent = [0]
    serve = endless(empty * 2000, {"Content-Encoding": "gzip"}, sent)

    def with_head(request: BaseHTTPRequestHandler) -> None:
        request.wfile, real = _Prefixed(request.wfile, head), request.wfile
        try:
            serve(request)
        finally:
            request.wfile = real

    site.pages["/a"] = with_head
    assert "is larger than" in reason(fetch(site.at("/a"), most_bytes=100_000))


class _Prefixed:
    """Puts bytes before the body: the second thing that is written, after the headers."""

    def __init__(self, real: object, head: bytes) -> None:
        self._real, self._head, self._writes = real, head, 0

    def write(self, data: bytes) -> None:
        self._writes += 1
        self._real.write(self._head + data if self._writes == 2 else data)

    def flush(self) -> None:
        self._real.flush()


@pytest.mark.parametrize(
    ("packed", "encoding", "said"),
    [
        (gzip.compress(b"words", mtime=0)[:-4], "gzip", "cut off"),
        (b"no gzip", "gzip", "damaged"),
        (b"words", "br", "packed as br"),
    ],
)
def test_bodies_that_cannot_be_unpacked(
    site: Site, fetch: Fetch, packed: bytes, encoding: str, said: str
) -> None:
    site.pages["/a"] = send(packed, headers={"Content-Encoding": encoding})
    assert said in reason(fetch(site.at("/a")))


def test_a_body_that_is_cut_off(site: Site, fetch: Fetch, tmp_path: Path) -> None:
    def serve(request: BaseHTTPRequestHandler) -> None:
        send(page(), headers={"Content-Length": "100000"})(request)
        request.close_connection = True

    site.pages["/a"] = serve
    assert "cannot be reached" in reason(fetch(site.at("/a")))
    assert not [*tmp_path.glob("pages/*")]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("image/png", "is image/png"),
        ("application/zip", "is application/zip"),
        ("", "does not say what kind"),
    ],
)
def test_kinds_that_are_not_fetched(site: Site, fetch: Fetch, kind: str, said: str) -> None:
    site.pages["/a"] = send(b"data", kind)
    assert said in reason(fetch(site.at("/a")))


@pytest.mark.parametrize("status", [404, 410, 500, 206])
def test_answers_that_are_no_page(site: Site, fetch: Fetch, status: int) -> None:
    site.pages["/a"] = send(page(), status=status)
    assert reason(fetch(site.at("/a"))).startswith(f"answers {status} (")


@pytest.mark.parametrize("part", ["head", "body"])
def test_a_server_that_trickles(site: Site, fetch: Fetch, part: str) -> None:
    """Slow loris: each byte comes in time, the page does not."""
    over = threading.Event()

    def serve(request: BaseHTTPRequestHandler) -> None:
        request.close_connection = True
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
        request.wfile.write(head + b"X-Long: " if part == "head" else head + b"\r\n")
        for _ in range(500):  # ten seconds
            if over.wait(0.02):
                return
            request.wfile.write(b"x")

    site.pages["/a"] = serve
    try:
        assert reason(fetch(site.at("/a"), seconds=1.5)) == "takes too long to answer"
    finally:
        over.set()


def test_the_time_is_that_of_the_page_with_its_redirects(site: Site, fetch: Fetch) -> None:
    def slowly(serve: Callable[[BaseHTTPRequestHandler], None]) -> Callable[..., None]:
        def later(request: BaseHTTPRequestHandler) -> None:
            threading.Event().wait(0.4)
            serve(request)

        return later

    for number in range(5):
        site.pages[f"/{number}"] = slowly(redirect(f"/{number + 1}"))
    site.pages["/5"] = slowly(send(page()))
    assert reason(fetch(site.at("/0"), seconds=1.0)) == "takes too long to answer"


# Manners


def test_what_robots_txt_disallows_is_not_asked_for(site: Site, fetch: Fetch) -> None:
    rules = "User-agent: *\nAllow: /\n\nUser-agent: dateline\nDisallow: /private\n"
    site.pages |= {"/robots.txt": send(rules, "text/plain"), "/private/a": send(page())}
    site.pages["/open"] = send(page())
    report = fetch(site.at("/private/a"), site.at("/open"))
    assert [refused.reason for refused in report.refused] == [
        "is disallowed by the site's robots.txt"
    ]
    assert site.paths() == ["/open"]
    assert len(site.headers("/robots.txt")) == 1
    assert len(fetch(site.at("/private/a"), agent="Another/1").added) == 1


def test_a_redirect_is_held_to_robots_txt_too(site: Site, fetch: Fetch) -> None:
    site.pages["/robots.txt"] = send("User-agent: *\nDisallow: /b\n", "text/plain")
    site.pages |= {"/a": redirect("/b"), "/b": send(page())}
    assert "robots.txt" in reason(fetch(site.at("/a")))
    assert site.paths() == ["/a"]


def test_a_robots_txt_that_cannot_be_had_disallows_all(site: Site, fetch: Fetch) -> None:
    site.pages |= {"/robots.txt": send(status=500), "/a": send(page()), "/b": send(page())}
    report = fetch(site.at("/a"), site.at("/b"))
    assert [r.reason for r in report.refused] == [
        "has no robots.txt to go by: it answers 500 (Internal Server Error)"
    ] * 2
    assert [path for path, _ in site.asked] == ["/robots.txt"]


def test_turns_are_waited_for_and_one_request_goes_at_a_time(
    site: Site, fetch: Fetch, slept: list[float]
) -> None:
    site.pages["/robots.txt"] = send("User-agent: *\nCrawl-delay: 7\n", "text/plain")
    site.pages |= {f"/{number}": send(page(str(number))) for number in range(3)}
    assert len(fetch(*(site.at(f"/{number}") for number in range(3)), delay=1.0).added) == 3
    assert [round(seconds) for seconds in slept] == [7, 7]
    assert site.most_at_once == 1
    slept.clear()
    fetch(site.at("/0", host="a.example"), site.at("/0", host="b.example"))
    assert slept == []


def test_the_delay_that_is_set(site: Site, fetch: Fetch, slept: list[float]) -> None:
    site.pages |= {"/a": send(page("a")), "/b": send(page("b"))}
    fetch(site.at("/a"), site.at("/b"), delay=3.0)
    assert [round(seconds) for seconds in slept] == [3]


def test_a_delay_that_is_too_long(site: Site, fetch: Fetch, slept: list[float]) -> None:
    site.pages["/robots.txt"] = send("User-agent: *\nCrawl-delay: 3600\n", "text/plain")
    site.pages |= {"/a": send(page("a")), "/b": send(page("b"))}
    report = fetch(site.at("/a"), site.at("/b"))
    assert len(report.added) == 1
    assert "3,600 s between two pages" in report.refused[0].reason
    assert slept == []


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_asked_again_when_it_says(
    site: Site, fetch: Fetch, slept: list[float], status: int
) -> None:
    busy = send(status=status, headers={"Retry-After": "5"})
    site.pages["/a"] = [busy, busy, send(page())]
    assert len(fetch(site.at("/a")).added) == 1
    assert slept == [5.0, 5.0]


def test_a_server_that_stays_busy(site: Site, fetch: Fetch, slept: list[float]) -> None:
    site.pages["/a"] = send(status=503)
    assert reason(fetch(site.at("/a"))) == "answers 503 (Service Unavailable): try again later"
    assert len(site.paths()) == 3
    assert slept == [2.0, 4.0]


@pytest.mark.parametrize("when", ["", "soon", "Thu, 99 Mar 99999 08:00:00 GMT", "-5"])
def test_a_busy_server_that_says_nothing_of_use(
    site: Site, fetch: Fetch, slept: list[float], when: str
) -> None:
    site.pages["/a"] = [send(status=503, headers={"Retry-After": when}), send(page())]
    assert len(fetch(site.at("/a")).added) == 1
    assert slept == [2.0]


@pytest.mark.parametrize("when", ["3600", "Thu, 04 Mar 2100 08:00:00 GMT"])
def test_a_server_that_wants_a_long_rest_gets_it(
    site: Site, fetch: Fetch, slept: list[float], when: str
) -> None:
    site.pages["/a"] = send(status=429, headers={"Retry-After": when})
    assert "try again later" in reason(fetch(site.at("/a")))
    assert len(site.paths()) == 1
    assert slept == []


# TLS


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for secure.example, and its key, in one folder."""
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("no openssl here to make a certificate with")
    folder = tmp_path_factory.mktemp("tls")
    subprocess.run(
        [
            *(openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
            *("-subj", "/CN=secure.example", "-addext", "subjectAltName=DNS:secure.example"),
        ],
        check=True,
        capture_output=True,
    )
    return folder


def test_the_certificate_must_be_of_the_name_and_not_of_the_machine(
    authority: Path, fetch: Fetch
) -> None:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(authority / "cert.pem", authority / "key.pem")
    seen: list[str | None] = []
    served.sni_callback = lambda _socket, name, _context: seen.append(name)
    trusted = ssl.create_default_context(cafile=str(authority / "cert.pem"))
    with running(served) as site:
        site.pages["/a"] = send(page())
        right = site.at("/a", host="secure.example", scheme="https")
        assert len(fetch(right, tls=trusted).added) == 1
        assert set(seen) == {"secure.example"}
        assert site.headers("/a")[0]["Host"] == f"secure.example:{site.port}"
        wrong = site.at("/a", host="other.example", scheme="https")
        other = fetch(wrong, tls=trusted).refused[0].reason
        assert "certificate verify failed" in other.lower().replace("_", " ")
        stranger = fetch(site.at("/b", host="secure.example", scheme="https")).refused[0].reason
        assert "certificate verify failed" in stranger.lower().replace("_", " ")

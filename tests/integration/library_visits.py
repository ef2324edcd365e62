"""How a reader uses the page Library in a real browser; articles for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from assistant.pipeline import Assistant
from tests.browser import Visitor
from tests.newsroom import BRIDGE, DAM, MARKET, ROAD, SCHOOL, write_article, write_lines

ARABIC = "استأنف خفر السواحل يوم الخميس محاولة فتح طريق نورفيك. وكان الثلج لا يزال يتساقط."
LONG = " ".join(
    f"On day {n} the water stood {n} hands below the crest of the dam." for n in range(40)
)
POISON = "<img src=x onerror=\"document.body.dataset.owned='1'\">"


def write_library(folder: Path) -> Path:
    """Eight articles of four outlets, two of them one report, one undated, one poisoned."""
    write_article(folder, "dam.md", LONG, title="Dam holds", source="Tarn Post", date="2021-03-02")
    write_article(
        folder,
        "dam-again.md",
        LONG,
        title="Dam holds, they say",
        source="Digest",
        date="2021-03-05",
    )
    write_article(
        folder,
        "road.md",
        ROAD,
        title="Road to Resafa held",
        source="South Front",
        publisher="Digest",
        author="Lena Aubry",
        date="2020-11-30",
        region="Northern Coast",
        tags="[army, roads]",
        url="https://south.example/road",
    )
    write_article(
        folder,
        "market.md",
        MARKET,
        title="Wheat falls again",
        source="Tarn Post",
        date="2021-04-01",
    )
    write_article(folder, "school.md", SCHOOL, title="Schools open", source="Tarn Post")
    write_article(
        folder, "arabic.md", ARABIC, title="طريق نورفيك", source="بريد الساحل", date="2021-03-12"
    )
    write_lines(
        folder / "poisoned.jsonl",
        {
            "id": "poisoned",
            "title": f"{POISON} sinks",
            "text": f"Before. {POISON} {{{{7*7}}}} ${{document.body.dataset.owned='t'}} After.",
            "source": "<b>Ferry</b>",
            "url": "javascript:document.body.dataset.owned='u'",
            "date": "2021-02-20",
        },
    )
    write_lines(
        folder / "briefs.jsonl",
        {"title": "Bridge struck", "text": BRIDGE, "source": "Tarn Post", "date": "2021-01-09"},
        {"title": "Sluices closed", "text": DAM, "source": "Tarn Post", "date": "2021-01-20"},
    )
    return folder


class LibraryVisitor(Visitor):
    """Opens the page Library, and waits until its list is there."""

    def __call__(
        self,
        url: str,
        width: int = 1280,
        height: int = 860,
        scheme: str = "light",
        **view: str,
    ) -> Page:
        page = self.bare(f"{url}library", width, height, scheme, **view)
        expect(page.locator("#dl-rows [data-serial]")).to_be_visible()
        expect(page.locator("#dl-find input")).to_be_visible()
        return page


def titles(page: Page) -> list[str]:
    """The titles of the list."""
    return [text.strip() for text in page.locator(".dl-row-title").all_inner_texts()]


def search_box(page: Page) -> Any:
    """The field that words are typed into."""
    return page.get_by_role("searchbox")


def choose(page: Page, *paths: Path) -> None:
    """Choose files to add, as the field has it."""
    page.locator("[data-files]").set_input_files([str(path) for path in paths])


def outcome(page: Page, number: int = 0) -> Any:
    """A run that has ended; the newest is 0."""
    run = page.locator("#dl-runs .dl-run").nth(number)
    expect(run.locator("[data-dismiss]")).to_be_visible()
    return run


class Held:
    """A real assistant whose takings-in wait until they are let go, or stopped."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.let = threading.Event()
        self.let.set()
        self.failing: Callable[[], None] = lambda: None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._assistant, name)

    def take_in(self, paths: Sequence[Path], **more: Any) -> Any:
        """As the assistant does, once it is let."""
        self.failing()
        while not self.let.wait(0.05) and not more["stop"]():
            pass
        return self._assistant.take_in(paths, **more)


PAGES = {
    "/robots.txt": ("text/plain", "User-agent: *\nDisallow: /closed\n"),
    "/story": (
        "text/html",
        "<html><head><title>Ferry sails again</title><meta property='og:site_name' "
        f"content='Harbour News'></head><body><article><h1>Ferry sails again</h1><p>{LONG}</p>"
        "</article></body></html>",
    ),
    "/closed": ("text/html", "<p>not for you</p>"),
    "/feed": (
        "application/rss+xml",
        "<rss version='2.0'><channel><title>Harbour</title><item><title>Ferry</title>"
        "<link>HOST/story</link></item></channel></rss>",
    ),
}


@contextmanager
def site() -> Iterator[str]:
    """A small site on this machine, which stands for the web."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, text = PAGES.get(self.path, ("", ""))
            body = text.replace("HOST", f"http://{self.headers['Host']}").encode()
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as served:
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{served.server_port}"
        served.shutdown()

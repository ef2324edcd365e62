"""A real headless Chromium for the chat's tests, and how a reader uses the chat.

    pytest_plugins = ["tests.browser"]

Every page fails its test if it asks for anything outside 127.0.0.1, or if its script breaks.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from assistant.web import server

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARTIFACTS = Path(__file__).parents[1] / "artifacts"
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MARKS = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser to test in: apt-get install chromium"),
]

SECONDS = 30
"""What anything here is waited for at most, on a busy machine with two cores."""

expect.set_options(timeout=SECONDS * 1000)


@contextmanager
def serving(assistant: Any, **options: Any) -> Iterator[str]:
    """The chat on a free port, in a thread; gives its address."""
    with server.listen("127.0.0.1", 0) as listener:
        running = server.make_server(server.make_app(assistant, **options))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not running.started and thread.is_alive():
            time.sleep(0.01)
        assert thread.is_alive(), "the server did not start"
        try:
            yield server.address(listener)
        finally:
            running.should_exit = True
            thread.join(SECONDS)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once a module."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The browser, started once a module."""
    launched = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
    yield launched
    launched.close()


class Visitor:
    """Opens an address in a session of its own, and keeps what the pages do."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self.contexts: list[Any] = []
        self.requests: list[str] = []
        self.errors: list[str] = []

    def __call__(
        self,
        url: str,
        width: int = 1280,
        height: int = 860,
        scheme: str = "light",
        **view: str,
    ) -> Page:
        page = self.bare(url, width, height, scheme, **view)
        expect(ask_box(page)).to_be_visible()
        # The page is alive once its script has made date pickers of the fields: a key pressed
        # before that is lost on a busy machine.
        expect(page.locator("input[type=date]")).to_have_count(2)
        return page

    def bare(
        self,
        url: str,
        width: int = 1280,
        height: int = 860,
        scheme: str = "light",
        **view: str,
    ) -> Page:
        """The same for a page without an ask box."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        self.contexts.append(context)
        context.on("request", lambda request: self.requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{url}?{urlencode(view)}" if view else url)
        return page

    def outside(self) -> list[str]:
        """What was asked for anywhere but on this machine."""
        inside = re.compile(r"(https?|wss?)://127\.0\.0\.1:|data:|blob:")
        return [url for url in self.requests if not inside.match(url)]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visitor]:
    """Opens the chat as a reader does; at the end, nothing may have left or broken."""
    visitor = Visitor(browser)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.outside() == []
    assert visitor.errors == []


def ask_box(page: Page) -> Any:
    """The ask box."""
    return page.get_by_placeholder("Ask the library a question")


def ask(page: Page, question: str) -> Any:
    """Ask, wait for the end of the answer, and give its turn."""
    asked = page.locator(".dl-turn").count()
    box = ask_box(page)
    box.fill(question)
    box.press("Enter")
    turn = page.locator(".dl-turn").nth(asked)
    expect(turn).to_be_visible()
    answered(page, turn)
    return turn


def answered(page: Page, turn: Any) -> None:
    """Wait for the end of a turn's answer."""
    expect(turn.locator(".dl-foot")).to_be_visible()
    expect(turn.locator(".dl-working")).to_have_count(0)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()


def eventually(page: Page, read: Callable[[], object], wanted: object) -> None:
    """Wait until what is read is what is wanted.

    For what `expect` cannot see: the server's side, or the page's address, which the page may be
    ahead of.
    """
    ends = time.monotonic() + SECONDS
    while (found := read()) != wanted and time.monotonic() < ends:
        page.wait_for_timeout(50)  # meanwhile the page's events are heard
    assert found == wanted


def still(page: Page) -> None:
    """Wait until nothing fades in or slides any more, and what it ended in is drawn."""
    page.wait_for_function(
        """document.getAnimations().every((each) => each.playState !== "running"
          || each.effect.getComputedTiming().endTime === Infinity)"""
    )
    drawn(page)


def drawn(page: Page) -> None:
    """Wait until the page as it is now has been laid out and painted."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def problems(page: Page) -> list[str]:
    """What axe-core finds serious, and where; half-faded text would have too little contrast."""
    still(page)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:160]}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


WATCH_SHIFTS = """(() => {
  const shifts = [];
  const rect = (r) => r && [r.x, r.y, r.width, r.height];
  const note = (entries) => {
    for (const entry of entries) {
      const sources = entry.sources.length ? entry.sources : [{}];
      for (const { node, previousRect, currentRect } of sources) {
        // Of a node that was taken out meanwhile, only where it was is known.
        const within = node?.nodeType === 1 ? node : node?.parentElement;
        shifts.push({
          value: entry.value, at: entry.startTime, node: node?.nodeName ?? "taken out",
          what: within?.outerHTML.slice(0, 120) ?? "",
          before: rect(previousRect), after: rect(currentRect),
        });
      }
    }
  };
  const observer = new PerformanceObserver((list) => note(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  window.shifts = () => { note(observer.takeRecords()); return shifts.splice(0); };
})()"""
"""Script: notes what moves in the page without being asked to; see `shifts`."""


def shifts(page: Page) -> list[dict[str, Any]]:
    """What moved since this was asked last, in a page that runs `WATCH_SHIFTS`.

    Each has the browser's `value` (how much of the window moved, times how far), the `node` that
    moved, `what` it is, and its places `before` and `after`: x, y, width, height in pixels.
    """
    drawn(page)
    moved: list[dict[str, Any]] = page.evaluate("window.shifts()")
    return moved


def keep(page: Page, name: str) -> None:
    """A picture of the page, kept beside the test's other artefacts."""
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / f"{name}.png")


def sideways(page: Page) -> int:
    """By how many pixels the page can be scrolled sideways."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )

"""The printable page of a chat in a real headless Chromium: nothing runs, nothing is fetched."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.chats import to_page
from assistant.types import Disagreement, Filters, Side
from tests.unit.made_chats import POISON, answered, chat, cited, poisoned, refused, turn

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARTIFACTS = Path(__file__).parents[2] / "artifacts"
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
ARABIC = "أغلق الجسر يوم الخميس، ولم يعرف أحد السبب."

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser to test in: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 380, "height": 800})
    yield page
    page.close()


def opened(page: Page, html: str, folder: Path) -> list[str]:
    """Open it from a file, as a reader does; what it asked for, and what it did that it may not."""
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url))
    page.on("dialog", lambda dialog: seen.append(f"dialog {dialog.message}"))
    page.on("console", lambda message: seen.append(f"console {message.text}"))
    path = folder / "chat.html"
    path.write_text(html, encoding="utf-8")
    page.goto(path.as_uri())
    return [each for each in seen if each != path.as_uri()]


@pytest.mark.parametrize("text", POISON)
def test_nothing_runs_and_nothing_is_fetched(page: Page, text: str, tmp_path: Path) -> None:
    assert opened(page, to_page(poisoned(text)), tmp_path) == []
    assert page.locator("h1").inner_text().strip()


def test_it_reads_well_narrow_and_printed(page: Page, tmp_path: Path) -> None:
    differing = replace(
        answered("How many bridges were closed?"),
        disagreements=(Disagreement("bridges", (Side("12", (1,)), Side("19", (1,)))),),
    )
    arabic = cited(quote=ARABIC, title="جسر مرات", source="صحيفة المرفأ", answer=(6, 11))
    kept = chat(
        turn(1, differing, filters=Filters(source="Harbour Post")),
        turn(2, answered("متى أغلق الجسر؟", body=ARABIC, citation=arabic)),
        turn(3, refused("W" + "h" * 200 + "o?")),
        turn(4, None, error="the endpoint is away; try again"),
    )
    assert opened(page, to_page(kept), tmp_path) == []
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 380
    directions = page.evaluate(
        "[...document.querySelectorAll('h2, li q')].map(e => getComputedStyle(e).direction)"
    )
    assert directions == ["ltr", "ltr", "rtl", "rtl", "ltr", "ltr"]
    page.click("article:nth-of-type(2) sup a")
    assert page.url.endswith("#source-2-1")
    ARTIFACTS.mkdir(exist_ok=True)
    page.screenshot(path=ARTIFACTS / "chat-page-narrow.png", full_page=True)
    page.set_viewport_size({"width": 900, "height": 1000})
    page.screenshot(path=ARTIFACTS / "chat-page.png", full_page=True)
    words, marker = (
        page.locator(f"article:nth-of-type(2) p > {tag}").first.bounding_box()
        for tag in ("bdi", "sup")
    )
    assert words and marker and marker["x"] >= words["x"] + words["width"]  # not inside the Arabic
    page.emulate_media(media="print")
    page.screenshot(path=ARTIFACTS / "chat-page-printed.png", full_page=True)
    page.pdf(path=tmp_path / "chat.pdf", format="A4")
    assert (tmp_path / "chat.pdf").stat().st_size > 5_000

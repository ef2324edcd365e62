"""Logging in, asking and logging out in a real headless Chromium."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from web_double import DoubleAssistant

from assistant.access import Credentials, Door, Scope
from assistant.settings import load_settings
from assistant.web import server
from tests.browser import CHROMIUM, SWITCHES

PASSWORD = "correct horse battery"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser to test in: apt-get install chromium"),
]


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The chat behind a login, with one user, who may ask."""
    path = tmp_path / "users.json"
    Credentials(path).add_user("marit", PASSWORD, [Scope.ASK])
    door = Door.of(load_settings(users_file=path), "0.0.0.0")
    app = server.make_app(DoubleAssistant(), door=door)  # type: ignore[arg-type]  # a double
    with server.listen("127.0.0.1", 0) as listener:
        running = server.make_server(app)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield server.address(listener)
        finally:
            running.should_exit = True
            thread.join(10)


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        opened = browser.new_page(viewport={"width": 380, "height": 700})
        opened.set_default_timeout(15_000)
        yield opened
        browser.close()


def log_in(page: Page, password: str) -> None:
    page.get_by_label("Name").fill("marit")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_reader_logs_in_asks_and_logs_out(page: Page, address: str) -> None:
    refused: list[str] = []
    page.goto(address)
    assert page.url == f"{address}login?next=/"
    assert page.evaluate("document.activeElement.id") == "name"
    log_in(page, "a wrong guess")
    expect(page.get_by_role("alert")).to_have_text("This name and password do not go together.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 380

    def note(response: Any) -> None:
        if response.status >= 400:
            refused.append(f"{response.status} {response.url}")

    page.on("response", note)
    log_in(page, PASSWORD)
    box = page.get_by_role("textbox", name="Question")
    expect(page.locator("input[type=date]")).to_have_count(2, timeout=30_000)  # its script runs
    box.fill("Who is trying to open the Norrvik road?")
    box.press("Enter")
    expect(page.locator(".dl-statement").first).to_be_visible(timeout=30_000)
    assert page.evaluate("document.cookie") == ""
    assert refused == []
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("Password")).to_be_visible()

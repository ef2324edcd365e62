"""Logging in, asking and logging out in a real headless Chromium.

Everything here waits for a bounded time: `evaluate` does not, so what the page says is asked of
`expect` and `wait_for_function`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from web_double import DoubleAssistant

from assistant.access import Credentials, Door, Scope
from assistant.settings import load_settings
from tests.browser import MARKS, Visitor, ask, serving

PASSWORD = "correct horse battery"

pytest_plugins = ["tests.browser"]
pytestmark = MARKS


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The chat behind a login, with one user, who may ask."""
    path = tmp_path / "users.json"
    Credentials(path).add_user("marit", PASSWORD, [Scope.ASK])
    door = Door.of(load_settings(users_file=path), "0.0.0.0")
    with serving(DoubleAssistant(), door=door) as url:
        yield url


def log_in(page: Page, password: str) -> None:
    page.get_by_label("Name").fill("marit")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_reader_logs_in_asks_and_logs_out(visit: Visitor, address: str) -> None:
    refused: list[str] = []
    page = visit.bare(address, width=380, height=700)
    expect(page).to_have_url(f"{address}login?next=/")
    expect(page.get_by_label("Name")).to_be_focused()
    log_in(page, "a wrong guess")
    expect(page.get_by_role("alert")).to_have_text("This name and password do not go together.")
    page.wait_for_function("document.documentElement.scrollWidth <= 380")

    def note(response: Any) -> None:
        if response.status >= 400:
            refused.append(f"{response.status} {response.url}")

    page.on("response", note)
    log_in(page, PASSWORD)
    expect(page.locator("input[type=date]")).to_have_count(2)  # its script runs
    ask(page, "Who is trying to open the Norrvik road?")
    expect(page.locator(".dl-statement").first).to_be_visible()
    page.wait_for_function("document.cookie === ''")
    assert refused == []
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_label("Password")).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("Password")).to_be_visible()

"""The report's page in a real browser: poisoned words are shown and do nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation import evaluate, write_report
from assistant.types import EvalCase

CHROMIUM = shutil.which("chromium")
POISON = "<script>document.title='run'</script><img src='https://example.org/x.png' onerror='x()'>"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Debian's chromium"),
]


def ask(case: EvalCase) -> dict[str, Any]:
    return {
        "text": POISON,
        "abstained": False,
        "abstention_reason": None,
        "confidence": 0.5,
        "dropped": 0,
        "statements": [],
        "citations": [],
        "evidence": [],
    }


def test_poisoned_words_do_nothing_in_a_browser(tmp_path: Path) -> None:
    from playwright.sync_api import sync_playwright

    case = EvalCase("c1", POISON, POISON, True, answers=(("bridge",),))
    address = write_report(evaluate([case], ask), tmp_path).as_uri()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(color_scheme="dark")
        requests: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(address)
        assert page.title() == "Dateline evaluation"
        assert page.locator("h3").inner_text() == POISON
        assert page.locator("img").count() == 0
        assert page.locator("script").count() == 1, "the page's own"
        assert requests == [address]
        assert complaints == []
        wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        assert not wide
        browser.close()

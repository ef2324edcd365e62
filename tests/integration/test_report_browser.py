"""The report in a real browser: its own script filters, and no other one runs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.evaluation import evaluate, text_answer
from assistant.evaluation.page import render
from assistant.types import EvalCase, GoldQuote
from tests.browser import MARKS, keep, sideways

pytest_plugins = ["tests.browser"]
pytestmark = MARKS

POISON = (
    "</script><script>document.title='run'</script><img src=x onerror=\"document.title='run'\">"
    "<svg onload=\"document.title='run'\"></details></article>'\"><b onclick=x>"
)

LATE = """() => {
  const script = document.createElement("script");
  script.textContent = "document.title = 'run'";
  document.body.append(script);
  const bold = document.createElement("b");
  bold.setAttribute("onclick", "document.title = 'run'");
  document.body.append(bold);
  bold.click();
}"""


def case(name: str, question: str, kind: str = "plain", **given: Any) -> EvalCase:
    evidence = ((GoldQuote(POISON, "hold the dam"),),)
    return EvalCase(name, question, kind, True, (("rebels",),), evidence, **given)


CASES = [
    case("right-1", "Who holds the dam?"),
    case("right-2", f"Whose is the {POISON}?", POISON, note=POISON),
    case("wrong-1", "Who holds the bridge?"),
    case("silent-1", "Who holds the market?", POISON),
]


def answer(asked: EvalCase) -> dict[str, Any]:
    said = {
        "wrong-1": f"Nobody {POISON}",
        "silent-1": f"I don't know {POISON}",
    }.get(asked.id, f"Rebels {POISON}")
    passages = [{"text": f"Rebels hold the dam {POISON}", "article_id": POISON}]
    return text_answer(asked.question, said, passages, citations=[{"quote": POISON, "url": POISON}])


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    yield from _opened(browser, tmp_path, java_script_enabled=True)


@pytest.fixture
def still(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """The same page where no script runs."""
    yield from _opened(browser, tmp_path, java_script_enabled=False)


def _opened(browser: Browser, folder: Path, **given: Any) -> Iterator[Page]:
    path = folder / "report.html"
    path.write_text(render(evaluate(CASES, answer, about={POISON: POISON})), "utf-8")
    context = browser.new_context(viewport={"width": 1200, "height": 900}, **given)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto(path.as_uri())
    yield opened
    context.close()
    assert asked == [path.as_uri()], "it asks for nothing"
    assert errors == []


def shown(page: Page) -> list[str]:
    cards = page.locator("article.case")
    return [
        (card.locator("header .dim").text_content() or "").split(" ·")[0].strip()
        for card in cards.all()
        if card.is_visible()
    ]


def test_a_poisoned_report_runs_its_own_script_alone(page: Page) -> None:
    page.wait_for_timeout(200)
    assert page.title() == "Dateline evaluation"
    expect(page.locator("#filter")).to_be_visible()  # its own script ran
    assert page.locator("main img").count() == 0
    # Not even one that gets into the page after all.
    page.evaluate(LATE)
    page.wait_for_timeout(200)
    assert page.title() == "Dateline evaluation"


def test_cases_are_filtered_by_ending_type_and_words(page: Page) -> None:
    assert shown(page) == ["wrong-1", "silent-1"], "those that are right are folded"
    words, said = page.locator("#filter input"), page.locator("#filter output")
    ending, kind = page.locator("#filter select").all()
    words.fill("DAM holds")
    expect(said).to_have_text("3 of 4 cases")
    ending.select_option("right")
    expect(said).to_have_text("1 of 4 cases")
    assert shown(page) == ["right-1"]
    words.fill("")
    expect(said).to_have_text("2 of 4 cases")
    kind.select_option(POISON)
    expect(said).to_have_text("1 of 4 cases")
    assert shown(page) == ["right-2"]
    words.fill("no such words")
    expect(said).to_have_text("0 of 4 cases")
    assert shown(page) == []
    words.fill("")
    ending.select_option("")
    kind.select_option("")
    expect(said).to_have_text("")
    assert shown(page) == ["wrong-1", "silent-1"], "as it was opened"


def test_without_its_script_everything_can_be_read(still: Page) -> None:
    expect(still.locator("#filter")).to_be_hidden()
    assert shown(still) == ["wrong-1", "silent-1"]
    still.locator("details.ending > summary").last.click()
    assert "right-1" in shown(still)
    first = still.locator("article.case").first
    first.get_by_text("Trace", exact=True).click()
    expect(first.locator("dl.trace")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [380, 1200])
def test_nothing_runs_over_the_edge(page: Page, width: int, scheme: Any) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    assert sideways(page) == 0
    keep(page, f"report-{width}-{scheme}")

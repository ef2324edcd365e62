"""The page Library in a real headless Chromium, over real libraries: finding and reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from library_visits import POISON, LibraryVisitor, search_box, titles, write_library
from playwright.sync_api import Browser, Page, expect

from assistant.errors import IndexDamagedError
from assistant.pipeline import Assistant
from assistant.web.library import handlers, render
from tests.browser import (
    MARKS,
    WATCH_SHIFTS,
    eventually,
    keep,
    problems,
    serving,
    shifts,
    sideways,
)
from tests.newsroom import ROAD, write_article

pytest_plugins = ["tests.browser"]
pytestmark = MARKS

ALL = [
    "Wheat falls again",
    "طريق نورفيك",
    "Dam holds, they say",
    "Dam holds",
    "sinks",
    "Sluices closed",
    "Bridge struck",
    "Road to Resafa held",
    "Schools open",
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("library")
    with Assistant.open(folder / "index", create=True) as assistant:
        report = assistant.index([write_library(folder / "articles")])
        assert len(report.added) == len(ALL), report
        yield assistant


@pytest.fixture(scope="module")
def address(library: Assistant) -> Iterator[str]:
    with serving(library) as url:
        yield url


@pytest.fixture
def visit(browser: Browser) -> Iterator[LibraryVisitor]:
    visitor = LibraryVisitor(browser)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.outside() == []
    assert visitor.errors == []


def shown(page: Page) -> list[str]:
    """The titles of the list, the poisoned one cut to its end."""
    return [re.sub(r".*> ", "", title) for title in titles(page)]


def waited(page: Page, *wanted: str) -> None:
    """Wait until the list holds these titles, and no others."""
    eventually(page, lambda: shown(page), list(wanted))


def test_the_list_with_what_is_known_of_each(visit: LibraryVisitor, address: str) -> None:
    page = visit(address)
    waited(page, *ALL)
    expect(page.get_by_text("9 articles", exact=True).first).to_be_visible()
    row = page.locator(".dl-row").filter(has_text="Road to Resafa held")
    for words in (
        "South Front",
        "carried by Digest",
        "30 November 2020",
        f"{len(ROAD.split())} words",
    ):
        expect(row).to_contain_text(words)
    expect(page.locator(".dl-row").last).to_contain_text("undated")
    again = page.locator(".dl-row").filter(has_text="they say")
    expect(again.locator(".dl-row-repeats")).to_contain_text("Same text as Dam holds, Tarn Post")
    expect(page.locator(".dl-row").nth(3)).to_contain_text("1 copy")
    keep(page, "library")


def test_searching_narrows_the_list_the_counts_and_the_address(
    visit: LibraryVisitor, address: str
) -> None:
    page = visit(address)
    search_box(page).press_sequentially("dam ho", delay=30)
    waited(page, "Dam holds, they say", "Dam holds")
    expect(page.get_by_role("status").filter(has_text="2 articles of 9")).to_be_visible()
    expect(page.locator("#dl-over h2")).to_contain_text("2 articles from 2 outlets")
    expect(page).to_have_url(re.compile(r"/library\?q=dam\+ho$"))
    page.reload()
    waited(page, "Dam holds, they say", "Dam holds")
    expect(search_box(page)).to_have_value("dam ho")
    page.get_by_role("link", name="“dam ho”").click()
    waited(page, *ALL)
    expect(search_box(page)).to_have_value("")
    search_box(page).fill("nothing like that")
    expect(page.get_by_text("No article is like that.")).to_be_visible()
    page.get_by_role("link", name="Show all 9 articles").click()
    waited(page, *ALL)


def test_filters_and_the_way_back(visit: LibraryVisitor, address: str) -> None:
    page = visit(address)
    page.get_by_label("Outlet", exact=True).select_option("Tarn Post")
    waited(
        page, "Wheat falls again", "Dam holds", "Sluices closed", "Bridge struck", "Schools open"
    )
    page.get_by_label("Published").select_option("2021-01")
    waited(page, "Sluices closed", "Bridge struck")
    expect(page.get_by_role("link", name="Ask these articles")).to_have_attribute(
        "href", "./?outlet=Tarn+Post&since=2021-01-01&until=2021-01-31"
    )
    page.go_back()
    waited(
        page, "Wheat falls again", "Dam holds", "Sluices closed", "Bridge struck", "Schools open"
    )
    expect(page.get_by_label("Published")).to_have_value("")
    page.go_back()
    waited(page, *ALL)
    page.get_by_label("Tag").select_option("army")
    waited(page, "Road to Resafa held")


def test_a_month_of_the_plot_by_mouse_and_by_keyboard(visit: LibraryVisitor, address: str) -> None:
    page = visit(address)
    page.get_by_role("link", name="March 2021: 3 articles").click()
    waited(page, "طريق نورفيك", "Dam holds, they say", "Dam holds")
    expect(page).to_have_url(re.compile(r"\?when=2021-03$"))
    bar = page.get_by_role("link", name="March 2021: 3 articles")
    expect(bar).to_be_focused()
    expect(bar).to_have_attribute("aria-current", "true")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("link", name="February 2021: 1 article")).to_be_focused()
    page.keyboard.press("Enter")
    waited(page, "sinks")
    page.get_by_role("link", name="1 undated").click()
    waited(page, "Schools open")
    page.locator(".dl-table summary").first.click()
    page.get_by_role("cell").first.wait_for()
    page.locator(".dl-table").get_by_role("link", name="January 2021").click()
    waited(page, "Sluices closed", "Bridge struck")


def test_an_outlet_of_the_counts(visit: LibraryVisitor, address: str) -> None:
    page = visit(address)
    digest = page.locator("a.dl-outlet").filter(has_text="Digest")
    expect(digest).to_contain_text("2")
    digest.click()
    waited(page, "Dam holds, they say", "Road to Resafa held")
    expect(digest).to_have_attribute("aria-current", "true")
    digest.click()
    waited(page, *ALL)


def test_an_article_beside_the_list(visit: LibraryVisitor, address: str) -> None:
    page = visit(address)
    title = page.get_by_role("link", name="Road to Resafa held")
    title.click()
    article = page.locator("#dl-open article")
    expect(article.locator("h2")).to_be_focused()
    for words in (ROAD[:40], "Lena Aubry", "Northern Coast", "army, roads", "road.md", "Digest"):
        expect(article).to_contain_text(words)
    link = article.get_by_role("link", name="https://south.example/road (opens a new tab)")
    assert link.get_attribute("href") == "https://south.example/road"
    expect(page).to_have_url(re.compile("article=road"))
    page.reload()
    expect(article).to_contain_text(ROAD[:40])
    expect(page.locator(".dl-current")).to_contain_text("Road to Resafa held")
    page.keyboard.press("Escape")
    expect(article).to_have_count(0)
    expect(page).not_to_have_url(re.compile("article"))
    title.focus()
    page.keyboard.press("Enter")
    expect(article).to_be_visible()
    article.get_by_role("button", name="Close").click()
    expect(title).to_be_focused()


def test_the_copies_of_an_article_are_a_click_away(visit: LibraryVisitor, address: str) -> None:
    page = visit(address, article="dam")
    article = page.locator("#dl-open article")
    expect(article.locator(".dl-relatives")).to_contain_text("Repeated by Dam holds, they say")
    article.locator(".dl-relatives a").click()
    expect(article.locator("h2")).to_have_text("Dam holds, they say")
    expect(article.locator(".dl-relatives")).to_contain_text("Same text as Dam holds")


def test_of_articles_opened_in_a_hurry_the_last_one_stays(
    visit: LibraryVisitor, address: str
) -> None:
    page = visit(address)
    for _ in range(3):
        for title in ("Wheat falls again", "Road to Resafa held", "Bridge struck"):
            page.get_by_role("link", name=title).click()
    page.wait_for_timeout(1500)
    expect(page.locator("#dl-open h2")).to_have_text("Bridge struck")
    expect(page.locator(".dl-current")).to_contain_text("Bridge struck")
    page.keyboard.press("Escape")
    expect(page.locator("#dl-open article")).to_have_count(0)


def test_asking_about_an_article_narrows_the_chat_to_it(
    visit: LibraryVisitor, address: str
) -> None:
    page = visit(address, article="market")
    page.get_by_role("link", name="Ask about it").click()
    expect(page.get_by_placeholder("Ask the library a question")).to_have_value("Wheat falls again")
    expect(page.locator("#dl-since input")).to_have_value("2021-04-01")


def test_paging(visit: LibraryVisitor, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (handlers, render):
        monkeypatch.setattr(module, "ON_A_PAGE", 4)
    page = visit(address)
    waited(page, *ALL[:4])
    expect(page.get_by_text("Page 1 of 3")).to_be_visible()
    page.get_by_label("Choose: Dam holds", exact=True).check()
    page.get_by_role("link", name="Older").click()
    waited(page, *ALL[4:8])
    expect(page).to_have_url(re.compile(r"\?page=2$"))
    expect(page.locator(".dl-row-title").first).to_be_focused()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.get_by_role("link", name="Older").click()
    waited(page, *ALL[8:])
    expect(page.get_by_role("link", name="Older")).to_have_count(0)
    page.go_back()
    waited(page, *ALL[4:8])
    page.get_by_role("link", name="Newer").click()
    waited(page, *ALL[:4])
    expect(page.get_by_label("Choose: Dam holds", exact=True)).to_be_checked()


def test_a_library_that_cannot_be_read_is_a_line(visit: LibraryVisitor, library: Assistant) -> None:
    class Damaged:
        def __getattr__(self, name: str) -> object:
            return getattr(library, name)

        def manifest(self) -> object:
            raise IndexDamagedError("the catalogue cannot be read; restore it")

    with serving(Damaged()) as url:
        page = visit(url)
        expect(page.get_by_role("alert")).to_have_text("the catalogue cannot be read; restore it")


def test_what_is_not_there_is_said(visit: LibraryVisitor, address: str) -> None:
    page = visit(address, article="gone/long ago")
    expect(page.get_by_role("alert")).to_contain_text("no longer in the library")
    page = visit(address, page="99")
    expect(page.get_by_text("There is no page 99 of this list.")).to_be_visible()


def test_what_another_process_indexes_is_seen_at_the_next_look(
    visit: LibraryVisitor, address: str, library: Assistant, tmp_path: Path
) -> None:
    page = visit(address)
    waited(page, *ALL)
    index = library.fetched_folder.parent
    with Assistant.open(index) as other:
        other.index(
            [write_article(tmp_path, "late.md", "It rained on Tuesday.", title="Late rain")]
        )
        search_box(page).fill("late")
        waited(page, "Late rain")
        other.discard(["late"])
        search_box(page).fill("")
        waited(page, *ALL)


def test_poisoned_titles_and_texts_are_text(visit: LibraryVisitor, address: str) -> None:
    page = visit(address)
    page.get_by_role("link", name=re.compile("sinks")).click()
    article = page.locator("#dl-open article")
    expect(article).to_contain_text("{{7*7}}")
    expect(article).to_contain_text(POISON[:20])
    search_box(page).fill("sinks")
    waited(page, "sinks")
    assert page.locator("#dl-library img, #dl-library b").count() == 0
    assert page.locator("a[href^=javascript]").count() == 0
    assert page.evaluate("document.body.dataset.owned") is None


# For everybody


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 380)])
def test_axe_finds_nothing_serious(
    visit: LibraryVisitor, address: str, scheme: str, width: int
) -> None:
    page = visit(address, width=width, scheme=scheme)
    page.get_by_role("button", name="Add articles").click()
    page.locator(".dl-table summary").first.click()
    assert problems(page) == []
    page.get_by_label("Outlet", exact=True).select_option("Digest")
    waited(page, "Dam holds, they say", "Road to Resafa held")
    page.locator("[data-choose]").first.check()
    assert problems(page) == []
    page.get_by_role("button", name="Remove…").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert problems(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Road to Resafa held").click()
    expect(page.locator("#dl-open article")).to_be_visible()
    assert problems(page) == []


def test_a_narrow_window_shows_the_article_over_the_list(
    visit: LibraryVisitor, address: str
) -> None:
    page = visit(address, width=380, height=780)
    assert sideways(page) == 0
    page.get_by_role("link", name="طريق نورفيك").click()
    article = page.locator("#dl-open article")
    expect(article).to_be_visible()
    for part in ("h2", ".dl-text"):
        assert article.locator(part).evaluate("e => getComputedStyle(e).direction") == "rtl"
    stacks = page.locator("#dl-stacks")
    expect(stacks).to_have_js_property("inert", True)
    assert sideways(page) == 0
    keep(page, "library-narrow")
    page.keyboard.press("Escape")
    expect(article).to_have_count(0)
    expect(stacks).to_have_js_property("inert", False)
    page.get_by_role("button", name="Add articles").click()
    assert sideways(page) == 0


def test_nothing_jumps_while_the_page_comes(browser: Browser, address: str) -> None:
    for width in (1280, 380):
        context = browser.new_context(viewport={"width": width, "height": 860})
        page = context.new_page()
        page.add_init_script(WATCH_SHIFTS)
        page.goto(f"{address}library")
        expect(page.locator(".dl-row").first).to_be_visible()
        page.wait_for_timeout(600)  # for what might still come
        moved = shifts(page)
        assert sum({s["at"]: s["value"] for s in moved}.values()) < 0.1, moved  # "good" by web.dev
        context.close()


def test_by_keyboard_from_the_search_to_an_article_and_back(
    visit: LibraryVisitor, address: str
) -> None:
    page = visit(address)
    search_box(page).focus()
    page.keyboard.type("wheat")
    waited(page, "Wheat falls again")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.dl-row-title')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#dl-open h2")).to_have_text("Wheat falls again")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Wheat falls again")).to_be_focused()

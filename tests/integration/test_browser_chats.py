"""Kept chats in a real headless Chromium: going on with them, searching, exporting, rating."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect
from web_double import ROAD_CITED, DoubleAssistant

from assistant.access import Credentials, Door, Scope
from assistant.chats import ANYONE, Chats
from assistant.settings import load_settings
from assistant.web import server, talk
from tests.browser import (
    MARKS,
    Visitor,
    answered,
    ask,
    ask_box,
    eventually,
    keep,
    problems,
    serving,
    sideways,
)

pytest_plugins = ["tests.browser"]
pytestmark = MARKS

ROAD = "Who is trying to open the Norrvik road?"
MOON = "Is there cheese on the moon?"
POISON = "<img src=x onerror=\"document.body.dataset.owned='title'\"> poison"


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with Chats.open(tmp_path) as opened:
        yield opened


@pytest.fixture
def double() -> DoubleAssistant:
    return DoubleAssistant()


@pytest.fixture
def address(double: DoubleAssistant, chats: Chats) -> Iterator[str]:
    with serving(double, chats=chats, examples=[ROAD]) as url:
        yield url


def chat_in(page: Page) -> str:
    """The kept chat that the page's address names."""
    page.wait_for_function("location.search.includes('chat=')")
    return parse_qs(urlsplit(page.url).query)["chat"][0]


def new_chat(page: Page) -> None:
    page.get_by_role("button", name="New chat").click()
    expect(page.locator(".dl-turn")).to_have_count(0)


def shelf(page: Page) -> Any:
    """The shelf, opened, with its list."""
    page.get_by_role("button", name="Chats", exact=True).click()
    expect(page.locator(".dl-kept-list")).to_be_visible()
    return page.locator("#dl-shelf")


def more_of(drawer: Any, title: str) -> Any:
    """The menu of one chat, opened."""
    item = drawer.locator(".dl-kept", has_text=title)
    item.locator(".dl-kept-more > summary").click()
    return item


def test_a_chat_is_there_again_after_a_reload_and_goes_on(
    visit: Visitor, address: str, chats: Chats, double: DoubleAssistant
) -> None:
    page = visit(address)
    ask(page, ROAD)
    chat = chat_in(page)
    page.reload()
    expect(page.locator(".dl-turn")).to_have_count(1)
    expect(page.locator(".dl-statement")).to_have_count(2)
    page.get_by_role("button", name="Citation 1").first.click()
    expect(page.locator("#dl-pane mark")).to_have_text(ROAD_CITED.quote)
    ask(page, "and when was that?")
    assert len(double.asked[-1]["history"]) == 1
    assert chat_in(page) == chat
    assert [t.question for t in chats.chat(ANYONE, chat).turns] == [ROAD, "and when was that?"]
    # Edited: the first question's place is taken by another, and what followed is gone.
    page.get_by_role("button", name="Edit question 1").click()
    expect(ask_box(page)).to_have_value(ROAD)
    ask_box(page).fill(MOON)
    ask_box(page).press("Enter")
    expect(page.locator(".dl-absent")).to_be_visible()
    answered(page, page.locator(".dl-turn"))  # it is drawn before it is kept
    assert [t.question for t in chats.chat(ANYONE, chat).turns] == [MOON]
    new_chat(page)
    page.wait_for_function("!location.search.includes('chat=')")
    ask(page, ROAD)
    assert chat_in(page) != chat


def test_a_page_whose_session_the_server_lost_goes_on_with_the_kept_chat(
    visit: Visitor, double: DoubleAssistant, chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "SESSIONS", 1)  # the next window's takes the first one's place
    with serving(double, chats=chats) as url:
        page = visit(url)
        ask(page, ROAD)
        chat = chat_in(page)
        visit(url)
        page.get_by_role("button", name="Citation 1").first.click()
        expect(page.locator("#dl-pane mark")).to_have_text(ROAD_CITED.quote)
        visit(url)
        page.get_by_role("button", name="Good answer to question 1").click()
        expect(page.get_by_label("What was good about it?")).to_be_visible()
        expect(page.locator(".dl-question")).to_have_text([ROAD])
        visit(url)
        ask(page, "and when was that?")
        expect(page.locator(".dl-question")).to_have_text([ROAD, "and when was that?"])
    assert len(double.asked[-1]["history"]) == 1
    assert len(chats.chat(ANYONE, chat).turns) == 2


def test_chats_are_listed_searched_opened_renamed_and_deleted(
    visit: Visitor, address: str, chats: Chats
) -> None:
    page = visit(address)
    ask(page, ROAD)
    new_chat(page)
    ask(page, MOON)
    drawer = shelf(page)
    titles = drawer.locator(".dl-kept-title")
    expect(titles).to_have_text([MOON, ROAD])
    expect(drawer.locator("[aria-current]")).to_have_text(MOON)
    expect(drawer.locator("#dl-shelf-words")).to_be_focused()
    page.keyboard.type("harbour pilots")  # of the answer, not of the question
    expect(titles).to_have_text([ROAD])
    keep(page, "chats-found")
    page.keyboard.type(" nowhere")
    expect(drawer.get_by_text("No chat has these words.")).to_be_visible()
    drawer.locator("#dl-shelf-words").fill("")
    expect(titles).to_have_count(2)
    titles.nth(1).click()
    expect(page.locator(".dl-question")).to_have_text([ROAD])
    expect(page.locator("#dl-shelf")).to_be_hidden()
    drawer = shelf(page)
    item = more_of(drawer, ROAD)
    item.get_by_label("Title").fill("  The road   north ")
    item.get_by_role("button", name="Rename").click()
    expect(titles).to_have_text([MOON, "The road north"])
    item = more_of(drawer, MOON)
    keep(page, "chats-menu")
    item.get_by_text("Delete…").click()
    item.get_by_role("button", name="Delete it").click()
    expect(titles).to_have_text(["The road north"])
    assert [info.title for info in chats.chats(ANYONE)] == ["The road north"]
    page.keyboard.press("Escape")
    expect(page.locator("#dl-shelf")).to_be_hidden()
    expect(page.get_by_role("button", name="Chats", exact=True)).to_be_focused()


def test_a_chat_is_exported_in_three_forms(visit: Visitor, address: str) -> None:
    page = visit(address)
    ask(page, ROAD)
    item = more_of(shelf(page), ROAD)
    for form, said in (("Markdown", ROAD_CITED.quote[:40]), ("JSON", "dateline-chats")):
        with page.expect_download() as download:
            item.get_by_role("link", name=form).click()
        assert "who-is-trying-to-open-the-norrvik-road" in download.value.suggested_filename
        assert said in Path(download.value.path()).read_text("utf-8")
    with page.expect_popup() as popup:
        item.get_by_role("link", name="Page to print").click()
    expect(popup.value.get_by_text("coast guard").first).to_be_visible()


def test_an_answer_is_rated_with_a_reason_and_exported_as_a_case(
    visit: Visitor, address: str, chats: Chats
) -> None:
    page = visit(address)
    ask(page, ROAD)
    good, bad = (page.get_by_role("button", name=f"{n} answer") for n in ("Good", "Bad"))
    bad.click()
    expect(bad).to_have_attribute("aria-pressed", "true")
    reason = page.get_by_label("What is wrong with it?")
    reason.fill("that is the other road")
    reason.press("Enter")
    expect(page.get_by_text("Kept with the chat")).to_be_visible()
    keep(page, "chats-rated")
    feedback = chats.chat(ANYONE, chat_in(page)).turns[0].feedback
    assert feedback and (feedback.vote, feedback.reason) == (-1, "that is the other road")
    page.reload()
    expect(bad).to_have_attribute("aria-pressed", "true")
    expect(reason).to_have_value("that is the other road")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    expect(bad).to_have_attribute("aria-pressed", "false")
    drawer = shelf(page)
    with page.expect_download() as download:
        drawer.get_by_role("link", name="good ones").click()
    (case,) = map(json.loads, Path(download.value.path()).read_text("utf-8").splitlines())
    assert case["question"] == ROAD
    page.keyboard.press("Escape")
    good.click()  # a second time: taken back
    expect(good).to_have_attribute("aria-pressed", "false")
    assert chats.chat(ANYONE, chat_in(page)).turns[0].feedback is None


def test_what_was_stopped_or_left_is_kept_as_far_as_it_came(
    visit: Visitor, address: str, chats: Chats, double: DoubleAssistant
) -> None:
    double.hold.clear()
    page = visit(address)
    for leave in ("Stop", "New chat"):
        ask_box(page).fill(f"a slow one for {leave}")
        ask_box(page).press("Enter")
        expect(page.locator(".dl-statement")).to_have_count(1)
        page.get_by_role("button", name=leave).click()
        if leave == "Stop":
            expect(page.locator(".dl-error")).to_contain_text(talk.STOPPED)
            page.get_by_role("button", name="New chat").click()
        expect(page.locator(".dl-turn")).to_have_count(0)
        expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    # What is left is kept when nobody looks at it any more; the shelf lists what it finds.
    eventually(page, lambda: [info.turns for info in chats.chats(ANYONE)], [1, 1])
    expect(shelf(page).locator(".dl-kept")).to_have_count(2)
    for info in chats.chats(ANYONE):
        (turn,) = chats.chat(ANYONE, info.id).turns
        assert turn.stopped
        assert turn.answer and [c.quote for c in turn.answer.citations] == [ROAD_CITED.quote]
    page.locator(".dl-kept-title").first.click()
    expect(page.locator(".dl-statement")).to_have_count(1)
    expect(page.locator(".dl-error")).to_contain_text(talk.STOPPED)


def test_a_chat_that_is_not_there_is_one_clear_line(visit: Visitor, address: str) -> None:
    page = visit(address, chat="00000000-0000-0000-0000-000000000000")
    expect(page.get_by_text("no such chat")).to_have_count(1)
    ask(page, ROAD)
    chat_in(page)


def test_a_damaged_store_leaves_the_answer_and_says_so(
    visit: Visitor, double: DoubleAssistant, tmp_path: Path
) -> None:
    (tmp_path / "chats.sqlite").write_text("no database " * 400)
    with Chats.open(tmp_path) as damaged, serving(double, chats=damaged) as url:
        page = visit(url)
        turn = ask(page, ROAD)
        expect(turn.locator(".dl-statement")).to_have_count(2)
        expect(turn.locator(".dl-unkept")).to_contain_text("Not kept: ")
        page.get_by_role("button", name="Chats", exact=True).click()
        expect(page.locator("#dl-shelf").get_by_role("alert")).to_be_visible()


def test_titles_are_data(visit: Visitor, address: str, chats: Chats) -> None:
    page = visit(address)
    ask(page, POISON)
    expect(shelf(page).locator(".dl-kept-title")).to_have_text([POISON])
    assert page.locator("#dl-shelf img").count() == 0
    assert page.evaluate("document.body.dataset.owned") is None


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 380)])
def test_the_shelf_is_for_everybody(visit: Visitor, address: str, scheme: str, width: int) -> None:
    page = visit(address, width=width, scheme=scheme)
    ask(page, ROAD)
    good = page.get_by_role("button", name="Good answer")
    good.click()
    expect(good).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Chats", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator(".dl-kept")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # its menu
    expect(page.get_by_role("button", name="Rename")).to_be_visible()
    assert problems(page) == []
    keep(page, f"chats-{scheme}-{width}")
    assert sideways(page) == 0


def test_by_keyboard_the_shelf_is_not_left_where_it_covers_the_page(
    visit: Visitor, address: str
) -> None:
    page = visit(address, width=380)
    ask(page, ROAD)
    drawer = shelf(page)
    expect(drawer.locator(".dl-kept-title")).to_have_count(1)
    for _ in range(12):
        page.keyboard.press("Tab")
        page.wait_for_function(
            "['dl-head', 'dl-desk'].every("
            "id => !document.getElementById(id).contains(document.activeElement))"
        )
    item = more_of(drawer, ROAD)
    item.get_by_text("Delete…").click()
    item.get_by_role("button", name="Delete it").click()
    expect(drawer.locator(".dl-kept")).to_have_count(0)
    expect(drawer.locator("#dl-shelf-words")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chats", exact=True)).to_be_focused()


def test_each_user_sees_their_own_chats(
    visit: Visitor, double: DoubleAssistant, chats: Chats, tmp_path: Path
) -> None:
    users = tmp_path / "users.json"
    for name in ("ada", "marit"):
        Credentials(users).add_user(name, f"the secret of {name}", [Scope.ASK])
    door = Door.of(load_settings(users_file=users), "0.0.0.0")
    with serving(double, chats=chats, door=door) as url:
        pages = {}
        for name in ("ada", "marit"):
            page = pages[name] = visit.bare(url)
            page.get_by_label("Name").fill(name)
            page.get_by_label("Password").fill(f"the secret of {name}")
            page.get_by_role("button", name="Log in").click()
            expect(page.locator(".dl-who")).to_contain_text(name)
            expect(page.locator("input[type=date]")).to_have_count(2)
            ask(page, f"What does {name} ask?")
        for name, page in pages.items():
            expect(shelf(page).locator(".dl-kept-title")).to_have_text([f"What does {name} ask?"])
        foreign = chat_in(pages["marit"])
        pages["ada"].goto(f"{url}?chat={foreign}")
        expect(pages["ada"].get_by_text("no such chat")).to_have_count(1)
        for form in ("md", "json", "html"):
            mine = pages["marit"].request.get(f"{url}chats/{foreign}.{form}")
            theirs = pages["ada"].request.get(f"{url}chats/{foreign}.{form}")
            assert (mine.status, theirs.status) == (200, 404)
        mine_all = pages["ada"].request.get(f"{url}chats/all.json").text()
        assert "What does ada ask?" in mine_all and "marit" not in mine_all

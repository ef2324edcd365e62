"""The chat for everybody: axe-core's rules, the other direction of writing, a steady layout."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import expect
from web_double import ROAD, DoubleAssistant, answer, cite

from assistant.types import Answer, Article, Part
from tests.browser import (
    MARKS,
    WATCH_SHIFTS,
    Visitor,
    answered,
    ask,
    ask_box,
    keep,
    problems,
    serving,
    shifts,
    sideways,
    still,
)

pytest_plugins = ["tests.browser"]
pytestmark = MARKS

ARABIC = replace(
    ROAD,
    id="arabic",
    title="خفر السواحل يحاول من جديد فتح طريق نورفيك",
    source="بريد الساحل",
    publisher="",
    region="الساحل الشمالي",
    language="ar",
    text="استأنف خفر السواحل يوم الخميس محاولة فتح طريق نورفيك. وكان الثلج لا يزال يتساقط.",
)


class Bilingual(DoubleAssistant):
    """Answers a question in Arabic from an article in Arabic."""

    def article(self, article_id: str, revision: str | None = None) -> Article:
        return ARABIC if article_id == ARABIC.id else super().article(article_id, revision)

    async def astream(self, question: str, **asked: Any) -> AsyncIterator[Part | Answer]:
        if "طريق" not in question:
            async for item in super().astream(question, **asked):
                yield item
            return
        yield answer(question, cite(1, ARABIC, ARABIC.text.split(".")[0] + "."))


@pytest.fixture(scope="module")
def double() -> Bilingual:
    return Bilingual()


@pytest.fixture(scope="module")
def address(double: Bilingual) -> Iterator[str]:
    with serving(double, sample=True, examples=["Who opens the road?", "Is it open?"]) as url:
        yield url


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 380)])
def test_axe_finds_nothing_serious(
    visit: Visitor, address: str, double: Bilingual, scheme: str, width: int
) -> None:
    page = visit(address, width=width, scheme=scheme)
    assert problems(page) == []
    double.hold.clear()
    ask_box(page).fill("a slow one")
    ask_box(page).press("Enter")
    expect(page.locator(".dl-statement")).to_have_count(1)
    assert problems(page) == []
    double.hold.set()
    answered(page, page.locator(".dl-turn"))
    ask(page, "Is there cheese on the moon?")
    ask(page, "a broken one")
    assert problems(page) == []
    for _ in range(5):  # the end of an answer may take the focus back to the box once more
        page.locator(".dl-cite").first.focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Shift+Tab")
        with suppress(AssertionError):
            expect(page.get_by_role("tooltip")).to_be_visible(timeout=3_000)
            break
    expect(page.get_by_role("tooltip")).to_be_visible()
    assert problems(page) == []
    page.keyboard.press("Enter")
    expect(page.locator("#dl-pane mark").first).to_be_visible()
    assert problems(page) == []


@pytest.mark.parametrize("width", [1280, 380])
def test_text_that_runs_from_right_to_left(visit: Visitor, address: str, width: int) -> None:
    page = visit(address, width=width, height=780)
    ask_box(page).fill("من يفتح طريق نورفيك؟")
    assert direction(ask_box(page)) == "rtl"
    turn = ask(page, "من يفتح طريق نورفيك؟")
    for part in (".dl-question", ".dl-source-title"):
        assert direction(turn.locator(part)) == "rtl", part
    assert direction(turn.locator(".dl-lead")) == "ltr"
    turn.locator(".dl-cite").first.click()
    expect(page.locator("#dl-pane mark")).to_have_text(ARABIC.text.split(".")[0] + ".")
    assert direction(page.locator("#dl-pane .dl-text")) == "rtl"
    assert sideways(page) == 0
    still(page)
    keep(page, f"chat-rtl-{width}")


def direction(part: Any) -> str:
    return str(part.evaluate("e => getComputedStyle(e).direction"))


def test_nothing_jumps_while_an_answer_comes(
    visit: Visitor, address: str, double: Bilingual
) -> None:
    double.hold.clear()
    page = visit(address)
    expect(page.get_by_role("combobox", name="Region")).to_be_visible()  # the last part to come
    page.evaluate(WATCH_SHIFTS)
    ask_box(page).fill("a slow one")
    ask_box(page).press("Enter")
    expect(page.locator(".dl-statement")).to_have_count(1)
    shifts(page)  # the welcome has given way to the question
    expect(page.locator(".dl-elapsed")).to_contain_text(" s")  # a long wait shows that it goes on
    line = page.locator(".dl-working").bounding_box()
    assert line
    double.hold.set()
    answered(page, page.locator(".dl-turn"))
    # Below what was said, the line on what goes on makes room for more, until it is taken out.
    place = (line["x"], line["y"])
    moved = [
        shift
        for shift in shifts(page)
        if "dl-working" not in shift["what"]
        and shift["before"][:2] != pytest.approx(place, abs=1.5)
    ]
    assert moved == []

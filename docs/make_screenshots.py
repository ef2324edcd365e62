"""Pictures of the chat in each of its states, over the sample library.

    python docs/make_screenshots.py [--out FOLDER] [--only STATE ...]

Needs Debian's chromium. The index is made in a temporary folder and thrown away. Writes STATE.png
for each state, and says how soon a page was painted; the pictures of the documentation (`SHOWN`)
are written beside it too.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant import sample
from assistant.chats import Chats
from assistant.errors import EndpointError
from assistant.evaluating import run_evaluation
from assistant.evaluation import Runs, load_cases
from assistant.pipeline import Assistant
from assistant.settings import load_settings
from assistant.types import Answer, Part
from assistant.web import server

SHOWN = {
    "source": "chat.png",
    "disagreement": "chat-differing.png",
    "mobile-source": "chat-narrow.png",
    "runs": "evaluation.png",
    "case": "evaluation-case.png",
    "compared": "evaluation-compared.png",
    "library": "library-page.png",
    "library-added": "library-adding.png",
}
"""The states whose pictures are in the repository, as these files of docs/."""

BIGGEST = 300_000
"""Bytes that such a picture may have."""

SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ROAD, TOLL, DENIED, RESIGNED = sample.EXAMPLES
ABSENT = "Which team won the chess olympiad in Lisbon?"
DIFFERENT = "How many people died in the Belkorra market bombing?"
ARABIC = """---
id: arabic
title: خفر السواحل يحاول من جديد فتح طريق نورفيك
source: بريد الساحل
date: 2021-03-12
region: الساحل الشمالي
language: ar
---

استأنف خفر السواحل يوم الخميس محاولة فتح طريق نورفيك، وقال العمدة إن 40 شاحنة تنتظر في الوادي.
"""


class Staged:
    """An assistant that can be held after its first sentence, or made to fail there."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self._stream: Callable[..., AsyncIterator[Part | Answer]] = assistant.astream
        self.held = threading.Event()
        self.held.set()
        self.failing = False

    def __getattr__(self, name: str) -> object:
        return getattr(self.assistant, name)

    async def astream(self, question: str, **asked: object) -> AsyncIterator[Part | Answer]:
        """As the assistant does, until it is held or fails."""
        async for part in self._stream(question, **asked):
            yield part
            while not self.held.is_set():
                await asyncio.sleep(0.05)
            if self.failing:
                raise EndpointError(
                    "the endpoint at http://127.0.0.1:8000/v1 cut its answer off; ask again, or "
                    "look at what runs there"
                )


State = Callable[[Page, Staged], None]


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the end of the answer."""
    box = page.get_by_placeholder("Ask the library a question")
    asked = page.locator(".dl-turn").count()
    box.fill(question)
    box.press("Enter")
    expect(page.locator(".dl-turn").nth(asked).locator(".dl-foot")).to_be_visible(timeout=60_000)


def empty(page: Page, staged: Staged) -> None:
    """The page as it opens."""
    expect(page.locator(".dl-suggestions")).to_be_visible(timeout=30_000)


def streaming(page: Page, staged: Staged) -> None:
    """The first sentence is there, the next is on its way."""
    staged.held.clear()
    box = page.get_by_placeholder("Ask the library a question")
    box.fill(ROAD)
    box.press("Enter")
    expect(page.locator(".dl-statement").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(4000)


def answered(page: Page, staged: Staged) -> None:
    """An answer, with the words behind its first number."""
    ask(page, ROAD)
    page.locator(".dl-cite").first.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()


def source(page: Page, staged: Staged) -> None:
    """An answer, and its article at the quoted words."""
    ask(page, ROAD)
    page.locator(".dl-cite").first.click()
    expect(page.locator("#dl-pane mark").first).to_be_visible()


def disagreement(page: Page, staged: Staged) -> None:
    """Sources that differ, side by side."""
    ask(page, DIFFERENT)
    page.locator(".dl-split, .dl-timeline").first.scroll_into_view_if_needed()


def followup(page: Page, staged: Staged) -> None:
    """A follow-up, and how it was understood."""
    ask(page, RESIGNED)
    ask(page, "and why?")


def editing(page: Page, staged: Staged) -> None:
    """An earlier question is being written anew."""
    ask(page, RESIGNED)
    ask(page, TOLL)
    page.get_by_role("button", name="Edit question 1").click()
    expect(page.locator(".dl-editing")).to_be_visible()


def abstained(page: Page, staged: Staged) -> None:
    """What the library does not hold."""
    ask(page, ABSENT)


def error(page: Page, staged: Staged) -> None:
    """An endpoint that fails in the middle."""
    staged.failing = True
    ask(page, ROAD)


def chats(page: Page, staged: Staged) -> None:
    """The kept chats, with the menu of one, over an answer that was rated."""
    for question in (DIFFERENT, ABSENT, TOLL):
        ask(page, question)
        page.get_by_role("button", name="New chat").click()
        expect(page.locator(".dl-turn")).to_have_count(0)
    ask(page, ROAD)
    page.get_by_role("button", name="Good answer").click()
    page.get_by_role("button", name="Chats", exact=True).click()
    page.locator(".dl-kept-more > summary").nth(1).click()


def rtl(page: Page, staged: Staged) -> None:
    """An article and a question that run from right to left."""
    ask(page, "كم شاحنة تنتظر في الوادي قرب طريق نورفيك؟")
    page.locator(".dl-cite, .dl-passage").first.click()
    expect(page.locator("#dl-pane mark").first).to_be_visible()


def no_runs(page: Page, staged: Staged) -> None:
    """The page Evaluation before there is a run."""
    expect(page.get_by_text("No run is kept yet")).to_be_visible()


def runs(page: Page, staged: Staged) -> None:
    """The runs of a question file, and their figures over time."""
    keep_runs(staged)
    page.reload()
    expect(page.locator(".ev-dot").first).to_be_visible(timeout=30_000)


def one_run(page: Page, staged: Staged) -> None:
    """A run, with its failures below."""
    runs(page, staged)
    page.locator(".ev-runs a").first.click()
    expect(page.locator(".ev-case").first).to_be_visible()


def case(page: Page, staged: Staged) -> None:
    """A failure: what was expected, the answer as it was, and the gold sentence in its article."""
    one_run(page, staged)
    page.locator(".ev-is-wrong h4 a").first.click()
    page.locator("[data-kind=gold]").first.click()
    expect(page.locator("#dl-pane mark").first).to_be_visible()


def compared(page: Page, staged: Staged) -> None:
    """The run with shorter answers beside the first one."""
    runs(page, staged)
    for box in page.locator("input[name=compare]").all()[-2:]:
        box.check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("heading", name="Runs compared")).to_be_visible(timeout=30_000)


def no_such_run(page: Page, staged: Staged) -> None:
    """An address of a run that is not there."""
    page.goto(f"{page.url}?run=20260101-000000-0000")
    expect(page.get_by_role("alert")).to_be_visible(timeout=30_000)


def keep_runs(staged: Staged) -> None:
    """Runs of the sample's first questions, unless there are some: as it is, with shorter answers
    and without the reader.
    """
    assistant, folder = staged.assistant, Path(str(staged.assistant.folder))
    kept = Runs(folder / "runs")
    if kept.all():
        return
    cases = load_cases(sample.questions_path())[::3]
    run_evaluation(assistant, cases, "questions.jsonl", runs=kept)
    for setting in ({"max_statements": 1}, {"reader": False}):
        with Assistant.open(folder, load_settings(**setting)) as other:
            run_evaluation(other, cases, "questions.jsonl", runs=kept)
    run_evaluation(assistant, cases, "questions.jsonl", runs=kept)


def library(page: Page, staged: Staged) -> None:
    """The page Library: the list, and the counts beside it."""
    page.get_by_role("link", name="Library").click()
    expect(page.locator(".dl-row").first).to_be_visible(timeout=30_000)
    expect(page.locator(".dl-plot")).to_be_visible()


def library_article(page: Page, staged: Staged) -> None:
    """A search of the library, and an article open beside it."""
    library(page, staged)
    page.get_by_role("searchbox").fill("lisenne")
    page.get_by_role("link", name="Talmeria and rebels to meet").click()
    expect(page.locator("#dl-open article")).to_be_visible()


def library_removing(page: Page, staged: Staged) -> None:
    """The question whether to remove two articles."""
    library(page, staged)
    for box in page.locator("[data-choose]").all()[:2]:
        box.check()
    page.get_by_role("button", name="Remove…").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def library_added(page: Page, staged: Staged) -> None:
    """What came of files that were added, one of them no archive, one in part."""
    library(page, staged)
    page.get_by_role("button", name="Add articles").click()
    with tempfile.TemporaryDirectory() as folder:
        files = {
            "harbour-briefs.jsonl": '{"title": "Ferry sails again", "source": "Harbour News", '
            '"date": "2024-05-02", "text": "The ferry sailed again on Thursday after two weeks."}\n'
            '{"title": "Nothing yet"}\n',
            "archive-2023.zip": "cut off",
            "pier.md": "---\ntitle: New pier opened\nsource: Harbour News\ndate: 2024-05-09\n---\n"
            "The mayor opened the new pier on Thursday before some two hundred guests.\n",
        }
        for name, text in files.items():
            (Path(folder) / name).write_text(text, "utf-8")
        page.locator("[data-files]").set_input_files([Path(folder) / name for name in files])
        expect(page.locator("[data-dismiss]")).to_be_visible(timeout=60_000)
        page.wait_for_timeout(1000)  # for the list to follow


STATES: dict[str, tuple[State, dict[str, Any]]] = {
    "empty": (empty, {}),
    "streaming": (streaming, {}),
    "answered": (answered, {}),
    "source": (source, {}),
    "disagreement": (disagreement, {}),
    "followup": (followup, {}),
    "editing": (editing, {}),
    "abstained": (abstained, {}),
    "error": (error, {}),
    "chats": (chats, {}),
    "rtl": (rtl, {}),
    "dark": (source, {"color_scheme": "dark"}),
    "dark-abstained": (abstained, {"color_scheme": "dark"}),
    "mobile-empty": (empty, {"viewport": {"width": 380, "height": 780}}),
    "mobile": (disagreement, {"viewport": {"width": 380, "height": 780}}),
    "mobile-source": (source, {"viewport": {"width": 380, "height": 780}}),
    "no-runs": (no_runs, {}),
    "runs": (runs, {"viewport": {"width": 1280, "height": 940}}),
    "compared": (compared, {"viewport": {"width": 1280, "height": 940}}),
    "run": (one_run, {"viewport": {"width": 1280, "height": 1300}}),
    "case": (case, {}),
    "no-such-run": (no_such_run, {}),
    "dark-runs": (runs, {"color_scheme": "dark"}),
    "dark-case": (case, {"color_scheme": "dark"}),
    "mobile-runs": (runs, {"viewport": {"width": 380, "height": 780}}),
    "mobile-run": (one_run, {"viewport": {"width": 380, "height": 780}}),
    "mobile-case": (case, {"viewport": {"width": 380, "height": 780}}),
    "library": (library, {}),
    "library-article": (library_article, {}),
    "library-removing": (library_removing, {}),
    "library-dark": (library_article, {"color_scheme": "dark"}),
    "library-mobile": (library, {"viewport": {"width": 380, "height": 780}}),
    "library-mobile-article": (library_article, {"viewport": {"width": 380, "height": 780}}),
    "library-added": (library_added, {}),  # last: it adds to the library
}
EVALUATION = {name for name in STATES if name.endswith(("runs", "run", "case", "compared"))}
"""The states of the page Evaluation; in this order, the first has no run yet."""


def main() -> None:
    """Make the pictures, and say where they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("artifacts/screenshots"))
    parser.add_argument("--only", nargs="+", choices=STATES, default=list(STATES))
    options = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no browser to take pictures with: apt-get install chromium")
    options.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        Assistant.open(Path(folder) / "index", create=True) as assistant,
        sync_playwright() as playwright,
    ):
        arabic = Path(folder) / "arabic.md"
        arabic.write_text(ARABIC, "utf-8")
        assistant.index([sample.articles_path(), arabic])
        assistant.warm_up()
        browser = playwright.chromium.launch(executable_path=chromium, args=SWITCHES)
        for name in options.only:
            shoot(browser, Staged(assistant), name, options.out / f"{name}.png")
        browser.close()


@contextmanager
def serving(assistant: Staged) -> Iterator[str]:
    """The chat on a free port, in a thread; gives its address."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Chats.open(folder) as kept,
        server.listen("127.0.0.1", 0) as listener,
    ):
        app = server.make_app(assistant, chats=kept, sample=True, examples=sample.EXAMPLES)
        running = server.make_server(app)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        yield server.address(listener)
        running.should_exit = True
        thread.join(10)


def shoot(browser: Browser, staged: Staged, name: str, out: Path) -> None:
    """Bring a page of its own into a state, and take its picture."""
    state, look = STATES[name]
    page = browser.new_page(**{"viewport": {"width": 1280, "height": 820}, **look})
    with serving(staged) as address:
        page.goto(address + ("evaluation" if name in EVALUATION else ""))
        box = page.get_by_placeholder("Ask the library a question")
        expect(box.or_(page.locator(".ev-head:has(+ *)"))).to_be_visible(timeout=30_000)
        alive = page.evaluate("performance.now()")
        state(page, staged)
        painted = page.evaluate(  # of the page that is shown in the end
            "performance.getEntriesByName('first-contentful-paint')[0].startTime"
        )
        page.wait_for_timeout(700)  # for the fade and the scrolling to end
        page.screenshot(path=out)
        page.close()
        staged.held.set()
    size = out.stat().st_size
    sys.stdout.write(
        f"{out}: {size:,} bytes; painted after {painted:.0f} ms, there by {alive:.0f} ms\n"
    )
    if name in SHOWN:
        if size > BIGGEST:
            sys.exit(f"the picture is larger than {BIGGEST:,} bytes")
        shutil.copyfile(out, Path(__file__).with_name(SHOWN[name]))


if __name__ == "__main__":
    main()

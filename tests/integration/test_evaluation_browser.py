"""The page Evaluation in a real headless Chromium."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, expect

from assistant import sample
from assistant.evaluating import run_evaluation
from assistant.evaluation import Run, Runs, load_cases
from assistant.intake import Narrowed
from assistant.pipeline import Assistant
from assistant.types import EvalCase
from tests.browser import (
    MARKS,
    WATCH_SHIFTS,
    Visitor,
    ask_box,
    keep,
    problems,
    serving,
    shifts,
    sideways,
)

pytest_plugins = ["tests.browser", "tests.sample_index"]
pytestmark = MARKS

POISON = (
    "</h4><img src=x onerror=\"document.body.dataset.owned='1'\"> {{value}} "
    "<script>document.body.dataset.owned='2'</script> ${document.body.dataset.owned='3'}"
)
ARABIC = "من يفتح طريق نورفيك؟"
Look = Callable[..., Page]


@pytest.fixture(scope="module")
def library(sample_index: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    folder = tmp_path_factory.mktemp("evaluated") / "index"
    shutil.copytree(sample_index, folder, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    with Assistant.open(folder) as assistant:
        yield assistant


@pytest.fixture(scope="module")
def runs(library: Assistant) -> Runs:
    assert library.folder is not None
    return Runs(library.folder / "runs")


@pytest.fixture(scope="module")
def kept(library: Assistant, runs: Runs) -> list[Run]:
    """Two runs of four questions, the later one narrowed; one of poisoned and Arabic words; and one
    of the same four that finds nothing.
    """
    cases = load_cases(sample.questions_path())[:3]
    wrong = EvalCase(
        cases[0].id + "-wrong", cases[0].question, "single", True, answers=(("a parrot",),),
        evidence=cases[0].evidence,
    )  # fmt: skip
    narrowed = Narrowed(since="2017-01-01")
    made = [
        run_evaluation(library, [*cases, wrong], "q.jsonl", runs=runs, narrowed=only)[1]
        for only in (None, narrowed)
    ]
    odd = [
        EvalCase("p", POISON, POISON, True, answers=((POISON,),), note=POISON),
        EvalCase("a", ARABIC, "arabic", True, answers=(("خفر السواحل",),)),
    ]
    made.append(run_evaluation(library, odd, "odd.jsonl", runs=runs)[1])
    early = Narrowed(until="1990-01-01")
    made.append(run_evaluation(library, [*cases, wrong], "e.jsonl", runs=runs, narrowed=early)[1])
    return [run for run in made if run]


@pytest.fixture(scope="module")
def address(library: Assistant, kept: list[Run]) -> Iterator[str]:
    with serving(library) as url:
        yield url


@pytest.fixture
def look(visit: Visitor, address: str) -> Look:
    """Opens the page Evaluation at a view, watched as the chat's visitors are."""

    def opened(
        view: dict[str, Any] | None = None,
        width: int = 1280,
        height: int = 860,
        scheme: Any = "light",
    ) -> Page:
        query = urlencode(view or {}, doseq=True)
        page = visit.bare(f"{address}evaluation?{query}", width, height, scheme)
        expect(page.locator("[data-view]:not([data-view=waiting])")).to_be_visible()
        page.wait_for_function("document.body.dataset.evaluation")
        return page

    return opened


def heading(page: Page) -> Any:
    return page.locator("[data-title]")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("dark", 380)])
def test_axe_finds_nothing_serious(look: Look, kept: list[Run], scheme: str, width: int) -> None:
    case = {"run": kept[1].id, "case": kept[1].results()[3].case.id}
    for view in (
        {"questions": "q.jsonl"},
        {"run": kept[1].id, "ended": "all"},
        case,
        {"run": kept[2].id},
        {"run": "20200101-000000-0000"},
        {"compare": [kept[0].id, kept[1].id, kept[3].id]},
    ):
        page = look(view, width=width, scheme=scheme)
        page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert problems(page) == [], view
        assert sideways(page) == 0, view
        keep(page, f"evaluation-last-{scheme}-{width}")
    page = look(case, width=width, scheme=scheme)
    page.locator("[data-kind=gold]").first.click()
    expect(page.locator("#dl-pane mark").first).to_be_visible()
    assert problems(page) == []
    keep(page, f"evaluation-case-{scheme}-{width}")


def test_from_the_runs_to_a_failure_and_its_source_by_keyboard_alone(
    look: Look, kept: list[Run]
) -> None:
    page = look({"questions": "q.jsonl"})
    keep(page, "evaluation-runs")
    link = page.get_by_role("row").nth(1).get_by_role("link")
    link.focus()
    page.keyboard.press("Enter")
    expect(heading(page)).to_have_text("q.jsonl")
    expect(heading(page)).to_be_focused()
    expect(page).to_have_url(re.compile(rf"[?&]run={kept[1].id}\b"))
    expect(page).to_have_title(re.compile("q.jsonl"))
    failed = page.locator(".ev-is-wrong")
    page.get_by_role("button", name="1 failure").press("Enter")
    expect(page.get_by_role("heading", name="Questions", exact=True)).to_be_focused()
    expect(page.get_by_role("heading", name="Questions", exact=True)).to_be_in_viewport()
    expect(failed).to_contain_text("a parrot")
    expect(failed).to_contain_text("Missing: a parrot.")
    failed.get_by_role("link", name="Read the answer as it was").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-view=case]")).to_be_visible()
    expect(heading(page)).to_be_focused()
    expect(page.locator(".ev-crumb")).to_be_in_viewport()
    cite = page.locator(".dl-cite").first
    quote = cite.get_attribute("data-quote") or ""
    cite.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dl-pane mark").first).to_be_visible()
    marked = "".join(page.locator("#dl-pane mark").all_text_contents())
    assert "".join(marked.split()) == "".join(quote.split())
    page.keyboard.press("Escape")
    expect(cite).to_be_focused()
    page.go_back()
    expect(page.locator("[data-view=run]")).to_be_visible()
    page.go_back()
    expect(page.locator("[data-view=runs]")).to_be_visible()


def test_a_failure_is_opened_as_a_chat_with_its_filters(look: Look, kept: list[Run]) -> None:
    page = look({"run": kept[1].id})
    question = kept[1].results()[3].case.question
    page.locator(".ev-is-wrong").get_by_role("link", name="Ask it now").click()
    expect(ask_box(page)).to_have_value(question)
    expect(page.locator("#dl-since input")).to_have_value("2017-01-01")


def test_figures_are_chosen_and_stand_in_the_address(look: Look) -> None:
    page = look({"questions": "q.jsonl"})
    page.get_by_text("Choose figures").click()
    box = page.get_by_role("checkbox", name="MRR at 10")
    box.focus()
    page.keyboard.press("Space")
    expect(page.locator(".ev-legend")).to_contain_text("MRR at 10")
    expect(page.get_by_role("columnheader", name="MRR at 10")).to_be_visible()
    expect(box).to_be_focused()
    expect(box).to_be_checked()
    expect(page).to_have_url(re.compile(r"[?&]figure=mrr(@|%40)10\b"))
    for name in ("Right", "Hit rate at 10"):  # of the usual ones, those that this file has
        page.get_by_role("checkbox", name=name, exact=True).uncheck()
        expect(page.locator(".ev-legend")).not_to_contain_text(name)
    expect(page.locator(".ev-band")).to_have_count(1)
    expect(page.locator(".ev-dot")).to_have_count(2)
    page.reload()
    expect(page.locator(".ev-legend li")).to_have_count(1)
    page.get_by_role("link", name=re.compile("odd.jsonl")).click()
    expect(page.get_by_text("With a second run of this file")).to_be_visible()


def test_poisoned_and_arabic_words_are_words(look: Look, kept: list[Run]) -> None:
    for view in ({"run": kept[2].id, "ended": "all"}, {"run": kept[2].id, "case": "p"}):
        page = look(view)
        expect(page.get_by_text(POISON[:40]).first).to_be_visible()
        assert page.evaluate("document.body.dataset.owned") is None
        assert page.locator("#dl-transcript img, #dl-transcript script").count() == 0
    page = look({"run": kept[2].id, "case": "a"}, width=380)
    direction = heading(page).evaluate("e => getComputedStyle(e).direction")
    assert direction == "rtl"
    assert sideways(page) == 0
    keep(page, "evaluation-rtl-380")


def test_the_report_filters_its_cases_with_its_own_script(
    look: Look, kept: list[Run], address: str
) -> None:
    page = look({"run": kept[1].id})
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Full report").click()
    report = opening.value
    expect(report.get_by_role("heading", name="Evaluation")).to_be_visible()
    wrong = kept[1].results()[3].case
    report.locator("#filter input").fill("a parrot")
    expect(report.locator("#filter output")).to_have_text("1 of 4 cases")
    expect(report.locator("article.case:visible")).to_contain_text(wrong.id)
    answered = page.request.get(f"{address}evaluation/report/{kept[1].id}")
    assert answered.headers["content-security-policy"].startswith("sandbox allow-scripts allow-p")
    assert answered.headers["x-content-type-options"] == "nosniff"
    for name in ("20200101-000000-0000", "..%2f..%2fetc", "x"):
        assert page.request.get(f"{address}evaluation/report/{name}").status == 404


TAMPER = """
<script>document.title = "owned"</script><script src="/static/x.js"></script>
<img src="/favicon.ico" onload="document.title = 'owned'" onerror="document.title = 'owned'">
<a id="late" href="javascript:document.title = 'owned'">late</a>
"""
REACH = """() => fetch('/healthz').then(() => 'sent', () => 'refused')"""


def test_a_report_that_was_changed_runs_no_other_script(
    look: Look, runs: Runs, kept: list[Run], address: str
) -> None:
    """Poisoned words do nothing; nor does what was put into the file, its own policy taken out."""
    page = look()
    poisoned = f"{address}evaluation/report/{kept[2].id}"
    page.goto(poisoned)
    expect(page.locator("#filter")).to_be_visible()
    expect(page.get_by_text(POISON[:40]).first).to_be_attached()
    assert page.evaluate("document.body.dataset.owned") is None
    changed = shutil.copytree(kept[2].folder, runs.folder / "20200103-000000-0000")
    try:
        record = json.loads((changed / "run.json").read_text())
        (changed / "run.json").write_text(json.dumps({**record, "id": changed.name}))
        text = (changed / "report.html").read_text("utf-8")
        text = re.sub(r"<meta http-equiv=[^>]*>", "", text).replace("<main", TAMPER + "<main", 1)
        (changed / "report.html").write_text(text, "utf-8")
        page.goto(f"{address}evaluation/report/{changed.name}")
        expect(page.locator("#filter")).to_be_visible()  # the script that it has by this version
        page.locator("#late").click()
        page.wait_for_timeout(300)
        assert page.title().startswith("Dateline evaluation")
        assert page.evaluate(REACH) == "refused"
        assert page.evaluate("window.origin") == "null"
    finally:
        shutil.rmtree(changed)


def test_runs_are_chosen_and_compared_by_keyboard_alone(
    look: Look, kept: list[Run], address: str
) -> None:
    page = look({"questions": "q.jsonl"})
    said = page.locator("[data-picked]")
    button = page.get_by_role("button", name="Compare", exact=True)
    button.press("Enter")
    expect(said).to_have_text("Choose two or more runs first.")
    boxes = page.get_by_role("checkbox", name=re.compile("^Compare the run of"))
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.focus()
        page.keyboard.press("Space")
    expect(said).to_have_text("2 runs are chosen.")
    page.get_by_text("Choose figures").click()
    page.get_by_role("checkbox", name="MRR at 10").check()  # the table is drawn anew
    expect(page.get_by_role("columnheader", name="MRR at 10")).to_be_visible()
    expect(boxes.first).to_be_checked()
    button.press("Enter")
    expect(heading(page)).to_have_text("Runs compared")
    expect(heading(page)).to_be_focused()
    query = parse_qs(urlsplit(page.url).query)
    assert query["compare"] == [kept[0].id, kept[1].id], "the oldest first"
    expect(page.get_by_text("4 questions that both asked")).to_be_visible()
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="As a page").click()
    expect(opening.value.get_by_role("heading", name="Runs compared")).to_be_visible()
    opening.value.close()
    page.get_by_role("navigation", name="Beside which run").get_by_role("link").nth(1).click()
    page.wait_for_url(re.compile(f"compare={kept[1].id}&compare={kept[0].id}"))
    bases = page.get_by_role("navigation", name="Beside which run").get_by_role("link")
    expect(bases.nth(1)).to_have_attribute("aria-current", "true")
    keep(page, "evaluation-compared")
    page.go_back()
    expect(bases.nth(0)).to_have_attribute("aria-current", "true")
    page.go_back()
    expect(page.locator("[data-view=runs]")).to_be_visible()


def test_a_run_that_was_deleted_meanwhile_is_one_line(
    look: Look, runs: Runs, kept: list[Run]
) -> None:
    gone = shutil.copytree(kept[0].folder, runs.folder / "20200104-000000-0000")
    record = json.loads((gone / "run.json").read_text())
    (gone / "run.json").write_text(json.dumps({**record, "id": gone.name}))
    page = look({"questions": "q.jsonl"}, width=380, height=800)
    boxes = page.get_by_role("checkbox", name=re.compile("^Compare the run of"))
    boxes.last.check()
    boxes.first.check()
    assert sideways(page) == 0
    shutil.rmtree(gone)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(f"no run '{gone.name}'")
    page.go_back()
    expect(page.locator("[data-picked]")).to_have_text("1 run is chosen.")


def test_nothing_jumps_when_the_page_comes(look: Look, address: str, kept: list[Run]) -> None:
    page = look()
    page.add_init_script(WATCH_SHIFTS)
    for view in ({"questions": "q.jsonl"}, {"run": kept[0].id}):
        page.goto(f"{address}evaluation?{urlencode(view)}")
        expect(page.locator("[data-view]:not([data-view=waiting])")).to_be_visible()
        page.wait_for_timeout(1000)  # for what might still come
        moved = shifts(page)
        assert sum(shift["value"] for shift in moved) < 0.05, (view, moved)


def test_a_run_is_started_from_a_file_followed_and_deleted(
    look: Look, runs: Runs, tmp_path: Path
) -> None:
    page = look()
    lines = sample.questions_path().read_text("utf-8").splitlines()[:2]
    file = tmp_path / "mine.jsonl"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    page.get_by_text("Start a run").click()
    page.get_by_label("Questions", exact=True).select_option(label="A question file of mine…")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("Choose a question file first.")).to_be_visible()
    page.get_by_label(re.compile("^Question file .JSONL")).set_input_files(file)
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_text("mine.jsonl was asked")).to_be_visible()
    page.get_by_role("link", name=re.compile("mine.jsonl")).click()
    page.get_by_role("row").nth(1).get_by_role("link").click()
    expect(heading(page)).to_have_text("mine.jsonl")
    run_id = parse_qs(urlsplit(page.url).query)["run"][0]
    assert runs.run(run_id).whole
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete for good?").press("Escape")
    page.get_by_role("button", name="Delete", exact=True).click()
    assert runs.run(run_id).whole
    page.get_by_role("button", name="Delete for good?").click()
    expect(page.locator("[data-view=runs]")).to_be_visible()
    assert run_id not in [run.id for run in runs.all()]


def test_damage_is_shown_beside_what_is_sound(
    look: Look, runs: Runs, kept: list[Run], library: Assistant
) -> None:
    broken = shutil.copytree(kept[0].folder, runs.folder / "20200101-000000-0000")
    (broken / "run.json").write_text("{")
    cut = shutil.copytree(kept[0].folder, runs.folder / "20200102-000000-0000")
    record = json.loads((cut / "run.json").read_text())
    (cut / "run.json").write_text(json.dumps({**record, "id": cut.name, "status": "running"}))
    page = look({"questions": "q.jsonl"}, width=380, height=800)
    expect(page.get_by_text("run 20200101-000000-0000 is damaged")).to_be_visible()
    expect(
        page.get_by_text(re.compile("Not whole, it runs or was cut off: 4 of 4"))
    ).to_be_visible()
    expect(page.get_by_role("row").locator("[data-label=Right]")).to_have_count(2)
    assert sideways(page) == 0
    keep(page, "evaluation-damaged-380")
    page.get_by_role("button", name=re.compile("Delete run 20200101")).click()
    page.get_by_role("button", name="Delete for good?").click()
    expect(page.get_by_text("is damaged")).to_have_count(0)
    shutil.rmtree(cut)

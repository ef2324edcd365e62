"""Who may only ask, before the page Evaluation of a server that asks for a login."""

from __future__ import annotations

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from web_double import ROAD_CITED, DoubleAssistant, answer

from assistant.access import Credentials, Door, Scope
from assistant.evaluation import Run, Runs, evaluate
from assistant.settings import load_settings
from assistant.types import EvalCase
from tests.browser import MARKS, Visitor, serving

pytest_plugins = ["tests.browser"]
PASSWORD = "correct horse battery"


class WithRuns(DoubleAssistant):
    """A double that has a folder, and so a place of kept runs."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        self.settings = load_settings()


@pytest.fixture
def kept(tmp_path: Path) -> Run:
    keeping = Runs(tmp_path / "runs").begin("q.jsonl", 1, {})
    wrong = EvalCase("c1", "Who opens the road?", "single", True, answers=(("a secret word",),))
    given = answer(wrong.question, ROAD_CITED)
    return keeping.finish(evaluate([wrong], lambda c: given, on_result=keeping.add))


@pytest.fixture
def credentials(tmp_path: Path) -> Credentials:
    found = Credentials(tmp_path / "users.json")
    found.add_user("marit", PASSWORD, [Scope.ASK])
    return found


@pytest.fixture
def address(tmp_path: Path, credentials: Credentials) -> Any:
    door = Door.of(load_settings(users_file=tmp_path / "users.json"), "0.0.0.0")
    with serving(WithRuns(tmp_path), door=door) as url:
        yield url


def test_a_token_to_ask_does_not_open_a_report(
    address: str, credentials: Credentials, kept: Run
) -> None:
    def opened(scopes: list[Scope]) -> tuple[int, str]:
        token = credentials.add_token("-".join(scopes), scopes)
        asked = urllib.request.Request(
            f"{address}evaluation/report/{kept.id}", headers={"Authorization": f"Bearer {token}"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=60) as answered:
                return answered.status, answered.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    status, text = opened([Scope.ASK])
    assert (status, "secret word" in text) == (403, False)
    status, text = opened([Scope.ASK, Scope.MANAGE])
    assert (status, "secret word" in text) == (200, True)


@pytest.mark.browser
@MARKS[1]
def test_who_may_only_ask_sees_figures_alone(visit: Visitor, address: str, kept: Run) -> None:
    context = visit._browser.new_context(viewport={"width": 380, "height": 780})
    visit.contexts.append(context)
    page = context.new_page()
    page.goto(address)
    page.get_by_label("Name").fill("marit")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator(".dl-who")).to_contain_text("marit")  # leaving earlier would undo it
    page.goto(f"{address}evaluation?run={kept.id}&ended=all")
    expect(page.get_by_text("are shown to those who may manage the library")).to_be_visible()
    expect(page.get_by_text("How the questions ended")).to_be_visible()
    assert "secret word" not in page.content()
    assert page.get_by_role("button", name="Delete").count() == 0
    page.goto(f"{address}evaluation?run={kept.id}&case=c1")
    expect(page.get_by_role("alert")).to_contain_text("may manage the library")
    page.goto(f"{address}evaluation")
    expect(page.locator(".ev-runs a")).to_have_count(1)
    assert page.get_by_text("Start a run").count() == 0
    assert "secret word" not in page.content()

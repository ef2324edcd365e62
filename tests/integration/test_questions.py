"""Drafted questions: the command line over a real library, and the page in a real Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect
from typer.testing import CliRunner

from assistant.access import Credentials, Door, Scope
from assistant.chats import ANYONE, Chats, NewTurn
from assistant.cli.app import app
from assistant.drafting import Drafts
from assistant.drafting.library import DRAFTS
from assistant.evaluation import load_cases
from assistant.pipeline import Assistant
from assistant.settings import load_settings
from tests.browser import CHROMIUM, Visitor, keep, problems, serving, sideways

pytest_plugins = ["tests.browser", "tests.sample_index"]
pytestmark = pytest.mark.usefixtures("clean_environment")
in_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser to test in: apt-get install chromium"),
]

POISON = "`${document.body.dataset.owned='tpl'}` {{ value }} <b>bold</b>"
ARTICLES = {
    "bridge": "The Old Teyn Bridge was reopened on Thursday for people on foot. It is long.",
    "tunnel": "The Kellmar Tunnel was flooded on Monday. The Kellmar Tunnel is long.",
    "mayor": f"In the valley {POISON} stood Marit Okafor, the mayor of Lisenne, and waved.",
}


@pytest.fixture
def index(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / f"{name}.md").write_text(f"---\nid: {name}\ndate: 2021-03-12\n---\n\n{text}\n")
    with Assistant.open(tmp_path / "index", create=True) as assistant:
        assert len(assistant.index([folder]).added) == len(ARTICLES)
    return tmp_path / "index"


@pytest.fixture
def assistant(index: Path) -> Iterator[Assistant]:
    with Assistant.open(index) as opened:
        yield opened


def run(index: Path, *arguments: str, fails: int = 0) -> str:
    result = CliRunner().invoke(app, ["questions", *arguments, "--index", str(index)])
    assert result.exit_code == fails, result.output
    return result.output


def test_questions_are_drafted_decided_and_exported(index: Path, tmp_path: Path) -> None:
    run(index, "draft", "--count", "8")
    run(index, "draft", "--count", "8")  # again: nothing is proposed twice
    drafts = Drafts(index / DRAFTS)
    held = drafts.all()
    assert len({draft.question for draft in held}) == len(held) >= 3
    first, second, *_ = [draft for draft in held if draft.answerable]
    assert first.question in run(index, "list")
    run(index, "edit", first.id, "--question", "Which is it? ", "--answer", "Teyn | the bridge")
    run(index, "accept", first.id)
    run(index, "drop", second.id)
    assert second.id not in run(index, "list", "--state", "accepted")
    run(index, "check")
    out = tmp_path / "mine.jsonl"
    run(index, "export", str(out))
    (case,) = load_cases(out)
    assert (case.question, case.answers) == ("Which is it?", (("Teyn", "the bridge"),))
    with pytest.raises(BaseException, match="exists already"):
        CliRunner().invoke(
            app, ["questions", "export", str(out), "--index", str(index)], catch_exceptions=False
        )


def test_feedback_becomes_drafts(index: Path, assistant: Assistant) -> None:
    with Chats.open(index) as chats:
        chat = chats.new(ANYONE).id
        for question, vote in (("When was the Old Teyn Bridge reopened?", 1), ("Why?", -1)):
            answer = assistant.ask(question)
            turn = chats.append(ANYONE, chat, NewTurn(question, answer=answer))
            chats.rate(ANYONE, turn.id, vote, "so it is")  # type: ignore[arg-type]  # 1 or -1
    run(index, "draft", "--feedback")
    liked, other = Drafts(index / DRAFTS).all()
    assert liked.by == other.by == "chat"
    assert any("was not liked" in flag for flag in other.flags)
    assert other.more["note"]


class TestPage:
    pytestmark = in_browser

    def test_drafts_are_proposed_mended_accepted_and_dropped(
        self, visit: Visitor, assistant: Assistant, index: Path
    ) -> None:
        with serving(assistant) as url:
            page = visit.bare(f"{url}questions")
            expect(page.get_by_text("Nothing to look at.")).to_be_visible()
            page.get_by_role("button", name="Propose").click()
            drafts = page.locator(".qu-draft")
            expect(drafts.first).to_be_visible(timeout=60_000)
            assert problems(page) == []
            keep(page, "questions")
            before = drafts.count()
            card = page.locator(".qu-draft", has_text="${document.body")
            expect(card.get_by_label("Question", exact=True)).to_have_value(
                "What is Marit Okafor’s office?"
            )
            assert page.evaluate("document.body.dataset.owned") is None
            card.get_by_label("Question", exact=True).fill("Who leads Lisenne?")
            card.locator("textarea").fill("mayor of Lisenne | Okafor")
            card.get_by_role("button", name="Accept").click()
            expect(drafts).to_have_count(before - 1)
            drafts.first.get_by_role("button", name="Drop").click()
            expect(drafts).to_have_count(before - 2)
            page.get_by_role("button", name="Accepted 1").click()
            expect(drafts).to_have_count(1)
            expect(page.get_by_label("Question", exact=True)).to_have_value("Who leads Lisenne?")
            with page.expect_download() as download:
                page.get_by_role("link", name="Question file of the accepted").click()
            case = json.loads(Path(download.value.path()).read_text("utf-8"))
        assert case["answers"] == [["mayor of Lisenne", "Okafor"]]
        states = [draft.state for draft in Drafts(index / DRAFTS).all()]
        assert sorted(states)[:2] == ["accepted", "dropped"]

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_narrow_windows_have_one_column(
        self, visit: Visitor, assistant: Assistant, scheme: str
    ) -> None:
        with serving(assistant) as url:
            page = visit.bare(f"{url}questions", width=380, scheme=scheme)
            page.get_by_role("button", name="Propose").click()
            expect(page.locator(".qu-draft").first).to_be_visible(timeout=60_000)
            assert problems(page) == []
            assert sideways(page) == 0
            keep(page, f"questions-{scheme}-380")

    def test_who_may_only_ask_sees_no_gold(
        self, visit: Visitor, assistant: Assistant, tmp_path: Path, index: Path
    ) -> None:
        run(index, "draft", "--count", "4")
        users = tmp_path / "users.json"
        for name, scopes in (("ada", list(Scope)), ("marit", [Scope.ASK])):
            Credentials(users).add_user(name, f"the secret of {name}", scopes)
        door = Door.of(load_settings(users_file=users), "0.0.0.0")
        with serving(assistant, door=door) as url:
            for name, count in (("ada", 1), ("marit", 0)):
                page = visit.bare(f"{url}questions")
                page.get_by_label("Name").fill(name)
                page.get_by_label("Password").fill(f"the secret of {name}")
                page.get_by_role("button", name="Log in").click()
                expect(page.get_by_role("heading", name="Questions")).to_be_visible()
                expect(page.locator(".dl-who")).to_contain_text(name)
                shown = page.locator(".qu-draft" if count else ".qu-none")
                expect(shown.first).to_be_visible()
                assert min(page.locator(".qu-draft").count(), 1) == count
                got = page.request.get(f"{url}questions/accepted.jsonl").status
                assert got == (200 if count else 403)

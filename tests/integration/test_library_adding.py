"""The page Library in a real browser: adding files and pages, stopping, removing, who may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from library_visits import (
    Held,
    LibraryVisitor,
    choose,
    outcome,
    search_box,
    site,
)
from playwright.sync_api import Browser, Page, expect

from assistant.access import Credentials, Door, Scope
from assistant.access.callers import MAY_NOT
from assistant.errors import UsageError
from assistant.library import Library
from assistant.models import embedder_info
from assistant.pipeline import Assistant
from assistant.settings import Settings, load_settings
from assistant.web.library import handlers
from tests.browser import MARKS, keep, problems, serving
from tests.newsroom import BRIDGE, DAM, MARKET, ROAD, SCHOOL, write_article, write_lines

pytest_plugins = ["tests.browser", "tests.sample_index"]
pytestmark = [*MARKS, pytest.mark.usefixtures("clean_environment", "one_embedder")]

SETTINGS = {"fetch_allow": "127.0.0.0/8", "fetch_delay": 0.0}


@pytest.fixture
def library(tmp_path: Path, clean_environment: None, one_embedder: None) -> Iterator[Assistant]:
    """An empty library."""
    with Assistant.open(tmp_path / "index", load_settings(**SETTINGS), create=True) as assistant:
        yield assistant


@pytest.fixture
def held(library: Assistant) -> Held:
    return Held(library)


@pytest.fixture
def address(held: Held) -> Iterator[str]:
    with serving(held) as url:
        yield url


@pytest.fixture
def visit(browser: Browser) -> Iterator[LibraryVisitor]:
    visitor = LibraryVisitor(browser)
    yield visitor
    for context in visitor.contexts:
        context.close()
    assert visitor.outside() == []
    assert visitor.errors == []


def uploaded(library: Assistant) -> list[str]:
    """The names of the files that the index keeps of uploads."""
    folder = library.fetched_folder.with_name("uploaded")
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def temporary() -> list[Path]:
    """What lies where uploads come in, of what was taken from there."""
    folder = Path(handlers.gr.utils.get_upload_folder())
    return sorted(folder.glob("taken-*/*")) if folder.is_dir() else []


def test_an_empty_library_is_filled(
    visit: LibraryVisitor, address: str, library: Assistant, tmp_path: Path
) -> None:
    before = temporary()
    page = visit(address)
    expect(page.get_by_text("There are no articles yet.")).to_be_visible()
    expect(page.get_by_text("Drop files here")).to_be_visible()
    keep(page, "library-empty")
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04 no archive")
    name = "some <img src=x onerror=document.body.dataset.owned=1>.jsonl"
    lines = write_lines(tmp_path / name, {"title": "Road open", "text": ROAD}, {"title": "none"})
    dam = write_article(tmp_path, "dam.md", DAM, title="Dam closed", source="Tarn Post")
    choose(page, dam, bad, lines)
    run = outcome(page)
    expect(run).to_contain_text("2 articles added, 1 refused, 1 taken in part")
    rows = run.locator(".dl-item")
    expect(rows.nth(0)).to_contain_text("bad.zip")
    expect(rows.nth(0)).to_contain_text("is a damaged zip archive")
    expect(rows.nth(1)).to_contain_text("1 article; part of it was refused")
    expect(rows.nth(1)).to_contain_text('2: has no text (in "text" or "body")')
    expect(rows.nth(1).locator(".dl-item-name")).to_have_text(name)
    expect(rows.nth(2)).to_contain_text("dam.md")
    expect(page.locator(".dl-row")).to_have_count(2)
    expect(page.get_by_role("combobox", name="Outlet")).to_be_visible()  # it is there by now
    assert uploaded(library) == [
        "dam.md",
        "some img src=x onerror=document.body.dataset.owned=1.jsonl",
    ]
    assert page.locator("#dl-library img").count() == 0
    assert page.evaluate("document.body.dataset.owned") is None
    assert temporary() == before
    assert not library.ask("Which dam did engineers close?").abstained
    assert problems(page) == []
    keep(page, "library-added")
    run.get_by_role("button", name="Done").click()
    expect(page.locator("#dl-runs .dl-run")).to_have_count(0)


def test_the_same_file_is_there_already_and_another_gets_another_name(
    visit: LibraryVisitor, address: str, library: Assistant, tmp_path: Path
) -> None:
    page = visit(address)
    dam = write_article(tmp_path, "dam.md", DAM)
    choose(page, dam)
    outcome(page)
    choose(page, dam)
    expect(outcome(page, 0)).to_contain_text("1 article in the library already")
    choose(page, write_article(tmp_path / "b", "dam.md", ROAD))
    expect(page.locator(".dl-row")).to_have_count(2)
    assert uploaded(library) == ["dam-2.md", "dam.md"]


def test_files_may_be_dropped_anywhere(visit: LibraryVisitor, address: str) -> None:
    page = visit(address)
    page.evaluate(
        """text => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([text], "dropped.txt", { type: "text/plain" }));
          const on = document.querySelector("#dl-beside");
          const how = { dataTransfer: transfer, bubbles: true, cancelable: true };
          for (const kind of ["dragover", "drop"]) on.dispatchEvent(new DragEvent(kind, how));
        }""",
        f"Dam closed\n\n{DAM}",
    )
    expect(outcome(page)).to_contain_text("1 article added")


def test_a_run_goes_on_without_its_page_and_can_be_stopped(
    visit: LibraryVisitor, address: str, held: Held, library: Assistant, tmp_path: Path
) -> None:
    held.let.clear()
    page = visit(address)
    choose(page, write_article(tmp_path, "dam.md", DAM))
    expect(page.locator("[data-active]")).to_contain_text("dam.md")
    assert problems(page) == []
    choose(page, write_article(tmp_path, "road.md", ROAD))
    expect(page.locator("[data-active]")).to_have_count(2)
    expect(page.get_by_text("Waits for those before it")).to_be_visible()
    keep(page, "library-adding")
    page.reload()
    expect(page.locator("[data-active]")).to_have_count(2)
    second = visit(address)  # another page sees them, too
    expect(second.locator("[data-active]")).to_have_count(2)
    second.get_by_role("button", name="Stop").last.click()
    expect(page.get_by_text("Stopped: 0 articles added, 1 left out")).to_be_visible()
    held.let.set()
    expect(page.get_by_text("1 article added", exact=True)).to_be_visible()
    expect(page.locator(".dl-row")).to_have_count(1)
    assert uploaded(library) == ["road.md"]


def test_a_second_writer_is_one_line_and_the_run_can_be_tried_again(
    visit: LibraryVisitor, address: str, library: Assistant, tmp_path: Path
) -> None:
    page = visit(address)
    folder = library.fetched_folder.parent
    with closing(Library.open(folder, embedder_info(Settings()))) as other, other.writing():
        choose(page, write_article(tmp_path, "dam.md", DAM))
        expect(page.locator("#dl-runs").get_by_role("alert")).to_contain_text(
            "another process is writing"
        )
        expect(page.locator(".dl-item")).to_contain_text("not taken in")
        keep(page, "library-error")
    assert uploaded(library) == []
    page.get_by_role("button", name="Try again").click()
    expect(outcome(page)).to_contain_text("1 article added")


def test_what_fails_inside_is_a_line(
    visit: LibraryVisitor, address: str, held: Held, tmp_path: Path
) -> None:
    def fail() -> None:
        raise RuntimeError("a defect")

    held.failing = fail
    page = visit(address)
    choose(page, write_article(tmp_path, "dam.md", DAM))
    expect(page.locator("#dl-runs").get_by_role("alert")).to_contain_text("the server's log")


def test_a_file_over_the_limit_is_told_before_it_is_sent(
    visit: LibraryVisitor, library: Assistant, tmp_path: Path
) -> None:
    door = Door.of(load_settings(max_upload=20_000))
    with serving(library, door=door) as address:
        page = visit(address)
        expect(page.get_by_text("Each up to 20 kB.")).to_be_visible()
        choose(
            page,
            write_article(tmp_path, "big.md", f"{DAM} " * 400),
            write_article(tmp_path, "dam.md", DAM),
        )
        expect(page.get_by_text("(DATELINE_MAX_UPLOAD)")).to_be_visible()
        expect(outcome(page)).to_contain_text("1 article added")
        files = {"files": ("big.md", b"x" * 30_000)}
        refused = httpx.post(f"{address}gradio_api/upload", files=files, timeout=30)
        assert refused.status_code == 413
    assert uploaded(library) == ["dam.md"]


def test_pages_by_their_addresses(visit: LibraryVisitor, address: str, library: Assistant) -> None:
    page = visit(address)
    page.get_by_role("button", name="Fetch and add").click()
    expect(page.get_by_role("alert")).to_contain_text("Paste an address first")
    with site() as host:
        page.get_by_label("Addresses of pages").fill(
            f"# news\n{host}/story\n\n{host}/closed\nnonsense"
        )
        page.get_by_role("button", name="Fetch and add").click()
        run = outcome(page)
        expect(run).to_contain_text("1 article added, 2 refused")
        expect(run).to_contain_text("robots.txt")
        expect(run).to_contain_text("is not of http or https")
        expect(page.locator(".dl-row-title")).to_have_text("Ferry sails again")
        page.locator(".dl-row-title").click()
        expect(page.locator("#dl-open dd a")).to_have_attribute("href", f"{host}/story")
        page.get_by_label("Addresses of pages").fill(f"{host}/feed")
        page.get_by_label("These are feeds").check()
        page.get_by_role("button", name="Fetch and add").click()
        expect(outcome(page)).to_contain_text("1 article in the library already")
    assert [path.suffix for path in library.fetched_folder.glob("[!.]*")] == [".html"]


def test_fetching_that_is_not_installed_is_a_line(
    visit: LibraryVisitor, address: str, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise UsageError(
            "fetching needs the package httpcore: pip install 'dateline-assistant[fetch]'"
        )

    monkeypatch.setattr(held, "fetch", missing, raising=False)
    page = visit(address)
    page.get_by_label("Addresses of pages").fill("https://news.example/a")
    page.get_by_role("button", name="Fetch and add").click()
    expect(page.locator("#dl-runs").get_by_role("alert")).to_contain_text("pip install")


def test_removing_asks_first_and_takes_the_file_along(
    visit: LibraryVisitor, address: str, library: Assistant, tmp_path: Path
) -> None:
    outside = tmp_path / "archive"
    write_article(outside, "bridge.md", BRIDGE, title="Bridge struck")
    library.index([outside])
    page = visit(address)
    page.get_by_role("button", name="Add articles").click()
    choose(
        page,
        write_article(tmp_path, "dam.md", DAM, title="Dam closed"),
        write_article(tmp_path, "market.md", MARKET, title="Wheat falls"),
    )
    outcome(page)
    expect(page.locator(".dl-row")).to_have_count(3)
    revision = library.article("dam").revision
    for name in ("Dam closed", "Bridge struck"):
        page.get_by_label(f"Choose: {name}").check()
    search_box(page).fill("wheat")  # what was chosen stays so
    expect(page.locator(".dl-row")).to_have_count(1)
    expect(page.get_by_text("2 chosen")).to_be_visible()
    page.get_by_role("button", name="Remove…").click()
    dialog = page.get_by_role("dialog", name="Remove 2 articles?")
    for words in (
        "Dam closed",
        "Bridge struck",
        "Citations in kept chats can still be opened",
        "deleted: dam.md",
        f"1 file outside the library stays: {outside.resolve() / 'bridge.md'}",
    ):
        expect(dialog).to_contain_text(words)
    assert problems(page) == []
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="Remove…")).to_be_focused()
    page.get_by_role("button", name="Remove…").click()
    dialog.get_by_role("button", name="Keep them").click()
    assert len(library.articles()) == 3
    page.get_by_role("button", name="Remove…").click()
    dialog.get_by_role("button", name="Remove 2 articles").click()
    expect(page.get_by_text("2 articles removed.")).to_be_visible()
    search_box(page).fill("")
    expect(page.locator(".dl-row-title")).to_have_text(["Wheat falls"])
    assert uploaded(library) == ["market.md"]
    assert (outside / "bridge.md").exists()
    assert library.article("dam", revision).text == DAM
    page.locator(".dl-row-title").click()
    page.locator("#dl-open").get_by_role("button", name="Remove…").click()
    page.get_by_role("button", name="Remove 1 article").click()
    expect(page.get_by_text("There are no articles yet.")).to_be_visible()
    expect(page.locator("#dl-open article")).to_have_count(0)


def test_removing_while_another_writes_is_a_line(
    visit: LibraryVisitor, address: str, library: Assistant, tmp_path: Path
) -> None:
    library.index([write_article(tmp_path / "in", "dam.md", DAM, title="Dam closed")])
    page = visit(address)
    page.get_by_label("Choose: Dam closed").check()
    page.get_by_role("button", name="Remove…").click()
    folder = library.fetched_folder.parent
    with closing(Library.open(folder, embedder_info(Settings()))) as other, other.writing():
        page.get_by_role("button", name="Remove 1 article").click()
        expect(page.get_by_role("alert")).to_contain_text("another process is writing")
    expect(page.locator(".dl-row")).to_have_count(1)
    page.get_by_role("button", name="Remove…").click()
    page.get_by_role("button", name="Remove 1 article").click()
    expect(page.get_by_text("1 article removed.")).to_be_visible()


# Who may


@pytest.fixture
def guarded(library: Assistant, tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The application behind a login; a reader's token and an editor's."""
    library.index([write_article(tmp_path / "in", "school.md", SCHOOL, title="Schools open")])
    credentials = Credentials(tmp_path / "users.json")
    tokens = {
        "reader": credentials.add_token("reader", [Scope.ASK]),
        "editor": credentials.add_token("editor", [Scope.ASK, Scope.MANAGE]),
    }
    door = Door.of(load_settings(users_file=tmp_path / "users.json"), "0.0.0.0")
    with serving(library, door=door) as address:
        yield address, tokens


def as_user(browser: Browser, address: str, token: str) -> Page:
    context = browser.new_context(extra_http_headers={"Authorization": f"Bearer {token}"})
    page = context.new_page()
    page.goto(f"{address}library")
    expect(page.locator(".dl-row")).to_have_count(1)
    return page


def test_who_may_only_ask_sees_no_way_to_change(
    browser: Browser, guarded: tuple[str, dict[str, str]]
) -> None:
    address, tokens = guarded
    page = as_user(browser, address, tokens["reader"])
    page.get_by_role("link", name="Schools open").click()
    expect(page.locator("#dl-open article")).to_contain_text(SCHOOL[:30])
    expect(page.locator("#dl-open .dl-file").first).to_have_text("school.md")
    for name in ("Add articles", "Remove…"):
        assert page.get_by_role("button", name=name).count() == 0
    assert page.locator("input[type=checkbox], input[type=file]").count() == 0
    page.context.close()
    page = as_user(browser, address, tokens["editor"])
    expect(page.get_by_role("button", name="Add articles")).to_be_visible()
    page.get_by_label("Choose: Schools open").check()
    expect(page.get_by_role("button", name="Remove…")).to_be_visible()
    page.context.close()


def forge(address: str, token: str, event: str, data: dict[str, object]) -> str:
    """Send an event as gradio's page would; gives what came back."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=address, headers=headers, timeout=30) as client:
        config = client.get("/config").json()
        number, target = next(
            (each["id"], each["targets"][0][0])
            for each in config["dependencies"]
            if each["id"] in config["page"]["library"]["dependencies"]
            and event in [name for _, name in each["targets"]]
        )
        body = {
            "data": [],
            "event_data": data,
            "fn_index": number,
            "trigger_id": target,
            "session_hash": f"forged{event}",
        }
        joined = client.post(
            "/gradio_api/queue/join",
            content=json.dumps(body),  # half a surrogate pair included
            headers={"Content-Type": "application/json"},
        )
        joined.raise_for_status()
        said = ""
        with client.stream("GET", f"/gradio_api/queue/data?session_hash=forged{event}") as lines:
            for line in lines.iter_lines():
                said += line
                if "process_completed" in line:
                    break
        return said


FORGED: list[tuple[str, dict[str, object]]] = [
    ("doubt", {"ids": ["school"]}),
    ("remove", {"ids": ["school"]}),
    ("bring", {"files": [], "addresses": "https://news.example/a", "feeds": False}),
    ("follow", {}),
    ("stop", {"run": 1}),
    ("again", {"run": 1}),
    ("dismiss", {"run": 1}),
]


def test_forged_events_are_refused(guarded: tuple[str, dict[str, str]], library: Assistant) -> None:
    address, tokens = guarded
    for event, data in FORGED:
        assert MAY_NOT in forge(address, tokens["reader"], event, data), event
    assert [article.id for article in library.articles()] == ["school"]
    upload = httpx.post(
        f"{address}gradio_api/upload",
        files={"files": ("a.md", b"text")},
        headers={"Authorization": f"Bearer {tokens['reader']}"},
        timeout=30,
    )
    assert upload.status_code == 403
    assert "1 article removed" in forge(address, tokens["editor"], "remove", FORGED[1][1])


@pytest.mark.parametrize(
    "files",
    [
        [{"path": "/etc/passwd", "name": "a.txt"}],
        [{"path": "../../etc/passwd", "name": "a.txt"}],
        [{"path": "", "name": "a.txt"}],
        [{"path": "\x00", "name": "a.txt"}],
        [{"path": 5, "name": None}, "x", None],
        "no list",
        {"path": "/etc/passwd"},
    ],
)
def test_only_what_was_uploaded_is_taken(
    guarded: tuple[str, dict[str, str]], library: Assistant, files: object
) -> None:
    address, tokens = guarded
    said = forge(address, tokens["editor"], "bring", {"files": files, "addresses": ""})
    assert handlers.LOST in said or '"success":false' in said  # gradio refuses some itself
    assert uploaded(library) == []
    assert Path("/etc/passwd").exists()


@pytest.mark.parametrize("data", [{"q": 5, "page": []}, {"serial": "<img src=x>"}, {"q": "\ud800"}])
def test_odd_looks_are_answered(
    guarded: tuple[str, dict[str, str]], data: dict[str, object]
) -> None:
    address, tokens = guarded
    said = forge(address, tokens["reader"], "look", data)
    assert '"success":true' in said.replace(" ", "")
    assert "<img" not in said

"""`assistant chats` over the sample library, and its chats where the file or server is no good."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from assistant.chats import ANYONE, Chats, NewTurn
from assistant.chats.database import FILE
from assistant.cli import main
from assistant.errors import ChatError, IndexNotFoundError, UsageError
from assistant.evaluation import load_cases
from assistant.pipeline import Assistant
from assistant.settings import Settings
from tests.postgres import PASSWORD, Cluster

pytest_plugins = ["tests.sample_index"]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    own_index: Path,
    clean_environment: None,
    one_embedder: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Run `assistant chats` on the index in this process: code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: object) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(["chats", *map(str, arguments), "--index", str(own_index)])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def chats(own_index: Path, clean_environment: None) -> Iterator[Chats]:
    with Chats.open(own_index) as chats:
        yield chats


@pytest.fixture
def asked(chats: Chats, own_index: Path, one_embedder: None) -> str:
    """A chat in which the library was asked twice: an answer, thumbs up, and thumbs down."""
    chat_id = chats.new(ANYONE).id
    with Assistant.open(own_index) as assistant:
        for question, vote in (
            ("who controls the Ithriyah-Resafa road?", 1),
            ("What is the price of tea in Ulan Bator?", -1),
        ):
            answer = assistant.ask(question, history=chats.chat(ANYONE, chat_id).history)
            turn = chats.append(ANYONE, chat_id, NewTurn(question, answer=answer))
            chats.rate(ANYONE, turn.id, vote, "because")
    return chat_id


def test_there_is_nothing_before_somebody_asks(run: Run) -> None:
    assert run("list") == (0, "", "0 chats\n")


def test_list_and_search(run: Run, asked: str) -> None:
    code, out, err = run("list")
    assert (code, err) == (0, "1 chat\n")
    assert asked in out and "Ithriyah-Resafa" in out
    assert run("list", "ULAN", "resafa")[1] == out
    assert run("list", "nothing of this")[1] == ""
    (info,) = json.loads(run("list", "--json")[1])
    assert info["id"] == asked and info["turns"] == 2
    assert run("list", "--user", "anna")[1] == ""


def test_show_rename_and_delete(run: Run, asked: str) -> None:
    code, out, _ = run("show", asked)
    assert code == 0 and "## who controls the Ithriyah-Resafa road?" in out and "[^1-1]:" in out
    assert json.loads(run("show", asked, "--json")[1])["chats"][0]["turns"][1]["question"]
    assert run("rename", asked, "Roads")[0] == 0
    assert "Roads" in run("list")[1]
    code, _, err = run("show", asked, "--user", "anna")
    assert (code, err) == (
        1,
        "assistant: no such chat; `assistant chats list` shows what is kept\n",
    )
    code, _, err = run("delete", asked, "other")
    assert code == 2 and "1 deleted" in err and "1 not found" in err
    assert run("list")[1] == ""


def test_export_in_three_forms_and_import(run: Run, asked: str, tmp_path: Path) -> None:
    assert run("export", "chat.md", asked)[0] == run("export", "chat.html", asked)[0] == 0
    assert (tmp_path / "chat.md").read_text("utf-8").startswith("# ")
    assert (tmp_path / "chat.html").read_text("utf-8").count("<article>") == 2
    assert run("export", "all.json")[2] == "1 chat written to all.json\n"
    code, _, err = run("import", "all.json", "--user", "anna")
    assert (code, err) == (0, "1 chat taken in\n")
    (info,) = json.loads(run("list", "--json", "--user", "anna")[1])
    assert info["imported"] and info["turns"] == 2
    assert run("export", "again.json", "--user", "anna")[0] == 0
    assert (tmp_path / "again.json").read_text() == (tmp_path / "all.json").read_text()


def test_what_cannot_be_exported_or_imported_is_said_in_a_line(
    run: Run, asked: str, tmp_path: Path
) -> None:
    assert "which form" in run("export", "chat.txt", asked)[2]
    assert run("import", "none.json")[0] != 0
    assert "holds one chat" in run("export", "chat.md", asked, asked)[2]
    (tmp_path / "bad.json").write_bytes(b"\xff\xfe")
    assert run("import", "bad.json")[:2] == (2, "")
    run("export", "all.json")
    assert "exists already" in run("export", "all.json")[2]
    text = (tmp_path / "all.json").read_text()
    (tmp_path / "all.json").write_text(text.replace("the army", "the navy"))
    code, _, err = run("import", "all.json")
    assert code == 2 and "does not hold what these chats quote" in err
    assert run("list")[2] == "1 chat\n"


def test_feedback_becomes_a_question_file(run: Run, asked: str, tmp_path: Path) -> None:
    code, _, err = run("feedback", "cases.jsonl")
    assert code == 0
    assert err == "1 case written to cases.jsonl\n1 question written to cases.apart.jsonl\n"
    (case,) = load_cases(tmp_path / "cases.jsonl")
    assert case.answerable and case.evidence and case.note == "because"
    (apart,) = (tmp_path / "cases.apart.jsonl").read_text().splitlines()
    assert json.loads(apart)["why"] == "thumbs down"
    (tmp_path / "cases.jsonl").rename(tmp_path / "mine.jsonl")
    code, _, err = run("feedback", "cases.jsonl")  # would write over what is apart
    assert code == 2 and "cases.apart.jsonl exists already" in err
    assert not (tmp_path / "cases.jsonl").exists()


def test_a_good_answer_is_right_when_it_is_evaluated(
    run: Run, asked: str, own_index: Path, tmp_path: Path
) -> None:
    run("feedback", "cases.jsonl")
    assert main(["evaluate", "cases.jsonl", "--index", str(own_index), "--out", "report"]) == 0
    report = json.loads((tmp_path / "report" / "report.json").read_text())
    assert report["metrics"]["quotes_gold"]["value"] == 1.0


def test_the_library_answers_whatever_became_of_its_chats(
    own_index: Path, chats: Chats, asked: str, run: Run, one_embedder: None
) -> None:
    chats.close()
    (own_index / FILE).write_bytes(b"no database " * 500)
    for beside in own_index.glob(f"{FILE}-*"):
        beside.unlink()
    with Chats.open(own_index) as damaged:
        for act in (lambda: damaged.chats(ANYONE), lambda: damaged.new(ANYONE)):
            with pytest.raises(ChatError, match=r"are damaged .* not kept") as caught:
                act()
            assert len(str(caught.value).splitlines()) == 1
    code, _, err = run("list")
    assert code == 1 and err.startswith("assistant: the chats in ")
    with Assistant.open(own_index) as assistant:
        assert assistant.ask("who controls the Ithriyah-Resafa road?").text
    (own_index / FILE).unlink()  # what the line says: move it away
    assert run("list") == (0, "", "0 chats\n")


def test_a_full_disk_is_one_line_and_what_was_kept_is_there(chats: Chats) -> None:
    chat_id = chats.new(ANYONE, "Kept").id

    def limit(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(chats._database.engine, "checkout", limit)
    with pytest.raises(ChatError, match=r"full.* not kept"):
        for _ in range(100):
            chats.append(ANYONE, chat_id, NewTurn("Does it fit? " * 100))
    assert chats.chat(ANYONE, chat_id).info.title == "Kept"


def test_a_file_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    with Chats.open(tmp_path, Settings()) as chats, pytest.raises(ChatError, match="not kept"):
        chats.new(ANYONE)


def test_a_file_that_may_only_be_read_is_one_line(chats: Chats) -> None:
    chats.new(ANYONE, "Kept")

    def only_read(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA query_only=ON")

    sa.event.listen(chats._database.engine, "checkout", only_read)
    with pytest.raises(ChatError, match=r"readonly.* not kept"):
        chats.new(ANYONE, "Not kept")
    assert [info.title for info in chats.chats(ANYONE)] == ["Kept"]


def test_chats_of_another_version_are_left_alone(chats: Chats, own_index: Path) -> None:
    chats.new(ANYONE, "Kept")
    with sqlite3.connect(own_index / FILE) as connection:
        connection.execute("UPDATE chat_meta SET value = '2'")
    with Chats.open(own_index) as newer, pytest.raises(ChatError, match="schema version '2'"):
        newer.new(ANYONE)


def test_one_answer_that_cannot_be_read_leaves_the_others(
    chats: Chats, asked: str, own_index: Path
) -> None:
    with sqlite3.connect(own_index / FILE) as connection:
        connection.execute("UPDATE chat_turns SET answer = '{\"a\": 1}' WHERE number = 1")
    one, two = chats.chat(ANYONE, asked).turns
    assert one.answer is None and one.error and "cannot be read" in one.error
    assert two.answer


def test_nothing_of_a_deleted_chat_is_left_on_the_disk(chats: Chats, own_index: Path) -> None:
    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in own_index.glob(f"{FILE}*"))

    kept, gone = chats.new(ANYONE, "Kept").id, chats.new(ANYONE).id
    chats.append(ANYONE, kept, NewTurn("Where is the lighthouse?"))
    chats.append(ANYONE, gone, NewTurn("Where is the zeppelin? " * 300))
    drowned = chats.append(ANYONE, kept, NewTurn("Where is the submarine?"))
    assert b"zeppelin" in on_disk()
    chats.delete(ANYONE, gone)
    assert b"zeppelin" not in on_disk()
    chats.append(ANYONE, kept, NewTurn("Where is the harbour?"), replaces={drowned.id})
    assert b"submarine" not in on_disk()
    assert b"lighthouse" in on_disk()


def test_there_are_no_chats_where_there_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFoundError, match="no index"):
        Chats.open(tmp_path / "none", Settings())


def test_a_server_that_is_away_is_one_line_without_the_password(
    cluster: Cluster, tmp_path: Path
) -> None:
    address = cluster.url.replace(f":{cluster.port}/", ":1/")
    with (
        Chats.open(tmp_path, Settings(chats_url=address)) as chats,
        pytest.raises(
            ChatError, match=r"cannot connect .* DATELINE_CHATS_URL; .* not kept"
        ) as away,
    ):
        chats.chats(ANYONE)
    assert PASSWORD not in str(away.value) and len(str(away.value).splitlines()) == 1


@pytest.mark.parametrize("address", ["sqlite:///a.db", "nonsense"])
def test_an_address_that_is_none_of_postgresql_is_refused(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="DATELINE_CHATS_URL"):
        Chats.open(tmp_path, Settings(chats_url=address))


def test_catalogue_and_chats_share_a_database(cluster: Cluster, tmp_path: Path) -> None:
    """And its schema: a library and its chats have one name."""
    shared = Settings(catalogue_url=cluster.url, chats_url=cluster.url, index_name="shared_chats")
    folder = tmp_path / "index"
    with Assistant.open(folder, shared, create=True), Chats.open(folder, shared) as chats:
        chats.new(ANYONE, "Kept")
    with Assistant.open(folder, shared) as again, Chats.open(folder, shared) as chats:
        assert again.articles() == []
        assert [info.title for info in chats.chats(ANYONE)] == ["Kept"]


def test_the_example_of_the_page_runs(
    own_index: Path, clean_environment: None, one_embedder: None, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "chats.md").read_text("utf-8")
    code = page.split("```python\n")[1].split("```")[0]
    exec(code.replace("indexes/default", str(own_index)), {})
    assert "## and when was that?" in capsys.readouterr().out

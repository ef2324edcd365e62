"""Kept chats, on SQLite in the index's folder and on PostgreSQL: the same on both."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.chats import ANYONE, Chats, Feedback, NewTurn, from_json, store, to_json
from assistant.chats.words import TITLE_CHARS
from assistant.errors import ChatError, ChatLimitError, ChatNotFoundError, UsageError
from assistant.settings import Settings
from assistant.types import Answer, Filters
from tests.unit.made_chats import ARTICLE, answered, answers, filters, refused, texts

ANNA, BEN = "anna", "ben"


@pytest.fixture(params=["folder", "postgres"])
def chats_settings(request: pytest.FixtureRequest) -> Settings:
    """Settings of chats in the folder, or on the server under a name of their own."""
    if request.param == "folder":
        return Settings()
    address = request.getfixturevalue("catalogue_url")
    return Settings(chats_url=address, index_name=f"chats_{uuid.uuid4().hex[:12]}")


@pytest.fixture
def open_chats(chats_settings: Settings, tmp_path: Path) -> Iterator[Callable[[], Chats]]:
    """Opens the chats of one library, as often as wanted, and closes them."""
    opened: list[Chats] = []

    def open_one() -> Chats:
        opened.append(Chats.open(tmp_path, chats_settings))
        return opened[-1]

    yield open_one
    for chats in opened:
        chats.close()


@pytest.fixture
def chats(open_chats: Callable[[], Chats]) -> Chats:
    return open_chats()


def asked(chats: Chats, owner: str, *questions: str) -> str:
    """A chat with these questions, answered; its id."""
    chat = chats.new(owner)
    for question in questions:
        chats.append(owner, chat.id, NewTurn(question, answer=answered(question)))
    return chat.id


def listed(chats: Chats, owner: str, words: str = "") -> list[str]:
    return [info.title for info in chats.chats(owner, words)]


def test_a_chat_is_there_after_a_restart(open_chats: Callable[[], Chats]) -> None:
    first = open_chats()
    chat_id = asked(first, ANNA, "Which bridge was closed?", "And when?")
    first.close()
    again = open_chats().chat(ANNA, chat_id)
    assert [turn.number for turn in again.turns] == [1, 2]
    assert [turn.question for turn in again.turns] == ["Which bridge was closed?", "And when?"]
    assert [a.to_dict() for a in again.history] == [
        answered("Which bridge was closed?").to_dict(),
        answered("And when?").to_dict(),
    ]
    assert again.info.title == "Which bridge was closed?"
    assert again.info.turns == 2
    assert again.info.made <= again.turns[0].asked <= again.turns[1].asked <= again.info.changed


def test_what_is_appended_is_what_is_read(chats: Chats) -> None:
    chat_id = chats.new(ANNA).id
    narrow = Filters(date(2017, 6, 1), None, "Harbour Post", "Coast", "roads")
    added = [
        chats.append(ANNA, chat_id, NewTurn("Who?", narrow, refused("Who?"))),
        chats.append(ANNA, chat_id, NewTurn("And?", error="the endpoint\nis away")),
        chats.append(ANNA, chat_id, NewTurn("So?", stopped=True)),
    ]
    turns = chats.chat(ANNA, chat_id).turns
    assert [replace(turn, answer=None) for turn in turns] == [
        replace(turn, answer=None) for turn in added
    ]
    assert turns[0].answer and turns[0].answer.to_dict() == refused("Who?").to_dict()
    assert turns[1].error == "the endpoint is away"
    assert turns[2].stopped and not turns[1].stopped


@hypothesis_settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25
)
@given(answers, filters, texts, texts)
def test_any_answer_is_kept_exactly(
    chats: Chats, answer: Answer, narrowed: Filters, question: str, reason: str
) -> None:
    chat_id = chats.new(ANNA, question).id
    turn = chats.append(ANNA, chat_id, NewTurn(question, narrowed, answer, error=reason))
    chats.rate(ANNA, turn.id, -1, reason)
    (kept,) = chats.chat(ANNA, chat_id).turns
    assert kept.answer and kept.answer.to_dict() == answer.to_dict()
    assert kept.filters == narrowed
    assert kept.question == turn.question
    assert chats.count(ANNA, question) >= 1
    chats.delete(ANNA, chat_id)


def test_the_newest_come_first_and_in_pages(chats: Chats) -> None:
    ids = [asked(chats, ANNA, f"Question {number}?") for number in range(5)]
    chats.append(ANNA, ids[1], NewTurn("More?"))
    assert listed(chats, ANNA) == [f"Question {n}?" for n in (1, 4, 3, 2, 0)]
    pages = [chats.chats(ANNA, limit=2, offset=offset) for offset in (0, 2, 4, 6)]
    assert [[info.title[-2] for info in page] for page in pages] == [
        ["1", "4"],
        ["3", "2"],
        ["0"],
        [],
    ]
    assert chats.count(ANNA) == 5
    assert [info.turns for info in pages[0]] == [2, 1]


def test_search_finds_words_in_titles_questions_and_answers(chats: Chats) -> None:
    asked(chats, ANNA, "Who holds the Élysée?", "And 100% of the road_way?")
    mayor = asked(chats, ANNA, "Who is mayor?")
    chats.rename(ANNA, mayor, "Town hall")
    titled = chats.new(ANNA, "Empty so far").id
    assert listed(chats, ANNA, "ELYSEE") == ["Who holds the Élysée?"]
    assert listed(chats, ANNA, "marrat bridge") == ["Town hall", "Who holds the Élysée?"]
    assert listed(chats, ANNA, "hall mayor") == ["Town hall"]  # of the title, of a question
    assert listed(chats, ANNA, "hall elysee") == []
    assert listed(chats, ANNA, "empty") == ["Empty so far"]
    assert listed(chats, ANNA, "0% d_w") == ["Who holds the Élysée?"]
    assert listed(chats, ANNA, "1%0") == listed(chats, ANNA, "may_r") == []
    assert listed(chats, ANNA, " \0 \\ ") == []
    assert chats.count(ANNA, "bridge") == 2
    assert chats.count(ANNA, " ") == 3
    chats.delete(ANNA, titled)
    assert listed(chats, ANNA, "empty") == []


def test_a_chat_is_renamed(chats: Chats) -> None:
    chat_id = asked(chats, ANNA, "Which bridge?")
    chats.rename(ANNA, chat_id, " The\nbridge at Marrat ")
    assert chats.chat(ANNA, chat_id).info.title == "The bridge at Marrat"
    chats.append(ANNA, chat_id, NewTurn("Another?"))
    assert chats.chat(ANNA, chat_id).info.title == "The bridge at Marrat"
    with pytest.raises(UsageError, match="title is empty"):
        chats.rename(ANNA, chat_id, " \n")


def test_a_long_question_is_cut_for_a_title(chats: Chats) -> None:
    chat_id = asked(chats, ANNA, "Which of the bridges " * 20)
    title = chats.chat(ANNA, chat_id).info.title
    assert len(title) <= TITLE_CHARS
    assert title.endswith(" bridges…") or title.endswith(" the…") or title.endswith(" of…")
    assert len(chats.chat(ANNA, asked(chats, ANNA, "x" * 500)).info.title) == TITLE_CHARS


def test_an_edited_question_takes_the_place_of_what_followed(chats: Chats) -> None:
    chat_id = asked(chats, ANNA, "One?", "Two?", "Three?")
    first, second, third = chats.chat(ANNA, chat_id).turns
    chats.rate(ANNA, second.id, 1)
    better = NewTurn("Two, said better?")
    put = chats.append(ANNA, chat_id, better, replaces={second.id, third.id})
    assert put.number == 2
    assert [(t.number, t.question) for t in chats.chat(ANNA, chat_id).turns] == [
        (1, "One?"),
        (2, "Two, said better?"),
    ]
    with pytest.raises(ChatNotFoundError):
        chats.rate(ANNA, second.id, -1)
    assert not list(chats.rated(ANNA))
    assert chats.chat(ANNA, chat_id).info.title == "One?"
    chats.append(ANNA, chat_id, NewTurn("Another?"), replaces={first.id, put.id})
    assert [(t.number, t.question) for t in chats.chat(ANNA, chat_id).turns] == [(1, "Another?")]
    assert chats.chat(ANNA, chat_id).info.title == "Another?"


def test_a_turn_is_kept_where_what_it_replaced_cannot_be_overwritten(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise ChatError("the disk is full")

    chat_id = asked(chats, ANNA, "One?")
    first = chats.chat(ANNA, chat_id).turns[0]
    monkeypatch.setattr("assistant.chats.database.Database.scrub", fails)
    put = chats.append(ANNA, chat_id, NewTurn("Another?"), replaces={first.id})
    assert [turn.id for turn in chats.chat(ANNA, chat_id).turns] == [put.id]


def test_a_title_that_was_given_outlives_the_first_question(chats: Chats) -> None:
    chat_id = asked(chats, ANNA, "One?")
    chats.rename(ANNA, chat_id, "Bridges")
    first = chats.chat(ANNA, chat_id).turns[0]
    chats.append(ANNA, chat_id, NewTurn("Another?"), replaces={first.id})
    assert chats.chat(ANNA, chat_id).info.title == "Bridges"


def test_what_came_in_from_another_window_is_not_replaced(chats: Chats) -> None:
    chat_id = asked(chats, ANNA, "One?", "Two?")
    seen = {turn.id for turn in chats.chat(ANNA, chat_id).turns}
    chats.append(ANNA, chat_id, NewTurn("Elsewhere?"))
    other = chats.chat(ANNA, asked(chats, ANNA, "In another chat?")).turns[0]
    for replaced in (seen, {other.id}, {"no such turn"}):
        chats.append(ANNA, chat_id, NewTurn("Edited?"), replaces=replaced)
    told = [t.question for t in chats.chat(ANNA, chat_id).turns]
    assert told == ["One?", "Two?", "Elsewhere?", *["Edited?"] * 3]


def test_what_is_deleted_is_gone(chats: Chats) -> None:
    gone, kept = asked(chats, ANNA, "Gone?"), asked(chats, ANNA, "Kept?")
    turn = chats.chat(ANNA, gone).turns[0]
    chats.rate(ANNA, turn.id, 1)
    assert chats.delete(ANNA, [gone, gone, "none"]) == 1
    assert listed(chats, ANNA) == ["Kept?"]
    assert chats.count(ANNA, "gone") == 0
    assert not list(chats.rated(ANNA))
    for act in (
        lambda: chats.chat(ANNA, gone),
        lambda: chats.append(ANNA, gone, NewTurn("Late?")),
        lambda: chats.rename(ANNA, gone, "Late"),
        lambda: chats.append(ANNA, gone, NewTurn("Late?"), replaces={turn.id}),
        lambda: chats.rate(ANNA, turn.id, 1),
    ):
        with pytest.raises(ChatNotFoundError):
            act()
    assert len(chats.chat(ANNA, kept).turns) == 1
    assert chats.delete(ANNA, gone) == 0


def test_feedback_is_kept_changed_and_taken_back(chats: Chats) -> None:
    chat_id = asked(chats, ANNA, "One?", "Two?")
    asked(chats, ANNA, "Nothing said of this")
    one, two = chats.chat(ANNA, chat_id).turns
    chats.rate(ANNA, one.id, 1)
    chats.rate(ANNA, two.id, 1)
    chats.rate(ANNA, two.id, -1, "the wrong\nbridge")
    (rated,) = chats.rated(ANNA)
    assert [turn.feedback for turn in rated.turns] == [
        Feedback(1),
        Feedback(-1, "the wrong bridge"),
    ]
    chats.rate(ANNA, one.id, None)
    chats.rate(ANNA, two.id, None)
    assert not list(chats.rated(ANNA))


def test_chats_from_a_file_are_kept_with_their_times_and_feedback(chats: Chats) -> None:
    chat_id = asked(chats, ANNA, "One?", "Two?")
    chats.rate(ANNA, chats.chat(ANNA, chat_id).turns[0].id, 1, "good")
    original = chats.chat(ANNA, chat_id)
    (read,) = from_json(to_json([original]), lambda article_id, revision: ARTICLE)
    added = chats.add(BEN, read)
    copy = chats.chat(BEN, added.id)
    assert copy.info == added == replace(original.info, id=added.id, imported=True)
    for mine, theirs in zip(original.turns, copy.turns, strict=True):
        assert mine.id != theirs.id
        assert (mine.asked, mine.feedback) == (theirs.asked, theirs.feedback)
        assert mine.answer and theirs.answer
        assert mine.answer.to_dict() == theirs.answer.to_dict()
    assert chats.count(BEN, "marrat") == 1


OWNERS = [ANYONE, "anna", "Anna", "anna ", "%", "_nna", "ann\u0430", "İ"]
ACTS = ["new", "append", "rename", "replace", "delete", "rate", "look"]


@hypothesis_settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25
)
@given(
    st.lists(
        st.tuples(st.sampled_from(ACTS), st.sampled_from(OWNERS), st.integers(0, 5)), max_size=25
    )
)
def test_nobody_reaches_what_is_somebody_elses(
    chats: Chats, acts: list[tuple[str, str, int]]
) -> None:
    """Whatever is tried on any chat by anybody, it moves the owner's alone."""
    theirs: dict[str, str] = {}
    wanted: dict[str, list[str]] = {}
    for act, owner, number in acts:
        if act == "new" or not theirs:
            theirs[chat_id := chats.new(owner, "bridge").id] = owner
            wanted[chat_id] = []
            continue
        chat_id = list(theirs)[number % len(theirs)]
        mine = theirs[chat_id] == owner
        turns = chats.chat(theirs[chat_id], chat_id).turns
        done = _try(chats, act, owner, chat_id, turns[-1].id if turns else "none")
        assert done == (mine and (act != "rate" or bool(turns)))
        if done and act == "append":
            wanted[chat_id].append("What?")
        if done and act == "replace":
            wanted[chat_id][-1:] = ["Edited?"]
        if done and act == "delete":
            del theirs[chat_id], wanted[chat_id]
    for owner in OWNERS:
        own = {chat_id for chat_id, whose in theirs.items() if whose == owner}
        assert {info.id for info in chats.chats(owner)} == own
        assert {info.id for info in chats.chats(owner, "bridge")} == own
        assert chats.count(owner) == len(own)
        assert {chat.info.id for chat in chats.rated(owner)} <= own
        for chat_id in own:
            assert [t.question for t in chats.chat(owner, chat_id).turns] == wanted[chat_id]
        chats.delete(owner, list(own))


def _try(chats: Chats, act: str, owner: str, chat_id: str, turn_id: str) -> bool:
    """Whether it was done."""
    with suppress(ChatNotFoundError):
        if act == "delete":
            return chats.delete(owner, chat_id) == 1
        {
            "append": lambda: chats.append(owner, chat_id, NewTurn("What?")),
            "rename": lambda: chats.rename(owner, chat_id, "bridge two"),
            "replace": lambda: chats.append(owner, chat_id, NewTurn("Edited?"), replaces={turn_id}),
            "rate": lambda: chats.rate(owner, turn_id, 1),
            "look": lambda: chats.chat(owner, chat_id),
        }[act]()
        return True
    return False


def test_an_owner_whose_name_cannot_be_kept_is_refused(chats: Chats) -> None:
    for name in ("a\0", "a\ud800"):
        with pytest.raises(UsageError, match="user"):
            chats.new(name)
        with pytest.raises(UsageError, match="user"):
            chats.chats(name)


def test_threads_add_to_one_chat(open_chats: Callable[[], Chats]) -> None:
    two = [open_chats(), open_chats()]
    chat_id = two[0].new(ANNA).id

    def add(chats: Chats) -> None:
        for _ in range(10):
            chats.append(ANNA, chat_id, NewTurn("Again?"))

    threads = [Thread(target=add, args=(two[number % 2],)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [t.number for t in two[0].chat(ANNA, chat_id).turns] == list(range(1, 41))


_PROCESS = """
import json, sys
from assistant.chats import Chats, NewTurn
from assistant.settings import Settings
given = json.loads(sys.stdin.readline())
settings = Settings(chats_url=given["url"], index_name=given["name"])
with Chats.open(given["folder"], settings) as chats:
    mine = chats.new("anna", given["title"]).id
    for number in range(20):
        chats.append("anna", mine, NewTurn(f"Number {number}?"))
"""


def test_processes_that_begin_at_once_keep_everything(
    chats_settings: Settings, chats: Chats, tmp_path: Path
) -> None:
    """Neither has made the tables yet."""
    url = chats_settings.chats_url
    given = {
        "folder": str(tmp_path),
        "url": url.get_secret_value() if url else None,
        "name": chats_settings.index_name,
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        )
        for _ in range(2)
    ]
    for number, process in enumerate(started):
        assert process.stdin
        process.stdin.write(json.dumps(given | {"title": f"Process {number}"}) + "\n")
        process.stdin.flush()
    for process in started:
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert sorted(listed(chats, ANNA)) == ["Process 0", "Process 1"]
    assert [info.turns for info in chats.chats(ANNA)] == [20, 20]


def test_a_page_is_bounded(chats: Chats, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(store.PAGE + 1):
        chats.new(ANNA, f"Chat {number}")
    assert len(chats.chats(ANNA)) == store.PAGE


@pytest.fixture
def few(chats_settings: Settings, tmp_path: Path) -> Iterator[Chats]:
    """Chats of which two are kept of an owner, with three turns each."""
    limits = {"chats_per_user": 2, "turns_per_chat": 3}
    with Chats.open(tmp_path, chats_settings.model_copy(update=limits)) as opened:
        yield opened


def test_an_owner_keeps_so_many_chats_and_after_deleting_one_can_begin_another(few: Chats) -> None:
    first, _ = asked(few, ANNA, "One?"), few.new(ANNA)
    with pytest.raises(ChatLimitError, match=r"2 chats.*DATELINE_CHATS_PER_USER.*delete"):
        few.new(ANNA)
    assert few.count(ANNA) == 2
    few.append(ANNA, first, NewTurn("More?"))  # those that are there go on
    assert asked(few, BEN, "Mine?")  # and others'
    few.delete(ANNA, first)
    assert asked(few, ANNA, "Again?")


def test_chats_from_a_file_are_kept_beyond_the_limits(chats: Chats, few: Chats) -> None:
    long = chats.chat(ANNA, asked(chats, ANNA, *(f"Question {n}?" for n in range(4))))
    added = [few.add(ANNA, long) for _ in range(2)]
    assert few.count(ANNA) == 3
    assert len(few.chat(ANNA, added[1].id).turns) == 4


def test_a_chat_keeps_so_many_turns(few: Chats) -> None:
    chat_id = asked(few, ANNA, "One?", "Two?", "Three?")
    before = few.chat(ANNA, chat_id)
    with pytest.raises(ChatLimitError, match=r"3 questions.*DATELINE_TURNS_PER_CHAT.*new chat"):
        few.append(ANNA, chat_id, NewTurn("Four?"))
    assert few.chat(ANNA, chat_id) == before  # its place in the list, too

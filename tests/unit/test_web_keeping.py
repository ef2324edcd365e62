"""Keeping the page's conversations, over a real store and without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from made_chats import ARTICLE, answered

from assistant.chats import ANYONE, Chats, NewTurn, to_markdown
from assistant.errors import ArticleNotFoundError, ChatError, ChatNotFoundError
from assistant.settings import Settings
from assistant.types import Article, Part
from assistant.web import talk
from assistant.web.keeping import GONE, Keeping, Talked


@pytest.fixture
def chats(tmp_path: Path) -> Iterator[Chats]:
    with Chats.open(tmp_path) as opened:
        yield opened


def article(article_id: str, revision: str) -> Article:
    """What the library holds."""
    if article_id != ARTICLE.id:
        raise ArticleNotFoundError("no such article")
    return ARTICLE


def asked(turns: talk.Turns, question: str) -> talk.Turns:
    """The session after a question and its answer."""
    return talk.progressed(talk.begin(turns, question), answered(question))


def test_what_is_asked_is_kept_and_opened_again(chats: Chats) -> None:
    keeping = Keeping(chats)
    first = keeping.keep(ANYONE, Talked(asked((), "Was it closed?")))
    assert first.chat is not None
    assert (first.turns[-1].place, first.turns[-1].unkept) == (1, None)
    second = keeping.keep(ANYONE, Talked(asked(first.turns, "When?"), first.chat))
    assert second.chat == first.chat
    opened = keeping.opened(ANYONE, first.chat, article)
    for again, before in zip(opened.turns, second.turns, strict=True):
        assert again.answer and before.answer
        assert again.answer.to_dict() == before.answer.to_dict()
        assert replace(again, answer=None) == replace(before, answer=None)
    assert opened.turns[0].answer is not None
    assert talk.history_of(opened.turns) == [t.answer for t in opened.turns]
    nearest = opened.turns[0].answer.evidence[0].article
    assert nearest.title == ARTICLE.title  # the store keeps the id alone


def test_without_a_store_nothing_is_kept_and_nothing_is_wrong() -> None:
    turns = asked((), "Was it closed?")
    assert Keeping(None).keep(ANYONE, Talked(turns, "x")) == Talked(turns)
    with pytest.raises(ChatNotFoundError):
        Keeping(None).opened(ANYONE, "x", article)


def test_an_edited_question_takes_the_place_of_what_followed_it(chats: Chats) -> None:
    keeping, talked = Keeping(chats), Talked(())
    for question in ("Was it closed?", "When?", "Why?"):
        talked = keeping.keep(ANYONE, Talked(asked(talked.turns, question), talked.chat))
    turns, chat, _ = talked
    assert chat is not None
    replaced = turns[1:]
    keeping.keep(ANYONE, Talked(asked(turns[:1], "By whom?"), chat, replaced))
    kept = chats.chat(ANYONE, chat)
    assert [t.question for t in kept.turns] == ["Was it closed?", "By whom?"]
    assert kept.info.title == "Was it closed?"


def test_editing_takes_away_nothing_that_another_window_added(chats: Chats) -> None:
    keeping = Keeping(chats)
    talked = keeping.keep(ANYONE, Talked(asked((), "Was it closed?")))
    other = keeping.opened(ANYONE, talked.chat or "", article)
    keeping.keep(ANYONE, Talked(asked(other.turns, "When?"), other.chat))
    edited = Talked(asked((), "By whom?"), talked.chat, replaced=talked.turns)
    kept = keeping.keep(ANYONE, edited)
    questions = [t.question for t in chats.chat(ANYONE, kept.chat or "").turns]
    assert questions == ["Was it closed?", "When?", "By whom?"]


def test_a_chat_is_called_by_its_first_question_and_not_by_one_that_was_replaced(
    chats: Chats,
) -> None:
    keeping = Keeping(chats)
    turns, chat, _ = keeping.keep(ANYONE, Talked(asked((), "Was it closd?")))
    assert chat is not None
    turns, chat, _ = keeping.keep(ANYONE, Talked(asked((), "Was it closed?"), chat, turns))
    assert chat is not None
    assert chats.chat(ANYONE, chat).info.title == "Was it closed?"
    chats.rename(ANYONE, chat, "The bridge")
    keeping.keep(ANYONE, Talked(asked((), "Is it open?"), chat, turns))
    assert chats.chat(ANYONE, chat).info.title == "The bridge"


def test_a_stopped_answer_is_kept_with_what_was_stated_and_is_no_history(chats: Chats) -> None:
    answer = answered()
    part = Part(answer.statements[0], answer.citations)
    begun = talk.progressed(talk.begin((), "Was it closed?"), part)
    stopped = talk.end_pending(begun, talk.STOPPED, stopped=True)
    keeping = Keeping(chats)
    _, chat, _ = keeping.keep(ANYONE, Talked(stopped))
    assert chat is not None
    (turn,) = keeping.opened(ANYONE, chat, article).turns
    assert (turn.statements, turn.citations) == (begun[-1].statements, begun[-1].citations)
    assert (turn.answer, turn.error, turn.stopped) == (None, talk.STOPPED, True)
    assert chats.chat(ANYONE, chat).history == ()
    assert answer.citations[0].quote in to_markdown(chats.chat(ANYONE, chat))


def test_a_failed_question_is_kept_with_its_line(chats: Chats) -> None:
    failed = talk.end_pending(talk.begin((), "Was it closed?"), "the endpoint is away")
    keeping = Keeping(chats)
    _, chat, _ = keeping.keep(ANYONE, Talked(failed))
    assert chat is not None
    (turn,) = keeping.opened(ANYONE, chat, article).turns
    assert (turn.answer, turn.error, turn.stopped) == (None, "the endpoint is away", False)


def test_a_chat_that_was_deleted_meanwhile_is_begun_anew(chats: Chats) -> None:
    keeping = Keeping(chats)
    turns, chat, _ = keeping.keep(ANYONE, Talked(asked((), "Was it closed?")))
    assert chat is not None
    chats.delete(ANYONE, chat)
    for replaced in ((), turns):
        talked = keeping.keep(ANYONE, Talked(asked(turns, "When?"), chat, replaced))
        assert talked.chat not in (None, chat)
        assert talked.turns[-1].unkept is None


def test_nobody_opens_continues_or_rates_what_is_anothers(chats: Chats) -> None:
    keeping = Keeping(chats)
    turns, chat, _ = keeping.keep("marit", Talked(asked((), "Was it closed?")))
    assert chat is not None
    with pytest.raises(ChatNotFoundError):
        keeping.opened("ada", chat, article)
    talked = keeping.keep("ada", Talked(asked(turns, "When?"), chat, turns))
    assert talked.chat != chat
    assert [t.question for t in chats.chat("marit", chat).turns] == ["Was it closed?"]
    rated = keeping.rate("ada", turns, 1, -1, "mine now")
    assert rated[0].feedback is None and rated[0].unkept
    assert chats.chat("marit", chat).turns[0].feedback is None


def test_thumbs_are_given_changed_and_taken_away(chats: Chats) -> None:
    keeping = Keeping(chats)
    turns, chat, _ = keeping.keep(ANYONE, Talked(asked((), "Was it closed?")))
    assert chat is not None
    for vote, reason in ((1, ""), (-1, "the other bridge"), (None, "")):
        turns = keeping.rate(ANYONE, turns, 1, vote, reason)
        kept = chats.chat(ANYONE, chat).turns[0].feedback
        assert turns[0].feedback == kept
        assert (kept and kept.vote, kept and kept.reason) == (vote, reason if vote else None)
    assert keeping.rate(ANYONE, turns, 7, 1, "") == turns
    unkept = asked((), "Was it closed?")
    assert keeping.rate(ANYONE, unkept, 1, 1, "")[0].unkept == GONE


def test_where_it_cannot_be_kept_the_answer_says_so_and_the_chat_goes_on(tmp_path: Path) -> None:
    (tmp_path / "chats.sqlite").write_text("no database " * 400)
    with Chats.open(tmp_path) as chats:
        turns, chat, _ = Keeping(chats).keep(ANYONE, Talked(asked((), "Was it closed?")))
    assert turns[-1].answer is not None and turns[-1].unkept
    assert chat is None
    with Chats.open(tmp_path) as chats, pytest.raises(ChatError):
        Keeping(chats).opened(ANYONE, "x", article)


def test_where_as_much_is_kept_as_may_be_the_answer_says_what_to_do(tmp_path: Path) -> None:
    settings = Settings(chats_per_user=1, turns_per_chat=2)
    with Chats.open(tmp_path, settings) as chats:
        keeping, talked = Keeping(chats), Talked(())
        for question in ("Was it closed?", "When?", "Why?"):
            talked = keeping.keep(ANYONE, Talked(asked(talked.turns, question), talked.chat))
        first, second, third = talked.turns
        assert (first.unkept, second.unkept) == (None, None)
        assert third.answer and "go on in a new chat" in (third.unkept or "")
        # An edited question takes another one's place.
        edited = keeping.keep(ANYONE, Talked(asked((first,), "Who?"), talked.chat, (second,)))
        assert edited.turns[-1].unkept is None
        other = keeping.keep(ANYONE, Talked(asked((), "And the road?")))
        assert other.chat is None
        assert other.turns[-1].answer and "delete some" in (other.turns[-1].unkept or "")
        chats.delete(ANYONE, talked.chat or "")
        again = keeping.keep(ANYONE, Talked(asked(other.turns, "And the road?"), other.chat))
        assert again.chat and again.turns[-1].unkept is None


def test_where_too_many_keep_at_once_the_answer_says_so(
    chats: Chats, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = chats._database.engine
    monkeypatch.setattr(engine.pool, "_timeout", 0.01)
    with ExitStack() as held:
        for _ in range(15):  # as many connections as the pool has
            held.enter_context(engine.connect())
        talked = Keeping(chats).keep(ANYONE, Talked(asked((), "Was it closed?")))
    (turn,) = talked.turns
    assert turn.answer and (turn.unkept or "").startswith("too many read and add")


def test_of_a_long_chat_the_last_turns_are_opened_with_their_numbers(chats: Chats) -> None:
    keeping, chat = Keeping(chats), chats.new(ANYONE).id
    for n in range(talk.MAX_TURNS + 3):
        chats.append(ANYONE, chat, NewTurn(f"question {n}", error="away"))
    turns = keeping.opened(ANYONE, chat, article).turns
    assert [t.number for t in turns] == list(range(4, talk.MAX_TURNS + 4))
    # Editing the first of them takes away what follows, and nothing before it.
    keeping.keep(ANYONE, Talked(asked((), "anew"), chat, turns))
    assert [t.question for t in chats.chat(ANYONE, chat).turns][-2:] == ["question 2", "anew"]

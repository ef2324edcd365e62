"""Reading question files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import CaseError
from assistant.evaluation.cases import case_dict, case_of, cases_digest, load_cases
from assistant.types import GoldQuote, Turn

LINE: dict[str, Any] = {"id": "c1", "question": "Who?", "type": "single", "answerable": True}


def write(path: Path, *lines: object) -> Path:
    path.write_text("\n".join(json.dumps(line) for line in lines) + "\n", encoding="utf-8")
    return path


def test_a_whole_case_is_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "q.jsonl",
        {
            **LINE,
            "answers": [["two", "2"], ["three"]],
            "evidence": [[{"article_id": "a", "quote": "x"}, {"article_id": "b", "quote": "y"}]],
            "articles": [{"id": "a", "title": "T", "text": "x", "published": "2020-01-02"}],
            "history": [{"question": "Where?", "answer": "There."}],
            "reported_on": "2020-01-02",
            "status": "denied",
            "note": "n",
            "disagreement": [["40"], ["60", "sixty"]],
            "form": 2,
            "outside": False,
        },
    )
    (case,) = load_cases(path)
    assert case.answers == (("two", "2"), ("three",))
    assert case.evidence == ((GoldQuote("a", "x"), GoldQuote("b", "y")),)
    assert case.articles is not None
    assert (case.articles[0].id, case.articles[0].title) == ("a", "T")
    assert str(case.articles[0].published) == "2020-01-02"
    assert case.history == (Turn("Where?", "There."),)
    assert (case.reported_on, case.status, case.note) == ("2020-01-02", "denied", "n")
    assert case.disagreement == (("40",), ("60", "sixty"))
    assert case_of(case_dict(case)) == case
    assert case.extra == {"form": 2, "outside": False}


def test_only_what_is_needed_is_needed(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path / "q.jsonl", LINE))
    assert (case.answers, case.evidence, case.articles, case.history) == ((), (), None, ())
    assert case.disagreement is None
    assert "disagreement" not in case_dict(case)


def test_that_no_disagreement_is_to_be_shown_is_not_that_nothing_is_said_of_it(
    tmp_path: Path,
) -> None:
    (case,) = load_cases(write(tmp_path / "q.jsonl", {**LINE, "disagreement": []}))
    assert case.disagreement == ()
    assert case_of(case_dict(case)) == case


def test_a_closed_case_without_articles_is_not_an_open_one(tmp_path: Path) -> None:
    (case,) = load_cases(write(tmp_path / "q.jsonl", {**LINE, "articles": []}))
    assert case.articles == ()


def test_blank_lines_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(LINE).encode() + b"\r\n\r\n  \n")
    assert [case.id for case in load_cases(path)] == ["c1"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": ""}, '"id" is missing'),
        ({"id": 7}, '"id" is not text'),
        ({"question": " "}, '"question" is missing'),
        ({"type": None}, '"type" is missing'),
        ({"answerable": "yes"}, '"answerable" is missing'),
        ({"answerable": False, "answers": [["x"]]}, '"answerable" is false'),
        ({"answers": "x"}, '"answers" is not a list'),
        ({"answers": ["x"]}, "not a list of spellings"),
        ({"answers": [[]]}, "not a list of spellings"),
        ({"answers": [["?!"]]}, "no letter and no digit"),
        ({"answers": [[4]]}, "no letter and no digit"),
        ({"evidence": [{"article_id": "a", "quote": "x"}]}, 'group of "evidence"'),
        ({"evidence": [["x"]]}, 'entry of "evidence"'),
        ({"evidence": [[{"article_id": "a", "quote": " "}]]}, '"quote" is missing'),
        ({"articles": [{"id": "a"}]}, '"text" is missing'),
        ({"articles": ["a"]}, 'entry of "articles"'),
        ({"history": [{"question": "Where?"}]}, '"answer" is missing'),
        ({"reported_on": "yesterday"}, "write a date"),
        ({"status": "true"}, "write one of"),
        ({"disagreement": "40, 60"}, '"disagreement" is not a list'),
        ({"disagreement": ["40", "60"]}, 'a side of "disagreement" is not a list of spellings'),
        ({"disagreement": [["40"], [60]]}, 'the spelling 60 in "disagreement"'),
        ({"disagreement": [["40", "forty"]]}, '"disagreement" has one side'),
    ],
)
def test_a_bad_case_is_refused_with_its_line(
    tmp_path: Path, change: dict[str, Any], words: str
) -> None:
    path = write(tmp_path / "q.jsonl", LINE, {**LINE, "id": "c2", **change})
    with pytest.raises(CaseError) as caught:
        load_cases(path)
    text = str(caught.value)
    assert f"{path}, line 2: " in text
    assert words in text
    assert "\n" not in text


@pytest.mark.parametrize(
    "line", [b"{", b"[" * 200_000, b'"text"', b"[1]", b"7" * 5000, b"\xff\xfe"]
)
def test_a_line_that_is_no_object_is_refused(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "q.jsonl"
    path.write_bytes(json.dumps(LINE).encode() + b"\n" + line + b"\n")
    with pytest.raises(CaseError, match="line 2"):
        load_cases(path)


def test_two_cases_of_one_id_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match=r"line 2: the id 'c1' is taken by line 1"):
        load_cases(write(tmp_path / "q.jsonl", LINE, LINE))


@pytest.mark.parametrize("key", ["text", "body"])
def test_a_file_of_articles_is_told_apart(tmp_path: Path, key: str) -> None:
    path = write(tmp_path / "a.jsonl", {"id": "a", "title": "T", key: "Words."})
    with pytest.raises(CaseError, match="an article, not a question; articles go to"):
        load_cases(path)


@pytest.mark.parametrize("content", ["", "\n \n"])
def test_a_file_without_a_case_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(content)
    with pytest.raises(CaseError, match="has no questions in it"):
        load_cases(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such question file"):
        load_cases(tmp_path / "q.jsonl")
    with pytest.raises(CaseError, match="is a folder"):
        load_cases(tmp_path)
    with pytest.raises(CaseError, match="cannot be read"):
        load_cases(write(tmp_path / "q.jsonl", LINE) / "below")


def test_the_digest_follows_the_cases_and_not_the_layout(tmp_path: Path) -> None:
    first = load_cases(write(tmp_path / "a.jsonl", LINE))
    spaced = tmp_path / "b.jsonl"
    spaced.write_text("\n" + json.dumps(dict(reversed(LINE.items())), indent=None) + "\n\n")
    other = load_cases(write(tmp_path / "c.jsonl", {**LINE, "question": "What?"}))
    assert cases_digest(first) == cases_digest(load_cases(spaced))
    assert cases_digest(first) != cases_digest(other)


def test_the_digest_of_cases_without_a_key_that_came_later_stays_what_it_was(
    tmp_path: Path,
) -> None:
    """Floors and kept runs are tied to it: this one was made before there were disagreements."""
    cases = load_cases(write(tmp_path / "q.jsonl", LINE))
    assert cases_digest(cases) == "b36ea4f23055163aa9e9b84369d34ad7f9e5d1e01416aa956828342f2ae4e37e"
    told = load_cases(write(tmp_path / "d.jsonl", {**LINE, "disagreement": []}))
    assert cases_digest(told) != cases_digest(cases)


def test_the_questions_on_disagreements_of_the_sample_are_those_of_the_benchmark() -> None:
    fixtures = Path(__file__).parents[1] / "fixtures"
    lines = (fixtures / "disagreements.whole.jsonl").read_text(encoding="utf-8").splitlines()
    wanted = {
        row["question"]: sorted(row["values"])
        for row in map(json.loads, lines)
        if row["set"] == "sample" and row["kind"] != "either"
    }
    cases = load_cases(fixtures / "disagreements.questions.jsonl")
    assert wanted == {
        case.question: sorted(spelling for side in case.disagreement or () for spelling in side)
        for case in cases
    }

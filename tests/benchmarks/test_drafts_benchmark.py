"""The measure of drafted questions: its rules, and the whole of it on the sample library."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks import drafts

pytest_plugins = ["tests.sample_index"]

QUOTE = "On Monday the Northern Shipping Group was founded in Norrvik by Ada of Teyn, it said."


@pytest.mark.parametrize(
    ("question", "cut"),
    [
        ("When was the Northern Shipping Group founded?", False),
        ("When was the Northern Shipping founded?", True),
        ("When was the Shipping Group founded?", True),
        ("By whom was it founded, Ada of Teyn?", False),
        ("By whom was it founded, Ada?", True),
        ("What was founded on Monday in Norrvik?", False),
    ],
)
def test_a_name_that_is_cut_short_is_seen(question: str, cut: bool) -> None:
    assert drafts.cuts_a_name(question, QUOTE) is cut


@pytest.mark.parametrize(
    ("question", "quote", "breaks"),
    [
        ("How many were killed in Ruskan?", "40 were killed in Ruskan air raids.", True),
        ("How many were killed in Ruskan?", "40 were killed in Ruskan and Teyn raids.", True),
        ("How many were killed in Norrvik?", "40 were killed in Norrvik on Monday.", False),
        ("How many were killed in Norrvik?", "40 were killed in Norrvik, it said.", False),
    ],
)
def test_a_question_that_breaks_off_is_seen(question: str, quote: str, breaks: bool) -> None:
    assert drafts.breaks_off(question, quote) is breaks


def test_a_word_that_only_begins_its_sentence_is_no_name() -> None:
    library = ["The ferry lies outside.", "It lies outside Teyn, and Halvard said so."]
    quote = "Outside Teyn eight people were killed."
    asked = "When were Outside Teyn eight people killed?"
    assert drafts.no_name(asked, quote, library) == "Outside"
    assert drafts.no_name("Who lies outside Teyn?", quote, library) == ""
    assert drafts.no_name("Who is Halvard Teyn?", "Halvard Teyn said so.", library) == ""


def test_what_a_sentence_may_answer_is_not_lacking() -> None:
    asked = "When was the Teyn Bridge reopened for lorries?"
    assert drafts.lacks(asked, ["The Teyn Bridge was painted.", "The road was reopened."])
    assert not drafts.lacks(asked, ["The Teyn Bridge was reopened."])


def test_the_sample_is_drafted_asked_and_measured(
    own_index: Path,
    capsys: pytest.CaptureFixture[str],
    clean_environment: None,
    one_embedder: None,
) -> None:
    indexes = own_index.rename(own_index.parent / "sample").parent
    given = [str(indexes), "--indexes", str(indexes), "--only", "sample", "--count", "4"]
    assert drafts.main([*given, "--show"]) == 0
    told = capsys.readouterr().out
    assert "| Proposed | 4 of 4 |" in told
    assert "| With an answer: gold quote among the first ten | 3 of 3 (44–100) |" in told
    assert "| Begins as a question, ends with ? | 4 of 4 (51–100) |" in told
    assert sum(line.startswith("sample ") for line in told.splitlines()) == 4, "each draft"

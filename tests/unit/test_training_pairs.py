"""The rules that make training pairs: what they change, and what they leave alone."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from training import unanswerable
from training.groups import Group, Pair, is_held_apart, read_groups, source_of, write_groups
from training.lexicon import Names, opposite, other_month, other_number
from training.natural import read_set

NAMES = Names(
    {
        "belkorra": "place",
        "tarsin": "place",
        "new haven": "place",
        "mira odel": "person",
        "ivo lund": "person",
        "arden group": "organisation",
    }
)
SENTENCE = "Mira Odel opened the bridge at Belkorra on 4 March 2016, and 37 guests came."


def rng() -> random.Random:
    return random.Random(3)


def test_names_are_found_whole_and_in_any_case() -> None:
    text = "In NEW HAVEN, mira odel met Belkorra's mayor"
    found = [(text[a:b], kind) for a, b, kind in NAMES.find(text)]
    assert found == [("NEW HAVEN", "place"), ("mira odel", "person"), ("Belkorra", "place")]


def test_a_swapped_name_is_of_its_kind_and_changes_one_side() -> None:
    question = "Who opened the bridge at Belkorra?"
    changed = [
        unanswerable.swap_name(question, SENTENCE, NAMES, "", random.Random(seed))
        for seed in range(30)
    ]
    assert any(changed)
    for pair in filter(None, changed):
        assert (pair[0] == question) != (pair[1] == SENTENCE)
        assert "Tarsin" in " ".join(pair).title() or "New Haven" in " ".join(pair).title()


def test_a_name_that_only_the_question_has_is_not_swapped() -> None:
    assert unanswerable.swap_name("Who lives in Tarsin?", SENTENCE, NAMES, "", rng()) is None


def test_a_name_swapped_on_both_sides_is_still_an_answer() -> None:
    asked = "Who opened it at Belkorra?"
    tries = [
        unanswerable.swap_both(asked, SENTENCE, NAMES, "", random.Random(seed)) for seed in range(9)
    ]
    assert any(tries)
    for question, sentence in filter(None, tries):
        assert "Belkorra" not in question + sentence
        assert question.removeprefix("Who opened it at ").removesuffix("?") in sentence


@pytest.mark.parametrize(
    ("question", "gone"),
    [
        ("How many guests came to the opening at Belkorra on 4 March 2016?", "37"),
        ("When did Mira Odel open the bridge for 37 guests?", "2016"),
        ("Who opened the bridge?", "Mira"),
        ("Where did Mira Odel open a bridge?", "Belkorra"),
    ],
)
def test_the_answer_is_cut_out_of_its_sentence(question: str, gone: str) -> None:
    changed = unanswerable.cut(question, SENTENCE, NAMES, "", rng())
    assert changed is not None
    assert changed[0] == question
    assert gone in SENTENCE
    assert gone not in changed[1]


def test_nothing_is_cut_where_two_things_could_be_the_answer() -> None:
    sentence = "37 guests and 12 reporters came."
    assert unanswerable.cut("How many came?", sentence, NAMES, "", rng()) is None


def test_a_yes_no_question_is_not_undone_by_a_denial() -> None:
    sentence = "The bridge was opened at Belkorra."
    tries = [
        unanswerable.negated("Was the bridge opened?", sentence, NAMES, "", random.Random(seed))
        for seed in range(20)
    ]
    assert not any(tries)
    other = [
        unanswerable.negated("What was opened?", sentence, NAMES, "", random.Random(seed))
        for seed in range(20)
    ]
    assert {pair[1] for pair in other if pair} == {
        "The bridge was not opened at Belkorra.",
        "The bridge was never opened at Belkorra.",
    }


def test_a_condition_is_not_one_that_the_sentence_meets() -> None:
    for seed in range(40):
        changed = unanswerable.condition("Who came?", SENTENCE, NAMES, "", random.Random(seed))
        if changed:
            assert "2016" not in changed[0]
            assert "Belkorra" not in changed[0]


def test_opposites_numbers_and_months_change_what_both_sides_share() -> None:
    assert opposite("who won first prize", "she won it", rng()) == "who lost first prize"
    assert opposite("who won", "she came", rng()) is None
    assert other_number("in 1997?", "it was 1998", rng()) is None
    year = other_number("in 1997?", "it was 1997", rng())
    assert year is not None
    assert year != "in 1997?"
    month = other_month("in March 2016?", SENTENCE, rng())
    assert month is not None
    assert "March" not in month
    assert other_month("it may come", "they may come", rng()) is None


def test_groups_come_back_as_they_were_written(tmp_path: Path) -> None:
    pair = Pair("Who?", "She — “did”.", "Title", 1, "gold")
    groups = [Group((pair, Pair("Who?", "No.", "", 0, "mined")), "a"), Group((pair,), "b", head=1)]
    path = tmp_path / "folder" / "groups.jsonl.gz"
    assert write_groups(groups, path) == 2
    assert list(read_groups(path)) == groups
    assert [item.name for item in path.parent.iterdir()] == ["groups.jsonl.gz"]


def test_about_one_group_in_25_is_held_apart() -> None:
    groups = [Group((Pair("q", f"sentence {i}", "", 1, "gold"),), "s") for i in range(5000)]
    assert 150 < sum(map(is_held_apart, groups)) < 250


def test_all_that_rules_make_of_one_sentence_lands_on_one_side() -> None:
    for i in range(200):
        source = source_of(f"Sentence {i}  came.")
        first = Group((Pair("q", f"sentence {i} came.", "", 1, "gold"),), "a", source=source)
        other = Group((Pair("q", f"changed {i}", "", 1, "swap_both"),), "b", source=source)
        assert is_held_apart(first) == is_held_apart(other)


def test_made_groups_are_held_apart_by_their_article(tmp_path: Path) -> None:
    row = {
        "question": "Who came?",
        "positives": [["Finn came.", "Finn comes."]],
        "negatives": [["Holt came.", "Holt comes.", "swap_name"]],
        "kind": "both_swap_name",
        "source": "Holt  comes",
    }
    path = tmp_path / "made.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({**row, "set": name}) + "\n" for name in ("news", "claims"))
    news, claims = read_groups(path)
    assert (news.source, news.head) == ("holt comes", 0)
    assert (claims.source, claims.head) == ("holt comes", 1)
    assert [pair.kind for pair in news.pairs] == ["both_swap_name", "swap_name"]


def test_groups_of_older_rules_are_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "made.jsonl.gz"
    row = {"question": "Who?", "positives": [], "negatives": [], "kind": "who", "set": "news"}
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
    with pytest.raises(SystemExit, match="give an empty --work"):
        list(read_groups(path))


def test_titles_and_sentences_before_become_context(tmp_path: Path) -> None:
    rows = [
        {"q": "who", "p": "Belkorra. Ivo Lund is mayor .", "label": 1},
        {"q": "who", "p": "Belkorra. It rained.", "label": 0},
    ]
    path = tmp_path / "qed_nq.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    (asked,) = read_set(path)
    assert asked.positives == [("Ivo Lund is mayor.", "Belkorra")]
    path = path.rename(tmp_path / "selqa.jsonl.gz")
    (asked,) = read_set(path)
    assert asked.negatives == [("Belkorra. It rained.", "Belkorra. Ivo Lund is mayor")]

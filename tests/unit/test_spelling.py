"""Whether two written names may be one: pairs of real names, and what must hold of any text."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

import assistant.spelling
from assistant.spelling import (
    alias_groups,
    alias_key,
    aliases,
    is_article,
    learn_acronyms,
    romanise,
    same_name,
)

PAIRS = Path(__file__).parents[1] / "data" / "names" / "pairs.tsv"
NAMES = st.text(st.sampled_from("aeiouhwybpfvkqgszjtdlrmncx -'ʿâşرقةЗе"), min_size=1, max_size=20)


class Pair(NamedTuple):
    half: str
    same: bool
    names: tuple[str, str]
    sentences: tuple[str, str]


def read_pairs() -> list[Pair]:
    found = []
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            half, same, name, other, *sentences = line.split("\t")
            one, two = [*sentences, "", ""][:2]
            found.append(Pair(half, same == "1", (name, other), (one, two)))
    return found


def wrong(half: str, *, same: bool) -> tuple[list[tuple[str, str]], int]:
    """The pairs of one half and kind that are judged wrongly, and how many there are."""
    pairs = [p for p in read_pairs() if p.half == half and p.same is same]
    return [p.names for p in pairs if same_name(*p.names, *p.sentences) is not same], len(pairs)


def test_there_are_as_many_pairs_as_were_asked_for() -> None:
    pairs = read_pairs()
    assert sum(p.same for p in pairs) >= 120
    assert sum(not p.same for p in pairs) >= 120
    assert len({frozenset((*p.names, *p.sentences)) for p in pairs}) == len(pairs)


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_spellings_of_one_name_are_known(half: str) -> None:
    missed, of = wrong(half, same=True)
    assert len(missed) <= 0.04 * of, missed


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_other_names_are_kept_apart(half: str) -> None:
    taken, of = wrong(half, same=False)
    assert len(taken) <= 0.02 * of, taken


@pytest.mark.parametrize(
    "module", [m.name for m in pkgutil.iter_modules(assistant.spelling.__path__)]
)
def test_the_examples_in_the_documentation(module: str) -> None:
    found = import_module(f"assistant.spelling.{module}")
    assert doctest.testmod(found).failed == 0


@given(NAMES, NAMES)
def test_the_order_of_two_names_tells_nothing(name: str, other: str) -> None:
    assert same_name(name, other) is same_name(other, name)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=80))
def test_any_text_is_judged(name: str, other: str, sentence: str) -> None:
    assert same_name(name, other, sentence, sentence) in (True, False)
    assert all(len(name) > 1 for name in learn_acronyms([sentence]))


@given(st.sampled_from([p.names[0] for p in read_pairs() if not p.names[0].isupper()]))
def test_case_accents_and_hyphens_change_nothing(name: str) -> None:
    if any(letter.isalnum() for letter in romanise(name)):
        assert same_name(name, name.upper() if len(name) > 6 else name)
        assert same_name(name, name.replace("-", " "))


def test_articles_are_told_by_what_follows() -> None:
    assert is_article("ez", "zor")
    assert not is_article("ez", "bab")
    assert not is_article("as", "reported")
    assert not is_article("al", "")
    assert is_article("al")


def test_one_name_in_two_countries_is_two() -> None:
    here, there = "Rusafa lies in Syria.", "Rusafa is a part of Baghdad."
    assert same_name("Resafa", "Rusafa")
    assert same_name("Resafa", "Rusafa", "Resafa near Raqqa", here)
    assert not same_name("Resafa", "Rusafa", "Resafa near Raqqa", there)


def test_acronyms_are_learned_from_what_the_text_says() -> None:
    text = "The Free Northern Army (FNA), the River Guard Corps [RGC] and, or so it said, ABC."
    assert learn_acronyms([text]) == {
        "FNA": {"Free Northern Army"},
        "RGC": {"River Guard Corps"},
    }
    assert learn_acronyms(["The HRO (Hill Relief Office) fed 40 (HRW)."]) == {
        "HRO": {"Hill Relief Office"}
    }
    assert learn_acronyms(["Nobody came (AFP)."]) == {}
    assert same_name("FNA", "Free Northern Army", text)
    assert not same_name("FNA", "Free Northern Army")
    assert not same_name("FNA", "Far North Association", text)


def test_the_table_of_aliases_says_nothing_twice() -> None:
    assert "Daesh" in aliases("ISIL")
    assert aliases("nobody at all") == ()
    keys = [alias_key(name) for group in alias_groups() for name in group]
    assert len(keys) == len(set(keys))

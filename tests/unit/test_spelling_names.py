"""A claim's names are carried by quotes that write them in another spelling."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.answering.checking.check import unsupported
from assistant.answering.checking.names import KnownWords

PAIRS = Path(__file__).parents[1] / "data" / "names" / "pairs.tsv"


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("Deir Ezzor", "Trucks reached Deir ez-Zor by dusk."),
        ("Deirezzor", "Trucks reached Dayr al-Zawr by dusk."),
        ("Rusafa", "The convoy left Resafa."),
        ("Ithriya-Rusafa", "The Ithriyah-Resafa road was cut."),
        ("Zelenskyy", "Talks with Zelensky ended."),
        ("Abdel", "Abdul Rahman Karmi spoke."),
        ("Islamic State", "Fighters of ISIS left."),
        ("Daesh", "Islamic State fighters left."),
        ("Raqqa", "وصلت القافلة إلى الرقة مساء"),
        ("Free Northern Army", "The FNA, or Free Northern Army, left."),
    ],
)
def test_another_spelling_is_carried(name: str, quote: str) -> None:
    known = KnownWords([quote])
    assert all(known.hold(word) for word in name.split())
    assert unsupported(f"It was {name}.", [quote]) == []


@pytest.mark.parametrize(
    ("name", "quote"),
    [
        ("Irbil", "Bakers of Idlib struck."),
        ("Hama", "The road to Homs was cut."),
        ("Hussein", "Hassan spoke."),
        ("Nigeria", "The border of Niger was shut."),
        ("Mahmoud", "Mohammed Karmi spoke."),
        ("Resafa", "A rasp and a reserve were found."),
        ("SNA", "The SDF left."),
        ("Iraq", "Fighters of ISIS left."),
        ("Baghdadi", "A market in Basra opened."),
    ],
)
def test_another_name_is_not(name: str, quote: str) -> None:
    assert not KnownWords([quote]).hold(name)
    assert unsupported(f"It was {name}.", [quote]) == [name]


def test_acronyms_that_the_article_explains() -> None:
    learned = {"UVC": ["Upper Valley Council"]}
    quote = "The UVC heard complaints."
    assert not KnownWords([quote]).hold("Valley")
    assert KnownWords([quote], learned).hold("Valley")
    assert not KnownWords([quote], learned).hold("Lower")
    assert KnownWords(["The Upper Valley Council met."], learned).hold("UVC")


@pytest.mark.parametrize("half", ["tuned", "held"])
def test_pairs_of_names_in_claim_and_quote(half: str) -> None:
    """The check sees a word at a time, so that it takes a little more for the same, and for other.

    Pairs that sentences tell apart are left out: a claim's sentence has its own names checked.
    """
    right = dict.fromkeys("01", 0)
    of = dict.fromkeys("01", 0)
    for line in PAIRS.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if fields[0] == half and len(fields) == 4:
            same, name, other = fields[1:]
            known = KnownWords([other])
            of[same] += 1
            right[same] += all(known.hold(word) for word in name.split()) is (same == "1")
    assert right["1"] >= 0.9 * of["1"]
    assert right["0"] >= 0.92 * of["0"]

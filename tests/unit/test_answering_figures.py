"""Numbers read out of text."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering.figures import read_figures


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("four hundred and twelve people", ["412"]),
        ("two dozen, a dozen, half a dozen", ["24", "12", "6.0"]),
        ("twenty-three of twenty-one", ["23", "21"]),
        ("Twenty-one players", ["21"]),
        ("1,200 and 1200 and 1.5", ["1200", "1200", "1.5"]),
        ("a hundred thousand", ["100000"]),
        ("five thousand three hundred", ["5300"]),
        ("1.2 million, 5bn, 300k", ["1200000.0", "5000000000", "300000"]),
        ("12m tall", ["12"]),
        ("10-12 and 3-1", ["10", "12", "3", "1"]),
        ("Su-22 F16 B52", []),
        ("no one, one another, a one-sided view", []),
        ("the fourth of 4th", ["4", "4"]),
        ("per second, ten seconds", ["10"]),
    ],
)
def test_values(text: str, values: list[str]) -> None:
    assert [figure.value for figure in read_figures(text)] == [Decimal(v) for v in values]


def test_units() -> None:
    text = "$5, 5 dollars, €5, 5%, 5 per cent, five percent, 5"
    assert [f.unit for f in read_figures(text)] == ["$", "$", "€", "%", "%", "%", ""]


def test_ordinals() -> None:
    assert [f.ordinal for f in read_figures("4th fourth 4 four")] == [True, True, False, False]


@given(st.text(alphabet="0123456789,. $%mkbn-one hundredtw", max_size=60))
def test_figures_keep_their_place(text: str) -> None:
    for figure in read_figures(text):
        assert text[figure.start : figure.end] == figure.words
        assert figure.value >= 0

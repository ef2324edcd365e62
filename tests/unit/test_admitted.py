"""Vectors of filtered passages: each fetched once, and no more held than there is room for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.library import admitted
from assistant.library.admitted import Rows

STORED = {"east": [2.0, 0.0], "north": [0.0, 0.5], "west": [-1.0, 0.0], "zero": [0.0, 0.0]}


class Stored:
    """Vectors by id; keeps what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def rows(self, ids: Sequence[str]) -> tuple[list[str], NDArray[np.float32]]:
        self.asked.append(list(ids))
        found = [i for i in ids if i in STORED]
        return found, np.array([STORED[i] for i in found], dtype=np.float32).reshape(-1, 2)


@pytest.fixture
def stored() -> Stored:
    return Stored()


@pytest.fixture
def rows(stored: Stored) -> Rows:
    return Rows(stored)


def test_the_nearest_are_told_by_their_cosine(rows: Rows) -> None:
    assert rows.nearest([3.0, 1.0], 3, list(STORED)) == [
        ("east", pytest.approx(3 / 10**0.5)),
        ("north", pytest.approx(1 / 10**0.5)),
        ("zero", 0.0),
    ]
    assert rows.nearest([3.0, 1.0], 9, ["west", "unknown"]) == [
        ("west", pytest.approx(-3 / 10**0.5))
    ]
    assert rows.nearest([0.0, 0.0], 1, ["east"]) == [("east", 0.0)]
    assert rows.nearest([3.0, 1.0], 9, ["unknown"]) == []


def test_what_was_fetched_is_not_fetched_again(rows: Rows, stored: Stored) -> None:
    rows.nearest([1.0, 0.0], 1, ["east", "north"])
    rows.nearest([1.0, 0.0], 1, ["north", "west"])
    rows.nearest([1.0, 0.0], 1, ["east", "west"])
    assert stored.asked == [["east", "north"], ["west"]]


def test_what_has_no_vector_is_not_asked_for_again(rows: Rows, stored: Stored) -> None:
    for _ in range(2):
        assert len(rows.nearest([1.0, 0.0], 9, ["east", "pending"])) == 1
    assert stored.asked == [["east", "pending"]]


def test_beyond_the_room_there_is_only_what_is_wanted_now(
    rows: Rows, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admitted, "_ROWS", 3)
    rows.nearest([1.0, 0.0], 1, ["east", "north"])
    wanted = ["north", "west", "zero"]
    assert [i for i, _ in rows.nearest([1.0, 0.0], 3, wanted)] == ["north", "zero", "west"]
    assert stored.asked[-1] == wanted
    assert rows.nearest([1.0, 0.0], 1, ["west"])[0][0] == "west"
    assert len(stored.asked) == 2

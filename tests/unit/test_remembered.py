"""An embedder that remembers gives what the other gives, and asks it once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.errors import EndpointError
from assistant.models.remembered import Remembered


class Counting:
    """An embedder that says what it was asked: a text's vector is its length."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: list[str]) -> NDArray[np.float32]:
        self.asked.append(texts)
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def test_what_is_known_is_not_asked_again() -> None:
    inner = Counting()
    embed = Remembered(inner)
    assert embed(["a", "bb", "a"]).tolist() == [[1, 1], [2, 1], [1, 1]]
    assert embed(["bb", "ccc"]).tolist() == [[2, 1], [3, 1]]
    assert embed(["ccc"]).tolist() == [[3, 1]]
    assert embed([]).shape == (0, 0)
    assert inner.asked == [["a", "bb"], ["ccc"]]


def test_the_least_recently_used_is_forgotten() -> None:
    inner = Counting()
    embed = Remembered(inner, most=2)
    embed(["a", "bb"])
    embed(["a"])
    embed(["ccc"])
    inner.asked.clear()
    embed(["a", "bb", "ccc"])
    assert inner.asked == [["bb"]]


def test_more_than_is_remembered_at_once_is_given_whole() -> None:
    embed = Remembered(Counting(), most=1)
    assert embed(["a", "bb", "ccc"]).tolist() == [[1, 1], [2, 1], [3, 1]]


def test_a_failure_leaves_nothing_behind() -> None:
    def fails(texts: list[str]) -> NDArray[np.float32]:
        raise EndpointError("away")

    embed = Remembered(fails)
    for _ in range(2):
        with pytest.raises(EndpointError):
            embed(["a"])


def test_it_gives_what_the_real_one_gives(
    embed: Callable[[list[str]], NDArray[np.float32]],
) -> None:
    texts = ["The army retook the road.", "Storm Ylva cut off 118,000 homes.", "No."]
    remembered = Remembered(embed)
    for wanted in (texts, texts[1:], [*texts, "Yes."]):
        np.testing.assert_allclose(remembered(wanted), embed(wanted), atol=1e-6)

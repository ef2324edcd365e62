"""The steps of training around the loop: what is chosen, averaged, reused and held apart."""

from __future__ import annotations

import doctest
import random
from pathlib import Path

import numpy as np
import pytest

import training.groups
from training.average import average, mixed
from training.choose import choose
from training.groups import Group, Pair
from training.made_from import check, made_from
from training.recipe import FIRST, SECOND, Recipe

GOLD = Pair("Who came?", "Ivo Lund came.", "", 1, "gold")
MINED = [Pair("Who came?", f"It rained {i} times.", "", 0, "mined") for i in range(5)]
CUT = Pair("Who came?", "Someone came.", "", 0, "cut")
ANTONYM = Pair("Who came?", "Ivo Lund left.", "", 0, "antonym")


def test_examples_in_the_docs() -> None:
    assert doctest.testmod(training.groups).failed == 0


def test_a_positive_and_its_made_twins_are_chosen_first() -> None:
    chosen = choose(Group((GOLD, *MINED, CUT, ANTONYM), "a"), Recipe(), random.Random(0))
    assert len(chosen) == 5
    assert chosen[0] == GOLD
    assert {p.kind for p in chosen[1:3]} == {"cut", "antonym"}


def test_each_of_several_positives_is_drawn_in_turn() -> None:
    other = Pair("Who came?", "It was Ivo Lund.", "", 1, "gold")
    group = Group((GOLD, other, *MINED), "a")
    drawn = [choose(group, Recipe(), random.Random(seed)) for seed in range(20)]
    assert {chosen[0] for chosen in drawn} == {GOLD, other}
    assert all(sum(p.label for p in chosen) == 1 for chosen in drawn)


@pytest.mark.parametrize(
    ("first", "skip", "left"),
    [
        (GOLD, "cut", {"gold", "mined"}),
        (CUT, "cut", set()),
        (Pair("Who?", "Mo Finn came.", "", 1, "swap_both"), "swap_both", set()),
        (Pair("Who?", "Mo Finn came.", "", 1, "swap_both"), "swap_name", {"swap_both", "mined"}),
        (Pair("Who?", "He is tall.", "", 0, "hard"), "hard", {"mined"}),
    ],
)
def test_a_group_goes_with_the_kind_it_was_made_for(first: Pair, skip: str, left: set[str]) -> None:
    chosen = choose(Group((first, *MINED), "a"), Recipe(skip=(skip,)), random.Random(0))
    assert {p.kind for p in chosen} == left


def test_the_average_is_between_the_two() -> None:
    one = {"w": np.array([0.0, 1.0], dtype=np.float32), "n": np.array([1])}
    other = {"w": np.array([1.0, 1.0], dtype=np.float32), "n": np.array([7])}
    found = mixed(one, other, 0.6)
    assert found["w"] == pytest.approx([0.6, 1.0])
    assert found["n"].tolist() == [7]
    with pytest.raises(ValueError, match="one network"):
        mixed(one, {"w": one["w"]}, 0.6)


def test_the_average_of_two_checkpoints_is_a_checkpoint(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    for name, value in (("first", 1.0), ("second", 2.0)):
        state = {"model": {"w": torch.tensor([value])}, "recipe": {"rate": 1.0}}
        torch.save(state, tmp_path / f"{name}.pt")
    out = average(tmp_path / "first.pt", tmp_path / "second.pt", 0.5, tmp_path / "averaged.pt")
    held = torch.load(out, weights_only=True)
    assert held["model"]["w"].tolist() == [1.5]
    assert not list(tmp_path.glob("*.part"))


@pytest.fixture
def inputs(tmp_path: Path) -> tuple[Path, Path]:
    data, articles = tmp_path / "data", tmp_path / "syria" / "articles"
    data.mkdir()
    articles.mkdir(parents=True)
    (data / "qamr.jsonl.gz").write_bytes(b"1")
    (articles / "a.md").write_text("One.")
    return data, articles


def test_steps_are_reused_only_with_what_they_were_made_from(
    inputs: tuple[Path, Path], tmp_path: Path
) -> None:
    data, articles = inputs
    work = tmp_path / "work"
    made = made_from(data, [articles], [FIRST, SECOND], 0)
    check(work, made)
    (work / "first.pt").write_bytes(b"")
    check(work, made_from(data, [articles], [FIRST, SECOND], 0))
    others = [
        made_from(data, [articles], [FIRST, SECOND], 1),
        made_from(data, [articles], [FIRST, FIRST], 0),
    ]
    (data / "qamr.jsonl.gz").write_bytes(b"2")
    others.append(made_from(data, [articles], [FIRST, SECOND], 0))
    (data / "qamr.jsonl.gz").write_bytes(b"1")
    (articles / "a.md").rename(articles / "b.md")
    others.append(made_from(data, [articles], [FIRST, SECOND], 0))
    (articles / "b.md").rename(articles / "a.md")
    (articles / "a.md").write_text("Two.")
    others.append(made_from(data, [articles], [FIRST, SECOND], 0))
    for other in others:
        with pytest.raises(SystemExit, match="give an empty --work"):
            check(work, other)


def test_steps_of_unknown_origin_are_not_reused(inputs: tuple[Path, Path], tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "run.log").write_text("")  # no step
    check(work, made_from(inputs[0], [inputs[1]], [FIRST], 0))
    (work / "made_from.json").unlink()
    (work / "news.jsonl.gz").write_bytes(b"")
    with pytest.raises(SystemExit, match="give an empty --work"):
        check(work, made_from(inputs[0], [inputs[1]], [FIRST], 0))


def test_missing_inputs_are_told_before_anything_runs(inputs: tuple[Path, Path]) -> None:
    data, articles = inputs
    with pytest.raises(SystemExit, match="no articles"):
        made_from(data, [data], [FIRST], 0)
    with pytest.raises(SystemExit, match="no sets"):
        made_from(articles, [articles], [FIRST], 0)

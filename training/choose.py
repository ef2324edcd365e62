"""Which of a group's pairs one epoch is shown."""

from __future__ import annotations

import random

from training.groups import FOUND, Group, Pair
from training.recipe import Recipe


def choose(group: Group, recipe: Recipe, rng: random.Random) -> list[Pair]:
    """One positive of the group and some of its negatives: those made by rules first, by lot.

    Nothing where the group exists for the sake of a kind that the recipe skips: its first pair,
    which is what it was made for, has that kind.
    """
    first = group.pairs[0]
    if first.kind in recipe.skip and first.kind not in FOUND:
        return []
    kept = [p for p in group.pairs if p.kind not in recipe.skip]
    positives = [p for p in kept if p.label == 1]
    made = [p for p in kept if p.label == 0 and p.kind not in FOUND]
    found = [p for p in kept if p.label == 0 and p.kind in FOUND]
    rng.shuffle(made)
    rng.shuffle(found)
    made = made[: max(recipe.negatives // 2, recipe.negatives - len(found))]
    found = found[: recipe.negatives - len(made)]
    return [rng.choice(positives), *made, *found] if positives else made + found

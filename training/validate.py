"""Groups that no run trains on, and how well a checkpoint tells their pairs apart, by kind."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from sklearn.metrics import roc_auc_score

from training.groups import Pair, is_held_apart, read_groups
from training.score import Scorer


def held_apart(files: Iterable[Path], head: int, most: int = 600) -> list[Pair]:
    """The pairs of the groups held apart, of one head; at most `most` groups a file, by lot."""
    pairs: list[Pair] = []
    for path in files:
        groups = [g for g in read_groups(path) if g.head == head and is_held_apart(g)]
        taken = random.Random(0).sample(groups, min(most, len(groups)))
        pairs += [pair for group in taken for pair in group.pairs]
    return pairs


def auc_by_kind(scorer: Scorer, pairs: list[Pair], head: int) -> dict[str, tuple[float, int]]:
    """For each kind of negative: the area under the ROC curve against all positives, and n.

    Nothing where there is no positive.
    """
    scores = scorer.both([(p.question, p.sentence, p.context) for p in pairs])[:, head]
    positives = [s for s, p in zip(scores, pairs, strict=True) if p.label == 1]
    by_kind: dict[str, list[float]] = defaultdict(list)
    for score, pair in zip(scores, pairs, strict=True):
        if pair.label == 0:
            by_kind[pair.kind].append(score)
    if not positives:
        return {}
    return {
        kind: (
            float(
                roc_auc_score(
                    np.r_[np.ones(len(positives)), np.zeros(len(negatives))],
                    np.r_[positives, negatives],
                )
            ),
            len(negatives),
        )
        for kind, negatives in sorted(by_kind.items())
    }

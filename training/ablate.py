"""What each kind of made pair brings: short second stages, each without one of them.

`python -m training.ablate WORK --data DATA [--epochs 0.12]`, after `python -m training` has left
`first.pt` and the groups in WORK. Each line is one run from the same weights, over the same share
of the groups; measured on the pairs held apart from every run, and on the development sets.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from training.fit import fit
from training.recipe import SECOND
from training.score import Scorer
from training.unanswerable import RULES
from training.validate import auc_by_kind, held_apart

KINDS: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "swapped names and places": ("swap_name", "swap_place", "swap_long"),
    "swapped numbers and dates": ("swap_number", "swap_date"),
    "antonyms": ("antonym",),
    "cut answers": ("cut",),
    "denied sentences": ("negated",),
    "added conditions": ("condition",),
    "untold relations": ("relation",),
    "near sentences of other passages": ("hard", "overlap"),
}


def main() -> None:
    """Train, measure and print one JSON line a variant; those already in the file are kept."""
    parser = argparse.ArgumentParser(prog="python -m training.ablate", description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--data", type=Path, required=True, help="the development sets")
    parser.add_argument("--epochs", type=float, default=0.12)
    args = parser.parse_args()
    files = [args.work / f"{name}.jsonl.gz" for name in ("natural", "news", "claims")]
    pairs = held_apart(files[:2], head=0)
    out = args.work / "ablation.jsonl"
    done = {json.loads(line)["without"] for line in _lines(out)}
    everything = tuple({*RULES, *(kind for kinds in KINDS.values() for kind in kinds)})
    base = replace(SECOND, epochs=args.epochs, shares=(*SECOND.shares, ("claims", 0.0)))
    variants = {name: replace(base, skip=kinds) for name, kinds in KINDS.items()}
    variants["questions in news language"] = replace(base, shares=(*base.shares, ("news", 0.0)))
    variants["all made pairs"] = replace(base, skip=everything)
    for name, recipe in variants.items():
        if name in done:
            continue
        checkpoint = args.work / "ablation.pt"
        fit(files, recipe, checkpoint, start=args.work / "first.pt")
        figures = _measure(checkpoint, args.data)
        by_kind = auc_by_kind(Scorer(checkpoint), pairs, head=0)
        line = {"without": name, "dev": figures, "held_apart": by_kind}
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _measure(checkpoint: Path, data: Path) -> dict[str, float]:
    from tests.benchmarks.reader import evaluate_reader

    only = ("squad", "rgb", "seed", "syria")
    return dict(evaluate_reader(Scorer(checkpoint).answers, data, only=only))


if __name__ == "__main__":
    main()

"""What each kind of made pair brings: short second stages, each without one of them.

`python -m training.ablate WORK --data DATA [--only NAME]`, from the root of the checkout, after
`python -m training` has left `first.pt` and the groups in WORK. Each line is one run from the same
weights, over the same share of the groups; measured on pairs held apart from every run, and on the
development sets.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tests.benchmarks import reader_candidates
from tests.benchmarks.reader import evaluate_reader
from training.fit import fit
from training.recipe import SECOND, Recipe
from training.score import Scorer
from training.unanswerable import RULES
from training.validate import auc_by_kind, held_apart

# Where a kind goes, what was made for its sake goes: positives with the same change on both sides.
_KINDS: dict[str, tuple[str, ...]] = {
    "nothing": (),
    "swapped names and places": (
        "swap_name", "swap_place", "swap_both", "both_swap_name", "both_swap_place",
    ),
    "swapped numbers and dates": (
        "swap_number", "swap_date", "both_swap_number", "both_swap_date",
    ),
    "antonyms": ("antonym", "both_antonym"),
    "cut answers": ("cut",),
    "denied sentences": ("negated",),
    "added conditions": ("condition", "true_condition"),
    "untold relations": ("relation",),
    "who holds a place": ("possession", "not_held"),
    "near sentences of other passages": ("hard", "overlap"),
}  # fmt: skip
_NEWS = "questions in news language"
_MADE = "all pairs made by rules, and all news"
NAMES = (*_KINDS, _NEWS, _MADE)


def main() -> None:
    """Train, measure and print one JSON line a variant; those already in the file are kept."""
    args = _parser().parse_args()
    data: Path = args.data
    _check_candidates(data)
    files = [args.work / f"{name}.jsonl.gz" for name in ("natural", "news")]
    first = args.work / "first.pt"
    missing = [str(path) for path in (*files, first) if not path.exists()]
    if missing:
        raise SystemExit(f"run `python -m training` first: there is no {', '.join(missing)}")
    origin = {"made_from": _digest(args.work / "made_from.json"), "dev": _dev(data)}
    pairs = held_apart(files, head=0)
    out = args.work / "ablation.jsonl"
    done = {_key(json.loads(line)) for line in _lines(out)}
    checkpoint = args.work / "ablation.pt"
    for name in [args.only] if args.only else NAMES:
        recipe = variant(name, args.epochs)
        line: dict[str, Any] = {"without": name, "recipe": asdict(recipe), "of": origin}
        if _key(line) in done:
            continue
        fit(files, recipe, checkpoint, start=first)
        line["dev"] = _measure(checkpoint, data)
        line["held_apart"] = auc_by_kind(Scorer(checkpoint), pairs, head=0)
        with out.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
    checkpoint.unlink(missing_ok=True)


def variant(name: str, epochs: float) -> Recipe:
    """The short second stage without what `name` names."""
    base = replace(SECOND, epochs=epochs)
    if name in _KINDS:
        return replace(base, skip=_KINDS[name])
    without_news = replace(base, shares=(*base.shares, ("news", 0.0)))
    return without_news if name == _NEWS else replace(without_news, skip=(*RULES, "swap_both"))


def _check_candidates(data: Path) -> None:
    """What the runs are measured on must be there before the first of them, not after.

    Raises:
        SystemExit: it is not, and cannot be made here; or `data` holds no set.
    """
    try:
        candidates = reader_candidates.load(data)
    except ImportError as error:
        raise SystemExit(
            f"the candidates of {data} are not cached, and {error.name} is missing to make them: "
            "run `python -m tests.benchmarks.reader DATA --only seed` once where Dateline is "
            "installed, on this machine, then this again"
        ) from error
    if not candidates["answer"]:
        raise SystemExit(f"{data}: no development set (squad, rgb, seed, syria) is here")


def _key(line: Mapping[str, Any]) -> str:
    """What a line is of: with another recipe, epochs, seed or data it is another line."""
    return json.dumps([line["without"], line.get("recipe"), line.get("of")], sort_keys=True)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _dev(data: Path) -> dict[str, str]:
    return {p.parent.name: _digest(p) for p in sorted(data.glob("*/questions.dev.jsonl"))}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _measure(checkpoint: Path, data: Path) -> dict[str, float]:
    only = ("squad", "rgb", "seed", "syria")
    return dict(evaluate_reader(Scorer(checkpoint).answers, data, only=only))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.ablate", description=__doc__)
    parser.add_argument("work", type=Path, help="the folder that `python -m training` worked in")
    parser.add_argument("--data", type=Path, required=True, help="the development sets")
    parser.add_argument("--epochs", type=float, default=0.12, help="length of each run")
    parser.add_argument("--only", choices=NAMES, metavar="NAME", help="one of the runs")
    return parser


if __name__ == "__main__":
    main()

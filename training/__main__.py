"""From the data to a file like the shipped one: `python -m training DATA --articles DIR [DIR...]`.

Every step leaves a file in `--work` and is skipped where that file is there, and training goes on
from where it saved itself: after a stop, give the same command again. A folder whose steps were
made from other data, another seed or recipe is refused.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

# Before torch is loaded. Freed memory is kept, not given back and asked for again (three times as
# fast); threads that wait do not spin, which costs half the speed as soon as anything else runs.
_SURROUNDINGS = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
    "OMP_WAIT_POLICY": "passive",
    "GOMP_SPINCOUNT": "0",
}
_VALIDATED = 250  # groups a file for each output: about half a minute on two free cores


def main() -> None:
    """Run the steps that are still to do, and write the report."""
    args = _parser().parse_args()
    if any(os.environ.get(name) != value for name, value in _SURROUNDINGS.items()):
        # malloc reads its settings when a process starts.
        os.execve(  # noqa: S606  # this very program
            sys.executable,
            [sys.executable, "-m", "training", *sys.argv[1:]],
            {**os.environ, **_SURROUNDINGS},
        )
    from training.average import average
    from training.build import build_natural
    from training.export import main as export
    from training.fit import fit
    from training.made_from import check, made_from
    from training.recipe import FIRST, SECOND, SHARE_OF_SECOND

    work: Path = args.work
    out: Path = args.out or work / "reader.onnx"
    recipes = [replace(recipe, seed=args.seed) for recipe in (FIRST, SECOND)]
    made = made_from(args.data, args.articles, recipes, args.seed)
    check(work, made)
    natural = build_natural(args.data, work, args.seed)
    news = _made("training.news", args.articles, work / "news.jsonl.gz", args.seed)
    sets = [*args.articles, "--train", args.data]
    claims = _made("training.claims", sets, work / "claims.jsonl.gz", args.seed)
    first, second = work / "first.pt", work / "second.pt"
    if not first.exists():
        fit([natural], recipes[0], first)
    if not second.exists():
        fit([natural, news, claims], recipes[1], second, start=first)
    averaged = average(first, second, SHARE_OF_SECOND, work / "averaged.pt")
    began = monotonic()
    compared = export(averaged, out, work / "fp32.onnx")
    exported = monotonic() - began
    groups = [natural, news, claims]
    report = {
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
        "bytes": out.stat().st_size,
        "share_of_second": SHARE_OF_SECOND,
        "runs": {path.stem: _run(path) for path in (first, second)},
        "export": compared,
        "export_seconds": round(exported, 1),
        **_validated(averaged, groups),
        "pairs": {path.name: _counts(path) for path in groups},
        "made_from": {key: made[key] for key in ("seed", "data", "articles")},
        **_versions(),
    }
    told: Path = args.report or work / "report.json"
    told.parent.mkdir(parents=True, exist_ok=True)
    told.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _made(module: str, inputs: list[Path], out: Path, seed: int) -> Path:
    """Run a generator in a process of its own: spaCy and torch need not share one's memory."""
    if not out.exists():
        part = out.with_name(f"part-{out.name}")
        command = [sys.executable, "-m", module, *map(str, inputs), "--out", str(part)]
        subprocess.run([*command, "--seed", str(seed)], check=True)  # noqa: S603  # our own module
        part.replace(out)
    return out


def _run(checkpoint: Path) -> dict[str, Any]:
    """The recipe that a checkpoint says it was made by, its steps and its seconds."""
    import torch

    held: Mapping[str, Any] = torch.load(checkpoint, map_location="cpu", weights_only=True)
    return {"recipe": held["recipe"], **held["state"]}


def _validated(checkpoint: Path, groups: list[Path]) -> dict[str, Any]:
    """How well both outputs tell the pairs that were held apart: {kind: (AUC, pairs)}."""
    from training.score import Scorer
    from training.validate import auc_by_kind, held_apart

    began = monotonic()
    scorer = Scorer(checkpoint)
    found = {
        name: {
            kind: (round(auc, 4), pairs)
            for kind, (auc, pairs) in auc_by_kind(
                scorer, held_apart(groups, head, _VALIDATED), head
            ).items()
        }
        for head, name in enumerate(("answers", "supports"))
    }
    return {"auc_by_kind": found, "validation_seconds": round(monotonic() - began, 1)}


def _versions() -> dict[str, Any]:
    import torch

    return {
        "torch": torch.__version__,
        "python": platform.python_version(),
        "threads": torch.get_num_threads(),
    }


def _counts(path: Path) -> dict[str, int]:
    from training.groups import read_groups

    counts = Counter(
        ("+ " if pair.label else "- ") + pair.kind
        for group in read_groups(path)
        for pair in group.pairs
    )
    return dict(sorted(counts.items()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("data", type=Path, help="folder of the pairs, NAME.jsonl.gz a set")
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help="news to ask about")
    parser.add_argument("--work", type=Path, default=Path("reports/training"))
    parser.add_argument("--out", type=Path, help="default: reader.onnx in --work")
    parser.add_argument("--report", type=Path, help="default: report.json in --work")
    parser.add_argument("--seed", type=int, default=0)
    return parser


if __name__ == "__main__":
    main()

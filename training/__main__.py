"""From the data to the shipped file: `python -m training DATA --articles DIR [DIR...]`.

Every step leaves a file in `--work` and is skipped where that file is there, and training goes on
from where it saved itself: after a stop, give the same command again.
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
from dataclasses import asdict, replace
from pathlib import Path

# Before torch is loaded. Freed memory is kept, not given back and asked for again (three times as
# fast); threads that wait do not spin, which costs half the speed as soon as anything else runs.
_SURROUNDINGS = {
    "MALLOC_MMAP_MAX_": "0",
    "MALLOC_TRIM_THRESHOLD_": "4000000000",
    "OMP_WAIT_POLICY": "passive",
    "GOMP_SPINCOUNT": "0",
}
_SHIPPED = Path(__file__).parents[1] / "assistant" / "models" / "reader_files" / "reader.onnx"


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
    import torch

    from training.build import build_natural
    from training.export import main as export
    from training.fit import fit
    from training.recipe import FIRST, SECOND

    work: Path = args.work
    work.mkdir(parents=True, exist_ok=True)
    natural = build_natural(args.data, work, args.seed)
    news = _made("training.news", args.articles, work / "news.jsonl.gz", args.seed)
    sets = [*args.articles, "--train", args.data]
    claims = _made("training.claims", sets, work / "claims.jsonl.gz", args.seed)
    recipes = [replace(recipe, seed=args.seed) for recipe in (FIRST, SECOND)]
    first, second = work / "first.pt", work / "second.pt"
    if not first.exists():
        fit([natural], recipes[0], first)
    if not second.exists():
        fit([natural, news, claims], recipes[1], second, start=first)
    export(second, args.out)
    report = {
        "sha256": hashlib.sha256(args.out.read_bytes()).hexdigest(),
        "bytes": args.out.stat().st_size,
        "recipes": [asdict(recipe) for recipe in recipes],
        "runs": [
            torch.load(path, map_location="cpu", weights_only=True)["state"]
            for path in (first, second)
        ],
        "pairs": {path.name: _counts(path) for path in (natural, news, claims)},
        "data": {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(args.data.glob("*.jsonl.gz"))
        },
        "torch": torch.__version__,
        "python": platform.python_version(),
        "threads": torch.get_num_threads(),
    }
    args.report.parent.mkdir(parents=True, exist_ok=True)
    args.report.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


def _made(module: str, inputs: list[Path], out: Path, seed: int) -> Path:
    """Run a generator in a process of its own: spaCy and torch need not share one's memory."""
    if not out.exists():
        part = out.with_name(f"part-{out.name}")
        command = [sys.executable, "-m", module, *map(str, inputs), "--out", str(part)]
        subprocess.run([*command, "--seed", str(seed)], check=True)  # noqa: S603
        part.replace(out)
    return out


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
    parser.add_argument("--out", type=Path, default=_SHIPPED)
    parser.add_argument("--report", type=Path, default=Path("training/report.json"))
    parser.add_argument("--seed", type=int, default=0)
    return parser


if __name__ == "__main__":
    main()

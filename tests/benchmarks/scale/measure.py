"""What a size costs: `python -m tests.benchmarks.scale.measure LIBRARIES DATA [--out FILE]`.

LIBRARIES holds what `build` made, one folder a size. Each size is measured in a process of its own,
all of them one after the other in each of several rounds, so that what else the machine does weighs
on all alike.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.figures import percentile, surroundings


def main() -> None:
    """Measure, print, and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("libraries", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--questions", type=int, default=40, help="of each set in each round")
    parser.add_argument("--out", type=Path, default=Path("reports/scale.json"))
    given = parser.parse_args()
    there = sorted(int(path.name) for path in given.libraries.iterdir() if path.name.isdigit())
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for turn in range(given.rounds):
        for size in given.sizes or there:
            asked = [str(given.libraries / str(size)), str(given.data), str(turn)]
            run = [sys.executable, "-m", "tests.benchmarks.scale.measure_one", *asked]
            said = subprocess.run(
                [*run, str(given.questions)], check=True, capture_output=True, text=True
            ).stdout
            found[size].append(json.loads(said.splitlines()[-1]))
            print(size, json.dumps(found[size][-1]), flush=True)
    rows = {size: _together(rounds) for size, rounds in found.items()}
    given.out.parent.mkdir(parents=True, exist_ok=True)
    given.out.write_text(json.dumps({"on": surroundings(), "sizes": rows}, indent=2) + "\n")
    for name in next(iter(rows.values())):
        print(f"{name:42}", *(f"{rows[size][name]:>12,.3f}" for size in rows))


def _together(rounds: list[dict[str, Any]]) -> dict[str, float]:
    """The rounds of one size: medians, and percentiles of all times together."""
    figures: dict[str, float] = {}
    for name, value in rounds[0].items():
        if isinstance(value, list):
            times = [second for one in rounds for second in one[name]]
            figures[f"{name}, p50 [s]"] = median(times)
            figures[f"{name}, p95 [s]"] = percentile(times, 95)
        else:
            figures[name] = median(one[name] for one in rounds)
    return figures


if __name__ == "__main__":
    main()

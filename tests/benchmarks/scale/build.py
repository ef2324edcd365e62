"""Libraries of several sizes: `python -m tests.benchmarks.scale.build OUT --base INDEX ...`.

Each is the one before it, grown: OUT/10000, OUT/100000, OUT/1000000 (passages).
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests.benchmarks.scale.generate import PASSAGES


def main() -> None:
    """Build what is not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", type=Path, nargs="+", required=True)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    given = parser.parse_args()
    first, before = 0, None
    for size in given.sizes:
        last, folder = size // PASSAGES, given.out / str(size)
        if not folder.exists():
            growing = given.out / f"{size}.part"
            shutil.rmtree(growing, ignore_errors=True)
            if before:
                shutil.copytree(before, growing)
            growing.mkdir(parents=True, exist_ok=True)
            started = time.perf_counter()
            _fill(growing, first, last, given.base)
            growing.rename(folder)
            print(f"{size} passages: {time.perf_counter() - started:.0f} s", flush=True)
        first, before = last, folder


def _fill(folder: Path, first: int, last: int, base: list[Path]) -> None:
    run = [sys.executable, "-m", "tests.benchmarks.scale.fill"]
    told = [str(folder), str(first), str(last), *map(str, base)]
    running = [subprocess.Popen([*run, store, *told]) for store in ("articles", "vectors")]
    if any([process.wait() for process in running]):
        raise SystemExit("a store could not be filled")


if __name__ == "__main__":
    main()

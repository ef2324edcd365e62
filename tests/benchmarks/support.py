"""Claims of data/support through the checks: python -m tests.benchmarks.support DATA.

The sources are whole articles, so the quotes are found as the term overlap finds them: the windows
of up to three sentences that share most words with the claim. Plain scores stand beside each
other, and what they come to together; thresholds are chosen by cross-validation over all claims
(`reader_claims`), and the differences from term overlap carry a paired bootstrap.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from assistant.answering.checking.check import unsupported
from assistant.answering.checking.verbs import SKIPPED, WORD, stem
from tests.benchmarks import reader_candidates
from tests.benchmarks.reader_claims import claim_figures, difference, judge, plain_support
from tests.benchmarks.reader_measures import Case, Floats

_WINDOWS = 3


def stems_of(text: str) -> set[str]:
    """The stems of a text's telling words."""
    return {stem(word) for word in WORD.findall(text) if word.lower() not in SKIPPED}


def _best_windows(case: Case) -> list[str]:
    order = sorted(range(len(case["windows"])), key=lambda i: -case["overlap"][i])
    return [case["windows"][i] for i in order[:_WINDOWS]]


def coverage(case: Case) -> float:
    """The share of the claim's stems in its best three windows together."""
    own = stems_of(case["claim"])
    held = set().union(*(stems_of(window) for window in _best_windows(case)), set())
    return len(own & held) / len(own) if own else 0.0


def faults(case: Case) -> float:
    """Minus the number of faults that the checks find, the best three windows being the quotes."""
    return -float(len(unsupported(case["claim"], _best_windows(case))))


def passed(case: Case) -> float:
    """1 where the checks find no fault."""
    return float(faults(case) == 0)


def _scores(cases: Sequence[Case]) -> dict[str, Floats]:
    def of(one: Callable[[Case], float]) -> Floats:
        return np.array([one(case) for case in cases])

    overlap = plain_support(cases, "overlap")
    return {
        "term overlap": overlap,
        "stems covered": of(coverage),
        "checks (kept or dropped)": of(passed),
        "checks (number of faults)": of(faults),
        "term overlap less .1 a fault": overlap + 0.1 * np.maximum(of(faults), -3),
        "stems covered less .1 a fault": of(coverage) + 0.1 * np.maximum(of(faults), -3),
        "term overlap less .3 for any fault": overlap + 0.3 * of(passed),
    }


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.support")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--cache", type=Path, help="candidates of tests.benchmarks.reader")
    arguments = parser.parse_args(argv)
    cases = reader_candidates.load(arguments.data, arguments.cache)["support"]
    scores = _scores(cases)
    base = judge(cases, scores["term overlap"])
    print("| score | all | FaithBench | WiCE | less term overlap (p) |\n|---|---|---|---|---|")
    for name, values in scores.items():
        figures = claim_figures(cases, values)
        cells = [
            f"{f.value:.3f} ({f.low:.2f}–{f.high:.2f})"
            for f in (figures[f"support_{o}ba"] for o in ("", "faithbench_", "wice_"))
        ]
        away = difference(judge(cases, values), base)
        cells.append(f"{away.value:+.3f} ({away.low:+.2f}–{away.high:+.2f}; {away.p:.2f})")
        print(f"| {name} | {' | '.join(cells)} |")
    print("\n| claims with at least | supported kept | unsupported kept |\n|---|---|---|")
    truth = np.array([case["supported"] for case in cases], dtype=bool)
    for limit in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        kept = scores["stems covered"] >= limit
        print(f"| {limit} covered | {kept[truth].mean():.2f} | {kept[~truth].mean():.2f} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

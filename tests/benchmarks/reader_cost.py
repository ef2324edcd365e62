"""What the reader costs: time for the sentences of a question, and int8 beside fp32."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np

from tests.benchmarks.figures import Figure, percentile
from tests.benchmarks.reader_measures import Pair, Score, is_right, pairs_of, scored

SENTENCES = 24  # what the quote writer looks at closely
QUESTIONS = 60
CHOOSING = ("squad", "rgb", "seed", "syria")


def questions_of(candidates: Mapping[str, Any]) -> list[tuple[str, list[Pair]]]:
    """Questions with 24 sentences each, with their contexts, of news and of SQuAD in turns."""
    news = [
        (case["question"], [p["sentences"][0] for p in case["passages"].values() if p["sentences"]])
        for case in candidates["multihop"]
    ]
    short = [
        (case["question"], case["sentences"])
        for name in CHOOSING
        for case in candidates["answer"].get(name, [])
    ]
    full = [
        [(question, pairs_of(found[:SENTENCES])) for question, found in kind if len(found) >= 24]
        for kind in (news, short)
    ]
    mixed = [item for turn in zip(*full, strict=False) for item in turn]
    return (mixed or full[0] or full[1])[:QUESTIONS]


def measure_speed(
    scorers: Mapping[str, Score], questions: Sequence[tuple[str, list[Pair]]]
) -> list[Figure]:
    """Time every scorer on every question, in turns, so that other load falls on all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in scorers}
    busy = dict.fromkeys(scorers, 0.0)
    for score in scorers.values():
        score(*questions[0])
    for question, pairs in questions:
        for name, score in scorers.items():
            spent, started = time.process_time(), time.perf_counter()
            score(question, pairs)
            seconds[name].append(time.perf_counter() - started)
            busy[name] += time.process_time() - spent
    pairs_each = len(questions[0][1])
    figures = [Figure("speed", "questions, of 24 sentences each", len(questions), "")]
    for name, found in seconds.items():
        milliseconds = [1000 * value for value in found]
        limits = (">= 200", "<= 150") if name != "fp32" else ("", "")
        rate = pairs_each * len(found) / sum(found)
        spent = 1000 * busy[name] / len(found)
        figures += [
            Figure("speed", f"{name}, pairs", rate, "/s", limits[0]),
            Figure("speed", f"{name}, pairs, median", pairs_each / median(found), "/s"),
            Figure("speed", f"{name}, 24 sentences, p50", median(milliseconds), "ms", limits[1]),
            Figure("speed", f"{name}, 24 sentences, p95", percentile(milliseconds, 95), "ms"),
            Figure("speed", f"{name}, processor time of all threads", spent, "ms"),
        ]
    return figures


def measure_precision(small: Score, large: Score, candidates: Mapping[str, Any]) -> list[Figure]:
    """What int8 costs, over the questions of the four sets and all their pairs.

    `points lost`: first sentences that are right by fp32 less those by int8, in points.
    """
    firsts: list[tuple[bool, bool]] = []
    gaps: list[float] = []
    for name in CHOOSING:
        for case in candidates["answer"].get(name, []):
            pairs = pairs_of(case["sentences"])
            one, two = (scored(score, case["question"], pairs) for score in (small, large))
            gaps += np.abs(one - two).tolist()
            if case["answerable"] and pairs:
                firsts.append(
                    (
                        is_right(case, int(one.argmax()), name),
                        is_right(case, int(two.argmax()), name),
                    )
                )
    lost = 100 * float(np.mean([large_right - small_right for small_right, large_right in firsts]))
    return [
        Figure("int8", "questions", len(firsts), ""),
        Figure("int8", "points lost, first sentence right", lost, "", "<= 1"),
        Figure("int8", "questions judged otherwise", sum(a != b for a, b in firsts), ""),
        Figure("int8", "difference of logits, mean", float(np.mean(gaps)), ""),
        Figure("int8", "difference of logits, largest", float(np.max(gaps)), ""),
    ]

"""The aims of the reader, measured: python -m tests.benchmarks.reader DATA [--model FILE].

DATA holds the development sets. `evaluate_reader` gives the figures of any scoring function, in
any environment with numpy, once the candidates are cached; the command stands them beside plain
scores, the first trial and the aims, with intervals, speed and the cost of int8.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from tests.benchmarks import reader_candidates
from tests.benchmarks.figures import Figure, as_dict, surroundings, table
from tests.benchmarks.reader_claims import (
    PLAIN,
    claim_figures,
    difference,
    judge,
    plain_support,
    support_scores,
)
from tests.benchmarks.reader_cost import measure_precision, measure_speed, questions_of
from tests.benchmarks.reader_measures import (
    CONTEXTS,
    Floats,
    Measured,
    Pair,
    Score,
    answer_figures,
    pairs_of,
    plain_scores,
    scored,
)
from tests.benchmarks.reader_ranking import best_coverage, best_sentences, ranking_figures
from tests.benchmarks.reader_scorers import OnnxScorer, Remembered
from tests.benchmarks.reader_tables import (
    claims_table,
    contexts_table,
    passages_table,
    sentences_table,
)

TASKS = ("squad", "squad_own", "rgb", "seed", "syria", "multihop", "support")
NAMES = (*TASKS, "contexts", "speed", "int8")
_CHOOSING = ("squad", "rgb", "seed", "syria")
Figures = dict[str, Measured]


class Reader(Protocol):
    """What scores pairs: the product's reader, or a model file."""

    def answers(self, question: str, sentences: Sequence[Pair], /) -> Any: ...

    def supports(self, claim: str, quotes: Sequence[Pair], /) -> Any: ...


def evaluate_reader(
    score: Score,
    data: Path,
    support: Score | None = None,
    *,
    contexts: str = "both",
    only: Collection[str] = TASKS,
    per_passage: int = 2,
    per_size: int = 6,
    index: Path | None = None,
    cache: Path | None = None,
) -> dict[str, float]:
    """Every figure of a scoring function, by name.

    `score(question, [(sentence, context), ...])` gives a number for each pair; `support` does
    the same for (claim, quotes). `per_passage` sentences stand for a passage of MultiHop-RAG, and
    `per_size` windows of each size for a claim's source, those that share most words: few of
    them make it quick, 8 and 0 (all) are what the tables have.
    """
    candidates = reader_candidates.load(data, cache, index)
    found = measure(score, candidates, support, contexts, only, per_passage, per_size)
    return {name: figure.value for name, figure in found.items()}


def measure(
    score: Score,
    candidates: Mapping[str, Any],
    support: Score | None = None,
    contexts: str = "both",
    only: Collection[str] = TASKS,
    per_passage: int = 8,
    per_size: int = 0,
) -> Figures:
    """As `evaluate_reader`, with intervals."""

    def of(case: dict[str, Any]) -> Floats:
        return scored(score, case["question"], pairs_of(case["sentences"], contexts))

    figures: Figures = {}
    for name, cases in candidates["answer"].items():
        if name in only:
            figures |= answer_figures(cases, name, of)
    if "multihop" in only:
        ranked = partial(best_sentences, score=score, contexts=contexts, per_passage=per_passage)
        figures |= ranking_figures(candidates["multihop"], ranked)
    if "support" in only and support is not None and candidates["support"]:
        claims = candidates["support"]
        figures |= claim_figures(claims, support_scores(claims, support, per_size))
    return figures


def measure_plain(candidates: Mapping[str, Any], only: Collection[str]) -> dict[str, Figures]:
    """The plain scores, through the same code: {name of the score: figures}."""
    found: dict[str, Figures] = {}
    for kind in ("bm25", "cosine", "sum"):
        found[kind] = {}
        for name, cases in candidates["answer"].items():
            if name in only:
                found[kind] |= answer_figures(cases, name, partial(plain_scores, kind=kind))
    if "multihop" in only:
        found["coverage"] = ranking_figures(candidates["multihop"], best_coverage)
    if "support" in only and candidates["support"]:
        for kind in PLAIN:
            scores = plain_support(candidates["support"], kind)
            found.setdefault(kind, {}).update(claim_figures(candidates["support"], scores))
    return found


def measure_contexts(score: Score, candidates: Mapping[str, Any]) -> dict[str, Figures]:
    """What stands beside the sentence, tried in turn: {context: figures}."""
    return {
        name: {
            key: figure
            for key, figure in measure(score, candidates, contexts=name, only=_CHOOSING).items()
            if key.endswith(("_first", "_first3", "_auc")) and "gap" not in key
        }
        for name in CONTEXTS
    }


def compare_support(
    cases: Sequence[dict[str, Any]], support: Score, per_size: int = 0
) -> dict[str, Any]:
    """The reader's verdicts on claims against those by each plain score, by paired bootstrap.

    Also which windows it should read: single sentences, two, three, or all of these.
    """
    judged = judge(cases, support_scores(cases, support, per_size))
    windows = {
        "one sentence": (1,),
        "two sentences": (2,),
        "three sentences": (3,),
        "one or two": (1, 2),
        "one to three": (1, 2, 3),
    }
    origins = ("", *sorted(set(judged.origins.tolist())))
    return {
        "windows": {
            name: {
                key: figure.value
                for key, figure in claim_figures(
                    cases, support_scores(cases, support, per_size, sizes)
                ).items()
            }
            for name, sizes in windows.items()
        },
        "against": {
            kind: {
                origin or "all": asdict(
                    difference(judged, judge(cases, plain_support(cases, kind)), origin)
                )
                for origin in origins
            }
            for kind in PLAIN
        },
    }


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _parser().parse_args(argv)
    names = [arguments.only] if arguments.only else list(NAMES)
    before = surroundings()
    candidates = reader_candidates.load(arguments.data, arguments.cache, arguments.index)
    reader = load_reader(arguments.model)
    plain = measure_plain(candidates, names)
    found: Figures = {}
    contexts: dict[str, Figures] = {}
    against: dict[str, Any] = {}
    costs: list[Figure] = []
    if reader is not None:
        answers, supports = Remembered(reader.answers), Remembered(reader.supports)
        found = measure(
            answers, candidates, supports, arguments.contexts, names, arguments.per_passage
        )
        if "contexts" in names:
            contexts = measure_contexts(answers, candidates)
        if "support" in names and candidates["support"]:
            against = compare_support(candidates["support"], supports)
        costs = measure_costs(reader, arguments.fp32, candidates, names)
    print("\n\n".join(_tables(names, found, plain, contexts, against, costs)))
    report = {
        **before,
        "model": str(arguments.model.name) if arguments.model else "the product's",
        "contexts": arguments.contexts,
        "reader": _as_dict(found),
        "plain": {kind: _as_dict(figures) for kind, figures in plain.items()},
        "by_context": {name: _as_dict(figures) for name, figures in contexts.items()},
        "claims": against,
        "costs": as_dict(costs),
        "load_after": surroundings()["load"],
    }
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"\nwritten to {arguments.out}")
    return 0


def load_reader(model: Path | None) -> Reader | None:
    """The reader of a file, or the product's; None where the product has none."""
    if model is not None:
        return OnnxScorer(model)
    try:
        from assistant.models.reader import Reader as ProductReader
    except ImportError:
        return None
    found: Reader = ProductReader(threads=2)
    return found


def measure_costs(
    reader: Reader, fp32: Path | None, candidates: Mapping[str, Any], names: Collection[str]
) -> list[Figure]:
    """Speed, and, with a file of full precision, what int8 costs."""
    large = OnnxScorer(fp32) if fp32 else None
    costs: list[Figure] = []
    questions = questions_of(candidates) if "speed" in names else []
    if questions:
        scorers = {"int8": reader.answers} | ({"fp32": large.answers} if large else {})
        costs += measure_speed(scorers, questions)
    if "int8" in names and large is not None:
        costs += measure_precision(reader.answers, large.answers, candidates)
    return costs


def _tables(
    names: Collection[str],
    found: Figures,
    plain: Mapping[str, Figures],
    contexts: Mapping[str, Figures],
    against: Mapping[str, Any],
    costs: Sequence[Figure],
) -> list[str]:
    tables: list[str] = []
    if set(names) & {"squad", "squad_own", "rgb", "seed", "syria"}:
        tables.append(sentences_table(found, plain))
    if "multihop" in names:
        tables.append(passages_table(found, plain["coverage"]))
    if "support" in names:
        tables.append(claims_table(found, plain, against))
    if contexts:
        tables.append(contexts_table(contexts))
    if costs:
        tables.append(table(costs))
    return [text for text in tables if text]


def _as_dict(figures: Figures) -> dict[str, Any]:
    return {name: asdict(figure) for name, figure in figures.items()}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reader")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--model", type=Path, help="a model file; without it the product's reader")
    parser.add_argument("--fp32", type=Path, help="the same model before int8, to compare")
    parser.add_argument("--only", choices=NAMES, help="one part instead of all")
    parser.add_argument("--contexts", choices=list(CONTEXTS), default="both")
    parser.add_argument("--index", type=Path, help="an index of multihoprag, for its first stage")
    parser.add_argument("--cache", type=Path, help="folder for the candidates")
    parser.add_argument(
        "--per-passage", type=int, default=4, help="sentences that stand for a passage"
    )
    parser.add_argument("--out", type=Path, default=Path("reports/reader.json"))
    return parser


if __name__ == "__main__":
    raise SystemExit(main())

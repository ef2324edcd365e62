"""A question taken apart by a model, against the rules: what the search finds with either.

    python -m tests.benchmarks.splitting serve
    export OPENAI_BASE_URL=http://127.0.0.1:PORT/v1    # what `serve` prints; or any endpoint
    python -m tests.benchmarks.splitting ask QUESTIONS --index I --out asked.jsonl
    python -m tests.benchmarks.splitting report asked.jsonl

`serve` runs Qwen2.5-Coder-1.5B-Instruct (Q4_K_M) on this machine until its input ends; it needs the
packages that `tests.benchmarks.gate` names, and nothing of Dateline's. `ask`, in Dateline's
environment, takes a seeded sample of the questions that have gold quotes (one after the other from
one shuffled list, so that a larger `--most` adds to a smaller one), has the model of
`DATELINE_OPENAI_MODEL` split each that the product would have split, and searches with the rules'
clauses, with the model's (the rules' where its reply was not usable, as the product does), and with
the whole question as its one clause. It goes on where it was stopped. `report` prints the figures
of `assistant.evaluation.ranks`, and the model's less the rules' with a paired bootstrap.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.evaluation.cases import EvalCase
    from assistant.types import Evidence

WAYS = ("whole", "rules", "model")
FIGURES = ("Hits@10", "Hits@4", "MRR@10", "all facts@10", "article recall@10")
RESAMPLES = 10_000
Search = Callable[[Sequence[str]], "list[Evidence]"]
Split = Callable[[str], tuple[str, ...]]


def serve() -> None:
    """Serve the model on loopback, print the address, and end with the standard input."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before the import: waiting would spin
    from tests.benchmarks import gate

    xllamacpp = import_module("xllamacpp")
    with tempfile.TemporaryDirectory(prefix="dateline-splitting-") as scratch:
        params = xllamacpp.CommonParams()
        params.model.path = str(gate._weights(Path(scratch)))
        params.n_ctx, params.n_parallel, params.n_predict = 2048, 1, 300
        params.cpuparams.n_threads = os.cpu_count() or 1
        params.warmup = False
        params.hostnames, params.port = ["127.0.0.1"], 0
        server = xllamacpp.Server(params)
        print(f"{server.listening_address}/v1", flush=True)
        sys.stdin.read()


def ask(questions: Path, index: Path, out: Path, most: int, seed: int) -> None:
    """Write one row a question of the sample: what each way of splitting it finds."""
    from datetime import UTC, datetime

    from assistant.answering.dating.datewords import find_mentions
    from assistant.answering.writing.rewording import split_with_model
    from assistant.evaluation.cases import load_cases
    from assistant.library import Library
    from assistant.models import embedder_info, load_embedder, load_llm, load_reader
    from assistant.retrieval import HybridRetriever, ReaderRerank
    from assistant.settings import load_settings

    settings = load_settings()
    llm, reader = load_llm(settings), load_reader(settings)
    library = Library.open(index, embedder_info(settings))
    retriever = HybridRetriever(
        library,
        load_embedder(settings),
        settings,
        None,
        ReaderRerank(reader) if reader else None,
        outlets=library.sources(),
        find_dates=find_mentions,
        today=datetime.now(UTC).date(),
    )
    cases = [case for case in load_cases(questions) if case.answerable and case.evidence]
    random.Random(seed).shuffle(cases)
    done = {row["id"] for row in _rows(out)} if out.exists() else set()
    retriever.evidence("warm up")
    with out.open("a", encoding="utf-8") as file:
        for case in cases[:most]:
            if case.id in done:
                continue
            reading = retriever.read(case.question)
            row = row_of(
                case,
                [clause.text for clause in reading.clauses],
                (lambda q: split_with_model(llm, q).questions) if reading.compound else None,
                lambda parts, q=case.question: retriever.evidence(q, parts=parts),  # type: ignore[misc]  # bound here
            )
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            file.flush()
    library.close()


def row_of(
    case: EvalCase, by_rules: Sequence[str], split: Split | None, search: Search
) -> dict[str, Any]:
    """What the three ways find for a case; `split` None: the product would ask no model.

    `usable` is None where no model was asked, else whether its reply could be used. `parts` are
    the clauses, `seconds` those of the search, and `seconds_model` those of the model's reply.
    """
    began = time.monotonic()
    parts = split(case.question) if split else ()
    row: dict[str, Any] = {
        "id": case.id,
        "usable": bool(parts) if split else None,
        "seconds_model": round(time.monotonic() - began, 2),
    }
    given: dict[str, Sequence[str]] = {"whole": (case.question,), "rules": (), "model": parts}
    search(())  # so that no way pays for what the first search loads
    for way in WAYS:
        began = time.monotonic()
        found = search(given[way])
        row[way] = {
            "parts": list(given[way]) or list(by_rules),
            "figures": figures_of(case, found),
            "seconds": round(time.monotonic() - began, 3),
        }
    return row


def figures_of(case: EvalCase, found: Sequence[Evidence]) -> list[float]:
    """The figures of one case, in the order of `FIGURES`."""
    from assistant.evaluation.checks import article_ranks, gold_ranks
    from assistant.evaluation.ranks import all_facts, hit, recall, reciprocal_rank

    passages = [{"article_id": e.passage.article_id, "text": e.passage.text} for e in found]
    gold = gold_ranks(case, passages)
    return [
        float(hit(gold, 10)),
        float(hit(gold, 4)),
        reciprocal_rank(gold),
        float(all_facts(gold)),
        recall(article_ranks(case, passages)),
    ]


def report(asked: Path) -> str:
    """The figures of each way, and the model's less the rules'."""
    rows = list(_rows(asked))
    usable = [row for row in rows if row["usable"]]
    lines = [_table("all questions", rows)]
    if usable and len(usable) < len(rows):
        lines.append(_table("where the model's reply was usable", usable))
    counts = {way: mean(len(row[way]["parts"]) for row in rows) for way in WAYS}
    put = sum(row["usable"] is not None for row in rows)
    seconds = [row["seconds_model"] for row in rows if row["usable"] is not None]
    lines += [
        f"usable replies: {len(usable)} of {put}; clauses a question: "
        + ", ".join(f"{way} {counts[way]:.1f}" for way in WAYS),
        "seconds a question, median: "
        + ", ".join(f"search {way} {median(r[way]['seconds'] for r in rows):.2f}" for way in WAYS)
        + (f"; the model {median(seconds):.1f}, {max(seconds):.1f} at most" if seconds else ""),
    ]
    return "\n".join(lines)


def _table(title: str, rows: Sequence[dict[str, Any]]) -> str:
    lines = [
        f"{title} ({len(rows)}):",
        "",
        "| figure | whole question | rules | model | model less rules (95 %) | won, lost |",
        "|---|---|---|---|---|---|",
    ]
    for place, name in enumerate(FIGURES):
        values = {way: [row[way]["figures"][place] for row in rows] for way in WAYS}
        away = [m - r for m, r in zip(values["model"], values["rules"], strict=True)]
        low, high = interval(away)
        won, lost = sum(d > 1e-9 for d in away), sum(d < -1e-9 for d in away)
        cells = " | ".join(f"{mean(values[way]):.3f}" for way in WAYS)
        lines.append(
            f"| {name} | {cells} | {mean(away):+.3f} ({low:+.3f} to {high:+.3f}) | {won}, {lost} |"
        )
    return "\n".join([*lines, ""])


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """The middle 95 % of the mean over resamples of the questions (B. Efron, 1979).

    >>> interval([0.5, 0.5, 0.5])
    (0.5, 0.5)
    """
    draw, n = random.Random(0), len(differences)
    means = sorted(sum(draw.choices(differences, k=n)) / n for _ in range(RESAMPLES))
    return means[round(0.025 * RESAMPLES)], means[round(0.975 * RESAMPLES) - 1]


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the three steps."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.splitting")
    steps = parser.add_subparsers(dest="step", required=True)
    steps.add_parser("serve")
    asking = steps.add_parser("ask")
    asking.add_argument("questions", type=Path)
    asking.add_argument("--index", type=Path, required=True)
    asking.add_argument("--out", type=Path, required=True)
    asking.add_argument("--most", type=int, default=60, help="questions at most")
    asking.add_argument("--seed", type=int, default=0)
    steps.add_parser("report").add_argument("asked", type=Path)
    arguments = parser.parse_args(argv)
    if arguments.step == "serve":
        serve()
    elif arguments.step == "ask":
        a = arguments
        ask(a.questions, a.index, a.out, a.most, a.seed)
    else:
        print(report(arguments.asked))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

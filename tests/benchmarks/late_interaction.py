"""Late interaction as a second stage: what it brings beside the one that ships, and what it costs.

    python -m tests.benchmarks.late_interaction DATA SET=INDEX [SET=INDEX ...] [--most N]

DATA/SET holds `questions.dev.jsonl`; SET `sample` is the sample's own questions. Of each of the
first 30 passages the sentence that covers most is scored by MaxSim (O. Khattab and M. Zaharia,
"ColBERT", SIGIR 2020) over the built-in embedder's token vectors, computed when the question is
asked: the mean, over the question's tokens, of the cosine of the sentence's closest token. That
order is fused like the reader's. Figures are those of `assistant.evaluation.ranks`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from statistics import mean, median
from typing import TYPE_CHECKING

import numpy as np

from assistant import Assistant, sample
from assistant.answering.dating.datewords import find_mentions
from assistant.conversation import past_answer, resolve
from assistant.evaluation import load_cases
from assistant.evaluation.checks import article_ranks, gold_ranks
from assistant.evaluation.ranks import all_facts, hit, multihop_precision, recall, reciprocal_rank
from assistant.models.minilm import BATCH_TOKENS, MiniLMEmbedding
from assistant.models.reader import Reader
from assistant.retrieval import HybridRetriever, ReaderRerank, Reading
from assistant.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from assistant.types import Article, EvalCase, Evidence, Passage

Rankings = list[list[tuple[str, float]]]


class MaxSim:
    """Scores sentences in the reader's place. `spent`: processor seconds, all threads, of each
    call that computed any."""

    def __init__(self, embedder: MiniLMEmbedding) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, str], float] = {}
        self.spent: list[float] = []

    def answers(self, question: str, sentences: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """The MaxSim of each (sentence, context) with the question: (len(sentences),)."""
        new = [s for s, _ in sentences if (question, s) not in self._known]
        if new:
            started = time.process_time()
            asked, *found = self._tokens([question, *new])
            for text, tokens in zip(new, found, strict=True):
                self._known[question, text] = float((asked @ tokens.T).max(axis=1).mean())
            self.spent.append(time.process_time() - started)
        return np.array([self._known[question, s] for s, _ in sentences], dtype=np.float32)

    def _tokens(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """The vectors of each text's tokens, of norm 1, without the marks of its ends."""
        session, tokenizer = self._embedder.load()
        rows = [encoded.ids for encoded in tokenizer.encode_batch(list(texts))]
        vectors: dict[int, NDArray[np.float32]] = {}
        batch: list[int] = []
        order = sorted(range(len(rows)), key=lambda i: len(rows[i]))
        for place, i in enumerate(order):
            batch.append(i)
            width = len(rows[order[min(place + 1, len(order) - 1)]])
            if place + 1 < len(order) and (len(batch) + 1) * width <= BATCH_TOKENS:
                continue
            ids = np.zeros((len(batch), max(len(rows[j]) for j in batch)), dtype=np.int64)
            mask = np.zeros_like(ids)
            for line, j in enumerate(batch):
                ids[line, : len(rows[j])], mask[line, : len(rows[j])] = rows[j], 1
            feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            hidden = session.run(["last_hidden_state"], feeds)[0]
            for line, j in enumerate(batch):
                own = hidden[line, 1 : len(rows[j]) - 1]
                vectors[j] = own / np.maximum(np.linalg.norm(own, axis=1, keepdims=True), 1e-12)
            batch = []
        return [vectors[i] for i in range(len(texts))]


class Late(ReaderRerank):
    """The second stage with MaxSim in the reader's place, for clauses too."""

    def by_coverage(self) -> ReaderRerank:
        return self


class Searched(HybridRetriever):
    """The first stage of each question once, whatever comes after it."""

    found: dict[str, Rankings]

    def _ranked(
        self, question: str, reading: Reading, cited: Mapping[str, tuple[Passage, Article]]
    ) -> Rankings:
        if question not in self.found:
            self.found[question] = super()._ranked(question, reading, cited)
        return self.found[question]


def stages(reader: Reader, maxsim: MaxSim) -> dict[str, ReaderRerank | None]:
    """The second stages that are compared, by name."""

    def late(place: float, coverage: float, weight: float) -> ReaderRerank:
        of: dict[str, float] = {"place_weight": place, "coverage_weight": coverage, "clear": 1.0}
        return Late(maxsim, sentences=30, reader_weight=weight, **of)  # type: ignore[arg-type]  # it scores alike

    return {
        "none": None,
        "as shipped": ReaderRerank(reader),
        "place + coverage": ReaderRerank(reader, reader_weight=0.0),
        "MaxSim alone": late(0.0, 0.0, 1.0),
        "place + MaxSim": late(1.0, 0.0, 1.0),
        "place + coverage + MaxSim, .5": late(1.0, 0.5, 0.5),
        "place + coverage + MaxSim, 1": late(1.0, 0.5, 1.0),
    }


def figures(cases: Sequence[EvalCase], found: Sequence[Sequence[Evidence]]) -> list[float]:
    """Hits@10, Hits@4, MAP, MRR, all facts, article recall over cases that have gold quotes."""
    rows = []
    for case, evidence in zip(cases, found, strict=True):
        passages = [{"article_id": e.article.id, "text": e.passage.text} for e in evidence]
        gold, articles = gold_ranks(case, passages), article_ranks(case, passages)
        rows.append(
            (
                *(hit(gold, 10), hit(gold, 4), multihop_precision(gold), reciprocal_rank(gold)),
                *(all_facts(gold), recall(articles)),
            )
        )
    return [mean(column) for column in zip(*rows, strict=True)]


def measure(name: str, questions: Path, index: Path, most: int | None) -> None:
    """Print the figures of one set, or of its first `most` questions that have gold quotes."""
    cases = [case for case in load_cases(questions) if case.answerable and case.evidence][:most]
    with Assistant.open(index, Settings()) as assistant:
        library, embedder = assistant._library, MiniLMEmbedding()
        assert library is not None
        maxsim, found = MaxSim(embedder), dict[str, Rankings]()
        print(f"{name}, {len(cases)} questions: Hits@10 Hits@4 MAP MRR all-facts article-recall")
        for title, stage in stages(Reader(), maxsim).items():
            retriever = Searched(
                *(library, embedder, Settings(), None, stage),
                outlets=library.sources(),
                find_dates=find_mentions,
                today=date(2026, 1, 1),
            )
            retriever.found = found
            evidence = []
            for case in cases:
                history = [past_answer(turn.question, turn.answer) for turn in case.history]
                asked = resolve(case.question, history)
                evidence.append(retriever.evidence(asked.standalone, asked.cited))
            values = " ".join(f"{value:.3f}" for value in figures(cases, evidence))
            print(f"  {title:32} {values}", flush=True)
        each, calls = median(maxsim.spent), len(maxsim.spent)
        print(
            f"  MaxSim: {1000 * each:.0f} ms of processor time a clause (median), {calls} clauses",
            flush=True,
        )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.late_interaction")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--most", type=int, help="questions of each set")
    parser.add_argument("sets", nargs="+", metavar="SET=INDEX")
    arguments = parser.parse_args(argv)
    for one in arguments.sets:
        name, _, index = one.partition("=")
        own = sample.questions_path() if name == "sample" else None
        measure(
            name, own or arguments.data / name / "questions.dev.jsonl", Path(index), arguments.most
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The confidence, fitted anew: python -m tests.benchmarks.confidence DATA [--indexes FOLDER].

Asks every development question and those of the sample library, takes the signs that
`assistant/answering/quoting/confidence.py` rests on, and fits a logistic regression in which each
set, and in each set the two classes, weigh the same. Prints the coefficients to carry over into
that file, the area under the ROC curve with each set in the fit and with it left out, and what each
threshold gives.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant import Assistant, sample
from assistant.answering.dating.datewords import find_mentions
from assistant.answering.quoting.confidence import Signs
from assistant.answering.quoting.relevance import rank_sentences
from assistant.evaluation.cases import load_cases
from assistant.library import ClosedSet, Collection
from assistant.models.minilm import MiniLMEmbedding
from assistant.models.reader import Reader
from assistant.retrieval import HybridRetriever, ReaderRerank, length_of
from assistant.settings import Settings
from assistant.types import EvalCase, Filters

SETS = ("rgb", "squad", "syria", "multihoprag", "seed", "sample")
WITH_READER = ("names", "length", "reading")
PLAIN = ("names", "cosine", "length")
VARIANTS = (PLAIN, ("reading",), ("names", "cosine", "length", "reading"), WITH_READER)
THRESHOLDS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Row:
    """A question of a set: whether it has an answer, and what speaks for one."""

    set: str
    answerable: bool
    signs: Signs

    def value(self, name: str) -> float:
        """One sign as a number; `length` and `reading` as the product has them."""
        if name == "length":
            return length_of(self.signs.terms)
        if name == "reading":
            return self.signs.reading or 0.0
        return float(getattr(self.signs, name))


def rows_of(data: Path, indexes: Path, reader: Reader | None) -> Iterator[Row]:
    """The rows of every set under `data`; an index is made in `indexes` where none is there."""
    settings = Settings(reader=reader is not None)
    embedder = MiniLMEmbedding(threads=2)
    for name in SETS:
        own = name == "sample"
        questions = sample.questions_path() if own else data / name / "questions.dev.jsonl"
        if not questions.exists():
            continue
        cases = [case for case in load_cases(questions) if not case.history]
        articles = sample.articles_path() if own else data / name / "articles"
        if not articles.exists():
            for case in cases:
                closed = ClosedSet(case.articles, embedder.embed)
                outlets = sorted({o for a in case.articles for o in (a.source, a.publisher) if o})
                yield from _rows(name, [case], closed, outlets, embedder, settings, reader)
            continue
        with Assistant.open(indexes / name, settings, create=True) as assistant:
            assistant.index([articles])
            library = assistant._need_library()
            outlets = library.sources()
            yield from _rows(name, cases, library, outlets, embedder, settings, reader)


def _rows(
    name: str,
    cases: Sequence[EvalCase],
    collection: Collection,
    outlets: Sequence[str],
    embedder: MiniLMEmbedding,
    settings: Settings,
    reader: Reader | None,
) -> Iterator[Row]:
    retriever = HybridRetriever(
        collection,
        embedder,
        settings,
        Filters(),
        ReaderRerank(reader) if reader else None,
        outlets=outlets,
        find_dates=find_mentions,
        today=datetime.now(UTC).date(),
    )
    for case in cases:
        evidence = retriever.evidence(case.question)
        ranking = rank_sentences(case.question, evidence, collection, embedder.embed, reader=reader)
        if ranking.signs:
            yield Row(name, case.answerable, ranking.signs)


def table_of(rows: Sequence[Row], names: Sequence[str]) -> Floats:
    """(rows, names) of signs."""
    return np.array([[row.value(name) for name in names] for row in rows])


def weights_of(rows: Sequence[Row]) -> Floats:
    """(rows,): each set the same in sum, and in each set the two classes."""
    counts: dict[tuple[str, bool], int] = {}
    for row in rows:
        counts[row.set, row.answerable] = counts.get((row.set, row.answerable), 0) + 1
    weights = np.array([1 / counts[row.set, row.answerable] for row in rows])
    scaled: Floats = weights * len(rows) / weights.sum()
    return scaled


def fit(rows: Sequence[Row], names: Sequence[str]) -> LogisticRegression:
    """The regression of `answerable` on the signs."""
    model = LogisticRegression(C=1.0, max_iter=1000)
    labels = [row.answerable for row in rows]
    return model.fit(table_of(rows, names), labels, sample_weight=weights_of(rows))


def sure(model: LogisticRegression, rows: Sequence[Row], names: Sequence[str]) -> Floats:
    """(rows,): the probability that there is an answer."""
    found: Floats = model.predict_proba(table_of(rows, names))[:, 1]
    return found


def areas(rows: Sequence[Row], names: Sequence[str]) -> dict[str, tuple[float, float]]:
    """For each set the area under the ROC curve: with the set in the fit, and without it (nan
    where no other set has both classes).
    """
    whole = fit(rows, names)
    found: dict[str, tuple[float, float]] = {}
    for name in dict.fromkeys(row.set for row in rows):
        own = [row for row in rows if row.set == name]
        others = [row for row in rows if row.set != name]
        labels = [row.answerable for row in own]
        if len(set(labels)) < 2:
            continue
        left_out = fit(others, names) if len({row.answerable for row in others}) > 1 else None
        found[name] = (
            float(roc_auc_score(labels, sure(whole, own, names))),
            float(roc_auc_score(labels, sure(left_out, own, names))) if left_out else math.nan,
        )
    return found


def shares(rows: Sequence[Row], confidences: Floats, threshold: float) -> str:
    """Answered where there is an answer, and abstained where there is none; - without such."""
    answered = [c >= threshold for row, c in zip(rows, confidences, strict=True) if row.answerable]
    silent = [c < threshold for row, c in zip(rows, confidences, strict=True) if not row.answerable]
    return " ".join(f"{np.mean(right):.2f}" if right else "-" for right in (answered, silent))


def report(rows: Sequence[Row], names: Sequence[str], variants: Sequence[Sequence[str]]) -> str:
    """Coefficients, areas and thresholds, as Markdown."""
    sets = list(dict.fromkeys(row.set for row in rows))
    model = fit(rows, names)
    terms = " + ".join(f"{c:.2f} × {n}" for c, n in zip(model.coef_[0], names, strict=True))
    lines = [f"σ({terms} {model.intercept_[0]:+.2f})", "", f"| signs | {' | '.join(sets)} |"]
    lines.append("|---" * (len(sets) + 1) + "|")
    for variant in variants:
        of = areas(rows, variant)
        cells = [_area(*of[s]) if s in of else "-" for s in sets]
        lines.append(f"| {', '.join(variant)} | {' | '.join(cells)} |")
    lines += ["", f"| threshold | {' | '.join(sets)} |", "|---" * (len(sets) + 1) + "|"]
    for threshold in THRESHOLDS:
        cells = []
        for name in sets:
            own = [row for row in rows if row.set == name]
            cells.append(shares(own, sure(model, own, names), threshold))
        lines.append(f"| {threshold:.2f} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _area(inside: float, outside: float) -> str:
    return f"{inside:.2f} ({'-' if math.isnan(outside) else f'{outside:.2f}'})"


def main(argv: Sequence[str] | None = None) -> int:
    """Print both regressions: with the reader and without."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.confidence")
    parser.add_argument("data", type=Path, help="folder of the development sets")
    parser.add_argument("--indexes", type=Path, help="folder of indexes, SET in it; else made anew")
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="dateline-confidence-") as scratch:
        indexes = arguments.indexes or Path(scratch)
        rows = list(rows_of(arguments.data, indexes, Reader()))
        print("With the reader\n")
        print(report(rows, WITH_READER, VARIANTS))
        rows = list(rows_of(arguments.data, indexes, None))
        print("\nWithout\n")
        print(report(rows, PLAIN, (PLAIN,)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""The second stage: a passage whose best sentence answers the question goes up.

It is a LlamaIndex postprocessor, so another reranker can stand in its place.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import accumulate
from typing import Any

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import PrivateAttr

from assistant.library import analyze
from assistant.models.reader import Reader, context_of
from assistant.passages import split_sentences
from assistant.retrieval.length import length_of

# How many passages of the first stage are read, and how many of their sentences in all: the reader
# scores two to three hundred sentences a second on two cores.
PASSAGES, SENTENCES = 30, 24
# What the three orders are worth beside one another, and the constant of their fusion.
PLACE_WEIGHT, COVERAGE_WEIGHT, READER_WEIGHT, RRF_K = 1.0, 0.5, 1.0, 60.0
# By what share of it the others must stay behind the coverage of the first stage's first passage
# for the two to agree: to read on changed no figure of any set then (docs/finding.md).
CLEAR = 0.1


class ReaderRerank(BaseNodePostprocessor):
    """Orders passages by their place in the first stage, and twice by their best sentence.

    By reciprocal rank fusion of three orders: the first stage's; how many of the question's terms
    a passage's best sentence covers; how surely it answers. The longer the question, the less the
    last one counts: several questions in one have no sentence that answers them.

    The sentences that are read are those that cover most: the best of each passage before the
    second of any. A passage of which none was read comes last in that order. Nothing is read where
    the first two orders agree on the first passage and no other comes near (`clear`): most short
    questions, whose retrieval takes a tenth of the time then.
    """

    passages: int = PASSAGES
    sentences: int = SENTENCES
    place_weight: float = PLACE_WEIGHT
    coverage_weight: float = COVERAGE_WEIGHT
    reader_weight: float = READER_WEIGHT
    clear: float = CLEAR
    _reader: Any = PrivateAttr()

    def __init__(self, reader: Reader, **settings: float) -> None:
        super().__init__(**settings)
        self._reader = reader

    def by_coverage(self) -> ReaderRerank:
        """The same without the reader: places and coverage alone."""
        without = {"sentences": self.sentences, "reader_weight": 0.0, "passages": self.passages}
        weights = {"place_weight": self.place_weight, "coverage_weight": self.coverage_weight}
        return ReaderRerank(self._reader, **without, **weights)

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows this class."""
        return "ReaderRerank"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        """All of the nodes in their new order, with new scores."""
        if query_bundle is None or not nodes:
            return nodes
        question = query_bundle.query_str
        terms = dict.fromkeys(analyze(question))
        found = _covering(list(terms), nodes[: self.passages])
        shortness = 1.0 - length_of(len(terms))
        unsure = shortness * self.reader_weight > 0 and not _is_clear(found, self.clear)
        read = _turns(found)[: self.sentences] if unsure else []
        logits = self._reader.answers(question, [(s.text, s.context) for s in read]).tolist()
        orders = [
            (self.place_weight, list(range(len(nodes)))),
            (self.coverage_weight, _by_best((s.node, s.coverage) for s in found)),
            (
                self.reader_weight * shortness,
                _by_best((s.node, x) for s, x in zip(read, logits, strict=True)),
            ),
        ]
        scores = [0.0] * len(nodes)
        for weight, order in orders:
            for rank, node in enumerate(order, start=1):
                scores[node] += weight / (RRF_K + rank)
        best = sorted(range(len(nodes)), key=lambda i: -scores[i])
        return [NodeWithScore(node=nodes[i].node, score=scores[i]) for i in best]


@dataclass(slots=True)
class _Sentence:
    """A sentence of a node: the terms of the question that it holds, and what they are worth."""

    node: int
    text: str
    title: str
    published: date | None
    previous: str
    terms: frozenset[str]
    coverage: float = 0.0

    @property
    def context(self) -> str:
        """What the reader is given beside it."""
        return context_of(self.title, self.published, self.previous)


def _covering(terms: Sequence[str], nodes: Sequence[NodeWithScore]) -> list[_Sentence]:
    """The nodes' sentences, those first that cover most of the question's terms."""
    found = [s for i, node in enumerate(nodes) for s in _sentences(i, node, frozenset(terms))]
    # A term that few of these sentences hold tells them apart.
    held = Counter(term for sentence in found for term in sentence.terms)
    worth = {term: math.log(1 + len(found) / (1 + held[term])) for term in terms}
    for sentence in found:
        sentence.coverage = sum(worth[t] for t in terms if t in sentence.terms)
    return sorted(found, key=lambda s: -s.coverage)


def _is_clear(sentences: Sequence[_Sentence], clear: float) -> bool:
    """Whether the first node's best sentence covers more than those of all others, by that much.

    `sentences`: those first that cover most.
    """
    if not sentences or sentences[0].node != 0 or not sentences[0].coverage:
        return False
    second = next((s.coverage for s in sentences if s.node != 0), 0.0)
    return second <= (1 - clear) * sentences[0].coverage


def _turns(sentences: Sequence[_Sentence]) -> list[_Sentence]:
    """The first sentence of each node before the second of any, in their order otherwise."""
    seen: Counter[int] = Counter()
    turns: list[tuple[int, _Sentence]] = []
    for sentence in sentences:
        turns.append((seen[sentence.node], sentence))
        seen[sentence.node] += 1
    return [sentence for _, sentence in sorted(turns, key=lambda turn: turn[0])]


def _by_best(scored: Iterable[tuple[int, float]]) -> list[int]:
    """Nodes by the best score of any of their sentences; ties in the order they came in."""
    best: dict[int, float] = {}
    for node, score in scored:
        best[node] = max(best.get(node, -math.inf), score)
    return sorted(sorted(best), key=lambda node: -best[node])


def _sentences(index: int, scored: NodeWithScore, asked: frozenset[str]) -> list[_Sentence]:
    text = scored.node.get_content()
    title = str(scored.node.metadata.get("title", ""))
    day = str(scored.node.metadata.get("published", ""))
    published = date.fromisoformat(day) if day else None
    spans = scored.node.metadata.get("sentences") or split_sentences(text)
    found: list[_Sentence] = []
    previous = ""
    for start, end in spans:
        sentence = text[start:end]
        terms = asked & _terms(sentence)
        found.append(_Sentence(index, sentence, title, published, previous, terms))
        previous = sentence
    return found


@lru_cache(maxsize=4096)
def _terms(sentence: str) -> frozenset[str]:
    """The terms of a sentence; the clauses of a question meet the same ones."""
    return frozenset(analyze(sentence))


def rerank(
    reranker: BaseNodePostprocessor, question: str, nodes: Sequence[NodeWithScore]
) -> list[tuple[str, float]]:
    """The order that a reranker gives to passages: (passage id, score), best first.

    Passages that it leaves out follow in the order they came in; ids that were not there are
    ignored. A score is never above the one before it, whatever the reranker gave.
    """
    known = {scored.node.node_id for scored in nodes}
    ranked = reranker.postprocess_nodes(list(nodes), query_bundle=QueryBundle(question))
    scores: dict[str, float | None] = {}
    for scored in ranked:
        if scored.node.node_id in known:
            scores.setdefault(scored.node.node_id, scored.score)
    for scored in nodes:
        scores.setdefault(scored.node.node_id, None)
    return list(zip(scores, _descending(list(scores.values())), strict=True))


def _descending(scores: Sequence[float | None]) -> list[float]:
    """Scores of which none is above the one before it; the missing get that one's.

    >>> _descending([0.9, None, 0.95, 0.1])
    [0.9, 0.9, 0.9, 0.1]
    """
    usable = [s if s is not None and math.isfinite(s) else None for s in scores]
    first = next((s for s in usable if s is not None), 0.0)
    filled = [first, *(math.inf if s is None else s for s in usable)]
    return [float(s) for s in accumulate(filled, min)][1:]

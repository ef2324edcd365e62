"""The second stage: a passage whose best sentence answers the question goes up.

It is a LlamaIndex postprocessor, so another reranker can stand in its place.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.schema import NodeWithScore, QueryBundle
from pydantic import PrivateAttr

from assistant.library import analyze
from assistant.models.reader import Reader, context_of
from assistant.passages import split_sentences

# How many passages of the first stage are read, and how many of their sentences in all: the reader
# scores some two hundred sentences a second on two cores.
PASSAGES, SENTENCES = 30, 24
# What place and reading are worth. A place counts (1 + SMOOTHING) / (rank + SMOOTHING): 1 for the
# first; reading the probability, 0 to 1, that the best sentence answers.
PLACE_WEIGHT, READER_WEIGHT, SMOOTHING = 1.0, 1.0, 10.0


class ReaderRerank(BaseNodePostprocessor):
    """Orders passages by their place in the first stage and by their best sentence.

    The sentences that are read are those that cover most of the question's terms: the best of
    each passage before the second of any. A passage of which none was read has its place alone.
    """

    passages: int = PASSAGES
    sentences: int = SENTENCES
    place_weight: float = PLACE_WEIGHT
    reader_weight: float = READER_WEIGHT
    smoothing: float = SMOOTHING
    _reader: Any = PrivateAttr()

    def __init__(self, reader: Reader, **settings: float) -> None:
        super().__init__(**settings)
        self._reader = reader

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
        read = self._choose(question, nodes[: self.passages])
        logits = self._reader.answers(question, [(s.text, s.context) for s in read])
        best: dict[int, float] = {}
        for sentence, logit in zip(read, logits.tolist(), strict=True):
            best[sentence.node] = max(best.get(sentence.node, -math.inf), logit)
        scores = [
            self.place_weight * (1 + self.smoothing) / (rank + self.smoothing)
            + self.reader_weight * _sigmoid(best.get(rank - 1, -math.inf))
            for rank in range(1, len(nodes) + 1)
        ]
        order = sorted(range(len(nodes)), key=lambda i: -scores[i])
        return [NodeWithScore(node=nodes[i].node, score=scores[i]) for i in order]

    def _choose(self, question: str, nodes: Sequence[NodeWithScore]) -> list[_Sentence]:
        found = [s for i, node in enumerate(nodes) for s in _sentences(i, node)]
        # A term that few of these sentences hold tells them apart.
        held = Counter(term for sentence in found for term in sentence.terms)
        asked = {t: math.log(1 + len(found) / (1 + held[t])) for t in analyze(question)}
        found.sort(key=lambda s: -sum(asked[t] for t in s.terms if t in asked))
        seen: Counter[int] = Counter()
        turns: list[tuple[int, _Sentence]] = []
        for sentence in found:
            turns.append((seen[sentence.node], sentence))
            seen[sentence.node] += 1
        turns.sort(key=lambda turn: turn[0])
        return [sentence for _, sentence in turns[: self.sentences]]


@dataclass(frozen=True, slots=True)
class _Sentence:
    node: int
    text: str
    context: str
    terms: frozenset[str]


def _sentences(index: int, scored: NodeWithScore) -> list[_Sentence]:
    text = scored.node.get_content()
    title = str(scored.node.metadata.get("title", ""))
    found: list[_Sentence] = []
    previous = ""
    for start, end in split_sentences(text):
        sentence = text[start:end]
        terms = frozenset(analyze(sentence))
        found.append(_Sentence(index, sentence, context_of(title, previous), terms))
        previous = sentence
    return found


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


def _sigmoid(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit > -500 else 0.0

"""Question -> evidence: BM25 and the embedder, fused, with a cap on passages per article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from assistant.library import Collection, analyze, article_of, to_node
from assistant.types import Evidence, Filters

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding

    from assistant.settings import Settings

CANDIDATES = 100
RRF_K = 60
# A short question is a paraphrase, which the embedder finds; a long one repeats the article's
# words, which BM25 finds: up to this many terms the embedder has its whole weight.
SHORT_QUESTION = 6
# A term that the library does not hold may be another spelling of one that it does:
# (letters at least, edits at most).
_SPELLING = ((9, 2), (5, 1))


class HybridRetriever(BaseRetriever):
    """LlamaIndex's retriever over a library or a closed set of articles.

    `retrieve()` gives `NodeWithScore`s, `evidence()` the same as Dateline's own type.
    """

    def __init__(
        self,
        collection: Collection,
        embedder: BaseEmbedding,
        settings: Settings,
        filters: Filters | None = None,
    ) -> None:
        self._collection = collection
        self._embedder = embedder
        self._settings = settings
        self._filters = filters or Filters()
        super().__init__()

    def evidence(self, question: str, cited: Sequence[str] = ()) -> list[Evidence]:
        """Rank passages for a question: at most `settings.passages`, best first.

        `cited` are passages that the conversation rests on so far: they are ranked along.

        Scores are weighted reciprocal rank fusion (Cormack, Clarke and Buettcher, 2009):
        the sum over both lists of weight / (60 + rank).
        """
        terms = expand(self._collection, list(dict.fromkeys(analyze(question))))
        by_words = self._collection.search_words(terms, CANDIDATES, self._filters)
        vector = self._embedder.get_query_embedding(question)
        by_meaning = self._collection.search_vectors(vector, CANDIDATES, self._filters)
        held = self._collection.passages(cited)
        before = [(i, 1.0) for i in cited if i in held and self._filters.admits(held[i][1])]
        fused = fuse(
            [by_words, by_meaning, before],
            [1.0, self._settings.dense_weight * min(1.0, SHORT_QUESTION / max(len(terms), 1)), 1.0],
        )
        chosen = cap_per_article(
            fused, self._settings.passages, self._settings.passages_per_article
        )
        loaded = self._collection.passages([passage_id for passage_id, _ in chosen])
        still_there = [hit for hit in chosen if hit[0] in loaded]
        return [
            Evidence(*loaded[passage_id], rank=rank, score=score, score_kind="rrf")
            for rank, (passage_id, score) in enumerate(still_there, start=1)
        ]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(node=to_node(e.passage, e.article, None), score=e.score)
            for e in self.evidence(query_bundle.query_str)
        ]


def expand(collection: Collection, terms: Sequence[str]) -> list[str]:
    """Put similar terms of the collection in the place of terms that it does not hold."""
    unknown_idf = max(collection.idf(["\0"]).values())
    idf = collection.idf(terms)
    expanded: list[str] = []
    for term in terms:
        edits = next((e for letters, e in _SPELLING if len(term) >= letters), 0)
        unknown = idf[term] >= unknown_idf
        similar = collection.similar_terms(term, edits) if unknown and edits else []
        expanded += similar or [term]
    return expanded


def fuse(
    rankings: Sequence[Sequence[tuple[str, float]]], weights: Sequence[float]
) -> list[tuple[str, float]]:
    """Fuse ranked lists by weighted reciprocal rank: (id, score), best first.

    >>> fuse([[("a", 9.0), ("b", 1.0)], [("b", 0.9)]], [1.0, 1.0])[0][0]
    'b'
    """
    scores: dict[str, float] = defaultdict(float)
    for ranking, weight in zip(rankings, weights, strict=True):
        for rank, (passage_id, _) in enumerate(ranking, start=1):
            scores[passage_id] += weight / (RRF_K + rank)
    return sorted(scores.items(), key=lambda hit: -hit[1])  # ties keep the order of the lists


def cap_per_article(
    ranked: Sequence[tuple[str, float]], k: int, per_article: int
) -> list[tuple[str, float]]:
    """The first `k`, with at most `per_article` of one article while others are left.

    When the cap leaves fewer than `k`, the passages that it held back follow in their order.
    """
    seen: Counter[str] = Counter()
    chosen: list[tuple[str, float]] = []
    held_back: list[tuple[str, float]] = []
    for hit in ranked:
        article_id = article_of(hit[0])
        seen[article_id] += 1
        (chosen if seen[article_id] <= per_article else held_back).append(hit)
    return (chosen + held_back)[:k]

"""Question -> evidence: BM25 and the embedder, fused, reranked, capped for each article."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.library import Collection, analyze, article_of, to_node
from assistant.retrieval.rerank import PASSAGES, rerank
from assistant.retrieval.spellings import expand
from assistant.types import Article, Evidence, Filters, Passage

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from assistant.settings import Settings

CANDIDATES = 100
RRF_K = 60
# A short question is a paraphrase, which the embedder finds; a long one repeats the article's
# words, which BM25 finds: up to this many terms the embedder has its whole weight.
SHORT_QUESTION = 6


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
        reranker: BaseNodePostprocessor | None = None,
    ) -> None:
        self._collection = collection
        self._embedder = embedder
        self._settings = settings
        self._filters = filters or Filters()
        self._reranker = reranker
        super().__init__()

    def evidence(self, question: str, cited: Sequence[str] = ()) -> list[Evidence]:
        """Rank passages for a question: at most `settings.passages`, best first.

        `cited` are passages that the conversation rests on so far: they are ranked along.

        The first stage scores by weighted reciprocal rank fusion (Cormack, Clarke and Buettcher,
        2009): the sum over both lists of weight / (60 + rank). Where there is a reranker, it
        orders the first of these anew, and `score_kind` is its class's name.
        """
        ranked, kind = self._fused(question, cited), "rrf"
        if self._reranker is not None:
            ranked = self._reranked(self._reranker, question, ranked)
            kind = type(self._reranker).__name__
        chosen = cap_per_article(
            ranked, self._settings.passages, self._settings.passages_per_article
        )
        loaded = self._collection.passages([passage_id for passage_id, _ in chosen])
        still_there = [hit for hit in chosen if hit[0] in loaded]
        return [
            Evidence(*loaded[passage_id], rank=rank, score=score, score_kind=kind)
            for rank, (passage_id, score) in enumerate(still_there, start=1)
        ]

    def _fused(self, question: str, cited: Sequence[str]) -> list[tuple[str, float]]:
        terms = expand(self._collection, list(dict.fromkeys(analyze(question))))
        by_words = self._collection.search_words(terms, CANDIDATES, self._filters)
        vector = self._embedder.get_query_embedding(question)
        by_meaning = self._collection.search_vectors(vector, CANDIDATES, self._filters)
        held = self._collection.passages(cited)
        before = [(i, 1.0) for i in cited if i in held and self._filters.admits(held[i][1])]
        return fuse(
            [by_words, by_meaning, before],
            [1.0, self._settings.dense_weight * min(1.0, SHORT_QUESTION / max(len(terms), 1)), 1.0],
        )

    def _reranked(
        self,
        reranker: BaseNodePostprocessor,
        question: str,
        ranked: Sequence[tuple[str, float]],
    ) -> list[tuple[str, float]]:
        """The first passages in the reranker's order; the others follow, for the cap to reach."""
        # More than are wanted: the cap may hold some of them back.
        first = max(PASSAGES, 2 * self._settings.passages)
        loaded = self._collection.passages([passage_id for passage_id, _ in ranked[:first]])
        nodes = [
            NodeWithScore(node=_node(*loaded[passage_id]), score=score)
            for passage_id, score in ranked[:first]
            if passage_id in loaded
        ]
        anew = rerank(reranker, question, nodes)
        last = anew[-1][1] if anew else 0.0
        return anew + [(passage_id, last) for passage_id, _ in ranked[first:]]

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(node=_node(e.passage, e.article), score=e.score)
            for e in self.evidence(query_bundle.query_str)
        ]


def _node(passage: Passage, article: Article) -> TextNode:
    """A passage as rerankers and other parts of LlamaIndex get it; its title is metadata."""
    node = to_node(passage, article, None)
    node.metadata["title"] = article.title
    node.excluded_embed_metadata_keys = [*node.excluded_embed_metadata_keys, "title"]
    node.excluded_llm_metadata_keys = [*node.excluded_llm_metadata_keys, "title"]
    return node


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

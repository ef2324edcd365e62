"""Question -> evidence: each clause by BM25 and the embedder, fused, reranked, in turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.library import Collection, analyze, to_node
from assistant.observing import step
from assistant.retrieval.plan import Search, fuse, interleave, merge, newest_up, searches
from assistant.retrieval.question import FindDates, Reading, read_question
from assistant.retrieval.rerank import PASSAGES, ReaderRerank, rerank
from assistant.retrieval.spellings import expand
from assistant.types import Article, Evidence, Filters, Passage

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from llama_index.core.postprocessor.types import BaseNodePostprocessor

    from assistant.settings import Settings

CANDIDATES = 100
# Passages that the conversation rests on, beside the searches of a clause.
CITED = 1.5
# A short question is a paraphrase, which the embedder finds; a long one repeats the article's
# words, which BM25 finds: up to this many terms the embedder has its whole weight.
SHORT_QUESTION = 6


@dataclass(frozen=True, slots=True, eq=False)
class _Sought:
    """A text as it is searched for: its terms, its vector, and what the vector's ranking weighs."""

    terms: list[str]
    vector: list[float]
    dense: float


class _Loaded:
    """The passages of one question, each loaded once."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._held: dict[str, tuple[Passage, Article]] = {}

    def of(self, passage_ids: Iterable[str]) -> dict[str, tuple[Passage, Article]]:
        """Those of the passages that the collection holds, in the order they are given in."""
        wanted = list(dict.fromkeys(passage_ids))
        missing = [i for i in wanted if i not in self._held]
        if missing:
            self._held.update(self._collection.passages(missing))
        return {i: self._held[i] for i in wanted if i in self._held}


class HybridRetriever(BaseRetriever):
    """LlamaIndex's retriever over a library or a closed set of articles.

    `retrieve()` gives `NodeWithScore`s, `evidence()` the same as Dateline's own type, `read()` what
    the question says about itself: which of the collection's `outlets` it names, and the dates
    that `find_dates` finds in it; without these, none. `today` is what "last week" counts from.
    """

    def __init__(
        self,
        collection: Collection,
        embedder: BaseEmbedding,
        settings: Settings,
        filters: Filters | None = None,
        reranker: BaseNodePostprocessor | None = None,
        *,
        outlets: Sequence[str] = (),
        find_dates: FindDates | None = None,
        today: date | None = None,
    ) -> None:
        self._collection = collection
        self._embedder = embedder
        self._settings = settings
        self._filters = filters or Filters()
        self._reranker = reranker
        self._outlets, self._find_dates, self._today = tuple(outlets), find_dates, today
        super().__init__()

    def read(self, question: str, parts: Sequence[str] = ()) -> Reading:
        """The outlets, dates and clauses of a question; `parts` are its clauses where given."""
        return read_question(question, self._outlets, self._find_dates, self._today, parts)

    def evidence(
        self, question: str, cited: Sequence[str] = (), parts: Sequence[str] = ()
    ) -> list[Evidence]:
        """Rank passages for a question: at most `settings.passages`, best first.

        `cited` are passages that the conversation rests on so far: they are ranked along. `parts`
        are the question's clauses where somebody else than the rules took it apart.

        Each clause is searched for by itself and with the whole question, in its sources and in
        all; its rankings are fused by weighted reciprocal rank (Cormack, Clarke
        and Buettcher, 2009): the sum over all lists of weight / (60 + rank). Where there is a
        reranker, it orders the first of these anew, and `score_kind` is its class's name. Then the
        clauses take turns.
        """
        reading, kind = self.read(question, parts), "rrf"
        loaded = _Loaded(self._collection)
        rankings = self._ranked(question, reading, loaded.of(cited))
        reranker = self._reranker
        if isinstance(reranker, ReaderRerank) and len(reading.clauses) > 1:
            # A clause is no question, of which alone the reader knows: without it the order is as
            # good, in a third of the time (docs/finding.md).
            reranker = reranker.by_coverage()
        if reranker is not None:
            # More than are wanted: the cap may hold some of them back.
            first = max(PASSAGES, 2 * self._settings.passages)
            loaded.of(passage_id for ranked in rankings for passage_id, _ in ranked[:first])
            rankings = [
                _reranked(reranker, clause.text, ranked, first, loaded)
                for clause, ranked in zip(reading.clauses, rankings, strict=True)
            ]
            kind = type(reranker).__name__
        if reading.latest:
            rankings = [newest_up(ranked, _days(ranked, loaded)) for ranked in rankings]
        chosen = interleave(rankings, self._settings.passages, self._settings.passages_per_article)
        held = loaded.of(passage_id for passage_id, _ in chosen)
        still_there = [hit for hit in chosen if hit[0] in held]
        return [
            Evidence(*held[passage_id], rank=rank, score=score, score_kind=kind)
            for rank, (passage_id, score) in enumerate(still_there, start=1)
        ]

    def _ranked(
        self, question: str, reading: Reading, cited: Mapping[str, tuple[Passage, Article]]
    ) -> list[list[tuple[str, float]]]:
        """For each clause, passages by the first stage."""
        before = [(i, 1.0) for i, (_, a) in cited.items() if self._filters.admits(a)]
        plans = [searches(question, clause, self._filters) for clause in reading.clauses]
        sought = self._sought(list(dict.fromkeys(s.text for plan in plans for s in plan)))
        # The whole question is searched for again with each clause.
        search = lru_cache(maxsize=None)(self._search)

        def of(plan: Sequence[Search]) -> list[tuple[str, float]]:
            found = [merge([search(sought[s.text], f) for f in s.within]) for s in plan]
            return fuse([*found, before], [*(s.weight for s in plan), CITED])

        return [of(plan) for plan in plans]

    def _sought(self, texts: Sequence[str]) -> dict[str, _Sought]:
        found: dict[str, _Sought] = {}
        for text, vector in zip(texts, self._vectors(texts), strict=True):
            terms = list(dict.fromkeys(analyze(text)))
            dense = self._settings.dense_weight * min(1.0, SHORT_QUESTION / max(len(terms), 1))
            found[text] = _Sought(expand(self._collection, terms), vector, dense)
        return found

    def _vectors(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of what is asked: all at once where the embedder can, as Dateline's own."""
        embedder: Any = self._embedder
        with step("embed", texts=len(texts)):
            if hasattr(embedder, "embed_queries"):
                vectors: list[list[float]] = embedder.embed_queries(texts)
                return vectors
            return [self._embedder.get_query_embedding(text) for text in texts]

    def _search(self, sought: _Sought, filters: Filters) -> list[tuple[str, float]]:
        """Passages by the words and by the meaning of a text."""
        with step("words"):
            by_words = self._collection.search_words(sought.terms, CANDIDATES, filters)
        with step("vectors"):
            by_meaning = self._collection.search_vectors(sought.vector, CANDIDATES, filters)
        return fuse([by_words, by_meaning], [1.0, sought.dense])

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [
            NodeWithScore(node=_node(e.passage, e.article), score=e.score)
            for e in self.evidence(query_bundle.query_str)
        ]


def _days(ranked: Sequence[tuple[str, float]], loaded: _Loaded) -> dict[str, date | None]:
    first = loaded.of(passage_id for passage_id, _ in ranked[:PASSAGES])
    return {passage_id: article.published for passage_id, (_, article) in first.items()}


def _reranked(
    reranker: BaseNodePostprocessor,
    question: str,
    ranked: Sequence[tuple[str, float]],
    first: int,
    loaded: _Loaded,
) -> list[tuple[str, float]]:
    """The first passages in the reranker's order; the others follow, for the cap to reach."""
    held = loaded.of(passage_id for passage_id, _ in ranked[:first])
    nodes = [
        NodeWithScore(node=_node(*held[passage_id]), score=score)
        for passage_id, score in ranked[:first]
        if passage_id in held
    ]
    with step("rerank", passages=len(nodes)):
        anew = rerank(reranker, question, nodes)
    last = anew[-1][1] if anew else 0.0
    return anew + [(passage_id, last) for passage_id, _ in ranked[first:]]


def _node(passage: Passage, article: Article) -> TextNode:
    """A passage as rerankers and other parts of LlamaIndex get it; its title is metadata.

    So are its sentences: (start, end) in its text.
    """
    node = to_node(passage, article, None)
    node.metadata["title"] = article.title
    node.metadata["sentences"] = [
        (a - passage.start, b - passage.start) for a, b in passage.sentences
    ]
    hidden = ["title", "sentences"]
    node.excluded_embed_metadata_keys = [*node.excluded_embed_metadata_keys, *hidden]
    node.excluded_llm_metadata_keys = [*node.excluded_llm_metadata_keys, *hidden]
    return node

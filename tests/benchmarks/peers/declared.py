"""What is measured, written down before it was: systems, sets, rows, and how a row is counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tests.benchmarks.peers.process import Kind

ENDPOINT_EMBEDDER = (("DATELINE_EMBEDDER", "openai"), ("DATELINE_EMBEDDER_MODEL", "minilm"))
BUILT_IN = (("DATELINE_EMBEDDER", "minilm"),)

FIRST = "dateline"
KINDS = (
    Kind(FIRST, "Dateline", "dateline", settings=ENDPOINT_EMBEDDER),
    Kind("llamaindex", "LlamaIndex, fusion", "llamaindex", "llamaindex"),
    Kind(
        "llamaindex-vector",
        "LlamaIndex, vectors",
        "llamaindex",
        "llamaindex",
        "llamaindex",
        (("PEERS_SEARCH", "vector"),),
    ),
    Kind("haystack", "Haystack", "haystack_rag", "haystack"),
    Kind("txtai", "txtai", "txtai_rag", "txtai"),
    Kind("paperqa", "paper-qa", "paperqa_docs", "paperqa"),
)
"""All with the endpoint's embedder and models. What `shares` another's store only searches."""

OWN = Kind("dateline-own", "Dateline, as it comes", "dateline", settings=BUILT_IN)
"""With its built-in embedder and the `quote` writer: what a reader without an endpoint has."""

PLAIN = Kind(
    "plain", "question embedded, one Chroma query", "chroma_plain", "", FIRST, ENDPOINT_EMBEDDER
)
PLAIN_OWN = Kind("plain-own", PLAIN.title, "chroma_plain", "", OWN.name, BUILT_IN)

RETRIEVAL_SETS = ("squad", "syria", "multihoprag")
ANSWER_SETS = ("squad", "syria")
SPEED_SET, STREAM_SET = "multihoprag", "squad"
TITLES = {"multihoprag": "MultiHop-RAG", "squad": "SQuAD", "syria": "Syria"}

SMALL = {"squad": (150, 300), "syria": (13, 120), "multihoprag": (30, 80)}
QUICK = dict.fromkeys(RETRIEVAL_SETS, (6, 30))
"""Questions and articles of a set with `--small` and `--quick`; else all of them."""

DEPTH, WORDS = 10, 2000
"""The passages of a question that count: the first ten, and of them the first 2,000 words."""

ANSWERED, REFUSED = 60, 10
"""The first questions of each answered set that the models are asked; the refusing one fewer."""

INDEXED, ROUNDS = 60, 2
SMALL_INDEXED = 12
"""Articles of the timed indexing, and how often each system indexes them (the median counts)."""
STREAMED, PAUSE = 10, 0.005
"""Questions whose first words are timed, and what the endpoint waits before each word (s)."""
COLD = 2
"""Processes of a cold start (the median counts)."""
RESAMPLES, SEED = 10_000, 20261126

Part = Literal["retrieval", "honest", "inventing", "refusing", "cost"]


@dataclass(frozen=True)
class Row:
    """One row of the table.

    Each question gives a numerator and a denominator (0 over 0 where the row does not apply to
    it); the figure is the sum of the ones over the sum of the others. `more` says whether more is
    better. `sets` None: the sets that are answered, together.
    """

    key: str
    title: str
    part: Part
    more: bool = True
    set: str | None = None


_RETRIEVAL = (
    ("hits10", "Hits@10"),
    ("hits4", "Hits@4"),
    ("mrr10", "MRR@10"),
    ("articles10", "Article recall@10"),
)
QUALITY = (
    *(
        Row(key, f"{TITLES[name]}: {title}", "retrieval", set=name)
        for name in RETRIEVAL_SETS
        for key, title in _RETRIEVAL
    ),
    Row("bad_citations", "Model invents: citations shown that do not hold", "inventing", False),
    Row("inventions", "Model invents: inventions that reach the reader", "inventing", False),
    Row("true_kept", "Model invents: its one true sentence is shown", "inventing"),
    Row("verbatim", "Model honest: citations whose source text stands in the article", "honest"),
    Row("short", "Model honest: such, and of at most 60 words", "honest"),
    Row("right", "Model honest: says every part of the answer", "honest"),
    Row("answered", "Model honest: answered where there is an answer", "honest"),
    Row("abstained", "Model honest: abstained where there is none", "honest"),
    Row("refused", "Model refuses: shown as a refusal", "refusing"),
)
"""Rows of quality, each with a paired interval for every peer's difference from Dateline."""

COST = (
    ("index_ratio", "Indexing, times the bare embedder", "x"),
    ("retrieve_p50", "Retrieval p50", "ms"),
    ("retrieve_p95", "Retrieval p95", "ms"),
    ("first_words", "First words after retrieval, p50", "ms"),
    ("behind_sentence", "First whole sentence, behind the endpoint's last word of it, p50", "ms"),
    ("cold", "Cold start to an answer", "s"),
    ("peak_mb", "Memory of the process at most, searching", "MB"),
    ("passage_words", "Words of a passage, mean", "words"),
)
"""Rows of cost; less is better but in the last, which is told and not compared."""
